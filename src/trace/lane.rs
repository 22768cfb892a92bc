//! The spans of one task, packed into a few bytes each.
//!
//! A lane is a list of blocks of 64 spans. A block knows where it begins and how much time the task spent in each state
//! before it; its spans are written as differences, a head byte each and what does not fit into it. A span's end is the
//! beginning of the next. A block's spans may be given up: what it says of the time before it stays.

use super::bytes::{Reader, put, put_step};
use super::log::EventIndex;
use super::state::Ending;
use crate::event::{Nanos, TaskId, WaitId};

/// Spans in a block.
const BLOCK: usize = 64;

/// The states that a lane tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpanState {
    /// Being polled.
    Running,
    /// In the ready queue.
    Ready,
    /// Waiting for something.
    Waiting,
}

/// A task's state from one event to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which state.
    pub state: SpanState,
    /// The event that began it.
    pub first: EventIndex,
    /// Its time.
    pub start: Nanos,
    /// The event that ended it, and its time; none while it goes on.
    pub end: Option<(EventIndex, Nanos)>,
    /// For a waiting task, what the innermost wait is; none for a future that is not ours.
    pub wait: Option<WaitId>,
}

impl Span {
    /// When it ends, or `edge` for one that goes on.
    #[must_use]
    pub fn end_or(&self, edge: Nanos) -> Nanos {
        self.end.map_or(edge, |(_, at)| at)
    }
}

/// Time spent in each state, indexed by [`SpanState`].
pub type StateTimes = [Nanos; 3];

/// Where a span begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub(super) state: SpanState,
    pub(super) first: EventIndex,
    pub(super) at: Nanos,
    wait: Option<WaitId>,
}

impl Start {
    fn until(self, end: Option<(EventIndex, Nanos)>) -> Span {
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
struct Context {
    first: EventIndex,
    at: Nanos,
    wait: u32,
}

impl Context {
    fn put(&mut self, bytes: &mut Vec<u8>, span: &Start) {
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
    fn get(&mut self, reader: &mut Reader<'_>) -> Option<Start> {
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
    pub(super) times: StateTimes,
    /// The same, counted in events of the record; only differences of it mean something.
    pub(super) events: [u32; 3],
    pub(super) spans: usize,
    pub(super) polls: usize,
}

impl Totals {
    /// Takes in a span, as far as it lies before the event `index` and the time `at`.
    #[inline]
    pub(super) fn add(&mut self, span: &Start, index: EventIndex, at: Nanos) {
        let state = span.state as usize;
        self.times[state] = self.times[state] + at.since(span.at);
        self.events[state] = self.events[state].wrapping_add(index.saturating_sub(span.first) as u32);
        self.spans += 1;
        self.polls += usize::from(span.state == SpanState::Running);
    }
}

/// Spans that follow one another.
#[derive(Debug)]
pub(super) struct Block {
    /// Where the first begins.
    pub(super) at: Nanos,
    pub(super) first: EventIndex,
    /// What lies before.
    pub(super) before: Totals,
    /// Nothing once they are given up; of the last block, what is not in the lane's tail.
    bytes: Box<[u8]>,
}

/// The spans of one task, in order and without holes between its first and its last.
#[derive(Debug)]
pub struct Lane {
    task: TaskId,
    /// The event that ended the task, its time, and how.
    end: Option<(EventIndex, Nanos, Ending)>,
    /// All full blocks and the one that is being filled; none as long as the first is not full.
    blocks: Vec<Block>,
    /// The spans of the last block.
    tail: Vec<u8>,
    /// Spans in the tail.
    tail_spans: u32,
    /// Of how many blocks the spans have been given up.
    given_up: u32,
    /// Bytes in all blocks.
    packed: usize,
    /// What changes while the task lives.
    live: Option<Box<Live>>,
}

#[derive(Debug, Default)]
struct Live {
    /// The span that goes on; it is in no block yet.
    last: Option<Start>,
    /// What lies before it.
    before: Totals,
    context: Context,
    /// Open waits, the outermost first.
    waits: Vec<WaitId>,
}

impl Lane {
    pub(super) fn new(task: TaskId) -> Self {
        Self {
            task,
            end: None,
            blocks: Vec::new(),
            tail: Vec::new(),
            tail_spans: 0,
            given_up: 0,
            packed: 0,
            live: Some(Box::default()),
        }
    }

    /// Whose lane it is.
    #[must_use]
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// The event that ended the task, its time, and how; none while the task lives.
    #[must_use]
    pub fn end(&self) -> Option<(EventIndex, Nanos, Ending)> {
        self.end
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

    /// Spans that are in blocks.
    fn written(&self) -> usize {
        self.blocks.last().map_or(0, |last| last.before.spans) + self.tail_spans as usize
    }

    fn last(&self) -> Option<Start> {
        self.live.as_ref().and_then(|live| live.last)
    }

    pub(super) fn begin_wait(&mut self, wait: WaitId) {
        if let Some(live) = &mut self.live {
            live.waits.push(wait);
        }
    }

    pub(super) fn end_wait(&mut self, wait: WaitId) {
        if let Some(live) = &mut self.live {
            live.waits.retain(|open| *open != wait);
        }
    }

    pub(super) fn ready(&mut self, index: EventIndex, at: Nanos, yields: bool) {
        if yields
            && let Some(live) = &mut self.live
            && let Some(none) = live.last.take_if(|last| last.state == SpanState::Waiting && last.at == at)
        {
            // The poll before it lasts until now.
            let running = &mut live.before.events[SpanState::Running as usize];
            *running = running.wrapping_add(index.saturating_sub(none.first) as u32);
        }
        self.open(SpanState::Ready, index, at, None);
    }

    pub(super) fn run(&mut self, index: EventIndex, at: Nanos) {
        self.open(SpanState::Running, index, at, None);
    }

    pub(super) fn wait(&mut self, index: EventIndex, at: Nanos) {
        let wait = self.live.as_ref().and_then(|live| live.waits.last().copied());
        self.open(SpanState::Waiting, index, at, wait);
    }

    /// Nothing that comes after it counts.
    pub(super) fn finish(&mut self, index: EventIndex, at: Nanos, ending: Ending) {
        if self.live.is_none() {
            return;
        }
        self.end = Some((index, at, ending));
        self.close(index, at);
        self.live = None;
        self.tail.shrink_to_fit();
        self.blocks.shrink_to_fit();
    }

    fn open(&mut self, state: SpanState, first: EventIndex, at: Nanos, wait: Option<WaitId>) {
        self.close(first, at);
        if let Some(live) = &mut self.live {
            live.last = Some(Start { state, first, at, wait });
        }
    }

    /// Writes the span that goes on, which ends here.
    fn close(&mut self, index: EventIndex, at: Nanos) {
        let Some(live) = &mut self.live else { return };
        let Some(span) = live.last.take() else { return };
        if self.tail_spans as usize == BLOCK {
            match self.blocks.last_mut() {
                Some(full) => full.bytes = self.tail.as_slice().into(),
                // The first block begins where the lane does.
                None => {
                    let bytes: Box<[u8]> = self.tail.as_slice().into();
                    let first = Context::default().get(&mut Reader::new(&bytes)).unwrap_or(span);
                    let before = Totals::default();
                    self.blocks.push(Block { at: first.at, first: first.first, before, bytes });
                }
            }
            self.packed += self.tail.len() + 16;
            self.tail.clear();
            self.tail_spans = 0;
            live.context = Context::default();
            self.blocks.push(Block { at: span.at, first: span.first, before: live.before, bytes: Box::default() });
        }
        live.context.put(&mut self.tail, &span);
        self.tail_spans += 1;
        live.before.add(&span, index, at);
    }

    /// Gives up the spans that end before event `index`, as far as whole blocks go.
    pub(super) fn give_up_before(&mut self, index: EventIndex) {
        while self.blocks.get(self.given_up as usize + 1).is_some_and(|next| next.first < index) {
            if let Some(block) = self.blocks.get_mut(self.given_up as usize) {
                self.packed -= block.bytes.len() + 16;
                block.bytes = Box::default();
            }
            self.given_up += 1;
        }
    }

    /// Forgets every other one of the blocks whose spans have been given up: what they told is told half as finely.
    pub(super) fn coarsen(&mut self) {
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
    pub(super) fn size(&self) -> usize {
        size_of::<Self>()
            + self.packed
            + self.blocks.capacity() * size_of::<Block>()
            + self.tail.capacity()
            + self.live.as_ref().map_or(0, |_| size_of::<Live>() + 16)
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
    pub(super) place: usize,
    next: Option<Start>,
}

impl Lane {
    /// The blocks' beginnings; none as long as the first is not full.
    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The first block whose spans are kept.
    pub(super) fn first_kept(&self) -> usize {
        self.given_up as usize
    }

    /// Reads on from the beginning of a block, or from the first one kept.
    pub(super) fn cursor(&self, block: usize) -> Cursor<'_> {
        let block = block.clamp(self.first_kept(), self.blocks.len().saturating_sub(1).max(self.first_kept()));
        let reader = Reader::new(self.bytes(block));
        let place = self.blocks.get(block).map_or(0, |block| block.before.spans);
        let mut cursor = Cursor { lane: self, block, reader, context: Context::default(), place, next: None };
        cursor.fill();
        cursor
    }

    fn bytes(&self, block: usize) -> &[u8] {
        match self.blocks.get(block) {
            Some(full) if block + 1 < self.blocks.len() => &full.bytes,
            _ => &self.tail,
        }
    }
}

impl Cursor<'_> {
    /// The span that comes next, as far as its beginning is known.
    #[inline]
    pub(super) fn peek(&self) -> Option<Start> {
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
        if self.block + 1 < self.lane.blocks.len() {
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
        Some(start.until(end.or(self.lane.end.map(|(index, at, _)| (index, at)))))
    }
}
