//! A lane per task: its states as spans, one after another.

use super::columns::Sums;
use super::log::EventIndex;
use super::state::Ending;
use crate::event::{EnqueueCause, Event, EventKind, Nanos, PollOutcome, TaskId, WaitId};

/// The states that a lane tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpanState {
    /// Being polled.
    Running,
    /// In the ready queue.
    Ready,
    /// Waiting for something.
    Waiting,
}

/// A task's state from one event to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which state.
    pub state: SpanState,
    /// The event that began it.
    pub first: EventIndex,
    /// Its time.
    pub start: Nanos,
    /// The event that ended it, and its time; none while it goes on.
    pub end: Option<(EventIndex, Nanos)>,
    /// For a waiting task, what the innermost wait is; none for a future that is not ours.
    pub wait: Option<WaitId>,
}

impl Span {
    /// When it ends, or `edge` for one that goes on.
    #[must_use]
    pub fn end_or(&self, edge: Nanos) -> Nanos {
        self.end.map_or(edge, |(_, at)| at)
    }
}

/// The spans of one task, in order and without holes between its first and its last.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    spans: Vec<Span>,
    sums: Sums,
    /// The event that ended the task, its time, and how.
    end: Option<(EventIndex, Nanos, Ending)>,
    /// Open waits, the outermost first.
    waits: Vec<WaitId>,
}

impl Lane {
    /// Every span.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    pub(super) fn sums(&self) -> &Sums {
        &self.sums
    }

    /// The event that ended the task, its time, and how; none while the task lives.
    #[must_use]
    pub fn end(&self) -> Option<(EventIndex, Nanos, Ending)> {
        self.end
    }

    /// The spans that touch the time from `start` to `end`.
    #[must_use]
    pub fn between(&self, start: Nanos, end: Nanos) -> &[Span] {
        let from = self.spans.partition_point(|span| span.end.is_some_and(|(_, at)| at < start));
        let to = self.spans.partition_point(|span| span.start <= end);
        self.spans.get(from..to).unwrap_or_default()
    }

    /// The spans that touch the events from `start` to `end`.
    #[must_use]
    pub fn between_events(&self, start: EventIndex, end: EventIndex) -> &[Span] {
        let from = self.spans.partition_point(|span| span.end.is_some_and(|(last, _)| last < start));
        let to = self.spans.partition_point(|span| span.first <= end);
        self.spans.get(from..to).unwrap_or_default()
    }

    fn open(&mut self, state: SpanState, index: EventIndex, at: Nanos, wait: Option<WaitId>) {
        self.close(index, at);
        self.sums.grow(&self.spans, at);
        self.spans.push(Span { state, first: index, start: at, end: None, wait });
    }

    fn finish(&mut self, index: EventIndex, at: Nanos, ending: Ending) {
        self.close(index, at);
        self.end.get_or_insert((index, at, ending));
    }

    fn close(&mut self, index: EventIndex, at: Nanos) {
        if let Some(span) = self.spans.last_mut() {
            span.end.get_or_insert((index, at));
        }
    }
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

/// The lanes of a record, by task id, and the wakes between them.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    pub(super) lanes: Vec<Lane>,
    pub(super) wakes: Vec<Wake>,
}

impl Lanes {
    /// Takes in the event number `index`.
    pub(super) fn learn(&mut self, index: EventIndex, event: &Event) {
        let at = event.at;
        match &event.kind {
            EventKind::TaskSpawned { task, .. } if task.index() == self.lanes.len() => self.lanes.push(Lane::default()),
            EventKind::WaitBegan { task, wait, .. } => self.with(*task, |lane| lane.waits.push(*wait)),
            EventKind::WaitEnded { task, wait } => self.with(*task, |lane| lane.waits.retain(|open| open != wait)),
            EventKind::Enqueued { task, cause } => {
                self.with(*task, |lane| {
                    // A task that yields waits for nothing: it is ready from the end of its poll on.
                    if matches!(cause, EnqueueCause::OwnYield(_)) {
                        lane.spans.pop_if(|span| span.state == SpanState::Waiting && span.start == at);
                    }
                    lane.open(SpanState::Ready, index, at, None);
                });
                let by = match cause {
                    EnqueueCause::WokenBy(by) | EnqueueCause::Joined(by) | EnqueueCause::Gathered(by) => Some(*by),
                    _ => None,
                };
                if let Some(by) = by {
                    self.wakes.push(Wake { index, at, by, task: *task });
                }
            }
            EventKind::PollStarted { task } => self.with(*task, |lane| lane.open(SpanState::Running, index, at, None)),
            EventKind::PollEnded { task, outcome: PollOutcome::Pending } => self.with(*task, |lane| {
                let wait = lane.waits.last().copied();
                lane.open(SpanState::Waiting, index, at, wait);
            }),
            EventKind::PollEnded { task, outcome: PollOutcome::Ready } => {
                self.with(*task, |lane| lane.finish(index, at, Ending::Finished));
            }
            EventKind::PollEnded { task, outcome: PollOutcome::Panicked } => {
                self.with(*task, |lane| lane.finish(index, at, Ending::Panicked));
            }
            EventKind::TaskDropped { task, .. } => {
                self.with(*task, |lane| lane.finish(index, at, Ending::Dropped));
            }
            _ => {}
        }
    }

    fn with(&mut self, task: TaskId, f: impl FnOnce(&mut Lane)) {
        if let Some(lane) = self.lanes.get_mut(task.index()) {
            f(lane);
        }
    }
}
