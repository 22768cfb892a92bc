//! Looking for spans in a lane.

use super::lane::{Cursor, Lane};
use super::log::EventIndex;
use super::long_lane::Block;
use super::span::Span;
use crate::event::Nanos;

/// Some spans of a lane that follow one another, read as they are asked for.
#[derive(Debug, Clone)]
pub struct Spans<'a> {
    cursor: Cursor<'a>,
    /// The number of the span to stop before.
    to: usize,
}

impl Spans<'_> {
    /// The number of the first of them in the lane.
    #[must_use]
    pub fn place(&self) -> usize {
        self.cursor.place
    }

    /// How many of them there are at most.
    #[must_use]
    pub fn most(&self) -> usize {
        self.to.saturating_sub(self.cursor.place)
    }
}

impl Iterator for Spans<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        if self.cursor.place >= self.to { None } else { self.cursor.next() }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.most()))
    }
}

impl Lane {
    /// Every span that is kept.
    #[must_use]
    pub fn spans(&self) -> Spans<'_> {
        self.spans_from(0)
    }

    /// The spans from number `place` on, as far as they are kept.
    #[must_use]
    pub fn spans_from(&self, place: usize) -> Spans<'_> {
        let mut cursor = self.cursor(self.block_of(|block| block.before.spans <= place));
        while cursor.place < place && cursor.peek().is_some() {
            cursor.advance();
        }
        Spans { cursor, to: self.len() }
    }

    /// The span number `place`.
    #[must_use]
    pub fn span(&self, place: usize) -> Option<Span> {
        let mut spans = self.spans_from(place);
        if spans.place() == place { spans.next() } else { None }
    }

    /// How many spans begin before the event number `index`.
    #[must_use]
    pub fn count_before(&self, index: EventIndex) -> usize {
        let mut cursor = self.cursor(self.block_of(|block| block.first < index));
        while cursor.peek().is_some_and(|next| next.first < index) {
            cursor.advance();
        }
        cursor.place.min(self.len())
    }

    /// How many spans begin before `at`, or then where `with_those_then` says so.
    fn count_until(&self, at: Nanos, with_those_then: bool) -> usize {
        let is_before = |start: Nanos| start < at || (with_those_then && start == at);
        let mut cursor = self.cursor(self.block_of(|block| is_before(block.at)));
        while cursor.peek().is_some_and(|next| is_before(next.at)) {
            cursor.advance();
        }
        cursor.place.min(self.len())
    }

    /// The last span that begins before the event number `index` and is as asked for.
    #[must_use]
    pub fn last_before(&self, index: EventIndex, is_it: impl Fn(&Span) -> bool) -> Option<Span> {
        let mut to = self.count_before(index);
        // From block to block backwards; what is sought is near.
        while to > 0 {
            let block = self.block_of(|block| block.before.spans < to);
            let from = self.blocks().get(block).map_or(0, |block| block.before.spans);
            let found = self.range(from, to).filter(|span| is_it(span)).last();
            if found.is_some() || block <= self.first_kept() {
                return found;
            }
            to = from;
        }
        None
    }

    /// The block in which what `is_before` holds of ends.
    fn block_of(&self, is_before: impl Fn(&Block) -> bool) -> usize {
        self.blocks().partition_point(is_before).saturating_sub(1)
    }

    fn range(&self, from: usize, to: usize) -> Spans<'_> {
        Spans { to: to.min(self.len()), ..self.spans_from(from) }
    }

    /// The last span that begins not later than `at`.
    #[must_use]
    pub fn last_begun(&self, at: Nanos) -> Option<Span> {
        self.span(self.count_until(at, true).checked_sub(1)?)
    }

    /// The spans that touch the time from `start` to `end`.
    #[must_use]
    pub fn between(&self, start: Nanos, end: Nanos) -> Spans<'_> {
        // A span ends where the next begins: the one before the first that begins at `start` touches it, too.
        let from = self.count_until(start, false).saturating_sub(1);
        self.range(from, self.count_until(end, true))
    }

    /// How many spans touch the time from `start` to `end`.
    #[must_use]
    pub fn count_between(&self, start: Nanos, end: Nanos) -> usize {
        let from = self.count_until(start, false).saturating_sub(1);
        self.count_until(end, true).saturating_sub(from)
    }

    /// The spans that touch the events from `start` to `end`.
    #[must_use]
    pub fn between_events(&self, start: EventIndex, end: EventIndex) -> Spans<'_> {
        let from = self.count_before(start).saturating_sub(1);
        self.range(from, self.count_before(end.saturating_add(1)))
    }
}
