//! The bar above the timeline in which one looks for moments.

use crate::app::command::Command;
use crate::app::seek::{Said, Seek, SeekCommand, moment_field};
use crate::app::theme::{Palette, mono, text};
use egui::{Align, Key, Layout, Response, RichText, Role, TextEdit, Ui, WidgetInfo, vec2};

pub(crate) struct SeekBar<'a> {
    pub(crate) seek: &'a Seek,
    /// Whether there is anything to look through.
    pub(crate) has_run: bool,
}

impl SeekBar<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands: Vec<Command> = Vec::new();
        let palette = Palette::of(ui);
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let mut button = |ui: &mut Ui, is_on: bool, words: &str, name: &str, command: SeekCommand| {
                    let pressed = named(ui.add_enabled(is_on, egui::Button::new(words)), name).clicked();
                    commands.extend(pressed.then(|| command.into()));
                };
                button(ui, true, "×", "Close the bar for moments", SeekCommand::Close);
                if self.seek.is_searching() {
                    button(ui, true, "Stop", "Stop looking for the moment", SeekCommand::CallOff);
                }
                if self.seek.pauses_at.is_some() {
                    button(ui, true, "Do not pause", "Do not pause at the moment", SeekCommand::PauseNoMore);
                }
                button(ui, true, "Pause when it comes", "Pause when the moment comes", SeekCommand::Pause);
                button(ui, self.has_run, "Next", "Find the next moment", SeekCommand::Next);
                button(ui, self.has_run, "Previous", "Find the previous moment", SeekCommand::Previous);
                if !self.seek.recent.is_empty() {
                    let menu = ui.menu_button("Recent", |ui| {
                        for recent in &self.seek.recent {
                            if ui.button(recent).clicked() {
                                commands.push(SeekCommand::Type(recent.clone()).into());
                                ui.close();
                            }
                        }
                    });
                    named(menu.response, "Recent moments");
                }
                self.field(ui, &mut commands);
            });
        });
        match &self.seek.said {
            Said::Nothing => {}
            Said::Words(words) => drop(ui.label(RichText::new(words).font(text(12.0)).color(palette.weak))),
            Said::Wrong(error) => {
                let shown = error.to_string();
                for (place, line) in shown.lines().enumerate() {
                    let font = if place == 0 { text(12.0) } else { mono(12.0) };
                    let color = if place == 1 { palette.text } else { palette.bad };
                    ui.label(RichText::new(line).font(font).color(color));
                }
            }
        }
        commands
    }

    fn field(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let mut typed = self.seek.typed.clone();
        let width = ui.available_width() - 4.0;
        let edit = TextEdit::singleline(&mut typed).id(moment_field()).hint_text("any task waits for gate");
        let field = ui.add(edit.font(text(13.0)).desired_width(width).margin(vec2(4.0, 2.0)));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Moment to look for"));
        if field.changed() {
            commands.push(SeekCommand::Type(typed).into());
        }
        if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            let shift = ui.input(|input| input.modifiers.shift);
            let next = if shift { SeekCommand::Previous } else { SeekCommand::Next };
            commands.push(if self.has_run { next } else { SeekCommand::Pause }.into());
        } else if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            commands.push(SeekCommand::Close.into());
        }
    }
}

/// A name for screen readers that says more than the word on the button.
fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), name));
    response
}
