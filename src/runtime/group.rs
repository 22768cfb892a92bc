//! Several tasks waited for as one: each tells the group of its end in the turn after it, and the group wakes who waits.
//!
//! These are the two turns that asyncio's `gather` and `wait` take.

use super::core::{Callback, CallbackWaker, Core, Doing, Ready};
use super::task::Task;
use crate::event::TaskId;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// How many of its tasks have to end before the group wakes who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    All,
    First,
}

/// Makes the loop run `callback` in the turn after the task ended; in the next turn if it has ended before.
pub(super) fn call_when_ended<T>(task: &mut Task<T>, callback: impl Callback + 'static) {
    let callback = Arc::new(callback);
    if task.is_finished() {
        Core::with(|core| core.push(Ready::Callback(callback)));
    } else {
        let waker = Waker::from(Arc::new(CallbackWaker(callback)));
        let poll = task.poll_output(&mut Context::from_waker(&waker));
        debug_assert!(poll.is_pending(), "a task that has not ended has no output");
    }
}

#[derive(Debug)]
pub(super) struct Group(Mutex<State>);

#[derive(Debug)]
struct State {
    /// How many have still to end before the group wakes who waits.
    left: usize,
    parent: Option<Waker>,
}

/// What the loop runs in the turn after a task of the group ended.
struct Ended {
    task: TaskId,
    group: Arc<Group>,
}

impl Callback for Ended {
    fn call(&self, core: &Core) {
        let parent = {
            let mut state = self.group.lock();
            state.left = state.left.saturating_sub(1);
            if state.left > 0 { None } else { state.parent.take() }
        };
        if let Some(parent) = parent {
            core.doing(Doing::Gathered(self.task), || parent.wake());
        }
    }
}

impl Group {
    /// A group of tasks, which tell it of their ends from now on.
    ///
    /// # Panics
    /// Outside a run, if there is a task.
    pub(super) fn watch<T>(tasks: &mut [Task<T>], need: Need) -> Arc<Self> {
        let left = match need {
            Need::All => tasks.len(),
            Need::First => tasks.len().min(1),
        };
        let group = Arc::new(Self(Mutex::new(State { left, parent: None })));
        for task in tasks {
            let id = task.id();
            call_when_ended(task, Ended { task: id, group: Arc::clone(&group) });
        }
        group
    }

    /// Ready when enough have ended; else who polls is woken then.
    pub(super) fn poll_enough(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.left == 0 {
            return Poll::Ready(());
        }
        state.parent = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Wakes nobody any more.
    pub(super) fn forget_parent(&self) {
        self.lock().parent = None;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
