//! The panel on the left, above the lesson: the course, chapter by chapter, and how far one is in it.
//!
//! Tab comes to it once, at the loaded lesson; the arrow keys go from lesson to lesson.

use crate::app::command::Command;
use crate::app::focus::{self, Landing, Region};
use crate::app::theme::{Palette, bold, text};
use crate::scenarios::{self, CHAPTERS, Chapter, LeftOut, Params, Scenario};
use egui::{
    Align2, CollapsingHeader, Color32, EventFilter, Id, Key, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo,
    pos2, vec2,
};
use std::collections::BTreeSet;

pub(crate) struct LessonList<'a> {
    pub(crate) loaded: &'static Scenario,
    /// The lessons that were run to their end, by id.
    pub(crate) finished: &'a BTreeSet<String>,
    /// Whether one has just started over, and may take that back.
    pub(crate) can_undo: bool,
}

/// The least height of a lesson, and the room above and below its title, in points.
const ROW: f32 = 23.0;
const AROUND: f32 = 3.0;
/// The room before the title, and after it for a tick, in points.
const BEFORE: f32 = 10.0;
const AFTER: f32 = 24.0;

/// Under this name the height of the whole list is kept.
const FILLED: &str = "height of the course";

impl LessonList<'_> {
    /// The height that the whole list would fill, in points, as it was last.
    pub(crate) fn height(ui: &Ui) -> f32 {
        ui.data(|data| data.get_temp(Id::unique(FILLED))).unwrap_or(f32::INFINITY)
    }

    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        // What the arrow keys come to, in order.
        let mut stops = Vec::new();
        let list = ScrollArea::vertical().id_salt("course").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for chapter in CHAPTERS {
                self.chapter(ui, chapter, palette, &mut commands, &mut stops);
            }
            commands.extend(self.start_over(ui, palette));
        });
        walk(ui, &stops);
        ui.data_mut(|data| data.insert_temp(Id::unique(FILLED), list.content_size.y + 6.0));
        commands
    }

    /// Forgets how far one is; and takes that back.
    fn start_over(&self, ui: &mut Ui, palette: &Palette) -> Option<Command> {
        let (words, does, command) = match self.finished.len() {
            0 if self.can_undo => ("Your progress is forgotten.".to_owned(), "Undo", Command::UndoStartOver),
            0 => return None,
            1 => ("You have finished 1 lesson.".to_owned(), "Start over", Command::StartOver),
            count => (format!("You have finished {count} lessons."), "Start over", Command::StartOver),
        };
        ui.add_space(6.0);
        let row = ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(words).font(text(12.0)).color(palette.weak));
            ui.small_button(does).clicked()
        });
        row.inner.then_some(command)
    }

    fn chapter(
        &self,
        ui: &mut Ui,
        chapter: &Chapter,
        palette: &Palette,
        commands: &mut Vec<Command>,
        stops: &mut Vec<Id>,
    ) {
        let is_here = chapter.scenarios.iter().any(|scenario| scenario.id == self.loaded.id);
        // A chapter opens when one of its lessons is loaded; otherwise it stays as one left it.
        let shown = ui.scope_id().with("loaded");
        let before: Option<&'static str> = ui.data(|data| data.get_temp(shown));
        let opens = (is_here && before != Some(self.loaded.id)).then_some(true);
        let title = RichText::new(chapter.title).font(bold(12.5)).color(palette.weak);
        let mut loaded_row = None;
        let mut rows = Vec::new();
        let header = CollapsingHeader::new(title).id_salt(chapter.title).open(opens).show_unindented(ui, |ui| {
            for scenario in chapter.scenarios {
                let rect = self.row(ui, scenario, palette, commands);
                rows.push(row_id(scenario));
                loaded_row = loaded_row.or((scenario.id == self.loaded.id).then_some(rect));
            }
            for lesson in chapter.left_out {
                let words = format!("{}: {}", lesson.title, LeftOut::WORDS);
                ui.indent(lesson.id, |ui| ui.label(RichText::new(words).font(text(13.0)).color(palette.weak)));
            }
        });
        stops.push(header.header_response.id);
        stops.extend(rows);
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
        let is_finished = self.finished.contains(scenario.id);
        let font = if is_loaded { bold(13.0) } else { text(13.0) };
        let room = ui.available_width() - BEFORE - AFTER;
        let title = ui.painter().layout(scenario.title.to_owned(), font, palette.text, room);
        let height = (title.size().y + 2.0 * AROUND).max(ROW);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
        let id = row_id(scenario);
        if is_loaded {
            focus::land(ui, Landing::Region(Region::Course), id);
        }
        let sense = if is_stop(ui, id, is_loaded) { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(rect, id, sense);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_loaded, scenario.title));
        let fill = match (is_loaded, response.hovered()) {
            (true, _) => palette.selection,
            (false, true) => palette.hovered,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 5.0, fill);
        ui.painter().galley(pos2(rect.left() + BEFORE, rect.center().y - title.size().y / 2.0), title, palette.text);
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
        let done = if is_finished { "; you have run it to its end" } else { "" };
        if is_finished {
            ui.ctx().accesskit_node_builder(id, |node| node.set_description("you have run it to its end"));
        }
        response.on_hover_ui(|ui| {
            let facts = scenario.facts(&Params::defaults(scenario.params));
            let promise = scenario.told(&facts).promise();
            ui.label(format!("{promise}{done}; double-click to run"));
        });
        rect
    }
}

/// Names the row of a lesson.
fn row_id(scenario: &Scenario) -> Id {
    Id::unique(("lesson in the list", scenario.id))
}

/// Whether Tab comes to a row: to that of the lesson that is loaded, but while another one has the focus.
fn is_stop(ui: &Ui, row: Id, is_loaded: bool) -> bool {
    let focused = ui.memory(egui::Memory::focused);
    let is_in_list = || focused.is_some_and(|focused| scenarios::all().any(|scenario| row_id(scenario) == focused));
    focused == Some(row) || (is_loaded && !is_in_list())
}

/// Moves the focus up and down the list.
fn walk(ui: &Ui, stops: &[Id]) {
    let focused = ui.memory(egui::Memory::focused);
    let Some(place) = stops.iter().position(|stop| Some(*stop) == focused) else { return };
    // To the right and left one steps through the run, here as elsewhere.
    let ours = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(stops[place], ours));
    let (up, down) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown)));
    let next = match (up, down) {
        (true, false) => place.checked_sub(1),
        (false, true) => Some(place + 1),
        _ => None,
    };
    if let Some(next) = next.and_then(|next| stops.get(next)) {
        ui.memory_mut(|memory| memory.request_focus(*next));
    }
}
