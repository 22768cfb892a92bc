//! The record of one run: the log and everything derived from it, kept up to date event by event.

use super::catalog::Catalog;
use super::lanes::{Lane, Lanes, Wake};
use super::log::{EventIndex, Log};
use super::state::State;
use super::steps::Steps;
use crate::event::{ClockKind, Event, EventKind, Nanos, TaskId};
use std::sync::Arc;

/// Events between two checkpoints of the state, at least.
const CHECKPOINT: usize = 1024;
/// And at least this many for each task: a state holds some 100 bytes for each, an event 56, so that the checkpoints
/// together stay smaller than the log.
const CHECKPOINT_PER_TASK: usize = 4;

/// A run as it is known so far.
#[derive(Debug, Default)]
pub struct Record {
    log: Log,
    catalog: Catalog,
    lanes: Lanes,
    steps: Steps,
    output: Vec<OutputLine>,
    /// The state after the last event.
    edge: State,
    checkpoints: Vec<(EventIndex, State)>,
    clock: Option<ClockKind>,
    title: Arc<str>,
    seed: u64,
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
        let last = self.checkpoints.last().map_or(0, |(index, _)| *index);
        if self.log.len() - last >= CHECKPOINT.max(CHECKPOINT_PER_TASK * self.edge.tasks.len()) {
            self.checkpoints.push((self.log.len(), self.edge.clone()));
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

    /// The lanes, by task id.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes.lanes
    }

    /// Who made whom ready, in order.
    #[must_use]
    pub fn wakes(&self) -> &[Wake] {
        &self.lanes.wakes
    }

    /// The steps axis.
    #[must_use]
    pub fn steps(&self) -> &Steps {
        &self.steps
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
        let before = self.checkpoints.partition_point(|(at, _)| *at <= index);
        let (start, mut state) = match before.checked_sub(1) {
            Some(last) => self.checkpoints[last].clone(),
            None => (0, State::default()),
        };
        for (offset, event) in self.log.iter_from(start).take(index - start).enumerate() {
            state.apply(start + offset, event);
        }
        state
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
