//! What each panel is given, and what lies above them. It changes nothing: what was asked for goes back to the app.
//!
//! Where the panels are in the window is in `docks`.

use super::command::Command;
use super::compare::Choices;
use super::finder::Among;
use super::keys;
use super::looks::Motion;
use super::panels::{
    Code, Inspector, LessonPanel, LoopView, Menu, Moves, Question, StatusBar, Story, TopBar, drop_ui, help_ui,
    messages_ui, path_ui,
};
use super::panes::{Pane, Place};
use super::room::Room;
use super::still::Part;
use super::theme::Palette;
use super::timeline::{Corner, Ruler, Timeline, in_view_ui, legend_line_ui};
use super::window_place::WindowPlace;
use super::{App, Stage};
use crate::event::{Nanos, Outcome};
use crate::scenarios::{self, Answer};
use crate::session::{Session, StepState};
use crate::trace::{Record, RunPhase};
use egui::{CentralPanel, Context, Frame, Id, Margin, Panel, Ui, ViewportBuilder, ViewportClass, ViewportId};

/// The least size of a panel's own window, in points.
const LEAST_APART: [f32; 2] = [320.0, 240.0];

/// Around a picture of a part of the window, and the height of the legend in it, in points.
const MARGIN: i8 = 12;
const LEGEND: f32 = 36.0;

impl App {
    pub(super) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = self.content(ui);
        commands.extend(self.above(ui.ctx()));
        commands
    }

    /// What lies above the panels, and is in no picture of them.
    fn above(&self, ctx: &Context) -> Vec<Command> {
        let mut commands = messages_ui(ctx, &self.messages);
        commands.extend(self.apart(ctx));
        commands.extend(self.stage_bar(ctx));
        commands.extend(self.lecturer_window(ctx));
        commands.extend(self.plan_window(ctx));
        if let Some((purpose, path)) = &self.files.typing {
            commands.extend(path_ui(ctx, *purpose, path).map(Command::File));
        }
        drop_ui(ctx);
        if self.is_help_open && help_ui(ctx) {
            commands.push(Command::ToggleHelp);
        }
        if let Some(finder) = &self.finder {
            let bookmarks = self.tools.bookmarks.list();
            let moments = &self.seek.recent;
            let among = Among { record: self.record(), bookmarks, cursor: self.cursor, found: &self.found, moments };
            commands.extend(finder.show(ctx, &among));
        }
        commands
    }

    /// The panels, or the one that is asked for.
    pub(super) fn content(&self, ui: &mut Ui) -> Vec<Command> {
        if let Some(compare) = &self.compare {
            return compare.show(ui, self.choices(), self.part);
        }
        match self.part {
            Part::Window => self.window(ui),
            Part::Timeline | Part::Loop => {
                let frame = Frame::new().fill(Palette::of(ui).base).inner_margin(Margin::same(MARGIN));
                if self.part == Part::Timeline {
                    Panel::bottom("legend").exact_size(LEGEND).frame(frame).show_separator_line(false).show(ui, |ui| {
                        ui.horizontal(|ui| {
                            legend_line_ui(ui, &self.patterns, self.record());
                            in_view_ui(ui, &self.patterns);
                        });
                    });
                }
                let shown = CentralPanel::no_frame().frame(frame).show(ui, |ui| match self.part {
                    Part::Loop => self.loop_view().show(ui),
                    _ => self.timeline().show(ui, Corner::Empty),
                });
                shown.inner
            }
        }
    }

    /// The height that a picture of the lanes needs, with what stands around them, in points.
    pub(super) fn height_of_timeline(&self) -> f32 {
        match &self.compare {
            Some(compare) => compare.height_of_picture(),
            None => self.timeline().whole_height() + 2.0 * f32::from(MARGIN) + LEGEND,
        }
    }

    /// The panels that have windows of their own.
    fn apart(&self, ctx: &Context) -> Vec<Command> {
        let mut commands = Vec::new();
        for pane in Pane::ALL {
            let opened = Id::unique(("window of its own", pane));
            if self.panes.place(pane) != Place::Apart {
                ctx.data_mut(|data| data.remove::<Option<WindowPlace>>(opened));
                continue;
            }
            // Where it is opened stays what it is while it is open: else each move of it would be asked for once more.
            let before = self.panes.window(pane);
            let opened = ctx.data_mut(|data| {
                *data.get_temp_mut_or_insert_with(opened, || before.map(|place| self.screens.admit_whole(place)))
            });
            let title = format!("Loopscope: {}", pane.title().to_lowercase());
            let builder = ViewportBuilder::default().with_title(title).with_app_id("loopscope");
            let builder = builder.with_inner_size([620.0, 760.0]).with_min_inner_size(LEAST_APART);
            let builder = match opened {
                Some(place) => place.of(builder, LEAST_APART, ctx.zoom_factor()),
                None => builder,
            };
            ctx.show_viewport_immediate(ViewportId::from_hash_of(pane), builder, |ui, class| {
                if class != ViewportClass::EmbeddedWindow {
                    commands.extend(keys::pressed(ui.ctx(), self.is_on_deck())); // they work there as in the first window
                    let place = WindowPlace::now(ui.ctx(), before).filter(|place| Some(*place) != before);
                    commands.extend(place.map(|place| Command::MoveWindow(pane, place)));
                }
                if ui.input(|input| input.viewport().close_requested()) {
                    commands.push(Command::Put(pane, Place::Docked));
                }
                let frame = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::same(10));
                CentralPanel::no_frame().frame(frame).show(ui, |ui| match pane {
                    Pane::Code => self.code_and_inspector(ui, &mut commands),
                    Pane::Story => commands.extend(self.story_panel().show(ui)),
                    Pane::Loop => commands.extend(self.loop_view().show(ui)),
                    Pane::Lessons => commands.extend(self.lesson().show(ui)),
                });
            });
        }
        commands
    }

    pub(super) fn story_panel(&self) -> Story<'_> {
        Story {
            record: self.record(),
            point: self.point(),
            tab: self.story,
            selected: self.selected.about(self.record()),
            told: self.told,
            telling: &self.telling,
            findings: &self.findings,
            wording: &self.wording,
        }
    }

    pub(super) fn inspector(&self) -> Inspector<'_> {
        let (record, state, point) = (self.record(), self.state(), self.point());
        Inspector {
            record,
            state,
            point,
            selected: self.selected,
            dossier: &self.dossier,
            explained: &self.tools.explained,
            wording: &self.wording,
        }
    }

    pub(super) fn top_bar(&self) -> TopBar<'_> {
        TopBar {
            menu: Menu {
                recent: self.files.recent.paths(),
                has_run: !self.record().log().is_empty(),
                panes: &self.panes,
                contrast: self.contrast,
                motion: self.motion,
            },
            title: self.plan.scenario.title,
            promise: self.is_answered().then(|| self.words().promise()),
            at: self.time(),
            ends: end_of(self.record()),
            is_started: self.session.is_some(),
            next: self.next_press(),
            is_over: self.session.as_ref().is_some_and(Session::is_over),
            speed: self.plan.speed,
            clock: self.plan.clock,
            axis: self.view.axis,
            choices: self.choices(),
        }
    }

    /// Whether the lesson's question is answered, or there is none: what the lesson promises would give the answer away.
    fn is_answered(&self) -> bool {
        self.guess.made().is_some() || self.answer().is_some() || !self.plan.scenario.has_question()
    }

    fn choices(&self) -> Choices {
        Choices { has_last: self.can_compare_last(), has_run: self.session.as_ref().is_some_and(Session::has_all) }
    }

    pub(super) fn status_bar<'a>(&'a self, room: &'a Room) -> StatusBar<'a> {
        StatusBar {
            room,
            record: self.record(),
            point: self.point(),
            is_paused: !self.is_running(),
            clock: self.plan.clock,
            seed: self.plan.seed,
            patterns: &self.patterns,
            change: self.change(),
        }
    }

    /// What the run answers to the lesson's question, once that is known.
    pub(super) fn answer(&self) -> Option<&Answer> {
        self.progress.answer()
    }

    pub(super) fn question(&self) -> Question<'_> {
        Question {
            lesson: self.words(),
            guess: self.guess.made(),
            typed: &self.guess,
            answer: self.answer(),
            looks_back: !self.point().is_at_end(self.record()),
        }
    }

    pub(super) fn lesson(&self) -> LessonPanel<'_> {
        LessonPanel {
            scenario: self.plan.scenario,
            params: &self.plan.params,
            is_changed: self.session.as_ref().is_some_and(|session| session.plan().params != self.plan.params),
            question: self.question(),
            has_run: self.session.is_some(),
            opening: self.openings,
            to_try: self.course.to_try(self.plan.scenario).collect(),
            lesson: self.words(),
            steps: self.progress.steps(),
            so_far: self.steps_so_far(),
        }
    }

    /// Who looks at it.
    fn looked_at_from(&self) -> Stage {
        if self.is_on_deck() { Stage::Talk } else { Stage::Desk }
    }

    /// The place after the last of the lesson's steps that comes before the cursor. At a standstill nothing is left to come
    /// but the end.
    pub(super) fn steps_so_far(&self) -> usize {
        let point = self.point();
        let is_at_end = point.is_at_end(self.record());
        let is_before = |step: &StepState| step.event().is_some_and(|event| is_at_end || event < point.index);
        self.progress.steps().iter().rposition(is_before).map_or(0, |last| last + 1)
    }

    /// What the lesson says of the run that is shown, or of the one that would begin.
    pub(super) fn words(&self) -> scenarios::Told<'_> {
        self.plan.scenario.told(&self.facts)
    }

    pub(super) fn code_panel(&self) -> Code<'_> {
        Code {
            scenario: self.plan.scenario,
            params: self.session.as_ref().map_or(&self.plan.params, |session| &session.plan().params),
            record: self.record(),
            state: self.state(),
            languages: self.languages,
            selected: self.selected.about(self.record()),
            point: self.point(),
            opening: self.openings,
            stage: self.looked_at_from(),
        }
    }

    pub(super) fn loop_view(&self) -> LoopView<'_> {
        // Nobody follows a chip with the eye when much happens in a moment.
        let is_fast = self.point().is_live && self.plan.speed.factor() > 1.0;
        let is_still = is_fast || self.motion == Motion::Reduced;
        LoopView {
            record: self.record(),
            state: self.state(),
            point: self.point(),
            selected: self.selected,
            wording: &self.wording,
            file: self.plan.scenario.rust.file,
            workers: self.activity.series().workers(),
            moves: if is_still { Moves::AtOnce } else { Moves::Glide },
        }
    }

    pub(super) fn timeline(&self) -> Timeline<'_> {
        Timeline {
            record: self.record(),
            state: self.state(),
            point: self.point(),
            now: self.now(),
            view: &self.view,
            order: &self.order,
            left_out: 0,
            selected: self.selected.about(self.record()),
            patterns: &self.patterns,
            activity: &self.activity,
            tools: &self.tools,
            wording: &self.wording,
            told: Some(self.words()),
            steps: self.progress.steps(),
            // An audience reads it elsewhere.
            has_notes: self.presents.is_none(),
            ruler: Ruler::Shown,
            stage: self.looked_at_from(),
        }
    }
}

/// How and when a run ends, once it has.
fn end_of(record: &Record) -> Option<(&'static str, Nanos)> {
    let RunPhase::Ended(outcome) = &record.edge().phase else { return None };
    let how = match outcome {
        Outcome::Completed | Outcome::Detached => "ended",
        Outcome::Deadlock => "deadlock",
        Outcome::NeedsRealClock => "stuck",
        Outcome::Stopped => "stopped",
        Outcome::Panicked(_) => "panicked",
    };
    Some((how, record.log().end()))
}
