//! The steps axis: every poll one column, in order, and each sleep of the loop one column however long it was. A task that
//! is dropped on its turn has a column too, although it is not polled.
//!
//! In virtual time a poll takes no time, so on the time axis the polls of one instant lie on one another. Here their
//! order can be seen. A position is a column's number plus a fraction of it.

use super::blocks::Blocks;
use super::bytes::{Reader, put};
use super::log::{EventIndex, Log};
use crate::event::{DropCause, Event, EventKind, Nanos, TaskId};

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A task was polled.
    Poll(TaskId),
    /// A task was dropped on its turn, instead of being polled.
    Drop(TaskId),
    /// The loop slept.
    Gap {
        /// From when.
        from: Nanos,
        /// Until when; none while it sleeps.
        until: Option<Nanos>,
    },
}

/// The events that open and close a column.
#[derive(Debug, Clone, Copy)]
struct Entry {
    is_poll: bool,
    /// The event that opened it.
    first: EventIndex,
    /// The event that closed it.
    last: Option<EventIndex>,
}

impl Entry {
    /// How far into the column an event lies that is not before it.
    fn part(&self, index: EventIndex) -> f64 {
        match self.last {
            Some(last) if index >= last => 1.0,
            Some(last) => (index - self.first) as f64 / (last - self.first).max(1) as f64,
            None => 1.0 - 1.0 / (1.0 + (index - self.first) as f64),
        }
    }
}

/// Columns in a block.
const BLOCK: usize = 64;

/// Which events the columns of a record are.
#[derive(Debug, Default)]
pub(crate) struct StepIndex {
    /// The closed columns. At the head of each block is the event that opened its first.
    blocks: Blocks<EventIndex, BLOCK>,
    /// Where the last of them ends.
    after: EventIndex,
    open: Option<Entry>,
}

impl StepIndex {
    /// Takes in the event number `index`.
    #[inline]
    pub(crate) fn learn(&mut self, index: EventIndex, event: &Event) {
        match &event.kind {
            EventKind::PollStarted { .. } => self.open(index, true),
            EventKind::LoopIdle { .. } => self.open(index, false),
            EventKind::PollEnded { .. } | EventKind::LoopAwake => {
                if let Some(open) = &mut self.open {
                    open.last.get_or_insert(index);
                }
            }
            // What remains at the end of a run is dropped on nobody's turn, and what a poll drops, on that of its task.
            EventKind::TaskDropped { cause, .. } if *cause != DropCause::RunEnded && !self.is_polling() => {
                self.open(index, false);
                self.open = Some(Entry { is_poll: false, first: index, last: Some(index) });
            }
            _ => {}
        }
    }

    fn is_polling(&self) -> bool {
        self.open.is_some_and(|open| open.is_poll && open.last.is_none())
    }

    fn open(&mut self, first: EventIndex, is_poll: bool) {
        if let Some(before) = self.open.replace(Entry { is_poll, first, last: None }) {
            self.write(before.first, before.last.unwrap_or(first), before.is_poll);
        }
    }

    fn write(&mut self, first: EventIndex, last: EventIndex, is_poll: bool) {
        if self.blocks.begins_block() {
            self.blocks.begin_block(first);
            self.after = first;
        }
        let bytes = self.blocks.next_item();
        put(bytes, ((first - self.after) as u64) << 1 | u64::from(is_poll));
        put(bytes, (last - first) as u64);
        self.after = last;
    }

    /// Gives up the columns before the event `index`, as far as whole blocks go.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) {
        self.blocks.evict(|_, head| *head < index);
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.blocks.size()
    }

    fn written(&self) -> usize {
        self.blocks.len()
    }

    /// The columns of a block, counted from the first one kept.
    fn block(&self, block: usize) -> impl Iterator<Item = Entry> {
        let found = self.blocks.block(block);
        let mut reader = Reader::new(found.map_or(&[], |(_, columns)| columns));
        let mut after = found.map_or(0, |(first, _)| *first);
        std::iter::from_fn(move || {
            if reader.is_empty() {
                return None;
            }
            let step = reader.get();
            let first = after + (step >> 1) as usize;
            after = first + reader.get() as usize;
            Some(Entry { is_poll: step & 1 == 1, first, last: Some(after) })
        })
    }

    /// The columns from number `start` on, or from the first one kept, with their numbers.
    fn entries(&self, start: usize) -> impl Iterator<Item = (usize, Entry)> {
        let (from, skip) = self.blocks.place(start);
        let number = start.max(self.blocks.first()) - skip;
        let written = (from..self.blocks.blocks()).flat_map(|block| self.block(block));
        let open = self.open.filter(|_| number <= self.written());
        (number..).zip(written.chain(open)).skip(skip)
    }

    /// The number of columns that are opened before the event `index`.
    fn count_before(&self, index: EventIndex) -> usize {
        if self.open.is_some_and(|open| open.first < index) {
            return self.written() + 1;
        }
        let Some((block, first)) = self.blocks.last_block(|head| *head < index) else { return self.blocks.first() };
        first + self.block(block).take_while(|entry| entry.first < index).count()
    }

    fn get(&self, number: usize) -> Option<Entry> {
        self.entries(number).next().filter(|(found, _)| *found == number).map(|(_, entry)| entry)
    }
}

/// The columns of a record.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a> {
    pub(crate) index: &'a StepIndex,
    pub(crate) log: &'a Log,
}

impl<'a> Steps<'a> {
    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.written() + usize::from(self.index.open.is_some())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns `range`, cut to those that there are, with their numbers.
    pub fn columns(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, Column)> + use<'a> {
        let log = self.log;
        let entries = self.index.entries(range.start).take_while(move |(number, _)| *number < range.end);
        entries.filter_map(move |(number, entry)| Some((number, column(log, entry)?)))
    }

    /// The columns `range` ready for many questions about where events lie.
    #[must_use]
    pub fn window(&self, range: std::ops::Range<usize>) -> StepWindow {
        let entries = self.index.entries(range.start).take_while(|(number, _)| *number < range.end);
        let mut entries = entries.peekable();
        let first = entries.peek().map_or(0, |(number, _)| *number);
        StepWindow { first, entries: entries.map(|(_, entry)| entry).collect() }
    }

    /// Where the event number `index` lies. What opens a column lies at its left edge, what closes it at its right
    /// edge, events inside a poll in between in order, and events between two columns on their border.
    #[must_use]
    pub fn position(&self, index: EventIndex) -> f64 {
        let number = self.index.count_before(index.saturating_add(1));
        let Some(column) = number.checked_sub(1) else { return 0.0 };
        self.index.get(column).map_or(number as f64, |entry| column as f64 + entry.part(index))
    }

    /// Where a point in time `at` after `index` events lies: like [`position`](Self::position) of the last event, and
    /// inside a sleep of the loop in proportion.
    #[must_use]
    pub fn position_of(&self, index: EventIndex, at: Nanos) -> f64 {
        let Some(last_event) = index.checked_sub(1) else { return 0.0 };
        let number = self.index.count_before(index);
        if let Some(number) = number.checked_sub(1)
            && let Some(entry) = self.index.get(number).filter(|entry| entry.first == last_event)
            && let Some(Column::Gap { from, until: Some(until) }) = column(self.log, entry)
        {
            let within = (at - from).0 as f64 / (until - from).0.max(1) as f64;
            return number as f64 + within.min(1.0);
        }
        self.position(last_event)
    }

    /// The point of the record at a position: how many events come before it and, inside a sleep of the loop, the
    /// time.
    #[must_use]
    pub fn point_at(&self, position: f64) -> (EventIndex, Option<Nanos>) {
        let number = position.max(0.0) as usize; // a cast saturates
        let within = position.max(0.0) - number as f64;
        let Some((_, entry)) = self.index.entries(number).next() else {
            let last = self.len().checked_sub(1).and_then(|last| self.index.get(last));
            return (last.map_or(0, |entry| entry.last.unwrap_or(entry.first) + 1), None);
        };
        match column(self.log, entry) {
            Some(Column::Gap { from, until: Some(until) }) => {
                let passed = Nanos(((until - from).0 as f64 * within) as u64);
                (entry.first + 1, Some(from + passed))
            }
            Some(Column::Gap { .. }) | None => (entry.first + 1, None),
            Some(Column::Drop(_)) => (entry.first + usize::from(within >= 0.5), None),
            Some(Column::Poll(_)) => {
                let length = entry.last.map_or(0, |last| last - entry.first);
                (entry.first + 1 + (length as f64 * within).round() as usize, None)
            }
        }
    }

    /// The index after the next poll that ends after `index`; none if no poll does.
    #[must_use]
    pub fn next_poll_end(&self, index: EventIndex) -> Option<EventIndex> {
        let from = self.index.count_before(index).saturating_sub(1);
        let mut polls = self.index.entries(from).filter(|(_, entry)| entry.is_poll);
        let (_, poll) = polls.find(|(_, poll)| poll.last.is_none_or(|last| last >= index))?;
        poll.last.map(|last| last + 1)
    }

    /// The index before the last poll that began before `index`; 0 if none did.
    #[must_use]
    pub fn previous_poll_start(&self, index: EventIndex) -> EventIndex {
        let until = self.index.count_before(index);
        let first = self.index.blocks.first();
        let polls = (first..until).rev().filter_map(|number| self.index.get(number));
        polls.filter(|entry| entry.is_poll).map(|entry| entry.first).next().unwrap_or(0)
    }
}

/// Columns that follow one another, taken out of a record.
#[derive(Debug, Clone, Default)]
pub struct StepWindow {
    /// The number of the first.
    first: usize,
    entries: Vec<Entry>,
}

impl StepWindow {
    /// As [`Steps::position`]; none for an event before the first column or after the last.
    #[must_use]
    pub fn position(&self, index: EventIndex) -> Option<f64> {
        let number = self.entries.partition_point(|entry| entry.first <= index).checked_sub(1)?;
        let entry = self.entries.get(number).filter(|_| number + 1 < self.entries.len())?;
        Some((self.first + number) as f64 + entry.part(index))
    }
}

/// What a column shows; none where its events are not kept.
fn column(log: &Log, entry: Entry) -> Option<Column> {
    let event = log.get(entry.first)?;
    match event.kind {
        EventKind::PollStarted { task } => Some(Column::Poll(task)),
        EventKind::TaskDropped { task, .. } => Some(Column::Drop(task)),
        _ => Some(Column::Gap { from: event.at, until: entry.last.and_then(|last| log.get(last)).map(|end| end.at) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{PollOutcome, WorkerId};

    fn steps(kinds: &[(u64, EventKind)]) -> (StepIndex, Log) {
        let (mut index, mut log) = (StepIndex::default(), Log::default());
        for (number, (at, kind)) in kinds.iter().enumerate() {
            let event = Event { at: Nanos(*at), worker: WorkerId(0), kind: kind.clone() };
            index.learn(number, &event);
            log.push(event);
        }
        (index, log)
    }

    fn two_polls_and_a_sleep() -> (StepIndex, Log) {
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
        let (index, log) = two_polls_and_a_sleep();
        let steps = Steps { index: &index, log: &log };
        assert_eq!(steps.len(), 3);
        assert_eq!(steps.position(0), 0.0);
        assert_eq!(steps.position(1), 0.5);
        assert_eq!(steps.position(2), 1.0);
        assert_eq!(steps.position(5), 2.0);
        assert_eq!(steps.position_of(4, Nanos(25)), 1.25);
    }

    #[test]
    fn a_position_and_its_point_are_inverse() {
        let (index, log) = two_polls_and_a_sleep();
        let steps = Steps { index: &index, log: &log };
        for index in 1..=7 {
            let (point, at) = steps.point_at(steps.position_of(index, Nanos(0)));
            let back = steps.position_of(point, at.unwrap_or_default());
            assert_eq!(back, steps.position_of(index, Nanos(0)), "after {index} events");
        }
        assert_eq!(steps.point_at(1.5), (4, Some(Nanos(50))));
    }

    #[test]
    fn a_task_dropped_on_its_turn_has_a_column_and_one_dropped_elsewhere_has_none() {
        let (task, other) = (TaskId(0), TaskId(1));
        let dropped = |task, cause| (0, EventKind::TaskDropped { task, cause });
        let (index, log) = steps(&[
            (0, EventKind::PollStarted { task }),
            dropped(other, DropCause::Cancelled),
            (0, EventKind::PollEnded { task, outcome: PollOutcome::Pending }),
            dropped(task, DropCause::Cancelled),
            dropped(TaskId(2), DropCause::RunEnded),
        ]);
        let steps = Steps { index: &index, log: &log };
        let columns: Vec<Column> = steps.columns(0..9).map(|(_, column)| column).collect();
        assert_eq!(columns, [Column::Poll(task), Column::Drop(task)]);
        assert_eq!((steps.position(2), steps.position(3), steps.position(4)), (1.0, 2.0, 2.0));
        assert_eq!((steps.point_at(1.0).0, steps.point_at(1.9).0), (3, 4), "before and after the drop");
    }

    #[test]
    fn stepping_by_polls_stops_at_each_end() {
        let (index, log) = two_polls_and_a_sleep();
        let steps = Steps { index: &index, log: &log };
        assert_eq!(steps.next_poll_end(0), Some(3));
        assert_eq!(steps.next_poll_end(3), Some(7));
        assert_eq!(steps.next_poll_end(7), None);
        assert_eq!(steps.previous_poll_start(7), 5);
        assert_eq!(steps.previous_poll_start(5), 0);
        assert_eq!(steps.previous_poll_start(0), 0);
    }
}
