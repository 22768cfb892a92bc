//! An event in plain words.

use super::cause::because;
use super::ending::{failure_words, job_end_words, panic_words, request_words};
use super::resource::{changed, counted, held, made};
use super::timer::{timer_name, timer_words};
use super::wait::waits;
use super::wording::Wording;
use crate::event::{
    ClockKind, DropCause, EnqueueCause, Event, EventKind, Nanos, Outcome, PollOutcome, ResourceId, ResourceKind,
    SiteId, TimerPurpose, WaitId, WaitOn,
};
use crate::model::catalog::Catalog;
use crate::model::ending::Request;
use crate::model::facts::{TimerEnd, WaitInfo};
use crate::model::host::Host;
use crate::model::record::Record;
use crate::store::log::EventIndex;
use crate::text::count;
use crate::text::{self, line};

/// The event number `index` in one sentence: as [`sentence`] has it, and with what only its place in the record tells.
#[must_use]
pub fn sentence_at(record: &Record, index: EventIndex, event: &Event, wording: &Wording) -> String {
    let catalog = record.catalog();
    let better = match event.kind {
        EventKind::IterationStarted { batch } => {
            let main = record.host().main().and_then(|main| record.lane(main)?.end());
            let note = main.filter(|(ended, ..)| *ended < index && batch > 0);
            note.map(|_| match batch {
                1 => "an iteration starts; its only entry says that main is done".to_owned(),
                _ => format!(
                    "an iteration starts with {batch} entries of the ready queue; one of them says that main is done"
                ),
            })
        }
        EventKind::ResourceChanged { resource, state, by: Some(by), .. } => {
            let before = level_before(record, index, resource);
            let what = catalog.resource_name(resource);
            before.and_then(|before| counted(what, state, before, catalog.task_name(by)))
        }
        EventKind::FrameLeft { frame } if is_cut_short(record, index, event) => {
            catalog.frame(frame).map(|info| format!("{} is dropped unfinished", info.name))
        }
        _ => None,
    };
    better.unwrap_or_else(|| sentence(record, event, wording))
}

/// Whether a function was left before its end: no task runs, or a wait in it was cut short just before.
fn is_cut_short(record: &Record, index: EventIndex, left: &Event) -> bool {
    let from = index.saturating_sub(LOOK_BACK).max(record.first());
    let (mut is_polled, mut is_cut) = (false, false);
    for event in record.log().iter_from(from).take(index - from).filter(|event| event.worker == left.worker) {
        match event.kind {
            EventKind::PollStarted { .. } => (is_polled, is_cut) = (true, false),
            EventKind::PollEnded { .. } | EventKind::CleanUpBegan { .. } => (is_polled, is_cut) = (false, false),
            EventKind::WaitEnded { wait, .. } => is_cut = is_sleep_cut_short(record, wait),
            // What is dropped along with the wait.
            EventKind::FrameLeft { .. } | EventKind::TimerCancelled { .. } | EventKind::ResourceChanged { .. } => {}
            _ => is_cut = false,
        }
    }
    is_cut || !is_polled
}

/// Whether a wait is a sleep whose timer did not fire.
fn is_sleep_cut_short(record: &Record, wait: WaitId) -> bool {
    let Some(WaitInfo { on: WaitOn::Sleep { timer, .. }, .. }) = record.wait(wait) else { return false };
    record.timer(timer).is_none_or(|info| !matches!(info.end, Some((_, TimerEnd::Fired))))
}

/// How many events before a change the one before it is looked for.
const LOOK_BACK: usize = 512;

/// What there was of a shared thing before a change of it; none where that is long ago.
fn level_before(record: &Record, index: EventIndex, resource: ResourceId) -> Option<u32> {
    let from = index.saturating_sub(LOOK_BACK).max(record.first());
    let levels = record.log().iter_from(from).take(index - from).filter_map(|event| match event.kind {
        EventKind::ResourceChanged { resource: other, state, .. } if other == resource => Some(state.level()),
        EventKind::ResourceCreated { resource: other, kind: ResourceKind::Semaphore { permits }, .. }
            if other == resource =>
        {
            Some(permits)
        }
        EventKind::ResourceCreated { resource: other, .. } if other == resource => Some(0),
        _ => None,
    });
    levels.last()
}

/// The event in one sentence, without its time; [fit](crate::text::line()) to be shown on a line.
#[must_use]
pub fn sentence(record: &Record, event: &Event, wording: &Wording) -> String {
    let catalog = record.catalog();
    let at_line = |site| at_line(catalog, site, wording);
    let main = record.host().main();
    let name = |task| catalog.task_name(task);
    match &event.kind {
        EventKind::RunStarted { clock: ClockKind::Virtual, .. } => "the run starts on the virtual clock".into(),
        EventKind::RunStarted { clock: ClockKind::Real, .. } => "the run starts on the real clock".into(),
        EventKind::RunEnded { outcome } => match outcome {
            Outcome::Completed if main.is_some() => "the run is over: the main task returned".into(),
            Outcome::Completed => "the record ends".into(),
            Outcome::Deadlock => {
                "the run ends in a deadlock: no task is ready, no timer is set, and nothing is left to \
                                  wake the tasks that wait"
                    .into()
            }
            Outcome::NeedsRealClock => "the run ends: a task waits for real time to pass, which the virtual clock \
                                        cannot do; run it on the real clock"
                .into(),
            Outcome::Stopped => "the run was stopped".into(),
            Outcome::Detached => "the recording ends here; the program goes on".into(),
            Outcome::Panicked(message) => {
                format!("the run is over: the main task {}", panic_words(Some(message), wording))
            }
        },
        EventKind::SiteDefined { file, line: number, .. } => format!("first use of {}:{number}", line(file)),
        EventKind::TaskSpawned { task, parent, site, .. } => match parent {
            Some(parent) => {
                format!("{} spawns {}{}; it has not run yet", name(*parent), name(*task), at_line(*site))
            }
            None if Some(*task) == main => format!("{}, the main task, is created", name(*task)),
            None => format!("{} is spawned from outside any task{}", name(*task), at_line(*site)),
        },
        EventKind::Enqueued { task, cause } => {
            let place = if record.host().has_one_queue() { ", last in the queue" } else { "" };
            match cause {
                EnqueueCause::BeforeRecord => format!("{} is ready when the recording begins", name(*task)),
                _ => format!("{} becomes ready{place}: {}", name(*task), because(record, *task, *cause)),
            }
        }
        EventKind::WakeCoalesced { task, cause } => {
            format!("{} is woken again while it is ready: {}", name(*task), because(record, *task, *cause))
        }
        EventKind::IterationStarted { batch } => {
            format!("an iteration starts with {} of the ready queue", count(*batch, "entry", "entries"))
        }
        EventKind::PollStarted { task } => format!("{} runs", name(*task)),
        EventKind::PollEnded { task, outcome } => match outcome {
            PollOutcome::Pending if record.host() == Host::Loop => {
                format!("{} gives control back to the loop", name(*task))
            }
            PollOutcome::Pending => format!("{} gives control back to its executor", name(*task)),
            PollOutcome::Ready => format!("{} returns: it is done", name(*task)),
            PollOutcome::Failed => {
                let does = wording.say("returns an error", "raises an exception", "ends with an error");
                format!("{} {does}: it has failed", name(*task))
            }
            PollOutcome::Panicked => {
                let does = wording.say("panics", "raises an exception", "panics");
                format!("{} {does}: that ends it", name(*task))
            }
        },
        EventKind::TaskPanicked { task, message } => {
            format!("{} {}", name(*task), panic_words(Some(message), wording))
        }
        EventKind::TaskReturned { task, value } => format!("{} returned {}", name(*task), line(value)),
        EventKind::TaskFailed { task, failure } => format!("{} {}", name(*task), failure_words(failure, wording)),
        EventKind::TaskDropped { task, cause } => match cause {
            DropCause::Cancelled => format!("{} is dropped because it was cancelled", name(*task)),
            DropCause::RunEnded => format!("{} is dropped unfinished because the run is over", name(*task)),
            DropCause::Unknown => format!("{} is dropped unfinished", name(*task)),
        },
        EventKind::CancelRequested { task, by, cause, site } => {
            let request = Request { index: 0, at: event.at, by: *by, cause: *cause, site: *site };
            format!("{} is asked to end, {}", name(*task), request_words(catalog, request, wording))
        }
        EventKind::BusyBegan { task, site, length } => {
            let length = length.map_or_else(String::new, |length| format!(" for {length}"));
            format!("{} computes{length}{}", name(*task), at_line(*site))
        }
        EventKind::BusyEnded { task } => format!("{} is done with computing", name(*task)),
        EventKind::HoldChanged { resource, task, hold } => {
            let kind = catalog.resource(*resource).map(|info| info.kind);
            held(*hold, name(*task), kind, catalog.resource_name(*resource))
        }
        EventKind::CleanUpBegan { outcome } => match outcome {
            Outcome::Completed => "the main task has ended: what remains is cleaned up".into(),
            Outcome::Panicked(_) => {
                format!("the main task {}: what remains is cleaned up", panic_words(None, wording))
            }
            Outcome::Stopped => "the run is stopped: what remains is cleaned up".into(),
            Outcome::Deadlock => {
                "deadlock: no task is ready, no timer is set, and nothing can wake those that wait; what \
                                  remains is cleaned up"
                    .into()
            }
            Outcome::NeedsRealClock => {
                "a task waits on real time, which the virtual clock does not know: what remains \
                                        is cleaned up"
                    .into()
            }
            Outcome::Detached => "what remains is cleaned up".into(),
        },
        EventKind::WaitBegan { task, on, site, frame, .. } => {
            let inside = catalog.frame(*frame).map_or_else(String::new, |info| format!(", in {}", info.name));
            format!("{} {}{}{inside}", name(*task), waits(catalog, on), at_line(*site))
        }
        // It got what it waited for, or the wait was dropped: in a race, at a time limit, or with the task.
        EventKind::WaitEnded { task, wait } => match record.wait(*wait) {
            Some(WaitInfo { on: WaitOn::Sleep { length, .. }, .. }) => {
                let ends = if is_sleep_cut_short(record, *wait) { "dropped unfinished" } else { "over" };
                format!("{}'s sleep of {length} is {ends}", name(*task))
            }
            Some(wait) => format!("{} no longer {}", name(*task), waits(catalog, &wait.on)),
            None => format!("{} no longer waits", name(*task)),
        },
        EventKind::TimerArmed { task, deadline, purpose, .. } => {
            format!("{} sets {}, due at {deadline}", name(*task), timer_words(*purpose))
        }
        EventKind::TimerFired { timer } => match record.timer(*timer) {
            Some(info) => {
                let late = event.at.since(info.deadline);
                let late = if late == Nanos::ZERO { String::new() } else { format!(", {late} late") };
                let does = if info.purpose == TimerPurpose::Limit { "is up" } else { "fires" };
                format!("{} {does}{late}", timer_name(record, &info))
            }
            None => "a timer fires".into(),
        },
        EventKind::TimerCancelled { timer } => match record.timer(*timer) {
            Some(info) => format!("{}, due at {}, is cancelled", timer_name(record, &info), info.deadline),
            None => "a timer is cancelled".into(),
        },
        EventKind::ResourceCreated { kind, name, .. } => made(*kind, &text::name(name)),
        EventKind::ResourceChanged { resource, state, by, .. } => {
            changed(catalog, catalog.resource_name(*resource), *state, by.map(name))
        }
        EventKind::FrameEntered { task, name: function, site, .. } => {
            format!("{} enters {}, called{}", name(*task), text::name(function), at_line(*site))
        }
        EventKind::FrameLeft { frame } => match catalog.frame(*frame) {
            Some(info) => format!("{} ends", info.name),
            None => "a function ends".into(),
        },
        EventKind::JobQueued { job, task, name: what } => match (task, text::name(what)) {
            (Some(task), what) => format!("{} hands the job {what} to a thread that may block", name(*task)),
            (None, what) => format!("the job {what} ({job:?}) is handed to a thread that may block"),
        },
        EventKind::JobStarted { job } => format!("a thread starts the job {}", catalog.job_name(*job)),
        EventKind::JobFinished { job, end } => {
            format!("the job {} {}", catalog.job_name(*job), job_end_words(end, wording))
        }
        EventKind::EventsLost { count: lost } => {
            format!("{lost} events are missing here: they came faster than they could be recorded")
        }
        EventKind::Printed { task, text, .. } => match (task, line(text)) {
            (Some(task), text) => format!("{} prints “{text}”", name(*task)),
            (None, text) => format!("the loop reports “{text}”"),
        },
        EventKind::LoopIdle { until: Some(until) } => {
            format!("no task is ready: the loop sleeps until {until}")
        }
        EventKind::LoopIdle { until: None } => "no task is ready: the loop sleeps until it is woken".into(),
        EventKind::LoopAwake => "the loop wakes up".into(),
        EventKind::Unattended => "no thread runs the executor: tasks that are ready have to wait".into(),
    }
}

fn at_line(catalog: &Catalog, site: SiteId, wording: &Wording) -> String {
    catalog.site(site).map_or_else(String::new, |site| format!(" at {}", wording.line(site)))
}
