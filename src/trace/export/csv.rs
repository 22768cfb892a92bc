//! A record as a table: a line for each span of each task, as comma-separated values (RFC 4180).

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
    for lane in record.lanes() {
        let number = lane.task().0;
        let name = quoted(catalog.task_name(lane.task()));
        for span in lane.spans() {
            let state = match span.state {
                SpanState::Running => "running",
                SpanState::Ready => "ready",
                SpanState::Waiting => "waiting",
            };
            let end = span.end.map_or_else(String::new, |(_, at)| at.0.to_string());
            let wait = span.wait.and_then(|wait| record.wait(wait));
            let wait = wait.map_or_else(String::new, |wait| quoted(&wait_label(catalog, &wait.on)));
            write!(out, "{number},{name},{state},{},{end},{wait}\r\n", span.start.0)?;
        }
    }
    out.flush()
}

/// A field, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_field_with_a_comma_or_a_quote_stands_in_quotes() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("queue, an item"), "\"queue, an item\"");
        assert_eq!(quoted("say \"hi\""), "\"say \"\"hi\"\"\"");
    }
}
