//! What tasks share: locks, semaphores, queues, flags and conditions, first come first served, with asyncio's exact
//! turns.
//!
//! Each is a handle: clones name the same thing. A change and its state are recorded together.

mod condition;
mod event;
mod lock;
mod queue;
mod resource;
mod semaphore;
mod waiters;

pub use condition::{Condition, WaitCondition};
pub use event::{Event, WaitEvent};
pub use lock::{AcquireLock, Lock, LockGuard};
pub use queue::{Get, Put, Queue, QueueFull};
pub use semaphore::{Acquire, Permit, Semaphore};
