//! Events of formats 2 to 5, which tell less.
//!
//! An event begins with its time, its thread and the number of its kind. Most kinds are what they were; those that tell more
//! today are read as they were, and what they did not tell is left open.

use crate::event::{
    DropCause, Event, EventKind, FrameId, JobEnd, JobId, Nanos, Origin, ResourceId, ResourceState, SiteId, TaskId,
    TaskWait, TimerId, TimerPurpose, WaitId, WaitOn, WaitOp, WorkerId,
};
use crate::model::host::Host;
use serde::Deserialize;
use std::sync::Arc;

/// The last of these formats.
pub(super) const LAST: u16 = 5;
/// The last in which waits, timers and shared things tell less.
const SHORTER_WAITS: u16 = 4;

// The numbers of the kinds that have changed.
const RUN_STARTED: u32 = 0;
const TASK_SPAWNED: u32 = 3;
const TASK_DROPPED: u32 = 10;
const WAIT_BEGAN: u32 = 11;
const JOB_FINISHED: u32 = 17;
const TIMER_ARMED: u32 = 18;
const RESOURCE_CHANGED: u32 = 22;

/// Reads them one after another.
#[derive(Debug)]
pub(super) struct Older {
    version: u16,
    /// A task was spawned that is the main task: the record is of a run of Loopscope's own.
    has_main: bool,
}

/// What a task waited for.
#[derive(Deserialize)]
enum OlderWaitOn {
    Sleep {
        timer: TimerId,
        length: Nanos,
    },
    Join(TaskId),
    /// Also for a task group, and for `wait`.
    Gather(Arc<[TaskId]>),
    Resource(ResourceId, WaitOp),
    Job(JobId),
    Input(Arc<str>),
    Stream(Arc<str>),
    Io(Arc<str>),
    Foreign(Arc<str>),
    FirstOf(Arc<[TaskId]>),
}

impl From<OlderWaitOn> for WaitOn {
    fn from(on: OlderWaitOn) -> Self {
        match on {
            OlderWaitOn::Sleep { timer, length } => Self::Sleep { timer, length },
            OlderWaitOn::Join(task) => Self::Join(task),
            OlderWaitOn::Gather(tasks) => Self::Tasks(TaskWait::Gather, tasks),
            OlderWaitOn::Resource(resource, op) => Self::Resource(resource, op),
            OlderWaitOn::Job(job) => Self::Job(job),
            OlderWaitOn::Input(prompt) => Self::Input(prompt),
            OlderWaitOn::Stream(name) => Self::Stream(name),
            OlderWaitOn::Io(what) => Self::Io(what),
            OlderWaitOn::Foreign(name) => Self::Foreign(name),
            OlderWaitOn::FirstOf(tasks) => Self::Tasks(TaskWait::First, tasks),
        }
    }
}

impl Older {
    /// For a file of that version.
    pub(super) fn new(version: u16) -> Self {
        Self { version, has_main: false }
    }

    /// Reads an event; none where it makes no sense.
    pub(super) fn take_event<'a>(&mut self, bytes: &'a [u8]) -> Option<(Event, &'a [u8])> {
        let ((at, worker, number), rest): ((Nanos, WorkerId, u32), _) = take(bytes)?;
        let is_shorter = self.version <= SHORTER_WAITS;
        let (kind, rest) = match number {
            RUN_STARTED => {
                let ((clock, seed, title), rest): ((_, _, Box<str>), _) = take(rest)?;
                (EventKind::RunStarted { clock, seed, origin: Origin::titled(title) }, rest)
            }
            JOB_FINISHED => {
                let (job, rest) = take(rest)?;
                (EventKind::JobFinished { job, end: JobEnd::Untold }, rest)
            }
            WAIT_BEGAN if is_shorter => {
                let ((task, wait), rest): ((TaskId, WaitId), _) = take(rest)?;
                let ((on, site, frame), rest): ((OlderWaitOn, SiteId, FrameId), _) = take(rest)?;
                (EventKind::WaitBegan { task, wait, on: on.into(), site, frame }, rest)
            }
            TIMER_ARMED if is_shorter => {
                let ((timer, task, deadline), rest) = take(rest)?;
                let purpose = TimerPurpose::Untold;
                (EventKind::TimerArmed { timer, task, deadline, purpose, site: None }, rest)
            }
            RESOURCE_CHANGED if is_shorter => {
                let ((resource, by, state), rest): ((ResourceId, Option<TaskId>, ResourceState), _) = take(rest)?;
                (EventKind::ResourceChanged { resource, by, state, site: None }, rest)
            }
            _ => {
                let (event, rest): (Event, _) = take(bytes)?;
                (event.kind, rest)
            }
        };
        Some((Event { at, worker, kind: self.know(number, kind) }, rest))
    }

    /// A stock executor drops its tasks for reasons of its own, for which formats 2 to 4 have no word.
    fn know(&mut self, number: u32, kind: EventKind) -> EventKind {
        match kind {
            kind if self.version > SHORTER_WAITS => kind,
            EventKind::TaskSpawned { task, parent, ref name, .. } if number == TASK_SPAWNED => {
                self.has_main |= Host::is_main(task, parent, name);
                kind
            }
            EventKind::TaskDropped { task, .. } if number == TASK_DROPPED && !self.has_main => {
                EventKind::TaskDropped { task, cause: DropCause::Unknown }
            }
            kind => kind,
        }
    }
}

fn take<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<(T, &'a [u8])> {
    postcard::take_from_bytes(bytes).ok()
}
