//! Queues: first in first out, last in first out, smallest first.

use super::event::{Event, WaitEvent};
use super::resource::{At, Resource};
use super::waiters::{Next, Ticket, Waiters};
use crate::event::{QueueOrder, ResourceKind, ResourceState, WaitOp};
use crate::task::wait::WaitPoint;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::num::NonZeroU32;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Passes items from task to task. A full queue makes who puts wait, an empty one who gets.
pub struct Queue<T>(Arc<Inner<T>>);

struct Inner<T> {
    resource: Arc<Resource>,
    capacity: Option<NonZeroU32>,
    /// Adds an item where the queue's order has it; items are taken from the front.
    insert: fn(&mut VecDeque<T>, T),
    /// Set while every item taken is done with.
    all_done: Event,
    state: Mutex<State<T>>,
}

struct State<T> {
    items: VecDeque<T>,
    getters: Waiters,
    putters: Waiters,
    /// Items that were put and are not done with.
    unfinished: u64,
}

/// A bounded queue had no place for this item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the queue is full")]
pub struct QueueFull<T>(pub T);

impl<T> Queue<T> {
    /// A queue without bound, shown as `name`.
    #[must_use]
    pub fn unbounded(name: impl Into<Arc<str>>) -> Self {
        Self::new(name.into(), None, QueueOrder::FirstInFirstOut, VecDeque::push_back)
    }

    /// A queue that holds at most `capacity` items, shown as `name`.
    #[must_use]
    pub fn bounded(name: impl Into<Arc<str>>, capacity: NonZeroU32) -> Self {
        Self::new(name.into(), Some(capacity), QueueOrder::FirstInFirstOut, VecDeque::push_back)
    }

    /// A queue that gives the item that was put last, with or without bound, shown as `name`.
    #[must_use]
    pub fn last_in_first_out(name: impl Into<Arc<str>>, capacity: Option<NonZeroU32>) -> Self {
        Self::new(name.into(), capacity, QueueOrder::LastInFirstOut, VecDeque::push_front)
    }

    /// A queue that gives the smallest item, with or without bound, shown as `name`. Of equal ones it gives the oldest.
    #[must_use]
    pub fn priority(name: impl Into<Arc<str>>, capacity: Option<NonZeroU32>) -> Self
    where
        T: Ord,
    {
        Self::new(name.into(), capacity, QueueOrder::SmallestFirst, |items, item| {
            items.insert(items.partition_point(|other| *other <= item), item);
        })
    }

    fn new(name: Arc<str>, capacity: Option<NonZeroU32>, order: QueueOrder, insert: fn(&mut VecDeque<T>, T)) -> Self {
        let kind = ResourceKind::Queue { capacity: capacity.map(NonZeroU32::get), order };
        let resource = Arc::new(Resource::new(kind, name));
        let all_done = Event::part_of(&resource, WaitOp::AllDone);
        all_done.set();
        Self(Arc::new(Inner {
            resource,
            capacity,
            insert,
            all_done,
            state: Mutex::new(State {
                items: VecDeque::new(),
                getters: Waiters::default(),
                putters: Waiters::default(),
                unfinished: 0,
            }),
        }))
    }

    /// Waits for a free place, then adds `item`. In an unbounded queue it never waits.
    #[track_caller]
    pub fn put(&self, item: T) -> Put<T> {
        Put { queue: self.clone(), item: Some(item), ticket: None, wait: WaitPoint::new() }
    }

    /// Adds `item` without waiting.
    ///
    /// # Errors
    /// Gives the item back if the queue is full.
    #[track_caller]
    pub fn try_put(&self, item: T) -> Result<(), QueueFull<T>> {
        let state = self.lock();
        if self.is_full(&state) {
            return Err(QueueFull(item));
        }
        self.add(At::Call(Location::caller()), state, item);
        Ok(())
    }

    fn add(&self, at: At, mut state: MutexGuard<'_, State<T>>, item: T) {
        (self.0.insert)(&mut state.items, item);
        state.unfinished += 1;
        self.0.all_done.clear();
        let getter = state.getters.wake_out();
        self.changed(at, state, getter);
    }

    /// Says that an item that was taken is done with.
    ///
    /// # Panics
    /// If every item that was put is done with already.
    #[track_caller]
    pub fn task_done(&self) {
        let mut state = self.lock();
        let Some(left) = state.unfinished.checked_sub(1) else {
            drop(state);
            panic!("{}: task_done() for more items than were put", Location::caller());
        };
        state.unfinished = left;
        if left == 0 {
            self.0.all_done.set(); // before somebody puts another
        }
    }

    /// Waits until every item that was put was taken and is [done](Self::task_done) with.
    #[track_caller]
    pub fn join(&self) -> WaitEvent {
        self.0.all_done.wait()
    }

    /// Waits for an item and takes it.
    #[track_caller]
    pub fn get(&self) -> Get<T> {
        Get { queue: self.clone(), ticket: None, wait: WaitPoint::new() }
    }

    /// Takes an item, if there is one.
    #[must_use]
    #[track_caller]
    pub fn try_get(&self) -> Option<T> {
        let mut state = self.lock();
        let item = state.items.pop_front()?;
        let putter = state.putters.wake_out();
        self.changed(At::Call(Location::caller()), state, putter);
        Some(item)
    }

    /// How many items are in the queue.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().items.len()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_full(&self, state: &State<T>) -> bool {
        self.0.capacity.is_some_and(|capacity| state.items.len() >= capacity.get() as usize)
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a change, then wakes who waited for it.
    fn changed(&self, at: At, state: MutexGuard<'_, State<T>>, next: Option<Next>) {
        self.0.resource.changed(at, ResourceState::Queue { length: state.items.len() as u32 });
        drop(state);
        next.into_iter().for_each(Next::wake);
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("resource", &self.0.resource).field("length", &self.len()).finish_non_exhaustive()
    }
}

/// The future of [`Queue::get`].
#[must_use = "an item is taken only when this is awaited"]
pub struct Get<T> {
    queue: Queue<T>,
    ticket: Option<Ticket>,
    wait: WaitPoint,
}

impl<T> Get<T> {
    fn poll_item(&mut self, cx: &mut Context<'_>, at: At) -> Poll<T> {
        let mut state = self.queue.lock();
        if let Some(ticket) = self.ticket
            && state.getters.still_waits(ticket, cx.waker())
        {
            return Poll::Pending;
        }
        self.ticket = None;
        match state.items.pop_front() {
            Some(item) => {
                let putter = state.putters.wake_out();
                self.queue.changed(at, state, putter);
                Poll::Ready(item)
            }
            // Woken, but somebody was quicker: to the end of the line again, as in asyncio.
            None => {
                self.ticket = Some(state.getters.join(cx.waker()));
                Poll::Pending
            }
        }
    }
}

impl<T> Future for Get<T> {
    type Output = T;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let place = Location::caller();
        let at = At::Await(place, self.wait.made_at());
        let poll = self.poll_item(cx, at);
        let Self { queue, wait, .. } = &mut *self;
        wait.record(&poll, place, queue.0.resource.waiting(WaitOp::Get));
        poll
    }
}

impl<T> Drop for Get<T> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        let mut state = self.queue.lock();
        let was_woken = !state.getters.leave(ticket);
        let next = if was_woken && !state.items.is_empty() { state.getters.wake_out() } else { None };
        drop(state);
        next.into_iter().for_each(Next::wake);
    }
}

impl<T> fmt::Debug for Get<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").field("queue", &self.queue).finish_non_exhaustive()
    }
}

/// The future of [`Queue::put`].
#[must_use = "an item is put only when this is awaited"]
pub struct Put<T> {
    queue: Queue<T>,
    item: Option<T>,
    ticket: Option<Ticket>,
    wait: WaitPoint,
}

// The item is never pinned.
impl<T> Unpin for Put<T> {}

impl<T> Put<T> {
    fn poll_place(&mut self, cx: &mut Context<'_>, at: At) -> Poll<()> {
        let mut state = self.queue.lock();
        if let Some(ticket) = self.ticket
            && state.putters.still_waits(ticket, cx.waker())
        {
            return Poll::Pending;
        }
        self.ticket = None;
        if self.queue.is_full(&state) {
            self.ticket = Some(state.putters.join(cx.waker()));
            return Poll::Pending;
        }
        if let Some(item) = self.item.take() {
            self.queue.add(at, state, item);
        }
        Poll::Ready(())
    }
}

impl<T> Future for Put<T> {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let place = Location::caller();
        let at = At::Await(place, self.wait.made_at());
        let poll = self.poll_place(cx, at);
        let Self { queue, wait, .. } = &mut *self;
        wait.record(&poll, place, queue.0.resource.waiting(WaitOp::Put));
        poll
    }
}

impl<T> Drop for Put<T> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        let mut state = self.queue.lock();
        let was_woken = !state.putters.leave(ticket);
        let next = if was_woken && !self.queue.is_full(&state) { state.putters.wake_out() } else { None };
        drop(state);
        next.into_iter().for_each(Next::wake);
    }
}

impl<T> fmt::Debug for Put<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put").field("queue", &self.queue).finish_non_exhaustive()
    }
}
