//! What lies on the lectern: the lectures of this talk, one after another, with their runs and what the audience guessed.
//!
//! A run that is not shown now is kept here, so that turning back shows the same run, also where it was one on real time.

use super::{Ballot, Deck, Page, Round};
use crate::app::timeline::Bookmarks;
use crate::scenarios::{self, Answer, Params, Scenario};
use crate::session::{Plan, Session};

/// Which run is shown: that of a lecture, by its number, in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    lecture: usize,
    round: Round,
}

/// A run that is not shown now, with what was marked in it.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) run: Session,
    pub(crate) bookmarks: Bookmarks,
}

/// A run of a lecture.
#[derive(Debug)]
struct Take {
    plan: Plan,
    ballot: Ballot,
    /// The run, while it is not shown.
    kept: Option<Kept>,
    /// What it answered to the lesson's question, when it was shown last.
    answer: Option<String>,
}

impl Take {
    fn of(plan: Plan) -> Self {
        let ballot = match plan.scenario.kind_of_answer(&plan.params) {
            Answer::Choice { of, .. } => Ballot::among(&of),
            Answer::Time(_) | Answer::Count(_) | Answer::Nothing => Ballot::default(),
        };
        Self { plan, ballot, kept: None, answer: None }
    }
}

/// A lesson that is presented.
#[derive(Debug)]
struct Lecture {
    deck: Deck,
    first: Take,
    /// One more round, with what the lesson proposes to try.
    again: Option<Take>,
}

impl Lecture {
    fn of(plan: Plan) -> Self {
        let again = to_try(&plan).map(Take::of);
        Self { deck: Deck::of(plan.scenario, again.is_some()), first: Take::of(plan), again }
    }

    fn take(&self, round: Round) -> &Take {
        match round {
            Round::First => &self.first,
            Round::Again => self.again.as_ref().unwrap_or(&self.first),
        }
    }

    fn take_mut(&mut self, round: Round) -> &mut Take {
        match round {
            Round::First => &mut self.first,
            Round::Again => self.again.as_mut().unwrap_or(&mut self.first),
        }
    }
}

/// The lesson with the first of what it proposes to try; none where that is what it has already.
fn to_try(plan: &Plan) -> Option<Plan> {
    plan.scenario.tries().find_map(|set| {
        let mut params = plan.params.clone();
        // A test holds that every lesson's own values fit.
        set.split(' ').for_each(|assignment| drop(params.assign(assignment)));
        (params != plan.params).then(|| Plan { params, ..plan.clone() })
    })
}

/// The lectures of a talk, one of which is open.
#[derive(Debug)]
pub(crate) struct Lectern {
    lectures: Vec<Lecture>,
    at: usize,
    /// What is presented, in order, where that was chosen; else the course goes on in its own order.
    chosen: Vec<Plan>,
    /// When it began, in seconds of the window's time.
    pub(crate) began: f64,
}

impl Lectern {
    /// A talk that begins with a lesson, and goes on with the course.
    pub(crate) fn on(plan: Plan, began: f64) -> Self {
        Self { lectures: vec![Lecture::of(plan)], at: 0, chosen: Vec::new(), began }
    }

    /// A talk on these lessons, in this order; none without any.
    pub(crate) fn through(chosen: Vec<Plan>, began: f64) -> Option<Self> {
        let first = chosen.first()?.clone();
        Some(Self { chosen, ..Self::on(first, began) })
    }

    fn lecture(&self) -> &Lecture {
        &self.lectures[self.at]
    }

    pub(crate) fn deck(&self) -> &Deck {
        &self.lecture().deck
    }

    /// Which run is shown.
    pub(crate) fn seat(&self) -> Seat {
        Seat { lecture: self.at, round: self.deck().round() }
    }

    fn take(&self) -> &Take {
        self.lecture().take(self.deck().round())
    }

    fn take_mut(&mut self) -> &mut Take {
        let round = self.deck().round();
        self.lectures[self.at].take_mut(round)
    }

    /// What is run for the open page.
    pub(crate) fn plan(&self) -> &Plan {
        &self.take().plan
    }

    /// Whether the open page is about this lesson with these parameters.
    pub(crate) fn is_of(&self, plan: &Plan) -> bool {
        let own = self.plan();
        own.scenario.id == plan.scenario.id && own.params == plan.params
    }

    /// What the audience guesses in the open round.
    pub(crate) fn ballot(&self) -> &Ballot {
        &self.take().ballot
    }

    pub(crate) fn ballot_mut(&mut self) -> &mut Ballot {
        &mut self.take_mut().ballot
    }

    /// The parameters of the first round, and of the one after it.
    pub(crate) fn rounds(&self) -> (&Params, Option<&Params>) {
        let Lecture { first, again, .. } = self.lecture();
        (&first.plan.params, again.as_ref().map(|again| &again.plan.params))
    }

    /// What the first round's run answered, while another one is shown.
    pub(crate) fn first_answer(&self) -> Option<&str> {
        self.lecture().first.answer.as_deref().filter(|_| self.deck().round() == Round::Again)
    }

    /// Keeps the run of a seat that is not shown any more, and what it answered.
    pub(crate) fn keep(&mut self, seat: Seat, run: Option<Kept>, answer: Option<String>) {
        if let Some(lecture) = self.lectures.get_mut(seat.lecture) {
            let take = lecture.take_mut(seat.round);
            (take.kept, take.answer) = (run, answer);
        }
    }

    /// Takes what was kept for the open page.
    pub(crate) fn take_run(&mut self) -> Option<Kept> {
        self.take_mut().kept.take()
    }

    /// Opens the next page: of this lecture, or the first of the next one. False at the end of the talk.
    pub(crate) fn forward(&mut self) -> bool {
        self.lectures[self.at].deck.forward() || self.next_lesson()
    }

    /// Opens the next lecture, at the page that was open in it. False at the end of the talk.
    pub(crate) fn next_lesson(&mut self) -> bool {
        if self.at + 1 == self.lectures.len() {
            let Some(next) = self.next() else { return false };
            self.lectures.push(Lecture::of(next));
        }
        self.at += 1;
        true
    }

    /// Opens the page before: of this lecture, or the last of the one before. False at the beginning.
    pub(crate) fn back(&mut self) -> bool {
        if self.lectures[self.at].deck.back() {
            return true;
        }
        let can = self.at > 0;
        self.at -= usize::from(can);
        can
    }

    /// Opens the page of this lecture with that number.
    pub(crate) fn open(&mut self, number: usize) {
        self.lectures[self.at].deck.open(number);
    }

    /// Opens a page of this lecture, where it has it.
    pub(crate) fn open_page(&mut self, page: Page) {
        self.lectures[self.at].deck.open_page(page);
    }

    /// The lesson that comes next, and how it is run.
    pub(crate) fn next(&self) -> Option<Plan> {
        let now = &self.lecture().first.plan;
        if !self.chosen.is_empty() {
            return self.chosen.get(self.at + 1).cloned();
        }
        now.scenario.chapter()?;
        let next: &'static Scenario = scenarios::all().skip_while(|other| other.id != now.scenario.id).nth(1)?;
        Some(Plan { seed: now.seed, speed: now.speed, ..Plan::new(next) })
    }

    /// The number of the open lecture, from 1, and how many were chosen; none where the course goes on in its own order.
    pub(crate) fn place(&self) -> Option<(usize, usize)> {
        (!self.chosen.is_empty()).then_some((self.at + 1, self.chosen.len()))
    }

    /// The page that comes next, in this lecture.
    pub(crate) fn following(&self) -> Option<Page> {
        self.deck().following()
    }
}
