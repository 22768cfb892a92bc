//! How polls, tasks and jobs end, and why.
//!
//! Who knows it: the wrapper around each task's future, which sees what every poll gives and when the future is dropped; and
//! the handles of tasks, timeouts and groups, which ask tasks to end.

use super::{TaskId, TimerId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a poll ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PollOutcome {
    /// The task waits for something (or yielded).
    Pending,
    /// The task returned, and not with an `Err`.
    Ready,
    /// The task panicked.
    Panicked,
    /// The task returned an `Err`. Files of format 4 and older say `Ready` for it.
    Failed,
}

/// The error that a task returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The short name of its type.
    pub error: Box<str>,
    /// Its text, as `Display` gives it; none where the runtime cannot ask for it, because it does not know the type.
    pub message: Option<Box<str>>,
}

/// Why an unfinished task was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DropCause {
    /// It was cancelled: `CancelRequested` says by whom.
    Cancelled,
    /// The run was over.
    RunEnded,
    /// A stock executor dropped it: it was cancelled, its handle was dropped, or the executor was. Only the executor knows.
    Unknown,
}

/// Why a task is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CancelCause {
    /// `cancel` was called on its handle.
    Asked,
    /// Its handle was dropped.
    HandleDropped,
    /// The task that awaits it was asked to end: a cancellation goes to what is awaited first.
    Awaiter(TaskId),
    /// The time limit around the `.await` that is for it was up.
    TimeLimit(TimerId),
    /// Its group is left, because this task of the group has failed, or this task that runs the group leaves it. None where
    /// the group is dropped outside of any task.
    Group(Option<TaskId>),
}

/// How a job on a thread that may block ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobEnd {
    /// A file of format 5 or older does not tell.
    Untold,
    /// It returned, and not with an `Err`.
    Returned,
    /// It returned this `Err`.
    Failed(Arc<Failure>),
    /// It panicked, with this message.
    Panicked(Arc<str>),
    /// It was cut off, because the run was stopped.
    Stopped,
}
