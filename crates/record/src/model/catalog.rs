//! Names and facts that do not change once they are known: what the ids in the events stand for.
//!
//! Of waits and timers, of which there are as many as polls, only the events are known that tell of them.

use super::facts::{FrameInfo, JobInfo, ResourceInfo, Site, TaskInfo, TimerEnd, TimerInfo, WaitInfo};
use super::wait_kind::{WaitKind, Waits};
use crate::event::{Event, EventKind, FrameId, JobId, ResourceId, SiteId, TaskId, TimerId, WaitId};
use crate::store::log::{EventIndex, Log};
use crate::store::slots::Slots;
use crate::store::table::{Table, Told};
use crate::text;
use ecow::EcoString;
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use std::sync::Arc;

/// Everything the ids of a record stand for.
#[derive(Debug, Default)]
pub struct Catalog {
    tasks: Vec<TaskInfo>,
    task_slots: Slots,
    /// One more than the highest id of a task, or 0.
    next_task: u32,
    has_given_up: bool,
    /// Bytes of the names of tasks that are too long to stand in their facts.
    names: usize,
    /// Names of tasks as they were recorded, where they are not fit to be shown.
    odd_names: HashMap<TaskId, EcoString>,
    resources: Table<ResourceInfo>,
    frames: Table<FrameInfo>,
    jobs: Table<JobInfo>,
    sites: Table<Site>,
    waits: Waits,
    timers: Told,
    /// The event that says with what a task ended: the last after its end.
    said_at_end: HashMap<TaskId, EventIndex>,
    /// The last event that asked a task to end.
    cancel_requests: HashMap<TaskId, EventIndex>,
    /// How each timer that is kept ended, and how many events after it was set; 0 while it is armed.
    timer_ends: VecDeque<u32>,
}

/// Shared things that nothing happens to are kept as long as there are no more of them.
const MOST_IDLE: usize = 1024;

/// In the number of a timer's end: it was cancelled.
const CANCELLED: u32 = 1 << 31;

impl Catalog {
    /// Learns from the event number `index`.
    pub(crate) fn learn(&mut self, index: EventIndex, event: &Event) {
        match &event.kind {
            EventKind::SiteDefined { site, file, line, column } => {
                self.sites.add(site.0, Site { file: fit(file, text::line), line: *line, column: *column });
            }
            EventKind::TaskSpawned { task, parent, name, site } => {
                let depth =
                    parent.and_then(|parent| self.task(parent)).map_or(0, |parent| parent.depth.saturating_add(1));
                if self.task_slots.add(task.0).is_some() {
                    if let Cow::Owned(_) = text::name(name) {
                        self.odd_names.insert(*task, EcoString::from(&**name));
                    }
                    let (task, parent, name, site) = (*task, *parent, self.name(name), *site);
                    self.tasks.push(TaskInfo { task, name, parent, depth, site, spawned: index });
                    self.next_task = self.next_task.max(task.0.saturating_add(1));
                }
            }
            EventKind::TimerArmed { timer, .. } => {
                let is_new = self.timers.add(timer.0, index);
                self.timer_ends.extend(is_new.then_some(0));
            }
            EventKind::TimerFired { timer } => self.end_timer(*timer, index, TimerEnd::Fired),
            EventKind::TimerCancelled { timer } => self.end_timer(*timer, index, TimerEnd::Cancelled),
            EventKind::ResourceCreated { resource, kind, name } => {
                let (name, told) = (fit(name, text::name), Arc::clone(name));
                self.resources.add(resource.0, ResourceInfo { kind: *kind, name, told, touched: index });
            }
            EventKind::ResourceChanged { resource, .. } => {
                if let Some(resource) = self.resources.get_mut(resource.0) {
                    resource.touched = index;
                }
            }
            EventKind::WaitBegan { wait, on, .. } => self.waits.add(*wait, index, on),
            EventKind::FrameEntered { frame, parent, name, site, .. } => {
                let info =
                    FrameInfo { name: fit(name, text::name), parent: *parent, site: *site, left: EventIndex::MAX };
                if *frame != FrameId::TASK {
                    self.frames.add(frame.0, info);
                }
            }
            EventKind::FrameLeft { frame } => {
                if let Some(frame) = self.frames.get_mut(frame.0) {
                    frame.left = index;
                }
            }
            EventKind::JobQueued { job, task, name } => {
                let (name, task) = (fit(name, text::name), *task);
                let info = JobInfo { job: *job, name, task, queued: index, started: None, finished: None };
                self.jobs.add(job.0, info);
            }
            EventKind::TaskReturned { task, .. }
            | EventKind::TaskFailed { task, .. }
            | EventKind::TaskPanicked { task, .. } => {
                self.said_at_end.insert(*task, index);
            }
            EventKind::CancelRequested { task, .. } => {
                self.cancel_requests.insert(*task, index);
            }
            EventKind::JobStarted { job } => {
                if let Some(job) = self.jobs.get_mut(job.0) {
                    job.started = job.started.or(Some(index));
                }
            }
            EventKind::JobFinished { job, end } => {
                if let Some(job) = self.jobs.get_mut(job.0).filter(|job| job.finished.is_none()) {
                    job.finished = Some((index, end.clone()));
                }
            }
            _ => {}
        }
    }

    /// A task's name. Many tasks in a row have the same: they share it.
    fn name(&mut self, name: &str) -> EcoString {
        let name = text::name(name);
        match self.tasks.last() {
            Some(last) if *last.name == *name => last.name.clone(),
            _ => {
                let name = EcoString::from(&*name);
                self.names += room(&name);
                name
            }
        }
    }

    fn end_timer(&mut self, timer: TimerId, index: EventIndex, end: TimerEnd) {
        let Some(number) = self.timers.number(timer.0) else { return };
        let slot = number.checked_sub(self.timers.first()).and_then(|slot| self.timer_ends.get_mut(slot));
        let (Some(armed), Some(slot)) = (self.timers.event(number), slot) else { return };
        if *slot == 0 {
            let after = u32::try_from(index - armed).unwrap_or(u32::MAX).min(CANCELLED - 1);
            *slot = after | if end == TimerEnd::Cancelled { CANCELLED } else { 0 };
        }
    }

    /// Every task that is kept, in the order of spawning.
    #[must_use]
    pub fn tasks(&self) -> &[TaskInfo] {
        &self.tasks
    }

    /// How many timers were set.
    #[must_use]
    pub fn timer_count(&self) -> usize {
        self.timers.len()
    }

    /// Every shared thing, in the order of creation.
    pub fn resources(&self) -> impl ExactSizeIterator<Item = &ResourceInfo> {
        self.resources.iter().map(|(_, info)| info)
    }

    /// A task.
    #[must_use]
    pub fn task(&self, task: TaskId) -> Option<&TaskInfo> {
        self.tasks.get(self.task_slots.get(task.0)?)
    }

    /// Whether a task belongs to the program in that file, as far as the record tells: it was not spawned in another.
    #[must_use]
    pub fn is_spawned_in(&self, task: TaskId, file: &str) -> bool {
        let Some(info) = self.task(task).filter(|info| info.parent.is_some() && !file.is_empty()) else { return true };
        self.site(info.site).is_none_or(|site| site.file_name() == file)
    }

    /// A task's name, or a stand-in for one that the record does not know, or no more.
    #[must_use]
    pub fn task_name(&self, task: TaskId) -> &str {
        match self.task(task) {
            Some(info) => &info.name,
            None if self.is_given_up(task) => "a task given up",
            None => "an unknown task",
        }
    }

    /// A task's name as it was recorded: of any length, with any character.
    #[must_use]
    pub fn whole_name<'a>(&'a self, info: &'a TaskInfo) -> &'a str {
        self.odd_names.get(&info.task).unwrap_or(&info.name)
    }

    /// Whether there was such a task, and the record gave it up to stay within its bound.
    #[must_use]
    pub fn is_given_up(&self, task: TaskId) -> bool {
        self.has_given_up && task.0 < self.next_task && self.task(task).is_none()
    }

    /// The event that says with what a task ended, if one does.
    pub(super) fn said_at_end(&self, task: TaskId) -> Option<EventIndex> {
        self.said_at_end.get(&task).copied()
    }

    /// The last event that asked a task to end, if one did.
    pub(crate) fn cancel_request(&self, task: TaskId) -> Option<EventIndex> {
        self.cancel_requests.get(&task).copied()
    }

    /// A timer, told by the event that set it.
    pub(crate) fn timer(&self, log: &Log, timer: TimerId) -> Option<TimerInfo> {
        self.timer_in(log, self.timers.number(timer.0)?)
    }

    /// The timers that are kept, in the order of arming.
    pub(crate) fn timers(&self, log: &Log) -> impl Iterator<Item = TimerInfo> {
        (self.timers.first()..self.timers.len()).filter_map(|number| self.timer_in(log, number))
    }

    /// The timer that was set as number `number`.
    fn timer_in(&self, log: &Log, number: usize) -> Option<TimerInfo> {
        let armed = self.timers.event(number)?;
        let EventKind::TimerArmed { task, deadline, purpose, site, .. } = log.get(armed)?.kind else { return None };
        let end = number.checked_sub(self.timers.first()).and_then(|slot| self.timer_ends.get(slot));
        let end = end.filter(|end| **end != 0).map(|end| {
            let how = if end & CANCELLED == 0 { TimerEnd::Fired } else { TimerEnd::Cancelled };
            (armed + (end & !CANCELLED) as usize, how)
        });
        Some(TimerInfo { task, deadline, purpose, site, armed, end })
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
    pub(crate) fn wait(&self, log: &Log, wait: WaitId) -> Option<WaitInfo> {
        match log.get(self.waits.event(wait)?)?.kind {
            EventKind::WaitBegan { task, on, site, frame, .. } => Some(WaitInfo { task, on, site, frame }),
            _ => None,
        }
    }

    /// What sort of thing a wait is for; none where the event that began it is not kept.
    #[must_use]
    pub fn wait_kind(&self, wait: WaitId) -> Option<WaitKind> {
        self.waits.kind(wait)
    }

    /// Whether a task waited for such a thing, ever.
    #[must_use]
    pub fn has_waits(&self, kind: WaitKind) -> bool {
        self.waits.has(kind)
    }

    /// Events that tell of the places and the shared things that are known.
    pub(super) fn told_again(&self) -> impl Iterator<Item = EventKind> {
        let sites = self.sites.iter().map(|(id, site)| EventKind::SiteDefined {
            site: SiteId(id),
            file: Arc::clone(&site.file),
            line: site.line,
            column: site.column,
        });
        sites.chain(self.resources.iter().map(|(id, info)| EventKind::ResourceCreated {
            resource: ResourceId(id),
            kind: info.kind,
            name: Arc::clone(&info.told),
        }))
    }

    /// Gives up the waits and timers that began before the event `index`, the functions and jobs that were over then, the
    /// tasks that `is_kept` does not hold of, and of the shared things that were not touched since the oldest, if there are
    /// many: nothing says when one is gone.
    pub(crate) fn give_up_before(&mut self, index: EventIndex, is_kept: impl Fn(TaskId) -> bool) {
        self.waits.give_up_before(index);
        let first = self.timers.first();
        self.timers.give_up_before(index);
        self.timer_ends.drain(..(self.timers.first() - first).min(self.timer_ends.len()));
        self.frames.retain(|_, frame| frame.left >= index);
        self.jobs.retain(|_, job| job.finished.as_ref().is_none_or(|(finished, _)| *finished >= index));
        let mut idle: Vec<EventIndex> = self.resources.iter().map(|(_, info)| info.touched).collect();
        idle.retain(|touched| *touched < index);
        if let Some(too_many) = idle.len().checked_sub(MOST_IDLE).filter(|count| *count > 0) {
            let (_, newest, _) = idle.select_nth_unstable(too_many - 1);
            self.resources.retain(|_, info| info.touched > *newest);
        }
        let before = self.tasks.len();
        self.tasks.retain(|info| is_kept(info.task));
        if self.tasks.len() < before {
            let each = self.tasks.chunk_by(|one, other| one.name == other.name).filter_map(<[TaskInfo]>::first);
            self.names = each.map(|info| room(&info.name)).sum();
            self.task_slots = self.tasks.iter().map(|info| info.task.0).collect();
            self.odd_names.retain(|task, _| is_kept(*task));
            self.said_at_end.retain(|task, _| is_kept(*task));
            self.cancel_requests.retain(|task, _| is_kept(*task));
            self.has_given_up = true;
        }
    }

    /// About how many bytes it takes, but for names of shared things, functions and jobs. The same events always give the same
    /// size: what is evicted depends on it. A hash map's capacity would not do, for how many holes it has is chance.
    pub(crate) fn size(&self) -> usize {
        self.tasks.capacity() * size_of::<TaskInfo>()
            + self.names
            + self.odd_names.values().map(|name| name.len() + size_of::<(TaskId, EcoString)>() + 16).sum::<usize>()
            + (self.said_at_end.len() + self.cancel_requests.len()) * 2 * (size_of::<(TaskId, EventIndex)>() + 1)
            + self.frames.size()
            + self.jobs.size()
            + self.resources.size()
            + self.waits.size()
            + self.timers.size()
            + self.timer_ends.capacity() * size_of::<u32>()
    }

    /// A named function that a task entered; none for the task itself.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameInfo> {
        self.frames.get(frame.0)
    }

    /// Every job that is kept, in the order in which they were given.
    pub fn jobs(&self) -> impl DoubleEndedIterator<Item = &JobInfo> {
        self.jobs.iter().map(|(_, job)| job)
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

/// A name as it is shown; nearly always as it was recorded.
fn fit(name: &Arc<str>, shown: fn(&str) -> Cow<'_, str>) -> Arc<str> {
    match shown(name) {
        Cow::Borrowed(_) => Arc::clone(name),
        Cow::Owned(shown) => shown.into(),
    }
}

/// The bytes of a name that are not in its facts: the longer ones are pieces of memory of their own.
fn room(name: &EcoString) -> usize {
    if name.len() <= EcoString::INLINE_LIMIT { 0 } else { name.len() + 32 }
}
