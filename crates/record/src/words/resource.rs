//! Shared things, in plain words.

use crate::event::{Hold, QueueOrder, ResourceKind, ResourceState};
use crate::model::catalog::Catalog;
use crate::text::count;

/// What a shared thing of this kind is called: `semaphore`, `bounded queue`.
#[must_use]
pub fn kind_name(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Queue { capacity: Some(_), .. } => "bounded queue",
        ResourceKind::Queue { capacity: None, .. } => "queue",
        ResourceKind::Semaphore { .. } => "semaphore",
        ResourceKind::Lock => "lock",
        ResourceKind::Event => "event",
        ResourceKind::Condition => "condition",
        ResourceKind::Barrier { .. } => "barrier",
        ResourceKind::OneShot => "channel for one value",
        ResourceKind::Broadcast { .. } => "broadcast",
        ResourceKind::Held => "resource",
    }
}

/// What the level of a shared thing of this kind counts: `permits free`.
#[must_use]
pub fn level_name(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Queue { .. } => "items in it",
        ResourceKind::Semaphore { .. } => "permits free",
        ResourceKind::Lock => "held or free",
        ResourceKind::Event => "set or not",
        ResourceKind::Condition => "tasks waiting",
        ResourceKind::Barrier { .. } => "tasks that have arrived",
        ResourceKind::OneShot => "sent or not",
        ResourceKind::Broadcast { .. } => "values in it",
        ResourceKind::Held => "open or closed",
    }
}

/// A shared thing is created.
pub(crate) fn made(kind: ResourceKind, name: &str) -> String {
    match kind {
        ResourceKind::Queue { capacity, order } => {
            let order = match order {
                QueueOrder::FirstInFirstOut => "queue",
                QueueOrder::LastInFirstOut => "last-in, first-out queue",
                QueueOrder::SmallestFirst => "priority queue",
            };
            let bound = capacity
                .map_or_else(String::new, |capacity| format!(", with room for {}", count(capacity, "item", "items")));
            format!("the {order} {name} is created{bound}")
        }
        ResourceKind::Semaphore { permits } => {
            format!("the semaphore {name} is created, with {}", count(permits, "permit", "permits"))
        }
        ResourceKind::Lock => format!("the lock {name} is created"),
        ResourceKind::Event => format!("the event {name} is created, not set"),
        ResourceKind::Condition => format!("the condition {name} is created"),
        ResourceKind::Barrier { parties } => {
            format!("the barrier {name} is created, for {}", count(parties, "task", "tasks"))
        }
        ResourceKind::OneShot => format!("the channel {name} is created, for one value"),
        ResourceKind::Broadcast { capacity } => {
            format!("the broadcast channel {name} is created, with room for {}", count(capacity, "value", "values"))
        }
        ResourceKind::Held => format!("{name} is created"),
    }
}

/// A shared thing changes; `by` is the task that did it.
pub(crate) fn changed(catalog: &Catalog, what: &str, state: ResourceState, by: Option<&str>) -> String {
    // What a task does, or what is so where the record does not know who did it.
    let act = |does: &str, is: &str| match by {
        Some(by) => format!("{by} {does} {what}"),
        None => format!("{what} {is}"),
    };
    // The event tells the number after the change, not whether it was higher before.
    let number = |now: String| match by {
        Some(by) => format!("{by} changes {what}: {now} now"),
        None => format!("{what} changes: {now} now"),
    };
    match state {
        ResourceState::Queue { length } => number(count(length, "item", "items")),
        ResourceState::Semaphore { free } => number(format!("{} free", count(free, "permit", "permits"))),
        ResourceState::Lock { holder: Some(holder) } => format!("{} takes {what}", catalog.task_name(holder)),
        ResourceState::Lock { holder: None } => act("releases", "is released"),
        ResourceState::Event { is_set: true } => act("sets", "is set"),
        ResourceState::Event { is_set: false } => act("clears", "is cleared"),
        ResourceState::Condition { waiting } | ResourceState::Barrier { waiting } => {
            number(count(waiting, "task waiting", "tasks waiting"))
        }
        ResourceState::OneShot { is_sent: true } => act("sends a value into", "gets its value"),
        ResourceState::OneShot { is_sent: false } => act("takes the value from", "gives up its value"),
        ResourceState::Broadcast { length } => number(format!("{} unread", count(length, "value", "values"))),
        ResourceState::Held { is_open: true } => act("opens", "is opened"),
        ResourceState::Held { is_open: false } => act("closes", "is closed"),
    }
}

/// A number of a shared thing changes; `before` is what it was.
pub(crate) fn counted(what: &str, state: ResourceState, before: u32, by: &str) -> Option<String> {
    let now = state.level();
    let is_more = now > before;
    let by_how_many = now.abs_diff(before);
    let some = |one: &str, many: &str| match by_how_many {
        1 => one.to_owned(),
        more => format!("{more} {many}"),
    };
    Some(match state {
        _ if by_how_many == 0 => return None,
        ResourceState::Queue { length } => {
            let items = some("an item", "items");
            let does = if is_more { format!("puts {items} into") } else { format!("takes {items} from") };
            format!("{by} {does} {what}, which has {} now", count(length, "item", "items"))
        }
        ResourceState::Semaphore { free } => {
            let permits = some("a permit", "permits");
            let does = if is_more { "gives back" } else { "takes" };
            format!("{by} {does} {permits} of {what}, which has {} free now", count(free, "permit", "permits"))
        }
        ResourceState::Condition { waiting } if is_more => {
            format!("{by} joins those who wait for a notification from {what}: {waiting} now")
        }
        ResourceState::Condition { waiting } => {
            format!("{by} lets {} go that waited at {what}: {waiting} now", some("one task", "tasks"))
        }
        ResourceState::Barrier { waiting } if is_more => format!("{by} arrives at {what}: {waiting} now"),
        ResourceState::Barrier { waiting } => format!("{by} goes on from {what}: {waiting} now"),
        _ => return None,
    })
}

/// What becomes of a permit or a lock, for one task.
pub(crate) fn held(hold: Hold, task: &str, kind: Option<ResourceKind>, resource: &str) -> String {
    let what = match kind {
        Some(ResourceKind::Semaphore { .. }) => format!("a permit of {resource}"),
        _ => resource.to_owned(),
    };
    match hold {
        Hold::Taken => format!("{task} takes {what}"),
        Hold::Handed => format!("{task} is handed {what}; it has yet to run"),
        Hold::Accepted => format!("{task} holds {what}, which it was handed"),
        Hold::Released => format!("{task} releases {what}"),
        Hold::Declined => format!("{task} was handed {what} and leaves without it"),
    }
}
