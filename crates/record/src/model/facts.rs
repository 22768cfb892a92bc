//! What the ids in the events stand for, one by one: facts that do not change once they are known.

use crate::event::{FrameId, JobEnd, JobId, Nanos, ResourceKind, SiteId, TaskId, TimerPurpose, WaitOn};
use crate::store::log::EventIndex;
use ecow::EcoString;
use std::sync::Arc;

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The file as the compiler named it, [fit](crate::text::line()) to be shown.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl Site {
    /// The file's name without its folders.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file)
    }
}

/// A task's unchanging facts.
#[derive(Debug, Clone)]
pub struct TaskInfo {
    /// Its id.
    pub task: TaskId,
    /// Its name for people, [fit](crate::text::name) to be shown.
    pub name: EcoString,
    /// Who spawned it.
    pub parent: Option<TaskId>,
    /// How many ancestors it has.
    pub depth: u16,
    /// Where it was spawned.
    pub site: SiteId,
    /// When it was spawned.
    pub spawned: EventIndex,
}

/// A timer's facts.
#[derive(Debug, Clone)]
pub struct TimerInfo {
    /// The task that set it.
    pub task: TaskId,
    /// When it is due.
    pub deadline: Nanos,
    /// What for.
    pub purpose: TimerPurpose,
    /// The `.await` that set it; none in a record that does not tell.
    pub site: Option<SiteId>,
    /// When it was set.
    pub armed: EventIndex,
    /// How it ended; none while it is armed at the end of the record.
    pub end: Option<(EventIndex, TimerEnd)>,
}

/// How a timer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerEnd {
    /// The loop ran its callback.
    Fired,
    /// It was dropped before that.
    Cancelled,
}

/// A shared thing's facts.
#[derive(Debug, Clone)]
pub struct ResourceInfo {
    /// What it is.
    pub kind: ResourceKind,
    /// Its name for people, [fit](crate::text::name) to be shown.
    pub name: Arc<str>,
    /// The name as it was recorded.
    pub(crate) told: Arc<str>,
    /// The last event that changed it, or made it.
    pub(super) touched: EventIndex,
}

/// A wait's facts.
#[derive(Debug, Clone)]
pub struct WaitInfo {
    /// Who waits.
    pub task: TaskId,
    /// What for.
    pub on: WaitOn,
    /// The `.await`.
    pub site: SiteId,
    /// The named function that it stands in.
    pub frame: FrameId,
}

/// A named async function that a task entered.
#[derive(Debug, Clone)]
pub struct FrameInfo {
    /// Its name, [fit](crate::text::name) to be shown.
    pub name: Arc<str>,
    /// The function around it.
    pub parent: FrameId,
    /// The `.await` there.
    pub site: SiteId,
    /// The event with which it returned; the last of all as long as it has not.
    pub(crate) left: EventIndex,
}

/// A job for the threads that may block.
#[derive(Debug, Clone)]
pub struct JobInfo {
    /// Its id.
    pub job: JobId,
    /// Its name, [fit](crate::text::name) to be shown.
    pub name: Arc<str>,
    /// The task that gave it.
    pub task: Option<TaskId>,
    /// When it was given.
    pub queued: EventIndex,
    /// When a thread began with it; none as long as it waits for one.
    pub started: Option<EventIndex>,
    /// When it was done, and how it ended.
    pub finished: Option<(EventIndex, JobEnd)>,
}
