//! What is shared, in plain words.

use super::catalog::Catalog;
use crate::event::{QueueOrder, ResourceKind, ResourceState};

/// A shared thing comes into being.
pub(super) fn made(kind: ResourceKind, name: &str) -> String {
    match kind {
        ResourceKind::Queue { capacity, order } => {
            let order = match order {
                QueueOrder::FirstInFirstOut => "queue",
                QueueOrder::LastInFirstOut => "last-in first-out queue",
                QueueOrder::SmallestFirst => "priority queue",
            };
            let bound = capacity.map_or_else(String::new, |capacity| format!(", for {capacity}"));
            format!("the {order} {name} is made{bound}")
        }
        ResourceKind::Semaphore { permits } => {
            format!("the semaphore {name} is made, with {}", count(permits, "permit", "permits"))
        }
        ResourceKind::Lock => format!("the lock {name} is made"),
        ResourceKind::Event => format!("the event {name} is made, not set"),
        ResourceKind::Condition => format!("the condition {name} is made"),
        ResourceKind::Barrier { parties } => {
            format!("the barrier {name} is made, for {}", count(parties, "task", "tasks"))
        }
        ResourceKind::OneShot => format!("the channel {name} is made, for one value"),
        ResourceKind::Broadcast { capacity } => {
            format!("the broadcast {name} is made, for {}", count(capacity, "value", "values"))
        }
        ResourceKind::Held => format!("{name} comes into being"),
    }
}

/// A shared thing changes; `by` says through whom.
pub(super) fn changed(catalog: &Catalog, what: &str, state: ResourceState, by: &str) -> String {
    match state {
        ResourceState::Queue { length } => format!("{by}{what} now holds {}", count(length, "item", "items")),
        ResourceState::Semaphore { free } => format!("{by}{what} now has {} free", count(free, "permit", "permits")),
        ResourceState::Lock { holder: Some(holder) } => format!("{} now holds {what}", catalog.task_name(holder)),
        ResourceState::Lock { holder: None } => format!("{by}{what} is free"),
        ResourceState::Event { is_set: true } => format!("{by}{what} is set"),
        ResourceState::Event { is_set: false } => format!("{by}{what} is cleared"),
        ResourceState::Condition { waiting } => {
            format!("{by}at {what} now {} to be notified", count(waiting, "task waits", "tasks wait"))
        }
        ResourceState::Barrier { waiting } => {
            format!("{by}at {what} now {}", count(waiting, "task waits", "tasks wait"))
        }
        ResourceState::OneShot { is_sent: true } => format!("{by}a value is sent into {what}"),
        ResourceState::OneShot { is_sent: false } => format!("{by}the value of {what} is taken"),
        ResourceState::Broadcast { length } => {
            format!("{by}{what} now holds {} for somebody", count(length, "value", "values"))
        }
        ResourceState::Held { is_open: true } => format!("{by}{what} is opened"),
        ResourceState::Held { is_open: false } => format!("{by}{what} is closed"),
    }
}

/// A number with its noun.
pub(super) fn count(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
