//! What tasks wait for.

use super::{JobId, Nanos, ResourceId, TaskId, TimerId, WaitOp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a task waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitOn {
    /// A timer: `sleep`.
    Sleep {
        /// Which timer.
        timer: TimerId,
        /// The length asked for.
        length: Nanos,
    },
    /// The end of a task.
    Join(TaskId),
    /// The end of several tasks, or of some of them.
    Tasks(TaskWait, Arc<[TaskId]>),
    /// Something shared.
    Resource(ResourceId, WaitOp),
    /// The end of a job on a thread that may block.
    Job(JobId),
    /// An answer of the user to this prompt.
    Input(Arc<str>),
    /// The next item of a stream.
    Stream(Arc<str>),
    /// Input or output: a file, a connection.
    Io(Arc<str>),
    /// A future of another library, under the name that the program gives it.
    Foreign(Arc<str>),
}

/// How a task waits for several others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskWait {
    /// `gather`: for all; in `try_gather` also for the first that fails.
    Gather,
    /// `join_or_cancel`: for all, or for the first that fails, and then the others are cancelled.
    TryJoin,
    /// The end of a task group: for all that are in it.
    Group,
    /// `wait`: for all.
    All,
    /// `wait`: for the first that fails, or for all.
    FirstFailure,
    /// `wait`: for whichever ends first.
    First,
}

impl TaskWait {
    /// Whether one end may be enough although no task has failed.
    #[must_use]
    pub fn is_for_one(self) -> bool {
        self == Self::First
    }
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerPurpose {
    /// A sleep: it makes its task go on.
    Sleep,
    /// A time limit: it makes its task leave what it waits for.
    Limit,
    /// The next tick of an interval.
    Interval,
    /// A timer of another library, which alone knows.
    Library,
    /// A file of format 4 or older does not tell.
    Untold,
}
