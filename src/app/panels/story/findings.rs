//! What the run shows that its author may not have meant: what happened, and what to do.

use super::Story;
use crate::app::asked::Asked;
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::theme::{Palette, bold, text};
use crate::trace::{Diagnosis, Finding, Host};
use egui::{RichText, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, vec2};

/// So many are shown: each takes time in every frame.
const MOST: usize = 200;
/// The room around the words of the worst one, in points.
const PADDING: Vec2 = vec2(9.0, 3.0);

/// That nothing was found, and what was looked for.
fn checked(host: Host) -> String {
    let sought: Vec<&str> =
        Finding::ALL.into_iter().filter(|finding| finding.is_sought(host)).map(Finding::title).collect();
    format!("No problems found. Checked: {}.", sought.join(", "))
}

impl Story<'_> {
    /// What was found of what lies before the cursor, once it is known; the worst first.
    pub(super) fn findings_so_far(&self) -> Option<Vec<&Diagnosis>> {
        let found = self.findings.known()?.iter();
        Some(found.filter(|found| found.since < self.point.index).collect())
    }

    /// What a finding says at the cursor.
    fn words_of(&self, found: &Diagnosis) -> String {
        let is_at_end = self.point.is_at_end(self.record);
        found.words(if is_at_end { self.record.log().len() } else { self.point.index })
    }

    /// The worst of the findings up to the cursor, whole. A click goes to where it shows.
    pub(super) fn banner(&self, ui: &mut Ui) -> Option<Command> {
        let found = self.findings_so_far()?;
        let worst = *found.first()?;
        let palette = Palette::of(ui);
        let words = self.words_of(worst);
        let width = ui.available_width();
        let galley = ui.painter().layout(words.clone(), bold(12.5), palette.bad, width - 2.0 * PADDING.x);
        let (rect, response) = ui.allocate_exact_size(vec2(width, galley.size().y + 2.0 * PADDING.y), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Finding: {words}")));
        let fill = if response.hovered() || response.has_focus() { palette.hovered } else { palette.raised };
        ui.painter().rect_filled(rect, 4.0, fill);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 3.0), 0.0, palette.bad);
        ui.painter().galley(rect.min + PADDING, galley, palette.bad);
        let tip = format!("{words}\n{}", worst.fix);
        response.on_hover_text(tip).clicked().then(|| Command::Show(worst.task, Cursor::After(worst.evidence + 1)))
    }

    /// The findings up to the cursor, one below another. A click goes to where it shows.
    pub(super) fn findings(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let found = self.findings_so_far();
        let later = self.findings.known().map_or(0, Vec::len) - found.as_ref().map_or(0, Vec::len);
        let hint = match (self.findings, found.as_deref()) {
            (Asked::Working(_), _) => "Looking for findings…",
            (_, Some([])) if later > 0 => "Nothing so far.",
            (_, Some([])) => &checked(self.record.host()),
            (_, Some(_)) => "",
            (_, None) => "When the run is over, this tells what may be wrong with it, and what to do about it.",
        };
        if !hint.is_empty() {
            ui.label(RichText::new(hint).color(palette.weak));
        }
        let mut command = None;
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            let all = found.unwrap_or_default();
            for found in all.iter().copied().take(MOST) {
                let what = self.words_of(found);
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
                if response.on_hover_text("Go to where it happens").clicked() {
                    command = Some(Command::Show(found.task, Cursor::After(found.evidence + 1)));
                }
            }
            if let Some(more) = all.len().checked_sub(MOST).filter(|more| *more > 0) {
                let words = format!("and {more} more: save the run and use `loopscope stats` to list them all");
                ui.label(RichText::new(words).color(palette.weak));
            }
            if later > 0 {
                let words =
                    if later == 1 { "1 more comes later".to_owned() } else { format!("{later} more come later") };
                ui.label(RichText::new(words).color(palette.weak));
            }
        });
        command
    }
}
