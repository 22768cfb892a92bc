//! The window.
//!
//! Each frame the app takes what the run has sent, finds the point of the record that the cursor means, and shows the
//! panels; they return commands, which alone change anything. While nothing happens, nothing is drawn.
//!
//! egui stays inside: nothing of it appears in what this module offers but [`App`], which eframe runs.

mod announce;
mod asked;
mod bindings;
mod command;
mod compare;
mod course;
mod cursor;
mod deck;
mod docks;
mod dossier;
mod explained;
mod files;
mod finder;
mod focus;
mod guess;
mod highlight;
mod keys;
mod layout;
mod lecturer;
mod looks;
mod messages;
mod obey;
mod open;
mod panels;
mod panes;
mod patterns;
mod planned;
mod present;
mod raster;
mod remember;
mod render;
mod room;
mod seek;
mod selection;
mod settings;
mod stage;
mod still;
mod svg;
mod telling;
mod theme;
mod timeline;
mod tour;
mod view;
mod watch;
mod window_place;

pub use open::{OpenError, Opening, run};
pub use raster::Raster;
pub use render::{Look, Shot, Stage, render, render_compared};
pub use still::{Part, Picture};
pub use view::Axis;
pub use watch::watch;

use crate::event::{Nanos, Outcome};
use crate::moment::Facts;
use crate::runtime::Phase;
use crate::scenarios::{self, Scenario};
use crate::session::{Plan, Progress, Session, wording};
use crate::trace::{Diagnosis, EventIndex, Languages, Limits, Record, RunPhase, State, Wording, diagnose};
use announce::{announce, happened};
use asked::{Asked, Patience};
use command::Command;
use compare::{Compare, PastRun};
use course::Course;
use cursor::{Cursor, Point};
use deck::Lectern;
use dossier::Dossier;
use egui::Ui;
use files::Files;
use finder::Finder;
use focus::Landing;
use guess::Guess;
use lecturer::Lecturer;
use looks::{Contrast, Motion, Percent};
use messages::Messages;
use panels::{Press, StoryTab};
use panes::Panes;
use patterns::Patterns;
use planned::Planned;
use present::{Aside, Presentation};
use selection::Selection;
use settings::Store;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use telling::{Telling, Told};
use timeline::{Activity, LaneOrder, Tools};
use tour::Stop;
use view::View;
use window_place::{Screens, WindowPlace};

/// The application: one loaded scenario, its run, and how it is looked at.
pub struct App {
    /// What the next run will be.
    plan: Plan,
    /// The run that is shown; none before the first.
    session: Option<Session>,
    /// The run before it, of the same scenario, where something was changed since.
    before: Option<PastRun>,
    /// Two runs side by side, while they are shown instead.
    compare: Option<Compare>,
    /// How far it has come in its lesson.
    progress: Progress,
    /// What is known of the run that is shown, or of the one that would begin.
    facts: Facts,
    seek: seek::Seek,
    /// Whether the run that is shown has ended, and what is done once at its end was done.
    has_ended: bool,
    /// Whether it has been said that the end of the file cannot be read.
    is_damage_told: bool,
    guess: Guess,
    /// Stands for the record while there is no run.
    blank: Arc<Record>,
    cursor: Cursor,
    /// The state at the cursor, where that is not the live edge.
    past: Option<(EventIndex, State)>,
    view: View,
    /// The axis that the user chose last.
    axis: Axis,
    order: LaneOrder,
    activity: Activity,
    tools: Tools,
    selected: Selection,
    dossier: Dossier,
    /// The languages in which code is shown and lines are named.
    languages: Languages,
    /// How lines of the shown run are named, as [`App::look`] left it.
    wording: Wording,
    story: StoryTab,
    told: Told,
    telling: Telling,
    /// What the run shows that its author may not have meant: asked once all of it is there.
    findings: Asked<Vec<Diagnosis>>,
    patience: Patience,
    /// How it was before one began to present.
    presents: Option<Presentation>,
    aside: Option<Aside>,
    /// What is presented, and was.
    lectern: Option<Lectern>,
    lecturer: Lecturer,
    planned: Planned,
    contrast: Contrast,
    motion: Motion,
    /// How large everything is where nobody presents. egui takes over a size in the next frame only, so it cannot be asked.
    size: Percent,
    /// The part of the window that is shown: all, but for pictures.
    part: Part,
    is_help_open: bool,
    panes: Panes,
    /// How far one is in the course.
    course: Course,
    /// How far one was before one started over, until a lesson is run to its end again.
    forgotten: Option<Course>,
    /// How many times a lesson was opened: each is read from its top.
    openings: u64,
    tour: Option<Stop>,
    is_tour_seen: bool,
    /// Whether the tour began the run that is shown.
    is_tours_run: bool,
    place: Option<WindowPlace>,
    screens: Screens,
    /// Where the first window was asked to be, until it is there.
    arrives: Option<WindowPlace>,
    /// Where the keyboard goes once that is shown.
    arrives_at: Option<Landing>,
    messages: Messages,
    files: Files,
    /// What is looked for, while the finder is open.
    finder: Option<Finder>,
    /// The names found last, the latest first.
    found: Vec<String>,
    patterns: Patterns,
    /// Where the settings are kept.
    store: Store,
    /// To wake the window from the run's thread.
    ctx: egui::Context,
}

/// What the window shows first.
#[derive(Debug)]
pub enum Show {
    /// The first scenario, not yet running.
    Nothing,
    /// This scenario, not yet running.
    Scenario(&'static Scenario),
    /// A scenario with these parameters and this seed, not yet running.
    Plan(Box<Plan>),
    /// This run.
    Run(Box<Session>),
}

/// While time passes on the run's clock, the least time between two frames.
const FRAME: Duration = Duration::from_millis(16);

impl App {
    /// An app that shows a run that is over, or has a scenario loaded (the first one, if none is named), not yet running.
    #[must_use]
    pub fn new(ctx: &egui::Context, show: Show) -> Self {
        theme::install(ctx);
        let (plan, session) = match show {
            Show::Nothing => (Plan::new(scenarios::first()), None),
            Show::Scenario(scenario) => (Plan::new(scenario), None),
            Show::Plan(plan) => (*plan, None),
            Show::Run(session) => (session.plan().clone(), Some(*session)),
        };
        if let Some(session) = &session {
            wake(ctx, session);
        }
        Self {
            plan,
            session,
            before: None,
            compare: None,
            progress: Progress::default(),
            facts: Facts::default(),
            seek: seek::Seek::default(),
            has_ended: false,
            is_damage_told: false,
            guess: Guess::default(),
            blank: Arc::default(),
            cursor: Cursor::Live,
            past: None,
            view: View::on(Axis::default()),
            axis: Axis::default(),
            order: LaneOrder::default(),
            activity: Activity::default(),
            tools: Tools::default(),
            selected: Selection::Nothing,
            dossier: Dossier::default(),
            languages: Languages::default(),
            wording: Wording::default(),
            story: StoryTab::default(),
            told: Told::default(),
            telling: Telling::default(),
            findings: Asked::default(),
            patience: Patience::None,
            presents: None,
            aside: None,
            lectern: None,
            lecturer: Lecturer::default(),
            planned: Planned::default(),
            contrast: Contrast::default(),
            motion: Motion::default(),
            size: Percent::default(),
            part: Part::Window,
            is_help_open: false,
            panes: Panes::default(),
            course: Course::default(),
            forgotten: None,
            openings: 0,
            tour: None,
            is_tour_seen: false,
            is_tours_run: false,
            place: None,
            screens: Screens::default(),
            arrives: None,
            arrives_at: None,
            messages: Messages::default(),
            files: Files::default(),
            finder: None,
            found: Vec::new(),
            patterns: Patterns::new(ctx),
            store: Store::default(),
            ctx: ctx.clone(),
        }
    }

    /// The run that is shown.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The time at the cursor.
    #[must_use]
    pub fn time(&self) -> Nanos {
        self.point().at
    }

    /// The time of the window, in seconds: what comes and goes by itself goes by it.
    fn window_time(&self) -> f64 {
        self.ctx.input(|input| input.time)
    }

    fn record(&self) -> &Record {
        self.session.as_ref().map_or(&*self.blank, Session::record)
    }

    fn now(&self) -> Nanos {
        self.session.as_ref().map_or(Nanos::ZERO, Session::now)
    }

    fn point(&self) -> Point {
        self.cursor.point(self.record(), self.now())
    }

    /// The state at the cursor, as [`App::look`] left it.
    fn state(&self) -> &State {
        self.past.as_ref().map_or_else(|| self.record().edge(), |(_, state)| state)
    }

    fn is_running(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.is_over() && session.phase() == Phase::Running)
    }

    /// What the main button does now.
    fn next_press(&self) -> Press {
        match &self.session {
            _ if self.tools.playback.is_some() => Press::Halt,
            _ if self.is_running() => Press::Pause,
            Some(session) if session.is_over() && !self.point().is_at_end(session.record()) => Press::Play,
            Some(session) if session.is_over() => Press::RunAgain,
            _ => Press::Run,
        }
    }

    /// Takes what the run has sent, and finds the state at the cursor.
    fn look(&mut self) {
        self.take_reports();
        self.wording = wording(self.languages, [self.plan.scenario]);
        if let Some(compare) = &mut self.compare {
            compare.look(&self.ctx, self.patience, self.plan.speed, self.languages);
        }
        if let Some(session) = &mut self.session {
            session.pump();
            self.progress.advance(session.plan(), session.record());
        }
        self.facts = match &self.session {
            Some(_) => self.progress.facts().clone(),
            None => self.plan.scenario.facts(&self.plan.params),
        };
        self.look_where_it_paused();
        self.take_found();
        self.take_end();
        match &self.session {
            Some(session) if session.has_all() || matches!(session.record().edge().phase, RunPhase::Ended(_)) => {
                let has_just_ended = !std::mem::replace(&mut self.has_ended, true);
                // A run that took no time is one line on the axis of time: its steps tell more.
                if has_just_ended && session.record().log().end() == Nanos::ZERO {
                    self.view.axis = Axis::Steps;
                }
                if has_just_ended && self.cursor == Cursor::Live {
                    self.cursor = Cursor::at_end_of(session.record());
                }
                if has_just_ended && is_finished(session) && !self.is_tours_run {
                    self.course.finish(session.plan().scenario, &session.plan().params);
                    self.forgotten = None;
                }
                if session.has_all() {
                    self.findings.ask(&self.ctx, self.patience, || {
                        let (record, wording) = (session.share(), self.wording.clone());
                        move || diagnose(&record, Limits::default(), &wording)
                    });
                }
            }
            _ => self.has_ended = false,
        }
        self.place_page();
        let (point, now) = (self.point(), self.now());
        let shared = self.session.as_ref().map_or_else(|| Arc::clone(&self.blank), Session::share);
        let record = &*shared;
        let is_whole = self.session.as_ref().is_some_and(Session::has_all);
        let has_more = self.order.update(record, self.plan.scenario.rust.file, is_whole);
        let has_more =
            has_more | self.tools.look(&shared, self.selected.about(record), now, is_whole, (&self.ctx, self.patience));
        let only = self.selected.about(record).filter(|_| self.told == Told::Selected);
        let has_more = has_more | self.dossier.look(record, self.selected, point) | self.telling.look(record, only);
        if self.activity.look(record) || has_more {
            self.ctx.request_repaint();
        }
        if point.index == record.log().len() {
            self.past = None;
        } else if self.past.as_ref().is_none_or(|(index, _)| *index != point.index) {
            self.past = Some((point.index, record.state_at(point.index)));
        }
    }
}

/// Whether a lesson was run here to the end that it has: some end in a deadlock, or a panic.
fn is_finished(session: &Session) -> bool {
    let RunPhase::Ended(outcome) = &session.record().edge().phase else { return false };
    !session.is_saved() && matches!(outcome, Outcome::Completed | Outcome::Deadlock | Outcome::Panicked(_))
}

/// Has the window drawn when the run has sent something.
fn wake(ctx: &egui::Context, session: &Session) {
    let ctx = ctx.clone();
    session.on_news(move || ctx.request_repaint());
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.screens.look(frame, self.panes.has_window() || self.lecturer.is_open);
        self.arrive(frame);
        self.frame(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        // Nobody sees messages any more.
        if let Some(problem) = self.store.save(&self.settings()) {
            eprintln!("loopscope: {problem}");
        }
    }
}

impl App {
    /// What a screen reader is told of the moment at the cursor.
    fn happened(&self) -> String {
        if self.is_running() {
            return "running".to_owned();
        }
        happened(self.record(), self.state(), self.point(), &self.wording)
    }

    /// One frame: takes what has come, shows it, and does what was asked for.
    fn frame(&mut self, ui: &mut Ui) {
        self.play_on();
        self.look();
        self.fit_size();
        focus::follow(ui.ctx());
        let mut commands = keys::pressed(ui.ctx(), self.is_on_deck());
        commands.extend(self.dropped());
        if self.is_help_open || self.files.typing.is_some() {
            commands.retain(|command| matches!(command, Command::ToggleHelp | Command::Leave | Command::Close));
        }
        if self.finder.is_some() {
            commands.retain(|command| matches!(command, Command::ToggleFinder | Command::Leave | Command::Close));
        }
        announce(ui, || self.spoken_page(ui).unwrap_or_else(|| self.happened()));
        commands.extend(self.show(ui));
        focus::ring(ui);
        if let Some(landing) = self.arrives_at.take() {
            focus::go(ui.ctx(), landing);
        }
        let any = !commands.is_empty();
        for command in commands {
            self.obey(command);
        }
        self.keep_settings();
        if let Some(after) = self.messages.pass(self.window_time()) {
            ui.ctx().request_repaint_after(after);
        }
        if any {
            ui.ctx().request_repaint();
        } else if self.is_running() || self.tools.playback.is_some() {
            ui.ctx().request_repaint_after(FRAME);
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("plan", &self.plan).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}
