//! What a task does that reaches out of the loop: files, connections, threads that may block, the user, work that keeps the
//! processor.

pub(crate) mod busy;
pub mod fs;
pub(crate) mod input;
pub(crate) mod job;
pub mod net;
pub(crate) mod say;
