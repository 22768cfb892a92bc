//! The vocabulary of the record: ids, time, one [`Event`] type and the [`Sink`] that takes events.
//!
//! Everything the program shows is derived from a sequence of these events, so each one states a fact that the
//! executor knows at that instant (who, when, because of what, at which source line) and never a conclusion.
//!
//! This module is a leaf: it imports nothing else of the crate, reads no clock and keeps no state.

mod id;
mod kind;
mod resource;
mod time;

pub use id::{FrameId, IdSequence, JobId, ResourceId, SiteId, TaskId, TimerId, WaitId, WorkerId};
pub use kind::{ClockKind, DropCause, EnqueueCause, EventKind, Outcome, PollOutcome, WaitOn};
pub use resource::{QueueOrder, ResourceKind, ResourceState, WaitOp};
pub use time::Nanos;

use serde::{Deserialize, Serialize};

/// One fact of a run: what happened, when, and on which worker.
///
/// Events of one run are ordered: an event's place in the record is as much part of its meaning as its time, because
/// in virtual time many events share one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Time since the run started, on the run's own clock (virtual or real).
    pub at: Nanos,
    /// The worker thread on which it happened; an event loop has only worker 0.
    pub worker: WorkerId,
    /// What happened.
    pub kind: EventKind,
}

// An event is copied into a chunk on every scheduling decision; keep it within a cache line.
const _: () = assert!(size_of::<Event>() <= 56);

/// Takes the events of a run, a chunk at a time and in order.
///
/// The executor calls it on the thread that runs the tasks, so an implementation hands the chunk on and returns. It must
/// not wake a task of the run that it records.
pub trait Sink: Send {
    /// Takes every event out of `chunk`, leaving it empty. Its capacity may be kept by either side.
    fn take(&mut self, chunk: &mut Vec<Event>);
}

/// A sink that drops what it is given: for runs whose record nobody reads.
#[derive(Debug, Default, Clone, Copy)]
pub struct Discard;

impl Sink for Discard {
    fn take(&mut self, chunk: &mut Vec<Event>) {
        chunk.clear();
    }
}

impl<F: FnMut(&mut Vec<Event>) + Send> Sink for F {
    fn take(&mut self, chunk: &mut Vec<Event>) {
        self(chunk);
    }
}
