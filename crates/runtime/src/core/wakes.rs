//! Who wakes whom, and why: the cause of every enqueue follows from what the thread is doing.

use super::cell::TaskCell;
use super::loop_state::{Callback, Ready};
use super::{Core, Host};
use crate::event::{EnqueueCause, EventKind, TaskId};
use std::sync::Arc;

/// What the thread is doing, so that a wake can name its cause.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Nothing of its own: on the real clock, the reactor runs now.
    Reactor,
    /// A stock executor is at work, or the future that it was given.
    Executor,
    /// A task runs that the record does not know.
    Unrecorded,
    Spawning,
    /// A task runs.
    Polling(TaskId),
    /// A task has just given control back.
    Polled(TaskId),
    /// It wakes tasks that waited, for this cause.
    Telling(EnqueueCause),
    /// A task's handle is dropped.
    Cancelling(TaskId),
    /// The run is over; what is still scheduled will be dropped.
    Ending,
}

impl Core {
    /// Runs `f`, whose wakes have the given cause.
    pub(crate) fn telling<R>(&self, cause: EnqueueCause, f: impl FnOnce() -> R) -> R {
        self.doing(Doing::Telling(cause), f)
    }

    /// Why a task that this thread wakes now is woken.
    pub(super) fn wake_cause(&self, task: TaskId) -> EnqueueCause {
        match self.doing_now() {
            Doing::Reactor | Doing::Ending => EnqueueCause::Io,
            Doing::Executor => EnqueueCause::MainFuture,
            Doing::Unrecorded => EnqueueCause::BeforeRecord,
            Doing::Spawning => EnqueueCause::Spawned,
            Doing::Polling(by) if by == task => EnqueueCause::OwnYield(self.yielded_at()),
            Doing::Polling(by) => EnqueueCause::WokenBy(by),
            Doing::Polled(ended) => EnqueueCause::Joined(ended),
            Doing::Telling(cause) => cause,
            Doing::Cancelling(cancelled) => match self.current_task() {
                Some(by) if cancelled != task => EnqueueCause::WokenBy(by),
                _ => EnqueueCause::Cancelled,
            },
        }
    }

    /// Records a wake on this thread that makes a task ready. The caller holds the task's lock. A loop records it when the task
    /// comes into its queue; a stock executor keeps its queue to itself.
    pub(crate) fn woken(&self, cell: &TaskCell) {
        if self.event_loop().is_none() {
            let (task, cause) = (cell.task, self.wake_cause(cell.task));
            if !cell.is_announced(self.epoch()) {
                return self.announce_while_telling(cell, cause);
            }
            self.emit_life(cell, self.now(), || EventKind::Enqueued { task, cause });
            cell.note_told_ready(self.epoch());
        }
    }

    /// Records a wake that found the task ready. The caller holds the task's lock.
    pub(super) fn coalesced(&self, cell: &TaskCell, cause: EnqueueCause) {
        let task = cell.task;
        if cell.is_announced_to(self.epoch()) {
            self.emit_life(cell, self.now(), || EventKind::WakeCoalesced { task, cause });
        }
    }

    /// Lets `callback` run in the next turn of a loop; at once where there is no loop.
    pub(crate) fn call_soon(&self, callback: Arc<dyn Callback>) {
        match &self.host {
            Host::Loop(state) => state.push(Ready::Callback(callback)),
            Host::Worker(_) => callback.call(self),
        }
    }
}
