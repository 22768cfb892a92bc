//! What a task's future, its waker and those who wait for it share.
//!
//! The waker is made once for each task: a future that compares wakers (`Waker::will_wake`) must find it the same from
//! poll to poll, or a socket would wake its task for ever. It tells a wake that makes the task ready from one that finds
//! it ready already, and names the cause of both.

use super::core::Core;
use super::outlet::Epoch;
use super::recorder::Place;
use super::run::{Left, Run};
use super::scope::{Scope, cancel_task};
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Wake, Waker};

/// The task is in the ready queue, or will be as soon as it is polled to the end.
const SCHEDULED: u8 = 1;
/// The task is being polled.
const RUNNING: u8 = 2;
/// It woke itself while it ran.
const BY_ITSELF: u8 = 4;
/// It has ended, or is being dropped: wakes mean nothing any more.
const ENDED: u8 = 8;

/// A task's name, made into text only where somebody listens.
#[derive(Debug, Clone)]
pub(super) enum TaskName {
    Given(Arc<str>),
    /// The type of its future, as the compiler names it, and the line that spawned it.
    Type(&'static str, u32),
}

impl TaskName {
    pub(super) fn text(&self) -> Arc<str> {
        match self {
            Self::Given(name) => Arc::clone(name),
            // `app::fetch::{{closure}}` is the body of the async function `fetch`.
            Self::Type(path, line) => {
                let path = path.split('<').next().unwrap_or(path);
                let mut parts = path.rsplit("::").filter(|part| !part.starts_with("{{"));
                format!("{}:{line}", parts.next().unwrap_or("task")).into()
            }
        }
    }
}

/// Where a task comes from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) task: TaskId,
    pub(super) name: TaskName,
    pub(super) parent: Option<TaskId>,
    pub(super) place: Place,
}

/// What a task's future, its waker and those who wait for it share.
#[derive(Debug)]
pub(super) struct TaskCell {
    pub(super) task: TaskId,
    origin: Origin,
    run: Arc<Run>,
    /// async-task's waker; set at the first poll.
    inner: OnceLock<Waker>,
    state: AtomicU8,
    /// The time of the last event of its life, which the next one must not precede, whichever thread tells it.
    stamp: AtomicU64,
    /// What cancellations of it go through; made when it is needed.
    scope: OnceLock<Arc<Scope>>,
    has_ended: AtomicBool,
    was_cancelled: AtomicBool,
    /// Who woke it while it ran; none where it woke itself.
    woken_by: Mutex<Option<EnqueueCause>>,
    /// For whom it was announced.
    announced: AtomicU32,
    /// For whom it was told to be ready, since it ran last.
    told_ready: AtomicU32,
}

impl TaskCell {
    /// A task that is about to be scheduled.
    pub(super) fn new(origin: Origin, run: &Arc<Run>) -> Arc<Self> {
        Arc::new(Self {
            task: origin.task,
            origin,
            run: Arc::clone(run),
            inner: OnceLock::new(),
            state: AtomicU8::new(SCHEDULED),
            stamp: AtomicU64::default(),
            scope: OnceLock::new(),
            has_ended: AtomicBool::default(),
            was_cancelled: AtomicBool::default(),
            woken_by: Mutex::default(),
            announced: AtomicU32::default(),
            told_ready: AtomicU32::default(),
        })
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn run(&self) -> &Arc<Run> {
        &self.run
    }

    /// Whether it has yet to be announced to who listens since `epoch`; from now on it was.
    pub(super) fn announce(&self, epoch: Epoch) -> bool {
        // A thread that has not noticed a new sink yet does not set it back.
        self.announced.load(Ordering::Relaxed) < epoch.0
            && self.announced.fetch_max(epoch.0, Ordering::Relaxed) < epoch.0
    }

    /// What cancellations of it go through, as the outermost.
    pub(super) fn scope(&self) -> &Arc<Scope> {
        self.scope.get_or_init(Arc::default)
    }

    /// Whether a cancellation is on its way out of it.
    pub(super) fn is_cancelled(&self) -> bool {
        self.scope.get().is_some_and(|scope| scope.is_cancelled())
    }

    /// Whether something inside it meets a cancellation before it takes effect.
    pub(super) fn has_inner(&self) -> bool {
        self.scope.get().is_some_and(|scope| scope.has_inner())
    }

    /// Whether it is in the ready queue, or will be as soon as its poll ends.
    pub(super) fn is_ready(&self) -> bool {
        self.state.load(Ordering::Acquire) & SCHEDULED != 0
    }

    pub(super) fn note_ended(&self) {
        self.has_ended.store(true, Ordering::Release);
    }

    /// It has ended by a cancellation.
    pub(super) fn note_cancelled(&self) {
        self.was_cancelled.store(true, Ordering::Release);
        self.note_ended();
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// Whether it was dropped because it was cancelled.
    pub(super) fn was_cancelled(&self) -> bool {
        self.was_cancelled.load(Ordering::Acquire)
    }

    /// Cancels the task, unless it has ended.
    pub(super) fn cancel(self: &Arc<Self>) {
        if !self.has_ended() {
            cancel_task(self);
        }
    }

    /// Whether who listens since `epoch` knows of it, if somebody does.
    pub(super) fn is_announced(&self, epoch: Epoch) -> bool {
        !epoch.is_on() || self.announced.load(Ordering::Relaxed) == epoch.0
    }

    /// Notes that who listens since `epoch` was told that it is ready.
    pub(super) fn note_told_ready(&self, epoch: Epoch) {
        self.told_ready.store(epoch.0, Ordering::Release);
    }

    /// Whether who listens since `epoch` was told that it is ready; it runs now.
    pub(super) fn take_told_ready(&self, epoch: Epoch) -> bool {
        // Nobody else writes here while it runs.
        let told = self.told_ready.load(Ordering::Acquire) == epoch.0;
        self.told_ready.store(0, Ordering::Relaxed);
        told
    }

    /// The time of the last event of its life.
    pub(super) fn stamp(&self) -> Nanos {
        Nanos(self.stamp.load(Ordering::Acquire))
    }

    pub(super) fn set_stamp(&self, at: Nanos) {
        self.stamp.store(at.0, Ordering::Release);
    }

    /// The task is polled now; `waker` is async-task's.
    #[inline]
    pub(super) fn poll_starts(&self, waker: &Waker) {
        if self.inner.get().is_none() {
            drop(self.inner.set(waker.clone()));
        }
        // Sees what those did who found it ready already and left the wake to another.
        self.state.swap(RUNNING, Ordering::AcqRel);
    }

    /// It is dropped now: wakes mean nothing any more.
    pub(super) fn drops(&self) {
        self.state.fetch_or(ENDED, Ordering::AcqRel);
    }

    /// The task gave control back. Why it is ready again, if it was woken meanwhile.
    #[inline]
    pub(super) fn poll_ended(&self, is_over: bool) -> Option<Option<EnqueueCause>> {
        if is_over {
            self.state.swap(ENDED, Ordering::AcqRel);
            return None;
        }
        // It is running: to take that away needs no loop, as clearing several bits would.
        let before = self.state.fetch_sub(RUNNING, Ordering::AcqRel);
        let by_another = || Some(self.woken_by().take().unwrap_or(EnqueueCause::OtherThread));
        (before & SCHEDULED != 0).then(|| if before & BY_ITSELF != 0 { None } else { by_another() })
    }

    fn woken_by(&self) -> MutexGuard<'_, Option<EnqueueCause>> {
        self.woken_by.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the current thread polls this task's run, `f` is given its core then.
    fn on_own_core<R>(&self, f: impl FnOnce(&Core) -> R) -> Option<R> {
        Core::try_with(|core| Arc::ptr_eq(&core.run, &self.run).then(|| f(core))).flatten()
    }

    /// Records a wake, before it is done; whether there is anything to do.
    #[inline]
    fn woken(&self) -> bool {
        let woke_itself = self.on_own_core(|core| core.is_current(self)).unwrap_or(false);
        if !woke_itself && self.state.load(Ordering::Relaxed) & (RUNNING | SCHEDULED) == RUNNING {
            // It becomes ready when its poll ends, and the cause is to be known by then.
            let cause = self.on_own_core(|core| core.wake_cause(self.task));
            *self.woken_by() = Some(cause.unwrap_or_else(Run::outside_cause));
        }
        let set = if woke_itself { SCHEDULED | BY_ITSELF } else { SCHEDULED };
        let before = self.state.fetch_or(set, Ordering::AcqRel);
        if before & ENDED != 0 {
            return false;
        }
        if before & SCHEDULED != 0 {
            // Who made it ready does the waking, once that is told.
            self.coalesced();
            return false;
        }
        if before & RUNNING == 0 {
            let told = self.on_own_core(|core| core.woken(self)).is_some();
            if !told && !self.run.is_loop() {
                self.run.woken_outside(self, Run::outside_cause());
            }
        }
        true
    }

    #[cold]
    fn coalesced(&self) {
        if !self.run.control.outlet().epoch().is_on() {
            return;
        }
        let task = self.task;
        let told = self.on_own_core(|core| {
            let cause = core.wake_cause(task);
            core.emit(|| EventKind::WakeCoalesced { task, cause });
        });
        if told.is_none() {
            let cause = Run::outside_cause();
            if self.run.is_loop() {
                self.run.leave(Left::Coalesced(task, cause));
            } else {
                self.run.emit_outside(Nanos::ZERO, EventKind::WakeCoalesced { task, cause });
            }
        }
    }
}

impl Wake for TaskCell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.woken()
            && let Some(inner) = self.inner.get()
        {
            inner.wake_by_ref();
        }
    }
}
