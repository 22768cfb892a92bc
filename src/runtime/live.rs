//! The tasks of a run that have not ended.

use crate::event::TaskId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

/// A task that has not ended.
pub(super) struct Live {
    name: Arc<str>,
    waker: Waker,
    /// Its recorded waits that are open.
    open_waits: u32,
    /// It will be dropped when its turn comes.
    is_cancelled: bool,
}

impl Live {
    pub(super) fn new(name: Arc<str>, waker: Waker) -> Self {
        Self { name, waker, open_waits: 0, is_cancelled: false }
    }
}

/// Every unfinished task of a run, by id: the oldest first.
#[derive(Default)]
pub(super) struct LiveTasks(RefCell<BTreeMap<TaskId, Live>>);

impl LiveTasks {
    pub(super) fn add(&self, task: TaskId, live: Live) {
        self.0.borrow_mut().insert(task, live);
    }

    pub(super) fn remove(&self, task: TaskId) {
        self.0.borrow_mut().remove(&task);
    }

    /// Takes the oldest; its waker.
    pub(super) fn take_oldest(&self) -> Option<Waker> {
        self.0.borrow_mut().pop_first().map(|(_, live)| live.waker)
    }

    /// Their names.
    pub(super) fn names(&self) -> Vec<Arc<str>> {
        self.0.borrow().values().map(|live| Arc::clone(&live.name)).collect()
    }

    /// Notes that a recorded wait of a task begins.
    pub(super) fn wait_began(&self, task: TaskId) {
        self.change(task, |live| live.open_waits += 1);
    }

    /// Notes that a recorded wait of a task is over.
    pub(super) fn wait_ended(&self, task: TaskId) {
        self.change(task, |live| live.open_waits = live.open_waits.saturating_sub(1));
    }

    /// Whether each of them has a recorded wait that is open.
    pub(super) fn all_wait(&self) -> bool {
        self.0.borrow().values().all(|live| live.open_waits > 0)
    }

    /// Notes that a task will only be dropped.
    pub(super) fn note_cancelled(&self, task: TaskId) {
        self.change(task, |live| live.is_cancelled = true);
    }

    /// Whether a task will only be dropped.
    pub(super) fn is_cancelled(&self, task: TaskId) -> bool {
        self.0.borrow().get(&task).is_some_and(|live| live.is_cancelled)
    }

    fn change(&self, task: TaskId, change: impl FnOnce(&mut Live)) {
        if let Some(live) = self.0.borrow_mut().get_mut(&task) {
            change(live);
        }
    }
}
