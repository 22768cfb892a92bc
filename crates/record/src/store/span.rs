//! What a task did from one event to another.

use super::log::EventIndex;
use crate::event::{Nanos, WaitId};

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

/// Time spent in each state, indexed by [`SpanState`].
pub type StateTimes = [Nanos; 3];
