//! What an `.await` has to see ended before it can be left, as on asyncio.

use super::cell::TaskCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// What an `.await` has to see ended before it can be left.
#[derive(Debug, Clone, Default)]
pub(super) enum BeforeLeaving {
    #[default]
    Nothing,
    /// The tasks it waits for: they are cancelled first.
    Tasks(Arc<Awaited>),
    /// Itself: it has to be polled until it says otherwise.
    Finishing,
}

/// Tasks that are waited for.
#[derive(Debug)]
pub(super) struct Awaited {
    tasks: Vec<Arc<TaskCell>>,
    /// For tasks that are gathered, what the group has decided; else their ends decide.
    decision: Option<Arc<Decision>>,
    /// They were cancelled for the sake of who waits.
    is_cancelled: AtomicBool,
    /// Who waits is to leave although they have told their result.
    is_overruled: AtomicBool,
}

/// What a group of tasks has decided.
#[derive(Debug, Default)]
pub(super) struct Decision(AtomicU8);

impl Decision {
    const DONE: u8 = 1;
    const FAILED: u8 = 2;

    /// All have ended, or one was cancelled.
    pub(super) fn done(&self) {
        self.0.store(Self::DONE, Ordering::Release);
    }

    /// One has failed, and its error is told.
    pub(super) fn failed(&self) {
        self.0.store(Self::FAILED, Ordering::Release);
    }
}

impl Awaited {
    pub(super) fn task(task: &Arc<TaskCell>) -> Arc<Self> {
        Arc::new(Self {
            tasks: vec![Arc::clone(task)],
            decision: None,
            is_cancelled: AtomicBool::default(),
            is_overruled: AtomicBool::default(),
        })
    }

    pub(super) fn group(tasks: Vec<Arc<TaskCell>>, decision: &Arc<Decision>) -> Arc<Self> {
        Arc::new(Self {
            tasks,
            decision: Some(Arc::clone(decision)),
            is_cancelled: AtomicBool::default(),
            is_overruled: AtomicBool::default(),
        })
    }

    /// Cancels those that have not ended, because who waits is to leave.
    pub(super) fn cancel(&self) {
        for task in &self.tasks {
            if task.cancel() {
                self.is_cancelled.store(true, Ordering::Release);
            }
        }
    }

    /// Makes who waits leave, though their result has woken it.
    pub(super) fn overrule(&self) {
        self.is_overruled.store(true, Ordering::Release);
    }

    /// Whether they were cancelled for the sake of who waits. If one tells a result all the same, that is told instead
    /// of the cancellation.
    pub(super) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Acquire)
    }

    /// Whether who waits can leave.
    pub(super) fn can_be_left(&self) -> bool {
        self.is_overruled.load(Ordering::Acquire)
            || !self.is_cancelled()
            || match &self.decision {
                Some(decision) => decision.0.load(Ordering::Acquire) == Decision::DONE,
                None => self.tasks.iter().all(|task| task.was_cancelled()),
            }
    }
}
