//! The one time cursor that every panel shows.

use crate::event::{EventKind, Nanos};
use crate::trace::{EventIndex, Log, Record};

/// Where the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Cursor {
    /// At the live edge, wherever that is.
    #[default]
    Live,
    /// After this many events. The record may not have them yet: a step at the live edge waits for its event.
    After(EventIndex),
    /// At a time, after every event up to it.
    Time(Nanos),
}

/// A point of the record: what the cursor means now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    /// How many events come before it.
    pub(crate) index: EventIndex,
    /// Its time: that of the last of these events, or later.
    pub(crate) at: Nanos,
    /// Whether it is the live edge.
    pub(crate) is_live: bool,
}

impl Cursor {
    /// What is looked at once a run is over: its end or, after a deadlock, the standstill, as the end frees what the tasks
    /// held and hides who waited for whom.
    pub(crate) fn at_end_of(record: &Record) -> Self {
        record.standstill().map_or(Self::Live, Self::After)
    }

    /// The cursor's point in a record whose clock stands at `now`.
    pub(crate) fn point(self, record: &Record, now: Nanos) -> Point {
        let log = record.log();
        let (index, at) = match self {
            Self::After(index) if index < log.len() => {
                let index = skip_silent(log, index.max(record.first()));
                (index, log.time_at(index))
            }
            Self::Time(time) if time < now => (log.index_after(time), time),
            Self::Live | Self::After(_) | Self::Time(_) => (log.len(), now),
        };
        let index = index.max(record.first());
        Point { index, at, is_live: index == log.len() && at == now }
    }
}

impl Point {
    /// Whether nothing more happens in a run that is over, but that its tasks are dropped.
    pub(crate) fn is_at_end(self, record: &Record) -> bool {
        self.is_live || record.standstill() == Some(self.index)
    }

    /// One event on; none at the end of the record.
    pub(crate) fn next_event(self, log: &Log) -> Option<Cursor> {
        (self.index < log.len()).then(|| Cursor::After(skip_silent(log, self.index + 1)))
    }

    /// One event back: first to the last event itself where time has passed since, then to the one before.
    pub(crate) fn previous_event(self, log: &Log) -> Cursor {
        if self.at > log.time_at(self.index) {
            return Cursor::Time(log.time_at(self.index));
        }
        let mut index = self.index.saturating_sub(1);
        while index > 0 && is_silent(log, index - 1) {
            index -= 1;
        }
        Cursor::After(index)
    }

    /// To the end of the next poll; none where the record has no such end.
    pub(crate) fn next_poll(self, record: &Record) -> Option<Cursor> {
        record.steps().next_poll_end(self.index).map(Cursor::After)
    }

    /// To the beginning of the poll before.
    pub(crate) fn previous_poll(self, record: &Record) -> Cursor {
        Cursor::After(record.steps().previous_poll_start(self.index))
    }
}

/// Past the definitions at `index`, which show nothing.
fn skip_silent(log: &Log, mut index: EventIndex) -> EventIndex {
    while index > 0 && index < log.len() && is_silent(log, index - 1) {
        index += 1;
    }
    index
}

fn is_silent(log: &Log, index: EventIndex) -> bool {
    log.get(index).is_some_and(|event| matches!(event.kind, EventKind::SiteDefined { .. }))
}
