//! What tasks share: queues and semaphores, first come first served, with asyncio's exact turns.
//!
//! Each is a handle: clones name the same thing. A change and its state are recorded together.

mod queue;
mod resource;
mod semaphore;
mod waiters;

pub use queue::{Get, Put, Queue, QueueFull};
pub use semaphore::{Acquire, Permit, Semaphore};
