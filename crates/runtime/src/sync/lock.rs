//! Mutual exclusion.

use super::resource::{At, Resource, Shown};
use super::waiters::{Next, Ticket, Waiters};
use crate::core::Core;
use crate::event::{Hold, ResourceKind, ResourceState, TaskId, WaitOp};
use crate::probe::place::Place;
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Lets one task in at a time; the others wait in line.
///
/// A task that releases it wakes the first in line, and nobody can overtake that one, though it has yet to run.
#[derive(Debug, Clone)]
pub struct Lock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    resource: Shown,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_locked: bool,
    waiters: Waiters,
}

impl Lock {
    /// A lock that nobody holds, shown as `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(Arc::new(Inner {
            resource: Shown::Itself(Resource::new(ResourceKind::Lock, name.into())),
            state: Mutex::new(State::default()),
        }))
    }

    /// A lock that is part of something else.
    pub(super) fn part_of(whole: &Arc<Resource>, op: WaitOp) -> Self {
        Self(Arc::new(Inner { resource: Shown::Part(Arc::clone(whole), op), state: Mutex::new(State::default()) }))
    }

    /// Waits for the lock. It is released when the [`LockGuard`] is dropped.
    #[track_caller]
    pub fn acquire(&self) -> AcquireLock {
        AcquireLock { lock: self.clone(), ticket: None, task: None, wait: WaitPoint::new() }
    }

    /// Whether somebody holds it.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock().is_locked
    }

    /// Whether two handles name the same lock.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self) {
        let mut state = self.lock();
        state.is_locked = false;
        let next = state.waiters.wake_first();
        self.0.resource.changed(At::Drop, ResourceState::Lock { holder: None });
        Next::hand_over(next, state, |task| self.0.resource.hold_changed(task, Hold::Handed));
    }
}

/// The future of [`Lock::acquire`].
#[must_use = "a lock is asked for only when this is awaited"]
pub struct AcquireLock {
    lock: Lock,
    ticket: Option<Ticket>,
    /// Who stands in line.
    task: Option<TaskId>,
    wait: WaitPoint,
}

impl AcquireLock {
    /// Where it was made.
    pub(super) fn place(&self) -> Option<Place> {
        self.wait.made_at()
    }

    /// Polls as if awaited at `place`.
    pub(super) fn poll_at(&mut self, cx: &mut Context<'_>, place: Place) -> Poll<LockGuard> {
        let poll = self.poll_lock(cx, At::Await(place, self.wait.made_at()));
        let Self { lock, wait, .. } = self;
        wait.record(&poll, place, lock.0.resource.waiting(WaitOp::Lock));
        poll
    }

    fn poll_lock(&mut self, cx: &mut Context<'_>, at: At) -> Poll<LockGuard> {
        let mut state = self.lock.lock();
        match self.ticket {
            None if state.is_locked || !state.waiters.is_free() => {
                self.ticket = Some(state.waiters.join(cx.waker()));
                self.task = current_task();
                return Poll::Pending;
            }
            None => {}
            Some(ticket) if state.waiters.still_waits(ticket, cx.waker()) => return Poll::Pending,
            Some(ticket) => {
                state.waiters.leave(ticket);
                self.ticket = None;
                self.lock.0.resource.hold_changed(self.task, Hold::Accepted);
            }
        }
        state.is_locked = true;
        self.lock.0.resource.changed(at, ResourceState::Lock { holder: current_task() });
        drop(state);
        Poll::Ready(LockGuard { lock: self.lock.clone() })
    }
}

fn current_task() -> Option<TaskId> {
    Core::try_with(Core::current_task).flatten()
}

impl Future for AcquireLock {
    type Output = LockGuard;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<LockGuard> {
        self.poll_at(cx, Location::caller())
    }
}

impl Drop for AcquireLock {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        let mut state = self.lock.lock();
        let was_handed = !state.waiters.leave(ticket);
        if was_handed {
            self.lock.0.resource.hold_changed(self.task, Hold::Declined);
        }
        // If it was woken, the lock is free and the next in line must learn of it.
        let next = if state.is_locked { None } else { state.waiters.wake_first() };
        Next::hand_over(next, state, |task| self.lock.0.resource.hold_changed(task, Hold::Handed));
    }
}

impl fmt::Debug for AcquireLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcquireLock").field("lock", &self.lock).finish_non_exhaustive()
    }
}

/// A lock held. Dropping it releases the lock.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once keeps nobody out"]
pub struct LockGuard {
    lock: Lock,
}

impl LockGuard {
    /// The lock that is held.
    #[must_use]
    pub fn lock(&self) -> &Lock {
        &self.lock
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        self.lock.release();
    }
}
