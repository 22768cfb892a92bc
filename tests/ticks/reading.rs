//! A record read once more, event by event, without any of the library's own readings of it: what tasks did, where, and how
//! things stood at each event. It knows no moment.

use loopscope::event::{
    EnqueueCause, Event, EventKind, JobId, Nanos, Outcome, PollOutcome, ResourceId, ResourceKind, ResourceState,
    SiteId, TaskId, TimerId, TimerPurpose, WaitId, WaitOn,
};
use loopscope::scenarios::{Params, Scenario};
use std::cell::RefCell;
use std::collections::HashMap;

/// Places of events in a record.
pub(crate) type Events = Vec<usize>;

/// A record with the names of what it speaks of.
pub(crate) struct Reading {
    pub(crate) params: Params,
    pub(crate) events: Vec<Event>,
    /// How many polls had begun at each event.
    turns: Vec<usize>,
    tasks: HashMap<TaskId, String>,
    things: HashMap<ResourceId, (String, ResourceKind)>,
    jobs: HashMap<JobId, String>,
    marks: HashMap<SiteId, String>,
    waits: HashMap<WaitId, Wait>,
    timers: HashMap<TimerId, Timer>,
    /// The text that is judged.
    said: RefCell<String>,
    /// What every run of it is given.
    set: Vec<String>,
    scenario: &'static str,
}

/// A timer as it was set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timer {
    pub(crate) task: TaskId,
    pub(crate) deadline: Nanos,
    pub(crate) purpose: TimerPurpose,
}

/// A wait from its begin to its end.
#[derive(Debug, Clone)]
pub(crate) struct Wait {
    pub(crate) task: TaskId,
    pub(crate) on: WaitOn,
    pub(crate) site: SiteId,
    pub(crate) ended: Option<usize>,
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    New,
    Ready,
    Runs,
    Waits,
    Over,
}

/// How things stand right after an event.
#[derive(Debug, Default)]
pub(crate) struct Now {
    pub(crate) tasks: HashMap<TaskId, (Stands, Nanos)>,
    pub(crate) things: HashMap<String, ResourceState>,
    /// Waits that have begun and not ended, in order.
    pub(crate) waits: Vec<WaitId>,
}

impl Reading {
    pub(crate) fn new(scenario: &Scenario, params: Params, set: &[String], events: Vec<Event>) -> Self {
        let mut reading = Self {
            params,
            turns: Vec::with_capacity(events.len()),
            tasks: HashMap::new(),
            things: HashMap::new(),
            jobs: HashMap::new(),
            marks: HashMap::new(),
            waits: HashMap::new(),
            timers: HashMap::new(),
            said: RefCell::default(),
            set: set.to_vec(),
            scenario: scenario.id,
            events: Vec::new(),
        };
        let lines: Vec<&str> = scenario.rust.text.lines().collect();
        let mut turn = 0;
        for (index, event) in events.iter().enumerate() {
            match &event.kind {
                EventKind::SiteDefined { site, file, line, .. } if file.ends_with(scenario.rust.file) => {
                    let text = lines.get(*line as usize - 1).copied().unwrap_or_default();
                    if let Some((_, mark)) = text.split_once("//~ ") {
                        reading.marks.insert(*site, mark.trim().to_owned());
                    }
                }
                EventKind::TaskSpawned { task, name, .. } => {
                    reading.tasks.insert(*task, name.to_string());
                }
                EventKind::ResourceCreated { resource, kind, name } => {
                    reading.things.insert(*resource, (name.to_string(), *kind));
                }
                EventKind::JobQueued { job, name, .. } => {
                    reading.jobs.insert(*job, name.to_string());
                }
                EventKind::TimerArmed { timer, task, deadline, purpose, .. } => {
                    let timer_set = Timer { task: *task, deadline: *deadline, purpose: *purpose };
                    reading.timers.insert(*timer, timer_set);
                }
                EventKind::WaitBegan { task, wait, on, site, .. } => {
                    let wait_began = Wait { task: *task, on: on.clone(), site: *site, ended: None };
                    reading.waits.insert(*wait, wait_began);
                }
                EventKind::WaitEnded { wait, .. } => {
                    if let Some(wait) = reading.waits.get_mut(wait) {
                        wait.ended = Some(index);
                    }
                }
                EventKind::PollStarted { .. } => turn += 1,
                _ => {}
            }
            reading.turns.push(turn);
        }
        reading.events = events;
        reading
    }

    pub(crate) fn count(&self, name: &str) -> usize {
        self.params.count(name) as usize
    }

    pub(crate) fn time(&self, name: &str) -> Nanos {
        Nanos(u64::try_from(self.params.time(name).as_nanos()).unwrap())
    }

    pub(crate) fn is(&self, name: &str, word: &str) -> bool {
        self.params.choice(name) == word
    }

    pub(crate) fn at(&self, event: usize) -> Nanos {
        self.events[event].at
    }

    /// When the first of these events was, if there is one.
    pub(crate) fn when(&self, events: &[usize]) -> Option<Nanos> {
        events.first().map(|event| self.at(*event))
    }

    pub(crate) fn end(&self) -> Nanos {
        self.events.last().map_or(Nanos::ZERO, |event| event.at)
    }

    /// Whether two events are of one poll, or of what the loop does between two, and of one instant.
    pub(crate) fn is_one_turn(&self, one: usize, other: usize) -> bool {
        self.turns[one] == self.turns[other] && self.at(one) == self.at(other)
    }

    /// How many polls had begun.
    pub(crate) fn turn(&self, event: usize) -> usize {
        self.turns[event]
    }

    pub(crate) fn task(&self, task: TaskId) -> &str {
        self.tasks.get(&task).map_or("", String::as_str)
    }

    pub(crate) fn thing(&self, thing: ResourceId) -> &str {
        self.things.get(&thing).map_or("", |(name, _)| name)
    }

    pub(crate) fn job(&self, job: JobId) -> &str {
        self.jobs.get(&job).map_or("", String::as_str)
    }

    pub(crate) fn mark(&self, site: SiteId) -> &str {
        self.marks.get(&site).map_or("", String::as_str)
    }

    pub(crate) fn wait(&self, wait: WaitId) -> &Wait {
        &self.waits[&wait]
    }

    pub(crate) fn timer(&self, timer: TimerId) -> Timer {
        self.timers[&timer]
    }

    /// The timer that fired or was cancelled at an event.
    pub(crate) fn timer_at(&self, event: usize) -> Option<Timer> {
        match self.events[event].kind {
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => Some(self.timer(timer)),
            _ => None,
        }
    }

    /// From now on this text is judged.
    pub(crate) fn judge(&self, text: &str) {
        text.clone_into(&mut self.said.borrow_mut());
    }

    /// Whether the text that is judged has these words.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.said.borrow().contains(words)
    }

    /// How long the same run takes with something else set.
    pub(crate) fn end_with(&self, set: &str) -> Nanos {
        let sets = self.set.iter().map(String::as_str).chain([set]);
        let session = super::support::run_scenario(self.scenario, &sets.collect::<Vec<_>>());
        session.record().log().end()
    }

    /// The names of tasks that match, in the order in which they were spawned.
    pub(crate) fn names(&self, pattern: &str) -> Vec<&str> {
        let mut ids: Vec<_> = self.tasks.keys().copied().collect();
        ids.sort_unstable();
        ids.iter().map(|id| self.task(*id)).filter(|name| glob(pattern, name)).collect()
    }

    /// The events of which this is true.
    pub(crate) fn all(&self, is_it: impl Fn(&EventKind) -> bool) -> Events {
        let events = self.events.iter().enumerate();
        events.filter(|(_, event)| is_it(&event.kind)).map(|(index, _)| index).collect()
    }

    /// The events of which this is true, told how things stand right after each.
    pub(crate) fn scan(&self, mut is_it: impl FnMut(&Now, usize, &Event) -> bool) -> Events {
        let mut now = Now::default();
        let mut found = Vec::new();
        for (index, event) in self.events.iter().enumerate() {
            now.take(event, self);
            if is_it(&now, index, event) {
                found.push(index);
            }
        }
        found
    }

    pub(crate) fn printed(&self, line: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::Printed { text, .. } if glob(line, text)))
    }

    /// The lines in order.
    pub(crate) fn lines(&self) -> Vec<&str> {
        let lines = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Printed { text, .. } => Some(&**text),
            _ => None,
        });
        lines.collect()
    }

    pub(crate) fn spawned(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::TaskSpawned { name: new, .. } if glob(name, new)))
    }

    pub(crate) fn runs(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::PollStarted { task } if glob(name, self.task(*task))))
    }

    pub(crate) fn polls_end(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::PollEnded { task, .. } if glob(name, self.task(*task))))
    }

    fn ends_so(&self, name: &str, so: PollOutcome) -> Events {
        self.all(|kind| {
            matches!(kind, EventKind::PollEnded { task, outcome } if *outcome == so && glob(name, self.task(*task)))
        })
    }

    /// Where a task returned what it was to return.
    pub(crate) fn returned(&self, name: &str) -> Events {
        self.ends_so(name, PollOutcome::Ready)
    }

    pub(crate) fn failed(&self, name: &str) -> Events {
        self.ends_so(name, PollOutcome::Failed)
    }

    pub(crate) fn panicked(&self, name: &str) -> Events {
        self.ends_so(name, PollOutcome::Panicked)
    }

    pub(crate) fn dropped(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::TaskDropped { task, .. } if glob(name, self.task(*task))))
    }

    /// Where a task ended in whatever way.
    pub(crate) fn ended(&self, name: &str) -> Events {
        let is_end = |outcome: &PollOutcome| *outcome != PollOutcome::Pending;
        self.all(|kind| match kind {
            EventKind::PollEnded { task, outcome } => is_end(outcome) && glob(name, self.task(*task)),
            EventKind::TaskDropped { task, .. } => glob(name, self.task(*task)),
            _ => false,
        })
    }

    pub(crate) fn ready(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::Enqueued { task, .. } if glob(name, self.task(*task))))
    }

    /// Where a task asked to run again.
    pub(crate) fn yields(&self, name: &str) -> Events {
        self.all(|kind| {
            matches!(kind, EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(_) } if glob(name, self.task(*task)))
        })
    }

    /// The task that an event is about.
    pub(crate) fn who(&self, event: usize) -> &str {
        match self.events[event].kind {
            EventKind::TaskSpawned { task, .. }
            | EventKind::Enqueued { task, .. }
            | EventKind::PollStarted { task }
            | EventKind::PollEnded { task, .. }
            | EventKind::TaskDropped { task, .. }
            | EventKind::WaitBegan { task, .. }
            | EventKind::WaitEnded { task, .. } => self.task(task),
            EventKind::Printed { task, .. } => task.map_or("", |task| self.task(task)),
            _ => "",
        }
    }

    /// The line that was printed at an event.
    pub(crate) fn line(&self, event: usize) -> &str {
        match &self.events[event].kind {
            EventKind::Printed { text, .. } => text,
            _ => "",
        }
    }

    /// Where it came to be a task that a lock is held by.
    pub(crate) fn held(&self, lock: &str, by: &str) -> Events {
        self.becomes(
            lock,
            |state| matches!(state, ResourceState::Lock { holder: Some(holder) } if self.task(holder) == by),
        )
    }

    /// Those of these events at which things stand so.
    pub(crate) fn while_(&self, events: Events, is_so: impl Fn(&Now) -> bool) -> Events {
        let mut events = events.into_iter().peekable();
        self.scan(|now, index, _| events.next_if_eq(&index).is_some() && is_so(now))
    }

    /// Where one task made another ready.
    pub(crate) fn woken(&self, name: &str, by: &str) -> Events {
        self.all(|kind| match kind {
            EventKind::Enqueued { task, cause } => {
                waker(*cause).is_some_and(|waker| glob(by, self.task(waker))) && glob(name, self.task(*task))
            }
            _ => false,
        })
    }

    pub(crate) fn waits(&self, name: &str, mark: &str) -> Events {
        self.all(|kind| match kind {
            EventKind::WaitBegan { task, site, .. } => glob(name, self.task(*task)) && self.mark(*site) == mark,
            _ => false,
        })
    }

    /// Where a task began to wait for a shared thing.
    pub(crate) fn waits_for(&self, name: &str, thing: &str) -> Events {
        self.all(|kind| match kind {
            EventKind::WaitBegan { task, on: WaitOn::Resource(on, _), .. } => {
                glob(name, self.task(*task)) && self.thing(*on) == thing
            }
            _ => false,
        })
    }

    pub(crate) fn goes_on(&self, name: &str, mark: &str) -> Events {
        self.all(|kind| match kind {
            EventKind::WaitEnded { task, wait } => {
                glob(name, self.task(*task)) && self.mark(self.wait(*wait).site) == mark
            }
            _ => false,
        })
    }

    pub(crate) fn fires(&self, name: &str) -> Events {
        self.all(
            |kind| matches!(kind, EventKind::TimerFired { timer } if glob(name, self.task(self.timer(*timer).task))),
        )
    }

    /// Where a timer fired after it was due.
    pub(crate) fn fires_late(&self, name: &str) -> Events {
        let late = |event: &usize| self.timer_at(*event).is_some_and(|timer| self.at(*event) > timer.deadline);
        self.fires(name).into_iter().filter(late).collect()
    }

    pub(crate) fn timer_cancelled(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::TimerCancelled { timer } if glob(name, self.task(self.timer(*timer).task))))
    }

    pub(crate) fn idle(&self) -> Events {
        self.all(|kind| matches!(kind, EventKind::LoopIdle { .. }))
    }

    pub(crate) fn entered(&self, function: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::FrameEntered { name, .. } if glob(function, name)))
    }

    pub(crate) fn computes(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::BusyBegan { task, .. } if glob(name, self.task(*task))))
    }

    pub(crate) fn asked_to_end(&self, name: &str) -> Events {
        self.all(|kind| matches!(kind, EventKind::CancelRequested { task, .. } if glob(name, self.task(*task))))
    }

    pub(crate) fn run_ends(&self) -> Events {
        self.all(|kind| matches!(kind, EventKind::RunEnded { .. }))
    }

    pub(crate) fn deadlock(&self) -> Events {
        self.all(|kind| {
            matches!(
                kind,
                EventKind::RunEnded { outcome: Outcome::Deadlock }
                    | EventKind::CleanUpBegan { outcome: Outcome::Deadlock }
            )
        })
    }

    /// Where a shared thing came to be so.
    pub(crate) fn becomes(&self, thing: &str, is_so: impl Fn(ResourceState) -> bool) -> Events {
        let mut was = false;
        self.scan(|now, _, event| {
            let is = now.things.get(thing).is_some_and(|state| is_so(*state));
            let began = is && !was && matches!(event.kind, EventKind::ResourceChanged { .. });
            was = is;
            began
        })
    }

    /// How many polls tasks had.
    pub(crate) fn polls(&self, name: &str) -> usize {
        self.runs(name).len()
    }
}

impl Now {
    fn take(&mut self, event: &Event, reading: &Reading) {
        let at = event.at;
        let mut stands = |task: TaskId, stands: Stands| {
            self.tasks.insert(task, (stands, at));
        };
        match &event.kind {
            EventKind::TaskSpawned { task, .. } => stands(*task, Stands::New),
            EventKind::Enqueued { task, .. } => stands(*task, Stands::Ready),
            EventKind::PollStarted { task } => stands(*task, Stands::Runs),
            EventKind::PollEnded { task, outcome } => {
                // One that woke itself is ready already.
                let is_pending = *outcome == PollOutcome::Pending;
                stands(*task, if is_pending { Stands::Waits } else { Stands::Over });
            }
            EventKind::TaskDropped { task, .. } => {
                stands(*task, Stands::Over);
                self.waits.retain(|wait| reading.wait(*wait).task != *task);
            }
            EventKind::WaitBegan { wait, .. } => self.waits.push(*wait),
            EventKind::WaitEnded { wait, .. } => self.waits.retain(|other| other != wait),
            EventKind::ResourceCreated { kind, name, .. } => {
                self.things.insert(name.to_string(), at_first(*kind));
            }
            EventKind::ResourceChanged { resource, state, .. } => {
                self.things.insert(reading.thing(*resource).to_owned(), *state);
            }
            _ => {}
        }
    }

    pub(crate) fn stands(&self, reading: &Reading, name: &str, stands: Stands) -> usize {
        self.tasks.iter().filter(|(task, (is, _))| *is == stands && glob(name, reading.task(**task))).count()
    }

    /// The names of the tasks that wait for a shared thing, the first in line first.
    pub(crate) fn line<'r>(&self, reading: &'r Reading, thing: &str) -> Vec<&'r str> {
        let waits = self.waits.iter().map(|wait| reading.wait(*wait));
        let for_it = waits.filter(|wait| matches!(wait.on, WaitOn::Resource(on, _) if reading.thing(on) == thing));
        for_it.map(|wait| reading.task(wait.task)).collect()
    }

    /// How many tasks wait at a line.
    pub(crate) fn waiting_at(&self, reading: &Reading, name: &str, mark: &str) -> usize {
        let waits = self.waits.iter().map(|wait| reading.wait(*wait));
        waits.filter(|wait| reading.mark(wait.site) == mark && glob(name, reading.task(wait.task))).count()
    }

    /// How many tasks wait for a timer.
    pub(crate) fn asleep(&self, reading: &Reading, name: &str) -> usize {
        let waits = self.waits.iter().map(|wait| reading.wait(*wait));
        waits.filter(|wait| matches!(wait.on, WaitOn::Sleep { .. }) && glob(name, reading.task(wait.task))).count()
    }

    pub(crate) fn level(&self, thing: &str) -> Option<u32> {
        self.things.get(thing).map(|state| state.level())
    }
}

fn at_first(kind: ResourceKind) -> ResourceState {
    match kind {
        ResourceKind::Queue { .. } => ResourceState::Queue { length: 0 },
        ResourceKind::Semaphore { permits } => ResourceState::Semaphore { free: permits },
        ResourceKind::Lock => ResourceState::Lock { holder: None },
        ResourceKind::Event => ResourceState::Event { is_set: false },
        ResourceKind::Condition => ResourceState::Condition { waiting: 0 },
        ResourceKind::Barrier { .. } => ResourceState::Barrier { waiting: 0 },
        ResourceKind::OneShot => ResourceState::OneShot { is_sent: false },
        ResourceKind::Broadcast { .. } => ResourceState::Broadcast { length: 0 },
        ResourceKind::Held => ResourceState::Held { is_open: false },
    }
}

/// The task that made another ready.
pub(crate) fn waker(cause: EnqueueCause) -> Option<TaskId> {
    match cause {
        EnqueueCause::WokenBy(by) | EnqueueCause::Joined(by) | EnqueueCause::Gathered(by) => Some(by),
        _ => None,
    }
}

/// Whether a name is that of a pattern, in which each `*` stands for anything.
pub(crate) fn glob(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            let starts = left.char_indices().map(|(place, _)| place).chain([left.len()]);
            starts.into_iter().any(|place| glob(rest, &left[place..]))
        }),
    }
}

/// The first of these events.
pub(crate) fn first(events: Events) -> Events {
    events.into_iter().take(1).collect()
}

/// The last of these events.
pub(crate) fn last(events: Events) -> Events {
    events.into_iter().last().into_iter().collect()
}

/// Those after the first of others; none where there is none of those.
pub(crate) fn after(events: Events, others: &[usize]) -> Events {
    let Some(other) = others.first() else { return Vec::new() };
    events.into_iter().filter(|event| event > other).collect()
}

/// Those before the first of others.
pub(crate) fn before(events: Events, others: &[usize]) -> Events {
    let Some(other) = others.first() else { return events };
    events.into_iter().filter(|event| event < other).collect()
}

/// These events where something is so, else none.
pub(crate) fn where_(is_so: bool, events: Events) -> Events {
    if is_so { events } else { Vec::new() }
}

/// Some events and others, in order.
pub(crate) fn either(some: Events, others: Events) -> Events {
    let mut all = [some, others].concat();
    all.sort_unstable();
    all
}

/// A small number as a word.
pub(crate) fn word(number: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// How often, in words.
pub(crate) fn times(number: usize) -> String {
    match number {
        1 => "once".into(),
        2 => "twice".into(),
        _ => format!("{} times", word(number)),
    }
}
