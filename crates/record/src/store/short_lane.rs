//! The spans of a task that has ended and had few, in a page with those of others that ended about then.
//!
//! A page is written once and shared by its lanes; it is gone when the last of them is. Of each lane it has how many spans
//! there are and how the task ended (three bits), where it ended, counted from the beginning of its first span, and the spans.

use super::bytes::{Reader, put};
use super::ending::Ending;
use super::log::EventIndex;
use super::long_lane::LongLane;
use super::span_code::{Context, Start};
use crate::event::Nanos;
use std::sync::Arc;

/// Bits that say how a task ended.
const ENDING: u32 = 3;

/// Where the lanes of several tasks are.
pub(super) type Page = Arc<Box<[u8]>>;

/// A part of a page.
#[derive(Debug)]
pub(super) struct ShortLane {
    page: Page,
    from: u32,
    to: u32,
}

/// Writes a lane that has ended to a page, unless it is too long for one; where in the page it is.
pub(crate) fn write(lane: &LongLane, page: &mut Vec<u8>) -> Option<(u32, u32)> {
    let (index, at, ending) = lane.end.filter(|_| lane.blocks.is_empty())?;
    let from = u32::try_from(page.len()).ok()?;
    let first = first_of(&lane.tail);
    put(page, u64::from(lane.tail_spans) << ENDING | ending.place() as u64);
    put(page, index.wrapping_sub(first.0) as u64);
    put(page, at.0.wrapping_sub(first.1.0));
    page.extend_from_slice(&lane.tail);
    let to = u32::try_from(page.len()).ok()?;
    Some((from, to))
}

/// Where the first of some spans begins.
fn first_of(spans: &[u8]) -> (EventIndex, Nanos) {
    let first: Option<Start> = Context::default().get(&mut Reader::new(spans));
    first.map_or((0, Nanos::ZERO), |first| (first.first, first.at))
}

impl ShortLane {
    /// What [`write`] wrote there.
    pub(crate) fn new(page: &Page, (from, to): (u32, u32)) -> Self {
        Self { page: Arc::clone(page), from, to }
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(self.page.get(self.from as usize..self.to as usize).unwrap_or_default())
    }

    /// How many spans there are.
    pub(crate) fn len(&self) -> usize {
        (self.reader().get() >> ENDING) as usize
    }

    /// The spans.
    pub(crate) fn bytes(&self) -> &[u8] {
        let mut reader = self.reader();
        for _ in 0..3 {
            reader.get();
        }
        reader.rest()
    }

    /// The event that ended the task, its time, and how.
    pub(crate) fn end(&self) -> (EventIndex, Nanos, Ending) {
        let mut reader = self.reader();
        let place = reader.get() as usize & ((1 << ENDING) - 1);
        let ending = Ending::ALL.get(place).copied().unwrap_or(Ending::Dropped);
        let (events, time) = (reader.get() as usize, reader.get());
        let first = first_of(reader.rest());
        (first.0.wrapping_add(events), Nanos(first.1.0.wrapping_add(time)), ending)
    }

    /// How many bytes it takes in its page.
    pub(crate) fn size(&self) -> usize {
        (self.to - self.from) as usize
    }
}
