//! Ids: small dense numbers, counted from zero in each run, so that the same run gives the same ids.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($int:ty), $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $int);

        impl $name {
            /// The id as an index into a table of its kind.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl From<$int> for $name {
            fn from(raw: $int) -> Self {
                Self(raw)
            }
        }
    };
}

id!(
    /// A task. The main task of a run is number 0.
    TaskId(u32), "task-"
);
id!(
    /// A timer, numbered in arming order: of two timers due at the same instant the lower number fires first.
    TimerId(u32), "timer-"
);
id!(
    /// A queue, semaphore or other thing that tasks share and wait for.
    ResourceId(u32), "resource-"
);
id!(
    /// One wait of one task, from the poll that found nothing to the poll that went on.
    WaitId(u32), "wait-"
);
id!(
    /// A named async function that a task is in, numbered from 1; see [`FrameId::TASK`].
    FrameId(u32), "frame-"
);
id!(
    /// A job on a thread that may block.
    JobId(u32), "job-"
);
id!(
    /// A place in the source, defined once per run by [`EventKind::SiteDefined`](super::EventKind::SiteDefined).
    SiteId(u32), "site-"
);
id!(
    /// A thread that polls tasks.
    WorkerId(u16), "worker-"
);

impl FrameId {
    /// The task itself, outside of any named function.
    pub const TASK: Self = Self(0);
}

impl WorkerId {
    /// A thread that polls no task: it woke one, or runs the timers.
    pub const OUTSIDE: Self = Self(u16::MAX);
}

/// Hands out ids of one kind, in order, to every thread of a run.
#[derive(Debug)]
pub struct IdSequence<T> {
    next: AtomicU32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Default for IdSequence<T> {
    fn default() -> Self {
        Self { next: AtomicU32::new(0), kind: PhantomData }
    }
}

impl<T: From<u32>> IdSequence<T> {
    /// Gives out the next id. After 2³² ids the numbers begin again from zero. A record that keeps fewer than 2³¹ of them tells
    /// them apart.
    pub fn issue(&self) -> T {
        T::from(self.next.fetch_add(1, Ordering::Relaxed))
    }
}
