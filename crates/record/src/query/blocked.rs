//! Who keeps a task from going on: it waits for a lock that another holds, who waits for the end of a third, who sleeps.
//!
//! The chain is read from the state at one point of the record and goes from task to task only where the record knows
//! whom a wait depends on; it never guesses who might put the next item into a queue.

use crate::event::{Nanos, ResourceId, TaskId, WaitId, WaitOn, WaitOp};
use crate::model::catalog::Catalog;
use crate::model::record::Record;
use crate::model::state::{State, TaskStatus};
use crate::store::ending::Ending;
use crate::store::log::EventIndex;
use crate::text::count;
use crate::words::wait::waits;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

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
        /// The task that runs now, if one does.
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
    /// A lock that the task holds or was handed, or the permits of a semaphore, all of which it holds.
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

    /// What is waited for: `fetch-1 to end`, `disk, which writer holds`.
    pub(crate) fn words(self, catalog: &Catalog) -> String {
        let name = |task| catalog.task_name(task);
        match self {
            Self::End(task) | Self::Group(task, 0) => format!("{} to end", name(task)),
            Self::Group(task, more) => {
                format!("{} and {} to end", name(task), count(more, "other task", "other tasks"))
            }
            Self::Lock(lock, task) => format!("{}, which {} holds", catalog.resource_name(lock), name(task)),
        }
    }
}

/// The task that a task waits for, where the record knows that it is one.
fn held_by(record: &Record, state: &State, task: TaskId) -> Option<Hold> {
    let wait = state.task(task)?.waits.back().and_then(|wait| record.wait(*wait))?;
    match &wait.on {
        WaitOn::Join(other) => Some(Hold::End(*other)),
        WaitOn::Tasks(how, others) if !how.is_for_one() => {
            let is_open = |other: &&TaskId| state.task(**other).is_some();
            let mut open = others.iter().filter(is_open);
            open.next().map(|first| Hold::Group(*first, open.count()))
        }
        // Of several that hold permits nobody knows who gives one back first.
        WaitOn::Resource(resource, WaitOp::Lock | WaitOp::Acquire) => {
            let mut holders = state.holders(*resource);
            let only = holders.next().filter(|_| holders.next().is_none())?;
            Some(Hold::Lock(*resource, only.task))
        }
        _ => None,
    }
}

/// Whom each task waits for, of those that wait at one point of the record.
#[derive(Debug, Clone, Default)]
pub struct Holds {
    /// In the order of the state.
    tasks: Vec<TaskId>,
    of: HashMap<TaskId, Hold>,
}

impl Holds {
    /// Those of a state of the record. This takes time in proportion to the tasks that wait.
    #[must_use]
    pub fn at(record: &Record, state: &State) -> Self {
        let tasks: Vec<TaskId> = state.waiting().map(|(task, _)| task).collect();
        let of = tasks.iter().filter_map(|task| Some((*task, held_by(record, state, *task)?))).collect();
        Self { tasks, of }
    }

    /// What a task waits for of another, where the record knows that it does.
    #[must_use]
    pub fn of(&self, task: TaskId) -> Option<Hold> {
        self.of.get(&task).copied()
    }

    /// The circles of tasks that wait for each other: each task for the next one, and the last for the first. This takes time
    /// in proportion to the tasks, because a way that leads to a task which was passed before leads into no new circle.
    #[must_use]
    pub fn circles(&self) -> Vec<Vec<(TaskId, Hold)>> {
        let mut circles = Vec::new();
        // For each task that was passed, from which task the way began, and its place on it.
        let mut passed: HashMap<TaskId, (TaskId, usize)> = HashMap::new();
        for start in &self.tasks {
            let mut way = Vec::new();
            let mut at = *start;
            while let Some(hold) = self.of(at) {
                match passed.entry(at) {
                    Entry::Occupied(seen) => {
                        let (of, place) = *seen.get();
                        if of == *start && place < way.len() {
                            circles.push(way.split_off(place));
                        }
                        break;
                    }
                    Entry::Vacant(new) => {
                        new.insert((*start, way.len()));
                        way.push((at, hold));
                        at = hold.by();
                    }
                }
            }
        }
        circles
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
            let ahead = state.ready.place(task).unwrap_or(state.ready.len());
            Block::Ready { since, ahead, running: state.running_task() }
        }
        TaskStatus::Waiting => {
            let wait = known.waits.back().copied();
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
    /// The chain in one sentence: `a waits for disk, which b holds; b waits for c to end; c sleeps until 3 s`.
    #[must_use]
    pub fn sentence(&self, record: &Record) -> String {
        let catalog = record.catalog();
        let name = |task: TaskId| catalog.task_name(task);
        let sentence = |(task, block): &(TaskId, Block)| match *block {
            Block::Running(since) => format!("{} has been running since {since}", name(*task)),
            Block::Ready { since, ahead, running } => {
                let place = match ahead {
                    // Executors with several queues do not run tasks in the order in which they became ready.
                    _ if !record.host().has_one_queue() => String::new(),
                    0 => ", next in the queue".to_owned(),
                    _ => format!(", behind {}", count(ahead, "other", "others")),
                };
                let meanwhile = running.map_or_else(String::new, |by| format!(", while {} runs", name(by)));
                format!("{} has been ready since {since}{place}{meanwhile}", name(*task))
            }
            Block::On(hold) => format!("{} waits for {}", name(*task), hold.words(catalog)),
            Block::Timer(due) if due < self.at => {
                format!("{} waits for its timer, which was due at {due}", name(*task))
            }
            Block::Timer(due) => format!("{} sleeps until {due}", name(*task)),
            Block::Other(wait) => {
                let on = wait.and_then(|wait| record.wait(wait)).map(|wait| waits(catalog, &wait.on));
                format!("{} {}", name(*task), on.unwrap_or_else(|| "waits for something that has no name".to_owned()))
            }
            Block::Ended(ending) => format!("{} {}", name(*task), ending.verb()),
        };
        let mut links: Vec<String> = self.links.iter().take(MOST_TOLD - 1).map(sentence).collect();
        if let Some((last, left_out)) = self.links.get(MOST_TOLD - 1..).and_then(<[_]>::split_last) {
            if !left_out.is_empty() {
                links.push(format!("{} more wait likewise", left_out.len()));
            }
            links.push(sentence(last));
            if self.links.len() == MOST_LINKS {
                links.push("and so on".to_owned());
            }
        }
        let mut text = links.join("; ");
        if self.circle.is_some() {
            text.push_str(" – a cycle: none of them can continue");
        }
        text
    }
}
