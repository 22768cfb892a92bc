//! What other threads may touch of a loop: the wakes they leave, and the control.

use super::control::Control;
use super::core::Core;
use super::task::Runnable;
use crate::event::EnqueueCause;
use async_task::ScheduleInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What other threads may touch of a loop.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) control: Control,
    foreign: Mutex<Vec<(Runnable, EnqueueCause)>>,
    has_foreign: AtomicBool,
}

impl Shared {
    pub(super) fn new(control: Control) -> Self {
        Self { control, foreign: Mutex::default(), has_foreign: AtomicBool::default() }
    }

    /// What async-task calls when a task becomes ready, on whichever thread woke it.
    pub(super) fn schedule(self: &Arc<Self>, runnable: Runnable, info: ScheduleInfo) {
        let mut runnable = Some(runnable);
        Core::try_with(|core| {
            if Arc::ptr_eq(&core.shared, self)
                && let Some(runnable) = runnable.take()
            {
                core.schedule(runnable, info);
            }
        });
        if let Some(runnable) = runnable {
            self.leave(runnable);
        }
    }

    /// Leaves a task that another thread woke for the loop to take.
    fn leave(&self, runnable: Runnable) {
        // async-io's own thread runs the reactor while the loop's thread is at work.
        let is_reactor = std::thread::current().name() == Some("async-io");
        let cause = if is_reactor { EnqueueCause::Io } else { EnqueueCause::OtherThread };
        self.foreign.lock().unwrap_or_else(PoisonError::into_inner).push((runnable, cause));
        self.has_foreign.store(true, Ordering::SeqCst);
        self.control.kick();
    }

    /// Whether another thread has left a wake that was not taken yet.
    pub(super) fn has_foreign(&self) -> bool {
        self.has_foreign.load(Ordering::SeqCst)
    }

    /// Takes what other threads woke, oldest first.
    pub(super) fn take_foreign(&self) -> Vec<(Runnable, EnqueueCause)> {
        if !self.has_foreign.load(Ordering::Relaxed) {
            return Vec::new();
        }
        self.has_foreign.store(false, Ordering::SeqCst);
        self.control.unkick();
        std::mem::take(&mut *self.foreign.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
