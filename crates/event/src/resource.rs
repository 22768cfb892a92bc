//! The things that tasks share, and what they want of them.

use super::TaskId;
use serde::{Deserialize, Serialize};

/// What the task wants of the shared thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitOp {
    /// A permit of a semaphore.
    Acquire,
    /// An item of a queue.
    Get,
    /// A free place in a bounded queue.
    Put,
    /// A lock.
    Lock,
    /// That a flag is set.
    Set,
    /// That somebody notifies who waits at a condition.
    Notified,
    /// That every item taken from a queue is done with.
    AllDone,
    /// That everybody has come to a barrier.
    Arrival,
    /// A value sent.
    Receive,
}

/// What a shared thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceKind {
    /// A queue.
    Queue {
        /// How many items fit; none means unbounded.
        capacity: Option<u32>,
        /// Which item comes out next.
        order: QueueOrder,
    },
    /// A counting semaphore.
    Semaphore {
        /// How many permits there are.
        permits: u32,
    },
    /// A lock.
    Lock,
    /// A flag.
    Event,
    /// A condition.
    Condition,
    /// A barrier.
    Barrier {
        /// How many tasks must come before all go on.
        parties: u32,
    },
    /// A channel for one value.
    OneShot,
    /// A channel whose every receiver gets every value.
    Broadcast {
        /// How many values a slow receiver may lag behind.
        capacity: u32,
    },
    /// Something that is opened, used and closed.
    Held,
}

/// Which item of a queue comes out next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueOrder {
    /// The one that went in first.
    FirstInFirstOut,
    /// The one that went in last.
    LastInFirstOut,
    /// The smallest.
    SmallestFirst,
}

/// The state of a shared thing after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceState {
    /// A queue.
    Queue {
        /// Items in it.
        length: u32,
    },
    /// A semaphore.
    Semaphore {
        /// Permits that nobody holds or was promised.
        free: u32,
    },
    /// A lock.
    Lock {
        /// The task that holds it.
        holder: Option<TaskId>,
    },
    /// A flag.
    Event {
        /// Whether it is set.
        is_set: bool,
    },
    /// A condition.
    Condition {
        /// Tasks that wait to be notified.
        waiting: u32,
    },
    /// A barrier.
    Barrier {
        /// Tasks that have come and wait for the others.
        waiting: u32,
    },
    /// A channel for one value.
    OneShot {
        /// Whether the value was sent.
        is_sent: bool,
    },
    /// A channel whose every receiver gets every value.
    Broadcast {
        /// Values that some receiver has yet to take.
        length: u32,
    },
    /// Something that is opened, used and closed.
    Held {
        /// Whether it is open.
        is_open: bool,
    },
}

impl ResourceState {
    /// The state as a height, for a curve: a length, how many are free or wait, or 1 for taken, set, sent and open.
    #[must_use]
    pub fn level(self) -> u32 {
        match self {
            Self::Queue { length } | Self::Broadcast { length } => length,
            Self::Semaphore { free } => free,
            Self::Lock { holder } => u32::from(holder.is_some()),
            Self::Event { is_set } => u32::from(is_set),
            Self::Condition { waiting } | Self::Barrier { waiting } => waiting,
            Self::OneShot { is_sent } => u32::from(is_sent),
            Self::Held { is_open } => u32::from(is_open),
        }
    }
}

/// What becomes of a permit of a semaphore, or of a lock, for one task.
///
/// Of a lock only what is about handing it over is told so: who takes it and who releases it,
/// [`ResourceState::Lock`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    /// It was free, and the task took it.
    Taken,
    /// It was handed to the task, which has yet to run. Nobody can overtake it.
    Handed,
    /// The task has run, and holds what it was handed.
    Accepted,
    /// The task holds it no more.
    Released,
    /// The task was handed it and leaves without it: it was cancelled, or its time was up.
    Declined,
}
