//! Finds tasks that keep polling instead of waiting.

use super::finding::{Diagnosis, Finding, Subject};
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId};
use std::collections::{HashMap, HashSet};

/// Tasks that wake themselves again and again.
pub(super) fn self_wakes(Subject { record, limits, .. }: Subject<'_>, found: &mut Vec<Diagnosis>) {
    let mut in_a_row: HashMap<TaskId, (u32, Nanos)> = HashMap::new();
    let mut told = HashSet::new();
    for (index, event) in record.log().numbered_from(0) {
        match &event.kind {
            EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(_) } => {
                let (count, since) = in_a_row.entry(*task).or_insert((0, event.at));
                *count += 1;
                if *count >= limits.self_wakes && told.insert(*task) {
                    let (name, took) = (record.catalog().task_name(*task), event.at - *since);
                    found.push(Diagnosis {
                        finding: Finding::SelfWakeStorm,
                        task: *task,
                        evidence: index,
                        since: index,
                        until: index,
                        cause: format!(
                            "{name} woke itself {count} times in a row in {took}: it keeps polling instead of waiting"
                        ),
                        fix: "await an event, a queue or a timer instead of checking a condition in a loop".into(),
                    });
                }
            }
            EventKind::Enqueued { task, .. }
            | EventKind::WaitBegan { task, .. }
            | EventKind::Printed { task: Some(task), .. } => {
                in_a_row.remove(task);
            }
            _ => {}
        }
    }
}
