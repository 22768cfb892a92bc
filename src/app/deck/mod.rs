//! A lecture on a lesson, as a deck of pages that one turns.
//!
//! A [`Deck`] is a value: which pages there are follows from the lesson alone, and what the window shows on a page (the
//! [`Scene`]) from the page, the record, and how far the run has come in its lesson. So turning back shows what was there.
//! It draws nothing, and runs nothing.

mod ballot;
mod lectern;
mod scene;

pub(crate) use ballot::Ballot;
pub(crate) use lectern::{Kept, Lectern, Seat};
pub(crate) use scene::{Reached, Scene};

use crate::scenarios::Scenario;

/// Which of a lecture's runs a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Round {
    /// The lesson with the parameters that the lecturer chose.
    First,
    /// With those that the lesson proposes to try.
    Again,
}

/// A page of a lecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Page {
    /// The title, the introduction and the question, beside the code.
    Title,
    /// What the audience guesses.
    Guess(Round),
    /// A thing to look for, at its moment.
    Look(Round, usize),
    /// The answer, beside the guesses.
    Answer(Round),
    /// What follows from it.
    Point,
    /// Which lesson comes next.
    Next,
    /// A program without a lesson: its lanes.
    Run,
}

impl Page {
    /// The run that it is about.
    pub(crate) fn round(self) -> Option<Round> {
        match self {
            Self::Title | Self::Point | Self::Run => Some(Round::First),
            Self::Guess(round) | Self::Look(round, _) | Self::Answer(round) => Some(round),
            Self::Next => None,
        }
    }

    /// Whether it shows a run, which has to be there then.
    pub(crate) fn shows_run(self) -> bool {
        matches!(self, Self::Look(..) | Self::Answer(_) | Self::Point | Self::Run)
    }

    /// What it is called, for the lecturer.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Title => "Title and question".to_owned(),
            Self::Guess(Round::First) => "What does the audience think?".to_owned(),
            Self::Guess(Round::Again) => "One more round: what does the audience think?".to_owned(),
            Self::Look(_, step) => format!("Look for: {}", step + 1),
            Self::Answer(_) => "The answer".to_owned(),
            Self::Point => "The point".to_owned(),
            Self::Next => "What comes next".to_owned(),
            Self::Run => "The run".to_owned(),
        }
    }
}

/// The pages of a lecture, one of which is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deck {
    /// At least one.
    pages: Vec<Page>,
    at: usize,
}

impl Deck {
    /// The deck of a lesson, open at its first page. It has one more round where there is something `to_try`.
    pub(crate) fn of(scenario: &Scenario, to_try: bool) -> Self {
        let steps = scenario.step_count();
        let looks = |round| (0..steps).map(move |step| Page::Look(round, step));
        let has_question = scenario.has_question();
        let round = |round| {
            let guess = has_question.then_some(Page::Guess(round));
            guess.into_iter().chain(looks(round)).chain(has_question.then_some(Page::Answer(round)))
        };
        let mut pages = Vec::new();
        if has_question || steps > 0 {
            pages.push(Page::Title);
            pages.extend(round(Round::First));
            pages.extend(scenario.has_point().then_some(Page::Point));
            if to_try {
                pages.extend(round(Round::Again));
            }
            pages.push(Page::Next);
        } else {
            pages.push(Page::Run);
        }
        Self { pages, at: 0 }
    }

    /// The page that is open.
    pub(crate) fn page(&self) -> Page {
        self.pages[self.at]
    }

    /// The page after it.
    pub(crate) fn following(&self) -> Option<Page> {
        self.pages.get(self.at + 1).copied()
    }

    /// The number of the open page, from 1.
    pub(crate) fn number(&self) -> usize {
        self.at + 1
    }

    /// How many pages there are.
    pub(crate) fn len(&self) -> usize {
        self.pages.len()
    }

    /// The run that the open page is about; on a page about none, that of the pages before.
    pub(crate) fn round(&self) -> Round {
        self.pages[..=self.at].iter().rev().find_map(|page| page.round()).unwrap_or(Round::First)
    }

    /// Opens the next page; false where there is none.
    pub(crate) fn forward(&mut self) -> bool {
        let can = self.at + 1 < self.pages.len();
        self.at += usize::from(can);
        can
    }

    /// Opens the page before; false where there is none.
    pub(crate) fn back(&mut self) -> bool {
        let can = self.at > 0;
        self.at -= usize::from(can);
        can
    }

    /// Opens that page, where there is one like it.
    pub(crate) fn open_page(&mut self, page: Page) {
        self.at = self.pages.iter().position(|other| *other == page).unwrap_or(self.at);
    }

    /// Opens the page of that number, from 1, or the nearest.
    pub(crate) fn open(&mut self, number: usize) {
        self.at = number.saturating_sub(1).min(self.pages.len() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;

    #[test]
    fn page_down_opens_every_page_once_and_page_up_goes_the_same_way_back() {
        for scenario in scenarios::all() {
            let mut deck = Deck::of(scenario, true);
            let mut there = vec![deck.page()];
            while deck.forward() {
                there.push(deck.page());
            }
            assert_eq!((there.len(), deck.number()), (deck.len(), deck.len()), "{}", scenario.id);
            assert!(!deck.forward() && deck.page() == Page::Next, "{}", scenario.id);
            let mut back = vec![deck.page()];
            while deck.back() {
                back.push(deck.page());
            }
            back.reverse();
            assert_eq!(there, back, "{}", scenario.id);
            let mut once = there.clone();
            once.dedup();
            assert_eq!(once, there, "{}", scenario.id);
        }
    }

    #[test]
    fn no_thing_to_look_for_is_skipped_in_either_round() {
        for scenario in scenarios::all() {
            let mut deck = Deck::of(scenario, true);
            let mut pages = vec![deck.page()];
            while deck.forward() {
                pages.push(deck.page());
            }
            for round in [Round::First, Round::Again] {
                let steps = 0..scenario.step_count();
                let mut expected = vec![Page::Guess(round)];
                expected.extend(steps.map(|step| Page::Look(round, step)));
                expected.push(Page::Answer(round));
                assert!(pages.windows(expected.len()).any(|part| part == expected), "{}: {pages:?}", scenario.id);
            }
        }
    }

    #[test]
    fn a_program_without_a_lesson_has_one_page() {
        let mine = Scenario::elsewhere("mine", scenarios::Source::rust("", ""));
        let mut deck = Deck::of(mine, false);
        assert_eq!((deck.page(), deck.len()), (Page::Run, 1));
        assert!(!deck.forward() && !deck.back());
    }
}
