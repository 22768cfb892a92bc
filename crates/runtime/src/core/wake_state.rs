//! The wake state of a task: which thread makes it ready, and which thread records that.
//!
//! Threads race for both when a task is woken, polled or dropped.
//!
//! ```text
//!            wake                 poll starts
//!   idle ───────────▶ ready ───────────────────▶ running ──▶ idle or, if it was woken, ready
//!    │                  │                           │
//!    └──────────────────┴───────── over ◀───────────┘
//! ```
//!
//! A thread that wakes an idle task makes it ready, records that, and then schedules it. A thread that wakes a ready task
//! records that the wake changed nothing. Both hold a lock while they record. A task is polled or ends only while no
//! thread holds the lock, so nothing is recorded of a task that has ended.
//!
//! The lock is one bit of the state. A wake takes it with the step that makes the task ready, so it costs one step to take
//! and one to release. A thread that finds it taken parks.
//!
//! This module knows no events, no run and no executor. `tests/loom` tries every interleaving.

use super::atomics::{AtomicU64, Condvar, Mutex, MutexGuard, Ordering, PoisonError};
use std::fmt;

/// The task is in the ready queue, or will be as soon as its poll ends.
const READY: u64 = 1;
/// The task is being polled, or its poller records that it is ready again.
const RUNNING: u64 = 2;
/// It was the first to wake itself while it ran.
const BY_ITSELF: u64 = 4;
/// Another woke it; where it runs, that one leaves the cause.
const BY_ANOTHER: u64 = 8;
/// The task has ended, or is being dropped: wakes mean nothing any more.
const OVER: u64 = 16;
/// The lock: a thread records events of the task.
const TELLING: u64 = 32;
/// Somebody is parked until the lock is released.
const AWAITED: u64 = 64;
/// One poll. The polls are counted above the flags.
const POLL: u64 = 128;
const FLAGS: u64 = POLL - 1;

/// The state of a task, as far as wakes go. `Cause` is why somebody woke it.
#[derive(Debug)]
pub(super) struct WakeState<Cause> {
    state: AtomicU64,
    /// Why others woke it while it ran.
    woken_by: Mutex<Vec<Cause>>,
    /// Where threads park until the lock is released.
    told: Condvar,
}

/// The lock. While you hold it, only the poller can also record events of the task.
pub(crate) struct Telling<'a, Cause>(&'a WakeState<Cause>);

/// A number of polls of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Polls(u64);

/// What a wake found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The task was idle, or ran and had not been woken.
    Nothing,
    /// It was ready already, after so many polls.
    Ready(Polls),
    /// It was over.
    Over,
}

/// What is to be done after a wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// Schedule the task.
    ToBeScheduled,
    /// Nothing: another does, or it is over.
    Already,
}

/// What became of a task at the end of a poll.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum After<Cause> {
    /// It waits.
    Idle,
    /// It is ready again: it woke itself, or this was the first cause. Its poller records that, and then
    /// [`lets go`](WakeState::lets_go).
    Ready(Option<Cause>),
}

impl<Cause> Default for WakeState<Cause> {
    /// A task that is about to be scheduled.
    fn default() -> Self {
        Self { state: AtomicU64::new(READY), woken_by: Mutex::new(Vec::new()), told: Condvar::new() }
    }
}

impl<Cause> WakeState<Cause> {
    /// Takes the lock.
    pub(crate) fn telling(&self) -> Telling<'_, Cause> {
        self.change(|state| Some(state | TELLING));
        Telling(self)
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.state.load(Ordering::Acquire) & (READY | OVER) == READY
    }

    /// How often it has been polled.
    pub(crate) fn polls(&self) -> Polls {
        Polls(self.state.load(Ordering::Relaxed) / POLL)
    }

    /// Whether it is ready, and was not polled since it had been polled so often.
    pub(super) fn is_ready_since(&self, polls: Polls) -> bool {
        let state = self.state.load(Ordering::Acquire);
        state & (READY | RUNNING | OVER) == READY && Polls(state / POLL) == polls
    }

    /// A wake by the task's own code, in its poll.
    #[inline]
    pub(super) fn woken_by_itself(&self) -> Found {
        found(self.change(|state| (found(state) == Found::Nothing).then_some(state | READY | BY_ITSELF)))
    }

    /// A wake by the one thread that polls the task, which it does not do now.
    #[inline]
    pub(super) fn woken_by_its_thread(&self) -> Option<Found> {
        let is_running = self.state.load(Ordering::Relaxed) & RUNNING != 0;
        (!is_running).then(|| found(self.state.fetch_or(READY, Ordering::AcqRel)))
    }

    /// A wake by any other thread. If the task does not run, `tell` records it while this thread holds the lock.
    #[inline(always)]
    pub(crate) fn woken(&self, cause: impl FnOnce() -> Cause, tell: impl FnOnce(Found)) -> Woken {
        let before = self.change(|state| Some(state | READY | BY_ANOTHER | TELLING));
        let telling = Telling(self);
        let what = found(before);
        if before & RUNNING != 0 {
            // The poller records it at the end of the poll, and waits for this thread first.
            telling.woken_by().push(cause());
        } else {
            // A task that was woken elsewhere, too, may be polled before it is scheduled from here.
            tell(what);
        }
        drop(telling);
        if what == Found::Nothing { Woken::ToBeScheduled } else { Woken::Already }
    }

    /// The task is polled now. Synchronizes with threads whose wakes found it ready: what they did before is visible here.
    #[inline]
    pub(crate) fn poll_starts(&self) {
        self.change(|state| Some((state & !FLAGS).wrapping_add(POLL) | RUNNING));
    }

    /// The task gave control back, and has not ended.
    #[inline]
    pub(crate) fn poll_ended(&self) -> After<Cause> {
        let before = self.change(|state| (state & READY == 0).then_some(state & !FLAGS));
        match before {
            _ if before & READY == 0 => After::Idle,
            _ if before & BY_ITSELF != 0 => After::Ready(None),
            _ => self.woken_first(),
        }
    }

    #[cold]
    fn woken_first(&self) -> After<Cause> {
        let mut woken_by = self.woken_by();
        After::Ready(if woken_by.is_empty() { None } else { Some(woken_by.remove(0)) })
    }

    /// The poller has recorded that the task is ready again. If others woke it during the poll, record that while you hold the
    /// lock.
    #[inline]
    pub(crate) fn lets_go(&self) -> Option<Telling<'_, Cause>> {
        let before = self.state.fetch_and(!(RUNNING | BY_ITSELF | BY_ANOTHER), Ordering::AcqRel);
        (before & BY_ANOTHER != 0).then(|| self.telling())
    }

    /// The task has ended: in its poll, or because it was dropped. All its wakes have been recorded.
    #[inline]
    pub(crate) fn ends(&self) {
        self.change(|state| Some(state | OVER));
    }

    /// Changes the state in one step, as soon as the lock is free, and returns the state before. `to` returns the new state,
    /// or `None` to leave it as it is.
    #[inline(always)]
    fn change(&self, to: impl Fn(u64) -> Option<u64>) -> u64 {
        let mut state = self.state.load(Ordering::Acquire);
        loop {
            if state & TELLING != 0 {
                state = self.park_until_told();
                continue;
            }
            let Some(next) = to(state) else { return state };
            match self.state.compare_exchange_weak(state, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(before) => return before,
                Err(now) => state = now,
            }
        }
    }

    /// Waits until the lock is free, and returns the state then.
    #[cold]
    fn park_until_told(&self) -> u64 {
        let mut woken_by = self.woken_by();
        loop {
            let awaited = |state| (state & TELLING != 0).then_some(state | AWAITED);
            match self.state.fetch_update(Ordering::AcqRel, Ordering::Acquire, awaited) {
                // The thread that releases the lock takes the mutex before it notifies, so this thread waits by then.
                Ok(_) => woken_by = self.told.wait(woken_by).unwrap_or_else(PoisonError::into_inner),
                Err(state) => return state,
            }
        }
    }

    /// Wakes the threads that are parked until the lock is free.
    #[cold]
    fn notify_parked(&self) {
        // The thread that set the flag holds the mutex until it waits.
        let woken_by = self.woken_by();
        self.state.fetch_and(!AWAITED, Ordering::AcqRel);
        drop(woken_by);
        self.told.notify_all();
    }

    fn woken_by(&self) -> MutexGuard<'_, Vec<Cause>> {
        self.woken_by.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Cause> Telling<'_, Cause> {
    /// Why others woke the task while it ran, oldest first.
    pub(crate) fn take_woken_by(&self) -> Vec<Cause> {
        std::mem::take(&mut self.woken_by())
    }

    fn woken_by(&self) -> MutexGuard<'_, Vec<Cause>> {
        self.0.woken_by()
    }
}

impl<Cause> Drop for Telling<'_, Cause> {
    #[inline(always)]
    fn drop(&mut self) {
        // The flag is set. A subtraction needs no loop, as clearing flags would.
        let before = self.0.state.fetch_sub(TELLING, Ordering::AcqRel);
        if before & AWAITED != 0 {
            self.0.notify_parked();
        }
    }
}

impl<Cause> fmt::Debug for Telling<'_, Cause> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telling").finish_non_exhaustive()
    }
}

fn found(before: u64) -> Found {
    match before {
        _ if before & OVER != 0 => Found::Over,
        _ if before & READY != 0 => Found::Ready(Polls(before / POLL)),
        _ => Found::Nothing,
    }
}
