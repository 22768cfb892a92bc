//! What the run shows that its author may not have meant: what happened, and what to do.

use super::Story;
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::findings::Findings;
use crate::app::theme::{Palette, bold, text};
use egui::{RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

/// So many are shown: each takes time in every frame.
const MOST: usize = 200;

impl Story<'_> {
    /// The findings, one below another. A click goes to where it shows.
    pub(super) fn findings(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let found = self.findings.found();
        let hint = match (self.findings, found) {
            (Findings::Looking(_), _) => "Looking for findings…",
            (_, Some([])) if self.record.host().records_joins() => {
                "Nothing was found: no task held the loop for long, starved, got stuck or was forgotten."
            }
            // Who awaits a task of a stock executor the record does not tell.
            (_, Some([])) => "Nothing was found: no task held its thread for long, or starved.",
            (_, Some(_)) => "",
            (_, None) => "Once the run is over: what its author may not have meant, and what to do about it.",
        };
        if !hint.is_empty() {
            ui.label(RichText::new(hint).color(palette.weak));
        }
        let mut command = None;
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            let all = found.unwrap_or_default();
            for found in all.iter().take(MOST) {
                let what = format!("{}: {}", found.finding.title(), found.cause);
                let mut words = egui::text::LayoutJob::default();
                words.wrap.max_width = ui.available_width() - 8.0;
                words.append(&what, 0.0, egui::TextFormat::simple(bold(13.0), palette.text));
                words.append(&format!("\n{}", found.fix), 0.0, egui::TextFormat::simple(text(13.0), palette.weak));
                let galley = ui.fonts_mut(|fonts| fonts.layout_job(words));
                let size = vec2(ui.available_width(), galley.size().y + 8.0);
                let (rect, response) = ui.allocate_exact_size(size, Sense::click());
                response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{what}; {}", found.fix)));
                if response.hovered() || response.has_focus() {
                    ui.painter().rect_filled(rect, 4.0, palette.raised);
                }
                ui.painter().galley(rect.min + vec2(4.0, 4.0), galley, palette.text);
                if response.on_hover_text("Go to where it shows").clicked() {
                    command = Some(Command::Show(found.task, Cursor::After(found.evidence + 1)));
                }
            }
            if let Some(more) = all.len().checked_sub(MOST).filter(|more| *more > 0) {
                let words = format!("and {more} more: save the run, and `loopscope stats` lists them all");
                ui.label(RichText::new(words).color(palette.weak));
            }
        });
        command
    }
}
