//! A span in a few bytes, and what spans add up to.
//!
//! Spans are written as differences: a head byte each, and what does not fit into it. A span's end is the beginning of the
//! next.

use super::bytes::{Reader, put, put_step};
use super::log::EventIndex;
use super::span::{Span, SpanState, StateTimes};
use crate::event::{Nanos, WaitId};

/// Where a span begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub(crate) state: SpanState,
    pub(crate) first: EventIndex,
    pub(crate) at: Nanos,
    pub(crate) wait: Option<WaitId>,
}

impl Start {
    pub(crate) fn until(self, end: Option<(EventIndex, Nanos)>) -> Span {
        Span { state: self.state, first: self.first, start: self.at, end, wait: self.wait }
    }
}

// The head byte of a span: its state, whether it has a wait, whether it begins later than the one before, and by how many
// events.
const STATE: u8 = 0x03;
const HAS_WAIT: u8 = 0x04;
const LATER: u8 = 0x08;
const EVENTS: u8 = 4;
const MANY: u8 = 0x0f;

/// What the span before says about the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    first: EventIndex,
    at: Nanos,
    wait: u32,
}

impl Context {
    #[inline]
    pub(crate) fn put(&mut self, bytes: &mut Vec<u8>, span: &Start) {
        let events = span.first.wrapping_sub(self.first);
        let few = if events < usize::from(MANY) { events as u8 } else { MANY };
        let mut head = span.state as u8 | few << EVENTS;
        head |= if span.wait.is_some() { HAS_WAIT } else { 0 };
        head |= if span.at == self.at { 0 } else { LATER };
        bytes.push(head);
        if few == MANY {
            put(bytes, events as u64);
        }
        if span.at != self.at {
            put(bytes, span.at.0.wrapping_sub(self.at.0));
        }
        if let Some(wait) = span.wait {
            put_step(bytes, u64::from(self.wait), u64::from(wait.0));
            self.wait = wait.0;
        }
        (self.first, self.at) = (span.first, span.at);
    }

    #[inline]
    pub(crate) fn get(&mut self, reader: &mut Reader<'_>) -> Option<Start> {
        if reader.is_empty() {
            return None;
        }
        let head = reader.byte();
        let state = match head & STATE {
            0 => SpanState::Running,
            1 => SpanState::Ready,
            _ => SpanState::Waiting,
        };
        let few = head >> EVENTS;
        let events = if few == MANY { reader.get() as usize } else { usize::from(few) };
        self.first = self.first.wrapping_add(events);
        if head & LATER != 0 {
            self.at = Nanos(self.at.0.wrapping_add(reader.get()));
        }
        let wait = (head & HAS_WAIT != 0).then(|| {
            self.wait = reader.step(u64::from(self.wait)) as u32;
            WaitId(self.wait)
        });
        Some(Start { state, first: self.first, at: self.at, wait })
    }
}

/// What lies before a point of a lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(crate) times: StateTimes,
    /// The same, counted in events of the record; only differences of it mean something.
    pub(crate) events: [u32; 3],
    pub(crate) spans: usize,
    pub(crate) polls: usize,
}

impl Totals {
    /// Takes in a span, as far as it lies before the event `index` and the time `at`.
    #[inline]
    pub(crate) fn add(&mut self, span: &Start, index: EventIndex, at: Nanos) {
        let state = span.state as usize;
        self.times[state] = self.times[state] + at.since(span.at);
        self.events[state] = self.events[state].wrapping_add(index.saturating_sub(span.first) as u32);
        self.spans += 1;
        self.polls += usize::from(span.state == SpanState::Running);
    }
}
