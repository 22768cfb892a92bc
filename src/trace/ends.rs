//! Findings about how tasks ended, and what became of what they held: never polled, panicked or cut off with nobody to
//! learn of it, cancelled in the midst of something.

use super::diagnose::{Diagnosis, Finding};
use super::lane::{Lane, SpanState};
use super::log::EventIndex;
use super::record::Record;
use super::state::{Ending, RunPhase};
use crate::event::{DropCause, EnqueueCause, EventKind, Outcome, ResourceId, ResourceState, TaskId, WaitOn, WaitOp};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How tasks ended, and what became of what they held.
pub(super) fn ends(record: &Record, found: &mut Vec<Diagnosis>) {
    let catalog = record.catalog();
    let mut awaited: HashSet<TaskId> = HashSet::new();
    let mut held = Held::default();
    for (index, event) in record.log().numbered_from(0) {
        match &event.kind {
            EventKind::WaitBegan { on: WaitOn::Join(task), .. } => {
                awaited.insert(*task);
            }
            EventKind::WaitBegan { on: WaitOn::Gather(tasks) | WaitOn::FirstOf(tasks), .. } => {
                awaited.extend(tasks.iter().copied());
            }
            EventKind::ResourceChanged { resource, state: ResourceState::Lock { holder }, .. } => {
                held.change(*resource, *holder);
            }
            EventKind::Enqueued { task, cause: EnqueueCause::Cancelled } => {
                if let Some(lock) = held.first_of(*task) {
                    found.push(Diagnosis {
                        finding: Finding::DroppedHoldingLock,
                        task: *task,
                        evidence: index,
                        cause: format!(
                            "{} was cancelled while it held {}: what it guards may be half done",
                            catalog.task_name(*task),
                            catalog.resource_name(lock)
                        ),
                        fix: "change what the lock guards only between two awaits, or shield the task",
                    });
                }
            }
            _ => {}
        }
    }
    let host = record.host();
    let has_completed = record.edge().phase == RunPhase::Ended(Outcome::Completed);
    // The main task, if it returned. A record of stock executors just ends.
    let returned = host.main().filter(|_| has_completed);
    let ends_with_run = |index: EventIndex| {
        let event = record.log().get(index).map(|event| event.kind);
        matches!(event, Some(EventKind::TaskDropped { cause: DropCause::RunEnded, .. }))
    };
    // Where events are missing, only a task that was spawned after that is known from its beginning.
    let last_gap = record.gaps().last().map(|gap| gap.index);
    let is_known = |lane: &&Lane| {
        let Some(gap) = last_gap else { return true };
        let first = lane.spans().next().filter(|span| span.first > gap).and_then(|span| record.log().get(span.first));
        matches!(first.map(|event| event.kind), Some(EventKind::Enqueued { cause: EnqueueCause::Spawned, .. }))
    };
    for lane in record.lanes().iter().filter(is_known) {
        let task = lane.task();
        let Some(info) = catalog.task(task) else { continue };
        let was_polled = lane.spans().any(|span| span.state == SpanState::Running);
        match lane.end() {
            Some((_, _, Ending::Dropped)) if !was_polled => found.push(Diagnosis {
                finding: Finding::NeverPolled,
                task,
                evidence: info.spawned,
                cause: format!("{} was spawned and dropped before it ever ran", info.name),
                fix: match host.main() {
                    Some(_) => {
                        "await the task or keep its handle until it has run; `detach` lets it run on without one"
                    }
                    None => "keep its handle or `detach` it, and run its executor until it has run",
                },
            }),
            Some((index, _, Ending::Dropped)) if !awaited.contains(&task) && ends_with_run(index) => {
                let Some(main) = returned else { continue };
                let main = catalog.task_name(main);
                let last = lane.last_before(EventIndex::MAX, |_| true);
                let wait = last.filter(|span| span.state == SpanState::Waiting).and_then(|span| span.wait);
                let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
                if last.is_some_and(|span| span.state == SpanState::Waiting) && !on.as_ref().is_some_and(ends_by_itself)
                {
                    continue;
                }
                let what =
                    on.map_or_else(String::new, |on| format!(" (it waited for {})", super::wait_label(catalog, &on)));
                found.push(Diagnosis {
                    finding: Finding::SpawnedWithoutJoin,
                    task,
                    evidence: info.spawned,
                    cause: format!(
                        "{} was not done{what} when {main} returned, and nobody awaited it: the rest of it never ran",
                        info.name
                    ),
                    fix: "await it, or gather it with the others, before the main task returns",
                });
            }
            Some((index, _, Ending::Panicked))
                if host.records_joins() && info.parent.is_some() && !awaited.contains(&task) =>
            {
                found.push(Diagnosis {
                    finding: Finding::ResultNeverTaken,
                    task,
                    evidence: index,
                    cause: format!("{} panicked, and nobody awaited it to learn of that", info.name),
                    fix: "await the task, or gather it with the others",
                });
            }
            _ => {}
        }
    }
}

/// Which task holds which locks, and in which order it took them.
#[derive(Debug, Default)]
struct Held {
    /// Who holds each, and as which of all takings.
    holders: HashMap<ResourceId, (TaskId, usize)>,
    locks: BTreeSet<(TaskId, usize, ResourceId)>,
    taken: usize,
}

impl Held {
    fn change(&mut self, lock: ResourceId, holder: Option<TaskId>) {
        if let Some((before, number)) = self.holders.remove(&lock) {
            self.locks.remove(&(before, number, lock));
        }
        if let Some(holder) = holder {
            self.taken += 1;
            self.holders.insert(lock, (holder, self.taken));
            self.locks.insert((holder, self.taken, lock));
        }
    }

    /// The lock that a task has held longest.
    fn first_of(&self, task: TaskId) -> Option<ResourceId> {
        let first = self.locks.range((task, 0, ResourceId(0))..).next();
        first.filter(|(holder, ..)| *holder == task).map(|(.., lock)| *lock)
    }
}

/// Whether a wait goes on to its end without anybody asking anything of the task.
fn ends_by_itself(on: &WaitOn) -> bool {
    match on {
        WaitOn::Sleep { .. } | WaitOn::Join(_) | WaitOn::Gather(_) | WaitOn::FirstOf(_) | WaitOn::Job(_) => true,
        WaitOn::Resource(_, op) => matches!(op, WaitOp::Acquire | WaitOp::Lock | WaitOp::Put | WaitOp::AllDone),
        WaitOn::Input(_) | WaitOn::Stream(_) | WaitOn::Io(_) | WaitOn::Foreign(_) => false,
    }
}
