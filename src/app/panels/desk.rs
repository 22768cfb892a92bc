//! What lies before a lecturer: the page that comes next, notes, and the time. No audience sees it.

use super::markdown::marked_up;
use crate::app::command::Command;
use crate::app::deck::Page;
use crate::app::present::{TalkCommand, Turn};
use crate::app::theme::{Palette, bold, mono, text};
use crate::scenarios::Scenario;
use egui::{Align, Layout, RichText, Role, ScrollArea, TextEdit, TextStyle, Ui, WidgetInfo};

/// The lecturer's view of a page.
pub(crate) struct Desk<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) page: Page,
    /// Its number, from 1, and how many there are.
    pub(crate) place: (usize, usize),
    /// The number of the lesson, and how many were chosen.
    pub(crate) lecture: Option<(usize, usize)>,
    pub(crate) next: Option<Preview>,
    /// Since the talk began, in seconds.
    pub(crate) passed: f64,
    /// The lesson's own.
    pub(crate) notes: String,
    pub(crate) own_notes: &'a str,
}

/// The page that comes next.
pub(crate) struct Preview {
    pub(crate) page: Page,
    pub(crate) words: String,
}

/// The size of the words, in points of the usual size.
const SIZE: f32 = 15.0;
/// Rows of the lecturer's own notes.
const ROWS: usize = 5;

impl Desk<'_> {
    /// Shows it so many times as large as everything else.
    pub(crate) fn show(&self, ui: &mut Ui, scale: f32) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        resize(ui, scale);
        let size = SIZE * scale;
        ui.horizontal(|ui| {
            let time = RichText::new(passed(self.passed)).font(mono(26.0 * scale)).color(palette.text);
            ui.label(time).on_hover_text("Since the talk began");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Next ⏵").on_hover_text("Page down").clicked() {
                    commands.push(TalkCommand::Turn(Turn::Forward).into());
                }
                if ui.button("⏴ Back").on_hover_text("Page up").clicked() {
                    commands.push(TalkCommand::Turn(Turn::Back).into());
                }
                let lesson = self.lecture.map_or(String::new(), |(at, of)| format!("lesson {at} of {of}, "));
                let place = format!("{lesson}page {} of {}", self.place.0, self.place.1);
                ui.label(RichText::new(place).font(text(size)).color(palette.text));
            });
        });
        ui.separator();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let heading = |ui: &mut Ui, words: &str| {
                ui.add_space(6.0 * scale);
                ui.label(RichText::new(words).font(bold(12.5 * scale)).color(palette.weak));
            };
            ui.label(RichText::new(self.scenario.title).font(bold(18.0 * scale)).color(palette.text));
            ui.label(RichText::new(format!("Now: {}", self.page.name())).font(text(size)).color(palette.text));
            heading(ui, "Next");
            match &self.next {
                Some(next) => {
                    ui.label(RichText::new(next.page.name()).font(bold(size)).color(palette.text));
                    ui.label(marked_up(&next.words, palette.text, ui.available_width(), size));
                }
                None => drop(ui.label(RichText::new("This is the last page.").font(text(size)))),
            }
            let notes = &self.notes;
            if !notes.is_empty() {
                heading(ui, "Notes");
                for paragraph in notes.split("\n\n") {
                    ui.label(marked_up(paragraph.trim(), palette.text, ui.available_width(), size));
                }
            }
            heading(ui, "Your own notes");
            let mut own = self.own_notes.to_owned();
            let field = TextEdit::multiline(&mut own)
                .hint_text("What you want to say. It is kept for the next time.")
                .font(text(size))
                .desired_rows(ROWS)
                .desired_width(f32::INFINITY);
            let field = ui.add(field);
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "What you want to say"));
            if field.changed() {
                commands.push(TalkCommand::WriteNotes(own).into());
            }
        });
        commands
    }
}

/// Makes fields, buttons and gaps so many times as large.
fn resize(ui: &mut Ui, scale: f32) {
    let style = ui.style_mut();
    for name in [TextStyle::Body, TextStyle::Button, TextStyle::Small, TextStyle::Heading] {
        if let Some(font) = style.text_styles.get_mut(&name) {
            font.size *= scale;
        }
    }
    let spacing = &mut style.spacing;
    spacing.item_spacing *= scale;
    spacing.button_padding *= scale;
    spacing.interact_size *= scale;
}

/// A time as a clock on the wall shows it: minutes and seconds, and hours where there are any.
fn passed(seconds: f64) -> String {
    let seconds = seconds as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::passed;

    #[test]
    fn the_time_of_a_talk_reads_like_a_clock() {
        let read = [0.0, 59.9, 60.0, 754.2, 3600.0, 5025.0].map(passed);
        assert_eq!(read, ["0:00", "0:59", "1:00", "12:34", "1:00:00", "1:23:45"]);
    }
}
