//! Several tasks waited for as one: each tells the group of its end in the turn after it, and the group wakes who waits.
//!
//! These are the two turns that asyncio's `gather` and `wait` take.

use crate::core::Core;
use crate::core::cancel::Awaited;
use crate::core::cell::TaskCell;
use crate::core::loop_state::{Callback, CallbackWaker};
use crate::event::{EnqueueCause, TaskId};
use crate::task::Task;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Lets `callback` run in the turn after the task ends; whether it has ended before, so that the caller has to.
pub(super) fn call_when_ended<T>(task: &mut Task<T>, callback: &Arc<impl Callback + 'static>) -> bool {
    let waker = Waker::from(Arc::new(CallbackWaker(Arc::clone(callback))));
    task.poll_ended(&mut Context::from_waker(&waker)).is_ready()
}

/// [`call_when_ended`]; in the next turn if it has ended before.
#[track_caller]
pub(super) fn call_when_ended_or_soon<T>(task: &mut Task<T>, callback: impl Callback + 'static) {
    let callback = Arc::new(callback);
    if call_when_ended(task, &callback) {
        Core::with(|core| core.call_soon(callback));
    }
}

#[derive(Debug)]
pub(super) struct Group {
    state: Mutex<State>,
    goes_on: GoesOn,
}

/// When who waits for a group goes on, if some of its tasks were cancelled.
#[derive(Debug, Clone, Copy)]
pub(super) enum GoesOn {
    /// When the first of those has ended.
    WithTheFirstCancelled,
    /// When all have ended.
    WithAll,
}

#[derive(Debug)]
struct State {
    /// How many have still to end before the group wakes who waits.
    left: usize,
    parent: Option<Waker>,
}

/// Why whoever waits for several tasks goes on when one of them ended and so many have not: it is the last of them, or it
/// is enough.
pub(super) fn cause_of_end(ended: TaskId, left: usize) -> EnqueueCause {
    if left == 0 { EnqueueCause::Gathered(ended) } else { EnqueueCause::Joined(ended) }
}

/// What the loop runs in the turn after a task of the group ended.
struct Ended {
    task: Arc<TaskCell>,
    group: Arc<Group>,
    /// A task that ends while it is asked for its end may tell twice.
    is_told: AtomicBool,
}

impl Callback for Ended {
    fn call(&self, core: &Core) {
        if self.is_told.swap(true, Ordering::AcqRel) {
            return;
        }
        let (parent, left) = {
            let mut state = self.group.lock();
            let left = state.left.saturating_sub(1);
            let is_enough = matches!(self.group.goes_on, GoesOn::WithTheFirstCancelled) && self.task.was_cancelled();
            state.left = if is_enough { 0 } else { left };
            (if state.left > 0 { None } else { state.parent.take() }, left)
        };
        if let Some(parent) = parent {
            core.telling(cause_of_end(self.task.task, left), || parent.wake());
        }
    }
}

impl Group {
    /// A group of tasks, which tell it of their ends from now on.
    ///
    /// # Panics
    /// Outside a run, if there is a task.
    #[track_caller]
    pub(crate) fn watch<T>(tasks: &mut [Task<T>], goes_on: GoesOn) -> Arc<Self> {
        let state = Mutex::new(State { left: tasks.len(), parent: None });
        let group = Arc::new(Self { state, goes_on });
        for task in tasks {
            let cell = Arc::clone(task.cell());
            call_when_ended_or_soon(
                task,
                Ended { task: cell, group: Arc::clone(&group), is_told: AtomicBool::default() },
            );
        }
        group
    }

    /// Ready when all have ended; else who polls is woken then.
    pub(super) fn poll_all_ended(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.left == 0 {
            return Poll::Ready(());
        }
        state.parent = Some(cx.waker().clone());
        Poll::Pending
    }

    /// What a cancellation of who gathers these tasks goes to.
    pub(crate) fn awaited<T>(tasks: &[Task<T>]) -> Arc<Awaited> {
        Awaited::new(tasks.iter().map(|task| Arc::clone(task.cell())).collect())
    }

    /// Wakes nobody any more.
    pub(super) fn forget_parent(&self) {
        self.lock().parent = None;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
