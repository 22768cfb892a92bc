//! Names and facts that do not change once they are known: what the ids in the events stand for.

use super::log::EventIndex;
use crate::event::{
    Event, EventKind, FrameId, JobId, Nanos, ResourceId, ResourceKind, SiteId, TaskId, TimerId, WaitId, WaitOn,
};
use std::sync::Arc;

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The file as the compiler named it.
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
    /// Its name for people.
    pub name: Arc<str>,
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
    /// Its name for people.
    pub name: Arc<str>,
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
    /// Its name.
    pub name: Arc<str>,
    /// The function around it.
    pub parent: FrameId,
    /// The `.await` there.
    pub site: SiteId,
}

/// A job for the threads that may block.
#[derive(Debug, Clone)]
pub struct JobInfo {
    /// Its name.
    pub name: Arc<str>,
    /// The task that gave it.
    pub task: Option<TaskId>,
}

/// Everything the ids of a record stand for. Ids are dense, so each kind is a list; a record whose ids jump loses the
/// facts of those that do not come in turn, and nothing else.
#[derive(Debug, Default)]
pub struct Catalog {
    tasks: Vec<TaskInfo>,
    timers: Vec<TimerInfo>,
    resources: Vec<ResourceInfo>,
    waits: Vec<WaitInfo>,
    /// By id less one.
    frames: Vec<FrameInfo>,
    jobs: Vec<JobInfo>,
    sites: Vec<Site>,
}

impl Catalog {
    /// Learns from the event number `index`.
    pub(super) fn learn(&mut self, index: EventIndex, event: &Event) {
        match &event.kind {
            EventKind::SiteDefined { site, file, line, column } => {
                put(&mut self.sites, site.index(), Site { file: Arc::clone(file), line: *line, column: *column });
            }
            EventKind::TaskSpawned { task, parent, name, site } => {
                let depth =
                    parent.and_then(|parent| self.task(parent)).map_or(0, |parent| parent.depth.saturating_add(1));
                let (task, parent, name, site) = (*task, *parent, Arc::clone(name), *site);
                put(&mut self.tasks, task.index(), TaskInfo { task, name, parent, depth, site, spawned: index });
            }
            EventKind::TimerArmed { timer, task, deadline } => {
                let info = TimerInfo { task: *task, deadline: *deadline, armed: index, end: None };
                put(&mut self.timers, timer.index(), info);
            }
            EventKind::TimerFired { timer } => self.end_timer(*timer, index, TimerEnd::Fired),
            EventKind::TimerCancelled { timer } => self.end_timer(*timer, index, TimerEnd::Cancelled),
            EventKind::ResourceCreated { resource, kind, name } => {
                put(&mut self.resources, resource.index(), ResourceInfo { kind: *kind, name: Arc::clone(name) });
            }
            EventKind::WaitBegan { task, wait, on, site, frame } => {
                let info = WaitInfo { task: *task, on: on.clone(), site: *site, frame: *frame };
                put(&mut self.waits, wait.index(), info);
            }
            EventKind::FrameEntered { frame, parent, name, site, .. } => {
                let info = FrameInfo { name: Arc::clone(name), parent: *parent, site: *site };
                if let Some(index) = frame.index().checked_sub(1) {
                    put(&mut self.frames, index, info);
                }
            }
            EventKind::JobQueued { job, task, name } => {
                put(&mut self.jobs, job.index(), JobInfo { name: Arc::clone(name), task: *task });
            }
            _ => {}
        }
    }

    fn end_timer(&mut self, timer: TimerId, index: EventIndex, end: TimerEnd) {
        if let Some(timer) = self.timers.get_mut(timer.index()) {
            timer.end.get_or_insert((index, end));
        }
    }

    /// Every task, in the order of spawning.
    #[must_use]
    pub fn tasks(&self) -> &[TaskInfo] {
        &self.tasks
    }

    /// Every timer, in the order of arming.
    #[must_use]
    pub fn timers(&self) -> &[TimerInfo] {
        &self.timers
    }

    /// Every shared thing, in the order of creation.
    #[must_use]
    pub fn resources(&self) -> &[ResourceInfo] {
        &self.resources
    }

    /// A task.
    #[must_use]
    pub fn task(&self, task: TaskId) -> Option<&TaskInfo> {
        self.tasks.get(task.index())
    }

    /// A task's name, or a stand-in for one that the record does not know.
    #[must_use]
    pub fn task_name(&self, task: TaskId) -> &str {
        self.task(task).map_or("an unknown task", |info| &info.name)
    }

    /// A timer.
    #[must_use]
    pub fn timer(&self, timer: TimerId) -> Option<&TimerInfo> {
        self.timers.get(timer.index())
    }

    /// A shared thing.
    #[must_use]
    pub fn resource(&self, resource: ResourceId) -> Option<&ResourceInfo> {
        self.resources.get(resource.index())
    }

    /// A shared thing's name, or a stand-in.
    #[must_use]
    pub fn resource_name(&self, resource: ResourceId) -> &str {
        self.resource(resource).map_or("something unknown", |info| &info.name)
    }

    /// A wait.
    #[must_use]
    pub fn wait(&self, wait: WaitId) -> Option<&WaitInfo> {
        self.waits.get(wait.index())
    }

    /// A named function that a task entered; none for the task itself.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameInfo> {
        self.frames.get(frame.index().checked_sub(1)?)
    }

    /// A job for the threads that may block.
    #[must_use]
    pub fn job(&self, job: JobId) -> Option<&JobInfo> {
        self.jobs.get(job.index())
    }

    /// A job's name, or a stand-in.
    #[must_use]
    pub fn job_name(&self, job: JobId) -> &str {
        self.job(job).map_or("an unknown job", |info| &info.name)
    }

    /// A place in the source.
    #[must_use]
    pub fn site(&self, site: SiteId) -> Option<&Site> {
        self.sites.get(site.index())
    }
}

/// Adds `value` if it is the next of its kind. An id from a damaged file can thus not ask for memory.
fn put<T>(list: &mut Vec<T>, index: usize, value: T) {
    if index == list.len() {
        list.push(value);
    }
}
