//! Several futures or tasks awaited as one.

pub(crate) mod as_completed;
pub(crate) mod gather;
mod group;
pub(crate) mod race;
pub(crate) mod run_group;
pub(crate) mod shield;
pub(crate) mod stream;
pub(crate) mod task_group;
pub(crate) mod try_gather;
pub(crate) mod wait_for_tasks;
