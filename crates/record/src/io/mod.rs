//! Records as files, and what other programs can read.
//!
//! Only this folder touches the disk.

mod aside;
pub(crate) mod bookmarks;
pub mod export;
pub mod file;
mod target;
