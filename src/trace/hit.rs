//! What lies under the pointer, and what comes before and after it: the spans of a lane at an instant, at a place in the
//! record, and from one to the next; and the polls of all tasks.
//!
//! It reads lanes and the steps axis and never walks the events.

use super::lanes::{Lane, Span, SpanState};
use super::log::EventIndex;
use super::record::Record;
use super::steps::Column;
use crate::event::{Nanos, TaskId};

impl Lane {
    /// The span that is meant by pointing at an instant, on the time axis. `tolerance` is the time that a pixel (or a
    /// fingertip) covers; `edge` is the end of a span that goes on.
    ///
    /// A poll no longer than the tolerance is drawn as a mere line: within the tolerance the nearest such poll is meant,
    /// of several as near the first. Else it is the span in which the instant lies, the later one on a border; and beyond
    /// the ends of the lane its first or last span, if that is within the tolerance.
    #[must_use]
    pub fn hit(&self, at: Nanos, tolerance: Nanos, edge: Nanos) -> Option<Span> {
        self.thin_poll(at, tolerance, edge).or_else(|| {
            let spans = self.spans();
            let begun = spans.partition_point(|span| span.start <= at);
            match begun.checked_sub(1) {
                Some(last) => spans.get(last).filter(|span| at.since(span.end_or(edge)) <= tolerance),
                None => spans.first().filter(|span| span.start.since(at) <= tolerance),
            }
            .copied()
        })
    }

    /// The nearest poll that is no longer than the tolerance, and no farther.
    fn thin_poll(&self, at: Nanos, tolerance: Nanos, edge: Nanos) -> Option<Span> {
        let spans = self.spans();
        let begun = spans.partition_point(|span| span.start < at);
        let far = |span: &Span| at.since(span.end_or(edge)).max(span.start.since(at));
        let is_thin = |span: &&Span| span.state == SpanState::Running && span.end_or(edge) - span.start <= tolerance;
        // Every second or third span is a poll, so that neither search goes far.
        let before = spans.get(..begun).unwrap_or_default().iter().rev();
        let after = spans.get(begun..).unwrap_or_default().iter();
        let before = before.take_while(|span| far(span) <= tolerance).find(is_thin);
        let after = after.take_while(|span| far(span) <= tolerance).find(is_thin);
        // Of polls at one instant, which `before` meets from behind, the first.
        let before = before.map(|found| {
            let same = |span: &&Span| span.state == SpanState::Running && span.start == found.start;
            let from = spans.partition_point(|span| span.start < found.start);
            spans.get(from..begun).unwrap_or_default().iter().find(same).unwrap_or(found)
        });
        [before, after].into_iter().flatten().min_by_key(|span| far(span)).copied()
    }

    /// The span that lasts after the first `index` events, as [`Record::state_at`] has it; for pointing on the steps axis.
    #[must_use]
    pub fn span_at(&self, index: EventIndex) -> Option<Span> {
        self.span_before(index).filter(|span| span.end.is_none_or(|(end, _)| end >= index))
    }

    /// The last span that an event before number `index` began. Of a span's own `first` it is the span before it.
    #[must_use]
    pub fn span_before(&self, index: EventIndex) -> Option<Span> {
        let begun = self.spans().partition_point(|span| span.first < index);
        self.spans().get(begun.checked_sub(1)?).copied()
    }

    /// The first span that an event after number `index` begins. Of a span's own `first` it is the span after it.
    #[must_use]
    pub fn span_after(&self, index: EventIndex) -> Option<Span> {
        let begun = self.spans().partition_point(|span| span.first <= index);
        self.spans().get(begun).copied()
    }
}

/// The first poll, of whatever task, that an event after number `index` begins: the task and that event.
#[must_use]
pub fn poll_after(record: &Record, index: EventIndex) -> Option<(TaskId, EventIndex)> {
    let steps = record.steps();
    let column = steps.position(index) as usize;
    // The column of the event itself, those of sleeps, and the one that is sought.
    let mut polls = steps.columns(column..usize::MAX).filter_map(|(number, column)| poll_of(record, number, column));
    polls.find(|(_, first)| *first > index)
}

/// The last poll, of whatever task, that an event before number `index` begins: the task and that event.
#[must_use]
pub fn poll_before(record: &Record, index: EventIndex) -> Option<(TaskId, EventIndex)> {
    let first = record.steps().previous_poll_start(index);
    let column = record.steps().position(first) as usize;
    let mut polls = record.steps().columns(column..column + 1);
    polls.find_map(|(number, column)| poll_of(record, number, column)).filter(|(_, first)| *first < index)
}

/// A column of the steps axis as a poll, with the event that begins it.
fn poll_of(record: &Record, number: usize, column: Column) -> Option<(TaskId, EventIndex)> {
    let Column::Poll(task) = column else { return None };
    let (after, _) = record.steps().point_at(number as f64);
    Some((task, after.checked_sub(1)?))
}
