//! An event in plain words.

use super::catalog::Catalog;
use super::host::Host;
use super::record::Record;
use super::resource_words::{changed, count, made};
use super::text::{self, line};
use super::wait_words::wait_label;
use crate::event::{ClockKind, DropCause, EnqueueCause, Event, EventKind, Outcome, PollOutcome, SiteId};

/// The event in one sentence, without its time; [fit](super::text::line()) to be shown on a line.
#[must_use]
pub fn sentence(record: &Record, event: &Event) -> String {
    let catalog = record.catalog();
    let main = record.host().main();
    let name = |task| catalog.task_name(task);
    match &event.kind {
        EventKind::RunStarted { clock: ClockKind::Virtual, .. } => "the run starts, on the virtual clock".into(),
        EventKind::RunStarted { clock: ClockKind::Real, .. } => "the run starts, on the real clock".into(),
        EventKind::RunEnded { outcome } => match outcome {
            Outcome::Completed if main.is_some() => "the run is over: the main task has returned".into(),
            Outcome::Completed => "the record ends".into(),
            Outcome::Deadlock => "the run is over: nothing is ready, no timer is set, and nobody is left to wake the \
                                  tasks that wait"
                .into(),
            Outcome::NeedsRealClock => "the run is over: a task waits on real time, which the virtual clock does not \
                                        know; run it on the real clock"
                .into(),
            Outcome::Stopped => "the run was stopped".into(),
            Outcome::Detached => "the record ends here, and the program goes on".into(),
            Outcome::Panicked(message) => format!("the run is over: the main task panicked: {}", line(message)),
        },
        EventKind::SiteDefined { file, line: number, .. } => format!("first use of {}:{number}", line(file)),
        EventKind::TaskSpawned { task, parent, site, .. } => match parent {
            Some(parent) => {
                format!("{} spawns {}{}; it has not run yet", name(*parent), name(*task), at_line(catalog, *site))
            }
            None if Some(*task) == main => format!("the main task {} is made", name(*task)),
            None => format!("{} is spawned from outside of any task{}", name(*task), at_line(catalog, *site)),
        },
        EventKind::Enqueued { task, cause } => {
            let place = if record.host().has_one_queue() { ", at the end of the queue" } else { "" };
            format!("{} is ready{place}: {}", name(*task), because(catalog, *cause))
        }
        EventKind::WakeCoalesced { task, cause } => {
            format!("{} is ready already, and woken once more: {}", name(*task), because(catalog, *cause))
        }
        EventKind::IterationStarted { batch } => {
            format!("the loop begins an iteration with {}", count(*batch, "entry", "entries"))
        }
        EventKind::PollStarted { task } => format!("{} runs", name(*task)),
        EventKind::PollEnded { task, outcome } => match outcome {
            PollOutcome::Pending if record.host() == Host::Loop => {
                format!("{} gives control back to the loop", name(*task))
            }
            PollOutcome::Pending => format!("{} gives control back to its executor", name(*task)),
            PollOutcome::Ready => format!("{} returns: it has finished", name(*task)),
            PollOutcome::Panicked => format!("{} panics: it has ended", name(*task)),
        },
        EventKind::TaskPanicked { task, message } => format!("{} panicked: {}", name(*task), line(message)),
        EventKind::TaskDropped { task, cause } => match cause {
            DropCause::Cancelled if record.host().knows_why_tasks_are_dropped() => {
                format!("{} is dropped, because it was cancelled", name(*task))
            }
            DropCause::RunEnded if record.host().knows_why_tasks_are_dropped() => {
                format!("{} is dropped unfinished, because the run is over", name(*task))
            }
            DropCause::Cancelled | DropCause::RunEnded => format!("{} is dropped unfinished", name(*task)),
        },
        EventKind::WaitBegan { task, on, site, .. } => {
            format!("{} waits for {}{}", name(*task), wait_label(catalog, on), at_line(catalog, *site))
        }
        // It got what it waited for, or dropped the wait: in a race, at a time limit, when it was dropped itself.
        EventKind::WaitEnded { task, wait } => match record.wait(*wait) {
            Some(wait) => format!("{} no longer waits for {}", name(*task), wait_label(catalog, &wait.on)),
            None => format!("{} no longer waits", name(*task)),
        },
        EventKind::TimerArmed { task, deadline, .. } => {
            format!("{} sets a timer, due at {:.3} s", name(*task), deadline.as_secs_f64())
        }
        EventKind::TimerFired { timer } => match record.timer(*timer) {
            Some(info) if event.at > info.deadline => {
                format!("the timer of {} fires, {} late", name(info.task), event.at - info.deadline)
            }
            Some(info) => format!("the timer of {} fires", name(info.task)),
            None => "a timer fires".into(),
        },
        EventKind::TimerCancelled { timer } => match record.timer(*timer) {
            Some(info) => format!("the timer of {} is cancelled", name(info.task)),
            None => "a timer is cancelled".into(),
        },
        EventKind::ResourceCreated { kind, name, .. } => made(*kind, &text::name(name)),
        EventKind::ResourceChanged { resource, state, by } => {
            let by = by.map_or_else(String::new, |by| format!("through {}, ", name(by)));
            changed(catalog, catalog.resource_name(*resource), *state, &by)
        }
        EventKind::FrameEntered { task, name: function, site, .. } => {
            format!("{} enters {}{}", name(*task), text::name(function), at_line(catalog, *site))
        }
        EventKind::FrameLeft { frame } => match catalog.frame(*frame) {
            Some(info) => format!("{} is left", info.name),
            None => "a function is left".into(),
        },
        EventKind::JobQueued { job, task, name: what } => match (task, text::name(what)) {
            (Some(task), what) => format!("{} gives the job {what} to a thread that may block", name(*task)),
            (None, what) => format!("the job {what} ({job:?}) is given to a thread that may block"),
        },
        EventKind::JobStarted { job } => format!("a thread begins with the job {}", catalog.job_name(*job)),
        EventKind::JobFinished { job } => format!("the job {} is done", catalog.job_name(*job)),
        EventKind::EventsLost { count: lost } => {
            format!("here {lost} events are missing: they came faster than they were taken")
        }
        EventKind::Printed { task, text, .. } => match (task, line(text)) {
            (Some(task), text) => format!("{} prints “{text}”", name(*task)),
            (None, text) => format!("the loop reports “{text}”"),
        },
        EventKind::LoopIdle { until: Some(until) } => {
            format!("nothing is ready: the loop sleeps until {:.3} s", until.as_secs_f64())
        }
        EventKind::LoopIdle { until: None } => "nothing is ready: the loop sleeps until it is woken".into(),
        EventKind::LoopAwake => "the loop wakes up".into(),
        EventKind::Unattended => "no thread runs the executor: what is ready stays so".into(),
    }
}

pub(super) fn because(catalog: &Catalog, cause: EnqueueCause) -> String {
    let name = |task| catalog.task_name(task);
    match cause {
        EnqueueCause::Spawned => "it was just spawned".into(),
        EnqueueCause::WokenBy(by) => format!("{} woke it", name(by)),
        EnqueueCause::Timer(_) => "its timer fired".into(),
        EnqueueCause::Joined(ended) => format!("{}, which it waits for, has ended", name(ended)),
        EnqueueCause::Gathered(last) => format!("{} was the last of its group to end", name(last)),
        EnqueueCause::OwnYield(_) => "it gave up its turn".into(),
        EnqueueCause::Cancelled => "it was cancelled and will be dropped".into(),
        EnqueueCause::Io => "its input or output is there".into(),
        EnqueueCause::MainFuture => "the main future woke it, which is no task".into(),
        EnqueueCause::Outside => "code outside of all tasks woke it, on a thread of the executor".into(),
        EnqueueCause::OtherThread => "another thread woke it".into(),
        EnqueueCause::JobDone(job) => format!("the job {} is done", catalog.job_name(job)),
        EnqueueCause::Answered => "the user answered".into(),
        EnqueueCause::BeforeRecord => "it was when the record began".into(),
    }
}

fn at_line(catalog: &Catalog, site: SiteId) -> String {
    catalog.site(site).map_or_else(String::new, |site| format!(" at {}:{}", site.file_name(), site.line))
}
