//! The bar of a lecture, which is there while the pointer moves: what one may want on a page beside turning it.

use super::top_bar::{Named as _, axis_ui};
use crate::app::command::{Command, Stride};
use crate::app::panes::Pane;
use crate::app::present::{TalkCommand, Turn};
use crate::app::theme::{Palette, text};
use crate::app::view::Axis;
use egui::{Align2, Area, Context, Frame, Id, Margin, Order, RichText, Stroke, TextStyle, Ui, vec2};

/// What it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StageBar {
    /// The number of the page, from 1, and how many there are.
    pub(crate) place: (usize, usize),
    /// Whether a run is shown, and whether it plays.
    pub(crate) has_run: bool,
    pub(crate) is_playing: bool,
    pub(crate) axis: Axis,
}

/// The size of its words, in points.
const SIZE: f32 = 11.0;

impl StageBar {
    /// Shows it over the page, at the bottom.
    pub(crate) fn show(&self, ctx: &Context) -> Vec<Command> {
        let mut commands = Vec::new();
        let area = Area::new(Id::unique("stage bar")).order(Order::Foreground);
        area.anchor(Align2::CENTER_BOTTOM, vec2(0.0, -6.0)).show(ctx, |ui| {
            let palette = Palette::of(ui);
            let frame = Frame::new().fill(palette.panel).stroke(Stroke::new(1.0, palette.border)).corner_radius(6.0);
            frame.inner_margin(Margin::symmetric(8, 5)).show(ui, |ui| self.buttons(ui, &mut commands));
        });
        commands
    }

    fn buttons(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        for style in [TextStyle::Body, TextStyle::Button] {
            ui.style_mut().text_styles.insert(style, text(SIZE));
        }
        ui.spacing_mut().button_padding = vec2(6.0, 3.0);
        ui.spacing_mut().item_spacing = vec2(5.0, 0.0);
        ui.spacing_mut().interact_size.y = 20.0;
        let mut button = |ui: &mut Ui, words: &str, name: &str, tip: &str, command: Command| {
            if ui.button(words).named(name).on_hover_text(tip).clicked() {
                commands.push(command);
            }
        };
        ui.horizontal(|ui| {
            button(ui, "⏴", "Previous page", "Previous page (Page up)", TalkCommand::Turn(Turn::Back).into());
            ui.label(RichText::new(format!("{} / {}", self.place.0, self.place.1)).font(text(SIZE)));
            button(ui, "⏵", "Next page", "Next page (Page down)", TalkCommand::Turn(Turn::Forward).into());
            ui.separator();
            if self.has_run {
                let back = "One poll back (Shift ←)";
                button(ui, "⏴ Step", "Step back", back, Command::StepBack(Stride::Poll));
                let play = if self.is_playing { "⏸ Pause" } else { "⏵ Play" };
                button(ui, play, play, "Play the run from here (Space)", Command::RunOrPause);
                let on = "One poll forward (Shift →)";
                button(ui, "Step ⏵", "Step", on, Command::StepForward(Stride::Poll));
                ui.separator();
            }
            button(ui, "Code", "Code", "Show the code, or put it away (Ctrl 2)", Command::TogglePane(Pane::Code));
            button(ui, "Notes", "Notes", "The lecturer's window (L)", TalkCommand::ToggleLecturer.into());
            button(ui, "Black", "Black", "A black screen (B)", TalkCommand::Blacken.into());
            button(ui, "Leave", "Leave", "Back to the window (Esc)", Command::Present);
        });
        if self.has_run {
            ui.horizontal(|ui| axis_ui(ui, self.axis, commands));
        }
    }
}
