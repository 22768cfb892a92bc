//! One value, from one task to another.

use super::resource::{At, Resource};
use super::waiters::{Next, Ticket, Waiters};
use crate::event::{ResourceKind, ResourceState, WaitOp};
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// A channel for one value, shown as `name`: what asyncio calls a future.
#[track_caller]
pub fn oneshot<T>(name: impl Into<Arc<str>>) -> (OneShotSender<T>, OneShot<T>) {
    let inner = Arc::new(Inner {
        resource: Resource::new(ResourceKind::OneShot, name.into()),
        state: Mutex::new(State { value: None, is_over: false, waiters: Waiters::default() }),
    });
    let receiver = OneShot { inner: Arc::clone(&inner), ticket: None, wait: WaitPoint::new() };
    (OneShotSender { inner }, receiver)
}

struct Inner<T> {
    resource: Resource,
    state: Mutex<State<T>>,
}

struct State<T> {
    value: Option<T>,
    /// The sender has sent, or is gone.
    is_over: bool,
    waiters: Waiters,
}

impl<T> Inner<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the wait for a value.
    fn end(&self, at: At, value: Option<T>) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.is_over, true) {
            return;
        }
        if value.is_some() {
            self.resource.changed(at, ResourceState::OneShot { is_sent: true });
        }
        state.value = value;
        let next = state.waiters.wake_in_place();
        drop(state);
        next.into_iter().for_each(Next::wake);
    }
}

/// Sends the value. Dropping it without sending tells the receiver so.
pub struct OneShotSender<T> {
    inner: Arc<Inner<T>>,
}

impl<T> OneShotSender<T> {
    /// Sends the value.
    #[track_caller]
    pub fn send(self, value: T) {
        self.inner.end(At::Call(Location::caller()), Some(value));
    }
}

impl<T> Drop for OneShotSender<T> {
    fn drop(&mut self) {
        self.inner.end(At::Drop, None);
    }
}

/// The sender was dropped, and no value will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sender is gone")]
pub struct SenderGone;

/// Waits for the value.
#[must_use = "the value comes when this is awaited"]
pub struct OneShot<T> {
    inner: Arc<Inner<T>>,
    ticket: Option<Ticket>,
    wait: WaitPoint,
}

impl<T> Future for OneShot<T> {
    type Output = Result<T, SenderGone>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let place = Location::caller();
        let Self { inner, ticket, wait } = &mut *self;
        let mut state = inner.lock();
        let poll = if state.is_over {
            ticket.take().map(|ticket| state.waiters.leave(ticket));
            let value = state.value.take();
            if value.is_some() {
                inner.resource.changed(At::Await(place, wait.made_at()), ResourceState::OneShot { is_sent: false });
            }
            Poll::Ready(value.ok_or(SenderGone))
        } else {
            match *ticket {
                Some(ticket) => drop(state.waiters.still_waits(ticket, cx.waker())),
                None => *ticket = Some(state.waiters.join(cx.waker())),
            }
            Poll::Pending
        };
        drop(state);
        wait.record(&poll, place, inner.resource.waiting(WaitOp::Receive));
        poll
    }
}

impl<T> Drop for OneShot<T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.inner.lock().waiters.leave(ticket);
        }
    }
}

impl<T> fmt::Debug for OneShotSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneShotSender").field("resource", &self.inner.resource).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for OneShot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneShot").field("resource", &self.inner.resource).finish_non_exhaustive()
    }
}
