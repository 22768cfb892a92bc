//! The state of a thread that polls tasks, and how code that it runs finds it.
//!
//! An event loop has one such thread, and keeps its queue and timers here; a stock executor has as many as it is given,
//! and keeps its queue to itself. What the threads of a run share is in [`Run`].

mod atomics;
pub(crate) mod cancel;
pub(crate) mod cell;
pub(crate) mod live;
mod looks;
pub(crate) mod loop_state;
mod polling;
pub(crate) mod run;
pub(crate) mod standing;
pub(crate) mod surroundings;
pub(crate) mod timers;
pub(crate) mod wake_state;
pub(crate) mod wakes;

use crate::event::{EnqueueCause, EventKind, FrameId, Nanos, SiteId, TaskId};
use crate::probe::clock::Wall;
use crate::probe::outlet::{Epoch, Outlet, Slot, Watchers};
use crate::probe::place::Place;
use crate::probe::recorder::Recorder;
use crate::probe::task_name::TaskName;
use cancel::Scope;
use cell::TaskCell;
use loop_state::LoopState;
use run::Run;
use standing::Standing;
use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;
use std::sync::{Arc, Weak};
use wakes::Doing;

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

pub(super) enum Clock {
    Virtual(Cell<Nanos>),
    Real(Wall),
}

/// Who keeps the ready queue.
pub(super) enum Host {
    /// The event loop, here.
    Loop(LoopState),
    /// A stock executor, of which this thread is a worker; where it is one of the program's own, none.
    Worker(Weak<async_executor::Executor<'static>>),
}

pub(super) struct Core {
    pub(super) run: Arc<Run>,
    outlet: Arc<Outlet>,
    pub(super) clock: Clock,
    pub(super) host: Host,
    /// The clock's last reading, which serves for the events that follow at once.
    stamp: Cell<Nanos>,
    recorder: RefCell<Recorder>,
    /// For whom this thread records.
    epoch: Cell<Epoch>,
    /// A worker that is between two looks at its executor: what it does now is recorded at once.
    is_asleep: Cell<bool>,
    pub(super) doing: Cell<Doing>,
    /// The task whose code runs: polled now, or being dropped.
    pub(super) task: RefCell<Option<Arc<TaskCell>>>,
    pub(super) is_dropping: Cell<bool>,
    /// The scope inside the task that the code that runs stands in.
    pub(super) scope: RefCell<Option<Arc<Scope>>>,
    /// The frame, and the `.await` in it.
    pub(super) standing: Cell<Standing>,
    pub(super) yielded_at: Cell<Option<SiteId>>,
    /// Why the task that was polled last is ready again.
    pub(super) again: Cell<Option<EnqueueCause>>,
    open_waits: Cell<i64>,
    /// Who watches the events, as of the last look.
    watchers: Cell<Watchers>,
}

impl Core {
    pub(super) fn new(run: Arc<Run>, clock: Clock, host: Host) -> Rc<Self> {
        let (slot, log) = run.control.outlet().add_worker();
        let is_asleep = Cell::new(matches!(host, Host::Worker(_)));
        if let Host::Loop(_) = host {
            run.control.outlet().wake(slot, Nanos::ZERO);
        }
        let outlet = Arc::clone(run.control.outlet());
        Rc::new(Self {
            run,
            outlet,
            clock,
            host,
            stamp: Cell::default(),
            recorder: RefCell::new(Recorder::new(slot, log)),
            epoch: Cell::default(),
            is_asleep,
            doing: Cell::new(Doing::Reactor),
            task: RefCell::default(),
            is_dropping: Cell::default(),
            scope: RefCell::default(),
            standing: Cell::new(Standing::default()),
            yielded_at: Cell::default(),
            again: Cell::default(),
            open_waits: Cell::default(),
            watchers: Cell::new(Watchers::UNKNOWN),
        })
    }

    // --- How code inside the run finds it.

    /// Runs `f` with this thread's part in the run as the current one.
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

    /// Runs `f` with the current run's core; panics with a plain message where there is none.
    #[track_caller]
    pub(super) fn with<R>(f: impl FnOnce(&Self) -> R) -> R {
        Self::with_at(Location::caller(), f)
    }

    /// [`with`](Self::with) for what was asked for at that place.
    #[track_caller]
    pub(super) fn with_at<R>(place: Place, f: impl FnOnce(&Self) -> R) -> R {
        match Self::try_with(f) {
            Some(result) => result,
            None => panic!("{place}: this works only inside a run: EventLoop::run or Smol::run"),
        }
    }

    /// Runs `f` with the current run's core, if there is one. `f` must not run code of a task: that may enter another
    /// run.
    #[inline]
    pub(super) fn try_with<R>(f: impl FnOnce(&Self) -> R) -> Option<R> {
        CURRENT.try_with(|current| current.borrow().as_deref().map(f)).ok().flatten()
    }

    /// The current run's core, if there is one; for what runs code of a task.
    pub(super) fn current() -> Option<Rc<Self>> {
        CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
    }

    /// The loop's own state, where a loop runs.
    pub(super) fn event_loop(&self) -> Option<&LoopState> {
        match &self.host {
            Host::Loop(state) => Some(state),
            Host::Worker(_) => None,
        }
    }

    /// Whether this thread works for an executor of the program's own, and somebody listens.
    pub(super) fn is_recorded_guest(&self) -> bool {
        self.run.is_guest() && self.is_on()
    }

    /// Whether it is between two looks at its executor.
    pub(super) fn is_asleep(&self) -> bool {
        self.is_asleep.get()
    }

    fn slot(&self) -> Slot {
        self.recorder.borrow().slot()
    }

    // --- Time and record.

    /// The clock, read now. On a worker it never goes back.
    pub(super) fn now(&self) -> Nanos {
        let now = match &self.clock {
            Clock::Virtual(now) => now.get(),
            Clock::Real(start) => start.elapsed().max(self.stamp.get()),
        };
        self.stamp.set(now);
        now
    }

    /// The clock's last reading.
    pub(super) fn stamp(&self) -> Nanos {
        self.stamp.get()
    }

    /// Moves a virtual clock on and shows it.
    pub(super) fn advance_to(&self, now: Nanos) {
        if let Clock::Virtual(clock) = &self.clock {
            clock.set(now);
            self.stamp.set(now);
            self.run.control.show(now);
        }
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.epoch.get().is_on()
    }

    /// Re-reads the epoch. Between two such looks it does not change for this thread, so that nobody hears the second half of
    /// a poll alone.
    #[inline]
    pub(super) fn look_who_listens(&self) {
        let epoch = self.run.control.outlet().epoch();
        if epoch != self.epoch.get() {
            self.epoch.set(epoch);
            self.watchers.set(Watchers::UNKNOWN);
            let floor = (!self.is_asleep.get()).then(|| self.now());
            let floor = self.recorder.borrow_mut().begin(&*self.run, epoch, floor);
            self.stamp.set(self.stamp.get().max(floor));
            self.announce_all();
        }
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.epoch.get()
    }

    /// Whether this thread records for who listens now. A poll that began before the record does not.
    #[inline]
    pub(super) fn is_up_to_date(&self) -> bool {
        self.epoch.get() == self.run.epoch()
    }

    /// Whether the current core is one of `run`.
    #[inline]
    pub(super) fn is_of(run: &Arc<Run>) -> bool {
        Self::try_with(|core| Arc::ptr_eq(&core.run, run)).unwrap_or(false)
    }

    /// Records what happens now.
    #[inline(always)]
    pub(super) fn emit(&self, kind: impl FnOnce() -> EventKind) {
        if self.is_on() {
            self.push(self.now(), kind);
        }
    }

    /// Records what happens at the same instant as the event before: one clock reading serves both.
    #[inline(always)]
    pub(super) fn emit_at_stamp(&self, kind: impl FnOnce() -> EventKind) {
        if self.is_on() {
            self.push(self.stamp.get(), kind);
        }
    }

    /// Inlined, so that an event is made in its place: one that is made elsewhere and copied stalls on the copy.
    #[inline(always)]
    fn push(&self, at: Nanos, kind: impl FnOnce() -> EventKind) {
        if self.outlet.watchers() != self.watchers.get() {
            self.look_who_watches();
        }
        if self.is_asleep.get() {
            self.push_between(at, kind());
        } else {
            self.recorder.borrow_mut().push(&*self.run, at, kind);
        }
        if self.run.control.wants_attention() {
            self.may_hold();
        }
    }

    /// Records what happens between two looks at the executor.
    #[cold]
    fn push_between(&self, at: Nanos, kind: EventKind) {
        let (worker, epoch) = (self.slot().worker(), self.epoch());
        let (at, holds_for) = self.outlet.outside(worker, epoch, at, kind);
        self.stamp.set(at);
        if let Some(watcher) = holds_for {
            self.run.control.pause_here(&watcher);
            self.recorder.borrow_mut().hold_for(watcher);
        }
    }

    /// Records an event of a task's life, after the one before, which another thread may have recorded.
    #[inline(always)]
    pub(super) fn emit_life(&self, cell: &TaskCell, now: Nanos, kind: impl FnOnce() -> EventKind) {
        if !self.is_on() {
            return;
        }
        if let Host::Loop(_) = self.host {
            return self.push(now, kind); // one thread: events are in the order of the calls
        }
        self.stamp.set(now.max(Nanos(cell.stamp().0 + 1)));
        self.push(self.stamp.get(), kind);
        cell.set_stamp(self.stamp.get());
    }

    /// Nothing here happens before `at`, when another thread recorded what this one depends on.
    pub(super) fn not_before(&self, at: Nanos) {
        if let Host::Worker(_) = self.host {
            self.stamp.set(self.stamp.get().max(Nanos(at.0 + 1)));
        }
    }

    pub(super) fn site(&self, place: Place) -> SiteId {
        let (site, defined) = self.recorder.borrow_mut().site(&*self.run, self.stamp.get(), place);
        if let Some(defined) = defined {
            self.not_before(defined);
        }
        site
    }

    /// A task's name as text.
    pub(super) fn task_name(&self, name: &TaskName) -> Arc<str> {
        self.recorder.borrow_mut().task_name(name)
    }

    /// The place of an `.await` that was polled from `polled_at`, of a future made at `made_at`.
    #[inline]
    pub(super) fn await_site(&self, polled_at: Place, made_at: Option<Place>) -> SiteId {
        let mut recorder = self.recorder.borrow_mut();
        let (site, defined) = recorder.await_site(&*self.run, self.stamp.get(), polled_at, made_at);
        if let Some(defined) = defined {
            self.not_before(defined);
        }
        site
    }

    // --- Tasks.

    pub(super) fn current_task(&self) -> Option<TaskId> {
        self.task.borrow().as_ref().map(|cell| cell.task)
    }

    /// Whether the code of this task runs.
    #[inline]
    pub(super) fn is_current(&self, cell: &TaskCell) -> bool {
        self.task.borrow().as_deref().is_some_and(|current| std::ptr::eq(current, cell))
    }

    pub(super) fn current_cell(&self) -> Option<Arc<TaskCell>> {
        self.task.borrow().clone()
    }

    /// How many waits began on this thread, less those that ended on it.
    pub(super) fn open_waits(&self) -> i64 {
        self.open_waits.get()
    }

    pub(super) fn note_wait_began(&self) {
        self.open_waits.set(self.open_waits.get() + 1);
    }

    pub(super) fn note_wait_ended(&self) {
        self.open_waits.set(self.open_waits.get() - 1);
    }

    /// The innermost scope that the code that runs now stands in; none where no task runs.
    pub(super) fn scope(&self) -> Option<Arc<Scope>> {
        let inner = self.scope.borrow().clone();
        inner.or_else(|| self.task.borrow().as_ref().map(|cell| Arc::clone(cell.scope())))
    }

    /// Enters or leaves a scope; the one before, none where it is the task's own.
    pub(super) fn set_scope(&self, scope: Option<Arc<Scope>>) -> Option<Arc<Scope>> {
        self.scope.replace(scope)
    }

    /// The frame that the code that runs now stands in.
    pub(super) fn frame(&self) -> FrameId {
        self.standing.get().frame
    }

    /// Whether destructors of a task run: nothing may unwind out of them.
    pub(super) fn is_dropping(&self) -> bool {
        self.is_dropping.get()
    }

    /// Runs `f`, whose wakes have the given cause.
    pub(super) fn doing<R>(&self, doing: Doing, f: impl FnOnce() -> R) -> R {
        struct Restore<'a>(&'a Core, Doing);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.0.doing.set(self.1); // also where a waker panics
            }
        }
        let _restore = Restore(self, self.doing.replace(doing));
        f()
    }

    pub(super) fn doing_now(&self) -> Doing {
        self.doing.get()
    }

    /// Why the task that was polled last is ready again, if it is.
    pub(super) fn take_again(&self) -> Option<EnqueueCause> {
        self.again.take()
    }

    pub(super) fn is_ending(&self) -> bool {
        self.doing.get() == Doing::Ending
    }

    pub(super) fn set_doing(&self, doing: Doing) {
        self.doing.set(doing);
    }

    pub(super) fn yielded_at(&self) -> Option<SiteId> {
        self.yielded_at.get()
    }

    pub(super) fn note_yield(&self, site: SiteId) {
        self.yielded_at.set(Some(site));
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Host::Worker(_) = self.host {
            self.run.control.outlet().remove_worker(self.slot());
        }
    }
}
