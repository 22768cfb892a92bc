//! How much of a run's waiting went on at once: what one gains by running tasks together.
//!
//! What counts is waiting for something that is not up to another task of the run: a timer, a job, input, output, a
//! future that is not ours. Waiting for a turn, for a task, or for what tasks share does not. While a task blocks the loop
//! nothing counts: nobody could have gone on.

use crate::event::{Nanos, WaitOn};
use crate::model::host::Host;
use crate::model::record::Record;
use crate::store::span::{Span, SpanState};

/// How long at least two tasks waited for the outside at the same time, and no task blocked the loop.
#[must_use]
pub fn waits_that_overlap(record: &Record) -> Nanos {
    let edge = record.log().end();
    // Several threads do not keep each other from going on.
    let one_at_a_time = record.host() == Host::Loop;
    let mut borders: Vec<(Nanos, Border)> = Vec::new();
    for span in record.lanes().iter().flat_map(|lane| lane.spans()) {
        let end = span.end_or(edge);
        let [begin, over] = match span.state {
            SpanState::Running if one_at_a_time => [Border { waits: 0, runs: 1 }, Border { waits: 0, runs: -1 }],
            SpanState::Waiting if is_for_the_outside(record, &span) => {
                [Border { waits: 1, runs: 0 }, Border { waits: -1, runs: 0 }]
            }
            _ => continue,
        };
        if end > span.start {
            borders.extend([(span.start, begin), (end, over)]);
        }
    }
    borders.sort_unstable_by_key(|(at, _)| *at);
    let (mut overlap, mut before, mut now) = (Nanos::ZERO, Nanos::ZERO, Border::default());
    for (at, border) in borders {
        if now.waits > 1 && now.runs == 0 {
            overlap = overlap + (at - before);
        }
        now = Border { waits: now.waits + border.waits, runs: now.runs + border.runs };
        before = at;
    }
    overlap
}

/// How many tasks begin to wait and to run at a time, less those that cease to; or how many do.
#[derive(Debug, Clone, Copy, Default)]
struct Border {
    waits: i64,
    runs: i64,
}

fn is_for_the_outside(record: &Record, span: &Span) -> bool {
    let on = span.wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
    !matches!(on, Some(WaitOn::Join(_) | WaitOn::Tasks(..) | WaitOn::Resource(..)))
}
