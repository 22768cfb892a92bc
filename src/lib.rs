#![doc = include_str!("../ARCHITECTURE.md")]

pub mod event;
pub mod runtime;
pub mod scenarios;
pub mod session;
pub mod trace;
