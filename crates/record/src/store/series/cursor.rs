//! Going through a series from one instant to a later one: the changes of two blocks, and what is known of those in between.
//!
//! It only reads.

use super::super::span::SpanState;
use super::code::{Change, decode};
use super::point::{Point, interpolate};
use super::{Block, FAN, Series};

/// A place in the series, which moves forward.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    series: &'a Series,
    /// What is so there; its time may be later than that of the last change.
    pub(super) point: Point,
    block: usize,
    /// The changes of the block that are yet to come.
    rest: &'a [u8],
    /// The time of the last change: what is before the next is counted from there.
    changed: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn at(series: &'a Series, time: u64) -> Self {
        let mut cursor = Self { series, point: Point::default(), block: 0, rest: &[], changed: 0 };
        let block = series.blocks.partition_point(|block| block.start.at < time);
        let is_open = block == series.blocks.len() && series.before_open.at < time;
        cursor.enter(if is_open { block } else { block.saturating_sub(1) });
        cursor.advance(time);
        cursor
    }

    fn enter(&mut self, block: usize) {
        let (start, rest) = match self.series.blocks.get(block) {
            Some(block) => (&block.start, block.changes.as_deref().unwrap_or_default()),
            None => (&self.series.before_open, &self.series.open[..]),
        };
        (self.block, self.rest, self.changed) = (block, rest, start.at);
        self.point.clone_from(start);
    }

    /// The start of the block after this one.
    fn next_start(&self) -> Option<&'a Point> {
        match self.series.blocks.get(self.block + 1) {
            Some(next) => Some(&next.start),
            None => (self.block + 1 == self.series.blocks.len()).then_some(&self.series.before_open),
        }
    }

    /// Advances to a time, and returns the most tasks that were ready on the way.
    pub(super) fn advance(&mut self, time: u64) -> u32 {
        let mut most = self.point.ready();
        loop {
            let next = self.next_start();
            match next {
                // The next block begins later, or this is the last.
                Some(next) if next.at >= time => return most.max(self.within(time, Some(next))),
                None => return most.max(self.within(time, None)),
                Some(_) => {
                    most = most.max(self.most_in_rest());
                    // Of the blocks that begin before the time the last, over those in between.
                    let blocks = &self.series.blocks[self.block + 1..];
                    let begun = blocks.partition_point(|block| block.start.at < time);
                    let is_open = begun == blocks.len() && self.series.before_open.at < time;
                    let to = self.block + begun + usize::from(is_open);
                    most = most.max(most_between(self.series, self.block + 1, to));
                    self.enter(to);
                }
            }
        }
    }

    /// The most that are ready at any moment of what is left of the block.
    fn most_in_rest(&self) -> u32 {
        if let Some(Block { changes: None, most_ready, .. }) = self.series.blocks.get(self.block) {
            return *most_ready;
        }
        let (mut ready, mut rest) = (self.point.ready(), self.rest);
        let mut most = ready;
        while let Some((change, after)) = decode(rest) {
            ready += u32::from(change.to == Some(SpanState::Ready));
            ready -= u32::from(change.from == Some(SpanState::Ready)).min(ready);
            (most, rest) = (most.max(ready), after);
        }
        most
    }

    /// Goes on within the block: makes the changes before a time.
    fn within(&mut self, time: u64, next: Option<&Point>) -> u32 {
        let block = self.series.blocks.get(self.block);
        if let (Some(Block { changes: None, most_ready, start }), Some(next)) = (block, next) {
            interpolate(start, next, time, &mut self.point);
            return *most_ready;
        }
        let mut most = self.point.ready();
        while let Some((change, rest)) = decode(self.rest) {
            let at = self.changed.saturating_add(change.after);
            if at >= time {
                break;
            }
            // The cursor may stand between two changes.
            let after = at - self.point.at;
            self.point.make(Change { after, ..change });
            (self.rest, self.changed) = (rest, at);
            most = most.max(self.point.ready());
        }
        self.point.pass(time);
        most
    }
}

/// The most that were ready in the blocks from `from` to before `to`.
fn most_between(series: &Series, mut from: usize, mut to: usize) -> u32 {
    let mut most = 0;
    let value = |level: usize, index: usize| match level.checked_sub(1) {
        None => series.blocks.get(index).map_or(0, |block| block.most_ready),
        Some(level) => series.levels.get(level).and_then(|level| level.get(index)).copied().unwrap_or_default(),
    };
    let mut level = 0;
    while from < to {
        while from < to && !from.is_multiple_of(FAN) {
            most = most.max(value(level, from));
            from += 1;
        }
        while from < to && !to.is_multiple_of(FAN) {
            to -= 1;
            most = most.max(value(level, to));
        }
        (from, to, level) = (from / FAN, to / FAN, level + 1);
    }
    most
}
