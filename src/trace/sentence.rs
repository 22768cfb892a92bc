//! An event in plain words.

use super::catalog::Catalog;
use super::record::Record;
use crate::event::{
    ClockKind, DropCause, EnqueueCause, Event, EventKind, Outcome, PollOutcome, ResourceKind, ResourceState, SiteId,
    WaitOn, WaitOp,
};

/// The event in one sentence, without its time.
#[must_use]
pub fn sentence(record: &Record, event: &Event) -> String {
    let catalog = record.catalog();
    let name = |task| catalog.task_name(task);
    match &event.kind {
        EventKind::RunStarted { clock: ClockKind::Virtual, .. } => "the run starts, on the virtual clock".into(),
        EventKind::RunStarted { clock: ClockKind::Real, .. } => "the run starts, on the real clock".into(),
        EventKind::RunEnded { outcome } => match outcome {
            Outcome::Completed => "the run is over: the main task has returned".into(),
            Outcome::Deadlock => "the run is over: nothing is ready, no timer is set, and nobody is left to wake the \
                                  tasks that wait"
                .into(),
            Outcome::Stopped => "the run was stopped".into(),
            Outcome::Panicked(message) => format!("the run is over: the main task panicked: {message}"),
        },
        EventKind::SiteDefined { file, line, .. } => format!("first use of {file}:{line}"),
        EventKind::TaskSpawned { task, parent, site, .. } => match parent {
            Some(parent) => {
                format!("{} spawns {}{}; it has not run yet", name(*parent), name(*task), at_line(catalog, *site))
            }
            None => format!("the loop makes the task {}", name(*task)),
        },
        EventKind::Enqueued { task, cause } => {
            format!("{} is ready, at the end of the queue: {}", name(*task), because(catalog, *cause))
        }
        EventKind::IterationStarted { batch } => {
            format!("the loop begins an iteration with {}", count(*batch, "entry", "entries"))
        }
        EventKind::PollStarted { task } => format!("{} runs", name(*task)),
        EventKind::PollEnded { task, outcome } => match outcome {
            PollOutcome::Pending => format!("{} gives control back to the loop", name(*task)),
            PollOutcome::Ready => format!("{} returns: it has finished", name(*task)),
            PollOutcome::Panicked => format!("{} panics: it has ended", name(*task)),
        },
        EventKind::TaskPanicked { task, message } => format!("{} panicked: {message}", name(*task)),
        EventKind::TaskDropped { task, cause } => match cause {
            DropCause::Cancelled => format!("{} is dropped, because it was cancelled", name(*task)),
            DropCause::RunEnded => format!("{} is dropped unfinished, because the run is over", name(*task)),
        },
        EventKind::WaitBegan { task, on, site, .. } => {
            format!("{} waits for {}{}", name(*task), wait_label(catalog, on), at_line(catalog, *site))
        }
        EventKind::WaitEnded { task, .. } => format!("{} goes on: what it waited for is there", name(*task)),
        EventKind::TimerArmed { task, deadline, .. } => {
            format!("{} sets a timer, due at {:.3} s", name(*task), deadline.as_secs_f64())
        }
        EventKind::TimerFired { timer } => match catalog.timer(*timer) {
            Some(info) if event.at > info.deadline => {
                format!("the timer of {} fires, {} late", name(info.task), event.at - info.deadline)
            }
            Some(info) => format!("the timer of {} fires", name(info.task)),
            None => "a timer fires".into(),
        },
        EventKind::TimerCancelled { timer } => match catalog.timer(*timer) {
            Some(info) => format!("the timer of {} is cancelled", name(info.task)),
            None => "a timer is cancelled".into(),
        },
        EventKind::ResourceCreated { kind, name, .. } => match kind {
            ResourceKind::Queue { capacity: Some(capacity) } => format!("the queue {name} is made, for {capacity}"),
            ResourceKind::Queue { capacity: None } => format!("the queue {name} is made"),
            ResourceKind::Semaphore { permits } => {
                format!("the semaphore {name} is made, with {}", count(*permits, "permit", "permits"))
            }
            ResourceKind::Lock => format!("the lock {name} is made"),
            ResourceKind::Event => format!("the event {name} is made, not set"),
            ResourceKind::Condition => format!("the condition {name} is made"),
        },
        EventKind::ResourceChanged { resource, state, by } => {
            let what = catalog.resource_name(*resource);
            let by = by.map_or_else(String::new, |by| format!("through {}, ", name(by)));
            match state {
                ResourceState::Queue { length } => format!("{by}{what} now holds {}", count(*length, "item", "items")),
                ResourceState::Semaphore { free } => {
                    format!("{by}{what} now has {} free", count(*free, "permit", "permits"))
                }
                ResourceState::Lock { holder: Some(holder) } => format!("{} now holds {what}", name(*holder)),
                ResourceState::Lock { holder: None } => format!("{by}{what} is free"),
                ResourceState::Event { is_set: true } => format!("{by}{what} is set"),
                ResourceState::Event { is_set: false } => format!("{by}{what} is cleared"),
                ResourceState::Condition { waiting } => {
                    format!("{by}at {what} now {} to be notified", count(*waiting, "task waits", "tasks wait"))
                }
            }
        }
        EventKind::Printed { task, text, .. } => match task {
            Some(task) => format!("{} prints “{text}”", name(*task)),
            None => format!("the loop reports “{text}”"),
        },
        EventKind::LoopIdle { until: Some(until) } => {
            format!("nothing is ready: the loop sleeps until {:.3} s", until.as_secs_f64())
        }
        EventKind::LoopIdle { until: None } => "nothing is ready: the loop sleeps until it is woken".into(),
        EventKind::LoopAwake => "the loop wakes up".into(),
    }
}

/// What a task waits for, in a few words: `sleep 3 s`, `queue, item`, `2 tasks`.
#[must_use]
pub fn wait_label(catalog: &Catalog, on: &WaitOn) -> String {
    match on {
        WaitOn::Sleep { length, .. } => format!("sleep {length}"),
        WaitOn::Join(task) => format!("task {}", catalog.task_name(*task)),
        WaitOn::Gather(tasks) => format!("gather, {}", count(tasks.len() as u32, "task", "tasks")),
        WaitOn::Resource(resource, op) => {
            let what = match op {
                WaitOp::Acquire => "a permit",
                WaitOp::Get => "an item",
                WaitOp::Put => "a free place",
                WaitOp::Lock => "the lock",
                WaitOp::Set => "to be set",
                WaitOp::Notified => "to be notified",
            };
            format!("{}, {what}", catalog.resource_name(*resource))
        }
    }
}

fn because(catalog: &Catalog, cause: EnqueueCause) -> String {
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
        EnqueueCause::OtherThread => "another thread woke it".into(),
    }
}

fn at_line(catalog: &Catalog, site: SiteId) -> String {
    catalog.site(site).map_or_else(String::new, |site| format!(" at {}:{}", site.file_name(), site.line))
}

fn count(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
