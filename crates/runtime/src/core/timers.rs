//! Timers: those of a loop, ordered by deadline and, at the same deadline, by arming; and those of a stock executor,
//! which smol's reactor fires.

use super::cancel::{Reason, Target};
use super::loop_state::{Callback, CallbackWaker, Ready};
use super::run::Run;
use super::{Clock, Core, Host};
use crate::event::{CancelCause, EnqueueCause, EventKind, Nanos, SiteId, TimerId, TimerPurpose};
use crate::probe::outlet::Epoch;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};

/// A timer that a future has set. Dropping it cancels it.
#[derive(Debug)]
pub(crate) struct Timer {
    pub(crate) id: TimerId,
    deadline: Nanos,
    /// Its place among the timers of a loop.
    order: u64,
    cell: Arc<TimerCell>,
    /// What fires it where there is no loop.
    reactor: Option<smol::Timer>,
}

impl Timer {
    /// Sets a timer that wakes the polling task.
    pub(crate) fn arm(core: &Core, what: Arming, cx: &Context<'_>) -> Self {
        Self::telling(core, what, Told { waker: cx.waker().clone(), cancels: None })
    }

    /// Sets a timer that makes the polling task leave its `.await`.
    pub(crate) fn limit(core: &Core, what: Arming, cx: &Context<'_>, cancels: Leaving) -> Self {
        Self::telling(core, what, Told { waker: cx.waker().clone(), cancels: Some(cancels) })
    }

    fn telling(core: &Core, what: Arming, told: Told) -> Self {
        let deadline = what.deadline;
        let (id, cell) = Self::told(core, what, told);
        let (mut reactor, mut order) = (None, 0);
        match (&core.host, &core.clock) {
            // What lies beyond the end of the clock never comes.
            (Host::Loop(_), _) if deadline == Nanos::MAX => {}
            (Host::Loop(state), _) => order = state.arm(deadline, Some(id), Arc::clone(&cell)),
            (Host::Worker(_), Clock::Real(start)) => {
                let mut timer = start.after(deadline).map_or_else(smol::Timer::never, smol::Timer::at);
                let fire = Arc::new(Fire { run: Arc::clone(&core.run), timer: id, cell: Arc::clone(&cell) });
                if Pin::new(&mut timer).poll(&mut Context::from_waker(&Waker::from(Arc::clone(&fire)))).is_ready() {
                    fire.wake();
                }
                reactor = Some(timer);
            }
            (Host::Worker(_), Clock::Virtual(_)) => {}
        }
        Self { id, deadline, order, cell, reactor }
    }

    /// Sets a timer that fires for the polling task when somebody wakes what comes with it.
    pub(crate) fn of_reactor(core: &Core, what: Arming, cx: &Context<'_>) -> (Self, Waker) {
        let deadline = what.deadline;
        let (id, cell) = Self::told(core, what, Told { waker: cx.waker().clone(), cancels: None });
        let fire = Fire { run: Arc::clone(&core.run), timer: id, cell: Arc::clone(&cell) };
        (Self { id, deadline, order: 0, cell, reactor: None }, Waker::from(Arc::new(fire)))
    }

    /// Whether who listens since `epoch` knows of it.
    pub(crate) fn is_told_to(&self, epoch: Epoch) -> bool {
        self.cell.is_told_to(epoch)
    }

    /// The polling task has found that the timer is due, whether or not the reactor has.
    pub(crate) fn found_due(&self, core: &Core) {
        if self.cell.fire().is_some() && self.cell.is_told_to(core.epoch()) {
            core.emit(|| EventKind::TimerFired { timer: self.id });
        }
    }

    /// Records a timer that is set. Returns its id, and what it shares with its reactor or loop.
    fn told(core: &Core, what: Arming, told: Told) -> (TimerId, Arc<TimerCell>) {
        let (timer, task) = (core.run.ids.timers.issue(), core.current_task());
        let Arming { deadline, purpose, site } = what;
        if let Some(task) = task {
            core.emit(|| EventKind::TimerArmed { timer, task, deadline, purpose, site: Some(site) });
        }
        (timer, TimerCell::new(told, task.map(|_| core.epoch())))
    }

    /// Lets a loop take a timer that is due now in its next batch, before any that becomes due then.
    pub(crate) fn put_first(&self, core: &Core) {
        if let Some(state) = core.event_loop() {
            state.disarm(self.deadline, self.order);
            state.push(Ready::Timer(Some(self.id), Arc::clone(&self.cell)));
        }
    }

    pub(crate) fn is_fired(&self) -> bool {
        self.cell.is_fired()
    }

    /// Makes an armed timer wake this task.
    pub(crate) fn rearm(&self, waker: &Waker) {
        self.cell.rearm(waker);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.cell.cancel() {
            Core::try_with(|core| {
                if let Some(state) = core.event_loop() {
                    state.disarm(self.deadline, self.order);
                }
                if self.cell.is_told_to(core.epoch()) {
                    core.emit(|| EventKind::TimerCancelled { timer: self.id });
                }
            });
        }
        drop(self.reactor.take());
    }
}

/// What smol's reactor wakes when the timer is due.
struct Fire {
    run: Arc<Run>,
    timer: TimerId,
    cell: Arc<TimerCell>,
}

impl Wake for Fire {
    fn wake(self: Arc<Self>) {
        let Some(told) = self.cell.fire() else { return };
        let (kind, cause) = (EventKind::TimerFired { timer: self.timer }, EnqueueCause::Timer(self.timer));
        match Core::current().filter(|core| Arc::ptr_eq(&core.run, &self.run)) {
            Some(core) => {
                if self.cell.is_told_to(core.epoch()) {
                    core.emit(|| kind);
                }
                core.telling(cause, || told.tell(Some(self.timer)));
            }
            None => {
                let epoch = self.run.epoch();
                if self.cell.is_told_to(epoch) {
                    self.run.emit_outside(epoch, Nanos::ZERO, kind);
                }
                Run::with_outside_cause(cause, || told.tell(Some(self.timer)));
            }
        }
    }
}

/// What a timer wakes or cancels when it fires.
#[derive(Debug)]
pub(crate) struct Told {
    waker: Waker,
    /// What is to be left, where the timer is a limit.
    cancels: Option<Leaving>,
}

/// A timer that is to be set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arming {
    pub(crate) deadline: Nanos,
    pub(crate) purpose: TimerPurpose,
    /// The `.await` that sets it.
    pub(crate) site: SiteId,
}

/// The time was up before the future was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time was up")]
pub struct TimedOut;

/// What is left when a limit is up.
#[derive(Debug)]
pub(crate) struct Leaving {
    pub(crate) target: Target,
    /// The `.await` with the limit.
    pub(crate) site: SiteId,
}

/// A timer of a loop that no task has set.
pub(crate) struct Alarm;

impl Alarm {
    /// Lets `callback` run in the turn after the alarm is due.
    pub(crate) fn set(core: &Core, due: Nanos, callback: impl Callback + 'static) {
        let waker = Waker::from(Arc::new(CallbackWaker(Arc::new(callback))));
        if let Some(state) = core.event_loop().filter(|_| due < Nanos::MAX) {
            state.arm(due, None, TimerCell::new(Told { waker, cancels: None }, None));
        }
    }
}

impl Told {
    /// Wakes or cancels. `timer` is its id, if a task has set it.
    pub(crate) fn tell(self, timer: Option<TimerId>) {
        match (self.cancels, timer) {
            (Some(Leaving { target, site }), Some(timer)) => {
                target.cancel(&self.waker, Reason { cause: CancelCause::TimeLimit(timer), site: Some(site) });
            }
            _ => self.waker.wake(),
        }
    }
}

/// What a timer and the future that set it share.
#[derive(Debug)]
pub(crate) struct TimerCell {
    state: Mutex<CellState>,
    /// The epoch in which it was recorded as set.
    told_to: Option<Epoch>,
}

#[derive(Debug)]
enum CellState {
    Armed(Told),
    Fired,
    Cancelled,
}

impl TimerCell {
    fn new(told: Told, told_to: Option<Epoch>) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(CellState::Armed(told)), told_to })
    }

    /// Whether who listens since `epoch` knows of it.
    pub(crate) fn is_told_to(&self, epoch: Epoch) -> bool {
        self.told_to == Some(epoch)
    }

    pub(crate) fn is_fired(&self) -> bool {
        matches!(*self.lock(), CellState::Fired)
    }

    /// Fires an armed timer and returns whom to wake; `None` if it was cancelled.
    pub(crate) fn fire(&self) -> Option<Told> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, CellState::Fired) {
            CellState::Armed(told) => Some(told),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Whether it was armed until now.
    pub(crate) fn cancel(&self) -> bool {
        let mut state = self.lock();
        let armed = matches!(*state, CellState::Armed(_));
        if armed {
            *state = CellState::Cancelled;
        }
        armed
    }

    /// Makes an armed timer wake this task.
    pub(crate) fn rearm(&self, waker: &Waker) {
        if let CellState::Armed(told) = &mut *self.lock() {
            told.waker.clone_from(waker);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CellState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Timers that are armed and not yet due, by deadline and, at the same deadline, by arming.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    armed: BTreeMap<(Nanos, u64), (Option<TimerId>, Arc<TimerCell>)>,
    next: u64,
}

impl Timers {
    /// Adds a timer, with its id where a task has set it; its place among those of the same deadline.
    pub(crate) fn arm(&mut self, deadline: Nanos, timer: Option<TimerId>, cell: Arc<TimerCell>) -> u64 {
        self.next += 1;
        self.armed.insert((deadline, self.next), (timer, cell));
        self.next
    }

    pub(crate) fn cancel(&mut self, deadline: Nanos, order: u64) {
        self.armed.remove(&(deadline, order));
    }

    pub(crate) fn next_deadline(&self) -> Option<Nanos> {
        self.armed.first_key_value().map(|(&(deadline, _), _)| deadline)
    }

    /// Takes the first timer that is due at `now`.
    pub(super) fn pop_due(&mut self, now: Nanos) -> Option<(Option<TimerId>, Arc<TimerCell>)> {
        let entry = self.armed.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }
}
