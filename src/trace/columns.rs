//! The level of detail of a lane: how much of each column of time the task spent in each state, at any zoom.
//!
//! A lane keeps running sums of its states for every eighth span. The time in a state up to any instant is then found
//! by one search and a few additions, and a column is the difference of two such sums: so that columns add up to the exact
//! whole, however many spans they merge.

use super::lanes::{Lane, Span, SpanState};
use crate::event::Nanos;

/// Spans between two running sums.
const STRIDE: usize = 8;

/// Time spent in each state, indexed by [`SpanState`].
pub type StateTimes = [Nanos; 3];

/// A column of a lane: what lies between two instants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeColumn {
    /// How much of it the task spent in each state. Less than the column's length where the task did not exist.
    pub times: StateTimes,
    /// Spans that begin in it.
    pub spans: usize,
    /// Polls that begin in it; in virtual time most of them take no time.
    pub polls: usize,
}

/// The running sums of a lane.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// Before span 0, 8, 16, …
    before: Vec<Totals>,
}

/// What lies before a point of a lane.
#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    /// When the span there begins.
    start: Nanos,
    times: StateTimes,
    spans: usize,
    polls: usize,
}

impl Totals {
    /// Takes a span in, as far as it lies before `end`.
    fn add(&mut self, span: &Span, end: Nanos) {
        let time = &mut self.times[span.state as usize];
        *time = *time + end.since(span.start);
        self.spans += 1;
        self.polls += usize::from(span.state == SpanState::Running);
    }
}

impl Sums {
    /// A span that begins at `start` is about to be added to `spans`, all of which are closed.
    pub(super) fn grow(&mut self, spans: &[Span], start: Nanos) {
        if !spans.len().is_multiple_of(STRIDE) || self.before.len() > spans.len() / STRIDE {
            return;
        }
        let mut totals = self.before.last().copied().unwrap_or_default();
        for span in spans.get(totals.spans..).unwrap_or_default() {
            totals.add(span, span.end_or(span.start));
        }
        self.before.push(Totals { start, ..totals });
    }

    /// What lies before `at`: spans that begin there are taken in if `with_those_at` says so. `edge` is the end of a span
    /// that goes on; `hint` is a place in the sums that is not after the one sought.
    fn up_to(&self, spans: &[Span], at: Nanos, with_those_at: bool, edge: Nanos, hint: usize) -> Totals {
        let begins_before = |start: Nanos| start < at || (with_those_at && start == at);
        let block = hint + next(self.before.get(hint..).unwrap_or_default(), |totals| begins_before(totals.start));
        let mut totals = self.before.get(block.saturating_sub(1)).copied().unwrap_or_default();
        let within = spans.get(totals.spans..).unwrap_or_default().iter();
        for span in within.take_while(|span| begins_before(span.start)) {
            totals.add(span, span.end_or(edge).min(at));
        }
        totals
    }
}

impl Lane {
    /// The time from `start` to `end` in `count` columns of equal length (but for a nanosecond). `edge` is the time up to
    /// which the record goes, where a span that has not ended ends for now.
    #[must_use]
    pub fn columns(&self, start: Nanos, end: Nanos, count: usize, edge: Nanos) -> Vec<TimeColumn> {
        let spans = self.spans();
        let length = u128::from(end.since(start).0);
        let border = |column: usize| Nanos(start.0 + (length * column as u128 / count.max(1) as u128) as u64);
        let mut before = self.sums().up_to(spans, start, false, edge, 0);
        (0..count)
            .map(|column| {
                // The last column takes what begins at its very end, too.
                let is_last = column + 1 == count;
                let after = self.sums().up_to(spans, border(column + 1), is_last, edge, before.spans / STRIDE);
                let mut times = StateTimes::default();
                for (time, (after, before)) in times.iter_mut().zip(after.times.into_iter().zip(before.times)) {
                    *time = after.since(before);
                }
                let merged = TimeColumn { times, spans: after.spans - before.spans, polls: after.polls - before.polls };
                before = after;
                merged
            })
            .collect()
    }
}

/// How many of the first items satisfy `is_before`, which holds up to some point: looks in steps that double, as the point
/// is mostly near.
fn next<T>(items: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let mut step = 1;
    while step < items.len() && is_before(&items[step]) {
        step *= 2;
    }
    let from = step / 2;
    let to = items.len().min(step + 1);
    from + items.get(from..to).unwrap_or_default().partition_point(is_before)
}
