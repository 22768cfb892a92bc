//! A record as a table: a line for each span of each task, as comma-separated values (RFC 4180).
//!
//! Names are whole here. What a spreadsheet would take for a formula gets a `'` in front, and control characters are made
//! visible: see [`csv_cell`].

use crate::model::record::Record;
use crate::store::span::SpanState;
use crate::text::csv_cell;
use crate::words::ending::end_words;
use crate::words::wait::wait_label;
use crate::words::wording::Wording;
use std::io::{self, Write};

/// Writes the spans, task by task; the last of a task that has ended says how it ended. They come in the order of spawning. Times are whole nanoseconds since the run started; a span that
/// goes on at the end of the record has no end.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(record: &Record, mut out: impl Write) -> io::Result<()> {
    let catalog = record.catalog();
    out.write_all(b"task,name,state,start_ns,end_ns,waits_for,task_ended\r\n")?;
    for (lane, info) in record.lanes().iter().zip(catalog.tasks()) {
        let number = lane.task().0;
        let name = csv_cell(catalog.whole_name(info));
        let ended = record.end(lane.task());
        let words = ended.as_ref().map(|end| end_words(record, end, &Wording::default()));
        let words = words.map_or_else(String::new, |words| csv_cell(&words).into_owned());
        for span in lane.spans() {
            let state = match span.state {
                SpanState::Running => "running",
                SpanState::Ready => "ready",
                SpanState::Waiting => "waiting",
            };
            let end = span.end.map_or_else(String::new, |(_, at)| at.0.to_string());
            let wait = span.wait.and_then(|wait| record.wait(wait));
            let wait = wait.map_or_else(String::new, |wait| csv_cell(&wait_label(catalog, &wait.on)).into_owned());
            let is_last = span.end.is_some_and(|(last, _)| ended.as_ref().is_some_and(|end| end.index == last));
            let words = if is_last { &*words } else { "" };
            write!(out, "{number},{name},{state},{},{end},{wait},{words}\r\n", span.start.0)?;
        }
    }
    out.flush()
}
