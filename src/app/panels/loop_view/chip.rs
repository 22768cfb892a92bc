//! A task as a thing: its state's letter, its colour, its name, and a few words.

use super::moves::{Path, Place};
use super::{LoopView, Scene};
use crate::app::command::Command;
use crate::app::panels::{badge, describe};
use crate::app::theme::{Palette, text};
use crate::event::{Nanos, TaskId};
use crate::trace::TaskStatus;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, Galley, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Height of a chip, in points.
pub(super) const CHIP: f32 = 22.0;
/// And of the space below it.
pub(super) const BELOW: f32 = 4.0;
/// What is around the name: the letter, the colour, the margins.
const AROUND: f32 = 39.0;
/// Size of the name and of the words after it, and the space between them, in points.
const NAME: f32 = 12.5;
const NOTE: f32 = 11.0;
const APART: f32 = 5.0;
/// Longer names are cut, and longer words after them.
const LONGEST: f32 = 150.0;
const LONGEST_NOTE: f32 = 170.0;
/// With less room than this nothing could be read.
const LEAST: f32 = 24.0;

/// A chip that is laid out and not yet drawn.
pub(super) struct Face {
    task: TaskId,
    status: Option<TaskStatus>,
    name: Arc<Galley>,
    note: Option<Arc<Galley>>,
    fill: Color32,
    is_outlined: bool,
}

impl Scene<'_> {
    /// Puts a task's chip at `place`; `origin` is where the contents of its box begin. A click selects it.
    pub(super) fn chip(&mut self, ui: &mut Ui, task: TaskId, note: Option<&str>, place: Place, origin: Pos2) {
        let palette = self.palette;
        let LoopView { record, state, point, selected, .. } = *self.view;
        // What does not fit into the box ends in dots within it.
        let room = ui.clip_rect().right() - ui.cursor().left() - AROUND - 2.0;
        let name = line(ui, record.catalog().task_name(task), NAME, palette.text, LONGEST.min(room.max(LEAST)));
        let room = room - name.size().x - APART;
        let words = self.note(task, note, place);
        let note = words.as_ref().filter(|_| room >= LEAST);
        let note = note.map(|note| line(ui, note, NOTE, palette.weak, LONGEST_NOTE.min(room)));
        let width = AROUND + name.size().x + note.as_ref().map_or(0.0, |note| note.size().x + APART);
        let (rect, response) = ui.allocate_exact_size(vec2(width, CHIP), Sense::click());
        let spoken = describe(record, state, point.at, task, self.view.wording);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("chip {spoken}")));
        let face = Face {
            task,
            status: record.status(state, task),
            name,
            note,
            fill: if response.hovered() { palette.hovered } else { palette.raised },
            is_outlined: selected.about(record) == Some(task) || response.has_focus(),
        };
        let parent = record.catalog().task(task).and_then(|info| info.parent);
        let (drawn, path) = self.stage.drawn_at(task, parent, place, rect, origin);
        match path {
            Path::Rest | Path::Within => face.paint(ui.painter(), drawn, palette),
            Path::Across => self.in_flight.push((face, drawn)), // above all boxes
        }
        // The tip has all that the chip had no room for.
        let tip = [Some(spoken), words].into_iter().flatten().collect::<Vec<_>>().join("; ");
        if response.on_hover_text(tip).clicked() {
            self.commands.push(Command::Select(task.into()));
        }
    }

    /// The words after its name: of who waits first for how long it has, and of who runs, where that takes time.
    pub(super) fn note(&self, task: TaskId, note: Option<&str>, place: Place) -> Option<String> {
        let LoopView { state, point, .. } = *self.view;
        let lasted = state.task(task).map(|known| point.since(known.since.0));
        let lasted = lasted.filter(|lasted| match place {
            Place::Waiting => true,
            Place::Running => *lasted > Nanos::ZERO,
            _ => false,
        });
        let lasted = lasted.map(|lasted| if self.is_terse { lasted.to_string() } else { format!("for {lasted}") });
        match (lasted, note) {
            (Some(lasted), Some(note)) => Some(format!("{lasted} · {note}")),
            (lasted, note) => lasted.or(note.map(str::to_owned)),
        }
    }

    /// A task in a line of words: its colour and its name. A click selects it.
    pub(super) fn mention(&mut self, ui: &mut Ui, task: TaskId, color: Color32) {
        let palette = self.palette;
        let name = line(ui, self.view.record.catalog().task_name(task), 12.0, color, LONGEST);
        let (rect, response) = ui.allocate_exact_size(vec2(name.size().x + 14.0, 16.0), Sense::click());
        let spoken = format!("task {}", self.view.record.catalog().task_name(task));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, spoken.clone()));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 3.0, palette.hovered);
        }
        ui.painter().circle_filled(pos2(rect.left() + 6.0, rect.center().y), 3.0, palette.task(task));
        ui.painter().galley(pos2(rect.left() + 12.0, rect.center().y - name.size().y / 2.0), name, color);
        if response.clicked() {
            self.commands.push(Command::Select(task.into()));
        }
    }
}

impl Face {
    pub(super) fn paint(&self, painter: &Painter, rect: Rect, palette: &Palette) {
        painter.rect_filled(rect, 5.0, self.fill);
        if self.is_outlined {
            painter.rect_stroke(rect, 5.0, Stroke::new(1.5, palette.running), StrokeKind::Inside);
        }
        let letter = Rect::from_min_size(rect.min + vec2(3.0, 3.0), vec2(16.0, 16.0));
        badge(painter, letter, self.status, palette);
        painter.circle_filled(pos2(letter.right() + 7.0, rect.center().y), 3.5, palette.task(self.task));
        let mut x = letter.right() + 14.0;
        for part in [Some(&self.name), self.note.as_ref()].into_iter().flatten() {
            painter.galley(pos2(x, rect.center().y - part.size().y / 2.0), Arc::clone(part), palette.text);
            x += part.size().x + APART;
        }
    }
}

/// How wide a chip is.
pub(super) fn chip_width(ui: &Ui, name: &str, note: Option<&str>) -> f32 {
    let width = |words: &str, size, longest| line(ui, words, size, Color32::PLACEHOLDER, longest).size().x;
    AROUND + width(name, NAME, LONGEST) + note.map_or(0.0, |note| width(note, NOTE, LONGEST_NOTE) + APART)
}

/// A line of text, cut at a width.
pub(super) fn line(ui: &Ui, words: &str, size: f32, color: Color32, longest: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(words.to_owned(), text(size), color);
    job.wrap = TextWrapping::truncate_at_width(longest);
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}
