//! The tour of the window: four things that one needs to know to begin. It is offered at the first start
//! that asks for nothing else.

/// What the tour shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Lessons,
    Transport,
    Timeline,
    Why,
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
    pub(crate) const ALL: [Self; 4] = [Self::Lessons, Self::Transport, Self::Timeline, Self::Why];

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

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Lessons => "Choose a lesson",
            Self::Transport => "Run it, and go through it",
            Self::Timeline => "See each task in its lane",
            Self::Why => "Ask why",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Lessons => {
                "Click a chapter to open it. A click loads a lesson, a double click runs it. What it teaches, and what \
                 you can change about it, stands below."
            }
            Self::Transport => {
                "Space runs the program and pauses it. Step lets the loop take one task from its queue and run it up to \
                 its next wait. The arrow keys go through what has happened, forward and back."
            }
            Self::Timeline => "Time goes from left to right. A task is in one of three states:",
            Self::Why => {
                "Click a lane, a chip or a line of code. Here you read what that task waits for, who woke it, and how \
                 long it had to wait for its turn. The story below the lanes tells everything in sentences."
            }
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
