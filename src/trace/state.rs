//! The state of a run at one point of its record: a fold over the events before it.

use super::living::Living;
use super::log::EventIndex;
use crate::event::{
    EnqueueCause, Event, EventKind, Nanos, Outcome, PollOutcome, ResourceId, ResourceState, SiteId, TaskId, TimerId,
    WaitId, WorkerId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What is so after a number of events. Of tasks that have ended it knows how many there are; which, and how each ended, the
/// [`Record`](super::Record) tells: [`status`](super::Record::status) and [`ended`](super::Record::ended).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    living: Living<TaskState>,
    /// How many events it is after.
    pub events: EventIndex,
    /// Tasks spawned so far.
    pub spawned: usize,
    /// Tasks that have ended so far, by [`Ending`].
    ended: [usize; 3],
    /// The ready queue, first to run first.
    pub ready: VecDeque<TaskId>,
    /// The tasks that run, each on its worker; on one worker the outermost first.
    pub running: Vec<(WorkerId, TaskId)>,
    /// Armed timers by deadline, then by arming; with the task that set each.
    pub timers: BTreeMap<(Nanos, TimerId), TaskId>,
    /// The deadline of each armed timer: to find it in `timers`, from which this is made again where a state is read.
    #[serde(skip)]
    deadlines: HashMap<TimerId, Nanos>,
    /// Every shared thing, with what it is now if it has changed.
    pub resources: BTreeMap<ResourceId, Option<ResourceState>>,
    /// The task whose poll was its last, of those the one that ended last; and the source line it was last seen at.
    pub returned: Option<(TaskId, SiteId)>,
    /// Lines printed so far.
    pub printed: usize,
    /// Polls begun so far.
    pub polls: usize,
    /// Iterations of the loop begun so far.
    pub iterations: usize,
    /// What the run as a whole does.
    pub phase: RunPhase,
}

/// What the run as a whole does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunPhase {
    /// It has not begun.
    #[default]
    NotStarted,
    /// It is at work.
    Working,
    /// Nothing is ready; it sleeps until the time given, or until it is woken.
    Idle(Option<Nanos>),
    /// It is over.
    Ended(Outcome),
    /// No thread runs it.
    Unattended,
}

/// A task's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskState {
    /// Whose it is.
    pub task: TaskId,
    /// What it does.
    pub status: TaskStatus,
    /// Since when it does that: the time and the event.
    pub since: (Nanos, EventIndex),
    /// Its open waits, the outermost first.
    pub waits: Vec<WaitId>,
    /// The source line it was last seen at; none before it has run.
    pub site: Option<SiteId>,
}

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskStatus {
    /// In the ready queue (or just spawned and about to be).
    Ready(EnqueueCause),
    /// Being polled.
    Running,
    /// Waiting; for what, its open waits say.
    Waiting,
    /// It will not run again.
    Ended(Ending),
}

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It returned.
    Finished,
    /// It panicked.
    Panicked,
    /// It was dropped unfinished.
    Dropped,
}

impl State {
    /// Takes in the event number `index`.
    pub fn apply(&mut self, index: EventIndex, event: &Event) {
        let since = (event.at, index);
        self.events = index + 1;
        match &event.kind {
            EventKind::RunStarted { .. } | EventKind::LoopAwake => self.phase = RunPhase::Working,
            EventKind::RunEnded { outcome } => self.phase = RunPhase::Ended(outcome.clone()),
            EventKind::LoopIdle { until } => self.phase = RunPhase::Idle(*until),
            EventKind::Unattended => self.phase = RunPhase::Unattended,
            EventKind::TaskSpawned { task, parent, site, .. } => {
                let status = TaskStatus::Ready(EnqueueCause::Spawned);
                let new = TaskState { task: *task, status, since, waits: Vec::new(), site: None };
                self.spawned += usize::from(self.living.add(*task, new));
                self.see(*parent, Some(*site));
            }
            EventKind::Enqueued { task, cause } => {
                self.set(*task, TaskStatus::Ready(*cause), since);
                self.ready.push_back(*task);
                if let EnqueueCause::OwnYield(site) = cause {
                    self.see(Some(*task), *site);
                }
            }
            EventKind::PollStarted { task } => {
                if self.phase == RunPhase::Unattended {
                    self.phase = RunPhase::Working;
                }
                self.leave_ready(*task);
                self.set(*task, TaskStatus::Running, since);
                self.running.push((event.worker, *task));
                self.polls += 1;
            }
            EventKind::PollEnded { task, outcome } => {
                match outcome {
                    PollOutcome::Pending => self.set(*task, TaskStatus::Waiting, since),
                    PollOutcome::Ready => self.returns(*task, Ending::Finished),
                    PollOutcome::Panicked => self.returns(*task, Ending::Panicked),
                }
                remove_near_an_end(&mut self.running, |running| *running == (event.worker, *task));
            }
            EventKind::TaskDropped { task, .. } => {
                self.leave_ready(*task);
                self.end(*task, Ending::Dropped);
            }
            EventKind::WaitBegan { task, wait, site, .. } => {
                if let Some(task) = self.task_mut(*task) {
                    task.waits.push(*wait);
                    task.site = Some(*site);
                }
            }
            EventKind::WaitEnded { task, wait } => {
                if let Some(task) = self.task_mut(*task) {
                    remove_near_an_end(&mut task.waits, |open| open == wait);
                }
            }
            EventKind::TimerArmed { timer, task, deadline } => {
                self.disarm(*timer); // one that is armed twice, in a damaged record, is armed once
                self.timers.insert((*deadline, *timer), *task);
                self.deadlines.insert(*timer, *deadline);
            }
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => {
                self.disarm(*timer);
            }
            EventKind::ResourceChanged { resource, state, .. } => {
                if let Some(slot) = self.resources.get_mut(resource) {
                    *slot = Some(*state);
                }
            }
            EventKind::ResourceCreated { resource, .. } => {
                self.resources.entry(*resource).or_default();
            }
            EventKind::Printed { task, site, .. } => {
                self.printed += 1;
                self.see(*task, *site);
            }
            EventKind::TaskPanicked { .. } => self.printed += 1,
            EventKind::IterationStarted { .. } => self.iterations += 1,
            EventKind::SiteDefined { .. }
            | EventKind::WakeCoalesced { .. }
            | EventKind::FrameEntered { .. }
            | EventKind::FrameLeft { .. }
            | EventKind::JobQueued { .. }
            | EventKind::JobStarted { .. }
            | EventKind::JobFinished { .. }
            | EventKind::EventsLost { .. } => {}
        }
    }

    /// The task that runs: where several do, the one that began last.
    #[must_use]
    pub fn running_task(&self) -> Option<TaskId> {
        self.running.last().map(|(_, task)| *task)
    }

    /// The state of a task that has not ended.
    #[must_use]
    pub fn task(&self, task: TaskId) -> Option<&TaskState> {
        self.living.get(task)
    }

    /// The tasks that have not ended, in the order of spawning.
    pub fn tasks(&self) -> impl Iterator<Item = &TaskState> + Clone {
        self.living.iter()
    }

    /// How many tasks have not ended.
    #[must_use]
    pub fn living(&self) -> usize {
        self.living.len()
    }

    /// How many tasks have ended so.
    #[must_use]
    pub fn ended(&self, ending: Ending) -> usize {
        self.ended[ending as usize]
    }

    /// How many tasks have ended.
    #[must_use]
    pub fn ended_in_all(&self) -> usize {
        self.ended.iter().sum()
    }

    /// About how many bytes its tasks and shared things take.
    pub(super) fn size(&self) -> usize {
        self.living.size() + self.resources.len() * (size_of::<(ResourceId, Option<ResourceState>)>() + 8)
    }

    /// Forgets shared things that `is_kept` does not hold of.
    pub(super) fn forget_resources(&mut self, is_kept: impl Fn(ResourceId) -> bool) {
        self.resources.retain(|resource, _| is_kept(*resource));
    }

    fn task_mut(&mut self, task: TaskId) -> Option<&mut TaskState> {
        self.living.get_mut(task)
    }

    /// The tasks that wait, in the order of spawning.
    pub fn waiting(&self) -> impl Iterator<Item = (TaskId, &TaskState)> {
        self.tasks().filter(|task| task.status == TaskStatus::Waiting).map(|task| (task.task, task))
    }

    fn set(&mut self, task: TaskId, status: TaskStatus, since: (Nanos, EventIndex)) {
        if let Some(task) = self.task_mut(task) {
            task.status = status;
            task.since = since;
        }
    }

    fn returns(&mut self, task: TaskId, ending: Ending) {
        self.returned = self.task(task).and_then(|known| known.site).map(|site| (task, site));
        self.end(task, ending);
    }

    fn end(&mut self, task: TaskId, ending: Ending) {
        self.ended[ending as usize] += usize::from(self.living.remove(task));
    }

    fn see(&mut self, task: Option<TaskId>, site: Option<SiteId>) {
        let (Some(task), Some(site)) = (task, site) else { return };
        if let Some(task) = self.task_mut(task) {
            task.site = Some(site);
        }
    }

    fn disarm(&mut self, timer: TimerId) {
        if let Some(deadline) = self.deadlines.remove(&timer) {
            self.timers.remove(&(deadline, timer));
        }
    }

    /// Reads a state that was written into memory.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut state: Self = postcard::from_bytes(bytes).ok()?;
        state.deadlines = state.timers.keys().map(|(deadline, timer)| (*timer, *deadline)).collect();
        Some(state)
    }

    /// It is nearly always the first in line.
    fn leave_ready(&mut self, task: TaskId) {
        if self.task(task).is_some_and(|known| !matches!(known.status, TaskStatus::Ready(_))) {
            return;
        }
        let (mut before, mut after) = (0, self.ready.len());
        while before < after {
            after -= 1;
            let found = [before, after].into_iter().find(|place| self.ready.get(*place) == Some(&task));
            if let Some(place) = found {
                self.ready.remove(place);
                return;
            }
            before += 1;
        }
    }
}

/// Takes out the one that is sought, which is likely to be near one of the ends.
pub(super) fn remove_near_an_end<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool) {
    let (mut before, mut after) = (0, list.len());
    while before < after {
        after -= 1;
        let found = [after, before].into_iter().find(|place| list.get(*place).is_some_and(&is_it));
        if let Some(place) = found {
            list.remove(place);
            return;
        }
        before += 1;
    }
}
