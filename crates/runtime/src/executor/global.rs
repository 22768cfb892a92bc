//! The executor of the whole process, as `smol::spawn` has one.

use super::block_on::block_on;
use super::send::Executor;
use async_task::Task;
use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

static GLOBAL: Executor<'static> = Executor::new();
static THREADS: Once = Once::new();

/// Spawns a task on the process's executor: `smol::spawn` with a record.
///
/// The executor runs on as many threads as the variable `SMOL_THREADS` says, one by default.
///
/// # Panics
/// If the system gives no thread for the first task.
#[track_caller]
pub fn spawn<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> Task<T> {
    THREADS.call_once(|| {
        let asked = std::env::var("SMOL_THREADS").ok().and_then(|threads| threads.parse().ok());
        for number in 1..=asked.unwrap_or(1).max(1) {
            let work = || {
                loop {
                    let look = AssertUnwindSafe(|| block_on(GLOBAL.run(pending::<()>())));
                    drop(catch_unwind(look));
                }
            };
            let started = std::thread::Builder::new().name(format!("smol-{number}")).spawn(work);
            if let (Err(error), 1) = (started, number) {
                panic!("cannot start a thread for the executor: {error}");
            }
        }
    });
    GLOBAL.spawn(future)
}
