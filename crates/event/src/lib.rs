//! The vocabulary of the record: ids, time, one [`Event`] type and the [`Sink`] that takes events.
//!
//! Everything the program shows is derived from a sequence of these events, so each one states a fact that the
//! executor knows at that instant (who, when, because of what, at which source line) and never a conclusion.
//!
//! Who knows what:
//!
//! | fact | who knows it |
//! |---|---|
//! | when a task is ready, runs, gives control back | the wrapper around its future, and its waker |
//! | how it ended: returned, failed, panicked | the wrapper, which sees the output before anybody takes it |
//! | that it was dropped, and why | the wrapper; of a stock executor it learns only that |
//! | who asked it to end, where, and why | its handle, the time limit, or the group |
//! | what it waits for, and at which line | the future at that `.await` |
//! | what a timer is for | the future that sets it |
//! | at which line it computes | `busy` and `compute` |
//! | how a job on a thread that may block ended | that thread, before anybody takes its output |
//! | which program it is of, with which parameters | who starts the run |
//! | who holds a permit or a lock, or was handed it | the semaphore, the lock |
//! | that the run is over, and only clean-up follows | the loop |
//!
//! Where a cancellation landed is no fact of its own: it is the `.await` that the task was at when it was dropped.
//!
//! This package depends on no other of Loopscope, reads no clock and keeps no state.

mod id;
mod kind;
pub mod kinds;
mod origin;
mod resource;
mod task_end;
mod time;
mod wait;

pub use id::{FrameId, IdSequence, JobId, ResourceId, SiteId, TaskId, TimerId, WaitId, WorkerId};
pub use kind::{ClockKind, EnqueueCause, EventKind, Outcome};
pub use origin::{Language, Origin, Provenance, ScenarioRun};
pub use resource::{Hold, QueueOrder, ResourceKind, ResourceState, WaitOp};
pub use task_end::{CancelCause, DropCause, Failure, JobEnd, PollOutcome};
pub use time::Nanos;
pub use wait::{TaskWait, TimerPurpose, WaitOn};

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
