//! A flag that tasks wait for.

use super::resource::{At, Resource, Shown};
use super::waiters::{Next, Ticket, Waiters};
use crate::event::{ResourceKind, ResourceState, WaitOp};
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// A flag: tasks wait until it is set, and setting it wakes them all, in the order in which they came.
///
/// A woken task goes on even if the flag has been cleared since.
#[derive(Debug, Clone)]
pub struct Event(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    resource: Shown,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_set: bool,
    waiters: Waiters,
}

impl Event {
    /// A flag that is not set, shown as `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(Arc::new(Inner {
            resource: Shown::Itself(Resource::new(ResourceKind::Event, name.into())),
            state: Mutex::new(State::default()),
        }))
    }

    /// A flag that is part of something else.
    pub(super) fn part_of(whole: &Arc<Resource>, op: WaitOp) -> Self {
        Self(Arc::new(Inner { resource: Shown::Part(Arc::clone(whole), op), state: Mutex::new(State::default()) }))
    }

    /// Sets the flag and wakes everyone who waits for it.
    #[track_caller]
    pub fn set(&self) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.is_set, true) {
            return;
        }
        let woken: Vec<_> = std::iter::from_fn(|| state.waiters.wake_in_place()).collect();
        self.0.resource.changed(At::Call(Location::caller()), ResourceState::Event { is_set: true });
        drop(state);
        woken.into_iter().for_each(Next::wake);
    }

    /// Clears the flag: who comes now waits.
    #[track_caller]
    pub fn clear(&self) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.is_set, false) {
            self.0.resource.changed(At::Call(Location::caller()), ResourceState::Event { is_set: false });
        }
    }

    /// Whether it is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.lock().is_set
    }

    /// Waits until the flag is set; not at all if it is.
    #[track_caller]
    pub fn wait(&self) -> WaitEvent {
        WaitEvent { event: self.clone(), ticket: None, wait: WaitPoint::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The future of [`Event::wait`].
#[must_use = "a flag is waited for only when this is awaited"]
pub struct WaitEvent {
    event: Event,
    ticket: Option<Ticket>,
    wait: WaitPoint,
}

impl WaitEvent {
    fn poll_set(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.event.lock();
        match self.ticket {
            None if state.is_set => Poll::Ready(()),
            None => {
                self.ticket = Some(state.waiters.join(cx.waker()));
                Poll::Pending
            }
            Some(ticket) if state.waiters.still_waits(ticket, cx.waker()) => Poll::Pending,
            Some(ticket) => {
                state.waiters.leave(ticket);
                self.ticket = None;
                Poll::Ready(())
            }
        }
    }
}

impl Future for WaitEvent {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let place = Location::caller();
        let poll = self.poll_set(cx);
        let Self { event, wait, .. } = &mut *self;
        wait.record(&poll, place, event.0.resource.waiting(WaitOp::Set));
        poll
    }
}

impl Drop for WaitEvent {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.event.lock().waiters.leave(ticket);
        }
    }
}

impl fmt::Debug for WaitEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitEvent").field("event", &self.event).finish_non_exhaustive()
    }
}
