//! What a run was, reckoned event by event: each fact that is asked, without a second look at any event.

use super::facts::{Asks, Fact, Occurrence, Sum};
use super::names::{Marks, NameOf, Names};
use super::sets::IdMap;
use super::value::Value;
use super::watch::Watches;
use crate::event::{Event, EventKind, Nanos, PollOutcome, TaskId, WorkerId};
use std::sync::Arc;

/// Reckons the facts that are asked.
#[derive(Debug)]
pub struct Reckoner {
    asked: Vec<(Fact, How)>,
    watches: Watches,
    seen: Vec<Seen>,
    names: Names,
    /// Whether anything is summed up over tasks.
    has_sums: bool,
    /// Whether a task's name is asked for.
    has_names: bool,
    task_names: IdMap<TaskId, Arc<str>>,
    does: IdMap<TaskId, (Does, Nanos)>,
    now: Nanos,
    iterations: usize,
    at_once: AtOnce,
}

/// How a fact is reckoned.
#[derive(Debug)]
enum How {
    /// From what the reckoner knows anyway.
    Plain,
    /// Over the tasks of a name.
    Sum(Sum, NameOf, Total),
    /// From the comings of the moment of that place.
    Moment(usize),
    /// From those that come before the first one of another place.
    Before(usize),
}

#[derive(Debug, Clone, Copy, Default)]
struct Total {
    count: usize,
    time: Nanos,
    longest: Nanos,
}

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Ready,
    Run,
    Wait,
}

/// The comings of a moment.
#[derive(Debug, Default)]
struct Seen {
    count: usize,
    first: Option<Coming>,
    last: Option<Coming>,
    /// The tasks that it was about.
    tasks: super::sets::Bits,
    /// Whether it is counted no more.
    is_closed: bool,
    /// Those whose count this moment ends.
    closes: Option<usize>,
}

#[derive(Debug, Clone)]
struct Coming {
    at: Nanos,
    task: Option<TaskId>,
    text: Option<Arc<str>>,
}

/// The most threads that ran a task at the same instant.
#[derive(Debug, Default)]
struct AtOnce {
    /// How deep each is in polls: an executor may run within a task.
    depths: Vec<(WorkerId, usize)>,
    now: usize,
    most: usize,
}

impl Reckoner {
    /// Reckons these facts of a run whose source has these marks.
    #[must_use]
    pub fn new(asked: impl IntoIterator<Item = Fact>, marks: &Marks) -> Self {
        let mut reckoner = Self {
            asked: Vec::new(),
            watches: Watches::new(marks),
            seen: Vec::new(),
            names: Names::new(Marks::default()),
            has_sums: false,
            has_names: false,
            task_names: IdMap::default(),
            does: IdMap::default(),
            now: Nanos::ZERO,
            iterations: 0,
            at_once: AtOnce::default(),
        };
        for fact in asked {
            if reckoner.asked.iter().any(|(known, _)| known.key == fact.key) {
                continue;
            }
            let how = match &fact.asks {
                Asks::Elapsed | Asks::Iterations | Asks::AtOnce => How::Plain,
                Asks::Sum(sum, tasks) => {
                    reckoner.has_sums = true;
                    How::Sum(*sum, reckoner.names.task(tasks), Total::default())
                }
                Asks::TimeOf(Occurrence { moment, .. })
                | Asks::TextOf(Occurrence { moment, .. })
                | Asks::CountOf(moment, None)
                | Asks::CountTasks(moment)
                | Asks::Happens(moment) => How::Moment(reckoner.follow(moment, None)),
                Asks::NameOf(Occurrence { moment, .. }) => {
                    reckoner.has_names = true;
                    How::Moment(reckoner.follow(moment, None))
                }
                Asks::CountOf(moment, Some(before)) => {
                    // Followed first, so that an event that is both is not counted.
                    let closes = reckoner.seen.len() + 1;
                    reckoner.follow(before, Some(closes));
                    How::Before(reckoner.follow(moment, None))
                }
            };
            reckoner.asked.push((fact, how));
        }
        reckoner
    }

    fn follow(&mut self, moment: &super::Moment, closes: Option<usize>) -> usize {
        self.seen.push(Seen { closes, ..Seen::default() });
        self.watches.add(moment)
    }

    /// Takes the next event.
    pub fn push(&mut self, event: &Event) {
        self.now = event.at;
        match &event.kind {
            EventKind::IterationStarted { .. } => self.iterations += 1,
            EventKind::TaskSpawned { task, name, .. } => {
                self.names.learn(event);
                if self.has_names {
                    self.task_names.insert(*task, Arc::clone(name));
                }
                if self.has_sums {
                    self.total(*task, |sum, total| total.count += usize::from(sum == Sum::Tasks));
                }
            }
            EventKind::Enqueued { task, .. } => self.turns(*task, Some(Does::Ready)),
            EventKind::PollStarted { task } => {
                self.turns(*task, Some(Does::Run));
                self.at_once.begins(event.worker);
                if self.has_sums {
                    self.total(*task, |sum, total| total.count += usize::from(sum == Sum::Polls));
                }
            }
            EventKind::PollEnded { task, outcome } => {
                self.at_once.ends(event.worker);
                self.turns(*task, (*outcome == PollOutcome::Pending).then_some(Does::Wait));
            }
            EventKind::TaskDropped { task, .. } => self.turns(*task, None),
            _ => {}
        }
        let seen = &mut self.seen;
        self.watches.push(event, |place, task| {
            let text = match &event.kind {
                EventKind::Printed { text, .. } => Some(Arc::clone(text)),
                _ => None,
            };
            let Some(moment) = seen.get_mut(place) else { return };
            if let Some(closes) = moment.closes {
                if let Some(closed) = seen.get_mut(closes) {
                    closed.is_closed = true;
                }
            } else if !moment.is_closed {
                moment.count += 1;
                if let Some(task) = task {
                    moment.tasks.add(task.0);
                }
                let coming = Coming { at: event.at, task, text };
                moment.first.get_or_insert_with(|| coming.clone());
                moment.last = Some(coming);
            }
        });
    }

    /// Takes an event that tells how things stood before the events that are left.
    pub fn learn(&mut self, event: &Event) {
        self.names.learn(event);
        if let EventKind::TaskSpawned { task, name, .. } = &event.kind
            && self.has_names
        {
            self.task_names.insert(*task, Arc::clone(name));
        }
        self.watches.learn(event);
    }

    /// A task does something else from now on.
    fn turns(&mut self, task: TaskId, does: Option<Does>) {
        if !self.has_sums {
            return;
        }
        let before = match does {
            Some(does) => self.does.insert(task, (does, self.now)),
            None => self.does.remove(&task),
        };
        if let Some((did, since)) = before {
            let length = self.now.since(since);
            self.total(task, |sum, total| total.spend(sum, did, length));
        }
    }

    fn total(&mut self, task: TaskId, change: impl Fn(Sum, &mut Total)) {
        for (_, how) in &mut self.asked {
            if let How::Sum(sum, name, total) = how
                && self.names.is_task(*name, task)
            {
                change(*sum, total);
            }
        }
    }

    /// Every fact that was asked, as of the last event.
    #[must_use]
    pub fn known(&self) -> Vec<(Fact, Value)> {
        self.asked.iter().map(|(fact, how)| (fact.clone(), self.value(fact, how))).collect()
    }

    fn value(&self, fact: &Fact, how: &How) -> Value {
        let seen = match how {
            How::Moment(place) | How::Before(place) => self.seen.get(*place),
            How::Plain | How::Sum(..) => None,
        };
        let coming = |which: &Occurrence| {
            seen.and_then(|seen| if which.is_last { seen.last.as_ref() } else { seen.first.as_ref() })
        };
        let text = |text: Option<&Arc<str>>| text.map_or(Value::Unknown, |text| Value::Text(text.to_string()));
        match (&fact.asks, how) {
            (Asks::Elapsed, _) => Value::time(self.now),
            (Asks::Iterations, _) => Value::count(self.iterations),
            (Asks::AtOnce, _) => Value::count(self.at_once.most),
            (Asks::Sum(..), How::Sum(sum, name, total)) => self.sum(*sum, *name, *total),
            (Asks::TimeOf(which), _) => coming(which).map_or(Value::Unknown, |coming| Value::time(coming.at)),
            (Asks::TextOf(which), _) => text(coming(which).and_then(|coming| coming.text.as_ref())),
            (Asks::NameOf(which), _) => text(coming(which).and_then(|coming| self.task_names.get(&coming.task?))),
            (Asks::CountOf(..), _) => Value::count(seen.map_or(0, |seen| seen.count)),
            (Asks::CountTasks(_), _) => Value::count(seen.map_or(0, |seen| seen.tasks.len())),
            (Asks::Happens(_), _) => Value::Truth(seen.is_some_and(|seen| seen.count > 0)),
            (Asks::Sum(..), _) => Value::Unknown,
        }
    }

    /// A total with what goes on at the last event.
    fn sum(&self, sum: Sum, name: NameOf, mut total: Total) -> Value {
        for (task, (does, since)) in &self.does {
            if self.names.is_task(name, *task) {
                total.spend(sum, *does, self.now.since(*since));
            }
        }
        match sum {
            Sum::Tasks | Sum::Polls => Value::count(total.count),
            Sum::Running | Sum::Ready | Sum::Waiting => Value::time(total.time),
            Sum::LongestReady | Sum::LongestPoll => Value::time(total.longest),
        }
    }
}

impl Total {
    fn spend(&mut self, sum: Sum, did: Does, length: Nanos) {
        let of = match sum {
            Sum::Tasks | Sum::Polls => return,
            Sum::Running | Sum::LongestPoll => Does::Run,
            Sum::Ready | Sum::LongestReady => Does::Ready,
            Sum::Waiting => Does::Wait,
        };
        if did == of {
            self.time = self.time + length;
            self.longest = self.longest.max(length);
        }
    }
}

impl AtOnce {
    fn begins(&mut self, worker: WorkerId) {
        match self.depths.iter_mut().find(|(of, _)| *of == worker) {
            Some((_, depth)) => *depth += 1,
            None => self.depths.push((worker, 1)),
        }
        let begins = self.depths.iter().any(|(of, depth)| *of == worker && *depth == 1);
        self.now += usize::from(begins);
        self.most = self.most.max(self.now);
    }

    fn ends(&mut self, worker: WorkerId) {
        if let Some((_, depth)) = self.depths.iter_mut().find(|(of, depth)| *of == worker && *depth > 0) {
            *depth -= 1;
            self.now -= usize::from(*depth == 0);
        }
    }
}
