//! The menu at the left of the top bar: files, and whatever is asked for too seldom for a button.

use crate::app::command::Command;
use crate::app::files::{Export, FileCommand, Purpose, Stretch};
use crate::app::looks::{Contrast, Motion};
use crate::app::panes::{Pane, Panes, Place};
use crate::app::planned::PlanCommand;
use crate::app::still::Part;
use crate::app::tour::TourCommand;
use egui::{Button, Role, Ui, WidgetInfo};
use std::path::{Path, PathBuf};

pub(crate) struct Menu<'a> {
    /// The runs that were opened or saved last, the last one first.
    pub(crate) recent: &'a [PathBuf],
    /// Whether there is a run to save.
    pub(crate) has_run: bool,
    pub(crate) panes: &'a Panes,
    pub(crate) contrast: Contrast,
    pub(crate) motion: Motion,
}

impl Menu<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let menu = ui.menu_button("☰", |ui| {
            ui.set_min_width(210.0);
            self.files(ui, &mut commands);
            ui.separator();
            self.panels(ui, &mut commands);
            self.looks(ui, &mut commands);
            ui.separator();
            if item(ui, "Present the lesson", "P") {
                commands.push(Command::Present);
            }
            if item(ui, "Course plan…", "") {
                commands.push(PlanCommand::Toggle.into());
            }
            ui.separator();
            if item(ui, "Show the tour", "") {
                commands.push(Command::Tour(TourCommand::Show));
            }
            if item(ui, "Keys", "?") {
                commands.push(Command::ToggleHelp);
            }
            if item(ui, "Close the window", "Ctrl Q") {
                commands.push(Command::Close);
            }
        });
        menu.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Menu"));
        menu.response.on_hover_text("Files, panels and the tour");
        commands
    }

    fn panels(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        ui.menu_button("Panels", |ui| {
            for (pane, key) in Pane::ALL.into_iter().zip(["Ctrl 1", "Ctrl 2", "Ctrl 3", "Ctrl 4"]) {
                if checked_item(ui, self.panes.is_docked(pane), pane.title(), key) {
                    commands.push(Command::TogglePane(pane));
                }
            }
        });
        for (pane, name) in [(Pane::Code, "Code in its own window"), (Pane::Story, "Story in its own window")] {
            let place = self.panes.place(pane);
            let (name, to) = match (place, pane) {
                (Place::Apart, Pane::Code) => ("Put the code back into this window", Place::Docked),
                (Place::Apart, _) => ("Put the story back into this window", Place::Docked),
                _ => (name, Place::Apart),
            };
            if item(ui, name, "") {
                commands.push(Command::Put(pane, to));
            }
        }
    }

    /// How the window looks: whatever helps to see it well.
    fn looks(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        ui.menu_button("Appearance", |ui| {
            for (is_on, name, key, command) in [
                (ui.visuals().dark_mode, "Dark theme", "T", Command::SwitchTheme),
                (self.contrast == Contrast::High, "High contrast", "", Command::SwitchContrast),
                (self.motion == Motion::Reduced, "Less motion", "", Command::SwitchMotion),
            ] {
                if checked_item(ui, is_on, name, key) {
                    commands.push(command);
                }
            }
        });
    }

    fn files(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let mut file = |command| commands.push(Command::File(command));
        if item(ui, "Open run…", "Ctrl O") {
            file(FileCommand::Choose(Purpose::Open));
        }
        ui.menu_button("Open recent", |ui| {
            for path in self.recent {
                if recent_ui(ui, path) {
                    file(FileCommand::Take(Purpose::Open, path.clone()));
                }
            }
            if self.recent.is_empty() {
                ui.weak("Runs that you open or save are listed here");
            } else {
                ui.separator();
                if ui.button("Clear this list").clicked() {
                    file(FileCommand::ForgetRecent);
                }
            }
        });
        if enabled_item(ui, self.has_run, "Save run…", "Ctrl S") {
            file(FileCommand::Choose(Purpose::Save));
        }
        ui.menu_button("Export", |ui| {
            for part in [Part::Window, Part::Timeline, Part::Loop] {
                let purpose = Purpose::Export(Export::Picture(part));
                if item(ui, &format!("{} (PNG)…", purpose.title()), "") {
                    file(FileCommand::Choose(purpose));
                }
            }
            ui.separator();
            for (export, name) in [
                (Export::Svg(Stretch::Whole), "Whole timeline (SVG)…"),
                (Export::Svg(Stretch::Shown), "Shown part of the timeline (SVG)…"),
                (Export::Chrome, "Chrome trace, for Perfetto and speedscope (JSON)…"),
                (Export::Csv, "Table of spans (CSV)…"),
            ] {
                if enabled_item(ui, self.has_run, name, "") {
                    file(FileCommand::Choose(Purpose::Export(export)));
                }
            }
        });
        ui.menu_button("Copy picture", |ui| {
            for (part, name) in
                [(Part::Window, "of the window"), (Part::Timeline, "of the timeline"), (Part::Loop, "of the loop")]
            {
                if item(ui, name, "") {
                    file(FileCommand::Copy(part));
                }
            }
        });
    }
}

/// A line of the menu, with its key at the right.
pub(crate) fn item(ui: &mut Ui, name: &str, key: &str) -> bool {
    enabled_item(ui, true, name, key)
}

fn enabled_item(ui: &mut Ui, is_enabled: bool, name: &str, key: &str) -> bool {
    let response = ui.add_enabled(is_enabled, Button::new(name).shortcut_text(key));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, name));
    response.clicked()
}

/// A line of the menu for something that is so or not, with a mark where it is.
fn checked_item(ui: &mut Ui, is_on: bool, name: &str, key: &str) -> bool {
    let shown = format!("{} {name}", if is_on { "✓" } else { "   " });
    let response = ui.add(Button::new(shown).shortcut_text(key));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_on, name));
    response.clicked()
}

/// A run that was open before; one whose file has gone says so.
fn recent_ui(ui: &mut Ui, path: &Path) -> bool {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let is_there = path.exists();
    let shown = if is_there { name.into_owned() } else { format!("{name} (gone)") };
    let response = ui.add_enabled(is_there, Button::new(shown));
    let tip = path.display().to_string();
    response.on_hover_text(&tip).on_disabled_hover_text(format!("{tip} is no longer there")).clicked()
}
