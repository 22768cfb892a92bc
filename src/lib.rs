#![doc = include_str!("../ARCHITECTURE.md")]

/// Its examples are tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(feature = "gui")]
pub mod app;
pub mod event;
pub mod runtime;
pub mod scenarios;
pub mod session;
pub mod trace;
