//! One statement of a moment, followed event by event: whether it happens now, and whether it holds.
//!
//! It asks names and the ledger for what came before; it knows no other statement.

use super::ledger::{Keeps, Ledger};
use super::names::{NameOf, Names};
use super::pattern::Pattern;
use super::sets::{Bits, IdMap};
use super::thing::ThingWatch;
use super::tree::{Atom, By, Compare, Counted, Deed, For, Nature, Which, Who};
use crate::event::{
    EnqueueCause, Event, EventKind, Nanos, Outcome, PollOutcome, SiteId, TaskId, WaitId, WaitOn, kinds,
};

/// A statement with what it has seen.
#[derive(Debug)]
pub(super) struct Statement {
    /// The kinds of events that concern it.
    pub(super) kinds: u64,
    pub(super) happens: bool,
    pub(super) holds: bool,
    asks: Asks,
}

#[derive(Debug)]
enum Asks {
    Task(TaskWatch),
    Thing(ThingWatch),
    Printed(Pattern),
    Entered(Pattern),
    JobStarts(NameOf),
    JobDone(NameOf),
    Count { counted: Counted, compare: Compare, number: f64, iterations: u64 },
    At(Nanos),
    Idle,
    Deadlock { is_told: bool },
    RunEnds,
    CleanUp,
}

/// A statement on tasks.
#[derive(Debug)]
struct TaskWatch {
    which: Which,
    name: NameOf,
    deed: Act,
    /// Whether somebody asks if it holds.
    is_state: bool,
    /// The tasks of which it came true, for `each` and `the 2nd`.
    did: Bits,
    /// The tasks of which it holds, each with its reasons.
    holding: IdMap<TaskId, u32>,
    /// The waits that are a reason.
    waits: IdMap<WaitId, TaskId>,
}

/// What is done, its names by their places.
#[derive(Debug)]
enum Act {
    Plain(Deed),
    Waits { on: Option<On>, at: Option<NameOf> },
    GoesOn { at: Option<NameOf> },
    Wakes(NameOf),
    WokenByTask(NameOf),
    Spawns(Pattern),
}

#[derive(Debug)]
struct On {
    kind: For,
    thing: NameOf,
    task: NameOf,
    job: NameOf,
}

impl Statement {
    pub(super) fn new(atom: &Atom, is_state: bool, names: &mut Names) -> Self {
        let asks = match atom {
            Atom::Task(who, deed) => Asks::Task(TaskWatch::new(who, deed, is_state, names)),
            Atom::Thing(name, is) => Asks::Thing(ThingWatch::new(name, is, names)),
            Atom::Printed(line) => Asks::Printed(line.clone()),
            Atom::Entered(name) => Asks::Entered(name.clone()),
            Atom::JobStarts(name) => Asks::JobStarts(names.job(name)),
            Atom::JobDone(name) => Asks::JobDone(names.job(name)),
            Atom::Count(counted, compare, number) => {
                Asks::Count { counted: *counted, compare: *compare, number: *number, iterations: 0 }
            }
            Atom::At(time) => Asks::At(*time),
            Atom::Idle => Asks::Idle,
            Atom::Deadlock => Asks::Deadlock { is_told: false },
            Atom::RunEnds => Asks::RunEnds,
            Atom::CleanUp => Asks::CleanUp,
        };
        let kinds = match &asks {
            Asks::Task(watch) => watch.kinds(),
            Asks::Thing(watch) => watch.kinds(),
            Asks::Printed(_) => kinds::PRINTED,
            Asks::Entered(_) => kinds::ENTERED,
            Asks::JobStarts(_) => kinds::JOB_START,
            Asks::JobDone(_) => kinds::JOB_END,
            Asks::Count { counted: Counted::Iteration, .. } => kinds::ITERATION,
            Asks::Count { .. } => kinds::ENQUEUED | kinds::POLL | kinds::POLL_END | kinds::DROPPED,
            Asks::At(_) => kinds::ALL,
            Asks::Idle => kinds::IDLE | kinds::AWAKE | kinds::RUN_END | kinds::CLEAN_UP,
            Asks::Deadlock { .. } => kinds::RUN_END | kinds::CLEAN_UP,
            Asks::RunEnds => kinds::RUN_END,
            Asks::CleanUp => kinds::CLEAN_UP,
        };
        let holds = matches!(&asks, Asks::Count { compare, number, .. } if compare.holds(0.0, *number));
        Self { kinds, happens: false, holds, asks }
    }

    /// What it needs to be kept.
    pub(super) fn keeps(&self) -> Keeps {
        match &self.asks {
            Asks::Task(watch) => watch.keeps(),
            Asks::Count { counted, .. } => Keeps { census: *counted != Counted::Iteration, ..Keeps::default() },
            _ => Keeps::default(),
        }
    }

    /// Looks at an event of its kinds; whether anything is different now.
    pub(super) fn look(&mut self, event: &Event, names: &Names, ledger: &Ledger) -> bool {
        let held = self.holds;
        match &mut self.asks {
            Asks::Task(watch) => {
                self.happens = watch.look(event, names, ledger);
                self.holds = watch.holds(names);
            }
            Asks::Thing(watch) => {
                self.happens = watch.look(event, names);
                self.holds = watch.holds();
            }
            Asks::Printed(line) => {
                self.happens = matches!(&event.kind, EventKind::Printed { text, .. } if line.matches(text));
            }
            Asks::Entered(function) => {
                self.happens = matches!(&event.kind, EventKind::FrameEntered { name, .. } if function.matches(name));
            }
            Asks::JobStarts(name) => {
                self.happens = matches!(&event.kind, EventKind::JobStarted { job } if names.is_job(*name, *job));
            }
            Asks::JobDone(name) => {
                self.happens = matches!(&event.kind, EventKind::JobFinished { job, .. } if names.is_job(*name, *job));
            }
            Asks::Count { counted, compare, number, iterations } => {
                *iterations += u64::from(matches!(event.kind, EventKind::IterationStarted { .. }));
                let count = match counted {
                    Counted::Ready => ledger.ready.len() as u64,
                    Counted::Running => ledger.running.len() as u64,
                    Counted::Waiting => ledger.waiting.len() as u64,
                    Counted::Iteration => *iterations,
                };
                self.holds = compare.holds(count as f64, *number);
            }
            Asks::At(time) => self.holds = event.at >= *time,
            Asks::Idle => {
                self.happens = matches!(event.kind, EventKind::LoopIdle { .. });
                self.holds = self.happens;
            }
            Asks::Deadlock { is_told } => {
                let is_deadlock = matches!(
                    event.kind,
                    EventKind::RunEnded { outcome: Outcome::Deadlock }
                        | EventKind::CleanUpBegan { outcome: Outcome::Deadlock }
                );
                // The end of the run repeats it.
                self.happens = is_deadlock && !std::mem::replace(is_told, is_deadlock);
            }
            Asks::RunEnds | Asks::CleanUp => self.happens = true,
        }
        self.happens || self.holds != held
    }
}

impl TaskWatch {
    fn new(who: &Who, deed: &Deed, is_state: bool, names: &mut Names) -> Self {
        let act = match deed {
            Deed::Waits(on, at) => {
                Act::Waits { on: on.as_ref().map(|on| On::new(on, names)), at: at.as_ref().map(|at| names.site(at)) }
            }
            Deed::GoesOn(at) => Act::GoesOn { at: at.as_ref().map(|at| names.site(at)) },
            Deed::Wakes(woken) => Act::Wakes(names.task(woken)),
            Deed::Woken(By::Task(waker)) => Act::WokenByTask(names.task(waker)),
            Deed::Spawns(new) => Act::Spawns(new.clone()),
            deed => Act::Plain(deed.clone()),
        };
        let is_state = is_state && Atom::Task(who.clone(), deed.clone()).nature() == Nature::Both;
        let (holding, waits) = (IdMap::default(), IdMap::default());
        Self {
            which: who.which,
            name: names.task(&who.name),
            deed: act,
            is_state,
            did: Bits::default(),
            holding,
            waits,
        }
    }

    fn kinds(&self) -> u64 {
        let state = |kinds| if self.is_state { kinds } else { 0 };
        // What holds of each task holds no more as another of the name comes into being.
        let new = if self.which == Which::Each { state(kinds::SPAWNED) } else { 0 };
        new | match &self.deed {
            Act::Waits { .. } => kinds::WAIT | state(kinds::WAIT_END | kinds::DROPPED),
            Act::GoesOn { .. } => kinds::WAIT_END,
            Act::Wakes(_) | Act::WokenByTask(_) => kinds::ENQUEUED,
            Act::Spawns(_) => kinds::SPAWNED,
            Act::Plain(deed) => match deed {
                Deed::Ready => kinds::ENQUEUED | state(kinds::POLL | kinds::DROPPED),
                Deed::Yields | Deed::Woken(_) => kinds::ENQUEUED,
                Deed::Runs => kinds::POLL | state(kinds::POLL_END),
                Deed::WasReady(..) => kinds::POLL,
                Deed::Suspends | Deed::Returns | Deed::Failed | Deed::Panicked | Deed::Ran(..) => kinds::POLL_END,
                Deed::Done => kinds::POLL_END | kinds::DROPPED,
                Deed::Cancelled => kinds::DROPPED,
                Deed::AskedToEnd => kinds::CANCEL,
                Deed::Computes => kinds::BUSY | state(kinds::BUSY_END | kinds::DROPPED),
                Deed::Prints(_) => kinds::PRINTED,
                Deed::TimerFires(_) => kinds::FIRED,
                Deed::TimerCancelled => kinds::TIMER_CANCELLED,
                Deed::Waited(..) => kinds::WAIT_END,
                _ => kinds::SPAWNED,
            },
        }
    }

    fn keeps(&self) -> Keeps {
        let none = Keeps::default();
        match &self.deed {
            Act::GoesOn { at: Some(_) } | Act::Plain(Deed::Waited(..)) => Keeps { waits: true, ..none },
            Act::Plain(Deed::TimerFires(_) | Deed::TimerCancelled) => Keeps { timers: true, ..none },
            Act::Plain(Deed::Ran(..)) => Keeps { polls: true, ..none },
            Act::Plain(Deed::WasReady(..)) => Keeps { ready: true, ..none },
            _ => none,
        }
    }

    fn look(&mut self, event: &Event, names: &Names, ledger: &Ledger) -> bool {
        if self.is_state {
            self.let_go(event);
        }
        let Some(task) = self.deed.doer(event, names, ledger).filter(|task| names.is_task(self.name, *task)) else {
            return false;
        };
        if self.is_state {
            let reasons = self.holding.entry(task).or_default();
            match &event.kind {
                EventKind::WaitBegan { wait, .. } => {
                    *reasons += u32::from(self.waits.insert(*wait, task).is_none());
                }
                _ => *reasons = 1,
            }
        }
        match self.which {
            Which::Any => true,
            Which::Nth(number) => self.did.add(task.0) && self.did.len() == number as usize,
            Which::Each => self.did.add(task.0) && self.did.len() == names.count_tasks(self.name),
        }
    }

    /// Takes in that it holds no more.
    fn let_go(&mut self, event: &Event) {
        match (&event.kind, &self.deed) {
            (EventKind::WaitEnded { wait, .. }, _) => {
                let Some(task) = self.waits.remove(wait) else { return };
                if let Some(reasons) = self.holding.get_mut(&task) {
                    *reasons = reasons.saturating_sub(1);
                    if *reasons == 0 {
                        self.holding.remove(&task);
                    }
                }
            }
            (EventKind::PollStarted { task }, Act::Plain(Deed::Ready))
            | (EventKind::PollEnded { task, .. }, Act::Plain(Deed::Runs))
            | (EventKind::BusyEnded { task }, _)
            | (EventKind::TaskDropped { task, .. }, Act::Waits { .. } | Act::Plain(Deed::Ready | Deed::Computes)) => {
                self.holding.remove(task);
            }
            _ => {}
        }
    }

    fn holds(&self, names: &Names) -> bool {
        let count = self.holding.len();
        match self.which {
            Which::Any => count > 0,
            Which::Nth(number) => count >= number as usize,
            Which::Each => count > 0 && count == names.count_tasks(self.name),
        }
    }
}

impl On {
    fn new(kind: &For, names: &mut Names) -> Self {
        let pattern = match kind {
            For::Named(pattern) => pattern.clone(),
            _ => Pattern::anything(),
        };
        let [thing, task, job] = [names.thing(&pattern), names.task(&pattern), names.job(&pattern)];
        Self { kind: kind.clone(), thing, task, job }
    }

    fn is(&self, on: &WaitOn, names: &Names) -> bool {
        match &self.kind {
            For::Timer => matches!(on, WaitOn::Sleep { .. }),
            For::Job => matches!(on, WaitOn::Job(_)),
            For::Tasks => matches!(on, WaitOn::Join(_) | WaitOn::Tasks(..)),
            For::Io => matches!(on, WaitOn::Io(_)),
            For::Input => matches!(on, WaitOn::Input(_)),
            For::Stream => matches!(on, WaitOn::Stream(_)),
            For::Library => matches!(on, WaitOn::Foreign(_)),
            For::Named(pattern) => match on {
                WaitOn::Sleep { .. } => false,
                WaitOn::Join(task) => names.is_task(self.task, *task),
                WaitOn::Tasks(_, tasks) => tasks.iter().any(|task| names.is_task(self.task, *task)),
                WaitOn::Resource(thing, _) => names.is_thing(self.thing, *thing),
                WaitOn::Job(job) => names.is_job(self.job, *job),
                WaitOn::Input(name) | WaitOn::Stream(name) | WaitOn::Io(name) | WaitOn::Foreign(name) => {
                    pattern.matches(name)
                }
            },
        }
    }
}

impl Act {
    /// The task that does it at this event, if one does.
    fn doer(&self, event: &Event, names: &Names, ledger: &Ledger) -> Option<TaskId> {
        let is_at = |at: &Option<NameOf>, site: SiteId| at.is_none_or(|at| names.is_site(at, site));
        match (self, &event.kind) {
            (Self::Waits { on, at }, EventKind::WaitBegan { task, on: what, site, .. }) => {
                let is_it = on.as_ref().is_none_or(|on| on.is(what, names)) && is_at(at, *site);
                is_it.then_some(*task)
            }
            (Self::GoesOn { at: None }, EventKind::WaitEnded { task, .. }) => Some(*task),
            (Self::GoesOn { at }, EventKind::WaitEnded { task, wait }) => {
                ledger.wait(*wait).filter(|wait| is_at(at, wait.site)).map(|_| *task)
            }
            (Self::Wakes(woken), EventKind::Enqueued { task, cause }) => {
                cause.by().filter(|_| names.is_task(*woken, *task))
            }
            (Self::WokenByTask(by), EventKind::Enqueued { task, cause }) => {
                cause.by().filter(|waker| names.is_task(*by, *waker)).map(|_| *task)
            }
            (Self::Spawns(new), EventKind::TaskSpawned { parent, name, .. }) => parent.filter(|_| new.matches(name)),
            (Self::Plain(deed), _) => plain(deed, event, ledger),
            _ => None,
        }
    }
}

/// The task that does what needs no other names.
fn plain(deed: &Deed, event: &Event, ledger: &Ledger) -> Option<TaskId> {
    match (deed, &event.kind) {
        (Deed::Spawned, EventKind::TaskSpawned { task, .. })
        | (Deed::Ready, EventKind::Enqueued { task, .. })
        | (Deed::Yields, EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(_) })
        | (Deed::Runs, EventKind::PollStarted { task })
        | (Deed::Suspends, EventKind::PollEnded { task, outcome: PollOutcome::Pending })
        | (Deed::Returns, EventKind::PollEnded { task, outcome: PollOutcome::Ready })
        | (Deed::Failed, EventKind::PollEnded { task, outcome: PollOutcome::Failed })
        | (Deed::Panicked, EventKind::PollEnded { task, outcome: PollOutcome::Panicked })
        | (Deed::Done | Deed::Cancelled, EventKind::TaskDropped { task, .. })
        | (Deed::AskedToEnd, EventKind::CancelRequested { task, .. })
        | (Deed::Computes, EventKind::BusyBegan { task, .. }) => Some(*task),
        (Deed::Done, EventKind::PollEnded { task, outcome }) => (*outcome != PollOutcome::Pending).then_some(*task),
        (Deed::Woken(by), EventKind::Enqueued { task, cause }) => is_by(by, *cause).then_some(*task),
        (Deed::Prints(line), EventKind::Printed { task, text, .. }) => task.filter(|_| line.matches(text)),
        (Deed::TimerFires(late), EventKind::TimerFired { timer }) => {
            let timer = ledger.timer(*timer)?;
            let is_late = late.is_none_or(|(compare, by)| compare.holds(event.at.since(timer.deadline), by));
            is_late.then_some(timer.task)
        }
        (Deed::TimerCancelled, EventKind::TimerCancelled { timer }) => Some(ledger.timer(*timer)?.task),
        (Deed::Waited(compare, time), EventKind::WaitEnded { task, wait }) => {
            let length = event.at.since(ledger.wait(*wait)?.began);
            compare.holds(length, *time).then_some(*task)
        }
        (Deed::Ran(compare, time), EventKind::PollEnded { task, .. }) => {
            compare.holds(event.at.since(ledger.runs_since(*task)?), *time).then_some(*task)
        }
        (Deed::WasReady(compare, time), EventKind::PollStarted { task }) => {
            compare.holds(event.at.since(ledger.ready_since(*task)?), *time).then_some(*task)
        }
        _ => None,
    }
}

pub(super) fn is_by(by: &By, cause: EnqueueCause) -> bool {
    match by {
        By::Task(_) => false,
        By::Thread => matches!(cause, EnqueueCause::OtherThread),
        By::Timer => matches!(cause, EnqueueCause::Timer(_)),
        By::Io => matches!(cause, EnqueueCause::Io),
        By::Job => matches!(cause, EnqueueCause::JobDone(_)),
        By::User => matches!(cause, EnqueueCause::Answered),
    }
}
