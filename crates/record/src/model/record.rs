//! The record of one run: the log and everything derived from it, kept up to date event by event.

use super::catalog::Catalog;
use super::facts::{TimerInfo, WaitInfo};
use super::host::Host;
use super::state::{RunPhase, State, TaskStatus};
use crate::event::{
    ClockKind, EnqueueCause, Event, EventKind, Nanos, Origin, Outcome, TaskId, TimerId, WaitId, WorkerId,
};
use crate::store::ending::Ending;
use crate::store::lane::Lane;
use crate::store::lanes::{GivenUp, Lanes};
use crate::store::log::{EventIndex, Log};
use crate::store::steps::{StepIndex, Steps};
use std::ops::Range;
use std::sync::Arc;

/// Events between two checkpoints of the state, at least: they are read in a fraction of a millisecond.
const CHECKPOINT: usize = 16 << 10;
/// And at least this many for each task: a packed state holds some 15 bytes for each, an event 4, so that the
/// checkpoints together stay smaller than the log.
const CHECKPOINT_PER_TASK: usize = 8;
/// And this many for each shared thing, which takes some 6 bytes there.
const CHECKPOINT_PER_THING: usize = 2;
/// Between two looks at its size there are at least so many events for each lane: a look takes a moment for each.
const LOOK_PER_LANE: usize = 1;

/// A run as it is known so far.
///
/// A record that is told to [keep at most](Self::keep_at_most) so many bytes gives up its oldest events when it has more, and
/// with them the tasks that ended then and the lines that were printed. What tasks did then is known in sums only:
/// [`Lane::columns`] tells them of the tasks that are kept, [`given_up`](Self::given_up) of all others together. The state
/// before [`first`](Self::first) is gone. Ids stay what they are: of a task that was given up,
/// [`Catalog::is_given_up`] is so.
#[derive(Debug, Default)]
pub struct Record {
    limit: Option<usize>,
    first: EventIndex,
    given_up: GivenUp,
    /// The events that there were when its size was looked at.
    looked_at: EventIndex,
    gaps: Vec<Gap>,
    log: Log,
    catalog: Catalog,
    lanes: Lanes,
    steps: StepIndex,
    output: Vec<OutputLine>,
    /// The state after the last event.
    edge: State,
    checkpoints: Vec<Checkpoint>,
    clock: Option<ClockKind>,
    origin: Arc<Origin>,
    seed: u64,
    has_main: bool,
    /// The event with which the clean-up began.
    clean_up: Option<EventIndex>,
}

/// The state after a number of events.
#[derive(Debug)]
struct Checkpoint {
    index: EventIndex,
    /// In postcard encoding.
    state: Box<[u8]>,
}

/// A stretch of the run of which events are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first event after it.
    pub index: EventIndex,
    /// The time of the last event before it.
    pub from: Nanos,
    /// The time of the first event after it.
    pub until: Nanos,
    /// How many are missing.
    pub events: u64,
}

/// One task made another ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// The event: the woken task was put into the ready queue.
    pub index: EventIndex,
    /// Its time.
    pub at: Nanos,
    /// The task that woke: it released a permit, put an item, or ended.
    pub by: TaskId,
    /// The task that became ready.
    pub task: TaskId,
}

/// A line of the run's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputLine {
    /// The event that printed it.
    pub index: EventIndex,
    /// When.
    pub at: Nanos,
    /// The task that printed.
    pub task: Option<TaskId>,
    /// The line.
    pub text: Arc<str>,
    /// Whether it reports a panic, not what the task printed.
    pub is_panic: bool,
}

impl Record {
    /// Adds the next event.
    pub fn push(&mut self, event: Event) {
        let index = self.log.len();
        self.catalog.learn(index, &event);
        self.lanes.learn(index, &event);
        self.steps.learn(index, &event);
        match &event.kind {
            EventKind::RunStarted { clock, seed, origin } => {
                self.clock = Some(*clock);
                self.origin = Arc::clone(origin);
                self.seed = *seed;
            }
            EventKind::TaskSpawned { task, parent, name, .. } => {
                self.has_main |= Host::is_main(*task, *parent, name);
            }
            EventKind::CleanUpBegan { .. } => self.clean_up = Some(index),
            EventKind::EventsLost { count } => {
                let (from, until) = (self.log.end(), event.at);
                self.gaps.push(Gap { index, from, until, events: *count });
            }
            EventKind::Printed { task, text, .. } => self.print(index, event.at, *task, text, false),
            EventKind::TaskPanicked { task, message } => self.print(index, event.at, Some(*task), message, true),
            _ => {}
        }
        self.edge.apply(index, &event);
        self.log.push(event);
        let last = self.checkpoints.last().map_or(0, |checkpoint| checkpoint.index);
        let passed = index + 1 - last;
        if passed >= CHECKPOINT
            && passed >= CHECKPOINT_PER_TASK * self.edge.living() + CHECKPOINT_PER_THING * self.edge.resources.len()
        {
            // Writing into memory does not fail; without a checkpoint the state is found all the same.
            if let Ok(state) = postcard::to_allocvec(&self.edge) {
                self.checkpoints.push(Checkpoint { index: index + 1, state: state.into() });
            }
            self.give_up_what_is_too_much();
        }
    }

    /// Sets about how many bytes of memory it may take. What is too much is given up as further events come.
    pub fn keep_at_most(&mut self, bytes: usize) {
        self.limit = Some(bytes);
    }

    fn give_up_what_is_too_much(&mut self) {
        let Some(limit) = self.limit else { return };
        if self.log.len() - self.looked_at < LOOK_PER_LANE * self.lanes.lanes.len() {
            return;
        }
        self.looked_at = self.log.len();
        while self.size() > limit && self.give_up_a_quarter() {}
        if self.lanes.size().1 > limit / 4 {
            self.lanes.coarsen();
        }
    }

    /// Gives up about a quarter of the events, down to a checkpoint, so that the state at the first event kept is known;
    /// false where there is none.
    fn give_up_a_quarter(&mut self) -> bool {
        let target = self.first + (self.log.len() - self.first) / 4;
        let reached = self.checkpoints.partition_point(|checkpoint| checkpoint.index <= target);
        let is_ahead = |place: &usize| self.checkpoints.get(*place).is_some_and(|found| found.index > self.first);
        let Some(place) = reached.checked_sub(1).filter(is_ahead).or(Some(reached).filter(is_ahead)) else {
            return false;
        };
        let Some(checkpoint) = self.checkpoints.get(place).filter(|found| found.index < self.log.len()) else {
            return false;
        };
        self.first = checkpoint.index;
        self.checkpoints.drain(..place);
        self.log.give_up_before(self.first);
        self.lanes.give_up_before(self.first, &mut self.given_up);
        self.steps.give_up_before(self.first);
        let lanes = &self.lanes;
        self.catalog.give_up_before(self.first, |task| lanes.get(task).is_some());
        let catalog = &self.catalog;
        self.edge.forget_resources(|resource| catalog.resource(resource).is_some());
        let lines = self.output.partition_point(|line| line.index < self.first);
        self.output.drain(..lines);
        self.given_up.lines += lines;
        self.gaps.retain(|gap| gap.index >= self.first);
        true
    }

    /// What to write before the events that are kept, so that they make sense without those given up: the start of the run,
    /// how many are missing, and the places, shared things and living tasks that they speak of. Nothing where all are
    /// kept.
    #[must_use]
    pub fn prelude(&self) -> Vec<Event> {
        if self.first == 0 {
            return Vec::new();
        }
        let state = self.state_at(self.first);
        let clock = self.clock.unwrap_or(ClockKind::Real);
        let start = EventKind::RunStarted { clock, seed: self.seed, origin: Arc::clone(&self.origin) };
        let lost = EventKind::EventsLost { count: self.first as u64 };
        let known = self.catalog.told_again();
        let states = state.resources.iter().filter_map(|(resource, state)| {
            Some(EventKind::ResourceChanged { resource: *resource, by: None, state: (*state)?, site: None })
        });
        let holds = state.holds().map(|(resource, task, hold)| EventKind::HoldChanged { resource, task, hold });
        let tasks = state.tasks().filter_map(|task| self.catalog.task(task.task)).map(|info| EventKind::TaskSpawned {
            task: info.task,
            parent: info.parent.filter(|parent| state.task(*parent).is_some()),
            name: Arc::from(self.catalog.whole_name(info)),
            site: info.site,
        });
        let ready = state.ready.iter();
        let ready = ready.map(|task| EventKind::Enqueued { task, cause: EnqueueCause::BeforeRecord });
        let at = self.log.time_at(self.first);
        let worker = WorkerId(0);
        let begin = [Event { at: Nanos::ZERO, worker, kind: start }, Event { at, worker, kind: lost }];
        let rest = known.chain(states).chain(tasks).chain(holds).chain(ready).map(|kind| Event { at, worker, kind });
        begin.into_iter().chain(rest).collect()
    }

    /// The first event that is still kept: the state is known from there on.
    #[must_use]
    pub fn first(&self) -> EventIndex {
        self.first
    }

    /// What is still known of the tasks and lines that were given up.
    #[must_use]
    pub fn given_up(&self) -> &GivenUp {
        &self.given_up
    }

    /// Where events are missing: those given up, and those lost on their way here.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> {
        let given_up = (self.first > 0).then(|| Gap {
            index: self.first,
            from: Nanos::ZERO,
            until: self.log.time_at(self.first + 1),
            events: self.first as u64,
        });
        let first = self.first;
        given_up.into_iter().chain(self.gaps.iter().copied().filter(move |gap| gap.index >= first))
    }

    fn print(&mut self, index: EventIndex, at: Nanos, task: Option<TaskId>, text: &Arc<str>, is_panic: bool) {
        self.output.push(OutputLine { index, at, task, text: Arc::clone(text), is_panic });
    }

    /// The events.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What the ids stand for.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// A wait; none where the event that began it is not kept.
    #[must_use]
    pub fn wait(&self, wait: WaitId) -> Option<WaitInfo> {
        self.catalog.wait(&self.log, wait)
    }

    /// A timer; none where the event that set it is not kept.
    #[must_use]
    pub fn timer(&self, timer: TimerId) -> Option<TimerInfo> {
        self.catalog.timer(&self.log, timer)
    }

    /// Every timer that is kept, in the order of arming.
    pub fn timers(&self) -> impl Iterator<Item = TimerInfo> {
        self.catalog.timers(&self.log)
    }

    /// The lane of a task.
    #[must_use]
    pub fn lane(&self, task: TaskId) -> Option<&Lane> {
        self.lanes.get(task)
    }

    /// The lanes that are kept, in the order of spawning.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes.lanes
    }

    /// Who made whom ready, in order.
    pub fn wakes(&self) -> impl Iterator<Item = Wake> {
        self.last_wakes(0..self.log.len(), usize::MAX).1
    }

    /// How many wakes there are among some events; and the last of them, `most` at most, in order.
    pub fn last_wakes(&self, events: Range<EventIndex>, most: usize) -> (usize, impl Iterator<Item = Wake>) {
        let wakes = &self.lanes.wakes;
        let (from, to) = (wakes.count_before(events.start), wakes.count_before(events.end));
        let count = to.saturating_sub(from);
        let last = wakes.iter_from(to.saturating_sub(count.min(most))).take(count.min(most));
        let told = last.filter_map(|index| {
            let event = self.log.get(index)?;
            let EventKind::Enqueued { task, cause } = event.kind else { return None };
            Some(Wake { index, at: event.at, by: cause.by()?, task })
        });
        (count, told)
    }

    /// The steps axis.
    #[must_use]
    pub fn steps(&self) -> Steps<'_> {
        Steps { index: &self.steps, log: &self.log }
    }

    /// The lines printed, in order; the first of all is the one after those [given up](Self::given_up).
    #[must_use]
    pub fn output(&self) -> &[OutputLine] {
        &self.output
    }

    /// The task that an event of this record is about, whether the event says so or an earlier one does.
    #[must_use]
    pub fn task_of(&self, kind: &EventKind) -> Option<TaskId> {
        match kind {
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => Some(self.timer(*timer)?.task),
            EventKind::JobStarted { job } | EventKind::JobFinished { job, .. } => self.catalog.job(*job)?.task,
            kind => kind.task(),
        }
    }

    /// The state after the last event.
    #[must_use]
    pub fn edge(&self) -> &State {
        &self.edge
    }

    /// Where a run that ended in a deadlock came to stand still. What comes after that is clean-up, which drops the tasks and
    /// so frees what they held. None where it ended otherwise, or not yet.
    #[must_use]
    pub fn standstill(&self) -> Option<EventIndex> {
        let steps = self.steps();
        let end = || steps.next_poll_end(steps.previous_poll_start(self.log.len()));
        let is_deadlock = self.edge.phase == RunPhase::Ended(Outcome::Deadlock);
        is_deadlock.then(|| self.clean_up.map(|index| index + 1).or_else(end)).flatten()
    }

    /// The event with which the clean-up began. What the program did is told by the events before it. None as long as the
    /// run goes on, and in a record that does not tell.
    #[must_use]
    pub fn clean_up(&self) -> Option<EventIndex> {
        self.clean_up
    }

    /// The state after the first `index` events (or all, where there are fewer); not before [`first`](Self::first).
    #[must_use]
    pub fn state_at(&self, index: EventIndex) -> State {
        if index >= self.log.len() {
            return self.edge.clone();
        }
        let index = index.max(self.first);
        let before = self.checkpoints.partition_point(|checkpoint| checkpoint.index <= index);
        let last = before.checked_sub(1).and_then(|last| self.checkpoints.get(last));
        let found = last.and_then(|last| Some((last.index, State::read(&last.state)?)));
        let (start, mut state): (EventIndex, State) = found.unwrap_or_default();
        if self.first > 0 {
            state.forget_resources(|resource| self.catalog.resource(resource).is_some());
        }
        for (offset, event) in self.log.iter_from(start).take(index - start).enumerate() {
            state.apply(start + offset, &event);
        }
        state
    }

    /// What a task did in a state of this record, also where it had ended by then; none where it was not spawned yet, or was
    /// given up.
    #[must_use]
    pub fn status(&self, state: &State, task: TaskId) -> Option<TaskStatus> {
        if let Some(task) = state.task(task) {
            return Some(task.status);
        }
        let (index, _, ending) = self.lane(task)?.end()?;
        (index < state.events).then_some(TaskStatus::Ended(ending))
    }

    /// The tasks that had ended in a state of this record and are kept, in the order of spawning.
    pub fn ended(&self, state: &State) -> impl Iterator<Item = (TaskId, Ending)> {
        let events = state.events;
        self.lanes().iter().filter_map(move |lane| {
            let (_, _, ending) = lane.end().filter(|(index, _, _)| *index < events)?;
            Some((lane.task(), ending))
        })
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let checkpoints: usize = self.checkpoints.iter().map(|checkpoint| checkpoint.state.len() + 40).sum();
        let lanes = self.lanes.size().0;
        self.log.size()
            + self.catalog.size()
            + self.steps.size()
            + self.output.capacity() * size_of::<OutputLine>()
            + checkpoints
            + lanes
            + self.edge.size()
    }

    /// What drove the run's time; none before its first event.
    #[must_use]
    pub fn clock(&self) -> Option<ClockKind> {
        self.clock
    }

    /// What was run, for people, as it was recorded. Before it is shown it has to be made [fit](crate::text). Which program it
    /// was it does not say: [`origin`](Self::origin) does.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.origin.title
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Who ran the tasks, and so what the record can know.
    #[must_use]
    pub fn host(&self) -> Host {
        match (self.has_main, self.edge.iterations) {
            (false, _) => Host::Stock,
            (true, 0) => Host::Threads,
            (true, _) => Host::Loop,
        }
    }

    /// The seed of the run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}
