//! The events themselves, in order, packed into a few bytes each.

use super::blocks::Blocks;
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
    blocks: Blocks<Head, BLOCK>,
    /// The context at the end of the last block.
    context: Option<Context>,
    /// What holds text.
    aside: VecDeque<Aside>,
    /// How many of these were given up.
    first_aside: usize,
    /// The time of the last event.
    end: Nanos,
}

/// Where a block begins.
#[derive(Debug, Clone, Copy)]
struct Head {
    start: Nanos,
    /// How many texts are kept aside before it.
    aside: usize,
}

impl Log {
    /// Adds an event at the end.
    pub fn push(&mut self, event: Event) {
        let at = event.at;
        let context = match &mut self.context {
            Some(context) if !self.blocks.begins_block() => context,
            context => {
                let head = Head { start: at, aside: self.first_aside + self.aside.len() };
                self.blocks.begin_block(head);
                context.insert(Context::new(at, head.aside))
            }
        };
        if let Some(aside) = context.put(self.blocks.next_item(), event) {
            self.aside.push_back(aside);
        }
        self.end = at;
    }

    /// How many events there have been.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there has been none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first event that is still kept.
    #[must_use]
    pub fn first(&self) -> EventIndex {
        self.blocks.first()
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
        let (block, before) = self.blocks.place(start);
        let mut events = Events { log: self, block, reader: Reader::new(&[]), context: None };
        events.open(block);
        for _ in 0..before {
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
        let Some((_, start)) = self.blocks.last_block(|head| head.start <= time) else { return self.first() };
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
        if let Some(head) = self.blocks.evict(|first, _| first <= index) {
            self.aside.drain(..(head.aside - self.first_aside).min(self.aside.len()));
            self.first_aside = head.aside;
        }
        self.first()
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.blocks.size() + self.aside.len() * (size_of::<Aside>() + size_of::<EventKind>() + 64)
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
        let found = self.log.blocks.block(block);
        self.context = found.map(|(head, _)| Context::new(head.start, head.aside));
        self.reader = Reader::new(found.map_or(&[], |(_, events)| events));
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
            if self.block + 1 >= self.log.blocks.blocks() {
                return None;
            }
            self.open(self.block + 1);
        }
        let log = self.log;
        self.context.as_mut()?.get(&mut self.reader, |aside| log.aside.get(aside - log.first_aside))
    }
}
