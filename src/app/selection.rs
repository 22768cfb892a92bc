//! What is selected: one thing, the same in every panel.
//!
//! It names the thing and keeps nothing of it: what it is, the record tells.

use crate::event::{EventKind, JobId, ResourceId, TaskId, TimerId, WorkerId};
use crate::trace::{EventIndex, Record};

/// What was clicked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Selection {
    #[default]
    Nothing,
    Task(TaskId),
    Timer(TimerId),
    /// A lock, a semaphore, a queue or another thing that tasks share.
    Resource(ResourceId),
    /// A thread that polls tasks.
    Worker(WorkerId),
    /// A job of the threads that may block.
    Job(JobId),
    /// A task became ready: the event that says so.
    Wake(EventIndex),
}

impl Selection {
    /// The task that the selected thing belongs to: itself, the one that set the timer, gave the job or was woken.
    pub(crate) fn about(self, record: &Record) -> Option<TaskId> {
        match self {
            Self::Task(task) => Some(task),
            Self::Timer(timer) => record.timer(timer).map(|info| info.task),
            Self::Job(job) => record.catalog().job(job)?.task,
            Self::Wake(index) => match record.log().get(index)?.kind {
                EventKind::Enqueued { task, .. } => Some(task),
                _ => None,
            },
            Self::Nothing | Self::Resource(_) | Self::Worker(_) => None,
        }
    }
}

impl From<TaskId> for Selection {
    fn from(task: TaskId) -> Self {
        Self::Task(task)
    }
}

impl From<Option<TaskId>> for Selection {
    fn from(task: Option<TaskId>) -> Self {
        task.map_or(Self::Nothing, Self::Task)
    }
}
