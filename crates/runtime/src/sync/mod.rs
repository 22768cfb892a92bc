//! What tasks share: locks, semaphores, queues, flags, conditions, barriers, channels; first come first served, with
//! asyncio's exact turns where asyncio has them.
//!
//! Each is a handle: clones name the same thing. A change and its state are recorded together.

mod barrier;
mod broadcast;
mod condition;
mod event;
mod held;
mod lock;
mod oneshot;
mod queue;
mod resource;
mod semaphore;
mod waiters;

pub use barrier::{Barrier, WaitBarrier};
pub use broadcast::{Broadcast, Missed, ReceiveBroadcast, Subscriber};
pub use condition::{Condition, WaitCondition};
pub use event::{Event, WaitEvent};
pub use held::{Held, using};
pub use lock::{AcquireLock, Lock, LockGuard};
pub use oneshot::{OneShot, OneShotSender, SenderGone, oneshot};
pub use queue::{Get, Put, Queue, QueueFull};
pub use semaphore::{Acquire, Permit, Semaphore};
