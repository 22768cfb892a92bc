//! Who ran the tasks of a record, and so what the record can know.
//!
//! A record tells what was recorded, and not all of it is for every program. Loopscope's own runs begin with a task called
//! `main`, and record who awaits whom. The stock executors of a program have no main task, and nobody sees who awaits their
//! handles. Whatever is concluded from a record asks here whether the record can know it.

use crate::event::TaskId;

/// Who ran the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// Loopscope's event loop: one thread, in asyncio's order.
    Loop,
    /// smol's executor with Loopscope's tasks, on one thread or several.
    Threads,
    /// A program's own stock executors, any number of them; or the record has not told yet.
    Stock,
}

impl Host {
    /// The main task: the run is over when it ends. Stock executors have none.
    #[must_use]
    pub fn main(self) -> Option<TaskId> {
        match self {
            Self::Loop | Self::Threads => Some(Self::MAIN),
            Self::Stock => None,
        }
    }

    /// Whether the record tells of each task that awaits another. If not, a task without a join may well be awaited.
    #[must_use]
    pub fn records_joins(self) -> bool {
        self.main().is_some()
    }

    /// Whether tasks run in the order in which they became ready. Several threads, or several executors, each take from
    /// queues of their own.
    #[must_use]
    pub fn has_one_queue(self) -> bool {
        self == Self::Loop
    }

    /// The id of the main task in a run that has one.
    const MAIN: TaskId = TaskId(0);

    /// Whether this task, as it was spawned, is the main task. A task of a stock executor is named by its type and line, as
    /// `main:12`, and never so.
    pub(crate) fn is_main(task: TaskId, parent: Option<TaskId>, name: &str) -> bool {
        task == Self::MAIN && parent.is_none() && name == "main"
    }
}
