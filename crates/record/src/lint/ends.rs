//! Findings about how tasks ended, and what became of what they held: never polled, panicked or cut off with nobody to
//! learn of it, cancelled in the middle of something.

use super::finding::{Diagnosis, Finding, Subject};
use crate::event::{
    CancelCause, EnqueueCause, EventKind, Outcome, ResourceId, ResourceState, TaskId, WaitId, WaitOn, WaitOp,
};
use crate::model::ending::How;
use crate::model::facts::TaskInfo;
use crate::model::record::Record;
use crate::model::state::RunPhase;
use crate::store::ending::Ending;
use crate::store::lane::Lane;
use crate::store::log::EventIndex;
use crate::store::span::SpanState;
use crate::words::ending::how_words;
use crate::words::wait::wait_label;
use crate::words::wording::Wording;
use std::collections::{BTreeSet, HashMap, HashSet};

/// How tasks ended, and what became of what they held.
pub(super) fn ends(Subject { record, wording, .. }: Subject<'_>, found: &mut Vec<Diagnosis>) {
    let catalog = record.catalog();
    let mut awaited = Awaited::default();
    let mut held = Held::default();
    for (index, event) in record.log().numbered_from(0) {
        match &event.kind {
            EventKind::WaitBegan { wait, on, .. } => awaited.begin(*wait, on),
            EventKind::WaitEnded { wait, .. } => awaited.end(*wait),
            EventKind::CleanUpBegan { .. } => awaited.stop(),
            EventKind::ResourceChanged { resource, state: ResourceState::Lock { holder }, .. } => {
                held.change(*resource, *holder);
            }
            EventKind::Enqueued { task, cause: EnqueueCause::Cancelled } => {
                if let Some(lock) = held.first_of(*task) {
                    found.push(Diagnosis {
                        finding: Finding::DroppedHoldingLock,
                        task: *task,
                        evidence: index,
                        since: index,
                        until: index,
                        cause: format!(
                            "{} was cancelled while it held {}: what the lock guards may be left half changed",
                            catalog.task_name(*task),
                            catalog.resource_name(lock)
                        ),
                        fix: "make all changes under the lock without an await between them, or shield the task".into(),
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
            // Who is asked to end before its first turn was meant not to run.
            Some((_, _, Ending::Cancelled)) if !was_polled && was_asked(record, task) => {}
            Some((index, _, ending)) if ending.is_unfinished() && !was_polled => found.push(Diagnosis {
                finding: Finding::NeverPolled,
                task,
                evidence: info.spawned,
                since: index,
                until: index,
                cause: format!(
                    "{} was spawned{} and dropped before it ever ran",
                    info.name,
                    spawned_at(record, info, wording)
                ),
                fix: match host.main() {
                    Some(_) => wording.pick(
                        "await the task, or keep its handle until it has run; a detached task runs on without a handle",
                        "await the task, or keep a reference to it until it has run",
                    ),
                    None => "keep its handle or detach it, and keep its executor running".into(),
                },
            }),
            Some((index, _, Ending::CutOff)) if !awaited.to_the_end(task) => {
                let Some(main) = returned else { continue };
                let main = catalog.task_name(main);
                let last = lane.last_before(EventIndex::MAX, |_| true);
                let wait = last.filter(|span| span.state == SpanState::Waiting).and_then(|span| span.wait);
                let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
                if last.is_some_and(|span| span.state == SpanState::Waiting) && !on.as_ref().is_some_and(ends_by_itself)
                {
                    continue;
                }
                let what = on.map_or_else(String::new, |on| format!(" (waiting: {})", wait_label(catalog, &on)));
                found.push(Diagnosis {
                    finding: Finding::SpawnedWithoutJoin,
                    task,
                    evidence: info.spawned,
                    since: index,
                    until: index,
                    cause: format!(
                        "{} was not done{what} when {main} returned, and no task {}: the rest of it never ran",
                        info.name,
                        if awaited.ever(task) { "awaited it any more" } else { "ever awaited it" }
                    ),
                    fix: if awaited.ever(task) {
                        wording.say(NO_MORE_IN_RUST, NO_MORE_IN_PYTHON, NO_MORE_IN_BOTH).into()
                    } else {
                        "await it before the main task returns, alone or in a gather or task group".into()
                    },
                });
            }
            Some((index, _, ending))
                if ending.is_error() && host.records_joins() && info.parent.is_some() && !awaited.ever(task) =>
            {
                found.push(Diagnosis {
                    finding: Finding::ResultNeverTaken,
                    task,
                    evidence: index,
                    since: index,
                    // That nobody awaited it is known when nobody is left.
                    until: record.log().len().saturating_sub(1),
                    cause: format!(
                        "{} {}, and no task ever awaited it: the failure went unseen",
                        info.name,
                        how_words(&How::plain(ending), wording)
                    ),
                    fix: "await the task, alone or in a gather or task group".into(),
                });
            }
            _ => {}
        }
    }
}

/// What to do about a task that was awaited for some time only.
const NO_MORE_IN_RUST: &str = "try_gather does not wait for the others once one fails, nor a wait once its condition is met: \
                               use gather or a task group, or await the task again before main returns";
const NO_MORE_IN_PYTHON: &str = "gather does not wait for the others once one fails, nor asyncio.wait once its condition is \
                                 met: pass return_exceptions=True, use a task group, or await the task again before main \
                                 returns";
const NO_MORE_IN_BOTH: &str = "try_gather (gather in Python) does not wait for the others once one fails, nor a wait once its \
                               condition is met: use gather (with return_exceptions=True in Python) or a task group, or \
                               await the task again before main returns";

/// Whether code asked this task to end, and did not just let go of its handle.
fn was_asked(record: &Record, task: TaskId) -> bool {
    record.cancel_request(task).is_some_and(|request| request.cause == CancelCause::Asked)
}

/// Where a task was spawned, after `spawned`.
fn spawned_at(record: &Record, info: &TaskInfo, wording: &Wording) -> String {
    let site = record.catalog().site(info.site);
    site.map_or_else(String::new, |site| format!(" at {}", wording.line(site)))
}

/// Which tasks others wait for.
#[derive(Debug, Default)]
struct Awaited {
    ever: HashSet<TaskId>,
    /// The waits that are open.
    open: HashMap<WaitId, WaitOn>,
    /// The tasks that were waited for when the clean-up began; none in a record that does not tell when that was.
    at_the_end: Option<HashSet<TaskId>>,
}

impl Awaited {
    fn begin(&mut self, wait: WaitId, on: &WaitOn) {
        let tasks = awaited_by(on);
        self.ever.extend(tasks);
        if !tasks.is_empty() && self.at_the_end.is_none() {
            self.open.insert(wait, on.clone());
        }
    }

    fn end(&mut self, wait: WaitId) {
        self.open.remove(&wait);
    }

    fn stop(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.at_the_end = Some(open.values().flat_map(|on| awaited_by(on).iter().copied()).collect());
    }

    fn ever(&self, task: TaskId) -> bool {
        self.ever.contains(&task)
    }

    fn to_the_end(&self, task: TaskId) -> bool {
        self.at_the_end.as_ref().map_or_else(|| self.ever(task), |awaited| awaited.contains(&task))
    }
}

/// The tasks that a wait is for.
fn awaited_by(on: &WaitOn) -> &[TaskId] {
    match on {
        WaitOn::Join(task) => std::slice::from_ref(task),
        WaitOn::Tasks(_, tasks) => tasks,
        _ => &[],
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
        WaitOn::Sleep { .. } | WaitOn::Join(_) | WaitOn::Tasks(..) | WaitOn::Job(_) => true,
        WaitOn::Resource(_, op) => matches!(op, WaitOp::Acquire | WaitOp::Lock | WaitOp::Put | WaitOp::AllDone),
        WaitOn::Input(_) | WaitOn::Stream(_) | WaitOn::Io(_) | WaitOn::Foreign(_) => false,
    }
}
