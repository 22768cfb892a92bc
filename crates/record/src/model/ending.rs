//! How a task ended.

use super::catalog::Catalog;
use super::record::Record;
use crate::event::{
    CancelCause, DropCause, EnqueueCause, EventKind, Failure, JobEnd, JobId, Nanos, PollOutcome, SiteId, TaskId,
};
use crate::store::lane::SpanState;
use crate::store::log::EventIndex;
use crate::text::line;
use crate::words::wording::{Languages, Wording};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a task ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It returned, and not with an `Err`.
    Returned,
    /// It returned an `Err`.
    Failed,
    /// It panicked.
    Panicked,
    /// It was cancelled.
    Cancelled,
    /// It was dropped unfinished as the run ended.
    CutOff,
    /// A stock executor dropped it unfinished, for a reason of its own.
    Dropped,
}

impl Ending {
    /// How many there are.
    pub(crate) const COUNT: usize = Self::ALL.len();

    /// All of them, each at its place.
    pub const ALL: [Self; 6] =
        [Self::Returned, Self::Failed, Self::Panicked, Self::Cancelled, Self::CutOff, Self::Dropped];

    /// How a poll ended its task; none where it did not.
    pub(crate) fn of_poll(outcome: PollOutcome) -> Option<Self> {
        match outcome {
            PollOutcome::Pending => None,
            PollOutcome::Ready => Some(Self::Returned),
            PollOutcome::Failed => Some(Self::Failed),
            PollOutcome::Panicked => Some(Self::Panicked),
        }
    }

    /// How a task ended that was dropped.
    pub(crate) fn of_drop(cause: DropCause) -> Self {
        match cause {
            DropCause::Cancelled => Self::Cancelled,
            DropCause::RunEnded => Self::CutOff,
            DropCause::Unknown => Self::Dropped,
        }
    }

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }

    /// Whether it is an error of the task: it returned an `Err`, or panicked.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(self, Self::Failed | Self::Panicked)
    }

    /// Whether the task was dropped before it was done.
    #[must_use]
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Cancelled | Self::CutOff | Self::Dropped)
    }

    /// What the task did, in a word or two, after its name.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Cancelled => "was cancelled",
            Self::CutOff => "was cut off by the end of the run",
            Self::Dropped => "was dropped unfinished",
        }
    }

    /// How it ended, in a word or two that can stand alone.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Cancelled => "cancelled",
            Self::CutOff => "cut off by the end of the run",
            Self::Dropped => "dropped unfinished",
        }
    }
}

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

/// How a task ended, after its name: `returned the error String: no luck`, `raised LookupError: no luck`.
/// [Fit](crate::text::line()) to be shown on a line.
#[must_use]
pub fn end_words(record: &Record, end: &End, wording: &Wording) -> String {
    words_of(record.catalog(), end, wording, |site| at_line(record.catalog(), site, wording))
}

/// The same without places in the source.
#[must_use]
pub fn end_words_in_short(record: &Record, end: &End, wording: &Wording) -> String {
    words_of(record.catalog(), end, wording, |_| String::new())
}

fn words_of(catalog: &Catalog, end: &End, wording: &Wording, at_line: impl Fn(SiteId) -> String) -> String {
    let verb = end.how.ending().verb();
    let landed = |site: Option<SiteId>, before: &str| {
        let place = site.map(&at_line).filter(|place| !place.is_empty());
        place.map_or_else(String::new, |place| format!("{before}{place}"))
    };
    match &end.how {
        How::Cancelled { request, landed: site } => {
            let asked =
                request.map_or_else(String::new, |request| format!(" {}", asked(catalog, request, wording, &at_line)));
            format!("{verb}{asked}{}", landed(*site, ", and landed"))
        }
        How::CutOff { landed: site } => format!("{verb}{}", landed(*site, "")),
        how => how_words(how, wording),
    }
}

/// How a task ended, after its name, without who asked for it and where.
pub(crate) fn how_words(how: &How, wording: &Wording) -> String {
    let verb = how.ending().verb();
    match how {
        How::Returned(Some(value)) => format!("{verb} {}", line(value)),
        How::Failed(Some(failure)) => failure_words(failure, wording),
        How::Failed(None) => wording.say("returned an error", "raised an exception", "failed").to_owned(),
        How::Panicked(message) => panic_words(message.as_deref(), wording),
        How::Returned(None) | How::Cancelled { .. } | How::CutOff { .. } | How::Dropped => verb.to_owned(),
    }
}

/// What a task did that panicked: what panics in Rust raises in Python.
pub(crate) fn panic_words(message: Option<&str>, wording: &Wording) -> String {
    let raised =
        || wording.exception().map_or_else(|| "raised an exception".to_owned(), |kind| format!("raised {kind}"));
    let verb = match wording.languages() {
        Languages::Rust | Languages::Both => Ending::Panicked.verb().to_owned(),
        Languages::Python => raised(),
    };
    message.map_or_else(|| verb.clone(), |message| format!("{verb}: {}", line(message)))
}

/// What a task did that failed: `returned the error String: no luck`, `raised LookupError: no luck`.
pub(crate) fn failure_words(Failure { error, message }: &Failure, wording: &Wording) -> String {
    let what = match wording.error(error) {
        Some(kind) => format!("{} {}", wording.say("returned the error", "raised", "failed with"), line(&kind)),
        None => wording.say("returned an error", "raised an exception", "failed").to_owned(),
    };
    match message {
        Some(message) => format!("{what}: {}", line(message)),
        None => what,
    }
}

/// How a job on a thread that may block ended, after its name: `is done`, `returned the error String: no luck`.
#[must_use]
pub fn job_end_words(end: &JobEnd, wording: &Wording) -> String {
    match end {
        JobEnd::Untold | JobEnd::Returned => "is done".to_owned(),
        JobEnd::Failed(failure) => failure_words(failure, wording),
        JobEnd::Panicked(message) => panic_words(Some(message), wording),
        JobEnd::Stopped => "was cut off, because the run was stopped".to_owned(),
    }
}

/// What became of a job, after its name: `done` where it ended and did not go wrong; else in a word or two how it did.
#[must_use]
pub fn job_verb(catalog: &Catalog, job: JobId, done: &'static str) -> &'static str {
    match catalog.job(job).and_then(|info| info.finished.as_ref()) {
        None | Some((_, JobEnd::Untold | JobEnd::Returned)) => done,
        Some((_, JobEnd::Failed(_))) => Ending::Failed.verb(),
        Some((_, JobEnd::Panicked(_))) => Ending::Panicked.verb(),
        Some((_, JobEnd::Stopped)) => "was cut off",
    }
}

/// By whom, where and why a task was asked to end, after `cancelled`.
#[must_use]
pub fn request_words(catalog: &Catalog, request: Request, wording: &Wording) -> String {
    asked(catalog, request, wording, &|site| at_line(catalog, site, wording))
}

fn asked(catalog: &Catalog, request: Request, wording: &Wording, at_line: &impl Fn(SiteId) -> String) -> String {
    let by = request.by.map_or("code outside of all tasks", |task| catalog.task_name(task));
    let place = request.site.map_or_else(String::new, at_line);
    match request.cause {
        CancelCause::Asked => format!("by {by}{place}"),
        // In Python a task does not end with what refers to it: the program cancels it.
        CancelCause::HandleDropped => {
            format!(
                "by {by}{}{place}",
                wording.say(", which dropped its handle", "", ", which in Rust dropped its handle")
            )
        }
        CancelCause::Awaiter(waiter) => {
            format!("because {}, which awaits it, was cancelled{place}", catalog.task_name(waiter))
        }
        CancelCause::TimeLimit(_) => format!("because a time limit was up{place}"),
        CancelCause::Group(Some(task)) => format!("with its group, because of {}{place}", catalog.task_name(task)),
        CancelCause::Group(None) => format!("with its group{place}"),
    }
}

fn at_line(catalog: &Catalog, site: SiteId, wording: &Wording) -> String {
    catalog.site(site).map_or_else(String::new, |site| format!(" at {}", wording.line(site)))
}
