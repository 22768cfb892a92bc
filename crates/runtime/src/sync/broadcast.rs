//! Every value to every receiver.

use super::resource::{At, Resource};
use super::waiters::{Next, Ticket, Waiters};
use crate::event::{ResourceKind, ResourceState, WaitOp};
use crate::task::wait::WaitPoint;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::Future;
use std::num::NonZeroU32;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Sends values that each [`Subscriber`] receives; clones send into the same channel. Who lags further behind than the
/// channel holds misses the oldest, and is told how many.
pub struct Broadcast<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    resource: Resource,
    capacity: NonZeroU32,
    state: Mutex<State<T>>,
}

struct State<T> {
    items: VecDeque<T>,
    /// The number of the first of them.
    first: u64,
    /// The number of the next item of each subscriber.
    subscribers: BTreeMap<u64, u64>,
    next_subscriber: u64,
    senders: usize,
    waiters: Waiters,
}

impl<T> State<T> {
    fn end(&self) -> u64 {
        self.first + self.items.len() as u64
    }

    /// Drops what every subscriber has taken.
    fn forget(&mut self) {
        let needed = self.subscribers.values().copied().min().unwrap_or(self.end());
        while self.first < needed && self.items.pop_front().is_some() {
            self.first += 1;
        }
    }
}

impl<T> Inner<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, at: At, state: &State<T>) {
        self.resource.changed(at, ResourceState::Broadcast { length: state.items.len() as u32 });
    }
}

impl<T: Clone> Broadcast<T> {
    /// A channel that holds `capacity` values for a slow subscriber, shown as `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, capacity: NonZeroU32) -> Self {
        let state = State {
            items: VecDeque::new(),
            first: 0,
            subscribers: BTreeMap::new(),
            next_subscriber: 0,
            senders: 1,
            waiters: Waiters::default(),
        };
        let resource = Resource::new(ResourceKind::Broadcast { capacity: capacity.get() }, name.into());
        Self { inner: Arc::new(Inner { resource, capacity, state: Mutex::new(state) }) }
    }

    /// A receiver of every value from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscriber<T> {
        let mut state = self.inner.lock();
        let (id, next) = (state.next_subscriber, state.end());
        state.next_subscriber += 1;
        state.subscribers.insert(id, next);
        Subscriber { inner: Arc::clone(&self.inner), id }
    }

    /// Sends a value to every subscriber; how many there are.
    #[track_caller]
    pub fn send(&self, value: T) -> usize {
        let mut state = self.inner.lock();
        let count = state.subscribers.len();
        if count > 0 {
            state.items.push_back(value);
            if state.items.len() > self.inner.capacity.get() as usize {
                state.items.pop_front();
                state.first += 1;
            }
            self.inner.changed(At::Call(Location::caller()), &state);
        }
        let woken: Vec<_> = std::iter::from_fn(|| state.waiters.wake_in_place()).collect();
        drop(state);
        woken.into_iter().for_each(Next::wake);
        count
    }
}

impl<T> Clone for Broadcast<T> {
    fn clone(&self) -> Self {
        self.inner.lock().senders += 1;
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<T> Drop for Broadcast<T> {
    fn drop(&mut self) {
        let mut state = self.inner.lock();
        state.senders -= 1;
        let is_over = state.senders == 0;
        let woken: Vec<_> = std::iter::from_fn(|| if is_over { state.waiters.wake_in_place() } else { None }).collect();
        drop(state);
        woken.into_iter().for_each(Next::wake);
    }
}

/// Why no value came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missed {
    /// Values were sent that this subscriber did not take in time.
    #[error("{0} values were missed")]
    Lagged(u64),
    /// Every sender is gone, and every value was taken.
    #[error("the senders are gone")]
    Over,
}

/// Receives every value that was sent since it subscribed.
pub struct Subscriber<T> {
    inner: Arc<Inner<T>>,
    id: u64,
}

impl<T: Clone> Subscriber<T> {
    /// Waits for the next value.
    #[track_caller]
    pub fn receive(&mut self) -> ReceiveBroadcast<'_, T> {
        ReceiveBroadcast { subscriber: self, ticket: None, wait: WaitPoint::new() }
    }

    fn take(&self, at: At, state: &mut State<T>) -> Option<Result<T, Missed>> {
        let next = *state.subscribers.get(&self.id)?;
        let first = state.first;
        if next < first {
            state.subscribers.insert(self.id, first);
            return Some(Err(Missed::Lagged(first - next)));
        }
        match state.items.get((next - first) as usize).cloned() {
            Some(item) => {
                state.subscribers.insert(self.id, next + 1);
                state.forget();
                self.inner.changed(at, state);
                Some(Ok(item))
            }
            None => (state.senders == 0).then_some(Err(Missed::Over)),
        }
    }
}

impl<T> Drop for Subscriber<T> {
    fn drop(&mut self) {
        let mut state = self.inner.lock();
        state.subscribers.remove(&self.id);
        state.forget();
    }
}

/// The future of [`Subscriber::receive`].
#[must_use = "a value comes when this is awaited"]
pub struct ReceiveBroadcast<'a, T> {
    subscriber: &'a Subscriber<T>,
    ticket: Option<Ticket>,
    wait: WaitPoint,
}

impl<T: Clone> Future for ReceiveBroadcast<'_, T> {
    type Output = Result<T, Missed>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let place = Location::caller();
        let Self { subscriber, ticket, wait } = &mut *self;
        let mut state = subscriber.inner.lock();
        if let Some(ticket) = ticket.take() {
            state.waiters.leave(ticket);
        }
        let poll = match subscriber.take(At::Await(place, wait.made_at()), &mut state) {
            Some(result) => Poll::Ready(result),
            None => {
                *ticket = Some(state.waiters.join(cx.waker()));
                Poll::Pending
            }
        };
        drop(state);
        wait.record(&poll, place, subscriber.inner.resource.waiting(WaitOp::Receive));
        poll
    }
}

impl<T> Drop for ReceiveBroadcast<'_, T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.subscriber.inner.lock().waiters.leave(ticket);
        }
    }
}

impl<T> fmt::Debug for Broadcast<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast").field("resource", &self.inner.resource).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Subscriber<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ReceiveBroadcast<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiveBroadcast").finish_non_exhaustive()
    }
}
