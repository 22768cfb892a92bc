//! Who holds permits and locks, and who was handed one and has yet to run.

use crate::event::{Hold, ResourceId, ResourceState, TaskId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a task has of a semaphore or a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The task.
    pub task: TaskId,
    /// How many permits it holds; 1 of a lock.
    pub held: u32,
    /// How many it was handed and has yet to run for.
    pub handed: u32,
}

/// What all tasks have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holdings(BTreeMap<(ResourceId, TaskId), Count>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    held: u32,
    handed: u32,
}

impl Holdings {
    /// A permit is taken, handed over or let go.
    pub(crate) fn hold(&mut self, resource: ResourceId, task: TaskId, hold: Hold) {
        self.count((resource, task), |count| match hold {
            Hold::Taken => count.held = count.held.saturating_add(1),
            Hold::Handed => count.handed = count.handed.saturating_add(1),
            Hold::Accepted => {
                count.handed = count.handed.saturating_sub(1);
                count.held = count.held.saturating_add(1);
            }
            Hold::Released => count.held = count.held.saturating_sub(1),
            Hold::Declined => count.handed = count.handed.saturating_sub(1),
        });
    }

    fn count(&mut self, key: (ResourceId, TaskId), change: impl FnOnce(&mut Count)) {
        let count = self.0.entry(key).or_default();
        change(count);
        if *count == Count::default() {
            self.0.remove(&key);
        }
    }

    /// A lock says itself who holds it.
    pub(crate) fn change(&mut self, resource: ResourceId, state: ResourceState) {
        let ResourceState::Lock { holder } = state else { return };
        let all = (resource, TaskId(0))..=(resource, TaskId(u32::MAX));
        let before: Vec<_> = self.0.range(all).filter(|(_, count)| count.held > 0).map(|(key, _)| *key).collect();
        before.into_iter().for_each(|key| self.count(key, |count| count.held = 0));
        if let Some(holder) = holder {
            self.count((resource, holder), |count| count.held = 1);
        }
    }

    pub(crate) fn of(&self, resource: ResourceId) -> impl Iterator<Item = Holder> {
        let all = (resource, TaskId(0))..=(resource, TaskId(u32::MAX));
        self.0.range(all).map(|((_, task), count)| Holder { task: *task, held: count.held, handed: count.handed })
    }

    /// The events that lead here.
    pub(crate) fn events(&self) -> impl Iterator<Item = (ResourceId, TaskId, Hold)> {
        self.0.iter().flat_map(|((resource, task), count)| {
            let (held, handed) = (Hold::Taken, Hold::Handed);
            let holds = [(held, count.held), (handed, count.handed)];
            holds.into_iter().flat_map(|(hold, times)| std::iter::repeat_n((*resource, *task, hold), times as usize))
        })
    }

    pub(crate) fn retain(&mut self, is_kept: impl Fn(ResourceId) -> bool) {
        self.0.retain(|(resource, _), _| is_kept(*resource));
    }

    pub(crate) fn size(&self) -> usize {
        self.0.len() * (size_of::<(ResourceId, TaskId, Count)>() + 8)
    }
}
