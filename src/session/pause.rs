//! Pausing a run at a moment: exactly at its event, before anything else happens.
//!
//! What the moment names was told by events before. Those in the record are read as it is set, those in the inbox on the run's
//! thread as it begins to look, and those that have not come that far the run shows by itself; so none is missed, and none
//! seen twice.

use super::{Inbox, Session};
use crate::event::Event;
use crate::moment::{Moment, Watches};
use crate::runtime::Watcher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where the run is to pause, and where it did. Each time that it is asked to it gets another.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What follows the moments, until the run's thread takes it.
    pending: Option<Watches>,
    moments: Vec<Moment>,
    /// The place of the moment that the run pauses at.
    paused_by: Option<usize>,
}

impl Pauses {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes events into the record with `take`, and has those that wait to follow moments see what is taken.
    pub(super) fn taking<R>(&self, take: impl FnOnce(&mut dyn FnMut(&Event)) -> R) -> R {
        let mut state = self.lock();
        match &mut state.pending {
            Some(pending) => take(&mut |event| pending.learn(event)),
            None => take(&mut |_| {}),
        }
    }
}

impl Session {
    /// Has the run pause at each event at which one of these moments comes, before anything else happens; at none where there
    /// are none. Where several threads run tasks, the thread that tells the event holds there, and the others before their next
    /// poll.
    pub fn pause_when(&mut self, moments: Vec<Moment>) {
        if self.is_over() {
            return;
        }
        if moments.is_empty() {
            self.pauses = Arc::default();
            return self.control.watch(None);
        }
        let mut watches = Watches::new(&self.plan.scenario.rust.marks());
        for moment in &moments {
            watches.add(moment);
        }
        let record = &self.record;
        record.prelude().iter().for_each(|event| watches.learn(event));
        record.log().iter_from(record.first()).for_each(|event| watches.learn(&event));
        let state = State { pending: Some(watches), moments, paused_by: None };
        self.pauses = Arc::new(Pauses { state: Mutex::new(state) });
        let (pauses, inbox) = (Arc::clone(&self.pauses), Arc::clone(&self.inbox));
        self.control.watch(Some(Box::new(AtMoments { pauses, inbox, watches: Watches::default(), by: None })));
    }

    /// The moment at which the run paused last, until it goes on.
    #[must_use]
    pub fn paused_by(&self) -> Option<Moment> {
        let state = self.pauses.lock();
        state.paused_by.and_then(|place| state.moments.get(place)).cloned()
    }

    /// Forgets at which moment it paused: it goes on.
    pub(super) fn goes_on(&self) {
        self.pauses.lock().paused_by = None;
    }
}

/// Looks for the moments on the run's threads.
struct AtMoments {
    pauses: Arc<Pauses>,
    inbox: Arc<Inbox>,
    watches: Watches,
    /// The place of the moment that came, until the run holds.
    by: Option<usize>,
}

impl Watcher for AtMoments {
    fn begin(&mut self) {
        // In this order everywhere: first what follows moments, then the inbox.
        let mut state = self.pauses.lock();
        let Some(mut watches) = state.pending.take() else { return };
        self.inbox.lock().chunks.iter().flatten().for_each(|event| watches.learn(event));
        self.watches = watches;
    }

    fn learn(&mut self, event: &Event) {
        self.watches.learn(event);
    }

    fn kinds(&self) -> u64 {
        self.watches.kinds()
    }

    fn look(&mut self, event: &Event) -> bool {
        let mut by = None;
        self.watches.push(event, |place, _| by = by.or(Some(place)));
        self.by = by.or(self.by);
        by.is_some()
    }

    fn held(&mut self) {
        // Only now: who sees that it paused has the event.
        if let Some(by) = self.by.take() {
            self.pauses.lock().paused_by = Some(by);
        }
        self.inbox.tell();
    }
}
