//! What a task's future, its waker and those who wait for it share.
//!
//! The waker is made once for each task: a future that compares wakers (`Waker::will_wake`) must find it the same from
//! poll to poll, or a socket would wake its task for ever. It tells a wake that makes the task ready from one that finds
//! it ready already, and names the cause of both.

use super::awaited::BeforeLeaving;
use super::core::Core;
use super::outlet::Epoch;
use super::recorder::Place;
use super::run::{Left, Run};
use super::type_names;
use super::wakes::Doing;
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
            Self::Type(path, line) => format!("{}:{line}", type_names::short(path)).into(),
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
    is_cancelled: AtomicBool,
    /// How often it was cancelled, also where something told its result instead.
    cancels: AtomicU32,
    has_ended: AtomicBool,
    /// How many task groups it is in, which meet a cancellation before it takes effect.
    holds: AtomicU32,
    /// What the `.await` it is at has to see ended before it can be left.
    before_leaving: Mutex<BeforeLeaving>,
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
            is_cancelled: AtomicBool::default(),
            cancels: AtomicU32::default(),
            has_ended: AtomicBool::default(),
            holds: AtomicU32::default(),
            before_leaving: Mutex::default(),
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

    /// Whether the task will only be dropped.
    pub(super) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }

    /// Whether it is cancelled and can leave the `.await` it is at.
    pub(super) fn is_to_be_dropped(&self) -> bool {
        self.is_cancelled() && self.can_leave(0)
    }

    /// How often it was cancelled.
    pub(super) fn cancels(&self) -> u32 {
        self.cancels.load(Ordering::Relaxed)
    }

    /// A cancellation takes effect, after all.
    pub(super) fn cancel_again(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Takes a cancellation back.
    pub(super) fn uncancel(&self) {
        self.is_cancelled.store(false, Ordering::Relaxed);
    }

    /// A cancellation is to be met by a task group first; how many meet it now.
    pub(super) fn hold(&self) -> u32 {
        self.holds.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// One task group fewer meets a cancellation.
    pub(super) fn let_go(&self) {
        self.holds.fetch_sub(1, Ordering::Relaxed);
    }

    /// How many task groups it is in.
    pub(super) fn holds(&self) -> u32 {
        self.holds.load(Ordering::Relaxed)
    }

    pub(super) fn note_ended(&self) {
        self.has_ended.store(true, Ordering::Release);
    }

    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// Whether it was dropped because it was cancelled.
    pub(super) fn was_cancelled(&self) -> bool {
        self.has_ended() && self.is_cancelled()
    }

    /// Cancels the task; whether it had not ended.
    pub(super) fn cancel(self: &Arc<Self>) -> bool {
        if self.has_ended() {
            return false;
        }
        self.cancels.fetch_add(1, Ordering::Relaxed);
        self.cancel_again();
        match Core::current() {
            Some(core) => core.doing(Doing::Cancelling(self.task), || self.interrupt(|| self.wake_by_ref())),
            None => Run::with_outside_cause(EnqueueCause::Cancelled, || self.interrupt(|| self.wake_by_ref())),
        }
        true
    }

    /// Makes the task leave the `.await` it is at: `wake`s it for that or, where it awaits other tasks, cancels those,
    /// whose ends will wake it.
    pub(super) fn interrupt(&self, wake: impl FnOnce()) {
        let is_ready = self.state.load(Ordering::Acquire) & SCHEDULED != 0;
        let before_leaving = self.before_leaving().clone();
        match before_leaving {
            BeforeLeaving::Nothing | BeforeLeaving::Finishing => wake(),
            BeforeLeaving::Tasks(awaited) if is_ready => {
                awaited.overrule();
                wake();
            }
            // Their ends wake it, also where they have ended and it has yet to be told.
            BeforeLeaving::Tasks(awaited) => awaited.cancel(),
        }
    }

    /// Whether the `.await` it is at can be left now, out to where it is in `depth` task groups.
    pub(super) fn can_leave(&self, depth: u32) -> bool {
        if self.holds() > depth {
            return false; // one further in comes first
        }
        match &*self.before_leaving() {
            BeforeLeaving::Nothing => true,
            BeforeLeaving::Tasks(awaited) => awaited.can_be_left(),
            BeforeLeaving::Finishing => false,
        }
    }

    /// Sets what the `.await` it is at has to see ended before it can be left.
    pub(super) fn set_before_leaving(&self, before_leaving: BeforeLeaving) {
        *self.before_leaving() = before_leaving;
    }

    fn before_leaving(&self) -> MutexGuard<'_, BeforeLeaving> {
        self.before_leaving.lock().unwrap_or_else(PoisonError::into_inner)
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
