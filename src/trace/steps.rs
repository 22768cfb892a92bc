//! The steps axis: every poll one column, in order, and each sleep of the loop one column however long it was.
//!
//! In virtual time a poll takes no time, so on the time axis the polls of one instant lie on one another. Here their
//! order can be seen. A position is a column's number plus a fraction of it.

use super::log::EventIndex;
use crate::event::{Event, EventKind, Nanos, TaskId};

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A task was polled.
    Poll(TaskId),
    /// The loop slept.
    Gap {
        /// From when.
        from: Nanos,
        /// Until when; none while it sleeps.
        until: Option<Nanos>,
    },
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    column: Column,
    /// The event that opened it.
    first: EventIndex,
    /// The event that closed it.
    last: Option<EventIndex>,
}

/// The columns of a record.
#[derive(Debug, Default)]
pub struct Steps {
    entries: Vec<Entry>,
}

impl Steps {
    /// Takes in the event number `index`.
    pub(super) fn learn(&mut self, index: EventIndex, event: &Event) {
        match &event.kind {
            EventKind::PollStarted { task } => self.open(index, Column::Poll(*task)),
            EventKind::LoopIdle { .. } => self.open(index, Column::Gap { from: event.at, until: None }),
            EventKind::PollEnded { .. } => self.close(index),
            EventKind::LoopAwake => {
                if let Some(Entry { column: Column::Gap { until: until @ None, .. }, .. }) = self.entries.last_mut() {
                    *until = Some(event.at);
                }
                self.close(index);
            }
            _ => {}
        }
    }

    fn open(&mut self, first: EventIndex, column: Column) {
        self.close(first);
        self.entries.push(Entry { column, first, last: None });
    }

    fn close(&mut self, index: EventIndex) {
        if let Some(entry) = self.entries.last_mut() {
            entry.last.get_or_insert(index);
        }
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The columns `range`, cut to those that exist, with their numbers.
    pub fn columns(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, Column)> {
        let start = range.start.min(self.entries.len());
        let end = range.end.clamp(start, self.entries.len());
        self.entries[start..end].iter().enumerate().map(move |(offset, entry)| (start + offset, entry.column))
    }

    /// Where the event number `index` lies. What opens a column lies at its left edge, what closes it at its right
    /// edge, events inside a poll in between in order, and events between two columns on their border.
    #[must_use]
    pub fn position(&self, index: EventIndex) -> f64 {
        let number = self.entries.partition_point(|entry| entry.first <= index);
        let Some(column) = number.checked_sub(1) else { return 0.0 };
        let Entry { first, last, .. } = self.entries[column];
        let within = match last {
            Some(last) if index >= last => 1.0,
            Some(last) => (index - first) as f64 / (last - first).max(1) as f64,
            None => 1.0 - 1.0 / (1.0 + (index - first) as f64),
        };
        column as f64 + within
    }

    /// Where a point in time `at` after `index` events lies: like [`position`](Self::position) of the last event, and
    /// inside a sleep of the loop in proportion.
    #[must_use]
    pub fn position_of(&self, index: EventIndex, at: Nanos) -> f64 {
        let Some(last_event) = index.checked_sub(1) else { return 0.0 };
        let number = self.entries.partition_point(|entry| entry.first <= last_event);
        if let Some(column) = number.checked_sub(1)
            && let Entry { column: Column::Gap { from, until: Some(until) }, first, .. } = self.entries[column]
            && first == last_event
        {
            let within = (at - from).0 as f64 / (until - from).0.max(1) as f64;
            return column as f64 + within.min(1.0);
        }
        self.position(last_event)
    }

    /// The point of the record at a position: how many events come before it and, inside a sleep of the loop, the
    /// time.
    #[must_use]
    pub fn point_at(&self, position: f64) -> (EventIndex, Option<Nanos>) {
        let number = position.max(0.0) as usize; // a cast saturates
        let within = position.max(0.0) - number as f64;
        let Some(entry) = self.entries.get(number) else {
            return (self.entries.last().map_or(0, |entry| entry.last.unwrap_or(entry.first) + 1), None);
        };
        match entry.column {
            Column::Gap { from, until: Some(until) } => {
                let passed = Nanos(((until - from).0 as f64 * within) as u64);
                (entry.first + 1, Some(from + passed))
            }
            Column::Gap { .. } => (entry.first + 1, None),
            Column::Poll(_) => {
                let length = entry.last.map_or(0, |last| last - entry.first);
                (entry.first + 1 + (length as f64 * within).round() as usize, None)
            }
        }
    }

    /// The index after the next poll that ends after `index`; none if no poll does.
    #[must_use]
    pub fn next_poll_end(&self, index: EventIndex) -> Option<EventIndex> {
        let from = self.entries.partition_point(|entry| entry.last.is_some_and(|last| last < index));
        let poll = self.entries.get(from..)?.iter().find(|entry| matches!(entry.column, Column::Poll(_)))?;
        poll.last.map(|last| last + 1)
    }

    /// The index before the last poll that began before `index`; 0 if none did.
    #[must_use]
    pub fn previous_poll_start(&self, index: EventIndex) -> EventIndex {
        let until = self.entries.partition_point(|entry| entry.first < index);
        let before = self.entries.get(..until).unwrap_or_default();
        before.iter().rev().find(|entry| matches!(entry.column, Column::Poll(_))).map_or(0, |entry| entry.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{PollOutcome, WorkerId};

    fn steps(kinds: &[(u64, EventKind)]) -> Steps {
        let mut steps = Steps::default();
        for (index, (at, kind)) in kinds.iter().enumerate() {
            steps.learn(index, &Event { at: Nanos(*at), worker: WorkerId(0), kind: kind.clone() });
        }
        steps
    }

    fn two_polls_and_a_sleep() -> Steps {
        let task = TaskId(0);
        let outcome = PollOutcome::Pending;
        steps(&[
            (0, EventKind::PollStarted { task }),
            (0, EventKind::IterationStarted { batch: 0 }), // stands for anything inside the poll
            (0, EventKind::PollEnded { task, outcome }),
            (0, EventKind::LoopIdle { until: Some(Nanos(100)) }),
            (100, EventKind::LoopAwake),
            (100, EventKind::PollStarted { task }),
            (100, EventKind::PollEnded { task, outcome }),
        ])
    }

    #[test]
    fn a_sleep_takes_one_column_however_long() {
        let steps = two_polls_and_a_sleep();
        assert_eq!(steps.len(), 3);
        assert_eq!(steps.position(0), 0.0);
        assert_eq!(steps.position(1), 0.5);
        assert_eq!(steps.position(2), 1.0);
        assert_eq!(steps.position(5), 2.0);
        assert_eq!(steps.position_of(4, Nanos(25)), 1.25);
    }

    #[test]
    fn a_position_and_its_point_are_inverse() {
        let steps = two_polls_and_a_sleep();
        for index in 1..=7 {
            let (point, at) = steps.point_at(steps.position_of(index, Nanos(0)));
            let back = steps.position_of(point, at.unwrap_or_default());
            assert_eq!(back, steps.position_of(index, Nanos(0)), "after {index} events");
        }
        assert_eq!(steps.point_at(1.5), (4, Some(Nanos(50))));
    }

    #[test]
    fn stepping_by_polls_stops_at_each_end() {
        let steps = two_polls_and_a_sleep();
        assert_eq!(steps.next_poll_end(0), Some(3));
        assert_eq!(steps.next_poll_end(3), Some(7));
        assert_eq!(steps.next_poll_end(7), None);
        assert_eq!(steps.previous_poll_start(7), 5);
        assert_eq!(steps.previous_poll_start(5), 0);
        assert_eq!(steps.previous_poll_start(0), 0);
    }
}
