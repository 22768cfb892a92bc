#![doc = include_str!("../ARCHITECTURE.md")]

/// Its examples are tested with the others, where there is the window that one of them opens.
#[cfg(all(doctest, feature = "gui"))]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(feature = "gui")]
pub mod app;
pub mod moment;
pub mod scenarios;
pub mod session;

pub use loopscope_event as event;
pub use loopscope_record as trace;
pub use loopscope_runtime as runtime;
pub use loopscope_runtime::{executor, frame, say, smol};
