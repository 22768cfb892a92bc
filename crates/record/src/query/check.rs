//! Whether a record makes sense: the life of each task, the workers, the waits, the timers, the time.
//!
//! A task is spawned, and then enqueued, polled and given back in turn until it has ended; a worker runs one task at a
//! time, or one within another where an executor runs inside a task. Where events were lost nothing is asked of what
//! stands across the gap.

use crate::event::{Event, EventKind, Hold, Nanos, Outcome, ResourceId, TaskId, TimerId, WaitId, WorkerId};
use crate::model::holdings::{Holder, Holdings};
use crate::store::ending::Ending;
use crate::store::log::EventIndex;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;

/// An event that cannot follow those before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which event.
    pub index: EventIndex,
    /// When.
    pub at: Nanos,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} at {}: {}", self.index, self.at, self.what)
    }
}

/// What a task does, as far as its life goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Spawned,
    Ready,
    Running(WorkerId),
    Waiting,
    Ended(Ending),
}

/// Reads a record event by event.
#[derive(Debug, Default)]
pub struct Checker {
    read: EventIndex,
    last: Nanos,
    has_ended: bool,
    tasks: HashMap<TaskId, Life>,
    /// What each worker runs, the outermost first.
    running: HashMap<WorkerId, Vec<TaskId>>,
    waits: HashMap<WaitId, TaskId>,
    timers: HashMap<TimerId, bool>,
    /// How many lines of each task compute, one within the other.
    busy: HashMap<TaskId, usize>,
    holdings: Holdings,
    /// How the run ended, once it cleans up.
    outcome: Option<Outcome>,
    /// Events before this point are missing.
    has_gap: bool,
}

/// The violations in a list of events, in order.
pub fn check(events: impl IntoIterator<Item = impl Borrow<Event>>) -> Vec<Violation> {
    let mut checker = Checker::default();
    events.into_iter().filter_map(|event| checker.read(event.borrow())).collect()
}

impl Checker {
    /// Reads the next event; what is wrong with it, if something is.
    pub fn read(&mut self, event: &Event) -> Option<Violation> {
        let index = self.read;
        let told = self.follow(event);
        self.read += 1;
        let what = if event.at < self.last {
            Some(format!("it is earlier than the event before, which is at {}", self.last))
        } else if index == 0 && !matches!(event.kind, EventKind::RunStarted { .. }) {
            Some("the record does not begin with the start of a run".to_owned())
        } else {
            told.filter(|_| !self.has_gap)
        };
        self.last = self.last.max(event.at);
        what.map(|what| Violation { index, at: event.at, what })
    }

    fn follow(&mut self, event: &Event) -> Option<String> {
        if self.has_ended {
            return Some("the run was over".to_owned());
        }
        match &event.kind {
            EventKind::RunEnded { outcome } => {
                self.has_ended = true;
                let was_other = self.outcome.as_ref().is_some_and(|certain| certain != outcome);
                was_other.then(|| format!("the run ended as {outcome:?}, but the clean-up began as {:?}", self.outcome))
            }
            EventKind::EventsLost { .. } => {
                self.has_gap = true;
                None
            }
            EventKind::TaskSpawned { task, .. } => {
                let known = self.tasks.insert(*task, Life::Spawned);
                known.map(|life| format!("{task:?} is spawned a second time ({life:?})"))
            }
            EventKind::Enqueued { task, .. } => {
                self.turn(*task, Life::Ready, |life| matches!(life, Life::Spawned | Life::Waiting))
            }
            EventKind::PollStarted { task } => {
                self.running.entry(event.worker).or_default().push(*task);
                self.turn(*task, Life::Running(event.worker), |life| life == Life::Ready)
            }
            EventKind::PollEnded { task, outcome } => {
                let stack = self.running.entry(event.worker).or_default();
                if stack.pop() != Some(*task) {
                    return Some(format!("{:?} does not run {task:?}", event.worker));
                }
                let computes = self.busy.remove(task).is_some_and(|count| count > 0);
                let next = Ending::of_poll(*outcome).map_or(Life::Waiting, Life::Ended);
                let told = self.turn(*task, next, |life| life == Life::Running(event.worker));
                told.or_else(|| computes.then(|| format!("{task:?} ends its poll, but a line of it computes")))
            }
            EventKind::TaskDropped { task, cause } => {
                let next = Life::Ended(Ending::of_drop(*cause));
                self.turn(*task, next, |life| !matches!(life, Life::Ended(_) | Life::Running(_)))
            }
            EventKind::WaitBegan { task, wait, .. } => {
                let is_running = matches!(self.tasks.get(task), Some(Life::Running(_)));
                let is_new = self.waits.insert(*wait, *task).is_none();
                (!is_running || !is_new).then(|| format!("{wait:?} begins, but {task:?} does not run or it is not new"))
            }
            EventKind::WaitEnded { task, wait } => {
                (self.waits.remove(wait) != Some(*task)).then(|| format!("{wait:?} of {task:?} ends, but was not open"))
            }
            EventKind::TimerArmed { timer, .. } => {
                self.timers.insert(*timer, true).map(|_| format!("{timer:?} is set a second time"))
            }
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => {
                let was_armed = self.timers.insert(*timer, false);
                (was_armed != Some(true)).then(|| format!("{timer:?} ends, but was not set"))
            }
            EventKind::TaskReturned { task, .. } => self.said(*task, Ending::Returned),
            EventKind::TaskFailed { task, .. } => self.said(*task, Ending::Failed),
            EventKind::BusyBegan { task, .. } => {
                let is_running = matches!(self.tasks.get(task), Some(Life::Running(_)));
                *self.busy.entry(*task).or_default() += 1;
                (!is_running).then(|| format!("{task:?} computes, but does not run"))
            }
            EventKind::BusyEnded { task } => {
                let computed = self.busy.get_mut(task).filter(|count| **count > 0).map(|count| *count -= 1);
                computed.is_none().then(|| format!("{task:?} is done with computing, but did not compute"))
            }
            EventKind::CleanUpBegan { outcome } => {
                let before = self.outcome.replace(outcome.clone());
                before.map(|_| "the run is over a second time".to_owned())
            }
            EventKind::ResourceChanged { resource, state, .. } => {
                self.holdings.change(*resource, *state);
                None
            }
            EventKind::HoldChanged { resource, task, hold } => self.hold(*resource, *task, *hold),
            _ => None,
        }
    }

    /// What a task ended with is said once, by a task that ended so.
    fn said(&mut self, task: TaskId, ending: Ending) -> Option<String> {
        match self.tasks.get(&task) {
            Some(Life::Ended(found)) if *found == ending => None,
            found => Some(format!("{task:?} says that it has {}, but it is {found:?}", ending.word())),
        }
    }

    /// What was handed over is taken or left, and what is held is released.
    fn hold(&mut self, resource: ResourceId, task: TaskId, hold: Hold) -> Option<String> {
        let count = |holder: Holder| (holder.held, holder.handed);
        let of_task =
            |holdings: &Holdings| holdings.of(resource).find(|holder| holder.task == task).map_or((0, 0), count);
        let (held, handed) = of_task(&self.holdings);
        self.holdings.hold(resource, task, hold);
        let makes_sense = match hold {
            Hold::Taken | Hold::Handed => true,
            Hold::Accepted | Hold::Declined => handed > 0,
            Hold::Released => held > 0,
        };
        (!makes_sense).then(|| format!("{hold:?}: {task:?} holds {held} of {resource:?} and was handed {handed}"))
    }

    /// A task goes on to its next state, if it may.
    fn turn(&mut self, task: TaskId, next: Life, may: impl FnOnce(Life) -> bool) -> Option<String> {
        match self.tasks.insert(task, next) {
            Some(life) if may(life) => None,
            Some(life) => Some(format!("{task:?} goes from {life:?} to {next:?}")),
            None if self.has_gap => None,
            None => Some(format!("{task:?} goes to {next:?}, but was never spawned")),
        }
    }
}
