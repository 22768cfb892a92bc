//! The level of detail of a lane: how much of each column the task spent in each state, at any zoom.
//!
//! A lane knows how much time its task spent in each state before every 64th span. The time in a state up to any instant is
//! then found by one search and a few additions, and a column is the difference of two such sums: so that columns add up
//! to the exact whole, however many spans they merge. Where 64 spans take less than two columns, or have been given up, the
//! task is taken to have changed its states evenly among them: that moves time by two columns at most, and still adds up.
//!
//! The same holds where columns are measured in events, as on the steps axis.

use super::lane::{Cursor, Lane};
use super::log::EventIndex;
use super::long_lane::Block;
use super::span::StateTimes;
use super::span_code::{Start, Totals};
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

/// A column of a lane: what lies between two events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventColumn {
    /// For how many of its events the task was in each state, indexed by [`SpanState`](crate::SpanState).
    pub events: [u32; 3],
    /// Spans that begin in it.
    pub spans: usize,
    /// Polls that begin in it.
    pub polls: usize,
}

/// Columns over which a block may be spread evenly.
const COARSE: u64 = 2;

/// What a column is measured in.
trait Measure: Copy {
    /// Where a span or a block begins.
    fn of(index: EventIndex, at: Nanos) -> Self;
    /// The number that columns divide.
    fn number(self) -> u64;
    /// The end of a part of a span that ends here.
    fn end(self, edge: Nanos) -> (EventIndex, Nanos);
}

impl Measure for Nanos {
    fn of(_: EventIndex, at: Nanos) -> Self {
        at
    }
    fn number(self) -> u64 {
        self.0
    }
    fn end(self, edge: Nanos) -> (EventIndex, Nanos) {
        (0, self.min(edge))
    }
}

impl Measure for EventIndex {
    fn of(index: EventIndex, _: Nanos) -> Self {
        index
    }
    fn number(self) -> u64 {
        self as u64
    }
    fn end(self, _: Nanos) -> (EventIndex, Nanos) {
        (self, Nanos::ZERO)
    }
}

/// Sums a lane up to one border after another.
struct Sweep<'a> {
    lane: &'a Lane,
    /// The block that the last border lay in.
    block: usize,
    cursor: Cursor<'a>,
    /// What lies before the span that was passed last, and that span.
    passed: Totals,
    last: Option<Start>,
    edge: Nanos,
    /// For a block that lies within these borders and is not longer than that, it is enough to know how things stood at
    /// its ends.
    within: (u64, u64),
    coarse: u64,
}

impl<'a> Sweep<'a> {
    fn new(lane: &'a Lane, edge: Nanos, within: (u64, u64), columns: usize) -> Self {
        let edge = lane.end().map_or(edge, |(_, at, _)| at);
        let coarse = (within.1.saturating_sub(within.0) / columns.max(1) as u64).saturating_mul(COARSE);
        let (cursor, passed) = (lane.cursor(0), Totals::default());
        let mut sweep = Self { lane, block: 0, cursor, passed, last: None, edge, within, coarse };
        sweep.jump(lane.first_kept());
        sweep
    }

    fn jump(&mut self, block: usize) {
        self.cursor = self.lane.cursor(block);
        self.passed = self.lane.blocks().get(block).map_or(Totals::default(), |block| block.before);
        self.last = None;
    }

    /// What lies before `border`, which is not before the last one; with the spans that begin there if `with_those_there`
    /// says so.
    fn up_to<M: Measure>(&mut self, border: M, with_those_there: bool) -> Totals {
        let number = border.number();
        let is_before = |start: M| start.number() < number || (with_those_there && start.number() == number);
        let begins_before = |block: &Block| is_before(M::of(block.first, block.at));
        let blocks = self.lane.blocks();
        let more = next(blocks.get(self.block..).unwrap_or_default(), begins_before);
        self.block = (self.block + more).saturating_sub(1);
        if let (Some(this), Some(next)) = (blocks.get(self.block), blocks.get(self.block + 1)) {
            let (from, to) = (M::of(this.first, this.at).number(), M::of(next.first, next.at).number());
            let is_inside = from >= self.within.0 && to <= self.within.1;
            if (is_inside && to.saturating_sub(from) <= self.coarse) || self.block < self.lane.first_kept() {
                return evenly(this, next, number.saturating_sub(from), to.saturating_sub(from));
            }
        }
        if blocks.get(self.block).is_some_and(|block| block.before.spans > self.cursor.place) {
            self.jump(self.block);
        }
        while let Some(next) = self.cursor.peek().filter(|next| is_before(M::of(next.first, next.at))) {
            if let Some(last) = self.last.replace(next) {
                self.passed.add(&last, next.first, next.at);
            }
            self.cursor.advance();
        }
        let mut totals = self.passed;
        if let Some(last) = self.last {
            let last_event = self.lane.end().map_or(EventIndex::MAX, |(index, _, _)| index);
            let (index, at) = border.end(self.edge);
            totals.add(&last, index.min(last_event), at);
        }
        totals
    }
}

/// Within a block, as if the task had changed its states evenly there: what lies before the part `passed` of the `whole`.
fn evenly(this: &Block, next: &Block, passed: u64, whole: u64) -> Totals {
    let whole = u128::from(whole.max(1));
    let passed = u128::from(passed).min(whole);
    let part = |length: u64| (u128::from(length) * passed / whole) as u64;
    let mut totals = this.before;
    for (time, to) in totals.times.iter_mut().zip(next.before.times) {
        *time = *time + Nanos(part(to.since(*time).0));
    }
    for (events, to) in totals.events.iter_mut().zip(next.before.events) {
        *events = events.wrapping_add(part(u64::from(to.wrapping_sub(*events))) as u32);
    }
    totals.spans += part(next.before.spans.saturating_sub(totals.spans) as u64) as usize;
    totals.polls += part(next.before.polls.saturating_sub(totals.polls) as u64) as usize;
    totals
}

impl Lane {
    /// The time from `start` to `end` in `count` columns of equal length (but for a nanosecond). `edge` is the time up to
    /// which the record goes, where a span that has not ended ends for now.
    #[must_use]
    pub fn columns(&self, start: Nanos, end: Nanos, count: usize, edge: Nanos) -> Vec<TimeColumn> {
        let length = u128::from(end.since(start).0);
        let border = |column: usize| Nanos(start.0 + (length * column as u128 / count.max(1) as u128) as u64);
        let mut sweep = Sweep::new(self, edge, (start.0, end.0), count);
        let mut before = sweep.up_to(start, false);
        (0..count)
            .map(|column| {
                // The last column takes what begins at its very end, too.
                let after = sweep.up_to(border(column + 1), column + 1 == count);
                let mut times = StateTimes::default();
                for (time, (after, before)) in times.iter_mut().zip(after.times.into_iter().zip(before.times)) {
                    *time = after.since(before);
                }
                let (spans, polls) = begun(&before, &after);
                before = after;
                TimeColumn { times, spans, polls }
            })
            .collect()
    }

    /// The events between each of the `borders`, which rise, and the next, in a column each.
    #[must_use]
    pub fn event_columns(&self, borders: &[EventIndex]) -> Vec<EventColumn> {
        let Some((first, rest)) = borders.split_first() else { return Vec::new() };
        let last = rest.last().unwrap_or(first);
        let mut sweep = Sweep::new(self, Nanos::ZERO, (*first as u64, *last as u64), rest.len());
        let mut before = sweep.up_to(*first, false);
        rest.iter()
            .map(|border| {
                let after = sweep.up_to(*border, false);
                let mut events = [0; 3];
                for (events, (after, before)) in events.iter_mut().zip(after.events.into_iter().zip(before.events)) {
                    *events = after.wrapping_sub(before);
                }
                let (spans, polls) = begun(&before, &after);
                before = after;
                EventColumn { events, spans, polls }
            })
            .collect()
    }
}

/// Spans and polls that begin between two borders.
fn begun(before: &Totals, after: &Totals) -> (usize, usize) {
    (after.spans.saturating_sub(before.spans), after.polls.saturating_sub(before.polls))
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
