//! Who keeps a task from going on: it waits for a lock that another holds, who waits for the end of a third, who sleeps.
//!
//! The chain is read from the state at one point of the record and goes from task to task only where the record knows
//! whom a wait depends on; it never guesses who might put the next item into a queue.

use super::catalog::Catalog;
use super::log::EventIndex;
use super::record::Record;
use super::resource_words::count;
use super::state::{Ending, State, TaskStatus};
use super::wait_words::wait_label;
use crate::event::{Nanos, ResourceId, ResourceState, TaskId, WaitId, WaitOn, WaitOp};
use std::collections::HashMap;

/// Why a task does not go on, at one point of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// It does: it runs since then.
    Running(Nanos),
    /// It waits for its turn.
    Ready {
        /// Since when.
        since: Nanos,
        /// How many tasks are before it in the queue.
        ahead: usize,
        /// The task that runs meanwhile, if one does.
        running: Option<TaskId>,
    },
    /// It waits for what another task has to do.
    On(Hold),
    /// It waits for a timer that is due then.
    Timer(Nanos),
    /// It waits for something that the record does not trace to a task: this wait, or a future that is not ours.
    Other(Option<WaitId>),
    /// It will not go on: it has ended.
    Ended(Ending),
}

/// What a task waits for of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The end of the task.
    End(TaskId),
    /// The end of a group of tasks: of this one, which is the first of those that have not ended, and so many more.
    Group(TaskId, usize),
    /// A lock that the task holds.
    Lock(ResourceId, TaskId),
}

impl Hold {
    /// The other task.
    #[must_use]
    pub fn by(self) -> TaskId {
        match self {
            Self::End(task) | Self::Group(task, _) | Self::Lock(_, task) => task,
        }
    }

    /// What is waited for: `the end of fetch-1`, `disk, which writer holds`.
    pub(super) fn words(self, catalog: &Catalog) -> String {
        let name = |task| catalog.task_name(task);
        match self {
            Self::End(task) | Self::Group(task, 0) => format!("the end of {}", name(task)),
            Self::Group(task, more) => {
                format!("the end of {} and {}", name(task), count(more as u32, "other task", "other tasks"))
            }
            Self::Lock(lock, task) => format!("{}, which {} holds", catalog.resource_name(lock), name(task)),
        }
    }
}

/// The task that a task waits for, where the record knows that it is one.
pub(super) fn held_by(record: &Record, state: &State, task: TaskId) -> Option<Hold> {
    let wait = state.task(task)?.waits.last().and_then(|wait| record.wait(*wait))?;
    match &wait.on {
        WaitOn::Join(other) => Some(Hold::End(*other)),
        WaitOn::Gather(others) => {
            let is_open = |other: &&TaskId| state.task(**other).is_some();
            let mut open = others.iter().filter(is_open);
            open.next().map(|first| Hold::Group(*first, open.count()))
        }
        WaitOn::Resource(resource, WaitOp::Lock) => match state.resources.get(resource)? {
            Some(ResourceState::Lock { holder: Some(holder) }) => Some(Hold::Lock(*resource, *holder)),
            _ => None,
        },
        _ => None,
    }
}

/// A longer chain is not followed.
const MOST_LINKS: usize = 1000;
/// Links that a sentence tells: of more, the last and those before.
const MOST_TOLD: usize = 10;

/// A chain of tasks, each kept from going on by the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Each task of the chain with what keeps it; the task that was asked about comes first. Each is in it once. A chain of
    /// more than a thousand is cut off.
    pub links: Vec<(TaskId, Block)>,
    /// The place of the task that the last one waits for, where the chain is a circle from there on: a deadlock.
    pub circle: Option<usize>,
    /// The time that the chain is of.
    at: Nanos,
}

/// The chain of who keeps a task from going on, after the first `at` events. Empty for a task that is not there yet.
#[must_use]
pub fn blocked_by(record: &Record, task: TaskId, at: EventIndex) -> Blocked {
    let state = record.state_at(at);
    let mut blocked = Blocked { links: Vec::new(), circle: None, at: record.log().time_at(at.min(record.log().len())) };
    let mut seen = HashMap::new();
    let mut next = Some(task);
    while let Some(task) = next {
        blocked.circle = seen.insert(task, blocked.links.len());
        let Some(block) = block_of(record, &state, task).filter(|_| blocked.circle.is_none()) else { break };
        blocked.links.push((task, block));
        next = match block {
            Block::On(hold) if blocked.links.len() < MOST_LINKS => Some(hold.by()),
            _ => None,
        };
    }
    blocked
}

fn block_of(record: &Record, state: &State, task: TaskId) -> Option<Block> {
    if let Some(TaskStatus::Ended(ending)) = record.status(state, task) {
        return Some(Block::Ended(ending));
    }
    let known = state.task(task)?;
    let since = known.since.0;
    Some(match known.status {
        TaskStatus::Running => Block::Running(since),
        TaskStatus::Ended(ending) => Block::Ended(ending),
        TaskStatus::Ready(_) => {
            let ahead = state.ready.iter().position(|ready| *ready == task).unwrap_or(state.ready.len());
            Block::Ready { since, ahead, running: state.running_task() }
        }
        TaskStatus::Waiting => {
            let wait = known.waits.last().copied();
            let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
            let timer = match on {
                Some(WaitOn::Sleep { timer, .. }) => record.timer(timer),
                _ => None,
            };
            match (held_by(record, state, task), timer) {
                (Some(hold), _) => Block::On(hold),
                (None, Some(timer)) => Block::Timer(timer.deadline),
                (None, None) => Block::Other(wait),
            }
        }
    })
}

impl Blocked {
    /// The chain in one sentence: `a waits for disk, which b holds; b waits for the end of c; c sleeps until 3.000 s`.
    #[must_use]
    pub fn sentence(&self, record: &Record) -> String {
        let catalog = record.catalog();
        let name = |task: TaskId| catalog.task_name(task);
        let sentence = |(task, block): &(TaskId, Block)| match *block {
            Block::Running(since) => format!("{} has been running since {}", name(*task), seconds(since)),
            Block::Ready { since, ahead, running } => {
                let place = match ahead {
                    // Executors with several queues do not run tasks in the order in which they became ready.
                    _ if !record.host().has_one_queue() => String::new(),
                    0 => ", first in the queue".to_owned(),
                    _ => format!(", behind {}", count(ahead as u32, "other", "others")),
                };
                let meanwhile = running.map_or_else(String::new, |by| format!(", while {} runs", name(by)));
                format!("{} has been ready since {}{place}{meanwhile}", name(*task), seconds(since))
            }
            Block::On(hold) => format!("{} waits for {}", name(*task), hold.words(catalog)),
            Block::Timer(due) if due < self.at => {
                format!("{} waits for its timer, which was due at {}", name(*task), seconds(due))
            }
            Block::Timer(due) => format!("{} sleeps until {}", name(*task), seconds(due)),
            Block::Other(wait) => {
                let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait_label(catalog, &wait.on));
                let on = on.unwrap_or_else(|| "something that has no name".to_owned());
                format!("{} waits for {on}", name(*task))
            }
            Block::Ended(Ending::Finished) => format!("{} has returned", name(*task)),
            Block::Ended(Ending::Panicked) => format!("{} has panicked", name(*task)),
            Block::Ended(Ending::Dropped) => format!("{} was dropped", name(*task)),
        };
        let mut links: Vec<String> = self.links.iter().take(MOST_TOLD - 1).map(sentence).collect();
        if let Some((last, left_out)) = self.links.get(MOST_TOLD - 1..).and_then(<[_]>::split_last) {
            if !left_out.is_empty() {
                links.push(format!("{} more in the same way", left_out.len()));
            }
            links.push(sentence(last));
            if self.links.len() == MOST_LINKS {
                links.push("and so on".to_owned());
            }
        }
        let mut text = links.join("; ");
        if self.circle.is_some() {
            text.push_str(" – a circle: none of these goes on by itself");
        }
        text
    }
}

fn seconds(time: Nanos) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
