//! What threads race for when a task is woken, polled and dropped: who makes it ready, and who tells of that.
//!
//! ```text
//!            wake                 poll starts
//!   idle ───────────▶ ready ───────────────────▶ running ──▶ idle or, if woken meanwhile, ready
//!    │                  │                           │
//!    └──────────────────┴───────── over ◀───────────┘
//! ```
//!
//! Whoever finds the task idle makes it ready, tells of that, and only then has it scheduled. Who finds it ready tells that
//! the wake changed nothing. Both tell under a lock, under which the task also becomes over, so that nothing is told of a
//! task that has ended. The poller takes the lock only if somebody tells at that moment.
//!
//! This module knows no events, no run and no executor. `tests/loom` tries every interleaving.

use super::atomics::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError};

/// The task is in the ready queue, or will be as soon as its poll ends.
const READY: u64 = 1;
/// The task is being polled, or its poller tells that it is ready again.
const RUNNING: u64 = 2;
/// It was the first to wake itself while it ran.
const BY_ITSELF: u64 = 4;
/// Another woke it; where it runs, that one leaves the cause.
const BY_ANOTHER: u64 = 8;
/// The task has ended, or is being dropped: wakes mean nothing any more.
const OVER: u64 = 16;
/// Somebody tells of a wake; the poller has to wait for that.
const TELLING: u64 = 32;
/// One poll. The polls are counted above the flags.
const POLL: u64 = 64;
const FLAGS: u64 = POLL - 1;

/// The state of a task, as far as wakes go. `Cause` is why somebody woke it.
#[derive(Debug)]
pub(super) struct WakeState<Cause> {
    state: AtomicU64,
    /// Held by who tells of the task and does not poll it. Who woke it while it ran.
    woken_by: Mutex<Vec<Cause>>,
}

/// A number of polls of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Polls(u64);

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
pub(super) enum Woken {
    /// Schedule the task.
    ToBeScheduled,
    /// Nothing: another does, or it is over.
    Already,
}

/// What became of a task at the end of a poll.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum After<Cause> {
    /// It waits.
    Idle,
    /// It is ready again: it woke itself, or that is the first that woke it. Its poller tells so, and then
    /// [`lets go`](WakeState::lets_go).
    Ready(Option<Cause>),
}

impl<Cause> Default for WakeState<Cause> {
    /// A task that is about to be scheduled.
    fn default() -> Self {
        Self { state: AtomicU64::new(READY), woken_by: Mutex::new(Vec::new()) }
    }
}

impl<Cause> WakeState<Cause> {
    /// While this is held, nobody else tells of the task but who polls it.
    pub(super) fn telling(&self) -> MutexGuard<'_, Vec<Cause>> {
        self.woken_by.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_ready(&self) -> bool {
        self.state.load(Ordering::Acquire) & READY != 0
    }

    /// How often it has been polled.
    pub(super) fn polls(&self) -> Polls {
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
        let mut state = self.state.load(Ordering::Relaxed);
        while found(state) == Found::Nothing {
            let ready = state | READY | BY_ITSELF;
            match self.state.compare_exchange_weak(state, ready, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Found::Nothing,
                Err(now) => state = now,
            }
        }
        found(state)
    }

    /// A wake by the one thread that polls the task, which it does not do now.
    #[inline]
    pub(super) fn woken_by_its_thread(&self) -> Option<Found> {
        let is_running = self.state.load(Ordering::Relaxed) & RUNNING != 0;
        (!is_running).then(|| found(self.state.fetch_or(READY, Ordering::AcqRel)))
    }

    /// A wake by anybody else. `tell` tells of it, where the task does not run, while nobody else tells of the task.
    #[inline]
    pub(super) fn woken(&self, cause: impl FnOnce() -> Cause, tell: impl FnOnce(Found)) -> Woken {
        let mut woken_by = self.telling();
        let before = self.state.fetch_or(READY | BY_ANOTHER | TELLING, Ordering::AcqRel);
        let what = found(before);
        if before & RUNNING != 0 {
            // The poller tells. It takes the lock for the causes when it sees the flag.
            woken_by.push(cause());
        } else {
            // A task that was woken elsewhere, too, may be polled before it is scheduled from here.
            tell(what);
        }
        self.state.fetch_and(!TELLING, Ordering::AcqRel);
        if what == Found::Nothing { Woken::ToBeScheduled } else { Woken::Already }
    }

    /// The task is polled now. Sees what those did who found it ready and left the wake to another.
    #[inline]
    pub(super) fn poll_starts(&self) {
        // Only pollers change the count, one after another.
        let polls = self.state.load(Ordering::Relaxed) & !FLAGS;
        let before = self.state.swap(polls.wrapping_add(POLL) | RUNNING, Ordering::AcqRel);
        if before & TELLING != 0 {
            drop(self.telling()); // waits until it is told
        }
    }

    /// The task gave control back, and has not ended.
    #[inline]
    pub(super) fn poll_ended(&self) -> After<Cause> {
        let mut state = self.state.load(Ordering::Relaxed);
        while state & READY == 0 {
            match self.state.compare_exchange_weak(state, state & !FLAGS, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return After::Idle,
                Err(now) => state = now,
            }
        }
        if state & BY_ITSELF != 0 {
            return After::Ready(None);
        }
        let mut woken_by = self.telling();
        After::Ready(if woken_by.is_empty() { None } else { Some(woken_by.remove(0)) })
    }

    /// The poller has told that the task is ready again. Who else woke it meanwhile: to be told while this is held.
    #[inline]
    pub(super) fn lets_go(&self) -> Option<MutexGuard<'_, Vec<Cause>>> {
        let before = self.state.fetch_and(!(RUNNING | BY_ITSELF | BY_ANOTHER), Ordering::AcqRel);
        (before & BY_ANOTHER != 0).then(|| self.telling())
    }

    /// The task has ended in its poll.
    #[inline]
    pub(super) fn ends_in_poll(&self) {
        self.state.swap(OVER, Ordering::AcqRel);
    }

    /// The task is dropped. Whatever was to be told of wakes has been told.
    pub(super) fn ends(&self) {
        let _telling = self.telling();
        self.state.fetch_or(OVER, Ordering::AcqRel);
    }
}

fn found(before: u64) -> Found {
    match before {
        _ if before & OVER != 0 => Found::Over,
        _ if before & READY != 0 => Found::Ready(Polls(before / POLL)),
        _ => Found::Nothing,
    }
}
