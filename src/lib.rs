#![doc = include_str!("../ARCHITECTURE.md")]

/// Its examples are tested with the others, where there is the window that one of them opens.
#[cfg(all(doctest, feature = "gui"))]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(feature = "gui")]
pub mod app;
pub mod event;
pub mod runtime;
pub mod scenarios;
pub mod session;
pub mod trace;

#[doc(inline)]
pub use runtime::executor;

/// The crate `smol` with recorded executors: `use loopscope::smol;` instruments a program that uses it.
pub mod smol {
    pub use super::executor::{Executor, LocalExecutor, Task, Timer, block_on, spawn};
    pub use ::smol::*;
}
