//! Waiting, with a lock, until somebody says that something has changed.

use super::lock::{AcquireLock, Lock, LockGuard};
use super::resource::{At, Resource, Shown};
use super::waiters::{Next, Ticket, Waiters};
use crate::core::cancel::Entered;
use crate::event::{ResourceKind, ResourceState, WaitOp};
use crate::probe::place::Place;
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// A meeting point of tasks that share a [`Lock`]: a task that holds it waits here until another that holds it
/// notifies.
#[derive(Debug, Clone)]
pub struct Condition(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    lock: Lock,
    resource: Shown,
    waiters: Mutex<Waiters>,
}

impl Condition {
    /// A condition of that lock, shown as `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, lock: &Lock) -> Self {
        Self(Arc::new(Inner {
            lock: lock.clone(),
            resource: Shown::Itself(Resource::new(ResourceKind::Condition, name.into())),
            waiters: Mutex::new(Waiters::default()),
        }))
    }

    /// A condition that is part of something else.
    pub(super) fn part_of(whole: &Arc<Resource>, op: WaitOp, lock: &Lock) -> Self {
        let resource = Shown::Part(Arc::clone(whole), op);
        Self(Arc::new(Inner { lock: lock.clone(), resource, waiters: Mutex::new(Waiters::default()) }))
    }

    /// [`wait`](Self::wait), shown as awaited at `place`.
    pub(super) fn wait_made_at(&self, guard: LockGuard, place: Option<Place>) -> WaitCondition {
        let mut waiting = self.wait(guard);
        waiting.wait = WaitPoint::made(place);
        waiting
    }

    /// Its lock.
    #[must_use]
    pub fn lock(&self) -> &Lock {
        &self.0.lock
    }

    /// Releases the lock, waits to be notified, and waits for the lock again. The guard comes back when both are done.
    ///
    /// # Panics
    /// If the guard is of another lock.
    #[track_caller]
    pub fn wait(&self, guard: LockGuard) -> WaitCondition {
        assert!(
            guard.lock().is_same(&self.0.lock),
            "{}: the guard is of another lock than the condition's",
            Location::caller()
        );
        WaitCondition { condition: self.clone(), stage: Stage::Held { _guard: guard }, wait: WaitPoint::new() }
    }

    /// Wakes up to `count` of those who wait, the first first; they go on when they get the lock. The guard shows that
    /// the caller holds it.
    ///
    /// # Panics
    /// If the guard is of another lock.
    #[track_caller]
    pub fn notify(&self, guard: &LockGuard, count: usize) {
        assert!(
            guard.lock().is_same(&self.0.lock),
            "{}: the guard is of another lock than the condition's",
            Location::caller()
        );
        self.notify_up_to(At::Call(Location::caller()), count);
    }

    /// [`notify`](Self::notify) for one who is known to hold the lock.
    pub(super) fn notify_up_to(&self, at: At, count: usize) {
        let mut waiters = self.waiters();
        let woken: Vec<_> = std::iter::from_fn(|| waiters.wake_in_place()).take(count).collect();
        if !woken.is_empty() {
            self.0.resource.changed(at, ResourceState::Condition { waiting: waiters.waiting() });
            drop(waiters);
            woken.into_iter().for_each(Next::wake);
        }
    }

    /// Wakes everyone who waits.
    ///
    /// # Panics
    /// If the guard is of another lock.
    #[track_caller]
    pub fn notify_all(&self, guard: &LockGuard) {
        self.notify(guard, usize::MAX);
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.0.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The future of [`Condition::wait`].
#[must_use = "a condition is waited for only when this is awaited"]
pub struct WaitCondition {
    condition: Condition,
    stage: Stage,
    wait: WaitPoint,
}

#[derive(Debug)]
enum Stage {
    /// Not awaited yet.
    Held { _guard: LockGuard },
    /// In line to be notified. A cancellation is met here before it takes effect.
    InLine(Ticket, Entered),
    /// Notified or cancelled; in line for the lock. It is left as it was entered, with the lock held, and each cancellation
    /// sends it to the end of the line.
    Locking { acquire: AcquireLock, scope: Entered, is_cancelled: bool },
    /// Cancelled, and holding the lock until it is dropped.
    Leaving { _guard: LockGuard },
    /// Taken apart while moving on, and at the end.
    Done,
}

impl WaitCondition {
    fn poll_at(&mut self, cx: &mut Context<'_>, place: Place) -> Poll<LockGuard> {
        let Self { condition, stage, wait } = self;
        loop {
            match std::mem::replace(stage, Stage::Done) {
                Stage::Held { _guard: guard } => {
                    let scope = Entered::new();
                    // Who takes the lock now and notifies finds this task in line, on whichever thread that is.
                    let mut waiters = condition.waiters();
                    drop(guard); // the lock is released before the task stands in line, as on asyncio
                    let ticket = waiters.join(cx.waker());
                    let at = At::Await(place, wait.made_at());
                    condition.0.resource.changed(at, ResourceState::Condition { waiting: waiters.waiting() });
                    *stage = Stage::InLine(ticket, scope);
                }
                Stage::InLine(ticket, scope) => {
                    let is_cancelled = scope.scope().is_cancelled();
                    let waits = !is_cancelled && condition.waiters().still_waits(ticket, cx.waker());
                    let poll = if waits { Poll::Pending } else { Poll::Ready(()) };
                    wait.record(&poll, place, condition.0.resource.waiting(WaitOp::Notified));
                    if poll.is_pending() {
                        *stage = Stage::InLine(ticket, scope);
                        return Poll::Pending;
                    }
                    condition.waiters().leave(ticket);
                    scope.scope().catch();
                    *stage = Stage::Locking { acquire: condition.0.lock.acquire(), scope, is_cancelled };
                }
                Stage::Locking { scope, .. } if scope.scope().is_cancelled() => {
                    // It left the line and joins it again.
                    scope.scope().catch();
                    *stage = Stage::Locking { acquire: condition.0.lock.acquire(), scope, is_cancelled: true };
                }
                Stage::Locking { mut acquire, scope, is_cancelled } => match acquire.poll_at(cx, place) {
                    Poll::Pending => {
                        *stage = Stage::Locking { acquire, scope, is_cancelled };
                        return Poll::Pending;
                    }
                    Poll::Ready(guard) if !is_cancelled => return Poll::Ready(guard),
                    Poll::Ready(guard) => {
                        *stage = Stage::Leaving { _guard: guard };
                        scope.propagate();
                        return Poll::Pending;
                    }
                },
                left @ Stage::Leaving { .. } => {
                    *stage = left;
                    return Poll::Pending;
                }
                Stage::Done => return Poll::Pending,
            }
        }
    }
}

impl Future for WaitCondition {
    type Output = LockGuard;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<LockGuard> {
        self.poll_at(cx, Location::caller())
    }
}

impl Drop for WaitCondition {
    fn drop(&mut self) {
        if let Stage::InLine(ticket, _) = self.stage {
            self.condition.waiters().leave(ticket);
        }
    }
}

impl fmt::Debug for WaitCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitCondition").field("condition", &self.condition).finish_non_exhaustive()
    }
}
