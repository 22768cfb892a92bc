//! What became of a shared thing: every change of it, and who waited for it how long.

use crate::event::{EventKind, Nanos, ResourceId, ResourceState, TaskId, WaitId, WaitOn};
use crate::trace::{EventIndex, Record};
use std::collections::HashMap;

/// A wait for the thing that is over, or a hold of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitFor {
    pub(crate) task: TaskId,
    /// The event that began it.
    pub(crate) first: EventIndex,
    pub(crate) start: Nanos,
    /// The event that ended it.
    pub(crate) last: EventIndex,
    pub(crate) end: Nanos,
}

impl WaitFor {
    pub(crate) fn length(&self) -> Nanos {
        self.end - self.start
    }
}

#[derive(Debug, Clone, Copy)]
struct Change {
    index: EventIndex,
    at: Nanos,
    level: u32,
    holder: Option<TaskId>,
}

/// Intervals in the order of their ends, each with the longest up to there.
#[derive(Debug, Default)]
struct Longest(Vec<(WaitFor, WaitFor)>);

impl Longest {
    fn push(&mut self, wait: WaitFor) {
        let before = self.0.last().map(|(_, longest)| *longest);
        let longest = before.filter(|before| before.length() >= wait.length()).unwrap_or(wait);
        self.0.push((wait, longest));
    }

    /// How many ended before an event, and the longest of them.
    fn before(&self, index: EventIndex) -> (usize, Option<WaitFor>) {
        let count = self.0.partition_point(|(wait, _)| wait.last < index);
        (count, count.checked_sub(1).and_then(|last| self.0.get(last)).map(|(_, longest)| *longest))
    }
}

#[derive(Debug)]
pub(crate) struct ResourceHistory {
    resource: ResourceId,
    read: EventIndex,
    changes: Vec<Change>,
    open: HashMap<WaitId, (TaskId, EventIndex, Nanos)>,
    waits: Longest,
    holds: Longest,
}

impl ResourceHistory {
    pub(super) fn new(resource: ResourceId) -> Self {
        let (waits, holds) = Default::default();
        Self { resource, read: 0, changes: Vec::new(), open: HashMap::new(), waits, holds }
    }

    pub(super) fn read(&mut self, record: &Record, most: usize) -> bool {
        let start = self.read.max(record.first());
        for (offset, event) in record.log().iter_from(start).take(most).enumerate() {
            let (index, at) = (start + offset, event.at);
            match event.kind {
                EventKind::ResourceChanged { resource, state, .. } if resource == self.resource => {
                    self.change(index, at, state);
                }
                EventKind::WaitBegan { task, wait, on: WaitOn::Resource(resource, _), .. }
                    if resource == self.resource =>
                {
                    self.open.insert(wait, (task, index, at));
                }
                EventKind::WaitEnded { wait, .. } => {
                    if let Some((task, first, start)) = self.open.remove(&wait) {
                        self.waits.push(WaitFor { task, first, start, last: index, end: at });
                    }
                }
                _ => {}
            }
            self.read = index + 1;
        }
        self.read < record.log().len()
    }

    fn change(&mut self, index: EventIndex, at: Nanos, state: ResourceState) {
        let holder = if let ResourceState::Lock { holder } = state { holder } else { None };
        if let Some(last) = self.changes.last()
            && let Some(task) = last.holder.filter(|_| last.holder != holder)
        {
            self.holds.push(WaitFor { task, first: last.index, start: last.at, last: index, end: at });
        }
        self.changes.push(Change { index, at, level: state.level(), holder });
    }

    /// How many waits were over before an event, and the longest of them.
    pub(crate) fn waits_before(&self, index: EventIndex) -> (usize, Option<WaitFor>) {
        self.waits.before(index)
    }

    /// The same of the times that a task held it, where that is known: of locks.
    pub(crate) fn holds_before(&self, index: EventIndex) -> (usize, Option<WaitFor>) {
        self.holds.before(index)
    }

    /// How many changes there were before an event.
    pub(crate) fn changes_before(&self, index: EventIndex) -> usize {
        self.changes.partition_point(|change| change.index < index)
    }

    /// Its level over the time up to the cursor, in `columns` steps; over its changes, where no time passed. `begins` is
    /// what it held before its first change.
    pub(crate) fn levels(&self, index: EventIndex, at: Nanos, columns: usize, begins: u32) -> Vec<u32> {
        let known = self.changes.get(..self.changes_before(index)).unwrap_or_default();
        if at == Nanos::ZERO {
            let skipped = known.len().saturating_sub(columns);
            return [begins].into_iter().chain(known.iter().skip(skipped).map(|change| change.level)).collect();
        }
        let until = |column: usize| Nanos((u128::from(at.0) * (column + 1) as u128 / columns.max(1) as u128) as u64);
        let level_at = |time: Nanos| known.partition_point(|change| change.at <= time).checked_sub(1);
        (0..columns).map(|column| level_at(until(column)).map_or(begins, |place| known[place].level)).collect()
    }
}
