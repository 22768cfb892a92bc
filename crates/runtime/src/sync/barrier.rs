//! A place where tasks meet.

use super::condition::Condition;
use super::lock::Lock;
use super::resource::{At, Resource};
use crate::event::{ResourceKind, ResourceState, WaitOp};
use std::fmt;
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Holds tasks until a number of them have come, then lets all of them go on; and so again.
#[derive(Debug, Clone)]
pub struct Barrier(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parties: NonZeroU32,
    resource: Arc<Resource>,
    /// asyncio's barrier is made of a condition, and takes its turns.
    condition: Condition,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Tasks inside.
    count: u32,
    /// They are on their way out; who comes now waits until they have gone.
    is_draining: bool,
}

impl Barrier {
    /// A barrier for that many tasks, shown as `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, parties: NonZeroU32) -> Self {
        let kind = ResourceKind::Barrier { parties: parties.get() };
        let resource = Arc::new(Resource::new(kind, name.into()));
        let lock = Lock::part_of(&resource, WaitOp::Arrival);
        let condition = Condition::part_of(&resource, WaitOp::Arrival, &lock);
        let state = Mutex::new(State { count: 0, is_draining: false });
        Self(Arc::new(Inner { parties, resource, condition, state }))
    }

    /// Waits for the others; gives the place in the order of arrival, from 0.
    ///
    /// A task that is cancelled here leaves the others one short.
    #[track_caller]
    pub fn wait(&self) -> WaitBarrier {
        let barrier = self.clone();
        // The lock's own await points carry the caller's place.
        let acquire = self.0.condition.lock().acquire();
        WaitBarrier { meeting: Box::pin(barrier.meet(acquire)) }
    }

    async fn meet(self, acquire: super::lock::AcquireLock) -> u32 {
        let inner = &self.0;
        let place = acquire.place();
        let mut guard = acquire.await;
        while inner.lock().is_draining {
            guard = inner.condition.wait_made_at(guard, place).await;
        }
        let index = self.enter(place.map_or(At::Drop, At::Call));
        let leaving = Leaving(&self);
        if index + 1 == inner.parties.get() {
            inner.lock().is_draining = true;
            inner.condition.notify_all(&guard);
        } else {
            while !inner.lock().is_draining {
                guard = inner.condition.wait_made_at(guard, place).await;
            }
        }
        drop(leaving); // while the guard is held, as asyncio has it
        index
    }

    fn enter(&self, at: At) -> u32 {
        let mut state = self.0.lock();
        let index = state.count;
        state.count += 1;
        self.0.resource.changed(at, ResourceState::Barrier { waiting: state.count });
        index
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A task inside the barrier; it leaves when this is dropped.
struct Leaving<'a>(&'a Barrier);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let inner = &self.0.0;
        let mut state = inner.lock();
        state.count -= 1;
        inner.resource.changed(At::Drop, ResourceState::Barrier { waiting: state.count });
        let is_drained = state.count == 0 && std::mem::replace(&mut state.is_draining, false);
        drop(state);
        if is_drained {
            inner.condition.notify_up_to(At::Drop, usize::MAX);
        }
    }
}

/// The future of [`Barrier::wait`].
#[must_use = "a barrier is waited at only when this is awaited"]
pub struct WaitBarrier {
    meeting: Pin<Box<dyn Future<Output = u32> + Send>>,
}

impl Future for WaitBarrier {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        self.meeting.as_mut().poll(cx)
    }
}

impl fmt::Debug for WaitBarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitBarrier").finish_non_exhaustive()
    }
}
