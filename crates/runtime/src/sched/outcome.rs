//! How a run ends.

use crate::event::Outcome;
use crate::task::Task;
use crate::task::panics;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Why a run gave no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Nothing was ready and no timer was set, and every task waited for another or for something that tasks share. (On
    /// the real clock a thread of the program's own that was about to set such a thing is not known of; give the work to
    /// `spawn_blocking`, which is.)
    #[error("deadlock: nothing is ready and no timer is set, and yet these tasks wait: {}", .waiting.join(", "))]
    Deadlock {
        /// The names of the unfinished tasks, oldest first.
        waiting: Vec<Arc<str>>,
    },
    /// On the virtual clock, nothing was ready and no timer was set, and a task waited for something that this clock
    /// does not know.
    #[error(
        "these tasks wait on real time (a timer or a socket of another library, or another thread): {}; use the real \
         clock",
        .waiting.join(", ")
    )]
    NeedsRealClock {
        /// The names of those tasks, oldest first.
        waiting: Vec<Arc<str>>,
    },
    /// It was stopped through its [`Control`](crate::Control).
    #[error("the run was stopped")]
    Stopped,
    /// The system gave no thread to run on.
    #[error("cannot start a thread: {reason}; close other programs, or run on fewer threads")]
    NoThread {
        /// What the system says.
        reason: Arc<str>,
    },
    /// The main task panicked.
    #[error("the main task panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: Arc<str>,
    },
}

/// The same as the record tells it.
pub(crate) fn outcome<T>(result: &Result<T, RunError>) -> Outcome {
    match result {
        Ok(_) => Outcome::Completed,
        Err(RunError::Deadlock { .. }) => Outcome::Deadlock,
        Err(RunError::NeedsRealClock { .. }) => Outcome::NeedsRealClock,
        Err(RunError::Stopped | RunError::NoThread { .. }) => Outcome::Stopped,
        Err(RunError::Panicked { message }) => Outcome::Panicked(Arc::clone(message)),
    }
}

/// What the main task gave.
pub(crate) fn take_output<T>(main: &mut Task<T>) -> Result<T, RunError> {
    let poll = catch_unwind(AssertUnwindSafe(|| main.poll_output(&mut Context::from_waker(Waker::noop()))));
    match poll {
        Ok(Poll::Ready(output)) => Ok(output),
        Ok(Poll::Pending) => Err(RunError::Stopped),
        Err(payload) => Err(RunError::Panicked { message: panics::message(payload.as_ref()) }),
    }
}
