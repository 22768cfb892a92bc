//! What a record knows: [`Record`](crate::Record), the state at any event, and what the ids stand for.
//!
//! It never puts anything into words and concludes nothing: who asks is above it.

pub(crate) mod catalog;
pub(crate) mod ending;
pub(crate) mod facts;
pub(crate) mod holdings;
pub(crate) mod host;
pub(crate) mod ready_queue;
pub(crate) mod record;
pub(crate) mod state;
pub(crate) mod trail;
pub(crate) mod wait_kind;
