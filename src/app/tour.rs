//! The tour of the window: what one needs to know to begin, shown with the first lesson at work. It is offered at the first
//! start that asks for nothing else.
//!
//! It points only at what is there: where a stop speaks of a run, one has begun.

use super::App;
use super::command::Command;
use super::focus::Region;
use crate::scenarios;
use crate::session::Start;

/// What the tour shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stop {
    Lessons,
    Predict,
    Transport,
    Timeline,
    LookFor,
    Why,
    Compare,
}

/// What is asked of the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TourCommand {
    /// From the beginning.
    Show,
    GoTo(Stop),
    /// Enough; it does not come again by itself.
    End,
}

impl Stop {
    pub(crate) const ALL: [Self; 7] =
        [Self::Lessons, Self::Predict, Self::Transport, Self::Timeline, Self::LookFor, Self::Why, Self::Compare];

    /// Its number, from 0.
    pub(crate) fn number(self) -> usize {
        self as usize
    }

    pub(crate) fn next(self) -> Option<Self> {
        Self::ALL.get(self.number() + 1).copied()
    }

    pub(crate) fn previous(self) -> Option<Self> {
        self.number().checked_sub(1).map(|number| Self::ALL[number])
    }

    /// Whether it speaks of a run.
    fn needs_run(self) -> bool {
        matches!(self, Self::Timeline | Self::LookFor | Self::Why | Self::Compare)
    }

    /// What it is about: the first of these that is shown.
    pub(crate) fn targets(self) -> &'static [Region] {
        match self {
            Self::Lessons => &[Region::Course],
            Self::Predict => &[Region::Question, Region::Lesson],
            Self::Transport => &[Region::Transport, Region::Top],
            Self::Timeline => &[Region::Timeline],
            Self::LookFor => &[Region::Steps, Region::Lesson],
            Self::Why => &[Region::Inspector, Region::Code],
            Self::Compare => &[Region::Compare, Region::Top],
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Lessons => "Choose a lesson",
            Self::Predict => "Predict before you run",
            Self::Transport => "Run it and step through it",
            Self::Timeline => "See each task in its lane",
            Self::LookFor => "Look for what the lesson names",
            Self::Why => "Ask why",
            Self::Compare => "Compare, and present",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Lessons => {
                "Click a chapter to open it. A click loads a lesson, a double click runs it. A lesson that you have run \
                 to its end gets a tick. Below the list you read what it teaches, and change its parameters."
            }
            Self::Predict => {
                "Each lesson asks a question that its run answers. Read the code at the right, and make your guess \
                 (G goes to the field). What to look for comes then."
            }
            Self::Transport => {
                "Space runs the program and pauses it. Step lets the loop take one task from its queue and run it up to \
                 its next wait. The arrow keys step through what has happened, forward and back."
            }
            Self::Timeline => "This lesson runs now. Time goes from left to right. A task is in one of three states:",
            Self::LookFor => {
                "Each thing to look for gets a tick as it happens, and a note at its place in the lanes. A click goes to \
                 its moment. When the run is over, the answer and the point of the lesson stand below."
            }
            Self::Why => {
                "Click a lane, a chip or a line of code to read what its task waits for, who woke it, and how long it waited \
                 for its turn. Here it is main that was clicked. The story below the lanes tells everything in sentences."
            }
            Self::Compare => {
                "Change a parameter, run again, and Compare shows both runs on one axis. Present (P) shows a lesson large, \
                 for an audience. F6 goes from one part of the window to the next; ? lists all keys."
            }
        }
    }
}

impl App {
    /// Begins the tour, with the first lesson where no run is shown.
    pub(super) fn begin_tour(&mut self) {
        self.tour = Some(Stop::Lessons);
        if self.session.is_none() && !self.plan.scenario.is_elsewhere() {
            self.obey(Command::Load(scenarios::first()));
        }
    }

    /// Goes to a stop: one that speaks of a run has one, and the question is asked before the tour runs it.
    pub(super) fn go_on_tour(&mut self, stop: Stop) {
        self.tour = Some(stop);
        match (stop.needs_run(), &self.session) {
            (true, None) if !self.plan.scenario.is_elsewhere() => {
                self.begin(Start::Running);
                self.is_tours_run = self.session.is_some();
            }
            (false, Some(_)) if self.is_tours_run => self.forget_run(),
            _ => {}
        }
        if stop == Stop::Why {
            self.selected = self.record().host().main().into();
        }
    }

    /// Ends the tour, with the run that it began: who begins the lesson has its question before them.
    pub(super) fn end_tour(&mut self) {
        self.tour = None;
        self.is_tour_seen = true;
        if self.is_tours_run {
            self.forget_run();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::app::settings::{Settings, Store};
    use crate::app::{App, Show};
    use crate::scenarios;
    use crate::session::{Plan, Session, Start};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    /// A start of the program with these settings; whether the tour is seen, and the settings that it leaves.
    fn start(show: Show, settings: Settings) -> (bool, Settings) {
        let is_asked_for = !matches!(show, Show::Nothing);
        let mut harness = Harness::builder().build_eframe(move |cc| {
            App::new(&cc.egui_ctx, show).remembering(Store::default(), (settings, None), is_asked_for)
        });
        harness.run_steps(2);
        let is_seen = harness.query_by_label("Skip the tour").is_some();
        if is_seen {
            harness.get_by_label("Skip the tour").click();
            harness.run_steps(2);
            assert!(harness.query_by_label("Skip the tour").is_none());
        }
        (is_seen, harness.state().settings())
    }

    #[test]
    fn the_tour_waits_for_the_first_start_that_asks_for_nothing_and_comes_once() {
        let queue = scenarios::find("queue").unwrap();
        let run = Session::start(Plan::new(queue), Start::Paused, || {}).unwrap();
        let (of_run, settings) = start(Show::Run(Box::new(run)), Settings::default());
        let (of_lesson, settings) = start(Show::Scenario(queue), settings);
        let (of_nothing, settings) = start(Show::Nothing, settings);
        let (again, _) = start(Show::Nothing, settings);
        assert_eq!([of_run, of_lesson, of_nothing, again], [false, false, true, false]);
    }
}
