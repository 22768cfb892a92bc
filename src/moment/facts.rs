//! What is known of a run: the parameters it was given, and, once it is over, what it was. It computes nothing itself.

use super::Moment;
use super::pattern::Pattern;
use super::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something to know of a run, by the text that asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub(super) key: Arc<str>,
    pub(super) asks: Asks,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asks {
    Elapsed,
    Iterations,
    AtOnce,
    Sum(Sum, Pattern),
    TimeOf(Occurrence),
    NameOf(Occurrence),
    TextOf(Occurrence),
    CountOf(Moment, Option<Moment>),
    CountTasks(Moment),
    Happens(Moment),
}

/// What is summed up over the tasks of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    Tasks,
    Polls,
    Running,
    Ready,
    Waiting,
    LongestReady,
    LongestPoll,
}

/// The first event at which a moment comes, or the last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Occurrence {
    pub(super) moment: Moment,
    pub(super) is_last: bool,
}

impl Fact {
    /// A value of its kind, for a look at what an expression gives before any run.
    fn sample(&self) -> Value {
        match &self.asks {
            Asks::Elapsed | Asks::TimeOf(_) => Value::Time(1_000_000_000),
            Asks::Sum(Sum::Tasks | Sum::Polls, _) => Value::Number(1.0),
            Asks::Sum(..) => Value::Time(1_000_000_000),
            Asks::Iterations | Asks::AtOnce | Asks::CountOf(..) | Asks::CountTasks(_) => Value::Number(1.0),
            Asks::TextOf(Occurrence { moment, .. }) => Value::Text(moment.cond().sample_text()),
            Asks::NameOf(_) => Value::Text(String::new()),
            Asks::Happens(_) => Value::Truth(true),
        }
    }
}

/// What is known of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    params: BTreeMap<String, Value>,
    known: BTreeMap<Arc<str>, Value>,
    is_sample: bool,
}

impl Facts {
    /// What is known before a run: its parameters.
    pub fn new(params: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self { params: params.into_iter().collect(), ..Self::default() }
    }

    /// These, with a made-up value for whatever only a run can tell: to see of which kind an answer is.
    #[must_use]
    pub fn sample(&self) -> Self {
        Self { is_sample: true, ..self.clone() }
    }

    /// Notes what a run was.
    pub fn note(&mut self, known: impl IntoIterator<Item = (Fact, Value)>) {
        self.known.extend(known.into_iter().map(|(fact, value)| (fact.key, value)));
    }

    /// Forgets what a run was; the parameters stay.
    pub fn forget_run(&mut self) {
        self.known.clear();
    }

    /// The parameter of that name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&Value> {
        self.params.get(name)
    }

    /// The names of the parameters.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.params.keys().map(String::as_str)
    }

    pub(super) fn of(&self, fact: &Fact) -> Value {
        match self.known.get(&fact.key) {
            Some(known) => known.clone(),
            None if self.is_sample => fact.sample(),
            None => Value::Unknown,
        }
    }
}
