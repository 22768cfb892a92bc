//! Convoys: a lock that is held over something slow, and everybody behind it.
//!
//! A convoy is a lock, or a semaphore of a single permit, of which this holds: *for half of the run or more nothing ran and
//! nothing was ready, while it was held and more tasks stood in its queue than did anything else.* Who waits for others to
//! end does nothing else. So it is this queue that the run took its time for.
//!
//! A semaphore of several permits makes no convoy: that it lets in no more is what it is for.

use super::finding::{Diagnosis, Finding, Subject};
use crate::event::{
    EventKind, Nanos, PollOutcome, ResourceId, ResourceKind, ResourceState, TaskId, WaitId, WaitOn, WaitOp,
};
use crate::model::record::Record;
use crate::model::state::TaskStatus;
use crate::store::log::EventIndex;
use crate::store::near_an_end::remove_near_an_end;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// A lock or semaphore with nearly everybody behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Convoy {
    /// What they wait for.
    resource: ResourceId,
    /// How long, in all.
    lasted: Nanos,
    /// The most tasks that stood in line at once.
    most: usize,
    /// The task that had it longest while they stood in line, the first of several.
    holder: Hold,
    /// The task that held it for longer than any other, over the whole record; none where several did so equally long, or
    /// the record does not tell who had it.
    longest: Option<TaskId>,
    /// The first event of the line.
    pub(super) evidence: EventIndex,
}

/// Who has a lock or a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// This task has the lock.
    Lock(TaskId),
    /// Somebody has the only permit: the record does not tell who. This task stands in line.
    Permit(TaskId),
}

/// The convoys of a record as far as it is kept, and the time that this is.
pub(super) fn convoys(record: &Record) -> (Vec<Convoy>, Nanos) {
    let first = record.first();
    let start = record.log().time_at(first);
    let mut road = Road::new(record, start);
    let mut now = start;
    for (index, event) in record.log().numbered_from(first) {
        road.pass(event.at.since(now), index);
        now = now.max(event.at);
        road.now = now;
        road.learn(&event.kind);
    }
    let whole = now.since(start);
    let mut found = road.found();
    found.retain(|convoy| convoy.lasted.0 >= whole.0.div_ceil(2).max(1));
    (found, whole)
}

/// What a task does, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// It runs or is ready.
    Active,
    /// It stands in line for this.
    InLine(ResourceId),
    /// It waits for the end of others.
    Joining,
    /// It waits for something else.
    Waiting,
}

impl Doing {
    fn of(on: &WaitOn) -> Self {
        match on {
            WaitOn::Resource(resource, WaitOp::Lock | WaitOp::Acquire) => Self::InLine(*resource),
            WaitOn::Join(_) | WaitOn::Tasks(..) => Self::Joining,
            _ => Self::Waiting,
        }
    }
}

/// Whether a task begins or ceases to do something.
#[derive(Debug, Clone, Copy)]
enum Step {
    Enters,
    Leaves,
}

/// A time with one holder, in all, and its first event.
type Part = (Nanos, EventIndex);

struct Road<'a> {
    record: &'a Record,
    /// The time of the last event.
    now: Nanos,
    tasks: BTreeMap<TaskId, Doing>,
    /// The open waits of each task, the outermost first.
    waits: HashMap<TaskId, VecDeque<(WaitId, Doing)>>,
    active: usize,
    waiting: usize,
    in_line: usize,
    /// Who stands in line for what.
    lines: HashMap<ResourceId, BTreeSet<TaskId>>,
    /// The lines by their length.
    by_length: BTreeSet<(usize, ResourceId)>,
    /// What is held; by whom, where that is told.
    held: HashMap<ResourceId, Option<TaskId>>,
    /// Since when each lock is held by whom.
    taken: HashMap<ResourceId, (TaskId, Nanos)>,
    /// For how long each task has held each lock, up to its last release.
    holdings: BTreeMap<(ResourceId, TaskId), Nanos>,
    parts: BTreeMap<(ResourceId, Hold), Part>,
    most: HashMap<ResourceId, usize>,
}

impl<'a> Road<'a> {
    /// Begins where the record does, at this time.
    fn new(record: &'a Record, now: Nanos) -> Self {
        let mut road = Self {
            record,
            now,
            tasks: BTreeMap::new(),
            waits: HashMap::new(),
            active: 0,
            waiting: 0,
            in_line: 0,
            lines: HashMap::new(),
            by_length: BTreeSet::new(),
            held: HashMap::new(),
            taken: HashMap::new(),
            holdings: BTreeMap::new(),
            parts: BTreeMap::new(),
            most: HashMap::new(),
        };
        if record.first() == 0 {
            return road;
        }
        let state = record.state_at(record.first());
        for (resource, state) in &state.resources {
            if let Some(state) = state {
                road.change(*resource, *state);
            }
        }
        for task in state.tasks() {
            // What began before the record does is not known.
            let doing = |wait: WaitId| record.wait(wait).map_or(Doing::Waiting, |wait| Doing::of(&wait.on));
            road.waits.insert(task.task, task.waits.iter().map(|wait| (*wait, doing(*wait))).collect());
            match task.status {
                TaskStatus::Ready(_) | TaskStatus::Running => road.set(task.task, Some(Doing::Active)),
                TaskStatus::Waiting => road.wait(task.task),
                TaskStatus::Ended(_) => {}
            }
        }
        road
    }

    fn learn(&mut self, kind: &EventKind) {
        match kind {
            EventKind::TaskSpawned { task, .. }
            | EventKind::Enqueued { task, .. }
            | EventKind::PollStarted { task } => {
                self.set(*task, Some(Doing::Active));
            }
            EventKind::WaitBegan { task, wait, on, .. } => {
                self.waits.entry(*task).or_default().push_back((*wait, Doing::of(on)));
            }
            EventKind::WaitEnded { task, wait } => {
                if let Some(open) = self.waits.get_mut(task) {
                    remove_near_an_end(open, |(open, _)| open == wait);
                }
            }
            EventKind::PollEnded { task, outcome: PollOutcome::Pending } => self.wait(*task),
            EventKind::PollEnded { task, .. } | EventKind::TaskDropped { task, .. } => {
                self.waits.remove(task);
                self.set(*task, None);
            }
            EventKind::ResourceChanged { resource, state, .. } => self.change(*resource, *state),
            _ => {}
        }
    }

    /// A task waits for what it began to wait for last.
    fn wait(&mut self, task: TaskId) {
        let innermost = self.waits.get(&task).and_then(|open| open.back());
        self.set(task, Some(innermost.map_or(Doing::Waiting, |(_, doing)| *doing)));
    }

    fn set(&mut self, task: TaskId, doing: Option<Doing>) {
        let before = match doing {
            Some(doing) => self.tasks.insert(task, doing),
            None => self.tasks.remove(&task),
        };
        if let Some(before) = before {
            self.count(task, before, Step::Leaves);
        }
        if let Some(doing) = doing {
            self.count(task, doing, Step::Enters);
        }
    }

    fn count(&mut self, task: TaskId, doing: Doing, step: Step) {
        let count = match doing {
            Doing::Active => &mut self.active,
            Doing::Waiting => &mut self.waiting,
            Doing::InLine(resource) => {
                let line = self.lines.entry(resource).or_default();
                self.by_length.remove(&(line.len(), resource));
                match step {
                    Step::Enters => line.insert(task),
                    Step::Leaves => line.remove(&task),
                };
                if !line.is_empty() {
                    self.by_length.insert((line.len(), resource));
                }
                &mut self.in_line
            }
            Doing::Joining => return,
        };
        match step {
            Step::Enters => *count += 1,
            Step::Leaves => *count -= 1,
        }
    }

    fn change(&mut self, resource: ResourceId, state: ResourceState) {
        let kind = self.record.catalog().resource(resource).map(|info| info.kind);
        let holder = match (state, kind) {
            (ResourceState::Lock { holder: Some(holder) }, _) => Some(Some(holder)),
            (ResourceState::Semaphore { free: 0 }, Some(ResourceKind::Semaphore { permits: 1 })) => Some(None),
            _ => None,
        };
        self.release(resource);
        if let Some(Some(holder)) = holder {
            self.taken.insert(resource, (holder, self.now));
        }
        match holder {
            Some(holder) => self.held.insert(resource, holder),
            None => self.held.remove(&resource),
        };
    }

    /// Adds up how long each task held a lock.
    fn release(&mut self, resource: ResourceId) {
        if let Some((holder, since)) = self.taken.remove(&resource) {
            let sum = self.holdings.entry((resource, holder)).or_default();
            *sum = *sum + self.now.since(since);
        }
    }

    /// The task that held a lock for longer than any other did.
    fn longest(&self, resource: ResourceId) -> Option<TaskId> {
        let all = self.holdings.range((resource, TaskId(0))..=(resource, TaskId(u32::MAX)));
        let mut longest: Option<(TaskId, Nanos)> = None;
        let mut is_shared = false;
        for ((_, task), length) in all {
            match longest {
                Some((_, most)) if *length < most => {}
                Some((_, most)) if *length == most => is_shared = true,
                _ => (longest, is_shared) = (Some((*task, *length)), false),
            }
        }
        longest.filter(|_| !is_shared).map(|(task, _)| task)
    }

    /// Time passes until the event `index`.
    fn pass(&mut self, length: Nanos, index: EventIndex) {
        if length == Nanos::ZERO || self.active > 0 {
            return;
        }
        let all: usize = self.waiting + self.in_line;
        // Only the longest line can be more than half of all.
        let Some((line, resource)) = self.by_length.last().filter(|(line, _)| *line * 2 > all) else { return };
        let Some(holder) = self.held.get(resource) else { return };
        if holder.is_some_and(|holder| self.tasks.get(&holder) == Some(&Doing::InLine(*resource))) {
            return; // who waits for itself is in a deadlock
        }
        let first = || self.lines.get(resource).and_then(BTreeSet::first).copied();
        let Some(hold) = holder.map(Hold::Lock).or_else(|| first().map(Hold::Permit)) else { return };
        let part = self.parts.entry((*resource, hold)).or_insert((Nanos::ZERO, index.saturating_sub(1)));
        part.0 = part.0 + length;
        let most = self.most.entry(*resource).or_default();
        *most = (*line).max(*most);
    }

    /// What was found of each resource.
    fn found(mut self) -> Vec<Convoy> {
        let open: Vec<ResourceId> = self.taken.keys().copied().collect();
        open.into_iter().for_each(|resource| self.release(resource));
        let mut found: Vec<(Convoy, Nanos)> = Vec::new();
        for (&(resource, holder), &(length, evidence)) in &self.parts {
            let most = self.most.get(&resource).copied().unwrap_or_default();
            let this = Convoy { resource, lasted: length, most, holder, longest: None, evidence };
            match found.last_mut().filter(|(last, _)| last.resource == resource) {
                None => found.push((this, length)),
                Some((last, longest)) => {
                    let lasted = last.lasted + length;
                    if length > *longest {
                        (*last, *longest) = (this, length);
                    }
                    last.lasted = lasted;
                }
            }
        }
        let named = |(convoy, _): (Convoy, _)| Convoy { longest: self.longest(convoy.resource), ..convoy };
        found.into_iter().map(named).collect()
    }
}

/// Locks with everybody behind them.
pub(super) fn behind_one_lock(Subject { record, limits, .. }: Subject<'_>, found: &mut Vec<Diagnosis>) {
    let catalog = record.catalog();
    let (convoys, whole) = convoys(record);
    for convoy in convoys.into_iter().filter(|convoy| convoy.lasted >= limits.long_convoy) {
        let (Hold::Lock(task) | Hold::Permit(task)) = convoy.holder;
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
