//! Looking for moments: what is typed, where it comes next, and at which one the run pauses.
//!
//! The bar is drawn in `panels/seek_bar`; what is typed is read when it is asked for, and what is wrong with it stands below it.

use super::App;
use super::asked::{Asked, Patience};
use super::command::Command;
use super::cursor::Cursor;
use super::panels::SeekBar;
use crate::moment::{Moment, MomentError};
use crate::session::Recall;
use crate::trace::EventIndex;
use egui::Id;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is looked for.
#[derive(Debug, Default)]
pub(crate) struct Seek {
    pub(crate) is_open: bool,
    pub(crate) typed: String,
    /// What came of it.
    pub(crate) said: Said,
    /// The search that is under way, if one is. It belongs to the record that is shown.
    pub(super) search: Option<Search>,
    /// The moment at which the run pauses.
    pub(crate) pauses_at: Option<Moment>,
    /// What was looked for before, the latest first.
    pub(crate) recent: Vec<String>,
}

/// A search for a moment, which takes as long as the record is. Nobody searches on once it is dropped.
#[derive(Debug)]
pub(crate) struct Search {
    is_forward: bool,
    found: Asked<Option<EventIndex>>,
    is_off: Arc<AtomicBool>,
}

impl Drop for Search {
    fn drop(&mut self) {
        self.is_off.store(true, Ordering::Relaxed);
    }
}

/// What came of looking for a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Said {
    #[default]
    Nothing,
    Words(String),
    Wrong(MomentError),
}

/// What is asked for in the bar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SeekCommand {
    /// Show the bar, and begin to type.
    Open,
    Close,
    Type(String),
    Next,
    Previous,
    /// Look no further.
    CallOff,
    /// Look for where this moment comes next.
    FindNext(String),
    /// Pause the run when this moment comes.
    PauseWhen(String),
    /// Pause the run when the moment comes that is typed.
    Pause,
    /// Pause it no more.
    PauseNoMore,
}

impl From<SeekCommand> for Command {
    fn from(command: SeekCommand) -> Self {
        Self::Seek(command)
    }
}

/// So many are remembered.
const MOST_RECENT: usize = 12;

/// The field in which one types a moment.
pub(crate) fn moment_field() -> Id {
    Id::unique("moment to look for")
}

impl Seek {
    /// Whether a record is looked through.
    pub(crate) fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Reads what is typed, and remembers it where it is a moment.
    fn moment(&mut self) -> Option<Moment> {
        match self.typed.parse::<Moment>() {
            Ok(moment) => {
                self.recent.retain(|other| other != moment.text());
                self.recent.insert(0, moment.text().to_owned());
                self.recent.truncate(MOST_RECENT);
                self.said = Said::Nothing;
                Some(moment)
            }
            Err(error) => {
                self.said = Said::Wrong(error);
                None
            }
        }
    }
}

impl App {
    /// The bar, while it is open.
    pub(super) fn seek_bar(&self) -> Option<SeekBar<'_>> {
        self.seek.is_open.then(|| SeekBar { seek: &self.seek, has_run: !self.record().log().is_empty() })
    }

    pub(super) fn obey_seek(&mut self, command: SeekCommand) {
        match command {
            SeekCommand::Open => {
                self.seek.is_open = true;
                self.ctx.memory_mut(|memory| memory.request_focus(moment_field()));
            }
            SeekCommand::Close => self.seek.is_open = false,
            SeekCommand::Type(typed) => {
                self.seek.typed = typed;
                self.seek.said = Said::Nothing;
            }
            SeekCommand::Next => self.seek_moment(true),
            SeekCommand::Previous => self.seek_moment(false),
            SeekCommand::CallOff => {
                if self.seek.search.take().is_some() {
                    self.seek.said = Said::Words("You called the search off.".to_owned());
                }
            }
            SeekCommand::FindNext(moment) => {
                (self.seek.is_open, self.seek.typed) = (true, moment);
                self.seek_moment(true);
            }
            SeekCommand::PauseWhen(moment) => {
                (self.seek.is_open, self.seek.typed) = (true, moment);
                self.obey_seek(SeekCommand::Pause);
            }
            SeekCommand::Pause => {
                if let Some(moment) = self.seek.moment() {
                    self.seek.said = Said::Words(format!("The run pauses when it comes to: {moment}"));
                    self.seek.pauses_at = Some(moment);
                    self.pause_at_moment();
                }
            }
            SeekCommand::PauseNoMore => {
                (self.seek.pauses_at, self.seek.said) = (None, Said::Nothing);
                self.pause_at_moment();
            }
        }
    }

    /// Looks for where the moment comes next, or came last: on a thread of its own where that may take long.
    fn seek_moment(&mut self, is_forward: bool) {
        let (Some(moment), Some(session)) = (self.seek.moment(), &self.session) else { return };
        let (index, marks) = (self.point().index, self.plan.scenario.rust.marks());
        let (mut found, is_off) = (Asked::default(), Arc::<AtomicBool>::default());
        found.ask(&self.ctx, self.patience.with([session.record()]), || {
            let (record, moment, marks) = (session.share(), moment.clone(), marks.clone());
            let is_off = Arc::clone(&is_off);
            move || match is_forward {
                true => Recall(&is_off).search(&record, &moment, &marks, index),
                false => Recall(&is_off).search_back(&record, &moment, &marks, index.saturating_sub(1)),
            }
        });
        self.seek.said = Said::Words("Looking for it …".to_owned());
        self.seek.search = Some(Search { is_forward, found, is_off });
        self.take_found();
    }

    /// Moves the cursor to the moment that was looked for, once it is found.
    pub(super) fn take_found(&mut self) {
        let Some(search) = &mut self.seek.search else { return };
        search.found.listen(Patience::None);
        let Some(found) = search.found.known().copied() else { return };
        let words = match (found, search.is_forward) {
            (Some(event), _) => format!("At {}, event {}.", self.record().log().time_at(event + 1), event + 1),
            (None, true) => "It does not come after the cursor.".to_owned(),
            (None, false) => "It does not come before the cursor.".to_owned(),
        };
        (self.seek.search, self.seek.said) = (None, Said::Words(words));
        if let Some(event) = found {
            self.obey(Command::MoveCursor(Cursor::After(event + 1)));
        }
    }

    /// Has the run pause at the moment that was asked for, or at none.
    pub(super) fn pause_at_moment(&mut self) {
        if let Some(session) = &mut self.session {
            session.pause_when(self.seek.pauses_at.iter().cloned().collect());
        }
    }

    /// Says where the run has paused, once it has.
    pub(super) fn look_where_it_paused(&mut self) {
        let paused = self.session.as_ref().and_then(|session| session.paused_by());
        if let Some(moment) = paused {
            let words = format!("Paused at {}: {moment}", self.record().log().end());
            self.seek.said = Said::Words(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::runtime::Speed;
    use crate::scenarios;
    use egui::Context;

    /// A run whose record takes longer to read than a frame has.
    fn long() -> App {
        let gather = scenarios::find("gather").unwrap();
        let mut app = App::new(&Context::default(), Show::Scenario(gather));
        app.plan.params.assign("tasks=10000").unwrap();
        app.obey(Command::SetSpeed(Speed::MAX));
        app.obey(Command::RunOrPause);
        let session = app.session.as_mut().unwrap();
        while session.pump_wait() {}
        app.look();
        assert!(app.record().log().len() > 50_000, "{} events", app.record().log().len());
        app.obey(Command::MoveCursor(Cursor::After(0)));
        app
    }

    /// What is said once nothing is looked for any more.
    fn said(app: &mut App) -> Said {
        while app.seek.search.is_some() {
            app.take_found();
            std::thread::yield_now();
        }
        app.seek.said.clone()
    }

    fn words(words: &str) -> Said {
        Said::Words(words.to_owned())
    }

    #[test]
    fn a_long_record_is_looked_through_while_frames_go_on_and_what_came_of_it_is_said() {
        let mut app = long();
        app.obey(SeekCommand::FindNext("printed \"no such line\"".into()).into());
        assert!(app.seek.search.is_some(), "another thread reads");
        assert_eq!(app.seek.said, words("Looking for it …"));
        app.look(); // a frame goes on, whether the search is over by then or not
        assert_eq!(said(&mut app), words("It does not come after the cursor."));
        assert_eq!(app.cursor, Cursor::After(0), "and the cursor stays");
        app.obey(SeekCommand::FindNext("main done".into()).into());
        assert!(matches!(said(&mut app), Said::Words(words) if words.starts_with("At ")));
        assert!(app.point().index > 50_000);
        app.obey(SeekCommand::Previous.into());
        assert_eq!(said(&mut app), words("It does not come before the cursor."));
    }

    #[test]
    fn a_search_that_is_called_off_lets_go_of_the_record_and_moves_nothing() {
        let mut app = long();
        for stop in [SeekCommand::CallOff, SeekCommand::FindNext("main done".into())] {
            app.obey(SeekCommand::FindNext("printed \"no such line\"".into()).into());
            let is_off = Arc::clone(&app.seek.search.as_ref().unwrap().is_off);
            app.obey(stop.into());
            assert!(is_off.load(Ordering::Relaxed));
            // The thread holds it until it has seen that: at its next event.
            while Arc::strong_count(&is_off) > 1 {
                std::thread::yield_now();
            }
        }
        app.obey(SeekCommand::CallOff.into());
        assert_eq!((app.seek.said.clone(), app.cursor), (words("You called the search off."), Cursor::After(0)));
    }
}
