//! Names and facts that do not change once they are known: what the ids in the events stand for.
//!
//! Of waits and timers, of which there are as many as polls, only the events are known that tell of them.

use super::index_list::IndexList;
use super::log::{EventIndex, Log};
use super::slots::Slots;
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

/// Everything the ids of a record stand for.
#[derive(Debug, Default)]
pub struct Catalog {
    tasks: Table<TaskInfo>,
    resources: Table<ResourceInfo>,
    frames: Table<FrameInfo>,
    jobs: Table<JobInfo>,
    sites: Table<Site>,
    waits: Events,
    timers: Events,
    /// How each timer ended, and how many events after it was set; 0 while it is armed.
    timer_ends: Vec<u32>,
}

/// Facts by id.
#[derive(Debug)]
struct Table<T> {
    slots: Slots,
    list: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { slots: Slots::default(), list: Vec::new() }
    }
}

impl<T> Table<T> {
    /// Adds what is known of an id, unless something is.
    fn add(&mut self, id: u32, value: T) {
        if self.slots.add(id).is_some() {
            self.list.push(value);
        }
    }

    fn get(&self, id: u32) -> Option<&T> {
        self.list.get(self.slots.get(id)?)
    }
}

/// The events that tell of ids.
#[derive(Debug, Default)]
struct Events {
    slots: Slots,
    list: IndexList,
}

impl Events {
    /// The place of an id that is new.
    fn add(&mut self, id: u32, index: EventIndex) -> Option<usize> {
        let slot = self.slots.add(id)?;
        self.list.push(index);
        Some(slot)
    }

    fn get(&self, id: u32) -> Option<EventIndex> {
        self.list.get(self.slots.get(id)?)
    }
}

/// In the number of a timer's end: it was cancelled.
const CANCELLED: u32 = 1 << 31;

impl Catalog {
    /// Learns from the event number `index`.
    pub(super) fn learn(&mut self, index: EventIndex, event: &Event) {
        match &event.kind {
            EventKind::SiteDefined { site, file, line, column } => {
                self.sites.add(site.0, Site { file: Arc::clone(file), line: *line, column: *column });
            }
            EventKind::TaskSpawned { task, parent, name, site } => {
                let depth =
                    parent.and_then(|parent| self.task(parent)).map_or(0, |parent| parent.depth.saturating_add(1));
                let (task, parent, name, site) = (*task, *parent, Arc::clone(name), *site);
                self.tasks.add(task.0, TaskInfo { task, name, parent, depth, site, spawned: index });
            }
            EventKind::TimerArmed { timer, .. } => {
                let slot = self.timers.add(timer.0, index);
                self.timer_ends.extend(slot.map(|_| 0));
            }
            EventKind::TimerFired { timer } => self.end_timer(*timer, index, TimerEnd::Fired),
            EventKind::TimerCancelled { timer } => self.end_timer(*timer, index, TimerEnd::Cancelled),
            EventKind::ResourceCreated { resource, kind, name } => {
                self.resources.add(resource.0, ResourceInfo { kind: *kind, name: Arc::clone(name) });
            }
            EventKind::WaitBegan { wait, .. } => {
                self.waits.add(wait.0, index);
            }
            EventKind::FrameEntered { frame, parent, name, site, .. } => {
                let info = FrameInfo { name: Arc::clone(name), parent: *parent, site: *site };
                if *frame != FrameId::TASK {
                    self.frames.add(frame.0, info);
                }
            }
            EventKind::JobQueued { job, task, name } => {
                self.jobs.add(job.0, JobInfo { name: Arc::clone(name), task: *task });
            }
            _ => {}
        }
    }

    fn end_timer(&mut self, timer: TimerId, index: EventIndex, end: TimerEnd) {
        let Some(slot) = self.timers.slots.get(timer.0) else { return };
        let (Some(armed), Some(slot)) = (self.timers.list.get(slot), self.timer_ends.get_mut(slot)) else { return };
        if *slot == 0 {
            let after = u32::try_from(index - armed).unwrap_or(u32::MAX).min(CANCELLED - 1);
            *slot = after | if end == TimerEnd::Cancelled { CANCELLED } else { 0 };
        }
    }

    /// Every task, in the order of spawning.
    #[must_use]
    pub fn tasks(&self) -> &[TaskInfo] {
        &self.tasks.list
    }

    /// How many timers were set.
    #[must_use]
    pub fn timer_count(&self) -> usize {
        self.timers.list.len()
    }

    /// Every shared thing, in the order of creation.
    #[must_use]
    pub fn resources(&self) -> &[ResourceInfo] {
        &self.resources.list
    }

    /// A task.
    #[must_use]
    pub fn task(&self, task: TaskId) -> Option<&TaskInfo> {
        self.tasks.get(task.0)
    }

    /// A task's name, or a stand-in for one that the record does not know.
    #[must_use]
    pub fn task_name(&self, task: TaskId) -> &str {
        self.task(task).map_or("an unknown task", |info| &info.name)
    }

    /// A timer, told by the event that set it.
    pub(super) fn timer(&self, log: &Log, timer: TimerId) -> Option<TimerInfo> {
        self.timer_in(log, self.timers.slots.get(timer.0)?)
    }

    /// The timer that was set as number `slot`.
    pub(super) fn timer_in(&self, log: &Log, slot: usize) -> Option<TimerInfo> {
        let armed = self.timers.list.get(slot)?;
        let EventKind::TimerArmed { task, deadline, .. } = log.get(armed)?.kind else { return None };
        let end = self.timer_ends.get(slot).filter(|end| **end != 0).map(|end| {
            let how = if end & CANCELLED == 0 { TimerEnd::Fired } else { TimerEnd::Cancelled };
            (armed + (end & !CANCELLED) as usize, how)
        });
        Some(TimerInfo { task, deadline, armed, end })
    }

    /// A shared thing.
    #[must_use]
    pub fn resource(&self, resource: ResourceId) -> Option<&ResourceInfo> {
        self.resources.get(resource.0)
    }

    /// A shared thing's name, or a stand-in.
    #[must_use]
    pub fn resource_name(&self, resource: ResourceId) -> &str {
        self.resource(resource).map_or("something unknown", |info| &info.name)
    }

    /// A wait, told by the event that began it.
    pub(super) fn wait(&self, log: &Log, wait: WaitId) -> Option<WaitInfo> {
        match log.get(self.waits.get(wait.0)?)?.kind {
            EventKind::WaitBegan { task, on, site, frame, .. } => Some(WaitInfo { task, on, site, frame }),
            _ => None,
        }
    }

    /// Events that tell of the places and the shared things that are known.
    pub(super) fn told_again(&self) -> impl Iterator<Item = EventKind> {
        let sites = self.sites.slots.ids().into_iter().zip(&self.sites.list).map(|(id, site)| EventKind::SiteDefined {
            site: SiteId(id),
            file: Arc::clone(&site.file),
            line: site.line,
            column: site.column,
        });
        let resources = self.resources.slots.ids().into_iter().zip(&self.resources.list);
        sites.chain(resources.map(|(id, info)| EventKind::ResourceCreated {
            resource: ResourceId(id),
            kind: info.kind,
            name: Arc::clone(&info.name),
        }))
    }

    /// Gives up the waits and timers that began before the event `index`.
    pub(super) fn give_up_before(&mut self, index: EventIndex) {
        self.waits.list.give_up_before(index);
        self.timers.list.give_up_before(index);
    }

    /// About how many bytes it takes, but for names.
    pub(super) fn size(&self) -> usize {
        self.tasks.list.capacity() * (size_of::<TaskInfo>() + 32)
            + self.frames.list.capacity() * size_of::<FrameInfo>()
            + self.jobs.list.capacity() * size_of::<JobInfo>()
            + self.waits.list.size()
            + self.timers.list.size()
            + self.timer_ends.capacity() * size_of::<u32>()
    }

    /// A named function that a task entered; none for the task itself.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameInfo> {
        self.frames.get(frame.0)
    }

    /// A job for the threads that may block.
    #[must_use]
    pub fn job(&self, job: JobId) -> Option<&JobInfo> {
        self.jobs.get(job.0)
    }

    /// A job's name, or a stand-in.
    #[must_use]
    pub fn job_name(&self, job: JobId) -> &str {
        self.job(job).map_or("an unknown job", |info| &info.name)
    }

    /// A place in the source.
    #[must_use]
    pub fn site(&self, site: SiteId) -> Option<&Site> {
        self.sites.get(site.0)
    }
}
