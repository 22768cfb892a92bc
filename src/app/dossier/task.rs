//! A task's spans summed up, as far as the cursor.

use super::Point;
use crate::event::{Nanos, TaskId};
use crate::trace::{Histogram, Record, Span, SpanState};

/// With more lengths than this, the histogram is made anew only when there are a twentieth more.
const FEW: usize = 20_000;

#[derive(Debug)]
pub(crate) struct TaskHistory {
    task: TaskId,
    /// How many spans have been read: those that are over at the cursor.
    place: usize,
    /// The longest span of each state.
    longest: [Option<Span>; 3],
    /// How long it was ready before each poll.
    turns: Vec<Nanos>,
    histogram: Option<(usize, Histogram)>,
}

impl TaskHistory {
    pub(super) fn new(task: TaskId) -> Self {
        Self { task, place: 0, longest: [None; 3], turns: Vec::new(), histogram: None }
    }

    pub(super) fn read(&mut self, record: &Record, point: Point, most: usize) -> bool {
        let Some(lane) = record.lane(self.task) else { return false };
        let begun = lane.count_before(point.index);
        let is_over = lane.end().is_some_and(|(index, ..)| index < point.index);
        let over = if is_over { begun } else { begun.saturating_sub(1) };
        if over < self.place {
            *self = Self::new(self.task);
        }
        let mut spans = lane.spans_from(self.place);
        self.place = self.place.max(spans.place()); // what was given up is not read
        let mut read = 0;
        while self.place < over && read < most {
            let Some(span) = spans.next() else { break };
            self.place += 1;
            read += 1;
            let Some((_, end)) = span.end else { continue };
            if span.state == SpanState::Ready {
                self.turns.push(end - span.start);
            }
            let longest = &mut self.longest[span.state as usize];
            let is_longer = |other: &Span| end - span.start > other.end_or(end) - other.start;
            if longest.as_ref().is_none_or(is_longer) {
                *longest = Some(span);
            }
        }
        let made_of = self.histogram.as_ref().map_or(0, |(made_of, _)| *made_of);
        let count = self.turns.len();
        if count != made_of && (count < FEW || count > made_of + made_of / 20) {
            self.histogram = Some((count, Histogram::from_lengths(self.turns.clone())));
        }
        self.place < over && read == most
    }

    /// The longest span of a state that is over at the cursor.
    pub(crate) fn longest(&self, state: SpanState) -> Option<Span> {
        self.longest[state as usize]
    }

    /// How long it was ready before its polls.
    pub(crate) fn turns(&self) -> Option<&Histogram> {
        self.histogram.as_ref().map(|(_, histogram)| histogram)
    }
}
