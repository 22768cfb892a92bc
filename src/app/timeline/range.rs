//! A part of the record, from one of its points to another, with what lies in it in numbers.
//!
//! It holds on both axes: its ends are points of the record, not places on the screen.

use crate::app::view::{Axis, Scale};
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Lane, Record, SpanState};

/// A point of the record: after so many events, at this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) index: EventIndex,
    pub(crate) at: Nanos,
}

/// What lies between two points of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: Spot,
    pub(crate) to: Spot,
}

impl Range {
    /// Between two positions of an axis, in whichever order; what lies outside of the record is cut off.
    pub(crate) fn between(scale: &Scale<'_>, one: f64, other: f64) -> Self {
        let edge = scale.edge();
        let (from, to) = (one.min(other).clamp(0.0, edge.max(0.0)), one.max(other).clamp(0.0, edge.max(0.0)));
        let log = scale.record.log();
        let spot = |position: f64, is_start: bool| match scale.axis {
            Axis::Time => {
                let at = Nanos::from_secs_f64(position);
                // What happens at either end belongs to it.
                let index = match (is_start, at.0.checked_sub(1)) {
                    (true, Some(before)) => log.index_after(Nanos(before)),
                    (true, None) => 0,
                    (false, _) => log.index_after(at),
                };
                Spot { index, at }
            }
            Axis::Steps => {
                let (index, time) = scale.record.steps().point_at(position);
                // What opens a column lies after its left border.
                let index = index.saturating_sub(1);
                Spot { index, at: time.unwrap_or_else(|| log.time_at(index)) }
            }
        };
        Self { from: spot(from, true), to: spot(to, false) }
    }

    /// From the first event at or after a time to the last one at or before another.
    pub(crate) fn between_times(record: &Record, from: Nanos, to: Nanos) -> Self {
        let log = record.log();
        let first = from.0.checked_sub(1).map_or(0, |before| log.index_after(Nanos(before)));
        Self { from: Spot { index: first, at: from }, to: Spot { index: log.index_after(to), at: to } }
    }

    /// Its ends on an axis.
    pub(crate) fn on(&self, scale: &Scale<'_>) -> (f64, f64) {
        let place = |spot: Spot| scale.point(spot.index, spot.at);
        (place(self.from), place(self.to))
    }

    /// How long it is.
    pub(crate) fn length(&self) -> Nanos {
        self.to.at.since(self.from.at)
    }

    /// What one task did in it, or all together; as much of it as lies before `now`.
    pub(crate) fn figures(&self, record: &Record, task: Option<TaskId>, now: Nanos) -> Figures {
        match task {
            Some(task) => record.lane(task).map(|lane| self.of(lane, now)).unwrap_or_default(),
            None => record.lanes().iter().fold(Figures::default(), |sum, lane| sum.plus(self.of(lane, now))),
        }
    }

    fn of(&self, lane: &Lane, now: Nanos) -> Figures {
        let times = lane.columns(self.from.at, self.to.at, 1, now).pop().map(|column| column.times).unwrap_or_default();
        let events = lane.event_columns(&[self.from.index, self.to.index]).pop().unwrap_or_default();
        Figures {
            polls: events.polls,
            running: times[SpanState::Running as usize],
            ready: times[SpanState::Ready as usize],
        }
    }
}

/// What lies in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Figures {
    /// Polls that begin in it.
    pub(crate) polls: usize,
    /// The time spent running, of all tasks together.
    pub(crate) running: Nanos,
    /// And in the ready queue.
    pub(crate) ready: Nanos,
}

impl Figures {
    fn plus(self, other: Self) -> Self {
        Self { polls: self.polls + other.polls, running: self.running + other.running, ready: self.ready + other.ready }
    }
}
