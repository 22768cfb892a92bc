//! The window while two runs are compared: a bar of its own, the lanes of both, and below them what is different.

use super::{Choices, Compare, Which, menu_ui};
use crate::app::command::{Command, Stride};
use crate::app::panels::{Named as _, axis_ui};
use crate::app::still::Part;
use crate::app::theme::{Palette, bold, mono};
use crate::app::timeline::{legend_line_ui, legend_ui};
use crate::app::view::Axis;
use crate::event::ClockKind;
use crate::trace::text::count;
use egui::{Align, CentralPanel, Frame, Label, Layout, Margin, Panel, RichText, Ui, UiBuilder, vec2};

/// The least height of what is told below the lanes, in points.
const WORDS: f32 = 168.0;
/// The gap between the lanes and that, in points.
const GAP: f32 = 8.0;

/// The height of the legend in a picture of the lanes, in points.
const LEGEND: f32 = 30.0;

impl Compare {
    /// The height that a picture of the lanes needs, in points.
    pub(in crate::app) fn height_of_picture(&self) -> f32 {
        self.height() + 16.0 + LEGEND
    }

    pub(in crate::app) fn show(&self, ui: &mut Ui, choices: Choices, part: Part) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let bar = |margin| Frame::new().fill(palette.panel).inner_margin(margin);
        let center = Frame::new().fill(palette.base).inner_margin(Margin::symmetric(14, 8));
        if part != Part::Window {
            Panel::bottom("legend").exact_size(LEGEND).frame(center).show_separator_line(false).show(ui, |ui| {
                let first = self.side(Which::First);
                ui.horizontal(|ui| legend_line_ui(ui, &first.patterns, first.run.record()));
            });
            CentralPanel::no_frame().frame(center).show(ui, |ui| {
                let all = ui.available_rect_before_wrap();
                self.lanes(ui, all);
            });
            return commands;
        }
        Panel::top("compare bar").exact_size(46.0).frame(bar(Margin::symmetric(14, 4))).show(ui, |ui| {
            commands.extend(self.bar(ui, choices));
        });
        Panel::bottom("legend").exact_size(26.0).frame(bar(Margin::symmetric(14, 2))).show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                let first = self.side(Which::First);
                legend_ui(ui, &first.patterns, first.run.record());
                let hint =
                    "click, arrow keys or Space: move the cursor through both · X: steps or time · F: fit all · Esc: back to the run";
                ui.add(Label::new(RichText::new(hint).small().color(palette.weak)).truncate());
            });
        });
        CentralPanel::no_frame().frame(center).show(ui, |ui| {
            if !self.is_ready() {
                self.progress(ui);
                return;
            }
            let all = ui.available_rect_before_wrap();
            let lanes = self.height().min(all.height() - WORDS - GAP).max(all.height() * 0.4);
            let (above, below) = all.split_top_bottom_at_y(all.top() + lanes);
            commands.extend(self.lanes(ui, above));
            let below = below.with_min_y(below.top() + GAP);
            ui.painter().hline(all.x_range(), below.top(), (1.0, palette.border));
            let words = UiBuilder::new().max_rect(below.shrink2(vec2(0.0, 6.0)));
            ui.scope_builder(words, |ui| self.words(ui));
        });
        commands
    }

    /// How far the runs are.
    fn progress(&self, ui: &mut Ui) {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.35);
            ui.label(RichText::new("Running both…").font(bold(18.0)));
            for which in Which::BOTH {
                let run = &self.side(which).run;
                let (events, at) = (run.record().log().len(), run.now());
                ui.label(format!("{}: {}, {at}", run.plan().scenario.title, count(events, "event", "events")));
            }
            let is_real = |which| self.side(which).run.plan().clock == ClockKind::Real;
            if Which::BOTH.into_iter().any(is_real) {
                ui.label("On the real clock a second takes a second.");
            }
        });
    }

    fn bar(&self, ui: &mut Ui, choices: Choices) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        ui.horizontal_centered(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                // From right to left.
                if ui.button("Back to the run").on_hover_text("Close the comparison (C or Esc)").clicked() {
                    commands.push(Command::Leave);
                }
                if ui.button("?").named("Keys").on_hover_text("Keys (?)").clicked() {
                    commands.push(Command::ToggleHelp);
                }
                if ui.button("Present").on_hover_text("Large and light (P)").clicked() {
                    commands.push(Command::Present);
                }
                axis_ui(ui, self.view.axis, &mut commands);
                ui.add_space(4.0);
                // On the axis of steps the cursor is at another time in each run.
                let at = Which::BOTH.map(|which| self.point(which).at);
                let time = match self.view.axis {
                    Axis::Steps if at[0] != at[1] => format!("{} | {}", at[0], at[1]),
                    _ => self.point(self.lead()).at.to_string(),
                };
                ui.label(RichText::new(time).font(mono(18.0))).on_hover_text("The time at the cursor, of each run");
                ui.add_space(4.0);
                if ui.button("Step ⏵").on_hover_text("The next poll of either run (Shift →)").named("Step").clicked()
                {
                    commands.push(Command::StepForward(Stride::Poll));
                }
                if ui.button("⏴ Step").on_hover_text("The previous poll (Shift ←)").named("Step back").clicked() {
                    commands.push(Command::StepBack(Stride::Poll));
                }
                let (play, name) = if self.playback.is_some() { ("⏸ Pause", "Pause") } else { ("⏵ Play", "Play") };
                let tip =
                    format!("Move the cursor through both (Space), at speed {}; [ is slower, ] faster", self.speed);
                if ui.button(play).named(name).on_hover_text(tip).clicked() {
                    commands.push(Command::RunOrPause);
                }
                commands.extend(menu_ui(ui, choices));
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let [first, second] = Which::BOTH.map(|which| self.side(which).run.plan().scenario.title);
                    let title = if first == second { format!("{first}, twice") } else { format!("{first} | {second}") };
                    ui.add(Label::new(RichText::new(title).font(bold(16.0)).color(palette.text)).truncate());
                });
            });
        });
        commands
    }
}
