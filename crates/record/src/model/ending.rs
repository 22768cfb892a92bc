//! All that a record knows of how a task ended. Every view asks here.

use super::record::Record;
use crate::event::{CancelCause, EnqueueCause, EventKind, Failure, Nanos, SiteId, TaskId};
use crate::store::ending::Ending;
use crate::store::log::EventIndex;
use crate::store::span::SpanState;
use std::sync::Arc;

/// All that a record knows of a task's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The task.
    pub task: TaskId,
    /// The event that ended it.
    pub index: EventIndex,
    /// When that was.
    pub at: Nanos,
    /// How.
    pub how: How,
}

/// How a task ended, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// It returned; with what, if that is a plain value.
    Returned(Option<Arc<str>>),
    /// It returned an `Err`; none where the record is cut off after it.
    Failed(Option<Arc<Failure>>),
    /// It panicked, with that message.
    Panicked(Option<Arc<str>>),
    /// It was cancelled.
    Cancelled {
        /// Who asked it to end; none in a record that does not tell.
        request: Option<Request>,
        /// The `.await` that it was at.
        landed: Option<SiteId>,
    },
    /// It was dropped as the run ended, at that `.await`.
    CutOff {
        /// The `.await` that it was at.
        landed: Option<SiteId>,
    },
    /// A stock executor dropped it.
    Dropped,
}

/// A task was asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The event.
    pub index: EventIndex,
    /// When.
    pub at: Nanos,
    /// The task that asked; none where the loop did.
    pub by: Option<TaskId>,
    /// Why.
    pub cause: CancelCause,
    /// Where it was asked for.
    pub site: Option<SiteId>,
}

impl How {
    /// An end of which nothing more is known.
    pub(crate) fn plain(ending: Ending) -> Self {
        match ending {
            Ending::Returned => Self::Returned(None),
            Ending::Failed => Self::Failed(None),
            Ending::Panicked => Self::Panicked(None),
            Ending::Cancelled => Self::Cancelled { request: None, landed: None },
            Ending::CutOff => Self::CutOff { landed: None },
            Ending::Dropped => Self::Dropped,
        }
    }

    /// In a word.
    #[must_use]
    pub fn ending(&self) -> Ending {
        match self {
            Self::Returned(_) => Ending::Returned,
            Self::Failed(_) => Ending::Failed,
            Self::Panicked(_) => Ending::Panicked,
            Self::Cancelled { .. } => Ending::Cancelled,
            Self::CutOff { .. } => Ending::CutOff,
            Self::Dropped => Ending::Dropped,
        }
    }
}

impl Record {
    /// How a task ended, as far as the record goes; none where it has not.
    #[must_use]
    pub fn end(&self, task: TaskId) -> Option<End> {
        let (index, at, ending) = self.lane(task)?.end()?;
        let said = self.catalog().said_at_end(task).and_then(|index| self.log().get(index)).map(|event| event.kind);
        let landed = || self.place_before(task, index);
        let how = match (ending, said) {
            (Ending::Returned, Some(EventKind::TaskReturned { value, .. })) => How::Returned(Some(value)),
            (Ending::Returned, _) => How::Returned(None),
            (Ending::Failed, Some(EventKind::TaskFailed { failure, .. })) => How::Failed(Some(failure)),
            (Ending::Failed, _) => How::Failed(None),
            (Ending::Panicked, Some(EventKind::TaskPanicked { message, .. })) => How::Panicked(Some(message)),
            (Ending::Panicked, _) => How::Panicked(None),
            (Ending::Cancelled, _) => How::Cancelled { request: self.cancel_request(task), landed: landed() },
            (Ending::CutOff, _) => How::CutOff { landed: landed() },
            (Ending::Dropped, _) => How::Dropped,
        };
        Some(End { task, index, at, how })
    }

    /// The `.await` that a task was at before the event `index`; none where it was at none: it was not polled yet.
    fn place_before(&self, task: TaskId, index: EventIndex) -> Option<SiteId> {
        let lane = self.lane(task)?;
        let last = lane.last_before(index, |_| true)?;
        if let EventKind::Enqueued { cause: EnqueueCause::OwnYield(site), .. } = self.log().get(last.first)?.kind {
            return site;
        }
        // Since it was asked to end it has been ready, and has not run.
        let waiting = match last.state {
            SpanState::Ready => lane.last_before(last.first, |_| true)?,
            SpanState::Running | SpanState::Waiting => last,
        };
        self.wait(waiting.wait?).map(|wait| wait.site)
    }

    /// The last request for a task to end; none where nobody asked.
    #[must_use]
    pub fn cancel_request(&self, task: TaskId) -> Option<Request> {
        let index = self.catalog().cancel_request(task)?;
        let event = self.log().get(index)?;
        let EventKind::CancelRequested { by, cause, site, .. } = event.kind else { return None };
        Some(Request { index, at: event.at, by, cause, site })
    }
}
