//! The panel on the left, above the lesson: the course, chapter by chapter.

use crate::app::command::Command;
use crate::app::theme::{Palette, bold, text};
use crate::scenarios::{CHAPTERS, Chapter, Scenario};
use egui::{Align2, TextStyle, TextWrapMode, WidgetText, pos2, vec2};
use egui::{CollapsingHeader, Color32, Key, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};
use std::collections::BTreeSet;

pub(crate) struct LessonList<'a> {
    pub(crate) loaded: &'static Scenario,
    /// The lessons that were run to their end, by id.
    pub(crate) finished: &'a BTreeSet<String>,
}

/// Height of a lesson, in points.
const ROW: f32 = 23.0;

impl LessonList<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        ScrollArea::vertical().id_salt("course").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for chapter in CHAPTERS {
                self.chapter(ui, chapter, palette, &mut commands);
            }
        });
        commands
    }

    fn chapter(&self, ui: &mut Ui, chapter: &Chapter, palette: &Palette, commands: &mut Vec<Command>) {
        let is_here = chapter.scenarios.iter().any(|scenario| scenario.id == self.loaded.id);
        // A chapter opens when one of its lessons is loaded; otherwise it stays as one left it.
        let shown = ui.scope_id().with("loaded");
        let before: Option<&'static str> = ui.data(|data| data.get_temp(shown));
        let opens = (is_here && before != Some(self.loaded.id)).then_some(true);
        let title = RichText::new(chapter.title).font(bold(12.5)).color(palette.weak);
        let mut loaded_row = None;
        let header = CollapsingHeader::new(title).id_salt(chapter.title).open(opens).show_unindented(ui, |ui| {
            for scenario in chapter.scenarios {
                let rect = self.row(ui, scenario, palette, commands);
                loaded_row = loaded_row.or((scenario.id == self.loaded.id).then_some(rect));
            }
        });
        if let Some(row) = loaded_row {
            self.reveal(ui, row, header.openness >= 1.0);
        }
        let done = chapter.scenarios.iter().filter(|scenario| self.finished.contains(scenario.id)).count();
        if done > 0 {
            let (rect, all) = (header.header_response.rect, chapter.scenarios.len());
            let place = pos2(ui.max_rect().right() - 8.0, rect.center().y);
            let words = format!("{done} of {all}");
            let title = ui.painter().layout_no_wrap(chapter.title.to_owned(), bold(12.5), palette.weak).size().x;
            // The title stands behind the sign that opens the chapter.
            let room = place.x - (rect.left() + 24.0 + title + 6.0);
            let mut shown = [words.clone(), format!("{done}/{all}")]
                .into_iter()
                .map(|words| ui.painter().layout_no_wrap(words, text(11.5), palette.weak));
            if let Some(galley) = shown.find(|galley| galley.size().x <= room) {
                let corner = place - vec2(galley.size().x, galley.size().y / 2.0);
                ui.painter().galley(corner, galley, palette.weak);
            }
            ui.ctx().accesskit_node_builder(header.header_response.id, |node| {
                node.set_description(format!("{words} lessons run to the end"));
            });
        }
        if is_here {
            ui.data_mut(|data| data.insert_temp(shown, self.loaded.id));
        }
    }

    /// Scrolls to the loaded lesson when it has become another one, with some of what stands around it, as long as its
    /// chapter takes to open.
    fn reveal(&self, ui: &Ui, row: Rect, is_at_rest: bool) {
        let revealed = ui.scope_id().with("revealed");
        if ui.data(|data| data.get_temp(revealed)) != Some(self.loaded.id) {
            ui.scroll_to_rect(row.expand2(vec2(0.0, 2.0 * ROW)), None);
            if is_at_rest {
                ui.data_mut(|data| data.insert_temp(revealed, self.loaded.id));
            }
        }
    }

    fn row(&self, ui: &mut Ui, scenario: &'static Scenario, palette: &Palette, commands: &mut Vec<Command>) -> Rect {
        let is_loaded = scenario.id == self.loaded.id;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_loaded, scenario.title));
        let fill = match (is_loaded, response.hovered()) {
            (true, _) => palette.selection,
            (false, true) => palette.hovered,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 5.0, fill);
        let font = if is_loaded { bold(13.0) } else { text(13.0) };
        let is_finished = self.finished.contains(scenario.id);
        let room = rect.width() - if is_finished { 34.0 } else { 14.0 };
        let title = RichText::new(scenario.title).font(font).color(palette.text);
        let galley = WidgetText::from(title).into_galley(ui, Some(TextWrapMode::Truncate), room, TextStyle::Body);
        ui.painter().galley(pos2(rect.left() + 10.0, rect.center().y - galley.size().y / 2.0), galley, palette.text);
        if is_finished {
            ui.painter().text(
                rect.right_center() - vec2(8.0, 0.0),
                Align2::RIGHT_CENTER,
                "✓",
                text(13.0),
                palette.good,
            );
        }
        let enter = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if response.double_clicked() || enter {
            commands.push(Command::LoadAndRun(scenario));
        } else if response.clicked() && !is_loaded {
            commands.push(Command::Load(scenario));
        }
        let done = if is_finished { "; run to its end before" } else { "" };
        response.on_hover_text(format!("{}{done}; double-click to run", scenario.promise));
        rect
    }
}
