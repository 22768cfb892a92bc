//! What a thread notes as it polls tasks and drops them.

use super::cancel::Scope;
use super::cell::TaskCell;
use super::standing::Standing;
use super::wake_state::After;
use super::wakes::Doing;
use super::{Core, Host};
use crate::event::{DropCause, EnqueueCause, EventKind, Nanos, PollOutcome};
use std::sync::Arc;

/// What was under way on a thread before it began a poll.
pub(crate) struct BeforePoll {
    doing: Doing,
    task: Option<Arc<TaskCell>>,
    scope: Option<Arc<Scope>>,
    standing: Standing,
}

impl Core {
    /// Records a task that is spawned, or that exists when a record begins.
    #[inline]
    pub(crate) fn announce(&self, cell: &TaskCell, cause: EnqueueCause) {
        if !cell.is_announced(self.epoch()) {
            let _telling = self.event_loop().is_none().then(|| cell.telling());
            self.announce_while_telling(cell, cause);
        }
    }

    /// The same. The caller holds the lock of `telling`, or nobody else knows the task.
    pub(crate) fn announce_while_telling(&self, cell: &TaskCell, cause: EnqueueCause) {
        if cell.is_announced(self.epoch()) {
            return; // by another thread
        }
        let origin = cell.origin();
        let (task, parent, name) = (origin.task, origin.parent, self.task_name(&origin.name));
        let site = self.site(origin.place);
        self.emit_life(cell, self.now(), || EventKind::TaskSpawned { task, parent, name, site });
        if cause != EnqueueCause::Spawned || self.event_loop().is_none() {
            self.emit_life(cell, self.stamp(), || EventKind::Enqueued { task, cause });
            cell.note_told_ready(self.epoch());
        }
        cell.note_announced(self.epoch());
    }

    /// Begins a poll; what was under way on this thread before.
    #[inline]
    pub(crate) fn poll_started(&self, cell: Arc<TaskCell>) -> BeforePoll {
        let task = cell.task;
        self.yielded_at.set(None);
        if self.is_on() && self.event_loop().is_none() && !cell.take_told_ready(self.epoch()) {
            // Woken by a thread that did not know of who listens.
            let cause = EnqueueCause::BeforeRecord;
            self.emit_life(&cell, self.stamp(), || EventKind::Enqueued { task, cause });
        }
        self.emit_life(&cell, self.stamp(), || EventKind::PollStarted { task });
        BeforePoll {
            doing: self.doing.replace(Doing::Polling(task)),
            task: self.task.replace(Some(cell)),
            scope: self.scope.take(),
            standing: self.standing.take(),
        }
    }

    /// Ends a poll; the task's cell.
    #[inline]
    pub(crate) fn poll_ended(&self, before: BeforePoll, outcome: PollOutcome) -> Option<Arc<TaskCell>> {
        let cell = self.task.replace(before.task)?;
        let task = cell.task;
        if self.is_on() {
            self.emit_life(&cell, self.now(), || EventKind::PollEnded { task, outcome });
        }
        self.scope.replace(before.scope);
        self.standing.set(before.standing);
        // A poll within a poll goes back to that; otherwise the executor now wakes the tasks that await this one.
        let is_nested = matches!(before.doing, Doing::Polling(_));
        self.doing.set(if is_nested { before.doing } else { Doing::Polled(task) });
        match cell.poll_ended(outcome != PollOutcome::Pending) {
            After::Idle => self.again.set(None),
            After::Ready(by) => self.ready_again(&cell, by),
        }
        if self.event_loop().is_some() {
            self.run.control.poll_done();
        }
        Some(cell)
    }

    /// Records that the task that was polled is ready again. Without a cause it woke itself.
    #[inline]
    fn ready_again(&self, cell: &TaskCell, by: Option<EnqueueCause>) {
        let (task, cause) = (cell.task, by.unwrap_or_else(|| EnqueueCause::OwnYield(self.yielded_at.take())));
        self.again.set(Some(cause));
        if let Host::Worker(_) = &self.host {
            self.emit_life(cell, self.stamp(), || EventKind::Enqueued { task, cause });
            cell.note_told_ready(self.epoch());
        }
        if let Some(telling) = cell.lets_go() {
            telling.take_woken_by().into_iter().for_each(|cause| cell.tell_also_woken(self, cause));
        }
    }

    /// Runs `f` as the destructors of a task, whose wakes are its doing.
    pub(crate) fn dropping<R>(&self, cell: &Arc<TaskCell>, f: impl FnOnce() -> R) -> R {
        let doing = if self.is_ending() { Doing::Ending } else { Doing::Polling(cell.task) };
        let before = (self.task.replace(Some(Arc::clone(cell))), self.is_dropping.replace(true));
        let result = self.doing(doing, f);
        self.task.replace(before.0);
        self.is_dropping.set(before.1);
        result
    }

    /// Records that a task was dropped unfinished.
    pub(crate) fn dropped(&self, cell: &TaskCell, cause: DropCause) {
        let task = cell.task;
        let epoch = self.run.epoch();
        if !cell.is_announced_to(epoch) {
            return;
        }
        if self.is_up_to_date() {
            self.emit_life(cell, self.now(), || EventKind::TaskDropped { task, cause });
        } else {
            self.run.emit_outside(epoch, Nanos(cell.stamp().0 + 1), EventKind::TaskDropped { task, cause });
        }
    }
}
