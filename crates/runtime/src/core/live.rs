//! The tasks of a loop that have not ended.

use super::cell::TaskCell;
use super::wake_state::Polls;
use crate::event::{TaskId, WaitOn};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

/// Whether a wait is for something that a loop does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outside {
    /// It is for a task, a timer, something shared.
    No,
    /// It is for an answer of the user.
    User,
    /// It is for input or output, another thread, another library.
    World,
}

impl Outside {
    pub(crate) fn of(on: &WaitOn) -> Self {
        match on {
            WaitOn::Sleep { .. } | WaitOn::Join(_) | WaitOn::Tasks(..) | WaitOn::Resource(..) => Self::No,
            WaitOn::Input(_) => Self::User,
            WaitOn::Job(_) | WaitOn::Stream(_) | WaitOn::Io(_) | WaitOn::Foreign(_) => Self::World,
        }
    }
}

/// A task that has not ended.
struct Live {
    cell: Arc<TaskCell>,
    /// async-task's own.
    waker: Waker,
    waits: OpenWaits,
}

/// The recorded waits of a task that are open, by what they are for.
#[derive(Debug, Default, Clone, Copy)]
struct OpenWaits {
    inside: u32,
    user: u32,
    world: u32,
}

impl OpenWaits {
    fn of(&mut self, outside: Outside) -> &mut u32 {
        match outside {
            Outside::No => &mut self.inside,
            Outside::User => &mut self.user,
            Outside::World => &mut self.world,
        }
    }
}

/// Every unfinished task of a loop, by id: the oldest first.
#[derive(Default)]
pub(crate) struct LiveTasks {
    tasks: RefCell<BTreeMap<TaskId, Live>>,
    /// Tasks whose future has not been dropped: those above, and those on their way out.
    undropped: Cell<usize>,
}

impl LiveTasks {
    pub(crate) fn add(&self, cell: Arc<TaskCell>, waker: Waker) {
        self.undropped.set(self.undropped.get() + 1);
        let task = cell.task;
        self.tasks.borrow_mut().insert(task, Live { cell, waker, waits: OpenWaits::default() });
    }

    pub(crate) fn remove(&self, task: TaskId) {
        self.undropped.set(self.undropped.get().saturating_sub(1));
        let removed = self.tasks.borrow_mut().remove(&task);
        drop(removed);
    }

    /// Takes the oldest; its waker.
    pub(crate) fn take_oldest(&self) -> Option<Waker> {
        self.tasks.borrow_mut().pop_first().map(|(_, live)| live.waker)
    }

    /// Whether the future of some task has not been dropped yet.
    pub(crate) fn has_undropped(&self) -> bool {
        self.undropped.get() > 0
    }

    /// Whether a task has not ended, is ready, and was not polled since it had been polled so often.
    pub(super) fn is_ready_since(&self, task: TaskId, polls: Polls) -> bool {
        self.tasks.borrow().get(&task).is_some_and(|live| live.cell.is_ready_since(polls))
    }

    /// Runs `f` for each of them.
    pub(crate) fn for_each(&self, mut f: impl FnMut(&TaskCell)) {
        self.tasks.borrow().values().for_each(|live| f(&live.cell));
    }

    /// Their names.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        self.tasks.borrow().values().map(Live::name).collect()
    }

    /// The names of those that wait for something that this loop does not know.
    pub(crate) fn names_of_outsiders(&self) -> Vec<Arc<str>> {
        self.tasks.borrow().values().filter(|live| live.waits_outside()).map(Live::name).collect()
    }

    /// Notes that a recorded wait of a task begins.
    pub(crate) fn wait_began(&self, task: TaskId, outside: Outside) {
        self.change(task, |waits| *waits.of(outside) += 1);
    }

    /// Notes that a recorded wait of a task is over.
    pub(crate) fn wait_ended(&self, task: TaskId, outside: Outside) {
        self.change(task, |waits| *waits.of(outside) = waits.of(outside).saturating_sub(1));
    }

    /// Whether each of them waits for another, or for something that they share.
    pub(crate) fn all_wait_for_each_other(&self) -> bool {
        !self.tasks.borrow().values().any(|live| live.waits_outside() || live.waits.user > 0)
    }

    /// Whether one of them waits for the user.
    pub(crate) fn some_wait_for_the_user(&self) -> bool {
        self.tasks.borrow().values().any(|live| live.waits.user > 0)
    }

    fn change(&self, task: TaskId, change: impl FnOnce(&mut OpenWaits)) {
        if let Some(live) = self.tasks.borrow_mut().get_mut(&task) {
            change(&mut live.waits);
        }
    }
}

impl Live {
    fn name(&self) -> Arc<str> {
        self.cell.origin().name.text()
    }

    /// Whether it waits for something that this loop does not know. A task that waits for nothing that was recorded
    /// does.
    fn waits_outside(&self) -> bool {
        let OpenWaits { inside, user, world } = self.waits;
        world > 0 || inside + user == 0
    }
}
