//! What moments mean, written down once more as plainly as can be, to hold the quick way of following them against.
//!
//! Every event is taken in by everything, names are compared as texts each time, and whether something holds is asked of the
//! whole state of the run. Nothing is skipped, and nothing is remembered that the state tells.
#![cfg(test)]

use super::Moment;
use super::facts::{Asks, Fact};
use super::names::Marks;
use super::pattern::Pattern;
use super::statement::is_by;
use super::thing::{at_first, is_so};
use super::tree::{Atom, By, Cond, Counted, Deed, For, ThingIs, Which, Who};
use crate::event::{
    EnqueueCause, Event, EventKind, Hold, JobId, Nanos, Outcome, PollOutcome, ResourceId, ResourceKind, ResourceState,
    SiteId, TaskId, TimerId, WaitId, WaitOn,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A moment followed by reading all there is to read at each event.
pub(crate) struct Reference {
    run: Run,
    root: Part,
}

/// All events of a run so far.
#[derive(Default)]
struct Run {
    marks: Marks,
    tasks: BTreeMap<TaskId, Task>,
    things: BTreeMap<ResourceId, Thing>,
    jobs: BTreeMap<JobId, Arc<str>>,
    sites: BTreeMap<SiteId, (Arc<str>, u32)>,
    waits: BTreeMap<WaitId, Wait>,
    timers: BTreeMap<TimerId, (TaskId, Nanos)>,
    iterations: u64,
    is_idle: bool,
    deadlocks: usize,
    /// The time of the last event.
    now: Option<Nanos>,
}

#[derive(Default)]
struct Task {
    name: Option<Arc<str>>,
    is_ready: bool,
    is_running: bool,
    is_waiting: bool,
    is_computing: bool,
    ready_since: Option<Nanos>,
    runs_since: Nanos,
    ended: Option<PollOutcome>,
    is_dropped: bool,
}

#[derive(Default)]
struct Thing {
    name: Option<Arc<str>>,
    kind: Option<ResourceKind>,
    state: Option<ResourceState>,
    permits: BTreeMap<TaskId, u32>,
}

struct Wait {
    task: TaskId,
    on: WaitOn,
    site: SiteId,
    began: Nanos,
    is_over: bool,
}

/// A condition with what it was at the event before.
struct Part {
    cond: Cond,
    parts: Vec<Part>,
    held: bool,
    /// The tasks that did it so far.
    did: BTreeSet<TaskId>,
    next: usize,
}

impl Reference {
    pub(crate) fn new(moment: &Moment, marks: &Marks) -> Self {
        let run = Run { marks: marks.clone(), ..Run::default() };
        let mut root = Part::new(moment.cond());
        root.note(&run);
        Self { run, root }
    }

    /// Takes the next event; whether the moment comes at it.
    pub(crate) fn push(&mut self, event: &Event) -> bool {
        self.run.begins(event);
        let comes = self.root.comes(event, &self.run);
        self.run.ends(event);
        // A thing that comes into being does nothing by it.
        comes && !matches!(event.kind, EventKind::ResourceCreated { .. })
    }
}

impl Part {
    fn new(cond: &Cond) -> Self {
        let parts = match cond {
            Cond::Then(parts) | Cond::Any(parts) | Cond::All(parts) => parts.iter().map(Self::new).collect(),
            Cond::Not(part) => vec![Self::new(part)],
            Cond::Atom(_) => Vec::new(),
        };
        Self { cond: cond.clone(), parts, held: false, did: BTreeSet::new(), next: 0 }
    }

    /// Notes what holds before the first event.
    fn note(&mut self, run: &Run) {
        self.held = self.holds(run);
        self.parts.iter_mut().for_each(|part| part.note(run));
    }

    fn holds(&self, run: &Run) -> bool {
        match &self.cond {
            Cond::Then(_) => false,
            Cond::Any(_) => self.parts.iter().any(|part| part.holds(run)),
            Cond::All(_) => self.parts.iter().all(|part| part.holds(run)),
            Cond::Not(_) => !self.parts[0].holds(run),
            Cond::Atom(atom) => run.holds(atom),
        }
    }

    fn comes(&mut self, event: &Event, run: &Run) -> bool {
        let is_quiet = matches!(event.kind, EventKind::ResourceCreated { .. });
        // Each part takes in each event, also where another decides.
        let coming: Vec<bool> = self.parts.iter_mut().map(|part| part.comes(event, run)).collect();
        let holds = self.holds(run);
        let held = std::mem::replace(&mut self.held, holds);
        let begins = holds && !held && !is_quiet;
        if self.cond.is_state() {
            return begins;
        }
        match &self.cond {
            Cond::Atom(atom) => run.happens(atom, event, &mut self.did) && !is_quiet,
            Cond::Any(_) => coming.contains(&true),
            Cond::All(_) => {
                let is_so = |(part, comes): (&Self, &bool)| *comes || part.holds(run);
                coming.contains(&true) && self.parts.iter().zip(&coming).all(is_so)
            }
            Cond::Then(_) if coming[self.next] => {
                self.next = (self.next + 1) % self.parts.len();
                self.next == 0
            }
            Cond::Then(_) | Cond::Not(_) => false,
        }
    }
}

impl Run {
    /// Takes in what an event brings.
    fn begins(&mut self, event: &Event) {
        self.now = Some(event.at);
        match &event.kind {
            EventKind::SiteDefined { site, file, line, .. } => {
                self.sites.insert(*site, (Arc::clone(file), *line));
            }
            EventKind::TaskSpawned { task, name, .. } => self.task(*task).name = Some(Arc::clone(name)),
            EventKind::Enqueued { task, .. } => {
                let task = self.task(*task);
                (task.is_ready, task.is_waiting) = (true, false);
                task.ready_since.get_or_insert(event.at);
            }
            EventKind::PollStarted { task } => {
                let task = self.task(*task);
                (task.is_ready, task.is_waiting, task.is_running) = (false, false, true);
                task.runs_since = event.at;
            }
            EventKind::PollEnded { task, outcome } => {
                let task = self.task(*task);
                task.is_running = false;
                if *outcome == PollOutcome::Pending {
                    task.is_waiting |= !task.is_ready;
                } else {
                    task.ended = Some(*outcome);
                }
            }
            EventKind::TaskDropped { task, .. } => {
                let id = *task;
                let task = self.task(id);
                (task.is_ready, task.is_running, task.is_waiting) = (false, false, false);
                (task.is_computing, task.is_dropped, task.ready_since) = (false, true, None);
            }
            EventKind::BusyBegan { task, .. } => self.task(*task).is_computing = true,
            EventKind::BusyEnded { task } => self.task(*task).is_computing = false,
            EventKind::WaitBegan { task, wait, on, site, .. } => {
                let wait_ = Wait { task: *task, on: on.clone(), site: *site, began: event.at, is_over: false };
                self.waits.insert(*wait, wait_);
            }
            EventKind::WaitEnded { wait, .. } => {
                self.waits.get_mut(wait).into_iter().for_each(|wait| wait.is_over = true);
            }
            EventKind::JobQueued { job, name, .. } => {
                self.jobs.insert(*job, Arc::clone(name));
            }
            EventKind::TimerArmed { timer, task, deadline, .. } => {
                self.timers.insert(*timer, (*task, *deadline));
            }
            EventKind::ResourceCreated { resource, kind, name } => {
                let (name, state) = (Some(Arc::clone(name)), Some(at_first(*kind)));
                self.things.insert(*resource, Thing { name, kind: Some(*kind), state, permits: BTreeMap::new() });
            }
            EventKind::ResourceChanged { resource, state, .. } => {
                self.things.entry(*resource).or_default().state = Some(*state);
            }
            EventKind::HoldChanged { resource, task, hold } => {
                let permits = self.things.entry(*resource).or_default().permits.entry(*task).or_default();
                match hold {
                    Hold::Taken | Hold::Handed => *permits += 1,
                    Hold::Released | Hold::Declined => *permits = permits.saturating_sub(1),
                    Hold::Accepted => {}
                }
            }
            EventKind::IterationStarted { .. } => self.iterations += 1,
            EventKind::LoopIdle { .. } => self.is_idle = true,
            EventKind::LoopAwake => self.is_idle = false,
            EventKind::RunEnded { .. } | EventKind::CleanUpBegan { .. } => {
                self.is_idle = false;
                self.deadlocks += usize::from(is_deadlock(&event.kind));
            }
            _ => {}
        }
    }

    /// Takes in what an event ends.
    fn ends(&mut self, event: &Event) {
        if let EventKind::PollStarted { task } = &event.kind {
            self.task(*task).ready_since = None;
        }
    }

    fn task(&mut self, task: TaskId) -> &mut Task {
        self.tasks.entry(task).or_default()
    }

    fn is_task(&self, pattern: &Pattern, task: TaskId) -> bool {
        let name = self.tasks.get(&task).and_then(|task| task.name.as_ref());
        pattern.is_anything() || name.is_some_and(|name| pattern.matches(name))
    }

    fn is_thing(&self, pattern: &Pattern, thing: ResourceId) -> bool {
        let name = self.things.get(&thing).and_then(|thing| thing.name.as_ref());
        pattern.is_anything() || name.is_some_and(|name| pattern.matches(name))
    }

    fn is_job(&self, pattern: &Pattern, job: JobId) -> bool {
        pattern.is_anything() || self.jobs.get(&job).is_some_and(|name| pattern.matches(name))
    }

    fn is_site(&self, pattern: Option<&Pattern>, site: SiteId) -> bool {
        let Some(pattern) = pattern.filter(|pattern| !pattern.is_anything()) else { return true };
        let Some((file, line)) = self.sites.get(&site) else { return false };
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
        let mark = self.marks.of(file, *line);
        mark.is_some_and(|mark| pattern.matches(mark)) || pattern.matches(&format!("{file}:{line}"))
    }

    /// How many tasks there have been of a name.
    fn count(&self, pattern: &Pattern) -> usize {
        let names = self.tasks.values().filter_map(|task| task.name.as_ref());
        names.filter(|name| pattern.matches(name)).count()
    }

    fn is_for(&self, what: &For, on: &WaitOn) -> bool {
        match (what, on) {
            (For::Timer, WaitOn::Sleep { .. })
            | (For::Job, WaitOn::Job(_))
            | (For::Tasks, WaitOn::Join(_) | WaitOn::Tasks(..))
            | (For::Io, WaitOn::Io(_))
            | (For::Input, WaitOn::Input(_))
            | (For::Stream, WaitOn::Stream(_))
            | (For::Library, WaitOn::Foreign(_)) => true,
            (For::Named(name), WaitOn::Join(task)) => self.is_task(name, *task),
            (For::Named(name), WaitOn::Tasks(_, tasks)) => tasks.iter().any(|task| self.is_task(name, *task)),
            (For::Named(name), WaitOn::Resource(thing, _)) => self.is_thing(name, *thing),
            (For::Named(name), WaitOn::Job(job)) => self.is_job(name, *job),
            (For::Named(name), WaitOn::Input(on) | WaitOn::Stream(on) | WaitOn::Io(on) | WaitOn::Foreign(on)) => {
                name.matches(on)
            }
            _ => false,
        }
    }

    /// Whether a statement holds now.
    fn holds(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Task(who, deed) => {
                let count =
                    self.tasks.keys().filter(|task| self.is_task(&who.name, **task) && self.is_at(**task, deed));
                is_enough(who, count.count(), self.count(&who.name))
            }
            Atom::Thing(name, is) => {
                self.things.iter().any(|(id, thing)| self.is_thing(name, *id) && self.is(thing, is))
            }
            Atom::Count(counted, compare, number) => {
                let count = |is: fn(&Task) -> bool| self.tasks.values().filter(|task| is(task)).count() as u64;
                let count = match counted {
                    Counted::Ready => count(|task| task.is_ready),
                    Counted::Running => count(|task| task.is_running),
                    Counted::Waiting => count(|task| task.is_waiting),
                    Counted::Iteration => self.iterations,
                };
                compare.holds(count as f64, *number)
            }
            Atom::At(time) => self.now.is_some_and(|now| now >= *time),
            Atom::Idle => self.is_idle,
            _ => false,
        }
    }

    /// Whether a task is in what it does for a while.
    fn is_at(&self, id: TaskId, deed: &Deed) -> bool {
        let Some(task) = self.tasks.get(&id) else { return false };
        match deed {
            Deed::Spawned => task.name.is_some(),
            Deed::Ready => task.is_ready,
            Deed::Runs => task.is_running,
            Deed::Computes => task.is_computing,
            Deed::Returns => task.ended == Some(PollOutcome::Ready),
            Deed::Failed => task.ended == Some(PollOutcome::Failed),
            Deed::Panicked => task.ended == Some(PollOutcome::Panicked),
            Deed::Cancelled => task.is_dropped,
            Deed::Done => task.ended.is_some() || task.is_dropped,
            Deed::Waits(what, place) => {
                let mut waits = self.waits.values().filter(|wait| wait.task == id && !wait.is_over && !task.is_dropped);
                waits.any(|wait| self.is_wait(wait, what.as_ref(), place.as_ref()))
            }
            _ => false,
        }
    }

    fn is_wait(&self, wait: &Wait, what: Option<&For>, place: Option<&Pattern>) -> bool {
        what.is_none_or(|what| self.is_for(what, &wait.on)) && self.is_site(place, wait.site)
    }

    fn is(&self, thing: &Thing, is: &ThingIs) -> bool {
        let Some(state) = thing.state else { return false };
        match (is, state) {
            (ThingIs::Held(by), ResourceState::Lock { holder }) => {
                holder.is_some_and(|holder| by.as_ref().is_none_or(|by| self.is_task(by, holder)))
            }
            (ThingIs::Held(by), _) => {
                let mut holders = thing.permits.iter().filter(|(_, permits)| **permits > 0);
                holders.any(|(task, _)| by.as_ref().is_none_or(|by| self.is_task(by, *task)))
            }
            (is, state) => is_so(is, thing.kind, state),
        }
    }

    /// Whether a statement happens at this event.
    fn happens(&self, atom: &Atom, event: &Event, did: &mut BTreeSet<TaskId>) -> bool {
        match (atom, &event.kind) {
            (Atom::Task(who, deed), _) => {
                let Some(task) = self.doer(deed, event).filter(|task| self.is_task(&who.name, *task)) else {
                    return false;
                };
                let is_new = did.insert(task);
                match who.which {
                    Which::Any => true,
                    Which::Each => is_new && did.len() == self.count(&who.name),
                    Which::Nth(number) => is_new && did.len() == number as usize,
                }
            }
            (Atom::Thing(name, ThingIs::Changing), EventKind::ResourceChanged { resource, .. }) => {
                self.is_thing(name, *resource)
            }
            (Atom::Printed(line), EventKind::Printed { text, .. }) => line.matches(text),
            (Atom::Entered(function), EventKind::FrameEntered { name, .. }) => function.matches(name),
            (Atom::JobStarts(name), EventKind::JobStarted { job })
            | (Atom::JobDone(name), EventKind::JobFinished { job, .. }) => self.is_job(name, *job),
            (Atom::Idle, EventKind::LoopIdle { .. })
            | (Atom::RunEnds, EventKind::RunEnded { .. })
            | (Atom::CleanUp, EventKind::CleanUpBegan { .. }) => true,
            (Atom::Deadlock, kind) => is_deadlock(kind) && self.deadlocks == 1,
            _ => false,
        }
    }

    /// The task that does this at this event.
    fn doer(&self, deed: &Deed, event: &Event) -> Option<TaskId> {
        let state = |task: &TaskId| self.tasks.get(task);
        let (task, is_so) = match (deed, &event.kind) {
            (Deed::Spawned, EventKind::TaskSpawned { task, .. })
            | (Deed::Ready, EventKind::Enqueued { task, .. })
            | (Deed::Runs, EventKind::PollStarted { task })
            | (Deed::Done | Deed::Cancelled, EventKind::TaskDropped { task, .. })
            | (Deed::AskedToEnd, EventKind::CancelRequested { task, .. })
            | (Deed::Computes, EventKind::BusyBegan { task, .. }) => (*task, true),
            (Deed::Suspends, EventKind::PollEnded { task, outcome }) => (*task, *outcome == PollOutcome::Pending),
            (Deed::Returns, EventKind::PollEnded { task, outcome }) => (*task, *outcome == PollOutcome::Ready),
            (Deed::Failed, EventKind::PollEnded { task, outcome }) => (*task, *outcome == PollOutcome::Failed),
            (Deed::Panicked, EventKind::PollEnded { task, outcome }) => (*task, *outcome == PollOutcome::Panicked),
            (Deed::Done, EventKind::PollEnded { task, outcome }) => (*task, *outcome != PollOutcome::Pending),
            (Deed::Yields, EventKind::Enqueued { task, cause }) => (*task, matches!(cause, EnqueueCause::OwnYield(_))),
            (Deed::Woken(By::Task(by)), EventKind::Enqueued { task, cause }) => {
                (*task, cause.by().is_some_and(|waker| self.is_task(by, waker)))
            }
            (Deed::Woken(by), EventKind::Enqueued { task, cause }) => (*task, is_by(by, *cause)),
            (Deed::Wakes(woken), EventKind::Enqueued { task, cause }) => (cause.by()?, self.is_task(woken, *task)),
            (Deed::Spawns(new), EventKind::TaskSpawned { parent, name, .. }) => ((*parent)?, new.matches(name)),
            (Deed::Prints(line), EventKind::Printed { task, text, .. }) => ((*task)?, line.matches(text)),
            (Deed::Waits(what, place), EventKind::WaitBegan { task, wait, .. }) => {
                (*task, self.is_wait(self.waits.get(wait)?, what.as_ref(), place.as_ref()))
            }
            (Deed::GoesOn(None), EventKind::WaitEnded { task, .. }) => (*task, true),
            (Deed::GoesOn(place), EventKind::WaitEnded { task, wait }) => {
                (*task, self.is_wait(self.waits.get(wait)?, None, place.as_ref()))
            }
            (Deed::Waited(compare, time), EventKind::WaitEnded { task, wait }) => {
                (*task, compare.holds(event.at.since(self.waits.get(wait)?.began), *time))
            }
            (Deed::TimerFires(late), EventKind::TimerFired { timer }) => {
                let (task, deadline) = *self.timers.get(timer)?;
                (task, late.is_none_or(|(compare, by)| compare.holds(event.at.since(deadline), by)))
            }
            (Deed::TimerCancelled, EventKind::TimerCancelled { timer }) => (self.timers.get(timer)?.0, true),
            (Deed::Ran(compare, time), EventKind::PollEnded { task, .. }) => {
                (*task, compare.holds(event.at.since(state(task)?.runs_since), *time))
            }
            (Deed::WasReady(compare, time), EventKind::PollStarted { task }) => {
                (*task, compare.holds(event.at.since(state(task)?.ready_since?), *time))
            }
            _ => return None,
        };
        is_so.then_some(task)
    }
}

fn is_enough(who: &Who, count: usize, all: usize) -> bool {
    match who.which {
        Which::Any => count > 0,
        Which::Each => count > 0 && count == all,
        Which::Nth(number) => count >= number as usize,
    }
}

fn is_deadlock(kind: &EventKind) -> bool {
    let (EventKind::RunEnded { outcome } | EventKind::CleanUpBegan { outcome }) = kind else { return false };
    *outcome == Outcome::Deadlock
}

/// The moments that a fact asks of.
pub(crate) fn moments_of(fact: &Fact) -> Vec<Moment> {
    match &fact.asks {
        Asks::TimeOf(which) | Asks::NameOf(which) | Asks::TextOf(which) => vec![which.moment.clone()],
        Asks::CountOf(moment, before) => std::iter::once(moment).chain(before).cloned().collect(),
        Asks::CountTasks(moment) | Asks::Happens(moment) => vec![moment.clone()],
        Asks::Elapsed | Asks::Iterations | Asks::AtOnce | Asks::Sum(..) => Vec::new(),
    }
}
