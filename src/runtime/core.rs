//! The state of a loop while it runs, and how code inside the run finds it.
//!
//! It lives on the loop's thread alone. What other threads may touch is in [`Shared`].

use super::clock::Wall;
use super::live::LiveTasks;
use super::recorder::{Place, Recorder};
use super::shared::Shared;
use super::task::Runnable;
use super::timeout::Scope;
use super::timers::{TimerCell, Timers};
use crate::event::{EnqueueCause, EventKind, Nanos, SiteId, TaskId, TimerId};
use async_task::ScheduleInfo;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Wake, Waker};

thread_local! {
    static CURRENT: RefCell<Option<Rc<Core>>> = const { RefCell::new(None) };
}

/// Time since the current run started, on its own clock.
///
/// # Panics
/// Outside a run.
#[must_use]
#[track_caller]
pub fn now() -> Nanos {
    Core::with(Core::now)
}

/// An entry of the ready queue.
pub(super) enum Ready {
    Task(Runnable),
    Timer(TimerId, Arc<TimerCell>),
    Callback(Arc<dyn Callback>),
}

/// What the loop runs between tasks: the second turn that asyncio takes before it tells a waiting task.
pub(super) trait Callback: Send + Sync {
    fn call(&self, core: &Core);
}

/// What the loop is doing, so that a wake can name its cause.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Nothing of its own: on the real clock, the reactor runs now.
    Reactor,
    Spawning,
    /// A task runs.
    Polling(TaskId),
    /// A task has just given control back.
    Polled(TaskId),
    Timer(TimerId),
    /// The last task of a group has ended.
    Gathered(TaskId),
    /// A task's handle is dropped.
    Cancelling(TaskId),
    /// The run is over; what is still scheduled will be dropped.
    Ending,
}

pub(super) enum Clock {
    Virtual(Cell<Nanos>),
    Real(Wall),
}

/// Tells the runs of this process apart. It is in no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunId(u64);

static RUNS: AtomicU64 = AtomicU64::new(0);

pub(super) struct Core {
    pub(super) run: RunId,
    pub(super) shared: Arc<Shared>,
    pub(super) clock: Clock,
    /// The clock's last reading, which serves for the events that follow at once.
    stamp: Cell<Nanos>,
    ready: RefCell<VecDeque<Ready>>,
    timers: RefCell<Timers>,
    recorder: RefCell<Recorder>,
    doing: Cell<Doing>,
    /// The task whose code runs: polled now, or being dropped.
    task: Cell<Option<TaskId>>,
    is_dropping: Cell<bool>,
    scope: RefCell<Option<Arc<Scope>>>,
    yielded_at: Cell<Option<SiteId>>,
    /// Every unfinished task.
    pub(super) live: LiveTasks,
    pub(super) main_done: Cell<bool>,
}

impl Core {
    pub(super) fn new(shared: Arc<Shared>, clock: Clock, recorder: Recorder) -> Rc<Self> {
        Rc::new(Self {
            run: RunId(RUNS.fetch_add(1, Ordering::Relaxed)),
            shared,
            clock,
            stamp: Cell::default(),
            ready: RefCell::default(),
            timers: RefCell::default(),
            recorder: RefCell::new(recorder),
            doing: Cell::new(Doing::Reactor),
            task: Cell::default(),
            is_dropping: Cell::default(),
            scope: RefCell::default(),
            yielded_at: Cell::default(),
            live: LiveTasks::default(),
            main_done: Cell::default(),
        })
    }

    // --- How code inside the run finds it.

    /// Runs `f` with this loop as the current one of the thread.
    pub(super) fn enter<R>(self: &Rc<Self>, f: impl FnOnce() -> R) -> R {
        struct Restore(Option<Rc<Core>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }
        let _restore = Restore(CURRENT.replace(Some(Rc::clone(self))));
        f()
    }

    /// Runs `f` with the current loop; panics with a plain message where there is none.
    #[track_caller]
    pub(super) fn with<R>(f: impl FnOnce(&Self) -> R) -> R {
        let caller = Location::caller();
        Self::try_with(f).unwrap_or_else(|| panic!("{caller}: this works only inside EventLoop::run"))
    }

    /// Runs `f` with the current loop, if there is one. `f` must not run code of a task: that may enter another loop.
    #[inline]
    pub(super) fn try_with<R>(f: impl FnOnce(&Self) -> R) -> Option<R> {
        CURRENT.try_with(|current| current.borrow().as_deref().map(f)).ok().flatten()
    }

    /// The current loop, if there is one; for what runs code of a task.
    pub(super) fn current() -> Option<Rc<Self>> {
        CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
    }

    // --- Time and record.

    /// The clock, read now.
    pub(super) fn now(&self) -> Nanos {
        let now = match &self.clock {
            Clock::Virtual(now) => now.get(),
            Clock::Real(start) => start.elapsed(),
        };
        self.stamp.set(now);
        now
    }

    /// Moves a virtual clock on and shows it.
    pub(super) fn advance_to(&self, now: Nanos) {
        if let Clock::Virtual(clock) = &self.clock {
            clock.set(now);
            self.stamp.set(now);
            self.shared.control.show(now);
        }
    }

    /// Records what happens now.
    #[inline]
    pub(super) fn emit(&self, kind: impl FnOnce() -> EventKind) {
        let mut recorder = self.recorder.borrow_mut();
        if recorder.is_on() {
            recorder.push(self.now(), kind());
        }
    }

    /// Records what happens at the same instant as the event before: one clock reading serves both.
    #[inline]
    pub(super) fn emit_at_stamp(&self, kind: EventKind) {
        let mut recorder = self.recorder.borrow_mut();
        if recorder.is_on() {
            recorder.push(self.stamp.get(), kind);
        }
    }

    /// Uses the recorder's ids.
    pub(super) fn ids<R>(&self, f: impl FnOnce(&mut Recorder) -> R) -> R {
        f(&mut self.recorder.borrow_mut())
    }

    pub(super) fn site(&self, place: Place) -> SiteId {
        self.recorder.borrow_mut().site(self.stamp.get(), place)
    }

    /// The place of an `.await` that was polled from `polled_at`, of a future made at `made_at`.
    #[inline]
    pub(super) fn await_site(&self, polled_at: Place, made_at: Option<Place>) -> SiteId {
        self.recorder.borrow_mut().await_site(self.stamp.get(), polled_at, made_at)
    }

    pub(super) fn flush(&self) {
        self.recorder.borrow_mut().flush();
    }

    // --- Tasks.

    pub(super) fn current_task(&self) -> Option<TaskId> {
        self.task.get()
    }

    /// The timeouts that the code that runs now stands in.
    pub(super) fn scope(&self) -> Option<Arc<Scope>> {
        self.scope.borrow().clone()
    }

    /// Enters or leaves a timeout; the scope before.
    pub(super) fn set_scope(&self, scope: Option<Arc<Scope>>) -> Option<Arc<Scope>> {
        self.scope.replace(scope)
    }

    /// Whether every unfinished task waits for another task or for something that tasks share.
    pub(super) fn all_wait_for_each_other(&self) -> bool {
        self.next_deadline().is_none() && self.live.all_wait()
    }

    #[inline]
    pub(super) fn poll_started(&self, task: TaskId) {
        self.task.set(Some(task));
        self.yielded_at.set(None);
        self.doing.set(Doing::Polling(task));
        self.emit_at_stamp(EventKind::PollStarted { task });
    }

    #[inline]
    pub(super) fn poll_ended(&self, task: TaskId, outcome: crate::event::PollOutcome) {
        self.emit(|| EventKind::PollEnded { task, outcome });
        self.task.set(None);
        self.doing.set(Doing::Polled(task));
        self.shared.control.poll_done();
    }

    /// Runs `f` as the destructors of `task`, whose wakes are its doing.
    pub(super) fn dropping<R>(&self, task: TaskId, f: impl FnOnce() -> R) -> R {
        let doing = if self.is_ending() { Doing::Ending } else { Doing::Polling(task) };
        let before = (self.task.replace(Some(task)), self.is_dropping.replace(true));
        let result = self.doing(doing, f);
        self.task.set(before.0);
        self.is_dropping.set(before.1);
        result
    }

    /// Whether destructors of a task run: nothing may unwind out of them.
    pub(super) fn is_dropping(&self) -> bool {
        self.is_dropping.get()
    }

    /// Runs `f`, whose wakes have the given cause.
    pub(super) fn doing<R>(&self, doing: Doing, f: impl FnOnce() -> R) -> R {
        let before = self.doing.replace(doing);
        let result = f();
        self.doing.set(before);
        result
    }

    pub(super) fn is_ending(&self) -> bool {
        self.doing.get() == Doing::Ending
    }

    pub(super) fn set_doing(&self, doing: Doing) {
        self.doing.set(doing);
    }

    pub(super) fn note_yield(&self, site: SiteId) {
        self.yielded_at.set(Some(site));
    }

    // --- The ready queue and the timers.

    pub(super) fn push(&self, entry: Ready) {
        self.ready.borrow_mut().push_back(entry);
    }

    pub(super) fn pop(&self) -> Option<Ready> {
        self.ready.borrow_mut().pop_front()
    }

    pub(super) fn ready_len(&self) -> usize {
        self.ready.borrow().len()
    }

    /// Puts a task of this loop into the ready queue, on the loop's own thread.
    pub(super) fn schedule(&self, runnable: Runnable, info: ScheduleInfo) {
        let task = runnable.metadata().task;
        let cause = match self.doing.get() {
            Doing::Ending => None,
            _ if info.woken_while_running => Some(EnqueueCause::OwnYield(self.yielded_at.take())),
            Doing::Reactor => Some(EnqueueCause::Io),
            Doing::Spawning => Some(EnqueueCause::Spawned),
            Doing::Polling(by) => Some(EnqueueCause::WokenBy(by)),
            Doing::Polled(ended) => Some(EnqueueCause::Joined(ended)),
            Doing::Timer(timer) => Some(EnqueueCause::Timer(timer)),
            Doing::Gathered(last) => Some(EnqueueCause::Gathered(last)),
            Doing::Cancelling(cancelled) if cancelled != task && self.task.get().is_some() => {
                self.task.get().map(EnqueueCause::WokenBy)
            }
            Doing::Cancelling(_) => Some(EnqueueCause::Cancelled),
        };
        match cause {
            Some(cause @ EnqueueCause::OwnYield(_)) => self.emit_at_stamp(EventKind::Enqueued { task, cause }),
            Some(cause) => self.emit(|| EventKind::Enqueued { task, cause }),
            None => {}
        }
        self.push(Ready::Task(runnable));
        // The reactor sleeps in the root future's `block_on`: a wake from there must make it poll the loop again.
        if self.doing.get() == Doing::Reactor {
            self.shared.control.kick();
        }
    }

    /// Takes what other threads woke, oldest first.
    pub(super) fn take_foreign(&self) {
        for (runnable, cause) in self.shared.take_foreign() {
            let task = runnable.metadata().task;
            if !self.is_ending() {
                self.emit(|| EventKind::Enqueued { task, cause });
            }
            self.push(Ready::Task(runnable));
        }
    }

    /// Takes the timers that are due, in the order of their deadlines.
    pub(super) fn take_due_timers(&self) {
        let mut timers = self.timers.borrow_mut();
        if timers.next_deadline().is_none() {
            return;
        }
        let now = self.now();
        while let Some((timer, cell)) = timers.pop_due(now) {
            self.push(Ready::Timer(timer, cell));
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Nanos> {
        self.timers.borrow().next_deadline()
    }

    pub(super) fn arm(&self, deadline: Nanos, waker: &Waker) -> (TimerId, Arc<TimerCell>) {
        let timer = self.ids(|recorder| recorder.timers.issue());
        let cell = TimerCell::new(waker);
        self.timers.borrow_mut().arm(deadline, timer, Arc::clone(&cell));
        if let Some(task) = self.task.get() {
            self.emit(|| EventKind::TimerArmed { timer, task, deadline });
        }
        (timer, cell)
    }

    /// Takes a timer out of those that become due by themselves.
    pub(super) fn disarm(&self, deadline: Nanos, timer: TimerId) {
        self.timers.borrow_mut().cancel(deadline, timer);
    }

    pub(super) fn cancel_timer(&self, deadline: Nanos, timer: TimerId) {
        self.timers.borrow_mut().cancel(deadline, timer);
        self.emit(|| EventKind::TimerCancelled { timer });
    }
}

/// A waker that makes the loop run a callback in its next turn instead of polling a task.
pub(super) struct CallbackWaker<C>(pub(super) Arc<C>);

impl<C: Callback + 'static> Wake for CallbackWaker<C> {
    fn wake(self: Arc<Self>) {
        let callback: Arc<dyn Callback> = Arc::clone(&self.0) as _;
        Core::try_with(|core| core.push(Ready::Callback(callback)));
    }
}
