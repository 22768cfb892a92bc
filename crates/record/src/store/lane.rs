//! The spans of one task, packed into a few bytes each.
//!
//! As long as the task lives they are in a piece of memory of their own; when it has ended and had no more than 64 of them,
//! they move to a page that it shares with others.

use super::bytes::Reader;
use super::ending::Ending;
use super::log::EventIndex;
use super::long_lane::{Block, LongLane};
use super::short_lane::ShortLane;
use super::span::{Span, StateTimes};
use super::span_code::{Context, Start, Totals};
use crate::event::{Nanos, TaskId};

/// The spans of one task, in order and without holes between its first and its last.
#[derive(Debug)]
pub struct Lane {
    task: TaskId,
    spans: Packed,
}

#[derive(Debug)]
enum Packed {
    Long(Box<LongLane>),
    Short(ShortLane),
}

impl Lane {
    pub(crate) fn new(task: TaskId) -> Self {
        Self { task, spans: Packed::Long(Box::default()) }
    }

    /// Whose lane it is.
    #[must_use]
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// The event that ended the task, its time, and how; none while the task lives.
    #[must_use]
    pub fn end(&self) -> Option<(EventIndex, Nanos, Ending)> {
        match &self.spans {
            Packed::Long(long) => long.end,
            Packed::Short(short) => Some(short.end()),
        }
    }

    /// How many spans there have been.
    #[must_use]
    pub fn len(&self) -> usize {
        self.written() + usize::from(self.last().is_some())
    }

    /// Whether there has been none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Spans that are written.
    fn written(&self) -> usize {
        match &self.spans {
            Packed::Long(long) => long.written(),
            Packed::Short(short) => short.len(),
        }
    }

    /// The span that goes on.
    fn last(&self) -> Option<Start> {
        match &self.spans {
            Packed::Long(long) => long.last,
            Packed::Short(_) => None,
        }
    }

    /// What all spans that have ended add up to.
    pub(super) fn totals(&self) -> Totals {
        match &self.spans {
            Packed::Long(long) => long.before,
            Packed::Short(_) => {
                let (mut totals, mut cursor) = (Totals::default(), self.cursor(0));
                while let Some(span) = cursor.peek() {
                    cursor.advance();
                    let end = cursor.peek().map(|next| (next.first, next.at));
                    let end = end.or(self.end().map(|(index, at, _)| (index, at)));
                    let (index, at) = end.unwrap_or((span.first, span.at));
                    totals.add(&span, index, at);
                }
                totals
            }
        }
    }

    /// The time that the task has spent in each state, also in spans that were given up. `edge` is the time up to which the
    /// record goes, where a span that has not ended ends for now.
    #[must_use]
    pub fn times(&self, edge: Nanos) -> StateTimes {
        let mut totals = self.totals();
        if let Some(last) = self.last() {
            totals.add(&last, last.first, edge);
        }
        totals.times
    }

    /// As it is while it grows; none once it has moved to a page.
    #[inline]
    pub(super) fn long(&mut self) -> Option<&mut LongLane> {
        match &mut self.spans {
            Packed::Long(long) => Some(long),
            Packed::Short(_) => None,
        }
    }

    /// It has moved to a page.
    pub(super) fn move_to(&mut self, short: ShortLane) {
        self.spans = Packed::Short(short);
    }

    /// About how many bytes it takes beside itself, and how many of them stand for spans given up.
    pub(crate) fn size(&self) -> (usize, usize) {
        match &self.spans {
            Packed::Long(long) => (long.size(), self.first_kept() * size_of::<Block>()),
            Packed::Short(short) => (short.size(), 0),
        }
    }
}

/// Where in a lane to read on.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    lane: &'a Lane,
    block: usize,
    reader: Reader<'a>,
    context: Context,
    /// The number of the next span.
    pub(crate) place: usize,
    next: Option<Start>,
}

impl Lane {
    /// The blocks' beginnings; none as long as the first is not full.
    pub(crate) fn blocks(&self) -> &[Block] {
        match &self.spans {
            Packed::Long(long) => &long.blocks,
            Packed::Short(_) => &[],
        }
    }

    /// The first block whose spans are kept.
    pub(super) fn first_kept(&self) -> usize {
        match &self.spans {
            Packed::Long(long) => long.given_up as usize,
            Packed::Short(_) => 0,
        }
    }

    /// Reads on from the beginning of a block, or from the first one kept.
    pub(super) fn cursor(&self, block: usize) -> Cursor<'_> {
        let blocks = self.blocks();
        let block = block.clamp(self.first_kept(), blocks.len().saturating_sub(1).max(self.first_kept()));
        let reader = Reader::new(self.bytes(block));
        let place = blocks.get(block).map_or(0, |block| block.before.spans);
        let mut cursor = Cursor { lane: self, block, reader, context: Context::default(), place, next: None };
        cursor.fill();
        cursor
    }

    fn bytes(&self, block: usize) -> &[u8] {
        match &self.spans {
            Packed::Long(long) => long.bytes(block),
            Packed::Short(short) => short.bytes(),
        }
    }
}

impl Cursor<'_> {
    /// The span that comes next, as far as its beginning is known.
    #[inline]
    pub(crate) fn peek(&self) -> Option<Start> {
        self.next
    }

    /// Passes the span that comes next.
    #[inline]
    pub(super) fn advance(&mut self) {
        self.place += 1;
        self.fill();
    }

    #[inline]
    fn fill(&mut self) {
        self.next = self.context.get(&mut self.reader);
        if self.next.is_none() {
            self.fill_from_next_block();
        }
    }

    fn fill_from_next_block(&mut self) {
        if self.block + 1 < self.lane.blocks().len() {
            self.block += 1;
            self.reader = Reader::new(self.lane.bytes(self.block));
            self.context = Context::default();
            self.next = self.context.get(&mut self.reader);
        }
        if self.next.is_none() && self.place == self.lane.written() {
            self.next = self.lane.last();
        }
    }
}

impl Iterator for Cursor<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        let start = self.next?;
        self.advance();
        let end = self.next.map(|next| (next.first, next.at));
        Some(start.until(end.or_else(|| self.lane.end().map(|(index, at, _)| (index, at)))))
    }
}
