//! Our own dialog for a file, where the desktop has none: a field for its path. And what is seen while a file is held
//! over the window.

use crate::app::command::Command;
use crate::app::files::{FileCommand, Purpose};
use crate::app::theme::{Palette, bold};
use egui::{Align2, Area, Button, Context, Frame, Id, Key, Margin, Modal, Order, RichText, Role, Stroke, TextEdit};
use egui::{Vec2, WidgetInfo};
use std::path::{Path, PathBuf, absolute};

/// The width of the field, in points.
const WIDTH: f32 = 460.0;

/// Asks for a path; `first` stands in the field at first.
pub(crate) fn path_ui(ctx: &Context, purpose: Purpose, first: &Path) -> Option<FileCommand> {
    let place = Id::unique("path").with(purpose).with(first);
    let before: Option<String> = ctx.data(|data| data.get_temp(place));
    let is_new = before.is_none();
    let mut typed = before.unwrap_or_else(|| first.display().to_string());
    let modal = Modal::new(Id::unique("path dialog")).show(ctx, |ui| {
        let palette = Palette::of(ui);
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 48.0));
        ui.label(RichText::new(purpose.title()).font(bold(16.0)));
        ui.add_space(6.0);
        let field = ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Path"));
        if is_new {
            field.request_focus();
        }
        let path = path_of(&typed, first, purpose);
        let problem = problem(&path, purpose);
        let (words, color, does) = match (&problem, purpose) {
            (Some(Problem::IsThere), _) => {
                (format!("{} already exists.", path.display()), palette.bad, Some("Replace it"))
            }
            (Some(Problem::Never(words)), _) => ((*words).to_owned(), palette.bad, None),
            (None, Purpose::Open) => {
                ("You can also drag the file into the window.".to_owned(), palette.weak, Some(purpose.verb()))
            }
            (None, Purpose::Compare) => {
                ("It is shown beside the current run.".to_owned(), palette.weak, Some(purpose.verb()))
            }
            // Where it goes is said where the field does not say it whole.
            (None, _) if path.as_os_str() == typed.trim() => (String::new(), palette.weak, Some(purpose.verb())),
            (None, _) => (path.display().to_string(), palette.weak, Some(purpose.verb())),
        };
        ui.label(RichText::new(words).color(color));
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let button = ui.add_enabled(does.is_some(), Button::new(does.unwrap_or(purpose.verb())));
            // Enter replaces nothing: that takes a press of the button that says so.
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let takes = button.clicked() || (entered && problem.is_none());
            let cancels = ui.button("Cancel").clicked();
            match (takes, cancels) {
                (true, _) => Some(FileCommand::Take(purpose, path.clone())),
                (_, true) => Some(FileCommand::GiveUp),
                _ => None,
            }
        })
        .inner
    });
    let command = modal.inner.clone().or_else(|| modal.should_close().then_some(FileCommand::GiveUp));
    ctx.data_mut(|data| match &command {
        Some(_) => drop(data.remove_temp::<String>(place)),
        None => drop(data.insert_temp(place, typed)),
    });
    command
}

/// The path that is meant: from the home folder or the one that the program was started in, and with an ending.
///
/// A path may be of bytes that cannot be typed: what is left as it was offered is taken from there.
fn path_of(typed: &str, first: &Path, purpose: Purpose) -> PathBuf {
    let typed = typed.trim();
    let offered = first.ancestors().filter(|part| part.to_str().is_none()).find_map(|part| {
        let rest = typed.strip_prefix(&*part.to_string_lossy())?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix(std::path::is_separator)? };
        Some(if rest.is_empty() { part.to_owned() } else { part.join(rest) })
    });
    let home = || typed.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    let path = offered.or_else(|| home().filter(|path| path.is_absolute())).unwrap_or_else(|| PathBuf::from(typed));
    let path = purpose.with_ending(&path);
    absolute(&path).unwrap_or(path)
}

/// Why a path cannot be taken as it is.
enum Problem {
    /// There is such a file, which would be replaced.
    IsThere,
    /// It cannot be taken at all.
    Never(&'static str),
}

fn problem(path: &Path, purpose: Purpose) -> Option<Problem> {
    if path.is_dir() || path.file_name().is_none() {
        return Some(Problem::Never("This is a folder. Add a file name."));
    }
    match (purpose.writes(), path.exists()) {
        (true, true) => Some(Problem::IsThere),
        (false, false) => Some(Problem::Never("There is no such file.")),
        (true, false) if !path.parent().is_some_and(Path::is_dir) => {
            Some(Problem::Never("There is no such folder. Choose one that exists."))
        }
        _ => None,
    }
}

/// Says what comes of dropping the file that is held over the window.
pub(crate) fn drop_ui(ctx: &Context) {
    if ctx.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    Area::new(Id::unique("drop")).order(Order::Foreground).anchor(Align2::CENTER_CENTER, Vec2::ZERO).show(ctx, |ui| {
        let palette = Palette::of(ui);
        let frame = Frame::new().fill(palette.panel).stroke(Stroke::new(2.0, palette.running)).corner_radius(8.0);
        frame.inner_margin(Margin::symmetric(28, 20)).show(ui, |ui| {
            ui.label(RichText::new("Drop it to open the run").font(bold(16.0)));
        });
    });
}

impl crate::app::App {
    /// Opens the file that was dropped onto the window; the first, where there are several.
    pub(in crate::app) fn dropped(&self) -> Option<Command> {
        let path = self.ctx.input(|input| Some(input.raw.dropped_files.first()?.path().to_owned()))?;
        let is_plan = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        let purpose = if is_plan { Purpose::OpenPlan } else { Purpose::Open };
        Some(Command::File(FileCommand::Take(purpose, path)))
    }
}
