//! Waiting for a future on the caller's thread.

use crate::core::surroundings;
use std::future::Future;

/// Runs `future` on this thread until it is done, and the reactor while it waits: `smol::block_on`, so that a record knows
/// whether the future or the reactor woke a task.
///
/// ```
/// assert_eq!(loopscope_runtime::smol::block_on(async { 1 + 2 }), 3);
/// ```
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    surroundings::block_on(future)
}
