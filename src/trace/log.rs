//! The events themselves, in order.

use crate::event::{Event, Nanos};

/// A point in the record: how many events come before it. The state "at index 5" is the state after five events.
pub type EventIndex = usize;

/// Events in a block of the log.
const BLOCK: usize = 1024;

/// An append-only list of events. It grows by blocks, so that no event is ever moved.
#[derive(Debug, Default)]
pub struct Log {
    blocks: Vec<Vec<Event>>,
}

impl Log {
    /// Adds an event at the end.
    pub fn push(&mut self, event: Event) {
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(event),
            _ => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(event);
                self.blocks.push(block);
            }
        }
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The event number `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: EventIndex) -> Option<&Event> {
        self.blocks.get(index / BLOCK)?.get(index % BLOCK)
    }

    /// The events from number `start` on.
    pub fn iter_from(&self, start: EventIndex) -> impl Iterator<Item = &Event> {
        let first = (start / BLOCK).min(self.blocks.len());
        self.blocks[first..].iter().flatten().skip(start.saturating_sub(first * BLOCK))
    }

    /// The index after every event that is not later than `time`.
    #[must_use]
    pub fn index_after(&self, time: Nanos) -> EventIndex {
        let block = self.blocks.partition_point(|block| block[0].at <= time);
        let Some(before) = block.checked_sub(1) else { return 0 };
        before * BLOCK + self.blocks[before].partition_point(|event| event.at <= time)
    }

    /// The time of the last event before `index`; the start where there is none.
    #[must_use]
    pub fn time_at(&self, index: EventIndex) -> Nanos {
        index.checked_sub(1).and_then(|last| self.get(last)).map_or(Nanos::ZERO, |event| event.at)
    }

    /// The time of the last event.
    #[must_use]
    pub fn end(&self) -> Nanos {
        self.time_at(self.len())
    }
}
