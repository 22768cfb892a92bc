//! How a task or a job ended, in plain words.

use super::wording::{Languages, Wording};
use crate::event::{CancelCause, Failure, JobEnd, JobId, SiteId};
use crate::model::catalog::Catalog;
use crate::model::ending::{End, How, Request};
use crate::model::record::Record;
use crate::store::ending::Ending;
use crate::text::line;

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
