//! The events themselves, in order, packed into a few bytes each.

use super::bytes::Reader;
use super::packed::{Aside, Context};
use crate::event::{Event, EventKind, Nanos};
use std::collections::VecDeque;

/// A point in the record: how many events come before it. The state "at index 5" is the state after five events.
pub type EventIndex = usize;

/// Events in a block of the log: one is found by reading its block from the start.
const BLOCK: usize = 128;

/// An append-only list of events, of which the oldest may be given up.
#[derive(Debug, Default)]
pub struct Log {
    blocks: VecDeque<Block>,
    /// The last block, as long as it grows.
    tail: Vec<u8>,
    tail_start: Option<Block>,
    tail_events: usize,
    /// The context at the end of the tail.
    context: Option<Context>,
    /// What holds text.
    aside: VecDeque<Aside>,
    /// How many were given up, of the blocks and of what is kept whole.
    first_block: usize,
    first_aside: usize,
    /// The time of the last event.
    end: Nanos,
    /// Bytes in all blocks.
    packed: usize,
}

/// A block that is full, or the beginning of one.
#[derive(Debug, Clone)]
struct Block {
    start: Nanos,
    /// How many texts are kept aside before it.
    aside: usize,
    bytes: Box<[u8]>,
}

impl Log {
    /// Adds an event at the end.
    pub fn push(&mut self, event: Event) {
        if self.tail_events == BLOCK {
            self.seal();
        }
        let at = event.at;
        let (first_aside, kept) = (self.first_aside, self.aside.len());
        let context = self.context.get_or_insert_with(|| Context::new(at, first_aside + kept));
        if self.tail_events == 0 {
            self.tail_start = Some(Block { start: at, aside: first_aside + kept, bytes: Box::default() });
        }
        if let Some(aside) = context.put(&mut self.tail, event) {
            self.aside.push_back(aside);
        }
        self.tail_events += 1;
        self.end = at;
    }

    fn seal(&mut self) {
        if let Some(mut block) = self.tail_start.take() {
            block.bytes = self.tail.as_slice().into();
            self.packed += block.bytes.len();
            self.blocks.push_back(block);
        }
        self.tail.clear();
        self.tail_events = 0;
        self.context = None;
    }

    /// How many events there have been.
    #[must_use]
    pub fn len(&self) -> usize {
        (self.first_block + self.blocks.len()) * BLOCK + self.tail_events
    }

    /// Whether there has been none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first event that is still kept.
    #[must_use]
    pub fn first(&self) -> EventIndex {
        self.first_block * BLOCK
    }

    /// The event number `index`, counted from 0; none where it is not kept, or not there yet.
    #[must_use]
    pub fn get(&self, index: EventIndex) -> Option<Event> {
        if index < self.first() { None } else { self.iter_from(index).next() }
    }

    /// The events from number `start` on, or from the first one kept.
    #[must_use]
    pub fn iter_from(&self, start: EventIndex) -> Events<'_> {
        let start = start.clamp(self.first(), self.len());
        let block = start / BLOCK - self.first_block;
        let mut events = Events { log: self, block, reader: Reader::new(&[]), context: None };
        events.open(block);
        for _ in 0..start % BLOCK {
            events.pass();
        }
        events
    }

    /// The events from number `start` on, or from the first one kept, each with its number.
    pub fn numbered_from(&self, start: EventIndex) -> impl Iterator<Item = (EventIndex, Event)> {
        (start.max(self.first())..).zip(self.iter_from(start))
    }

    /// The index after every event that is not later than `time`; that of the first event kept where all are later.
    #[must_use]
    pub fn index_after(&self, time: Nanos) -> EventIndex {
        let full = self.blocks.partition_point(|block| block.start <= time);
        let in_tail = full == self.blocks.len() && self.tail_start.as_ref().is_some_and(|tail| tail.start <= time);
        let Some(block) = (full + usize::from(in_tail)).checked_sub(1) else { return self.first() };
        let start = (self.first_block + block) * BLOCK;
        start + self.iter_from(start).take(BLOCK).take_while(|event| event.at <= time).count()
    }

    /// The time of the last event before `index`; the start where there is none.
    #[must_use]
    pub fn time_at(&self, index: EventIndex) -> Nanos {
        if index >= self.len() {
            return self.end;
        }
        index.checked_sub(1).and_then(|last| self.get(last)).map_or(Nanos::ZERO, |event| event.at)
    }

    /// The time of the last event.
    #[must_use]
    pub fn end(&self) -> Nanos {
        self.end
    }

    /// Gives up the events before number `index`, as far as whole blocks go; how many are given up in all.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) -> EventIndex {
        while (self.first_block + 1) * BLOCK <= index {
            let Some(block) = self.blocks.pop_front() else { break };
            self.packed -= block.bytes.len();
            self.first_block += 1;
            let next = self.blocks.front().or(self.tail_start.as_ref());
            let aside = next.map_or(self.first_aside + self.aside.len(), |next| next.aside);
            self.aside.drain(..(aside - self.first_aside).min(self.aside.len()));
            self.first_aside = aside;
        }
        self.first()
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        // A block's bytes are a piece of memory of their own, which costs about 16 bytes more.
        self.packed
            + self.blocks.len() * (size_of::<Block>() + 16)
            + self.aside.len() * (size_of::<Aside>() + size_of::<EventKind>() + 64)
    }
}

/// Events, one after another.
#[derive(Debug, Clone)]
pub struct Events<'a> {
    log: &'a Log,
    /// The block that is being read, counted from the first one kept.
    block: usize,
    reader: Reader<'a>,
    context: Option<Context>,
}

impl<'a> Events<'a> {
    fn open(&mut self, block: usize) {
        self.block = block;
        let (start, bytes) = match self.log.blocks.get(block) {
            Some(full) => (Some(full), &*full.bytes),
            None if block == self.log.blocks.len() => (self.log.tail_start.as_ref(), &*self.log.tail),
            None => (None, &[][..]),
        };
        self.context = start.map(|start| Context::new(start.start, start.aside));
        self.reader = Reader::new(if start.is_some() { bytes } else { &[] });
    }

    /// Reads an event for what it says about the next, without taking text along.
    fn pass(&mut self) {
        if let Some(context) = &mut self.context {
            context.pass(&mut self.reader);
        }
    }
}

impl Iterator for Events<'_> {
    type Item = Event;

    #[inline]
    fn next(&mut self) -> Option<Event> {
        if self.reader.is_empty() {
            if self.block >= self.log.blocks.len() {
                return None;
            }
            self.open(self.block + 1);
        }
        let log = self.log;
        self.context.as_mut()?.get(&mut self.reader, |aside| log.aside.get(aside - log.first_aside))
    }
}
