//! The state of a run at one point of its record: a fold over the events before it.

use super::catalog::Catalog;
use super::holdings::{Holder, Holdings};
use super::ready_queue::ReadyQueue;
use super::trail::{Step, Trail, outwards};
use crate::event::{
    EnqueueCause, Event, EventKind, Hold, Nanos, Outcome, ResourceId, ResourceState, SiteId, TaskId, TimerId, WaitId,
    WorkerId,
};
use crate::store::ending::Ending;
use crate::store::living::Living;
use crate::store::log::EventIndex;
use crate::store::near_an_end::remove_near_an_end;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What is so after a number of events. Of tasks that have ended it knows how many there are; which, and how each ended, the
/// [`Record`](crate::Record) tells: [`status`](crate::Record::status) and [`ended`](crate::Record::ended).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    living: Living<TaskState>,
    /// How many events it is after.
    pub events: EventIndex,
    /// Tasks spawned so far.
    pub spawned: usize,
    /// Tasks that have ended so far, by [`Ending`].
    ended: [usize; Ending::COUNT],
    /// The ready queue, first to run first.
    pub ready: ReadyQueue,
    /// The tasks that run, each on its worker; on one worker the outermost first.
    pub running: VecDeque<(WorkerId, TaskId)>,
    /// Armed timers by deadline, then by arming; with the task that set each.
    pub timers: BTreeMap<(Nanos, TimerId), TaskId>,
    /// The deadline of each armed timer: to find it in `timers`, from which this is made again where a state is read.
    #[serde(skip)]
    deadlines: HashMap<TimerId, Nanos>,
    /// Every shared thing, with what it is now if it has changed.
    pub resources: BTreeMap<ResourceId, Option<ResourceState>>,
    /// The task whose poll was its last, of those the one that ended last; and the source line it was last seen at.
    pub returned: Option<(TaskId, SiteId)>,
    /// Who holds permits and locks, or was handed one.
    holdings: Holdings,
    /// Lines printed so far.
    pub printed: usize,
    /// Polls begun so far.
    pub polls: usize,
    /// Iterations of the loop begun so far.
    pub iterations: usize,
    /// What the run as a whole does.
    pub phase: RunPhase,
    /// How the run ended, from when that is certain. As long as the phase is not [`Ended`](RunPhase::Ended), it cleans up:
    /// what happens then is no part of what the program did.
    pub outcome: Option<Outcome>,
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
    pub waits: VecDeque<WaitId>,
    /// The source line it was last seen at; none before it has run.
    pub site: Option<SiteId>,
    /// What it computes, the outermost first: a line that computes may call another that does.
    computing: Vec<Computing>,
    /// The functions and waits that it is in.
    trail: Trail,
}

/// A task computes: it keeps its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computing {
    /// The line that computes.
    pub site: SiteId,
    /// Since when: the time and the event.
    pub since: (Nanos, EventIndex),
    /// How long it is going to take, where the program says so beforehand.
    pub length: Option<Nanos>,
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

impl From<Vec<TaskState>> for Living<TaskState> {
    fn from(tasks: Vec<TaskState>) -> Self {
        let mut living = Self::default();
        for task in tasks {
            living.add(task.task, task);
        }
        living
    }
}

impl TaskState {
    /// The innermost line that computes, if the task does.
    #[must_use]
    pub fn computes(&self) -> Option<&Computing> {
        self.computing.last()
    }

    /// Where it is, from the innermost function out, the task itself last: at the `.await` that it waits at, or where it
    /// told something last.
    pub fn steps<'a>(&self, catalog: &'a Catalog) -> impl Iterator<Item = Step<'a>> + use<'a> {
        let waits_at = self.trail.last_wait().filter(|_| self.status != TaskStatus::Running);
        let (frame, site) = waits_at.map_or((self.trail.frame(), self.site), |(frame, site)| (frame, Some(site)));
        outwards(catalog, frame, site)
    }
}

impl State {
    /// Takes in the event number `index`.
    pub fn apply(&mut self, index: EventIndex, event: &Event) {
        let since = (event.at, index);
        self.events = index + 1;
        match &event.kind {
            EventKind::RunStarted { .. } | EventKind::LoopAwake => self.phase = RunPhase::Working,
            EventKind::CleanUpBegan { outcome } => self.outcome = Some(outcome.clone()),
            EventKind::RunEnded { outcome } => {
                self.outcome = Some(outcome.clone());
                self.phase = RunPhase::Ended(outcome.clone());
            }
            EventKind::LoopIdle { until } => self.phase = RunPhase::Idle(*until),
            EventKind::Unattended => self.phase = RunPhase::Unattended,
            EventKind::TaskSpawned { task, parent, site, .. } => {
                let status = TaskStatus::Ready(EnqueueCause::Spawned);
                let (waits, trail) = (VecDeque::new(), Trail::default());
                let new = TaskState { task: *task, status, since, waits, site: None, computing: Vec::new(), trail };
                self.spawned += usize::from(self.living.add(*task, new));
                self.see(*parent, Some(*site));
            }
            EventKind::Enqueued { task, cause } => {
                self.set(*task, TaskStatus::Ready(*cause), since);
                self.ready.push(*task);
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
                self.running.push_back((event.worker, *task));
                self.polls += 1;
            }
            EventKind::PollEnded { task, outcome } => {
                match Ending::of_poll(*outcome) {
                    None => {
                        self.set(*task, TaskStatus::Waiting, since);
                        // A poll that ends has no line left that computes, also in a record that lacks an event.
                        self.task_mut(*task).into_iter().for_each(|task| task.computing.clear());
                    }
                    Some(ending) => self.returns(*task, ending),
                }
                remove_near_an_end(&mut self.running, |running| *running == (event.worker, *task));
            }
            EventKind::TaskDropped { task, cause } => {
                self.leave_ready(*task);
                self.end(*task, Ending::of_drop(*cause));
            }
            EventKind::WaitBegan { task, wait, site, frame, .. } => {
                if let Some(task) = self.task_mut(*task) {
                    task.waits.push_back(*wait);
                    task.trail.waits(*wait, *frame, *site);
                    task.site = Some(*site);
                }
            }
            EventKind::WaitEnded { task, wait } => {
                if let Some(task) = self.task_mut(*task) {
                    remove_near_an_end(&mut task.waits, |open| open == wait);
                    task.site = task.trail.waited(*wait).or(task.site);
                }
            }
            EventKind::TimerArmed { timer, task, deadline, site, .. } => {
                self.see(Some(*task), *site);
                self.disarm(*timer); // one that is armed twice, in a damaged record, is armed once
                self.timers.insert((*deadline, *timer), *task);
                self.deadlines.insert(*timer, *deadline);
            }
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => {
                self.disarm(*timer);
            }
            EventKind::ResourceChanged { resource, state, by, site } => {
                self.see(*by, *site);
                self.holdings.change(*resource, *state);
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
            EventKind::HoldChanged { resource, task, hold } => self.holdings.hold(*resource, *task, *hold),
            EventKind::BusyBegan { task, site, length } => {
                self.see(Some(*task), Some(*site));
                if let Some(task) = self.task_mut(*task) {
                    task.computing.push(Computing { site: *site, since, length: *length });
                }
            }
            EventKind::BusyEnded { task } => {
                // It goes on at the line that computed; where one around that computes, at that one.
                let ended = self.task_mut(*task).and_then(|task| task.computing.pop());
                let around = self.task(*task).and_then(TaskState::computes).map(|computing| computing.site);
                self.see(Some(*task), around.or(ended.map(|computing| computing.site)));
            }
            EventKind::CancelRequested { by, site, .. } => self.see(*by, *site),
            EventKind::TaskPanicked { .. } => self.printed += 1,
            EventKind::IterationStarted { .. } => self.iterations += 1,
            EventKind::FrameEntered { task, frame, parent, site, .. } => {
                if let Some(task) = self.task_mut(*task) {
                    task.trail.enters(*frame, *parent, *site);
                    task.site = None; // which of its lines it is at it has yet to tell
                }
            }
            EventKind::FrameLeft { frame } => {
                // A task leaves a function in a poll, or as it is dropped: then nobody asks any more.
                let on_it = self.running.iter().rev().find(|(worker, _)| *worker == event.worker);
                if let Some(task) = on_it.map(|(_, task)| *task).and_then(|task| self.task_mut(task)) {
                    task.site = task.trail.left(*frame).or(task.site);
                }
            }
            EventKind::SiteDefined { .. }
            | EventKind::WakeCoalesced { .. }
            | EventKind::JobQueued { .. }
            | EventKind::JobStarted { .. }
            | EventKind::JobFinished { .. }
            | EventKind::TaskReturned { .. }
            | EventKind::TaskFailed { .. }
            | EventKind::EventsLost { .. } => {}
        }
    }

    /// The task that runs: where several do, the one that began last.
    #[must_use]
    pub fn running_task(&self) -> Option<TaskId> {
        self.running.back().map(|(_, task)| *task)
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
        self.ended[ending.place()]
    }

    /// How many tasks have ended.
    #[must_use]
    pub fn ended_in_all(&self) -> usize {
        self.ended.iter().sum()
    }

    /// Who holds a semaphore's permits or a lock, and who was handed one and has yet to run: in the order of spawning.
    pub fn holders(&self, resource: ResourceId) -> impl Iterator<Item = Holder> {
        self.holdings.of(resource)
    }

    /// The events that make what tasks hold and were handed, beside locks: those say themselves who holds them.
    pub(crate) fn holds(&self) -> impl Iterator<Item = (ResourceId, TaskId, Hold)> {
        let is_lock = |resource| matches!(self.resources.get(&resource), Some(Some(ResourceState::Lock { .. })));
        self.holdings.events().filter(move |(resource, _, hold)| *hold != Hold::Taken || !is_lock(*resource))
    }

    /// Whether the run is over, and only cleans up.
    #[must_use]
    pub fn cleans_up(&self) -> bool {
        self.outcome.is_some() && !matches!(self.phase, RunPhase::Ended(_))
    }

    /// About how many bytes its tasks and shared things take.
    pub(crate) fn size(&self) -> usize {
        self.living.size()
            + self.holdings.size()
            + self.resources.len() * (size_of::<(ResourceId, Option<ResourceState>)>() + 8)
    }

    /// Forgets shared things that `is_kept` does not hold of.
    pub(super) fn forget_resources(&mut self, is_kept: impl Fn(ResourceId) -> bool) {
        self.resources.retain(|resource, _| is_kept(*resource));
        self.holdings.retain(is_kept);
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
        self.ended[ending.place()] += usize::from(self.living.remove(task));
    }

    fn see(&mut self, task: Option<TaskId>, site: Option<SiteId>) {
        let (Some(task), Some(site)) = (task, site) else { return };
        if let Some(task) = self.task_mut(task) {
            task.trail.acts();
            task.site = Some(site);
        }
    }

    fn disarm(&mut self, timer: TimerId) {
        if let Some(deadline) = self.deadlines.remove(&timer) {
            self.timers.remove(&(deadline, timer));
        }
    }

    /// Reads a state that was written into memory.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut state: Self = postcard::from_bytes(bytes).ok()?;
        state.deadlines = state.timers.keys().map(|(deadline, timer)| (*timer, *deadline)).collect();
        Some(state)
    }

    fn leave_ready(&mut self, task: TaskId) {
        if self.task(task).is_none_or(|known| matches!(known.status, TaskStatus::Ready(_))) {
            self.ready.leave(task);
        }
    }
}
