//! The window.
//!
//! Each frame the app takes what the run has sent, finds the point of the record that the cursor means, and shows the
//! panels; they return commands, which alone change anything. While nothing happens, nothing is drawn.
//!
//! egui stays inside: nothing of it appears in what this module offers but [`App`], which eframe runs.

mod announce;
mod bindings;
mod command;
mod compare;
mod cursor;
mod dossier;
mod explained;
mod files;
mod finder;
mod findings;
mod focus;
mod highlight;
mod keys;
mod layout;
mod looks;
mod messages;
mod obey;
mod open;
mod panels;
mod panes;
mod patterns;
mod present;
mod raster;
mod render;
mod selection;
mod settings;
mod telling;
mod theme;
mod timeline;
mod tour;
mod view;
mod watch;
mod window_place;

pub use open::{OpenError, run};
pub use raster::Raster;
pub use render::{Part, Shot, render, render_compared};
pub use watch::watch;

use crate::event::{Nanos, Outcome};
use crate::runtime::Phase;
use crate::scenarios::Answer;
use crate::scenarios::{self, Scenario};
use crate::session::{Plan, Progress, Session, outline};
use crate::trace::{EventIndex, Record, RunPhase, State};
use announce::{announce, happened};
use command::Command;
use compare::{Compare, PastRun};
use cursor::{Cursor, Point};
use dossier::Dossier;
use egui::Ui;
use files::{Chooser, Files};
use finder::Finder;
use findings::{Findings, Patience};
use looks::{Contrast, Motion, Percent};
use messages::Messages;
use panels::{CodeTab, Press, StoryTab};
use panes::Panes;
use patterns::Patterns;
use present::Presentation;
use selection::Selection;
use settings::{Kept, Loaded, Settings, Store};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;
use telling::{Telling, Told};
use timeline::{Activity, LaneOrder, Tools};
use tour::Stop;
use view::{Axis, View};
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
    /// The answer that the run gave to the lesson's question, once it is over.
    answer: Option<Answer>,
    /// Whether it has been said that the end of the file cannot be read.
    is_damage_told: bool,
    guess: Option<String>,
    /// Stands for the record while there is no run.
    blank: Record,
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
    code: CodeTab,
    story: StoryTab,
    told: Told,
    telling: Telling,
    /// What the run shows that its author may not have meant, once it is over.
    findings: Findings,
    patience: Patience,
    /// How it was before one began to present.
    presents: Option<Presentation>,
    contrast: Contrast,
    motion: Motion,
    /// The part of the window that is shown: all, but for pictures.
    part: Part,
    is_help_open: bool,
    panes: Panes,
    /// The lessons that were run to their end, by id.
    finished: BTreeSet<String>,
    tour: Option<Stop>,
    is_tour_seen: bool,
    place: Option<WindowPlace>,
    screens: Screens,
    /// Where the first window was asked to be, until it is there.
    arrives: Option<WindowPlace>,
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
            answer: None,
            is_damage_told: false,
            guess: None,
            blank: Record::default(),
            cursor: Cursor::Live,
            past: None,
            view: View::on(Axis::default()),
            axis: Axis::default(),
            order: LaneOrder::default(),
            activity: Activity::default(),
            tools: Tools::default(),
            selected: Selection::Nothing,
            dossier: Dossier::default(),
            code: CodeTab::default(),
            story: StoryTab::default(),
            told: Told::default(),
            telling: Telling::default(),
            findings: Findings::default(),
            patience: Patience::None,
            presents: None,
            contrast: Contrast::default(),
            motion: Motion::default(),
            part: Part::Window,
            is_help_open: false,
            panes: Panes::default(),
            finished: BTreeSet::new(),
            tour: None,
            is_tour_seen: false,
            place: None,
            screens: Screens::default(),
            arrives: None,
            messages: Messages::default(),
            files: Files::default(),
            finder: None,
            found: Vec::new(),
            patterns: Patterns::new(ctx),
            store: Store::default(),
            ctx: ctx.clone(),
        }
    }

    /// Begins with what the user's settings hold, and keeps in them from now on.
    #[must_use]
    fn remembering(mut self, store: Store, (settings, problem): Loaded, is_asked_for: bool) -> Self {
        problem.into_iter().for_each(|problem| self.messages.problem(problem));
        self.store = store;
        self.ctx.set_theme(egui::ThemePreference::from(settings.theme));
        self.ctx.set_zoom_factor(settings.size.factor());
        self.set_looks(settings.contrast, settings.motion);
        self.files.chooser = Chooser::Desktop;
        self.files.recent = settings.recent;
        self.panes = settings.panes;
        self.finished = settings.finished;
        (self.place, self.arrives) = (settings.window, settings.window);
        (self.axis, self.view) = (settings.axis, View::on(settings.axis));
        self.is_tour_seen = settings.is_tour_seen;
        // Over a run that somebody asked for it would be in the way.
        self.tour = (!is_asked_for && !settings.is_tour_seen).then_some(Stop::Lessons);
        self.found = settings.found;
        let last = settings.scenario.and_then(|id| scenarios::find(&id).ok());
        if let (Some(last), false) = (last, is_asked_for) {
            self.plan = Plan::new(last);
        }
        self
    }

    /// The settings as they now are.
    fn settings(&self) -> Settings {
        let theme = self
            .presents
            .map_or_else(|| self.ctx.options(|options| options.theme_preference), |presents| presents.theme);
        let zoom = self.presents.map_or_else(|| self.ctx.zoom_factor(), |before| before.zoom);
        // A program of one's own is none that the next start could find.
        let lesson = self.plan.scenario.chapter().map(|_| self.plan.scenario.id.to_owned());
        Settings {
            theme: theme.into(),
            contrast: self.contrast,
            motion: self.motion,
            size: Percent::of_factor(zoom),
            found: self.found.clone(),
            scenario: lesson.or_else(|| self.store.saved().scenario.clone()),
            recent: self.files.recent.clone(),
            panes: self.panes.clone(),
            finished: self.finished.clone(),
            window: self.place,
            axis: self.axis,
            is_tour_seen: self.is_tour_seen,
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
        self.session.as_ref().map_or(&self.blank, Session::record)
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
        if let Some(compare) = &mut self.compare {
            compare.look(&self.ctx, self.plan.speed);
        }
        if let Some(session) = &mut self.session {
            session.pump();
            self.progress.advance(session.plan().scenario, session.record());
        }
        self.take_end();
        match &self.session {
            Some(session) if session.has_all() || matches!(session.record().edge().phase, RunPhase::Ended(_)) => {
                self.findings.look(session, &self.ctx, self.patience);
                // A run that took no time is one line on the axis of time: its steps tell more.
                if self.answer.is_none() && session.record().log().end() == Nanos::ZERO {
                    self.view.axis = Axis::Steps;
                }
                if self.answer.is_none() && self.cursor == Cursor::Live {
                    self.cursor = Cursor::at_end_of(session.record());
                }
                if is_finished(session) && !self.finished.contains(session.plan().scenario.id) {
                    self.finished.insert(session.plan().scenario.id.to_owned());
                }
                let ask = || (session.plan().scenario.predict.answer)(&outline(session.record()));
                self.answer.get_or_insert_with(ask);
            }
            _ => self.answer = None,
        }
        let (point, now) = (self.point(), self.now());
        let record = self.session.as_ref().map_or(&self.blank, Session::record);
        let is_whole = self.session.as_ref().is_some_and(Session::has_all);
        self.order.update(record, is_whole);
        self.tools.look(record, self.selected.about(record), now, is_whole);
        let only = self.selected.about(record).filter(|_| self.told == Told::Selected);
        let has_more = self.dossier.look(record, self.selected, point) | self.telling.look(record, only);
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
        self.screens.look(frame, self.panes.has_window());
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
        happened(self.record(), self.state(), self.point())
    }

    /// One frame: takes what has come, shows it, and does what was asked for.
    fn frame(&mut self, ui: &mut Ui) {
        self.play_on();
        self.look();
        self.fit_presentation();
        focus::follow(ui.ctx());
        let mut commands = keys::pressed(ui.ctx());
        commands.extend(self.dropped());
        if self.is_help_open || self.files.typing.is_some() {
            commands.retain(|command| matches!(command, Command::ToggleHelp | Command::Leave | Command::Close));
        }
        if self.finder.is_some() {
            commands.retain(|command| matches!(command, Command::ToggleFinder | Command::Leave | Command::Close));
        }
        announce(ui, || self.happened());
        commands.extend(self.show(ui));
        focus::ring(ui);
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

impl App {
    /// Keeps what has changed of the settings, once it does not change any more.
    fn keep_settings(&mut self) {
        self.place = WindowPlace::now(&self.ctx, self.place);
        match self.store.keep(&self.settings(), self.window_time()) {
            Kept::Done => {}
            Kept::Later(after) => self.ctx.request_repaint_after(after),
            Kept::Not(problem) => self.messages.problem(problem),
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("plan", &self.plan).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}
