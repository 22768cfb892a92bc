//! How much of a run's work went on at once.
//!
//! A task is at work while it runs, and while it waits for something that is not up to another task of the run: a timer,
//! a job, input, output, a future that is not ours. It is not while it waits for its turn, for a task, or for what tasks
//! share.

use super::super::lane::{Span, SpanState};
use super::super::record::Record;
use crate::event::{Nanos, WaitOn};

/// How much of a run's work went on at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overlap {
    /// The time during which at least one task was at work.
    pub any: Nanos,
    /// The time during which at least two were.
    pub several: Nanos,
    /// The time that tasks were at work, added up.
    pub work: Nanos,
}

impl Overlap {
    /// Of a run.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let edge = record.log().end();
        let mut borders: Vec<(Nanos, bool)> = Vec::new();
        for span in record.lanes().iter().flat_map(|lane| lane.spans()) {
            let end = span.end_or(edge);
            if end > span.start && is_work(record, &span) {
                borders.extend([(span.start, true), (end, false)]);
            }
        }
        borders.sort_unstable();
        let (mut overlap, mut before, mut at_work) = (Self::default(), Nanos::ZERO, 0_u64);
        for (at, begins) in borders {
            let length = at - before;
            let any = if at_work > 0 { length } else { Nanos::ZERO };
            let several = if at_work > 1 { length } else { Nanos::ZERO };
            overlap.any = overlap.any + any;
            overlap.several = overlap.several + several;
            overlap.work = overlap.work + Nanos(length.0.saturating_mul(at_work));
            at_work = if begins { at_work + 1 } else { at_work.saturating_sub(1) };
            before = at;
        }
        overlap
    }

    /// How many tasks were at work on the average, while any was; 0 if none ever was for longer than an instant.
    #[must_use]
    pub fn concurrency(&self) -> f64 {
        self.work.0 as f64 / self.any.0.max(1) as f64
    }
}

fn is_work(record: &Record, span: &Span) -> bool {
    let on = span.wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
    match span.state {
        SpanState::Running => true,
        SpanState::Ready => false,
        SpanState::Waiting => {
            !matches!(on, Some(WaitOn::Join(_) | WaitOn::Gather(_) | WaitOn::FirstOf(_) | WaitOn::Resource(..)))
        }
    }
}
