//! Where each panel is in the window, and what each is given. It changes nothing: what was asked for goes back to the app.

use super::App;
use super::command::Command;
use super::panels::{
    Code, LessonList, LessonPanel, LoopView, Menu, Question, StatusBar, Story, TopBar, ask_ui, drop_ui, help_ui,
    inspector_ui, messages_ui, path_ui, step_ui,
};
use super::render::Part;
use super::theme::Palette;
use super::timeline::Timeline;
use crate::session::Session;
use egui::{CentralPanel, Context, Frame, Margin, Panel, Ui};

impl App {
    pub(super) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = self.content(ui);
        commands.extend(self.above(ui.ctx()));
        commands
    }

    /// What lies above the panels, and is in no picture of them.
    fn above(&self, ctx: &Context) -> Vec<Command> {
        let mut commands = messages_ui(ctx, &self.messages);
        if let Some((purpose, path)) = &self.files.typing {
            commands.extend(path_ui(ctx, *purpose, path).map(Command::File));
        }
        drop_ui(ctx);
        if self.is_help_open && help_ui(ctx) {
            commands.push(Command::ToggleHelp);
        }
        commands
    }

    /// The panels, or the one that is asked for.
    pub(super) fn content(&self, ui: &mut Ui) -> Vec<Command> {
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
        Panel::top("top").exact_size(46.0).frame(bar(Margin::symmetric(14, 4))).show(ui, |ui| {
            commands.extend(self.top_bar().show(ui));
        });
        Panel::bottom("status").exact_size(26.0).frame(bar(Margin::symmetric(14, 2))).show(ui, |ui| {
            self.status_bar().show(ui);
        });
        if self.presents.is_some() {
            Panel::bottom("step").frame(bar(Margin::symmetric(16, 8))).show(ui, |ui| {
                step_ui(ui, self.plan.scenario, self.progress.reached(), self.point());
            });
        } else {
            commands.extend(self.sides(ui));
        }
        let center = Frame::new().fill(palette.base);
        let padded = center.inner_margin(Margin::same(10));
        CentralPanel::no_frame().frame(center).show(ui, |ui| {
            let questions = self.session.as_ref().map(Session::questions).unwrap_or_default();
            if let Some(question) = questions.first() {
                Panel::top("question").frame(bar(Margin::symmetric(12, 8))).show(ui, |ui| {
                    commands.extend(ask_ui(ui, question));
                });
            }
            Panel::top("loop").default_size(158.0).size_range(90.0..=360.0).resizable(true).frame(padded).show(
                ui,
                |ui| {
                    commands.extend(self.loop_view().show(ui));
                },
            );
            Panel::bottom("story").default_size(166.0).size_range(80.0..=420.0).resizable(true).frame(padded).show(
                ui,
                |ui| {
                    let record = self.record();
                    let (point, tab, findings) = (self.point(), self.story, self.findings.as_deref());
                    commands.extend(Story { record, point, tab, findings }.show(ui));
                },
            );
            CentralPanel::no_frame().frame(center.inner_margin(Margin::symmetric(10, 4))).show(ui, |ui| {
                commands.extend(self.timeline().show(ui));
            });
        });
        commands
    }

    /// The panels at the sides: the course and the lesson, the code and the inspector.
    fn sides(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let bar = |margin| Frame::new().fill(palette.panel).inner_margin(margin);
        // A small window gives the panels at the sides less, so that the timeline keeps its room.
        let width = ui.available_width();
        let side = bar(Margin::same(10));
        Panel::left("lessons")
            .default_size((width * 0.16).clamp(182.0, 228.0))
            .size_range(180.0..=420.0)
            .frame(side)
            .show(ui, |ui| {
                let list = Panel::top("course").default_size(ui.available_height() * 0.4).size_range(60.0..=900.0);
                list.resizable(true).frame(bar(Margin::ZERO)).show(ui, |ui| {
                    commands.extend(LessonList { loaded: self.plan.scenario }.show(ui));
                });
                ui.add_space(4.0);
                commands.extend(self.lesson().show(ui));
            });
        let side = bar(Margin::same(8));
        Panel::right("code")
            .default_size((width * 0.272).clamp(250.0, 392.0))
            .size_range(240.0..=720.0)
            .frame(side)
            .show(ui, |ui| {
                let inspector = Panel::bottom("inspector").default_size(176.0).size_range(60.0..=400.0);
                inspector.frame(bar(Margin::symmetric(4, 8))).show(ui, |ui| {
                    inspector_ui(ui, self.record(), self.state(), self.point(), self.selected.about(self.record()));
                });
                commands.extend(self.code_panel().show(ui));
            });
        commands
    }

    fn top_bar(&self) -> TopBar<'_> {
        TopBar {
            menu: Menu { recent: self.files.recent.paths(), has_run: !self.record().log().is_empty() },
            scenario: self.plan.scenario,
            at: self.time(),
            is_started: self.session.is_some(),
            is_running: self.is_running(),
            is_over: self.session.as_ref().is_some_and(Session::is_over),
            speed: self.plan.speed,
            clock: self.plan.clock,
            axis: self.view.axis,
        }
    }

    fn status_bar(&self) -> StatusBar<'_> {
        StatusBar {
            record: self.record(),
            point: self.point(),
            is_paused: !self.is_running(),
            clock: self.plan.clock,
            seed: self.plan.seed,
            patterns: &self.patterns,
        }
    }

    fn lesson(&self) -> LessonPanel<'_> {
        LessonPanel {
            scenario: self.plan.scenario,
            params: &self.plan.params,
            is_changed: self.session.as_ref().is_some_and(|session| session.plan().params != self.plan.params),
            question: Question {
                guess: self.guess.as_deref(),
                answer: self.answer.as_ref().or(self.foresight.answer()),
                is_told: self.answer.is_some(),
            },
            reached: self.progress.reached(),
            point: self.point(),
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
        LoopView {
            record: self.record(),
            state: self.state(),
            point: self.point(),
            selected: self.selected.about(self.record()),
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
        }
    }
}
