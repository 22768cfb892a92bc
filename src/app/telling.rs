//! Which events are worth a sentence: all but definitions; or those that speak of one task.
//!
//! It is read on as the record grows, a bounded part in a frame, so that a line of the story is found by its number
//! however long the record is.

use crate::event::{Event, EventKind, TaskId, WaitOn};
use crate::trace::{EventIndex, Record};

/// How many events a frame reads.
const AT_ONCE: usize = 200_000;

/// Whose story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Told {
    #[default]
    Everything,
    /// Only what concerns the selected task.
    Selected,
}

/// The events that are told.
#[derive(Debug, Default)]
pub(crate) struct Telling {
    /// Those that are not told to anybody.
    silent: Vec<EventIndex>,
    read: EventIndex,
    /// Those of one task.
    only: Option<Only>,
}

#[derive(Debug)]
struct Only {
    task: TaskId,
    events: Vec<EventIndex>,
    read: EventIndex,
}

impl Telling {
    /// Brings it up to date, for everybody or for one task; whether there is more to read.
    pub(crate) fn look(&mut self, record: &Record, only: Option<TaskId>) -> bool {
        let log = record.log();
        for (offset, event) in log.iter_from(self.read).take(AT_ONCE).enumerate() {
            if matches!(event.kind, EventKind::SiteDefined { .. }) {
                self.silent.push(self.read.max(log.first()) + offset);
            }
        }
        self.read = log.len().min(self.read.max(log.first()) + AT_ONCE);
        if self.only.as_ref().map(|only| only.task) != only {
            self.only = only.map(|task| Only { task, events: Vec::new(), read: 0 });
        }
        let mut has_more = self.read < log.len();
        if let Some(only) = &mut self.only {
            let start = only.read.max(log.first());
            for (offset, event) in log.iter_from(start).take(AT_ONCE).enumerate() {
                if concerns(record, &event, only.task) {
                    only.events.push(start + offset);
                }
            }
            only.read = log.len().min(start + AT_ONCE);
            has_more |= only.read < log.len();
        }
        has_more
    }

    /// How many of the told events come before an event.
    pub(crate) fn before(&self, index: EventIndex) -> usize {
        match &self.only {
            Some(only) => only.events.partition_point(|event| *event < index),
            None => index - self.silent.partition_point(|silent| *silent < index),
        }
    }

    /// The told event number `row`, if it is known.
    pub(crate) fn event(&self, row: usize) -> Option<EventIndex> {
        let Some(only) = &self.only else {
            // Each silent event before it moves it on by one. The first `k` of them are before row `silent[k] - k`.
            let (mut from, mut to) = (0, self.silent.len());
            while from < to {
                let middle = (from + to) / 2;
                if self.silent[middle] - middle <= row { from = middle + 1 } else { to = middle }
            }
            return Some(row + from);
        };
        only.events.get(row).copied()
    }
}

/// Whether an event speaks of a task.
fn concerns(record: &Record, event: &Event, task: TaskId) -> bool {
    let other = match &event.kind {
        EventKind::TaskSpawned { parent, .. } => *parent,
        EventKind::Enqueued { cause, .. } | EventKind::WakeCoalesced { cause, .. } => cause.by(),
        EventKind::WaitBegan { on: WaitOn::Join(joined), .. } => Some(*joined),
        EventKind::CancelRequested { by, .. } => *by,
        _ => None,
    };
    [record.task_of(&event.kind), other].contains(&Some(task))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;
    use crate::session::{Plan, Session, Start};

    fn ran(id: &str) -> Session {
        let mut plan = Plan::new(scenarios::find(id).unwrap());
        plan.speed = crate::runtime::Speed::MAX;
        let mut session = Session::start(plan, Start::Running, || {}).unwrap();
        while session.pump_wait() {}
        session
    }

    #[test]
    fn every_told_event_has_its_row_and_no_other() {
        let session = ran("semaphore");
        let record = session.record();
        for only in [None, Some(TaskId(0)), Some(TaskId(4))] {
            let mut telling = Telling::default();
            assert!(!telling.look(record, only));
            let rows = telling.before(record.log().len());
            let events: Vec<EventIndex> = (0..rows).map(|row| telling.event(row).unwrap()).collect();
            let is_told = |event: &Event| match only {
                Some(task) => concerns(record, event, task),
                None => !matches!(event.kind, EventKind::SiteDefined { .. }),
            };
            let expected: Vec<EventIndex> =
                record.log().iter_from(0).enumerate().filter(|(_, event)| is_told(event)).map(|(at, _)| at).collect();
            assert_eq!(events, expected);
            for (row, index) in events.iter().enumerate() {
                assert_eq!(telling.before(*index), row);
            }
        }
    }
}
