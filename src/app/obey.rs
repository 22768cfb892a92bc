//! What each command does. The only place where the app changes.

mod tools;

use super::asked::Asked;
use super::command::{Command, Pace, Resize, Stride};
use super::cursor::{Cursor, Point};
use super::dossier::Dossier;
use super::explained::Explained;
use super::finder::Finder;
use super::focus::{self, Landing};
use super::guess::Guess;
use super::looks::{Contrast, Motion, Percent};
use super::panes::{Pane, Place};
use super::present::Turn;
use super::selection::Selection;
use super::telling::Telling;
use super::theme;
use super::timeline::{Activity, Extent};
use super::tour::TourCommand;
use super::view::{Around, Scale, View};
use super::{App, wake};
use crate::runtime::{Phase, Step};
use crate::scenarios::Scenario;
use crate::session::{Plan, Progress, Session, Start};
use crate::trace::Languages;
use egui::{Theme, ThemePreference};

/// What cannot be done with a program that only is watched.
const ELSEWHERE: &str = "This program was started elsewhere. You can watch and pause it here; start and end it there.";

/// How many names found last are remembered.
const RECENT: usize = 8;

impl App {
    pub(super) fn obey(&mut self, command: Command) {
        let meant = match &mut self.compare {
            Some(compare) => compare.obey(command),
            None => Some(command),
        };
        let Some(command) = meant else { return };
        if matches!(command, Command::Stop | Command::SetClock(_)) && self.plan.scenario.is_elsewhere() {
            self.messages.problem(ELSEWHERE);
            return;
        }
        match command {
            Command::Load(scenario) => self.load(scenario),
            Command::LoadAndRun(scenario) => {
                self.load(scenario);
                self.begin(Start::Running);
            }
            Command::RunOrPause if self.is_on_deck() => self.play_presented(),
            Command::RunOrPause => self.run_or_pause(),
            // A lecture keeps its runs.
            Command::Restart | Command::Stop if self.is_on_deck() => {}
            Command::Restart => {
                let is_held = self.session.as_ref().is_some_and(|session| !session.is_over()) && !self.is_running();
                self.begin(if is_held { Start::Paused } else { Start::Running });
            }
            Command::Stop => {
                if let Some(session) = &mut self.session {
                    session.stop();
                }
            }
            Command::StepForward(stride) => self.step_forward(stride),
            Command::StepBack(stride) => self.step_back(stride),
            Command::SetSpeed(speed) => {
                self.plan.speed = speed;
                if let Some(session) = &mut self.session {
                    session.set_speed(speed);
                }
            }
            Command::ChangeSpeed(pace) => {
                let speed = self.plan.speed;
                self.obey(Command::SetSpeed(match pace {
                    Pace::Slower => speed.slower(),
                    Pace::Faster => speed.faster(),
                }));
            }
            Command::SetClock(clock) => {
                self.plan.clock = clock;
                self.forget_run();
            }
            Command::SetParam(param, value) => {
                self.plan.params.set(param, value);
                self.guess = Guess::default();
            }
            Command::Try(set) => {
                // A test holds that every lesson's own values fit.
                set.split(' ').for_each(|assignment| drop(self.plan.params.assign(assignment)));
                self.guess = Guess::default();
                self.openings += 1;
                self.forget_run();
            }
            Command::Answer(answer) => {
                if let Some(session) = &self.session {
                    session.answer(answer);
                }
            }
            Command::EndInput => {
                if let Some(session) = &self.session {
                    session.end_input();
                }
            }
            Command::TypeGuess(typed) => self.guess.type_in(typed),
            Command::Guess(guess) if self.is_on_deck() => self.hear_guess(&guess),
            Command::Guess(guess) => self.guess.make(&guess, &self.plan.scenario.kind_of_answer(&self.plan.params)),
            Command::GoToGuess => self.go_to_guess(),
            Command::GoOn(way) => focus::go_on(&self.ctx, way),
            Command::NextLesson if self.is_on_deck() => self.turn(Turn::NextLesson),
            Command::NextLesson => {
                if let Some(next) = self.plan.scenario.next() {
                    self.load(next);
                }
            }
            Command::StartOver => {
                if !self.course.is_new() {
                    self.forgotten = Some(std::mem::take(&mut self.course));
                }
            }
            Command::UndoStartOver => {
                if let Some(before) = self.forgotten.take() {
                    self.course = before;
                }
            }
            Command::MoveCursor(cursor) => self.move_cursor(cursor),
            Command::Select(selection) => self.selected = selection,
            Command::SelectBy(by) => {
                self.selected = self.order.beside(self.selected.about(self.record()), by).into();
                self.reveal_lane();
            }
            Command::SwitchAxis => {
                self.view.axis = self.view.axis.other();
                if !self.is_on_deck() {
                    self.axis = self.view.axis;
                }
                self.reveal_cursor();
            }
            Command::Pan(share, hand) => self.change_view(|view, scale| view.pan(share, hand, scale)),
            Command::ScrollTo(row) => {
                self.view.first_row = row.max(0.0);
                self.view.kept_row = None;
            }
            Command::Zoom(factor, around, hand) => {
                let point = self.point();
                self.change_view(|view, scale| {
                    let around = match around {
                        Some(position) => Around::Position(position),
                        None if point.is_live => Around::LiveEdge,
                        None => Around::Position(scale.point(point.index, point.at)),
                    };
                    view.zoom(factor, around, hand, scale);
                });
            }
            Command::Fit => self.fit(),
            Command::Tool(command) => self.obey_tool(command),
            Command::Seek(command) => self.obey_seek(command),
            Command::UndoView => self.view.undo(),
            Command::ShowCode(languages) => self.read_in(languages),
            Command::ShowStory(tab) => self.story = tab,
            Command::Tell(told) => self.told = told,
            Command::Show(task, cursor) => {
                self.selected = task.into();
                self.reveal_lane();
                self.move_cursor(cursor);
            }
            Command::Compare(ask) => self.compare(ask),
            Command::Present => self.present(),
            Command::Talk(command) => self.obey_talk(command),
            Command::Plan(command) => self.obey_plan(command),
            Command::SwitchTheme => self.ctx.set_theme(match self.ctx.theme() {
                Theme::Dark => ThemePreference::Light,
                Theme::Light => ThemePreference::Dark,
            }),
            Command::SwitchContrast => self.set_looks(self.contrast.other(), self.motion),
            Command::SwitchMotion => self.set_looks(self.contrast, self.motion.other()),
            Command::Resize(resize) if self.presents.is_some() => self.resize_presentation(resize),
            Command::Resize(resize) => {
                self.size = match resize {
                    Resize::Larger => self.size.larger(),
                    Resize::Smaller => self.size.smaller(),
                    Resize::Usual => Percent::default(),
                };
                self.fit_size();
            }
            Command::SwitchFullScreen => {
                let is_full = self.ctx.input(|input| input.viewport().fullscreen).unwrap_or(false);
                self.ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!is_full));
            }
            Command::ToggleHelp => self.is_help_open = !self.is_help_open,
            Command::TogglePane(pane) if self.is_on_deck() => self.toggle_presented(pane),
            Command::TogglePane(pane) => self.toggle_pane(pane),
            Command::Put(pane, place) => self.panes.put(pane, place),
            Command::MoveWindow(pane, place) => self.panes.move_window(pane, place),
            Command::ResizePane(edge, size) => self.panes.resize(edge, size),
            Command::Tour(command) => self.obey_tour(command),
            Command::File(command) => self.obey_file(command),
            Command::Dismiss(message) => self.messages.dismiss(message),
            Command::ToggleFinder => {
                self.finder = if self.finder.is_none() { Some(Finder::default()) } else { None };
            }
            Command::LookFor(finder) => self.finder = Some(finder),
            Command::Found(name, command) => {
                self.finder = None;
                self.found.retain(|recent| *recent != name);
                self.found.insert(0, name);
                self.found.truncate(RECENT);
                self.obey(*command);
            }
            Command::Close => self.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Command::Leave => {
                if self.finder.take().is_some() {
                    // That was what was open.
                } else if self.is_help_open {
                    self.is_help_open = false;
                } else if self.tour.is_some() {
                    self.obey_tour(TourCommand::End);
                } else if self.messages.dismiss_newest() {
                    // One message a press.
                } else if self.compare.is_some() {
                    self.close_compare();
                } else if self.leave_tool() {
                    // And one tool.
                } else if self.presents.is_some() {
                    self.present();
                } else {
                    self.selected = Selection::Nothing;
                }
            }
        }
    }

    /// Puts a panel away or back. One that there was no room for comes, and others give way.
    fn toggle_pane(&mut self, pane: Pane) {
        let room = self.room(self.ctx.content_rect().size());
        if room.folded.contains(&pane) {
            self.panes.ask_for(Some(pane));
        } else if room.alone == Some(pane) {
            self.panes.ask_for(None);
        } else {
            self.panes.toggle(pane);
        }
    }

    fn load(&mut self, scenario: &'static Scenario) {
        self.close_compare();
        if scenario.id != self.plan.scenario.id {
            let Plan { seed, speed, .. } = self.plan;
            self.plan = Plan { seed, speed, ..Plan::new(scenario) };
            self.guess = Guess::default();
        }
        self.openings += 1;
        self.forget_run();
    }

    /// Gives the keyboard to what to guess with, where the lesson asks for a guess. A lesson that was put away comes back.
    fn go_to_guess(&mut self) {
        if self.guess.made().is_some() || self.answer().is_some() || focus::go(&self.ctx, Landing::Guess) {
            return;
        }
        if self.panes.place(Pane::Lessons) == Place::Hidden {
            self.panes.put(Pane::Lessons, Place::Docked);
        }
        self.panes.ask_for(Some(Pane::Lessons));
        self.arrives_at = Some(Landing::Guess);
    }

    /// Shows all with this contrast, and as lively as that.
    pub(super) fn set_looks(&mut self, contrast: Contrast, motion: Motion) {
        (self.contrast, self.motion) = (contrast, motion);
        theme::apply(&self.ctx, contrast, motion);
    }

    /// Ends the run, if there is one, and shows an empty record.
    pub(super) fn forget_run(&mut self) {
        self.keep_before();
        self.session = None;
        self.is_tours_run = false;
        self.progress = Progress::default();
        self.has_ended = false;
        self.seek.search = None;
        self.findings = Asked::default();
        self.activity = Activity::default();
        self.tools.forget_run();
        self.order.forget_run();
        self.dossier = Dossier::default();
        self.telling = Telling::default();
        self.past = None;
        self.cursor = Cursor::Live;
        self.selected = Selection::Nothing;
        self.view = View::on(self.axis);
    }

    fn obey_tour(&mut self, command: TourCommand) {
        match command {
            TourCommand::Show => self.begin_tour(),
            TourCommand::GoTo(stop) => self.go_on_tour(stop),
            TourCommand::End => self.end_tour(),
        }
    }

    /// Shows a run that was opened.
    pub(super) fn show_session(&mut self, session: Session) {
        self.close_compare();
        self.plan = session.plan().clone();
        self.guess = Guess::default();
        self.openings += 1;
        self.is_damage_told = false;
        self.forget_run();
        wake(&self.ctx, &session);
        self.session = Some(session);
    }

    /// Begins a new run with the plan as it is.
    pub(super) fn begin(&mut self, start: Start) {
        if self.plan.scenario.is_elsewhere() {
            self.messages.problem(ELSEWHERE);
            return;
        }
        self.begin_with(self.plan.clone(), start);
    }

    /// Begins a new run of a plan that is as the loaded one but for its speed.
    pub(super) fn begin_with(&mut self, plan: Plan, start: Start) {
        self.forget_run();
        // What one has typed counts, sent or not.
        self.guess.settle(&self.plan.scenario.kind_of_answer(&self.plan.params));
        let ctx = self.ctx.clone();
        // It holds until it is known where it is to pause.
        let first = if self.seek.pauses_at.is_some() { Start::Paused } else { start };
        match Session::start(plan, first, move || ctx.request_repaint()) {
            Ok(session) => self.session = Some(session),
            Err(error) => self.messages.problem(error.to_string()),
        }
        self.pause_at_moment();
        if let (Some(session), true) = (&self.session, first != start) {
            session.resume();
        }
    }

    pub(super) fn run_or_pause(&mut self) {
        if self.tools.playback.take().is_some() {
            return;
        }
        match &self.session {
            Some(session) if !session.is_over() && session.phase() == Phase::Running => session.pause(),
            Some(session) if !session.is_over() => {
                session.resume();
                self.move_cursor(Cursor::Live);
            }
            Some(_) if !self.point().is_at_end(self.record()) => self.play(Extent::ToTheEnd),
            _ => self.begin(Start::Running),
        }
    }

    /// Behind the live edge the cursor moves through the record; at the edge the loop does one poll.
    fn step_forward(&mut self, stride: Stride) {
        self.tools.playback = None;
        let point = self.point();
        let record = self.record();
        let within = match stride {
            Stride::Event => point.next_event(record.log()),
            Stride::Poll => point.next_poll(record),
        };
        match (&self.session, within) {
            (Some(session), Some(cursor)) => {
                session.pause();
                self.move_cursor(cursor);
            }
            (Some(session), None) if !session.is_over() => {
                session.step(match stride {
                    Stride::Event => Step::Event,
                    Stride::Poll => Step::Poll,
                });
                self.cursor = Cursor::Live;
                self.view.follow();
            }
            (Some(_), None) => self.move_cursor(Cursor::Live),
            (None, _) => {
                self.begin(Start::Paused);
                if let Some(session) = &self.session {
                    session.step(Step::Poll);
                }
            }
        }
    }

    fn step_back(&mut self, stride: Stride) {
        let Some(session) = &self.session else { return };
        session.pause();
        let point: Point = self.point();
        let cursor = match stride {
            Stride::Event => point.previous_event(session.record().log()),
            Stride::Poll => point.previous_poll(session.record()),
        };
        self.move_cursor(cursor);
    }

    fn move_cursor(&mut self, cursor: Cursor) {
        self.tools.playback = None;
        self.cursor = cursor;
        if cursor == Cursor::Live {
            self.view.follow();
        }
        self.reveal_cursor();
    }

    fn reveal_cursor(&mut self) {
        let point = self.point();
        self.change_view(|view, scale| view.reveal(scale.point(point.index, point.at), scale));
    }

    fn change_view(&mut self, change: impl FnOnce(&mut View, &Scale<'_>)) {
        let record = self.session.as_ref().map_or(&*self.blank, Session::record);
        let now = self.session.as_ref().map_or(crate::event::Nanos::ZERO, Session::now);
        let scale = Scale { axis: self.view.axis, record, now };
        change(&mut self.view, &scale);
    }

    /// Scrolls so that the selected lane is in view.
    pub(super) fn reveal_lane(&mut self) {
        let record = self.session.as_ref().map_or(&*self.blank, Session::record);
        let task = self.selected.about(record);
        if let Some(task) = task {
            self.order.reveal(task, record);
        }
        let row = task.and_then(|task| self.order.row_of(task));
        // How many rows there is room for is known to the timeline alone.
        self.view.kept_row = row.or(self.view.kept_row);
    }

    /// Shows code in these languages from now on, and names its lines by them.
    fn read_in(&mut self, languages: Languages) {
        if self.languages != languages {
            self.languages = languages;
            // What was put into words before named the other lines.
            self.findings = Asked::default();
            self.tools.explained = Explained::default();
        }
    }
}
