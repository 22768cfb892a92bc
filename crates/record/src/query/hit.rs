//! What lies under the pointer, and what comes before and after it: the spans of a lane at an instant, at a place in the
//! record, and from one to the next; and the polls of all tasks.
//!
//! It reads lanes and the steps axis and never walks the events.

use crate::event::{Nanos, TaskId};
use crate::model::record::Record;
use crate::store::lane::Lane;
use crate::store::log::EventIndex;
use crate::store::span::{Span, SpanState};
use crate::store::steps::Column;

/// Where more spans than this are within reach, the first of them are looked at: nobody can tell them apart there.
const MOST_NEAR: usize = 10_000;

impl Lane {
    /// The span that is meant by pointing at an instant, on the time axis. `tolerance` is the time that a pixel (or a
    /// fingertip) covers; `edge` is the end of a span that goes on.
    ///
    /// A poll no longer than the tolerance is drawn as a mere line: within the tolerance the nearest such poll is meant,
    /// of several as near the first. Else it is the span in which the instant lies, the later one on a border; and beyond
    /// the ends of the lane its first or last span, if that is within the tolerance.
    #[must_use]
    pub fn hit(&self, at: Nanos, tolerance: Nanos, edge: Nanos) -> Option<Span> {
        self.thin_poll(at, tolerance, edge).or_else(|| match self.last_begun(at) {
            Some(last) => Some(last).filter(|span| at.since(span.end_or(edge)) <= tolerance),
            None => self.spans().next().filter(|span| span.start.since(at) <= tolerance),
        })
    }

    /// The nearest poll that is no longer than the tolerance, and no farther.
    fn thin_poll(&self, at: Nanos, tolerance: Nanos, edge: Nanos) -> Option<Span> {
        let far = |span: &Span| at.since(span.end_or(edge)).max(span.start.since(at));
        let is_thin = |span: &Span| span.state == SpanState::Running && span.end_or(edge) - span.start <= tolerance;
        let near = self.between(Nanos(at.0.saturating_sub(tolerance.0)), at + tolerance);
        let thin = near.take(MOST_NEAR).filter(|span| is_thin(span) && far(span) <= tolerance);
        thin.min_by_key(|span| far(span)) // the first of several as near
    }

    /// The span that lasts after the first `index` events, as [`Record::state_at`] has it; for pointing on the steps axis.
    #[must_use]
    pub fn span_at(&self, index: EventIndex) -> Option<Span> {
        self.span_before(index).filter(|span| span.end.is_none_or(|(end, _)| end >= index))
    }

    /// The last span that an event before number `index` began. Of a span's own `first` it is the span before it.
    #[must_use]
    pub fn span_before(&self, index: EventIndex) -> Option<Span> {
        self.last_before(index, |_| true)
    }

    /// The first span that an event after number `index` begins. Of a span's own `first` it is the span after it.
    #[must_use]
    pub fn span_after(&self, index: EventIndex) -> Option<Span> {
        self.span(self.count_before(index.saturating_add(1)))
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
