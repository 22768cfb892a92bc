//! How far a run has come in its lesson, and what it was.
//!
//! It reads each event once as the record grows. Only where a step has not come by the end of the run it looks again, for the
//! steps after it.

use super::Plan;
use super::search::search;
use crate::event::{Event, Nanos};
use crate::moment::{Facts, Marks, Reckoner, Watches};
use crate::scenarios::{Answer, NOT_HERE, Scenario};
use crate::trace::{EventIndex, Record, RunPhase};

/// The steps of a lesson that a record has reached so far, and what is known of the run.
#[derive(Debug, Default)]
pub struct Progress {
    steps: Vec<StepState>,
    facts: Facts,
    follows: Option<Follows>,
    looked_at: EventIndex,
    is_over: bool,
    answer: Option<Answer>,
}

/// How a step of a lesson stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// The run has not come to it.
    NotYet,
    /// The run came to it at this event.
    Reached(EventIndex),
    /// It happened, but before a step that is listed before it.
    OutOfOrder {
        /// Where it happened first.
        event: EventIndex,
        /// The time of that.
        at: Nanos,
        /// The number of the first step that the run came to after it, from 1.
        before: usize,
    },
    /// It does not come in this run; why not.
    NotInThisRun(String),
}

impl StepState {
    /// The event at which the run came to it.
    #[must_use]
    pub fn event(&self) -> Option<EventIndex> {
        match self {
            Self::Reached(event) | Self::OutOfOrder { event, .. } => Some(*event),
            Self::NotYet | Self::NotInThisRun(_) => None,
        }
    }

    /// What is to be said of its place, where it is not simply the next.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        match self {
            Self::NotYet | Self::Reached(_) => None,
            Self::OutOfOrder { at, before, .. } => Some(format!("already at {at}, before step {before}")),
            Self::NotInThisRun(why) => Some(why.clone()),
        }
    }
}

/// What follows the events.
#[derive(Debug)]
struct Follows {
    scenario: &'static Scenario,
    marks: Marks,
    moments: Watches,
    /// The step of each of the moments: of one that cannot be read there is none.
    steps: Vec<usize>,
    reckoner: Reckoner,
}

impl Progress {
    /// Looks at the events that were added to the record since the last call.
    pub fn advance(&mut self, plan: &Plan, record: &Record) {
        let mut follows = match self.follows.take() {
            Some(follows) => follows,
            None => self.begin(plan),
        };
        if self.looked_at < record.first() {
            record.prelude().iter().for_each(|event| follows.learn(event));
            self.looked_at = record.first();
        }
        let mut next = self.next();
        for event in record.log().iter_from(self.looked_at) {
            let (steps, mut comes) = (&follows.steps, false);
            follows.moments.push(&event, |moment, _| comes |= steps.get(moment).copied() == next);
            if comes && let Some(step) = next {
                self.steps[step] = StepState::Reached(self.looked_at);
                next = self.next();
            }
            follows.reckoner.push(&event);
            self.looked_at += 1;
        }
        if !self.is_over && matches!(record.edge().phase, RunPhase::Ended(_)) {
            self.is_over = true;
            self.facts.note(follows.reckoner.known());
            self.close(&follows, record);
            self.answer = follows.scenario.told(&self.facts).answer();
        }
        self.follows = Some(follows);
    }

    fn begin(&mut self, plan: &Plan) -> Follows {
        let (scenario, marks) = (plan.scenario, plan.scenario.rust.marks());
        self.facts = scenario.facts(&plan.params);
        let told = scenario.told(&self.facts);
        let (mut moments, mut steps) = (Watches::new(&marks), Vec::new());
        let of_steps = told.moments();
        for (step, moment) in of_steps.iter().enumerate() {
            if let Some(moment) = moment {
                moments.add(moment);
                steps.push(step);
            }
        }
        self.steps = (0..of_steps.len())
            .map(|step| told.impossible(step).map_or(StepState::NotYet, StepState::NotInThisRun))
            .collect();
        let reckoner = Reckoner::new(told.asks(), &marks);
        Follows { scenario, marks, moments, steps, reckoner }
    }

    /// The step that the run has to come to next.
    fn next(&self) -> Option<usize> {
        self.steps.iter().position(|step| *step == StepState::NotYet)
    }

    /// The run is over: what has not come by now does not come, but what stands after it may have.
    fn close(&mut self, follows: &Follows, record: &Record) {
        let first_missing = self.next();
        let told = follows.scenario.told(&self.facts);
        let moments = told.moments();
        for (place, moment) in moments.iter().enumerate() {
            if self.steps[place] != StepState::NotYet {
                continue;
            }
            // Now that the run is known, so is whether the step could come.
            let why = told.impossible(place);
            let reached = |step: &StepState| match step {
                StepState::Reached(event) => Some(*event),
                _ => None,
            };
            let last = self.steps[..place].iter().rev().find_map(reached);
            let found = match moment {
                Some(moment) if first_missing != Some(place) && why.is_none() => {
                    search(record, moment, &follows.marks, last.map_or(0, |last| last + 1))
                }
                _ => None,
            };
            if let Some(event) = found {
                self.steps[place] = StepState::Reached(event);
                continue;
            }
            let earlier = moment.as_ref().filter(|_| why.is_none());
            let earlier = earlier.and_then(|moment| search(record, moment, &follows.marks, 0));
            let before =
                |event| self.steps[..place].iter().position(|step| reached(step).is_some_and(|step| step > event));
            self.steps[place] = match earlier.and_then(|event| Some((event, before(event)? + 1))) {
                Some((event, before)) => StepState::OutOfOrder { event, at: record.log().time_at(event + 1), before },
                None => StepState::NotInThisRun(why.unwrap_or_else(|| NOT_HERE.to_owned())),
            };
        }
    }

    /// How each step of the lesson stands; empty before there is anything to look at.
    #[must_use]
    pub fn steps(&self) -> &[StepState] {
        &self.steps
    }

    /// What is known of the run: its parameters, and once it is over what its lesson asks.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The answer to the question that the head of the lesson's file asks, once the run is over.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    /// The answer of a whole record to the question of its lesson.
    #[must_use]
    pub fn answer_of(plan: &Plan, record: &Record) -> Answer {
        let mut progress = Self::default();
        progress.advance(plan, record);
        progress.answer.unwrap_or(Answer::Nothing)
    }
}

impl Follows {
    fn learn(&mut self, event: &Event) {
        self.reckoner.learn(event);
        self.moments.learn(event);
    }
}
