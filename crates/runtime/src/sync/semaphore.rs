//! A counting semaphore.

use super::resource::{At, Resource};
use super::waiters::{Next, Ticket, Waiters};
use crate::core::Core;
use crate::event::{Hold, ResourceKind, ResourceState, TaskId, WaitOp};
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Lets a number of tasks in at once; the others wait in line.
///
/// A task that releases a permit hands it to the first in line, which then becomes ready; nobody can overtake it.
#[derive(Debug, Clone)]
pub struct Semaphore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    resource: Resource,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Permits neither held nor promised to a woken waiter.
    free: u32,
    waiters: Waiters,
}

impl Semaphore {
    /// A semaphore of that many permits, shown as `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, permits: u32) -> Self {
        Self(Arc::new(Inner {
            resource: Resource::new(ResourceKind::Semaphore { permits }, name.into()),
            state: Mutex::new(State { free: permits, waiters: Waiters::default() }),
        }))
    }

    /// Waits for a permit. It is given back when the [`Permit`] is dropped.
    #[track_caller]
    pub fn acquire(&self) -> Acquire {
        Acquire { semaphore: self.clone(), ticket: None, task: None, wait: WaitPoint::new() }
    }

    /// Permits that nobody holds or was promised.
    #[must_use]
    pub fn free(&self) -> u32 {
        self.lock().free
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that `free` permits are left.
    fn changed(&self, at: At, free: u32) {
        self.0.resource.changed(at, ResourceState::Semaphore { free });
    }

    /// Gives a permit back that `task` held or was handed, or on to the first in line.
    fn release(&self, task: Option<TaskId>, hold: Hold) {
        let mut state = self.lock();
        let next = state.waiters.wake_in_place();
        if next.is_none() {
            state.free += 1;
        }
        self.changed(At::Drop, state.free);
        self.0.resource.hold_changed(task, hold);
        Next::hand_over(next, state, |task| self.0.resource.hold_changed(task, Hold::Handed));
    }
}

/// The future of [`Semaphore::acquire`].
#[must_use = "a permit is asked for only when this is awaited"]
pub struct Acquire {
    semaphore: Semaphore,
    ticket: Option<Ticket>,
    /// Who asks for it.
    task: Option<TaskId>,
    wait: WaitPoint,
}

impl Acquire {
    fn poll_permit(&mut self, cx: &mut Context<'_>, at: At) -> Poll<Permit> {
        if self.ticket.is_none() {
            self.task = Core::try_with(Core::current_task).flatten();
        }
        let mut state = self.semaphore.lock();
        match self.ticket {
            None if state.free > 0 && state.waiters.is_free() => {
                state.free -= 1;
                self.semaphore.changed(at, state.free);
                self.semaphore.0.resource.hold_changed(self.task, Hold::Taken);
            }
            None => {
                self.ticket = Some(state.waiters.join(cx.waker()));
                return Poll::Pending;
            }
            Some(ticket) if state.waiters.still_waits(ticket, cx.waker()) => return Poll::Pending,
            Some(ticket) => {
                // The permit was handed over when this task was woken.
                state.waiters.leave(ticket);
                self.ticket = None;
                self.semaphore.0.resource.hold_changed(self.task, Hold::Accepted);
                let next = if state.free > 0 { state.waiters.wake_in_place() } else { None };
                if next.is_some() {
                    state.free -= 1;
                    self.semaphore.changed(at, state.free);
                    let resource = &self.semaphore.0.resource;
                    Next::hand_over(next, state, |task| resource.hold_changed(task, Hold::Handed));
                }
            }
        }
        Poll::Ready(Permit { semaphore: self.semaphore.clone(), holder: self.task })
    }
}

impl Future for Acquire {
    type Output = Permit;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        let place = Location::caller();
        let at = At::Await(place, self.wait.made_at());
        let poll = self.poll_permit(cx, at);
        let Self { semaphore, wait, .. } = &mut *self;
        wait.record(&poll, place, semaphore.0.resource.waiting(WaitOp::Acquire));
        poll
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        let still_waited = self.semaphore.lock().waiters.leave(ticket);
        if !still_waited {
            // It was handed a permit that it will not use.
            self.semaphore.release(self.task, Hold::Declined);
        }
    }
}

impl fmt::Debug for Acquire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acquire").field("semaphore", &self.semaphore).finish_non_exhaustive()
    }
}

/// A permit held. Dropping it gives it back.
#[derive(Debug)]
#[must_use = "a permit that is dropped at once holds nobody back"]
pub struct Permit {
    semaphore: Semaphore,
    /// The task that took it, wherever it is dropped.
    holder: Option<TaskId>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.semaphore.release(self.holder, Hold::Released);
    }
}
