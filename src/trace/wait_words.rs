//! What a task waits for, and where, in plain words.

use super::catalog::{Catalog, WaitInfo};
use super::resource_words::count;
use super::text;
use crate::event::{FrameId, SiteId, WaitOn, WaitOp};

/// What a task waits for, in a few words that are [fit](super::text::name) to be shown: `sleep 3 s`, `queue, item`.
#[must_use]
pub fn wait_label(catalog: &Catalog, on: &WaitOn) -> String {
    match on {
        WaitOn::Sleep { length, .. } => format!("sleep {length}"),
        WaitOn::Join(task) => format!("task {}", catalog.task_name(*task)),
        WaitOn::Gather(tasks) => format!("gather, {}", count(tasks.len() as u32, "task", "tasks")),
        WaitOn::FirstOf(tasks) => format!("the first of {}", count(tasks.len() as u32, "task", "tasks")),
        WaitOn::Resource(resource, op) => {
            let what = match op {
                WaitOp::Acquire => "a permit",
                WaitOp::Get => "an item",
                WaitOp::Put => "a free place",
                WaitOp::Lock => "the lock",
                WaitOp::Set => "to be set",
                WaitOp::Notified => "to be notified",
                WaitOp::AllDone => "every item done",
                WaitOp::Arrival => "everybody to come",
                WaitOp::Receive => "a value",
            };
            format!("{}, {what}", catalog.resource_name(*resource))
        }
        WaitOn::Job(job) => format!("job {}", catalog.job_name(*job)),
        WaitOn::Input(prompt) => format!("input, “{}”", text::name(prompt)),
        WaitOn::Stream(name) => format!("{}, the next item", text::name(name)),
        WaitOn::Io(what) | WaitOn::Foreign(what) => text::name(what).into_owned(),
    }
}

/// One step of an await stack: a function, or the task itself, and the line of its `.await`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEntry {
    /// The task's or the function's name.
    pub name: String,
    /// The `.await` that it is at.
    pub site: SiteId,
}

/// Where a task waits, from the outermost function in: the task itself first.
#[must_use]
pub fn await_stack(catalog: &Catalog, wait: &WaitInfo) -> Vec<StackEntry> {
    let mut stack = Vec::new();
    let (mut site, mut frame) = (wait.site, wait.frame);
    while let Some(info) = catalog.frame(frame) {
        stack.push(StackEntry { name: info.name.to_string(), site });
        // A frame is entered after the one around it; a damaged record must not make this go round in a circle.
        let outer = if info.parent < frame { info.parent } else { FrameId::TASK };
        (site, frame) = (info.site, outer);
    }
    stack.push(StackEntry { name: catalog.task_name(wait.task).to_owned(), site });
    stack.reverse();
    stack
}

/// Of a deeper stack, the functions in the middle are counted.
const MOST_ENTRIES: usize = 16;

/// The await stack and what is waited for in one line: `main:13 > fetch_data:7 > sleep 3 s`.
#[must_use]
pub fn await_chain(catalog: &Catalog, wait: &WaitInfo) -> String {
    let entry = |entry: StackEntry| match catalog.site(entry.site) {
        Some(site) => format!("{}:{}", entry.name, site.line),
        None => entry.name,
    };
    let mut stack = await_stack(catalog, wait);
    let most = MOST_ENTRIES / 2;
    let left_out = stack.len().checked_sub(2 * most).filter(|count| *count > 0);
    let inner = left_out.map(|count| stack.split_off(most + count));
    stack.truncate(if left_out.is_some() { most } else { stack.len() });
    let mut parts: Vec<String> = stack.into_iter().map(entry).collect();
    parts.extend(left_out.map(|left_out| format!("{left_out} more")));
    parts.extend(inner.into_iter().flatten().map(entry));
    parts.push(wait_label(catalog, &wait.on));
    parts.join(" > ")
}
