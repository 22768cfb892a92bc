//! A sink that never holds the workload up: what does not fit is dropped, and counted in the record.

use crate::event::{Event, EventKind, Nanos, Sink, WorkerId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A sink that keeps up to `limit` events for [`BoundedEvents::take`]. Where events are dropped, the record has one
/// [`EventsLost`](EventKind::EventsLost) in their place.
#[must_use]
pub fn bounded(limit: usize) -> (BoundedSink, BoundedEvents) {
    let shared = Arc::new(Shared { limit, state: Mutex::default() });
    (BoundedSink { shared: Arc::clone(&shared) }, BoundedEvents { shared })
}

#[derive(Debug)]
struct Shared {
    limit: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    events: Vec<Event>,
    /// Events dropped since the last that was kept, and the time and worker of the latest.
    lost: u64,
    last: Option<(Nanos, WorkerId)>,
}

impl State {
    /// Puts what was lost on record.
    fn tell_loss(&mut self) {
        if let (Some((at, worker)), 1..) = (self.last, self.lost) {
            self.events.push(Event { at, worker, kind: EventKind::EventsLost { count: self.lost } });
            self.lost = 0;
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The side that the run fills.
#[derive(Debug)]
pub struct BoundedSink {
    shared: Arc<Shared>,
}

impl Sink for BoundedSink {
    fn take(&mut self, chunk: &mut Vec<Event>) {
        // The other side holds the lock only to swap a list for an empty one.
        let mut state = self.shared.lock();
        if state.events.len() + chunk.len() <= self.shared.limit {
            state.tell_loss();
            state.events.append(chunk);
            return;
        }
        state.lost += chunk.len() as u64;
        state.last = chunk.last().map(|event| (event.at, event.worker));
        chunk.clear();
    }
}

/// The side that is read.
#[derive(Debug)]
pub struct BoundedEvents {
    shared: Arc<Shared>,
}

impl BoundedEvents {
    /// Takes the events that are there, in order.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        let mut state = self.shared.lock();
        state.tell_loss();
        std::mem::take(&mut state.events)
    }
}
