//! What a task waits for, and where, in plain words.

use super::wording::Wording;
use crate::event::{TaskId, TaskWait, WaitOn, WaitOp};
use crate::model::catalog::Catalog;
use crate::model::facts::WaitInfo;
use crate::model::trail::{Step, outwards};
use crate::text;
use crate::text::count;

/// What a task waits for, as a noun that is [fit](crate::text::name) to be shown: `sleep 3 s`, `an item from queue`.
#[must_use]
pub fn wait_label(catalog: &Catalog, on: &WaitOn) -> String {
    match on {
        WaitOn::Sleep { length, .. } => format!("sleep {length}"),
        WaitOn::Join(task) => format!("task {}", catalog.task_name(*task)),
        WaitOn::Tasks(how, tasks) => tasks_label(*how, tasks.len()),
        WaitOn::Resource(resource, op) => {
            let what = match op {
                WaitOp::Acquire => "a permit of",
                WaitOp::Get => "an item from",
                WaitOp::Put => "a free place in",
                WaitOp::Lock => "the lock",
                WaitOp::Set => "the event",
                WaitOp::Notified => "a notification from",
                WaitOp::AllDone => "all items done in",
                WaitOp::Arrival => "the others at",
                WaitOp::Receive => "a value from",
            };
            format!("{what} {}", catalog.resource_name(*resource))
        }
        WaitOn::Job(job) => format!("job {}", catalog.job_name(*job)),
        WaitOn::Input(prompt) => format!("an answer to “{}”", text::name(prompt)),
        WaitOn::Stream(name) => format!("the next item of {}", text::name(name)),
        WaitOn::Io(what) | WaitOn::Foreign(what) => text::name(what).into_owned(),
    }
}

/// What a task does while it waits: `sleeps 3 s`, `waits for an item from queue`.
pub(crate) fn waits(catalog: &Catalog, on: &WaitOn) -> String {
    match on {
        WaitOn::Sleep { length, .. } => format!("sleeps {length}"),
        WaitOn::Join(task) => format!("waits for {} to end", catalog.task_name(*task)),
        WaitOn::Io(_) => format!("waits for I/O: {}", wait_label(catalog, on)),
        _ => format!("waits for {}", wait_label(catalog, on)),
    }
}

/// How a task waits for so many others, in a few words.
#[must_use]
pub fn tasks_label(how: TaskWait, tasks: usize) -> String {
    let tasks = count(tasks, "task", "tasks");
    match how {
        TaskWait::Gather => format!("gather of {tasks}"),
        TaskWait::TryJoin => format!("try join of {tasks}"),
        TaskWait::Group => format!("task group of {tasks}"),
        TaskWait::All => format!("all of {tasks}"),
        TaskWait::FirstFailure => format!("the first error of {tasks}"),
        TaskWait::First => format!("the first of {tasks}"),
    }
}

/// Of a deeper stack, the functions in the middle are counted.
const MOST_ENTRIES: usize = 16;

/// The functions that a task waits in, and what it waits for, in one line: `main:13 › fetch_data:7 › sleep 3 s`.
#[must_use]
pub fn await_chain(catalog: &Catalog, wait: &WaitInfo, wording: &Wording) -> String {
    let mut parts = chain(catalog, wait.task, outwards(catalog, wait.frame, Some(wait.site)), wording);
    parts.push(wait_label(catalog, &wait.on));
    parts.join(" › ")
}

/// What a task waits for, with the functions that it waits in, for places of any width: the longest first.
#[must_use]
pub fn wait_labels(catalog: &Catalog, wait: &WaitInfo, wording: &Wording) -> Vec<String> {
    let label = wait_label(catalog, &wait.on);
    let mut labels = Vec::new();
    if let Some(inside) = catalog.frame(wait.frame) {
        labels.push(await_chain(catalog, wait, wording));
        labels.push(match catalog.site(wait.site) {
            Some(site) => format!("{} › {label}", wording.named(&inside.name, site)),
            None => format!("{} › {label}", inside.name),
        });
    }
    labels.extend(catalog.site(wait.site).map(|site| format!("{label} · {}", wording.short(site))));
    labels.push(label);
    labels
}

/// The functions that a task is in, the task itself first, each with its line: `main:13`, `fetch_data:7`.
#[must_use]
pub fn chain<'a>(
    catalog: &Catalog,
    task: TaskId,
    steps: impl Iterator<Item = Step<'a>>,
    wording: &Wording,
) -> Vec<String> {
    let mut parts: Vec<String> = steps
        .map(|step| {
            let name = step.function.unwrap_or_else(|| catalog.task_name(task));
            let site = step.site.and_then(|site| catalog.site(site));
            site.map_or_else(|| name.to_owned(), |site| wording.named(name, site))
        })
        .collect();
    parts.reverse();
    let most = MOST_ENTRIES / 2;
    if let Some(left_out) = parts.len().checked_sub(2 * most).filter(|count| *count > 0) {
        parts.splice(most..most + left_out, [format!("{left_out} more")]);
    }
    parts
}
