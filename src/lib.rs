#![doc = include_str!("../ARCHITECTURE.md")]

#[cfg(feature = "gui")]
pub mod app;
pub mod event;
pub mod runtime;
pub mod scenarios;
pub mod session;
pub mod trace;
