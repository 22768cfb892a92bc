//! The level of detail of a lane: how much of each column of time the task spent in each state, at any zoom.
//!
//! A lane knows how much time its task spent in each state before every 64th span. The time in a state up to any instant is
//! then found by one search and a few additions, and a column is the difference of two such sums: so that columns add up
//! to the exact whole, however many spans they merge. Where 64 spans take less than two columns, or have been given up, the
//! task is taken to have changed its states evenly among them: that moves time by two columns at most, and still adds up.

use super::lane::{BLOCK, Block, Cursor, Lane, Start, StateTimes, Totals};
use crate::event::Nanos;

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

/// Columns over which a block may be spread evenly.
const COARSE: u64 = 2;

/// What lies before an instant.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    totals: Totals,
    spans: usize,
}

/// Sums a lane up to one instant after another.
struct Sweep<'a> {
    lane: &'a Lane,
    /// The block that the last instant lay in.
    block: usize,
    cursor: Cursor<'a>,
    /// What lies before the span that was passed last, and that span.
    passed: Totals,
    last: Option<Start>,
    edge: Nanos,
    /// For a block that is not longer than this, it is enough to know how things stood at its ends.
    coarse: Nanos,
}

impl<'a> Sweep<'a> {
    fn new(lane: &'a Lane, edge: Nanos, coarse: Nanos) -> Self {
        let edge = lane.end().map_or(edge, |(_, at, _)| at);
        let mut sweep =
            Self { lane, block: 0, cursor: lane.cursor(0), passed: Totals::default(), last: None, edge, coarse };
        sweep.jump(lane.first_kept());
        sweep
    }

    fn jump(&mut self, block: usize) {
        self.cursor = self.lane.cursor(block);
        self.passed = self.lane.blocks().get(block).map_or(Totals::default(), |block| block.before);
        self.last = None;
    }

    /// What lies before `at`, not earlier than the last time; with the spans that begin then if `with_those_then` says so.
    fn up_to(&mut self, at: Nanos, with_those_then: bool) -> Before {
        let is_before = |start: Nanos| start < at || (with_those_then && start == at);
        let blocks = self.lane.blocks();
        let more = next(blocks.get(self.block..).unwrap_or_default(), |block| is_before(block.at));
        self.block = (self.block + more).saturating_sub(1);
        if let (Some(this), Some(next)) = (blocks.get(self.block), blocks.get(self.block + 1))
            && (next.at.since(this.at) <= self.coarse || self.block < self.lane.first_kept())
        {
            return self.evenly(this, next, at);
        }
        if self.block * BLOCK > self.cursor.place {
            self.jump(self.block);
        }
        while let Some(next) = self.cursor.peek().filter(|next| is_before(next.at)) {
            if let Some(last) = self.last.replace(next) {
                self.passed.add(last.state, last.at, next.at);
            }
            self.cursor.advance();
        }
        let mut totals = self.passed;
        if let Some(last) = self.last {
            totals.add(last.state, last.at, self.edge.min(at));
        }
        Before { totals, spans: self.cursor.place }
    }

    /// Within a block, as if the task had changed its states evenly there.
    fn evenly(&self, this: &Block, next: &Block, at: Nanos) -> Before {
        let whole = u128::from(next.at.since(this.at).0).max(1);
        let passed = u128::from(at.since(this.at).0).min(whole);
        let part = |from: u64, to: u64| from + (u128::from(to.saturating_sub(from)) * passed / whole) as u64;
        let mut totals = this.before;
        for (time, to) in totals.times.iter_mut().zip(next.before.times) {
            *time = Nanos(part(time.0, to.0));
        }
        totals.polls = part(totals.polls as u64, next.before.polls as u64) as usize;
        Before { totals, spans: self.block * BLOCK + part(0, BLOCK as u64) as usize }
    }
}

impl Lane {
    /// The time from `start` to `end` in `count` columns of equal length (but for a nanosecond). `edge` is the time up to
    /// which the record goes, where a span that has not ended ends for now.
    #[must_use]
    pub fn columns(&self, start: Nanos, end: Nanos, count: usize, edge: Nanos) -> Vec<TimeColumn> {
        let length = u128::from(end.since(start).0);
        let border = |column: usize| Nanos(start.0 + (length * column as u128 / count.max(1) as u128) as u64);
        let column = end.since(start).0 / count.max(1) as u64;
        let mut sweep = Sweep::new(self, edge, Nanos(column.saturating_mul(COARSE)));
        let mut before = sweep.up_to(start, false);
        (0..count)
            .map(|column| {
                // The last column takes what begins at its very end, too.
                let is_last = column + 1 == count;
                let after = sweep.up_to(border(column + 1), is_last);
                let mut times = StateTimes::default();
                let both = after.totals.times.into_iter().zip(before.totals.times);
                for (time, (after, before)) in times.iter_mut().zip(both) {
                    *time = after.since(before);
                }
                let merged = TimeColumn {
                    times,
                    spans: after.spans.saturating_sub(before.spans),
                    polls: after.totals.polls.saturating_sub(before.totals.polls),
                };
                before = after;
                merged
            })
            .collect()
    }
}

/// How many of the first blocks are before something: looks in steps that double, as the point is mostly near.
fn next(blocks: &[Block], is_before: impl Fn(&Block) -> bool) -> usize {
    let mut step = 1;
    while blocks.get(step).is_some_and(&is_before) {
        step *= 2;
    }
    let from = step / 2;
    let to = blocks.len().min(step + 1);
    from + blocks.get(from..to).unwrap_or_default().partition_point(is_before)
}
