//! What a run shows that its author may not have meant, each with its evidence.
//!
//! These are facts of the record and not guesses: a poll that took long, a task that was never polled, a circle of tasks
//! that wait for each other. What a record cannot know is not concluded from: a [`Host`](crate::Host) says what that is.
//! Each finding says what happened and what to do about it.
//!
//! Every finding takes time in proportion to the record, whatever its shape. `tests/linear.rs` holds it to that.

use super::convoy::{self, convoys};
use super::ends::ends;
use super::long_spans::long_spans;
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId};
use crate::model::host::Host;
use crate::model::record::Record;
use crate::model::state::State;
use crate::query::blocked::{Hold, Holds};
use crate::store::log::EventIndex;
use crate::words::wait::waits;
use crate::words::wording::Wording;
use std::borrow::Cow;
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
    /// A poll held one of several threads for long. Where the threads take tasks from one pool, this is found only if a task
    /// was ready for long in the meantime, and no other thread took it.
    ThreadBlocked,
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

impl Diagnosis {
    /// What it is, and what happened, to who has seen the first `seen` events. Words that tell of more say that they tell of
    /// the whole run.
    #[must_use]
    pub fn words(&self, seen: EventIndex) -> String {
        let words = format!("{}: {}", self.finding.title(), self.cause);
        if self.until < seen { words } else { format!("In the whole run, {words}") }
    }
}

impl Finding {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::DeadlockCycle,
        Self::LostWakeup,
        Self::ResultNeverTaken,
        Self::DroppedHoldingLock,
        Self::NeverPolled,
        Self::SpawnedWithoutJoin,
        Self::LoopBlocked,
        Self::ThreadBlocked,
        Self::SelfWakeStorm,
        Self::Starved,
        Self::Convoy,
    ];

    /// Whether it can be found in a record of this host. The others need what only Loopscope's own runs tell.
    #[must_use]
    pub fn is_sought(self, host: Host) -> bool {
        match self {
            Self::ThreadBlocked => host != Host::Loop,
            Self::LoopBlocked => host != Host::Stock,
            Self::NeverPolled | Self::SelfWakeStorm | Self::Starved => true,
            Self::DeadlockCycle
            | Self::LostWakeup
            | Self::ResultNeverTaken
            | Self::DroppedHoldingLock
            | Self::SpawnedWithoutJoin
            | Self::Convoy => host.records_joins(),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::LoopBlocked => "a blocked loop",
            Self::ThreadBlocked => "a blocked thread",
            Self::Starved => "a starved task",
            Self::SelfWakeStorm => "a task that keeps polling",
            Self::DeadlockCycle => "a deadlock",
            Self::LostWakeup => "a lost wakeup",
            Self::NeverPolled => "a task that never ran",
            Self::ResultNeverTaken => "a failure that went unseen",
            Self::SpawnedWithoutJoin => "a task that was not awaited",
            Self::DroppedHoldingLock => "cancelled while it held a lock",
            Self::Convoy => "a convoy: a long line behind one lock",
        }
    }

    /// How bad it is, the worst least: what never goes on or is lost comes before what is damaged, and what only takes long
    /// comes last.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::DeadlockCycle => 0,
            Self::LostWakeup => 1,
            Self::ResultNeverTaken => 2,
            Self::DroppedHoldingLock => 3,
            Self::NeverPolled => 4,
            Self::SpawnedWithoutJoin => 5,
            Self::LoopBlocked | Self::ThreadBlocked => 6,
            Self::SelfWakeStorm => 7,
            Self::Starved => 8,
            Self::Convoy => 9,
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
    /// The event from which on it is so: before it nobody could tell.
    pub since: EventIndex,
    /// The last event that its words tell of: to who looks at an earlier one they tell of what is still to come.
    pub until: EventIndex,
    /// What happened, in one line.
    pub cause: String,
    /// What to do about it, in one line.
    pub fix: Cow<'static, str>,
}

/// The findings of a record, the worst first, and then in the order of their evidence.
#[must_use]
pub fn diagnose(record: &Record, limits: Limits, wording: &Wording) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    long_spans(record, limits, wording, &mut found);
    self_wakes(record, limits, &mut found);
    lost_at_the_end(record, &mut found);
    ends(record, wording, &mut found);
    behind_one_lock(record, limits, &mut found);
    found.sort_by_key(|diagnosis| (diagnosis.finding.rank(), diagnosis.evidence));
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

/// A run that ended in a deadlock: the circles, and who waits for nobody.
fn lost_at_the_end(record: &Record, found: &mut Vec<Diagnosis>) {
    let Some(standstill) = record.standstill() else { return };
    let state = record.state_at(standstill);
    let holds = Holds::at(record, &state);
    for circle in holds.circles() {
        found.extend(deadlock(record, &state, &circle));
    }
    let catalog = record.catalog();
    for (task, known) in state.waiting() {
        if holds.of(task).is_none() {
            let wait = known.waits.back().and_then(|wait| record.wait(*wait));
            let what = wait.map_or_else(|| "waits for something".to_owned(), |wait| waits(catalog, &wait.on));
            found.push(Diagnosis {
                finding: Finding::LostWakeup,
                task,
                evidence: known.since.1,
                since: standstill.saturating_sub(1),
                until: standstill.saturating_sub(1),
                cause: format!("{} {what}, and no task is left that could wake it", catalog.task_name(task)),
                fix: "make sure that the wakeup comes after the wait begins, or is remembered until then".into(),
            });
        }
    }
}

/// Tasks of a circle that are told one by one.
const MOST_STEPS: usize = 8;

fn deadlock(record: &Record, state: &State, circle: &[(TaskId, Hold)]) -> Option<Diagnosis> {
    let catalog = record.catalog();
    let (first, _) = *circle.first()?;
    let step =
        |(task, hold): &(TaskId, Hold)| format!("{} waits for {}", catalog.task_name(*task), hold.words(catalog));
    let steps: Vec<String> = match circle {
        [told @ .., last] if circle.len() > MOST_STEPS => {
            let (told, left_out) = told.split_at(MOST_STEPS - 2);
            let mut steps: Vec<String> = told.iter().map(step).collect();
            steps.push(format!("{} more wait likewise", left_out.len()));
            steps.push(step(last));
            steps
        }
        _ => circle.iter().map(step).collect(),
    };
    // The last of them closes the circle.
    let closed = circle.iter().filter_map(|(task, _)| Some(state.task(*task)?.since.1)).max().unwrap_or_default();
    Some(Diagnosis {
        finding: Finding::DeadlockCycle,
        task: first,
        evidence: state.task(first).map_or(0, |task| task.since.1),
        since: closed,
        until: closed,
        cause: format!("{}: none of them can continue", steps.join("; ")),
        fix: match circle {
            [_] => "release the lock before you wait for it, or do one of the two in a task of its own",
            _ => "take the locks in the same order in every task, or hold only one at a time",
        }
        .into(),
    })
}

/// Locks with everybody behind them.
fn behind_one_lock(record: &Record, limits: Limits, found: &mut Vec<Diagnosis>) {
    let catalog = record.catalog();
    let (convoys, whole) = convoys(record);
    for convoy in convoys.into_iter().filter(|convoy| convoy.lasted >= limits.long_convoy) {
        let (convoy::Hold::Lock(task) | convoy::Hold::Permit(task)) = convoy.holder;
        let who =
            convoy.longest.map_or_else(String::new, |task| format!("; {} held it longest", catalog.task_name(task)));
        found.push(Diagnosis {
            finding: Finding::Convoy,
            task,
            evidence: convoy.evidence,
            since: convoy.evidence,
            // Its figures are those of all of the run.
            until: record.log().len().saturating_sub(1),
            cause: format!(
                "for {} of {whole} nothing ran and most tasks stood in line for {}, up to {} at once{who}",
                convoy.lasted,
                catalog.resource_name(convoy.resource),
                convoy.most
            ),
            fix: "if only one task may do the slow part at a time, this is as it should be; else do it before you take it or \
                  after you release it, or let in more than one task"
                .into(),
        });
    }
}
