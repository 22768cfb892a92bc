//! The menu of what can be compared.

use super::{Ask, PAIRS};
use crate::app::command::Command;
use crate::app::files::{FileCommand, Purpose};
use crate::app::panels::Named as _;
use egui::{Button, Ui};

/// What there is to compare besides the built-in pairs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choices {
    /// Whether there is a run before the one that is shown.
    pub(crate) has_last: bool,
    /// Whether the one that is shown is over.
    pub(crate) has_run: bool,
}

/// A button with the pairs that can be compared.
pub(crate) fn menu_ui(ui: &mut Ui, choices: Choices) -> Option<Command> {
    let menu = ui.menu_button("Compare ⏷", |ui| {
        let mut asked = None;
        for pair in PAIRS {
            if ui.button(pair.name).clicked() {
                asked = Some(Command::Compare(Ask::Pair(pair)));
            }
        }
        ui.separator();
        let last = ui.add_enabled(choices.has_last, Button::new("This run with the one before"));
        let last = last.on_disabled_hover_text("Change a parameter and run again: then there are two runs.");
        if last.clicked() {
            asked = Some(Command::Compare(Ask::WithLast));
        }
        let saved = ui.add_enabled(choices.has_run, Button::new("This run with a saved one…"));
        if saved.on_disabled_hover_text("Run the lesson to its end first.").clicked() {
            asked = Some(Command::File(FileCommand::Choose(Purpose::Compare)));
        }
        if asked.is_some() {
            ui.close();
        }
        asked
    });
    menu.response.named("Compare").on_hover_text("Two runs on one axis (C)");
    menu.inner.flatten()
}
