//! What a task's future, its waker and those who wait for it share.
//!
//! The waker is made once for each task: a future that compares wakers (`Waker::will_wake`) must find it the same from
//! poll to poll, or a socket would wake its task for ever. It distinguishes a wake that makes the task ready from one that finds
//! it ready already, and names the cause of both. What threads race for is in [`WakeState`](super::wake_state::WakeState).

use super::Core;
use super::cancel::Scope;
use super::run::{Left, Run};
use super::wake_state::{After, Found, Polls, Telling, WakeState, Woken};
use crate::event::{EnqueueCause, Nanos, TaskId};
use crate::probe::outlet::Epoch;
use crate::probe::place::Place;
use crate::probe::task_name::TaskName;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Wake, Waker};

/// Where a task comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) task: TaskId,
    pub(crate) name: TaskName,
    pub(crate) parent: Option<TaskId>,
    pub(crate) place: Place,
}

/// What a task's future, its waker and those who wait for it share.
#[derive(Debug)]
pub(crate) struct TaskCell {
    pub(crate) task: TaskId,
    origin: Origin,
    run: Arc<Run>,
    /// async-task's waker; set at the first poll.
    inner: OnceLock<Waker>,
    state: WakeState<EnqueueCause>,
    /// The time of the last event of its life, which the next one must not precede, whichever thread records it.
    stamp: AtomicU64,
    /// What cancellations of it go through; made when it is needed.
    pub(super) scope: OnceLock<Arc<Scope>>,
    has_ended: AtomicBool,
    pub(super) was_cancelled: AtomicBool,
    /// For whom it was announced.
    announced: AtomicU32,
    /// The epoch in which it was recorded as ready, since it ran last.
    told_ready: AtomicU32,
}

impl TaskCell {
    /// A task that is about to be scheduled.
    pub(crate) fn new(origin: Origin, run: &Arc<Run>) -> Arc<Self> {
        Arc::new(Self {
            task: origin.task,
            origin,
            run: Arc::clone(run),
            inner: OnceLock::new(),
            state: WakeState::default(),
            stamp: AtomicU64::default(),
            scope: OnceLock::new(),
            has_ended: AtomicBool::default(),
            was_cancelled: AtomicBool::default(),
            announced: AtomicU32::default(),
            told_ready: AtomicU32::default(),
        })
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) fn run(&self) -> &Arc<Run> {
        &self.run
    }

    /// Whether it is in the ready queue, or will be as soon as its poll ends.
    pub(crate) fn is_ready(&self) -> bool {
        self.state.is_ready()
    }

    pub(crate) fn note_ended(&self) {
        self.has_ended.store(true, Ordering::Release);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// Whether who listens since `epoch` knows of it, if somebody does.
    pub(super) fn is_announced(&self, epoch: Epoch) -> bool {
        // A thread that has not noticed a new sink yet has nothing to announce to anybody.
        !epoch.is_on() || self.announced.load(Ordering::Acquire) >= epoch.0
    }

    /// Notes that who listens since `epoch` knows of it from now on.
    pub(super) fn note_announced(&self, epoch: Epoch) {
        self.announced.store(epoch.0, Ordering::Release);
    }

    /// While you hold this, only the poller can also record events of the task.
    pub(crate) fn telling(&self) -> Telling<'_, EnqueueCause> {
        self.state.telling()
    }

    /// Notes that it was recorded as ready in `epoch`.
    pub(super) fn note_told_ready(&self, epoch: Epoch) {
        self.told_ready.store(epoch.0, Ordering::Release);
    }

    /// Returns whether it was recorded as ready in `epoch`. It runs now.
    pub(super) fn take_told_ready(&self, epoch: Epoch) -> bool {
        // Nobody else writes here while it runs.
        let told = self.told_ready.load(Ordering::Acquire) == epoch.0;
        self.told_ready.store(0, Ordering::Relaxed);
        told
    }

    /// The time of the last event of its life.
    pub(crate) fn stamp(&self) -> Nanos {
        Nanos(self.stamp.load(Ordering::Acquire))
    }

    pub(super) fn set_stamp(&self, at: Nanos) {
        self.stamp.store(at.0, Ordering::Release);
    }

    /// The task is polled now; `waker` is async-task's.
    #[inline]
    pub(crate) fn poll_starts(&self, waker: &Waker) {
        if self.inner.get().is_none() {
            drop(self.inner.set(waker.clone()));
        }
        self.state.poll_starts();
    }

    /// It is dropped now: wakes have no effect any more, and none is recorded after this.
    pub(crate) fn drops(&self) {
        self.state.ends();
    }

    /// The task gave control back. Returns what became of it; if it is ready again, the caller records that and then
    /// [lets go](Self::lets_go).
    #[inline]
    pub(crate) fn poll_ended(&self, is_over: bool) -> After<EnqueueCause> {
        if is_over {
            self.state.ends();
            return After::Idle;
        }
        self.state.poll_ended()
    }

    /// Ends the poll, once the record says that the task is ready again. If there were other wakes during the poll, record
    /// them while you hold this.
    #[inline]
    pub(crate) fn lets_go(&self) -> Option<Telling<'_, EnqueueCause>> {
        self.state.lets_go()
    }

    /// Whether it is ready, and was not polled since it had been polled so often.
    pub(super) fn is_ready_since(&self, polls: Polls) -> bool {
        self.state.is_ready_since(polls)
    }

    /// Whether the current thread polls this task's run; `f` is given its core then.
    fn on_own_core<R>(&self, f: impl FnOnce(&Core) -> R) -> Option<R> {
        Core::try_with(|core| Arc::ptr_eq(&core.run, &self.run).then(|| f(core))).flatten()
    }

    /// Why this thread wakes it, where it polls tasks of its run `here`.
    fn cause(&self, here: Option<&Core>) -> EnqueueCause {
        match here {
            Some(core) if core.is_up_to_date() => core.wake_cause(self.task),
            // What it is in began before the record.
            Some(_) => EnqueueCause::BeforeRecord,
            None => Run::outside_cause(),
        }
    }

    /// Records a wake, before it is done; whether there is anything to do.
    #[inline]
    fn woken(&self) -> bool {
        self.on_own_core(|core| self.woken_here(core)).unwrap_or_else(|| self.woken_by_another(None))
    }

    /// [`woken`](Self::woken) by a thread that polls tasks of its run.
    #[inline(always)]
    fn woken_here(&self, core: &Core) -> bool {
        // Without the lock if no other thread can record events of the task now.
        let found = match core.event_loop() {
            _ if core.is_current(self) => Some(self.state.woken_by_itself()),
            Some(_) => self.state.woken_by_its_thread(),
            None => None,
        };
        match found {
            Some(Found::Nothing) => true,
            Some(Found::Ready(_)) => {
                self.tell_coalesced(core);
                false
            }
            Some(Found::Over) => false,
            None => self.woken_by_another(Some(core)),
        }
    }

    #[inline(always)]
    fn woken_by_another(&self, here: Option<&Core>) -> bool {
        self.state.woken(|| self.cause(here), |found| self.tell(found, here)) == Woken::ToBeScheduled
    }

    /// Records a wake. The caller holds the lock of `telling`.
    #[inline]
    fn tell(&self, found: Found, here: Option<&Core>) {
        match (found, here.filter(|core| core.is_up_to_date())) {
            (Found::Nothing, Some(core)) => core.woken(self),
            (Found::Ready(_), Some(core)) => core.coalesced(self, core.wake_cause(self.task)),
            (Found::Over, _) => {}
            (_, None) => self.tell_outside(found, self.cause(here)),
        }
    }

    /// Records a wake by a thread that polls no task of its run for who listens now.
    #[cold]
    fn tell_outside(&self, found: Found, cause: EnqueueCause) {
        match (found, self.run.is_loop()) {
            (Found::Nothing, true) | (Found::Over, _) => {} // the loop records it when the task comes into its queue
            (Found::Nothing, false) => self.run.woken_outside(self, cause),
            (Found::Ready(polls), true) => self.leave_coalesced(cause, polls),
            (Found::Ready(_), false) => self.run.coalesced_outside(self, cause),
        }
    }

    /// Records a wake that came while the task ran, after the one that made it ready again.
    pub(super) fn tell_also_woken(&self, core: &Core, cause: EnqueueCause) {
        match core.event_loop() {
            Some(_) => self.leave_coalesced(cause, self.state.polls()),
            None => core.coalesced(self, cause),
        }
    }

    /// Leaves a wake that found the task ready for the loop to record.
    fn leave_coalesced(&self, cause: EnqueueCause, polls: Polls) {
        if self.run.epoch().is_on() {
            self.run.leave(Left::Coalesced { task: self.task, cause, polls });
        }
    }

    /// This thread, which polls tasks of its run, wakes it once more.
    #[cold]
    fn tell_coalesced(&self, core: &Core) {
        core.coalesced(self, core.wake_cause(self.task));
    }

    /// Whether somebody listens since `epoch`, and knows of it.
    pub(crate) fn is_announced_to(&self, epoch: Epoch) -> bool {
        epoch.is_on() && self.announced.load(Ordering::Acquire) == epoch.0
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
