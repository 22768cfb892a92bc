//! The spans of a task that lives, or that had many.
//!
//! They are in blocks of 64. A block knows where it begins and how much time the task spent in each state before it. A
//! block's spans may be given up: what it says of the time before it stays.

use super::bytes::Reader;
use super::ending::Ending;
use super::log::EventIndex;
use super::near_an_end::remove_near_an_end;
use super::span::SpanState;
use super::span_code::{Context, Start, Totals};
use crate::event::{Nanos, WaitId};
use std::collections::VecDeque;

/// Spans in a block.
const BLOCK: usize = 64;

/// Spans that follow one another.
#[derive(Debug)]
pub(crate) struct Block {
    /// Where the first begins.
    pub(crate) at: Nanos,
    pub(crate) first: EventIndex,
    /// What lies before.
    pub(super) before: Totals,
    /// Nothing once they are given up; of the last block, what is not in the lane's tail.
    bytes: Box<[u8]>,
}

/// The spans of one task, in order and without holes between its first and its last.
#[derive(Debug, Default)]
pub(super) struct LongLane {
    /// The span that goes on; it is in no block yet.
    pub(crate) last: Option<Start>,
    /// What lies before it; in the end, what lies before the end.
    pub(crate) before: Totals,
    context: Context,
    /// Open waits, the outermost first.
    waits: VecDeque<WaitId>,
    /// The event that ended the task, its time, and how.
    pub(crate) end: Option<(EventIndex, Nanos, Ending)>,
    /// All full blocks and the one that is being filled; none as long as the first is not full.
    pub(crate) blocks: Vec<Block>,
    /// The spans of the last block.
    pub(super) tail: Vec<u8>,
    /// Spans in the tail.
    pub(super) tail_spans: u32,
    /// Of how many blocks the spans have been given up.
    pub(crate) given_up: u32,
    /// Bytes in all blocks.
    packed: usize,
}

impl LongLane {
    /// Spans that are in blocks.
    pub(crate) fn written(&self) -> usize {
        self.blocks.last().map_or(0, |last| last.before.spans) + self.tail_spans as usize
    }

    pub(crate) fn bytes(&self, block: usize) -> &[u8] {
        match self.blocks.get(block) {
            Some(full) if block + 1 < self.blocks.len() => &full.bytes,
            _ => &self.tail,
        }
    }

    #[inline]
    pub(super) fn begin_wait(&mut self, wait: WaitId) {
        if self.end.is_none() {
            self.waits.push_back(wait);
        }
    }

    #[inline]
    pub(super) fn end_wait(&mut self, wait: WaitId) {
        remove_near_an_end(&mut self.waits, |open| *open == wait);
    }

    #[inline]
    pub(crate) fn ready(&mut self, index: EventIndex, at: Nanos, yields: bool) {
        if yields && let Some(none) = self.last.take_if(|last| last.state == SpanState::Waiting && last.at == at) {
            // The poll before it lasts until now.
            let running = &mut self.before.events[SpanState::Running as usize];
            *running = running.wrapping_add(index.saturating_sub(none.first) as u32);
        }
        self.open(SpanState::Ready, index, at, None);
    }

    #[inline]
    pub(crate) fn run(&mut self, index: EventIndex, at: Nanos) {
        self.open(SpanState::Running, index, at, None);
    }

    #[inline]
    pub(crate) fn wait(&mut self, index: EventIndex, at: Nanos) {
        let wait = self.waits.back().copied();
        self.open(SpanState::Waiting, index, at, wait);
    }

    /// Nothing that comes after it counts.
    pub(crate) fn finish(&mut self, index: EventIndex, at: Nanos, ending: Ending) {
        if self.end.is_some() {
            return;
        }
        self.close(index, at);
        self.end = Some((index, at, ending));
        self.waits = VecDeque::new();
        self.tail.shrink_to_fit();
        self.blocks.shrink_to_fit();
    }

    #[inline]
    fn open(&mut self, state: SpanState, first: EventIndex, at: Nanos, wait: Option<WaitId>) {
        self.close(first, at);
        if self.end.is_none() {
            self.last = Some(Start { state, first, at, wait });
        }
    }

    /// Writes the span that goes on, which ends here.
    #[inline]
    fn close(&mut self, index: EventIndex, at: Nanos) {
        let Some(span) = self.last.take() else { return };
        if self.tail_spans as usize == BLOCK {
            self.seal(&span);
        }
        self.context.put(&mut self.tail, &span);
        self.tail_spans += 1;
        self.before.add(&span, index, at);
    }

    /// The block is full, and this span begins the next.
    fn seal(&mut self, span: &Start) {
        match self.blocks.last_mut() {
            Some(full) => full.bytes = self.tail.as_slice().into(),
            // The first block begins where the lane does.
            None => {
                let bytes: Box<[u8]> = self.tail.as_slice().into();
                let first = Context::default().get(&mut Reader::new(&bytes)).unwrap_or(*span);
                let before = Totals::default();
                self.blocks.push(Block { at: first.at, first: first.first, before, bytes });
            }
        }
        self.packed += self.tail.len() + 16;
        self.tail.clear();
        self.tail_spans = 0;
        self.context = Context::default();
        self.blocks.push(Block { at: span.at, first: span.first, before: self.before, bytes: Box::default() });
    }

    /// Gives up the spans that end before event `index`, as far as whole blocks go.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) {
        while self.blocks.get(self.given_up as usize + 1).is_some_and(|next| next.first < index) {
            if let Some(block) = self.blocks.get_mut(self.given_up as usize) {
                self.packed -= block.bytes.len() + 16;
                block.bytes = Box::default();
            }
            self.given_up += 1;
        }
    }

    /// Forgets every other one of the blocks whose spans have been given up: what they told is told half as finely.
    pub(crate) fn coarsen(&mut self) {
        let (given_up, mut number, mut kept) = (self.given_up as usize, 0, 0);
        self.blocks.retain(|_| {
            let keep = number >= given_up || number % 2 == 0;
            kept += usize::from(keep && number < given_up);
            number += 1;
            keep
        });
        self.given_up = kept as u32;
        self.blocks.shrink_to_fit();
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>()
            + 16
            + self.packed
            + self.blocks.capacity() * size_of::<Block>()
            + self.tail.capacity()
            + self.waits.capacity() * size_of::<WaitId>()
    }
}
