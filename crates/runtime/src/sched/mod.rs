//! Who runs the tasks: the event loop in asyncio's order, or stock executors on threads of the run.

pub(crate) mod event_loop;
pub(crate) mod outcome;
pub(crate) mod pool;
