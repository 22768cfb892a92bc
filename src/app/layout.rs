//! Where each panel is in the window, and what each is given. It changes nothing: what was asked for goes back to the app.

use super::App;
use super::command::Command;
use super::compare::Choices;
use super::finder::Among;
use super::keys;
use super::looks::Motion;
use super::panels::{
    Code, Inspector, Lecture, LessonList, LessonPanel, LoopView, Menu, Moves, Question, StatusBar, Story, TopBar,
    ask_ui, drop_ui, help_ui, messages_ui, path_ui, tour_ui,
};
use super::panes::{Edge, Pane, Place};
use super::render::Part;
use super::theme::Palette;
use super::timeline::{Ruler, Timeline};
use super::tour::Stop;
use super::window_place::WindowPlace;
use crate::session::Session;
use egui::{
    CentralPanel, Context, Frame, Id, IdSalt, Margin, Panel, PanelState, Rect, Ui, ViewportBuilder, ViewportClass,
    ViewportId,
};

/// The least size of a panel's own window, in points.
const LEAST_APART: [f32; 2] = [320.0, 240.0];
/// The least width of a window that shows lessons, lanes and code beside each other, in points.
const LEAST_FOR_BOTH: f32 = 900.0;

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
        if let Some((purpose, path)) = &self.files.typing {
            commands.extend(path_ui(ctx, *purpose, path).map(Command::File));
        }
        drop_ui(ctx);
        if self.is_help_open && help_ui(ctx) {
            commands.push(Command::ToggleHelp);
        }
        if let Some(finder) = &self.finder {
            let bookmarks = self.tools.bookmarks.list();
            let among = Among { record: self.record(), bookmarks, cursor: self.cursor, found: &self.found };
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
                let frame = Frame::new().fill(Palette::of(ui).base).inner_margin(Margin::same(12));
                let shown = CentralPanel::no_frame().frame(frame).show(ui, |ui| match self.part {
                    Part::Loop => self.loop_view().show(ui),
                    _ => self.timeline().show(ui).into_iter().collect(),
                });
                shown.inner.into_iter().collect()
            }
        }
    }

    fn window(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let bar = |margin| Frame::new().fill(palette.panel).inner_margin(margin);
        let top = Panel::top("top").exact_size(46.0).frame(bar(Margin::symmetric(14, 4))).show(ui, |ui| {
            commands.extend(self.top_bar().show(ui));
        });
        Panel::bottom("status").exact_size(26.0).frame(bar(Margin::symmetric(14, 2))).show(ui, |ui| {
            commands.extend(self.status_bar().show(ui));
        });
        let [mut lessons, mut code] = [None; 2];
        if let Some(lecture) = self.lecture() {
            if self.session.is_none() {
                let slide = Frame::new().fill(palette.base);
                CentralPanel::no_frame().frame(slide).show(ui, |ui| commands.extend(lecture.slide(ui)));
                return commands;
            }
            Panel::bottom("step").frame(bar(Margin::symmetric(16, 8))).show(ui, |ui| {
                commands.extend(lecture.strip(ui));
            });
        } else {
            [lessons, code] = self.sides(ui, &mut commands);
        }
        let center = Frame::new().fill(palette.base);
        let shown = CentralPanel::no_frame().frame(center).show(ui, |ui| self.center(ui, center, &mut commands));
        if let Some(stop) = self.tour {
            let target = match stop {
                Stop::Lessons => lessons,
                Stop::Transport => Some(top.response.rect),
                Stop::Timeline => None,
                Stop::Why => code,
            };
            commands.extend(tour_ui(ui, stop, target.unwrap_or(shown.inner)));
        }
        commands
    }

    /// The loop, the timeline and the story; where the timeline is.
    fn center(&self, ui: &mut Ui, center: Frame, commands: &mut Vec<Command>) -> Rect {
        let bar = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::symmetric(12, 8));
        let padded = center.inner_margin(Margin::same(10));
        let questions = self.session.as_ref().map(Session::questions).unwrap_or_default();
        if let Some(question) = questions.first() {
            Panel::top("question").frame(bar).show(ui, |ui| commands.extend(ask_ui(ui, question)));
        }
        let height = ui.available_height();
        if self.presents.is_some() {
            // An audience looks at the lanes: what is above and below them takes what it needs.
            if self.panes.is_docked(Pane::Loop) {
                Panel::top("presented loop").exact_size(height * 0.27).frame(padded).show(ui, |ui| {
                    commands.extend(self.loop_view().show(ui));
                });
            }
            if self.panes.is_docked(Pane::Story) {
                Panel::bottom("presented story").exact_size(height * 0.23).frame(padded).show(ui, |ui| {
                    commands.extend(self.story_panel().show(ui));
                });
            }
        } else {
            self.above_and_below(ui, padded, commands);
        }
        let timeline = CentralPanel::no_frame().frame(center.inner_margin(Margin::symmetric(10, 4))).show(ui, |ui| {
            commands.extend(self.timeline().show(ui));
        });
        timeline.response.rect
    }

    /// The loop and the story, as high as one has made them.
    fn above_and_below(&self, ui: &mut Ui, padded: Frame, commands: &mut Vec<Command>) {
        // A low window gives them less, so that the timeline keeps its room.
        let height = ui.available_height();
        if self.panes.is_docked(Pane::Loop) {
            // Where there is room, it shows the loop's iteration, too.
            let usual = (height * 0.28).clamp(100.0, 158.0).max((height * 0.24).min(236.0));
            self.sized(ui, Edge::Loop, usual, padded, commands, |ui, commands| {
                commands.extend(self.loop_view().show(ui));
            });
        }
        if self.panes.is_docked(Pane::Story) {
            self.sized(ui, Edge::Story, (height * 0.2925).clamp(90.0, 166.0), padded, commands, |ui, commands| {
                commands.extend(self.story_panel().show(ui));
            });
        }
    }

    /// The panels at the sides: the course and the lesson, the code and the inspector; where each is.
    fn sides(&self, ui: &mut Ui, commands: &mut Vec<Command>) -> [Option<Rect>; 2] {
        let panel = Frame::new().fill(Palette::of(ui).panel);
        // A small window gives the panels at the sides less, so that the timeline keeps its room.
        let width = ui.available_width();
        let lessons = self.panes.is_docked(Pane::Lessons).then(|| {
            let usual = (width * 0.16).clamp(182.0, 228.0);
            self.sized(ui, Edge::Lessons, usual, panel.inner_margin(Margin::same(10)), commands, |ui, commands| {
                let list = ui.available_height() * 0.4;
                self.sized(ui, Edge::Course, list, panel, commands, |ui, commands| {
                    let (loaded, finished) = (self.plan.scenario, &self.finished);
                    commands.extend(LessonList { loaded, finished }.show(ui));
                });
                ui.add_space(4.0);
                commands.extend(self.lesson().show(ui));
            })
        });
        // Where both would leave too little for the lanes, the lessons come first: they can be put away.
        let has_room = width > LEAST_FOR_BOTH || lessons.is_none();
        let code = (has_room && self.panes.is_docked(Pane::Code)).then(|| {
            let usual = (width * 0.272).clamp(250.0, 392.0);
            self.sized(ui, Edge::Code, usual, panel.inner_margin(Margin::same(8)), commands, |ui, commands| {
                self.code_and_inspector(ui, commands);
            })
        });
        [lessons, code]
    }

    fn code_and_inspector(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let frame = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::symmetric(4, 8));
        let usual = (ui.available_height() * 0.28).clamp(176.0, 300.0);
        self.sized(ui, Edge::Inspector, usual, frame, commands, |ui, commands| {
            commands.extend(self.inspector().show(ui));
        });
        commands.extend(self.code_panel().show(ui));
    }

    /// A panel of which the user can change the size; where it is. A change is told, so that it is remembered.
    fn sized(
        &self,
        ui: &mut Ui,
        edge: Edge,
        usual: f32,
        frame: Frame,
        commands: &mut Vec<Command>,
        add: impl FnOnce(&mut Ui, &mut Vec<Command>),
    ) -> Rect {
        let name = edge.name();
        let (panel, is_wide) = match edge {
            Edge::Lessons => (Panel::left(name), false),
            Edge::Code => (Panel::right(name), false),
            Edge::Course | Edge::Loop => (Panel::top(name), true),
            Edge::Inspector | Edge::Story => (Panel::bottom(name), true),
        };
        let panel = panel.default_size(self.panes.size(edge).unwrap_or(usual)).size_range(edge.range());
        let id = ui.scope_id().with_salt(IdSalt::new(name));
        let size = |ui: &Ui| {
            let size = PanelState::load(ui.ctx(), id)?.size();
            Some(if is_wide { size.y } else { size.x })
        };
        let before = size(ui);
        let shown = panel.resizable(true).frame(frame).show(ui, |ui| add(ui, commands));
        // Before the first frame there is nothing that could have been dragged.
        if let (Some(before), Some(after)) = (before, size(ui))
            && (before - after).abs() > 0.5
        {
            commands.push(Command::ResizePane(edge, after));
        }
        shown.response.rect
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
                    commands.extend(keys::pressed(ui.ctx())); // they work there as in the first window
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

    fn story_panel(&self) -> Story<'_> {
        Story {
            record: self.record(),
            point: self.point(),
            tab: self.story,
            selected: self.selected.about(self.record()),
            told: self.told,
            telling: &self.telling,
            findings: &self.findings,
        }
    }

    fn inspector(&self) -> Inspector<'_> {
        let (record, state, point) = (self.record(), self.state(), self.point());
        Inspector {
            record,
            state,
            point,
            selected: self.selected,
            dossier: &self.dossier,
            explained: &self.tools.explained,
        }
    }

    fn top_bar(&self) -> TopBar<'_> {
        TopBar {
            menu: Menu {
                recent: self.files.recent.paths(),
                has_run: !self.record().log().is_empty(),
                panes: &self.panes,
                contrast: self.contrast,
                motion: self.motion,
            },
            title: self.plan.scenario.title,
            promise: self.is_answered().then_some(self.plan.scenario.promise),
            at: self.time(),
            is_started: self.session.is_some(),
            next: self.next_press(),
            is_over: self.session.as_ref().is_some_and(Session::is_over),
            speed: self.plan.speed,
            clock: self.plan.clock,
            axis: self.view.axis,
            is_presented: self.presents.is_some(),
            choices: self.choices(),
        }
    }

    /// Whether the lesson's question is answered, or there is none: what the lesson promises would give the answer away.
    fn is_answered(&self) -> bool {
        self.guess.is_some() || self.answer.is_some() || self.plan.scenario.lesson.question().is_empty()
    }

    fn choices(&self) -> Choices {
        Choices { has_last: self.can_compare_last(), has_run: self.session.as_ref().is_some_and(Session::has_all) }
    }

    fn status_bar(&self) -> StatusBar<'_> {
        StatusBar {
            record: self.record(),
            point: self.point(),
            is_paused: !self.is_running(),
            clock: self.plan.clock,
            seed: self.plan.seed,
            patterns: &self.patterns,
            change: self.change(),
        }
    }

    fn question(&self) -> Question<'_> {
        Question { scenario: self.plan.scenario, guess: self.guess.as_deref(), answer: self.answer.as_ref() }
    }

    /// What an audience sees of the lesson, while one presents.
    fn lecture(&self) -> Option<Lecture<'_>> {
        let presents = self.presents?;
        Some(Lecture {
            scenario: self.plan.scenario,
            question: self.question(),
            reached: self.progress.reached(),
            so_far: self.steps_so_far(),
            revealed: presents.revealed,
        })
    }

    fn lesson(&self) -> LessonPanel<'_> {
        LessonPanel {
            scenario: self.plan.scenario,
            params: &self.plan.params,
            is_changed: self.session.as_ref().is_some_and(|session| session.plan().params != self.plan.params),
            question: self.question(),
            reached: self.progress.reached(),
            so_far: self.steps_so_far(),
        }
    }

    /// How many of the lesson's steps come before the cursor. At a standstill nothing is left to come but the end.
    fn steps_so_far(&self) -> usize {
        let (point, reached) = (self.point(), self.progress.reached());
        match point.is_at_end(self.record()) {
            true => reached.len(),
            false => reached.partition_point(|event| *event < point.index),
        }
    }

    fn code_panel(&self) -> Code<'_> {
        Code {
            scenario: self.plan.scenario,
            record: self.record(),
            state: self.state(),
            tab: self.code,
            selected: self.selected.about(self.record()),
            point: self.point(),
        }
    }

    fn loop_view(&self) -> LoopView<'_> {
        // Nobody follows a chip with the eye when much happens in a moment.
        let is_fast = self.point().is_live && self.plan.speed.factor() > 1.0;
        let is_still = is_fast || self.motion == Motion::Reduced;
        LoopView {
            record: self.record(),
            state: self.state(),
            point: self.point(),
            selected: self.selected,
            workers: self.activity.series().workers(),
            moves: if is_still { Moves::AtOnce } else { Moves::Glide },
        }
    }

    fn timeline(&self) -> Timeline<'_> {
        Timeline {
            record: self.record(),
            state: self.state(),
            point: self.point(),
            now: self.now(),
            view: &self.view,
            order: &self.order,
            selected: self.selected.about(self.record()),
            patterns: &self.patterns,
            activity: &self.activity,
            tools: &self.tools,
            scenario: self.plan.scenario,
            reached: self.progress.reached(),
            ruler: Ruler::Shown,
        }
    }
}
