//! A card of the inspector: rows of words and figures, of which those that lead somewhere are links.

use crate::app::command::Command;
use crate::app::theme::{Palette, text};
use crate::event::TaskId;
use crate::trace::Record;
use egui::{Align, Label, Layout, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// A part of a row.
#[derive(Debug)]
pub(super) enum Piece {
    Words(String),
    /// Words that lead somewhere.
    Link(String, Command),
    /// A task, by its colour and name.
    Task(TaskId),
    /// Heights from left to right, with the greatest there can be.
    Line(Vec<u32>, u32),
    /// Counts, as columns.
    Columns(Vec<u64>),
}

/// A row: what it is about, and what there is to say.
#[derive(Debug)]
pub(super) struct Row {
    name: &'static str,
    pieces: Vec<Piece>,
}

/// Width of the column of names, in points.
const NAMES: f32 = 84.0;
/// Size of a small drawing, in points.
const DRAWING: egui::Vec2 = vec2(110.0, 24.0);

impl Row {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, pieces: Vec::new() }
    }

    pub(super) fn words(name: &'static str, words: impl Into<String>) -> Self {
        Self::new(name).say(words)
    }

    pub(super) fn say(mut self, words: impl Into<String>) -> Self {
        self.pieces.push(Piece::Words(words.into()));
        self
    }

    pub(super) fn link(mut self, words: impl Into<String>, command: Command) -> Self {
        self.pieces.push(Piece::Link(words.into(), command));
        self
    }

    pub(super) fn task(mut self, task: TaskId) -> Self {
        self.pieces.push(Piece::Task(task));
        self
    }

    pub(super) fn with(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }

    pub(super) fn show(self, ui: &mut Ui, record: &Record) -> Vec<Command> {
        let palette = Palette::of(ui);
        let mut commands = Vec::new();
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
            let (rect, _) = ui.allocate_exact_size(vec2(NAMES, 18.0), Sense::hover());
            let builder = egui::UiBuilder::new().max_rect(rect);
            let mut name = ui.new_child(builder);
            name.add(Label::new(RichText::new(self.name).color(palette.weak)).truncate());
            let flow = Layout::left_to_right(Align::Min).with_main_wrap(true);
            ui.allocate_ui_with_layout(vec2(ui.available_width(), 18.0), flow, |ui| {
                for piece in self.pieces {
                    commands.extend(piece.show(ui, self.name, record, palette));
                }
            });
        });
        commands
    }
}

impl Piece {
    fn show(self, ui: &mut Ui, name: &str, record: &Record, palette: &Palette) -> Option<Command> {
        match self {
            Self::Words(words) => {
                ui.add(Label::new(words).wrap());
                None
            }
            Self::Link(words, command) => {
                let rich = RichText::new(&words).underline().color(palette.text);
                let response = ui.add(Label::new(rich).sense(Sense::click()));
                response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("{name}: {words}")));
                let tip = match &command {
                    Command::Select(_) => "Select it",
                    _ => "Go there",
                };
                let response = response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(tip);
                response.clicked().then_some(command)
            }
            Self::Task(task) => {
                let words = record.catalog().task_name(task);
                let galley = ui.painter().layout_no_wrap(words.to_owned(), text(13.0), palette.text);
                let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 12.0, 18.0), Sense::click());
                response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("{name}: {words}")));
                let middle = rect.center().y;
                ui.painter().circle_filled(pos2(rect.left() + 5.0, middle), 3.5, palette.task(task));
                let place = pos2(rect.left() + 12.0, middle - galley.size().y / 2.0);
                let under = Rect::from_min_size(place, galley.size());
                ui.painter().galley(place, galley, palette.text);
                let width = if response.hovered() || response.has_focus() { 2.0 } else { 1.0 };
                ui.painter().hline(under.x_range(), under.bottom() - 1.0, Stroke::new(width, palette.weak));
                response.clicked().then(|| Command::Select(task.into()))
            }
            Self::Line(levels, most) => {
                let (rect, response) = ui.allocate_exact_size(DRAWING, Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name} over the time")));
                step_line(ui, rect, &levels, most, palette);
                None
            }
            Self::Columns(counts) => {
                let (rect, response) = ui.allocate_exact_size(DRAWING, Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}, how they are spread")));
                columns(ui, rect, &counts, palette);
                None
            }
        }
    }
}

/// Levels as steps, up to `most`.
fn step_line(ui: &Ui, rect: Rect, levels: &[u32], most: u32, palette: &Palette) {
    let most = levels.iter().copied().max().unwrap_or(0).max(most).max(1) as f32;
    let width = rect.width() / levels.len().max(1) as f32;
    let y = |level: u32| rect.bottom() - 1.0 - (rect.height() - 3.0) * level as f32 / most;
    let points = levels.iter().enumerate().flat_map(|(column, level)| {
        let left = rect.left() + column as f32 * width;
        [pos2(left, y(*level)), pos2(left + width, y(*level))]
    });
    ui.painter().rect_filled(rect, 2.0, palette.base);
    ui.painter().add(egui::Shape::line(points.collect(), Stroke::new(1.5, palette.running)));
}

/// Counts as columns; where there is one at all, it is seen.
fn columns(ui: &Ui, rect: Rect, counts: &[u64], palette: &Palette) {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    let width = rect.width() / counts.len().max(1) as f32;
    ui.painter().rect_filled(rect, 2.0, palette.base);
    for (column, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = ((rect.height() - 2.0) * *count as f32 / most).max(2.0);
        let corner = pos2(rect.left() + column as f32 * width + 0.5, rect.bottom() - 1.0 - height);
        ui.painter().rect_filled(Rect::from_min_size(corner, vec2(width - 1.0, height)), 0.0, palette.ready);
    }
}
