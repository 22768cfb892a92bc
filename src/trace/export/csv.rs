//! A record as a table: a line for each span of each task, as comma-separated values (RFC 4180).
//!
//! Names are whole here. What a spreadsheet would take for a formula gets a `'` in front, and control characters are made
//! visible: see [`csv_cell`].

use crate::trace::text::csv_cell;
use crate::trace::{Record, SpanState, wait_label};
use std::io::{self, Write};

/// Writes the spans, task by task in the order of spawning. Times are whole nanoseconds since the run started; a span that
/// goes on at the end of the record has no end.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(record: &Record, mut out: impl Write) -> io::Result<()> {
    let catalog = record.catalog();
    out.write_all(b"task,name,state,start_ns,end_ns,waits_for\r\n")?;
    for (lane, info) in record.lanes().iter().zip(catalog.tasks()) {
        let number = lane.task().0;
        let name = csv_cell(catalog.whole_name(info));
        for span in lane.spans() {
            let state = match span.state {
                SpanState::Running => "running",
                SpanState::Ready => "ready",
                SpanState::Waiting => "waiting",
            };
            let end = span.end.map_or_else(String::new, |(_, at)| at.0.to_string());
            let wait = span.wait.and_then(|wait| record.wait(wait));
            let wait = wait.map_or_else(String::new, |wait| csv_cell(&wait_label(catalog, &wait.on)).into_owned());
            write!(out, "{number},{name},{state},{},{end},{wait}\r\n", span.start.0)?;
        }
    }
    out.flush()
}
