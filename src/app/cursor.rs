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

/// A length that grows while one looks at it, in two digits and never coarser than the last digit shown: nobody reads more
/// of them then, and words that stay as they are cost little.
fn in_passing(length: Nanos) -> Nanos {
    let unit = match length.0 {
        0..1_000 => 1,
        1_000..1_000_000 => 1_000,
        1_000_000..100_000_000 => 1_000_000,
        _ => 1_000_000_000,
    };
    let step = 10_u64.pow(length.0.max(1).ilog10().saturating_sub(1)).min(unit);
    Nanos(length.0.saturating_add(step / 2) / step * step)
}

impl Point {
    /// How long something has lasted that began then, as every view shows it.
    pub(crate) fn since(self, start: Nanos) -> Nanos {
        let lasted = self.at.since(start);
        if self.is_live { in_passing(lasted) } else { lasted }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_changes_has_two_digits_and_is_off_by_less_than_the_last_one_shown() {
        let read = |nanos: u64| in_passing(Nanos(nanos)).to_string();
        assert_eq!(read(19_200_000_000), "19 s");
        assert_eq!(read(1_630_000_000), "1.6 s");
        assert_eq!(read(192_400_000_000), "192 s");
        assert_eq!(read(456_700), "457 µs");
        assert_eq!([0, 7].map(read), ["0 s", "7 ns"]);
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..20_000 {
            let size = rng.u32(1..45);
            let length = rng.u64(0..1 << size);
            let shown = read(length);
            let number = shown.split(' ').next().unwrap();
            let places = number.split_once('.').map_or(0, |(_, part)| part.len());
            let unit = match shown.split(' ').nth(1).unwrap() {
                "ns" => 1.0,
                "µs" => 1e3,
                "ms" => 1e6,
                _ => 1e9,
            };
            let digit = unit / 10_f64.powi(places as i32);
            let off = (number.parse::<f64>().unwrap() * unit - length as f64).abs();
            assert!(off <= digit, "{length} ns reads as {shown}");
        }
    }

    #[test]
    fn where_nothing_moves_a_length_is_told_as_everywhere_else() {
        let point = Point { index: 0, at: Nanos(1_630_000_000), is_live: false };
        assert_eq!(point.since(Nanos::ZERO).to_string(), "1.63 s");
    }
}
