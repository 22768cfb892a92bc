//! The record of one run: the log and everything derived from it, kept up to date event by event.

use super::catalog::{Catalog, TimerInfo, WaitInfo};
use super::lane::Lane;
use super::lanes::Lanes;
use super::log::{EventIndex, Log};
use super::state::{State, TaskState};
use super::steps::{StepIndex, Steps};
use crate::event::{ClockKind, EnqueueCause, Event, EventKind, Nanos, TaskId, TimerId, WaitId};
use std::ops::Range;
use std::sync::Arc;

/// Events between two checkpoints of the state, at least: they are read in a fraction of a millisecond.
const CHECKPOINT: usize = 16 << 10;
/// And at least this many for each task: a packed state holds some 15 bytes for each, an event 4, so that the
/// checkpoints together stay smaller than the log.
const CHECKPOINT_PER_TASK: usize = 8;

/// A run as it is known so far.
#[derive(Debug, Default)]
pub struct Record {
    log: Log,
    catalog: Catalog,
    lanes: Lanes,
    steps: StepIndex,
    output: Vec<OutputLine>,
    /// The state after the last event.
    edge: State,
    checkpoints: Vec<Checkpoint>,
    clock: Option<ClockKind>,
    title: Arc<str>,
    seed: u64,
}

/// The state after a number of events.
#[derive(Debug)]
struct Checkpoint {
    index: EventIndex,
    /// In postcard encoding.
    state: Box<[u8]>,
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
            EventKind::RunStarted { clock, title, seed } => {
                self.clock = Some(*clock);
                self.title = Arc::clone(title);
                self.seed = *seed;
            }
            EventKind::Printed { task, text, .. } => self.print(index, event.at, *task, text, false),
            EventKind::TaskPanicked { task, message } => self.print(index, event.at, Some(*task), message, true),
            _ => {}
        }
        self.edge.apply(index, &event);
        self.log.push(event);
        let last = self.checkpoints.last().map_or(0, |checkpoint| checkpoint.index);
        let passed = index + 1 - last;
        if passed >= CHECKPOINT && passed >= CHECKPOINT_PER_TASK * self.edge.tasks.len() {
            // Writing into memory does not fail; without a checkpoint the state is found all the same.
            if let Ok(state) = postcard::to_allocvec(&self.edge) {
                self.checkpoints.push(Checkpoint { index: index + 1, state: state.into() });
            }
        }
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
        (0..self.catalog.timer_count()).filter_map(|slot| self.catalog.timer_in(&self.log, slot))
    }

    /// The lane of a task.
    #[must_use]
    pub fn lane(&self, task: TaskId) -> Option<&Lane> {
        self.lanes.get(task)
    }

    /// The lanes, in the order of spawning.
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
            match event.kind {
                EventKind::Enqueued {
                    task,
                    cause: EnqueueCause::WokenBy(by) | EnqueueCause::Joined(by) | EnqueueCause::Gathered(by),
                } => Some(Wake { index, at: event.at, by, task }),
                _ => None,
            }
        });
        (count, told)
    }

    /// The steps axis.
    #[must_use]
    pub fn steps(&self) -> Steps<'_> {
        Steps { index: &self.steps, log: &self.log }
    }

    /// The lines printed, in order.
    #[must_use]
    pub fn output(&self) -> &[OutputLine] {
        &self.output
    }

    /// The state after the last event.
    #[must_use]
    pub fn edge(&self) -> &State {
        &self.edge
    }

    /// The state after the first `index` events (or all, where there are fewer).
    #[must_use]
    pub fn state_at(&self, index: EventIndex) -> State {
        if index >= self.log.len() {
            return self.edge.clone();
        }
        let before = self.checkpoints.partition_point(|checkpoint| checkpoint.index <= index);
        let last = before.checked_sub(1).and_then(|last| self.checkpoints.get(last));
        let found = last.and_then(|last| Some((last.index, postcard::from_bytes(&last.state).ok()?)));
        let (start, mut state): (EventIndex, State) = found.unwrap_or_default();
        for (offset, event) in self.log.iter_from(start).take(index - start).enumerate() {
            state.apply(start + offset, &event);
        }
        state
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let checkpoints: usize = self.checkpoints.iter().map(|checkpoint| checkpoint.state.len() + 40).sum();
        let lanes: usize = self.lanes.lanes.iter().map(Lane::size).sum();
        let states = self.edge.tasks.capacity() * size_of::<TaskState>();
        self.log.size()
            + self.catalog.size()
            + self.steps.size()
            + self.lanes.wakes.size()
            + self.output.capacity() * size_of::<OutputLine>()
            + checkpoints
            + lanes
            + states
    }

    /// What drove the run's time; none before its first event.
    #[must_use]
    pub fn clock(&self) -> Option<ClockKind> {
        self.clock
    }

    /// What was run.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The seed of the run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}
