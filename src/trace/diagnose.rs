//! What a run shows that its author may not have meant, each with its evidence.
//!
//! The executor is ours, so these are facts of the record and not guesses: a poll that took long, a task that was never
//! polled, a circle of tasks that wait for each other. Each says what happened and what to do about it.

use super::blocked::held_by;
use super::convoy::{Hold, convoys};
use super::ends::ends;
use super::lane::{Span, SpanState};
use super::log::EventIndex;
use super::record::Record;
use super::why::{brief, polls_between};
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId};
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
    /// may well be meant, and is no finding.
    ResultNeverTaken,
    /// A task would have gone on by itself when the main task returned, and nobody had ever awaited it: the rest of its work
    /// is not done. What waited for somebody to ask something of it, such as a server, had nothing to do; what was
    /// cancelled, also by dropping its handle, was meant to go no further: these are no findings.
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

/// Polls and waits for a turn that took long: the longest of each task.
fn long_spans(record: &Record, limits: Limits, found: &mut Vec<Diagnosis>) {
    let (catalog, edge) = (record.catalog(), record.log().end());
    let has_threads = runs_on_several_threads(record);
    for lane in record.lanes() {
        let task = lane.task();
        let name = catalog.task_name(task);
        let longest = |state: SpanState| {
            let spans = lane.spans().filter(|span| span.state == state);
            spans.map(|span| (span.end_or(edge) - span.start, span)).max_by_key(|(length, _)| *length)
        };
        if let Some((length, span)) = longest(SpanState::Running).filter(|(length, _)| *length > limits.long_poll) {
            let place = place_of(record, task, &span);
            let (start, length) = (span.start.as_secs_f64(), brief(length));
            let (held, others) = match has_threads {
                true => ("its thread", "nobody else could run on it"),
                false => ("the loop", "nobody else could run"),
            };
            found.push(Diagnosis {
                finding: Finding::LoopBlocked,
                task,
                evidence: span.first,
                cause: format!("{name} held {held} for {length} from {start:.3} s on{place}: {others}"),
                fix: "give the long computation to spawn_blocking, or await something within it",
            });
        }
        let starved = longest(SpanState::Ready).filter(|(length, _)| *length > limits.long_ready);
        if let Some((length, span)) = starved.filter(|(length, span)| others_ran(record, span, *length)) {
            let (start, length) = (span.start.as_secs_f64(), brief(length));
            found.push(Diagnosis {
                finding: Finding::Starved,
                task,
                evidence: span.first,
                cause: format!("{name} was ready at {start:.3} s and had to wait {length} for its turn"),
                fix: "make the tasks that run meanwhile shorter, or let them yield",
            });
        }
    }
}

/// Whether others ran for most of the time that a task was ready: else it is not they who kept it from running, but a
/// pause on the real clock, or a machine that is busy with something else.
fn others_ran(record: &Record, ready: &Span, waited: Nanos) -> bool {
    let end = ready.end.map_or(record.log().len(), |(index, _)| index);
    let ran: u64 = polls_between(record, ready.first, end).map(|poll| poll.length.0).sum();
    ran >= waited.0 / 2
}

/// Where in the source most of a long poll's time passed: between the last line that the task was seen at before, and the
/// first one after.
fn place_of(record: &Record, task: TaskId, span: &Span) -> String {
    let end = span.end.map_or(record.log().len(), |(index, _)| index + 1);
    let events = record.log().numbered_from(span.first).take_while(|(index, _)| *index < end);
    let mut before = span.start;
    let passed = events.map(|(index, event)| (event.at - std::mem::replace(&mut before, event.at), index));
    let Some((_, after)) = passed.max_by_key(|(passed, index)| (*passed, std::cmp::Reverse(*index))) else {
        return String::new();
    };
    let line = |events: EventIndex| {
        let site = record.state_at(events).task(task).and_then(|task| task.site);
        site.and_then(|site| record.catalog().site(site))
    };
    // The first use of a line is told before what happens there.
    let first_use = |event: &EventKind| matches!(event, EventKind::SiteDefined { .. });
    let told = record.log().numbered_from(after).find(|(_, event)| !first_use(&event.kind));
    match (line(after), line(told.map_or(after, |(index, _)| index) + 1)) {
        (Some(from), Some(to)) if from != to => {
            format!(", between {}:{} and line {}", from.file_name(), from.line, to.line)
        }
        (Some(from), _) => format!(", after {}:{}", from.file_name(), from.line),
        (None, Some(to)) => format!(", before {}:{}", to.file_name(), to.line),
        (None, None) => String::new(),
    }
}

/// Whether more than one thread polled tasks.
fn runs_on_several_threads(record: &Record) -> bool {
    let polls = record.log().iter_from(0).filter(|event| matches!(event.kind, EventKind::PollStarted { .. }));
    let mut workers = polls.map(|event| event.worker);
    let first = workers.next();
    workers.any(|worker| Some(worker) != first)
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

/// A run that ended in a deadlock: the circle, or who waits for nobody.
fn lost_at_the_end(record: &Record, found: &mut Vec<Diagnosis>) {
    let Some(standstill) = record.standstill() else { return };
    let state = record.state_at(standstill);
    let catalog = record.catalog();
    let waits_for = |task: TaskId| held_by(record, &state, task);
    let mut in_a_circle = HashSet::new();
    for (task, _) in state.waiting() {
        let mut path = vec![task];
        while let Some(next) = path.last().and_then(|last| Some(waits_for(*last)?.by())) {
            if let Some(start) = path.iter().position(|seen| *seen == next) {
                let circle = &path[start..];
                if circle.iter().any(|task| in_a_circle.contains(task)) {
                    break;
                }
                in_a_circle.extend(circle.iter().copied());
                let steps: Vec<String> = circle
                    .iter()
                    .filter_map(|task| {
                        Some(format!("{} waits for {}", catalog.task_name(*task), waits_for(*task)?.words(catalog)))
                    })
                    .collect();
                found.push(Diagnosis {
                    finding: Finding::DeadlockCycle,
                    task: circle[0],
                    evidence: state.task(circle[0]).map_or(0, |task| task.since.1),
                    cause: format!("a circle: {}", steps.join("; ")),
                    fix: match circle {
                        [_] => "drop what holds it before you wait for it, or make that a task of its own",
                        _ => "let every task take the locks in the same order, or hold one at a time",
                    },
                });
                break;
            }
            path.push(next);
        }
    }
    for (task, known) in state.waiting() {
        let waits_on_nobody = waits_for(task).is_none();
        if waits_on_nobody && !in_a_circle.contains(&task) {
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
