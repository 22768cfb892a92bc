//! The timers of a loop, ordered by deadline and, at the same deadline, by arming.

use crate::event::{Nanos, TimerId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

/// What a timer and the future that set it share.
#[derive(Debug)]
pub(super) struct TimerCell(Mutex<CellState>);

#[derive(Debug)]
enum CellState {
    Armed(Waker),
    Fired,
    Cancelled,
}

impl TimerCell {
    pub(super) fn new(waker: &Waker) -> Arc<Self> {
        Arc::new(Self(Mutex::new(CellState::Armed(waker.clone()))))
    }

    pub(super) fn is_fired(&self) -> bool {
        matches!(*self.lock(), CellState::Fired)
    }

    /// Fires an armed timer; its task's waker, or none if it was cancelled meanwhile.
    pub(super) fn fire(&self) -> Option<Waker> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, CellState::Fired) {
            CellState::Armed(waker) => Some(waker),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Whether it was armed until now.
    pub(super) fn cancel(&self) -> bool {
        let mut state = self.lock();
        let armed = matches!(*state, CellState::Armed(_));
        if armed {
            *state = CellState::Cancelled;
        }
        armed
    }

    /// Makes an armed timer wake this task.
    pub(super) fn rearm(&self, waker: &Waker) {
        if let CellState::Armed(armed) = &mut *self.lock() {
            armed.clone_from(waker);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CellState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Timers that are armed and not yet due.
#[derive(Debug, Default)]
pub(super) struct Timers(BTreeMap<(Nanos, TimerId), Arc<TimerCell>>);

impl Timers {
    pub(super) fn arm(&mut self, deadline: Nanos, timer: TimerId, cell: Arc<TimerCell>) {
        self.0.insert((deadline, timer), cell);
    }

    pub(super) fn cancel(&mut self, deadline: Nanos, timer: TimerId) {
        self.0.remove(&(deadline, timer));
    }

    pub(super) fn next_deadline(&self) -> Option<Nanos> {
        self.0.first_key_value().map(|(&(deadline, _), _)| deadline)
    }

    /// Takes the first timer that is due at `now`.
    pub(super) fn pop_due(&mut self, now: Nanos) -> Option<(TimerId, Arc<TimerCell>)> {
        let entry = self.0.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((_, timer), cell) = entry.remove_entry();
        Some((timer, cell))
    }
}
