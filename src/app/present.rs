//! Presenting: a lesson as a deck of pages, large and in light colours on the full screen, and afterwards the window as it
//! was.
//!
//! It turns the pages and puts the window into the state that each asks for. What a page shows is in `deck`, where it
//! stands on the screen in `stage`.

use super::App;
use super::command::{Command, Resize, Stride};
use super::cursor::Cursor;
use super::deck::{Kept, Lectern, Page, Reached, Round, Scene, Seat};
use super::guess::Guess;
use super::panes::Pane;
use super::selection::Selection;
use super::timeline::Extent;
use super::view::View;
use super::window_place::WindowPlace;
use crate::event::ClockKind;
use crate::runtime::Speed;
use crate::scenarios::Hints;
use crate::session::{Plan, Session, Start, StepState};
use crate::trace::EventIndex;
use egui::{Memory, ThemePreference, Vec2, ViewportCommand, vec2};

/// Where a lecturer turns to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Forward,
    Back,
    /// To the next lesson, past the pages that are left of this one.
    NextLesson,
    /// The same page, as it was when it was opened.
    Again,
    /// The page of this lesson that has this number, from 1.
    To(usize),
}

/// What is asked for that is about a talk.
#[derive(Debug, Clone)]
pub(crate) enum TalkCommand {
    /// Turn the page.
    Turn(Turn),
    /// Make the screen black, or show the page again.
    Blacken,
    /// Hands that are shown for a guess, or taken back.
    ShowHands(String, i32),
    /// Open the lecturer's window, or close it.
    ToggleLecturer,
    /// The lecturer's own notes on the lesson that is loaded.
    WriteNotes(String),
    /// The lecturer's window was moved, or changed its size.
    MoveLecturer(WindowPlace),
}

impl From<TalkCommand> for Command {
    fn from(command: TalkCommand) -> Self {
        Self::Talk(command)
    }
}

/// A page, and what is known of what it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Placed {
    seat: Seat,
    number: usize,
    known: Reached,
    is_over: bool,
}

/// How the window was before one began to present, and how it is presented.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presentation {
    pub(super) theme: ThemePreference,
    was_full: bool,
    /// The window's size that all is fitted to, in points of the usual size.
    window: Vec2,
    /// How much larger than that it is made by hand.
    by_hand: f32,
    /// Whether the lecturer shows the code on the page that is open, or puts it away; as the page has it unless said.
    code: Option<bool>,
    has_loop: bool,
    has_story: bool,
    pub(super) is_black: bool,
    /// The page that the window was put into the state of, and what was known of its run then.
    placed: Option<Placed>,
    /// When the pointer moved last, in seconds of the window's time.
    moved: f64,
}

/// How the run was looked at before one began to present.
#[derive(Debug)]
pub(super) struct Aside {
    /// The page's run that was shown then; none until a page is open.
    seat: Option<Seat>,
    has_run: bool,
    /// The run, where it is one of other parameters than those that are presented.
    other: Option<Kept>,
    cursor: Cursor,
    /// How many events there were, where the run stood still.
    stood_at: Option<EventIndex>,
    view: View,
    selected: Selection,
    guess: Guess,
}

/// The height of a page, in points: so that the smallest letters take three hundredths of it. And the least width.
const PAGE: Vec2 = vec2(540.0, 10.4 / 0.03);
/// The least room for a comparison, in points.
const COMPARED: Vec2 = vec2(960.0, 600.0);
/// The most that everything is enlarged.
const LARGEST: f32 = 8.0;
/// How much larger a key makes everything, and within which bounds.
const BY_HAND: f32 = 1.1;
const HANDS: std::ops::RangeInclusive<f32> = 0.5..=1.5;
/// For how long after the pointer has moved the bar is seen, in seconds.
const BAR_STAYS: f64 = 2.5;
/// Longer than any talk, in seconds.
const NEVER: f32 = 1e6;

impl App {
    /// Begins to present, in light colours and large; or shows all again, as it was.
    pub(super) fn present(&mut self) {
        match self.presents.take() {
            Some(before) => {
                self.ctx.set_theme(before.theme);
                self.fit_size();
                if !before.was_full {
                    self.ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
                }
                if self.view.axis != self.axis {
                    self.view = View::on(self.axis);
                }
                self.look_as_before();
            }
            None => {
                let theme = self.ctx.options(|options| options.theme_preference);
                let was_full = self.ctx.input(|input| input.viewport().fullscreen).unwrap_or(false);
                self.presents = Some(Presentation {
                    theme,
                    was_full,
                    window: Vec2::ZERO,
                    by_hand: 1.0,
                    code: None,
                    has_loop: false,
                    has_story: false,
                    is_black: false,
                    placed: None,
                    moved: f64::NEG_INFINITY,
                });
                self.ctx.set_theme(ThemePreference::Light);
                self.ctx.send_viewport_cmd(ViewportCommand::Fullscreen(true));
                self.fit_size();
                self.aside = Some(self.put_aside());
                self.keep_lectern();
            }
        }
    }

    /// How the run is looked at now.
    fn put_aside(&self) -> Aside {
        let stands = self.session.as_ref().is_some_and(|session| !session.is_over()) && !self.is_running();
        Aside {
            seat: None,
            has_run: self.session.is_some(),
            other: None,
            cursor: self.cursor,
            stood_at: stands.then(|| self.record().log().len()),
            view: self.view.clone(),
            selected: self.selected,
            guess: self.guess.clone(),
        }
    }

    /// Looks at the run as it was looked at before one began to present, if it is shown still.
    fn look_as_before(&mut self) {
        let speed = self.plan.speed;
        if let Some(session) = &mut self.session {
            session.set_speed(speed);
        }
        let Some(aside) = self.aside.take() else { return };
        let seat = self.lectern.as_ref().map(Lectern::seat);
        if aside.seat.is_some() && aside.seat != seat {
            return;
        }
        if aside.guess != Guess::default() {
            self.guess = aside.guess;
        }
        let mut is_same = aside.has_run == self.session.is_some();
        if let Some(other) = aside.other {
            is_same = self.session.is_none();
            if is_same {
                self.show_kept(Some(other));
            } else {
                let shown = self.session.replace(other.run);
                self.keep_before();
                self.session = shown;
            }
        }
        if is_same {
            let has_grown = |events: &EventIndex| self.record().log().len() > *events;
            self.cursor = match (aside.cursor, aside.stood_at.filter(has_grown)) {
                (Cursor::Live, Some(events)) => Cursor::After(events),
                (cursor, _) => cursor,
            };
            self.tools.playback = None;
            (self.view, self.selected) = (aside.view, aside.selected);
        }
    }

    /// Takes the run that is shown, with what is marked in it.
    fn take_shown(&mut self) -> Option<Kept> {
        let run = self.session.take()?;
        Some(Kept { run, bookmarks: std::mem::take(&mut self.tools.bookmarks) })
    }

    /// Shows a run that was kept, or none.
    fn show_kept(&mut self, kept: Option<Kept>) {
        self.forget_run();
        if let Some(kept) = kept {
            (self.session, self.tools.bookmarks) = (Some(kept.run), kept.bookmarks);
        }
    }

    pub(super) fn obey_talk(&mut self, command: TalkCommand) {
        match command {
            TalkCommand::Turn(turn) => self.turn(turn),
            TalkCommand::Blacken => {
                if let Some(presents) = &mut self.presents {
                    presents.is_black = !presents.is_black;
                }
            }
            TalkCommand::ShowHands(guess, by) => self.show_hands(&guess, by),
            TalkCommand::ToggleLecturer => self.lecturer.is_open = !self.lecturer.is_open,
            TalkCommand::WriteNotes(notes) => self.lecturer.write(self.plan.scenario.id, notes),
            TalkCommand::MoveLecturer(place) => self.lecturer.place = Some(place),
        }
    }

    /// Whether a page of a lecture is shown: one also presents comparisons.
    pub(super) fn is_on_deck(&self) -> bool {
        self.presents.is_some() && self.compare.is_none()
    }

    /// Makes everything as large as it is to be: what is presented as large as the window allows, and else as the user has
    /// it. Every frame does so, as egui takes over a size in the next one, and may drop it for one that came before.
    pub(super) fn fit_size(&mut self) {
        let window = self.ctx.content_rect().size() * self.ctx.zoom_factor();
        let room = if self.compare.is_some() { COMPARED } else { PAGE };
        let moved = self.ctx.input(|input| input.pointer.delta() != Vec2::ZERO || input.pointer.any_down());
        let now = self.window_time();
        if let Some(presents) = &mut self.presents {
            if moved {
                presents.moved = now;
            }
            presents.window = window;
            let larger = (window / room).min_elem().clamp(1.0, LARGEST) * presents.by_hand;
            if (larger - self.ctx.zoom_factor()).abs() > 0.01 {
                self.ctx.set_zoom_factor(larger);
            }
        } else {
            self.ctx.set_zoom_factor(self.size.factor());
        }
        self.hush_pointer();
    }

    /// A pointer that rests on a page is not seen, and says nothing of what lies under it.
    fn hush_pointer(&self) {
        let rests = self.is_on_deck() && self.bar_stays().is_none();
        let delay = if rests { NEVER } else { egui::style::Interaction::default().tooltip_delay };
        if self.ctx.global_style().interaction.tooltip_delay != delay {
            self.ctx.all_styles_mut(|style| style.interaction.tooltip_delay = delay);
        }
    }

    /// Makes everything that is presented larger or smaller.
    pub(super) fn resize_presentation(&mut self, resize: Resize) {
        if let Some(presents) = &mut self.presents {
            let by_hand = match resize {
                Resize::Larger => presents.by_hand * BY_HAND,
                Resize::Smaller => presents.by_hand / BY_HAND,
                Resize::Usual => 1.0,
            };
            presents.by_hand = by_hand.clamp(*HANDS.start(), *HANDS.end());
            self.fit_size();
        }
    }

    /// For how long the bar of a lecture is still seen, in seconds; none while it is away.
    pub(super) fn bar_stays(&self) -> Option<f64> {
        let left = self.presents?.moved + BAR_STAYS - self.window_time();
        (left > 0.0).then_some(left)
    }

    /// Lays the lesson that is loaded on the lectern, unless it lies there. A run of other parameters is put aside.
    pub(super) fn keep_lectern(&mut self) {
        if !self.is_on_deck() {
            return;
        }
        let is_other = |session: &Session| session.plan().params != self.plan.params;
        let other = if self.session.as_ref().is_some_and(is_other) { self.take_shown() } else { None };
        if other.is_some() {
            self.forget_run();
        }
        let now = self.window_time();
        let lectern = match self.lectern.take() {
            Some(lectern) if lectern.is_of(&self.plan) => lectern,
            before => {
                // How it was before one began to present is how it was before the first lecture.
                self.aside = self.aside.take().filter(|aside| aside.seat.is_none());
                Lectern::on(self.plan.clone(), before.map_or(now, |lectern| lectern.began))
            }
        };
        if let Some(aside) = self.aside.as_mut().filter(|aside| aside.seat.is_none()) {
            (aside.seat, aside.other) = (Some(lectern.seat()), other);
        }
        self.lectern = Some(lectern);
    }

    /// Presents these lessons, in this order.
    pub(super) fn present_course(&mut self, plans: Vec<Plan>) {
        let Some(lectern) = Lectern::through(plans, self.window_time()) else { return };
        self.close_compare();
        self.plan = lectern.plan().clone();
        self.guess = Guess::default();
        self.forget_run();
        self.lectern = Some(lectern);
        self.aside = None;
        if self.presents.is_none() {
            self.present();
        }
    }

    /// Turns a page. From a black screen it comes back to the page that was left.
    pub(super) fn turn(&mut self, turn: Turn) {
        let Some(presents) = &mut self.presents else { return };
        presents.placed = None;
        if std::mem::take(&mut presents.is_black) {
            return;
        }
        self.settle_guess();
        let Some(mut lectern) = self.lectern.take() else { return };
        let before = lectern.seat();
        let page = lectern.deck().page();
        let turned = match turn {
            Turn::Forward => lectern.forward(),
            Turn::Back => lectern.back(),
            Turn::NextLesson => lectern.next_lesson(),
            Turn::Again => true,
            Turn::To(number) => {
                lectern.open(number);
                true
            }
        };
        let after = lectern.seat();
        // Each page begins as it is meant to be seen.
        if (lectern.deck().page() != page || before != after)
            && let Some(presents) = &mut self.presents
        {
            presents.code = None;
        }
        if before != after {
            let answer = self.answer().map(ToString::to_string);
            lectern.keep(before, self.take_shown(), answer);
            self.plan = lectern.plan().clone();
            self.show_kept(lectern.take_run());
            self.guess = Guess::of(lectern.ballot().leading());
        }
        self.lectern = Some(lectern);
        if let Some(field) = self.ctx.memory(Memory::focused) {
            self.ctx.memory_mut(|memory| memory.surrender_focus(field));
        }
        match (page, turn, turned) {
            // A program without a lesson has one page: one steps through its run.
            (Page::Run, Turn::Forward, false) => self.obey(Command::StepForward(Stride::Poll)),
            (Page::Run, Turn::Back, false) => self.obey(Command::StepBack(Stride::Poll)),
            _ => self.run_for_page(),
        }
    }

    /// Opens the page about the last thing to look for that comes before the cursor, and leaves all else as it is.
    pub(super) fn open_page_at_cursor(&mut self) {
        let so_far = self.steps_so_far();
        if let Some(lectern) = &mut self.lectern {
            lectern.open_page(Page::Look(Round::First, so_far.saturating_sub(1)));
        }
        let state = self.page_state();
        if let Some(presents) = &mut self.presents {
            presents.placed = state;
        }
    }

    /// The page, and what is known of what it speaks of.
    fn page_state(&self) -> Option<Placed> {
        let lectern = self.lectern.as_ref()?;
        let deck = lectern.deck();
        let known = match deck.page() {
            Page::Look(_, step) => self.steps_reached().get(step).copied().unwrap_or(Reached::Never),
            _ => Reached::NotYet,
        };
        let is_over = self.session.as_ref().is_some_and(Session::is_over);
        Some(Placed { seat: lectern.seat(), number: deck.number(), known, is_over })
    }

    /// Begins the run that the open page shows, or lets it go on: as fast as it can, as its moments are what is shown.
    pub(super) fn run_for_page(&mut self) {
        let shows_run = self.lectern.as_ref().is_some_and(|lectern| lectern.deck().page().shows_run());
        if !shows_run || self.plan.scenario.is_elsewhere() {
            return;
        }
        let speed = if self.plan.clock == ClockKind::Virtual { Speed::MAX } else { self.plan.speed };
        match &mut self.session {
            Some(session) if !session.is_over() => {
                session.set_speed(speed);
                session.resume();
            }
            Some(_) => {}
            None => self.begin_with(Plan { speed, ..self.plan.clone() }, Start::Running),
        }
    }

    /// Whether the run has come to each thing to look for.
    pub(super) fn steps_reached(&self) -> Vec<Reached> {
        let reached = |step| match self.progress.steps().get(step) {
            Some(StepState::Reached(event) | StepState::OutOfOrder { event, .. }) => Reached::At(*event),
            Some(StepState::NotInThisRun(_)) => Reached::Never,
            Some(StepState::NotYet) | None => Reached::NotYet,
        };
        (0..self.plan.scenario.step_count()).map(reached).collect()
    }

    /// Puts the window into the state that the open page asks for, once for all that becomes known of its run. What the
    /// lecturer does on the page then stays as it is.
    pub(super) fn place_page(&mut self) {
        if !self.is_on_deck() {
            return;
        }
        self.keep_lectern();
        let state = self.page_state();
        let (Some(presents), Some(lectern)) = (&self.presents, &self.lectern) else { return };
        let page = lectern.deck().page();
        if presents.placed == state || page == Page::Run {
            return;
        }
        let is_over = state.is_some_and(|state| state.is_over);
        let hints = match page {
            Page::Look(_, step) => self.plan.scenario.told(self.progress.facts()).hints(step),
            _ => Hints::default(),
        };
        let scene = Scene::of(page, self.record(), &self.steps_reached(), hints, is_over);
        self.tools.playback = None;
        self.cursor = scene.cursor;
        self.view = match scene.range {
            Some((from, to)) => View::showing(scene.axis, from..=to, 0.0),
            None => View::on(scene.axis),
        };
        self.selected = scene.selected.into();
        self.reveal_lane();
        if let Some(presents) = &mut self.presents {
            presents.placed = state;
        }
    }

    /// Whether the open page shows a panel.
    pub(super) fn is_presented(&self, pane: Pane) -> bool {
        let Some(presents) = &self.presents else { return false };
        let page = self.lectern.as_ref().map(|lectern| lectern.deck().page());
        let has_code = match page {
            Some(Page::Title | Page::Guess(_)) => true,
            Some(Page::Look(_, step)) => self.words().hints(step).code,
            _ => false,
        };
        match pane {
            Pane::Code => presents.code.unwrap_or(has_code),
            Pane::Loop => presents.has_loop,
            Pane::Story => presents.has_story,
            Pane::Lessons => false,
        }
    }

    /// Shows a panel on the page, or puts it away. The window that one comes back to stays as it is.
    pub(super) fn toggle_presented(&mut self, pane: Pane) {
        let is_shown = self.is_presented(pane);
        let Some(presents) = &mut self.presents else { return };
        match pane {
            Pane::Code => presents.code = Some(!is_shown),
            Pane::Loop => presents.has_loop = !is_shown,
            Pane::Story => presents.has_story = !is_shown,
            Pane::Lessons => {} // the page is the lesson
        }
    }

    /// Counts hands for a guess of the audience. What most think is what is guessed.
    fn show_hands(&mut self, guess: &str, by: i32) {
        if let Some(lectern) = &mut self.lectern {
            lectern.ballot_mut().show_hands(guess, by);
            self.guess = Guess::of(lectern.ballot().leading());
        }
    }

    /// Counts a guess that was typed, if it means something.
    pub(super) fn hear_guess(&mut self, guess: &str) {
        self.guess.make(guess, &self.plan.scenario.kind_of_answer(&self.plan.params));
        if !self.guess.is_refused() && !guess.trim().is_empty() {
            self.show_hands(guess.trim(), 1);
        }
    }

    /// What was typed and not sent counts, where nothing else was guessed.
    fn settle_guess(&mut self) {
        let is_first = self.lectern.as_ref().is_some_and(|lectern| lectern.ballot().hands() == 0);
        let mut guess = self.guess.clone();
        guess.settle(&self.plan.scenario.kind_of_answer(&self.plan.params));
        if let (true, Some(made)) = (is_first, guess.made()) {
            self.show_hands(made, 1);
        }
    }

    /// Plays the run of the page, or pauses it. It never starts a run again, so no run is lost.
    pub(super) fn play_presented(&mut self) {
        match &self.session {
            None => self.turn(Turn::Forward),
            Some(session) if session.is_over() && self.tools.playback.is_none() => {
                if self.point().is_at_end(self.record()) {
                    self.cursor = Cursor::After(0);
                }
                self.play(Extent::ToTheEnd);
            }
            Some(_) => self.run_or_pause(),
        }
    }
}

#[cfg(test)]
mod tests;
