//! What takes reading a record to know of the selected thing: kept from frame to frame, and read on as the record grows.
//!
//! A frame reads a bounded part; as long as there is more, it asks for another frame. Nothing in here is told to anybody
//! before it has been: what lies after the cursor is left out when it is asked for.

mod resource;
mod task;
mod worker;

pub(crate) use resource::{ResourceHistory, WaitFor};
pub(crate) use task::TaskHistory;
pub(crate) use worker::WorkerHistory;

use super::cursor::Point;
use super::selection::Selection;
use crate::trace::Record;

/// How much a frame reads: events or spans.
const AT_ONCE: usize = 200_000;

/// The history of the selected thing.
#[derive(Debug, Default)]
pub(crate) struct Dossier {
    selection: Selection,
    history: Option<History>,
}

#[derive(Debug)]
enum History {
    Task(Box<TaskHistory>),
    Resource(ResourceHistory),
    Worker(WorkerHistory),
}

impl Dossier {
    /// Brings it up to date; whether there is more to read.
    pub(crate) fn look(&mut self, record: &Record, selection: Selection, point: Point) -> bool {
        if self.selection != selection {
            self.selection = selection;
            self.history = match selection {
                Selection::Task(task) => Some(History::Task(Box::new(TaskHistory::new(task)))),
                Selection::Resource(resource) => Some(History::Resource(ResourceHistory::new(resource))),
                Selection::Worker(worker) => Some(History::Worker(WorkerHistory::new(worker))),
                Selection::Nothing | Selection::Timer(_) | Selection::Job(_) | Selection::Wake(_) => None,
            };
        }
        match &mut self.history {
            Some(History::Task(task)) => task.read(record, point, AT_ONCE),
            Some(History::Resource(resource)) => resource.read(record, AT_ONCE),
            Some(History::Worker(worker)) => worker.read(record, AT_ONCE),
            None => false,
        }
    }

    pub(crate) fn task(&self) -> Option<&TaskHistory> {
        match &self.history {
            Some(History::Task(task)) => Some(task),
            _ => None,
        }
    }

    pub(crate) fn resource(&self) -> Option<&ResourceHistory> {
        match &self.history {
            Some(History::Resource(resource)) => Some(resource),
            _ => None,
        }
    }

    pub(crate) fn worker(&self) -> Option<&WorkerHistory> {
        match &self.history {
            Some(History::Worker(worker)) => Some(worker),
            _ => None,
        }
    }
}
