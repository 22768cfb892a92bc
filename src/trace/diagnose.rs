//! What a run shows that its author may not have meant, each with its evidence.
//!
//! These are facts of the record and not guesses: a poll that took long, a task that was never polled, a circle of tasks
//! that wait for each other. What a record cannot know is not concluded from: a [`Host`](super::Host) says what that is.
//! Each finding says what happened and what to do about it.
//!
//! Every finding takes time in proportion to the record, whatever its shape. `tests/linear.rs` holds it to that.

use super::blocked::{Hold as HeldUp, held_by};
use super::convoy::{Hold, convoys};
use super::ends::ends;
use super::log::EventIndex;
use super::long_spans::long_spans;
use super::record::Record;
use super::state::State;
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// How sensitive the diagnoses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A poll that takes longer holds everybody else up.
    pub long_poll: Nanos,
    /// A task that is ready for longer starves.
    pub long_ready: Nanos,
    /// A task that wakes itself so often in a row, while nothing else happens to it, spins.
    pub self_wakes: u32,
    /// A convoy that holds a run up for less is not worth speaking of.
    pub long_convoy: Nanos,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            long_poll: Nanos::from_millis(100),
            long_ready: Nanos::from_millis(500),
            self_wakes: 1000,
            long_convoy: Nanos::from_millis(100),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// A poll held the loop for long.
    LoopBlocked,
    /// A task was ready for long before it ran.
    Starved,
    /// A task woke itself again and again.
    SelfWakeStorm,
    /// Tasks wait for each other in a circle.
    DeadlockCycle,
    /// A task waits for something that nobody will do.
    LostWakeup,
    /// A task was spawned and never polled.
    NeverPolled,
    /// A task panicked, and nobody awaited it: that it failed goes unseen. Where nobody takes what a task *returned*, that
    /// may well be meant, and is no finding. Only found where the record tells who awaits whom.
    ResultNeverTaken,
    /// A task would have gone on by itself when the main task returned, and nobody had ever awaited it: the rest of its work
    /// is not done. What waited for somebody to ask something of it, such as a server, had nothing to do; what was
    /// cancelled, also by dropping its handle, was meant to go no further: these are no findings. Only found where the record
    /// has a main task.
    SpawnedWithoutJoin,
    /// A task was dropped while it held a lock.
    DroppedHoldingLock,
    /// For half of the run or more nothing went on, and most tasks stood in the queue of one lock, or of a semaphore of
    /// a single permit.
    Convoy,
}

impl Finding {
    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::LoopBlocked => "the loop was held",
            Self::Starved => "a task starved",
            Self::SelfWakeStorm => "a task woke itself again and again",
            Self::DeadlockCycle => "a deadlock",
            Self::LostWakeup => "a lost wake",
            Self::NeverPolled => "a task that never ran",
            Self::ResultNeverTaken => "a result that nobody took",
            Self::SpawnedWithoutJoin => "a task that nobody waited for",
            Self::DroppedHoldingLock => "dropped while it held a lock",
            Self::Convoy => "everybody behind one lock",
        }
    }
}

/// A finding with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What kind.
    pub finding: Finding,
    /// The task that it is about.
    pub task: TaskId,
    /// The event that shows it best.
    pub evidence: EventIndex,
    /// What happened, in one line.
    pub cause: String,
    /// What to do about it, in one line.
    pub fix: &'static str,
}

/// The findings of a record, by kind and then in the order of their evidence.
#[must_use]
pub fn diagnose(record: &Record, limits: Limits) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    long_spans(record, limits, &mut found);
    self_wakes(record, limits, &mut found);
    lost_at_the_end(record, &mut found);
    ends(record, &mut found);
    behind_one_lock(record, limits, &mut found);
    found.sort_by_key(|diagnosis| (diagnosis.finding as u8, diagnosis.evidence));
    found
}

fn self_wakes(record: &Record, limits: Limits, found: &mut Vec<Diagnosis>) {
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
                        cause: format!(
                            "{name} woke itself {count} times in a row within {took}: it asks again and again"
                        ),
                        fix: "await an event, a queue or a timer instead of looping until something is so",
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

/// A run that ended in a deadlock: the circles, and who waits for nobody.
fn lost_at_the_end(record: &Record, found: &mut Vec<Diagnosis>) {
    let Some(standstill) = record.standstill() else { return };
    let state = record.state_at(standstill);
    // Each waiting task with whom it waits for, if the record knows that it is one.
    let waits: HashMap<TaskId, Option<HeldUp>> =
        state.waiting().map(|(task, _)| (task, held_by(record, &state, task))).collect();
    let circles = circles(state.waiting().map(|(task, _)| task), |task| Some((*waits.get(&task)?)?.by()));
    for circle in &circles {
        found.extend(deadlock(record, &state, circle, |task| waits.get(&task).copied().flatten()));
    }
    let catalog = record.catalog();
    for (task, known) in state.waiting() {
        if waits.get(&task).is_some_and(Option::is_none) {
            let wait = known.waits.last().and_then(|wait| record.wait(*wait));
            let what = wait.map_or_else(|| "something".to_owned(), |wait| super::wait_label(catalog, &wait.on));
            found.push(Diagnosis {
                finding: Finding::LostWakeup,
                task,
                evidence: known.since.1,
                cause: format!("{} waits for {what}, and nobody is left to bring that about", catalog.task_name(task)),
                fix: "see that what wakes it happens after it begins to wait, or is remembered until then",
            });
        }
    }
}

/// The circles among tasks each of which waits for at most one other. Each task is passed once: whoever leads to a task that
/// was passed before leads into no new circle.
fn circles(tasks: impl Iterator<Item = TaskId>, next: impl Fn(TaskId) -> Option<TaskId>) -> Vec<Vec<TaskId>> {
    let mut circles = Vec::new();
    // For each task that was passed, from which task the way began, and its place on it.
    let mut passed: HashMap<TaskId, (TaskId, usize)> = HashMap::new();
    for start in tasks {
        let mut way = Vec::new();
        let mut at = Some(start);
        while let Some(task) = at {
            match passed.entry(task) {
                Entry::Occupied(seen) => {
                    let (of, place) = *seen.get();
                    if of == start && place < way.len() {
                        circles.push(way.split_off(place));
                    }
                    break;
                }
                Entry::Vacant(new) => {
                    new.insert((start, way.len()));
                    way.push(task);
                    at = next(task);
                }
            }
        }
    }
    circles
}

/// Tasks of a circle that are told one by one.
const MOST_STEPS: usize = 8;

fn deadlock(
    record: &Record,
    state: &State,
    circle: &[TaskId],
    waits_for: impl Fn(TaskId) -> Option<HeldUp>,
) -> Option<Diagnosis> {
    let catalog = record.catalog();
    let first = *circle.first()?;
    let step =
        |task: &TaskId| Some(format!("{} waits for {}", catalog.task_name(*task), waits_for(*task)?.words(catalog)));
    let steps: Vec<String> = match circle {
        [told @ .., last] if circle.len() > MOST_STEPS => {
            let (told, left_out) = told.split_at(MOST_STEPS - 2);
            let mut steps: Vec<String> = told.iter().filter_map(step).collect();
            steps.push(format!("{} more wait in the same way", left_out.len()));
            steps.extend(step(last));
            steps
        }
        _ => circle.iter().filter_map(step).collect(),
    };
    Some(Diagnosis {
        finding: Finding::DeadlockCycle,
        task: first,
        evidence: state.task(first).map_or(0, |task| task.since.1),
        cause: format!("a circle: {}", steps.join("; ")),
        fix: match circle {
            [_] => "drop what holds it before you wait for it, or make that a task of its own",
            _ => "let every task take the locks in the same order, or hold one at a time",
        },
    })
}

/// Locks with everybody behind them.
fn behind_one_lock(record: &Record, limits: Limits, found: &mut Vec<Diagnosis>) {
    let catalog = record.catalog();
    let (convoys, whole) = convoys(record);
    for convoy in convoys.into_iter().filter(|convoy| convoy.lasted >= limits.long_convoy) {
        let (task, who) = match convoy.holder {
            Hold::Lock(task) => {
                (task, format!(", the longest time of it for {} to let it go", catalog.task_name(task)))
            }
            Hold::Permit(task) => (task, String::new()),
        };
        found.push(Diagnosis {
            finding: Finding::Convoy,
            task,
            evidence: convoy.evidence,
            cause: format!(
                "for {} of {whole} nothing went on but that up to {} tasks stood in line for {}{who}",
                convoy.lasted,
                convoy.most,
                catalog.resource_name(convoy.resource)
            ),
            fix: "do what takes long before you take it or after you let it go, or let more than one in",
        });
    }
}
