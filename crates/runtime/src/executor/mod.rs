//! A stand-in for the crate `async-executor`: the same types with the same methods, whose tasks are recorded while
//! somebody listens.
//!
//! A program is instrumented by swapping the import. Behind each type is the stock one; a task is polled through a
//! wrapper that costs one look at a flag while nobody listens.
//!
//! ```
//! use loopscope_runtime::executor::Executor; // instead of async_executor::Executor
//! use std::sync::{Arc, Mutex};
//!
//! let events = Arc::new(Mutex::new(Vec::new()));
//! let sink = {
//!     let events = Arc::clone(&events);
//!     move |chunk: &mut Vec<_>| events.lock().unwrap().append(chunk)
//! };
//! let recording = loopscope_runtime::executor::record("example", sink);
//! let ex = Executor::new();
//! let task = ex.spawn(async { 1 + 2 });
//! assert_eq!(smol::block_on(ex.run(task)), 3);
//! drop(recording);
//! assert!(events.lock().unwrap().len() > 5);
//! ```
//!
//! What this module never does is change the order in which the stock executor runs tasks.

mod block_on;
mod global;
mod local;
mod recording;
mod send;
#[cfg(feature = "static")]
mod static_executors;
mod timer;

pub use async_task::{FallibleTask, Task};
pub use block_on::block_on;
pub use global::spawn;
pub use local::LocalExecutor;
pub use recording::{Recording, record};
pub use send::Executor;
#[cfg(feature = "static")]
pub use static_executors::{StaticExecutor, StaticLocalExecutor};
pub use timer::Timer;
