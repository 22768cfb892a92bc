//! How events come from a thread to the sink: the thread's own vector, and the outlet that makes one record of all.
//!
//! It knows ids, places and names, and no task, executor or loop: a layer for another runtime could stand on it.

pub(crate) mod bounded;
pub(crate) mod clock;
pub(crate) mod outlet;
pub(crate) mod place;
pub(crate) mod recorder;
pub(crate) mod sites;
pub(crate) mod task_name;
pub(crate) mod type_names;
pub(crate) mod watcher;
