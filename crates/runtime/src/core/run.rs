//! What all threads of a run share.

use super::Core;
use super::cell::TaskCell;
use super::surroundings::Surroundings;
use super::wake_state::Polls;
use crate::control::Control;
use crate::event::{
    EnqueueCause, EventKind, FrameId, IdSequence, JobId, Nanos, ResourceId, SiteId, TaskId, TimerId, WaitId, WorkerId,
};
use crate::probe::clock::Wall;
use crate::probe::outlet::Epoch;
use crate::probe::outlet::Outlet;
use crate::probe::place::Place;
use crate::probe::recorder::Shared;
use crate::probe::sites::{Sites, site_defined};
use crate::probe::watcher::SharedWatcher;
use async_task::{Runnable, ScheduleInfo};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Distinguishes the runs of this process. It is in no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RunId(u64);

static RUNS: AtomicU64 = AtomicU64::new(0);

/// Gives out the ids of a run, whether or not somebody listens.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    pub(crate) tasks: IdSequence<TaskId>,
    pub(crate) timers: IdSequence<TimerId>,
    pub(crate) waits: IdSequence<WaitId>,
    pub(crate) resources: IdSequence<ResourceId>,
    pub(crate) frames: IdSequence<FrameId>,
    pub(crate) jobs: IdSequence<JobId>,
}

/// What other threads leave for a loop.
#[derive(Debug)]
pub(crate) enum Left {
    /// A task that became ready.
    Ready(TaskId, Runnable, EnqueueCause),
    /// A task that was ready already, after so many polls, was woken again.
    Coalesced { task: TaskId, cause: EnqueueCause, polls: Polls },
}

/// What all threads of a run share.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    pub(crate) control: Control,
    pub(crate) ids: Ids,
    kind: RunKind,
    /// When a run on the machine's clock started.
    start: Option<Wall>,
    sites: Sites,
    left: Mutex<Vec<Left>>,
    was_left: Condvar,
    /// Jobs on other threads that are not done.
    jobs: AtomicUsize,
    has_left: AtomicBool,
}

/// Who polls the tasks of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunKind {
    /// An event loop, on its own thread alone.
    Loop,
    /// Threads of a stock executor.
    Threads,
    /// Whichever threads run the executors of the program itself.
    Guests,
}

thread_local! {
    /// Why a thread that polls no task is about to wake one.
    static OUTSIDE_CAUSE: Cell<Option<EnqueueCause>> = const { Cell::new(None) };
}

impl Run {
    pub(crate) fn new(control: Control, kind: RunKind, start: Option<Wall>) -> Arc<Self> {
        let ids = Ids::default();
        let task_itself = ids.frames.issue();
        debug_assert_eq!(task_itself, FrameId::TASK);
        Arc::new(Self {
            id: RunId(RUNS.fetch_add(1, Ordering::Relaxed)),
            control,
            ids,
            kind,
            start,
            sites: Sites::default(),
            left: Mutex::default(),
            was_left: Condvar::new(),
            jobs: AtomicUsize::default(),
            has_left: AtomicBool::default(),
        })
    }

    pub(super) fn is_loop(&self) -> bool {
        self.kind == RunKind::Loop
    }

    pub(crate) fn is_guest(&self) -> bool {
        self.kind == RunKind::Guests
    }

    /// When a run on the machine's clock started.
    pub(crate) fn start(&self) -> Option<Wall> {
        self.start
    }

    // --- Threads that poll no task of this run.

    /// Why this thread wakes a task: the cause it set, or the one its surroundings imply.
    pub(super) fn outside_cause() -> EnqueueCause {
        OUTSIDE_CAUSE.get().unwrap_or_else(Surroundings::cause)
    }

    /// Runs `f`, whose wakes have this cause where the thread polls no task.
    pub(crate) fn with_outside_cause<R>(cause: EnqueueCause, f: impl FnOnce() -> R) -> R {
        struct Restore(Option<EnqueueCause>);
        impl Drop for Restore {
            fn drop(&mut self) {
                OUTSIDE_CAUSE.set(self.0); // also where a waker panics
            }
        }
        let _restore = Restore(OUTSIDE_CAUSE.replace(Some(cause)));
        f()
    }

    /// Records a wake by such a thread that makes a task ready. The caller holds the task's lock.
    pub(super) fn woken_outside(&self, cell: &TaskCell, cause: EnqueueCause) {
        let (epoch, task) = (self.epoch(), cell.task);
        if !epoch.is_on() {
            return;
        }
        if !cell.is_announced(epoch) {
            return self.announce_outside(epoch, cell, cause);
        }
        let at = self.emit_outside(epoch, Nanos(cell.stamp().0 + 1), EventKind::Enqueued { task, cause });
        cell.set_stamp(at);
        cell.note_told_ready(epoch);
    }

    /// Records a wake by such a thread that found the task ready. The caller holds the task's lock.
    pub(super) fn coalesced_outside(&self, cell: &TaskCell, cause: EnqueueCause) {
        let (epoch, task) = (self.epoch(), cell.task);
        if cell.is_announced_to(epoch) {
            let told = EventKind::WakeCoalesced { task, cause };
            cell.set_stamp(self.emit_outside(epoch, Nanos(cell.stamp().0 + 1), told));
        }
    }

    /// Records in `epoch` a task that such a thread spawns, or meets first. The caller holds the
    /// task's lock, or nobody else knows the task.
    pub(crate) fn announce_outside(&self, epoch: Epoch, cell: &TaskCell, cause: EnqueueCause) {
        if cell.is_announced(epoch) {
            return;
        }
        let origin = cell.origin();
        let (site, defined) = self.site_outside(epoch, origin.place);
        let (task, parent, name) = (origin.task, origin.parent, origin.name.text());
        let floor = defined.max(Nanos(cell.stamp().0 + 1));
        let spawned = self.emit_outside(epoch, floor, EventKind::TaskSpawned { task, parent, name, site });
        let ready = self.emit_outside(epoch, Nanos(spawned.0 + 1), EventKind::Enqueued { task, cause });
        cell.set_stamp(ready);
        cell.note_announced(epoch);
        cell.note_told_ready(epoch);
    }

    /// Records a line that a job prints.
    pub(crate) fn say_outside(&self, task: Option<TaskId>, place: Place, text: &str) {
        let epoch = self.epoch();
        if !epoch.is_on() {
            return;
        }
        let (site, defined) = self.site_outside(epoch, place);
        self.emit_outside(epoch, defined, EventKind::Printed { task, site: Some(site), text: text.into() });
    }

    /// The id of a place, defined where it has to be, and when that was.
    fn site_outside(&self, epoch: Epoch, place: Place) -> (SiteId, Nanos) {
        let now = self.start.map_or(Nanos::ZERO, Wall::elapsed);
        let define = |site| self.emit_outside(epoch, now, site_defined(site, place));
        let (site, defined) = self.sites.site(place, epoch, now, define);
        (site, defined.map_or(Nanos::ZERO, |defined| Nanos(defined.0 + 1)))
    }

    /// Who listens now.
    pub(crate) fn epoch(&self) -> Epoch {
        self.control.outlet().epoch()
    }

    /// Records for `epoch` what a thread does that polls no task of this run, not earlier than `floor`. Returns when it was.
    pub(crate) fn emit_outside(&self, epoch: Epoch, floor: Nanos, kind: EventKind) -> Nanos {
        let (at, holds_for) = self.control.outlet().outside(WorkerId::OUTSIDE, epoch, floor, kind);
        if let Some(watcher) = holds_for {
            self.control.pause_here(&watcher);
            self.control.outlet().settle(epoch);
            watcher.held();
        }
        at
    }

    /// A job begins on another thread.
    pub(crate) fn job_begins(&self) {
        self.jobs.fetch_add(1, Ordering::SeqCst);
    }

    /// A job is done, and whom it wakes was woken.
    pub(crate) fn job_is_done(&self) {
        self.jobs.fetch_sub(1, Ordering::SeqCst);
        self.control.kick();
    }

    /// Waits until no job is under way, or the run is stopped.
    pub(crate) fn wait_for_jobs(&self) {
        ::smol::block_on(std::future::poll_fn(|cx| {
            self.control.set_root(cx.waker());
            if self.has_jobs() && !self.control.is_stopped() { Poll::Pending } else { Poll::Ready(()) }
        }));
    }

    /// Whether a job is under way that may wake somebody yet.
    pub(crate) fn has_jobs(&self) -> bool {
        self.jobs.load(Ordering::SeqCst) > 0
    }

    // --- What other threads leave for a loop.

    /// What async-task calls when a task of a loop becomes ready, on whichever thread woke it.
    pub(crate) fn schedule(self: &Arc<Self>, task: TaskId, runnable: Runnable, info: ScheduleInfo) {
        let mut runnable = Some(runnable);
        Core::try_with(|core| {
            if Arc::ptr_eq(&core.run, self)
                && let Some(runnable) = runnable.take()
            {
                core.schedule(task, runnable, info);
            }
        });
        if let Some(runnable) = runnable {
            self.leave(Left::Ready(task, runnable, Self::outside_cause()));
        }
    }

    /// Leaves something for the loop to take.
    pub(crate) fn leave(&self, left: Left) {
        lock(&self.left).push(left);
        self.was_left.notify_one();
        self.has_left.store(true, Ordering::SeqCst);
        self.control.kick();
    }

    /// Whether another thread has left something that was not taken yet.
    pub(crate) fn has_left(&self) -> bool {
        self.has_left.load(Ordering::SeqCst)
    }

    /// Waits until another thread leaves something.
    pub(crate) fn wait_for_left(&self) {
        let mut left = lock(&self.left);
        while left.is_empty() {
            left = self.was_left.wait(left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes what other threads left, oldest first.
    pub(crate) fn take_left(&self) -> Vec<Left> {
        if !self.has_left.load(Ordering::Relaxed) {
            return Vec::new();
        }
        self.has_left.store(false, Ordering::SeqCst);
        self.control.unkick();
        std::mem::take(&mut *lock(&self.left))
    }
}

impl Shared for Run {
    fn outlet(&self) -> &Arc<Outlet> {
        self.control.outlet()
    }

    fn sites(&self) -> &Sites {
        &self.sites
    }

    fn pause_here(&self, watcher: &SharedWatcher) {
        self.control.pause_here(watcher);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
