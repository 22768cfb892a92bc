//! The loop at the cursor, as a place that tasks go through: ready queue, running, waiting, done.
//!
//! What is drawn in a frame is bounded, however many tasks there are: of more than can be told apart the number is said.

mod chip;
mod groups;
mod iteration;
mod moves;
mod queues;
mod running;
mod shared;
mod threads;
mod timers;
mod waiting;

pub(crate) use moves::Moves;

use crate::app::command::Command;
use crate::app::cursor::Point;
use crate::app::selection::Selection;
use crate::app::theme::{Palette, bold, text};
use crate::trace::{Record, RunPhase, State, Wording};
use chip::Face;
use egui::{Rect, RichText, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};
use iteration::Iteration;
use moves::Stage;
use queues::Item;
use waiting::Held;

pub(crate) struct LoopView<'a> {
    pub(crate) record: &'a Record,
    pub(crate) state: &'a State,
    pub(crate) point: Point,
    pub(crate) selected: Selection,
    pub(crate) wording: &'a Wording,
    /// The file that the program stands in: its tasks come before those of other files.
    pub(crate) file: &'static str,
    /// How many threads poll tasks.
    pub(crate) workers: usize,
    pub(crate) moves: Moves,
}

/// More chips than this in one place are counted, not drawn.
const MOST_CHIPS: usize = 60;
/// What a box has around its chips, in points: its margins and its heading.
const AROUND_LIST: f32 = 36.0;
/// Space between the boxes, in points.
const GAP: f32 = 8.0;
/// With this much height there is room for the iteration below the boxes.
const ROOM_FOR_ITERATION: f32 = 165.0;
/// Height of that line.
const ITERATION: f32 = 24.0;
/// The width of the ready queue and of who is done where there is no task in them.
const EMPTY_READY: f32 = 90.0;
const EMPTY_DONE: f32 = 76.0;
/// The least share of the width that what waits has.
const LEAST_WAITING: f32 = 0.24;

/// What a frame of the loop view puts together.
struct Scene<'a> {
    view: &'a LoopView<'a>,
    palette: &'static Palette,
    iteration: Option<Iteration>,
    stage: Stage,
    /// Chips on their way, with where they are: drawn last.
    in_flight: Vec<(Face, Rect)>,
    /// Who has ended, the last one first.
    ended: Vec<Item>,
    /// What waits.
    held: Held,
    /// Whether what waits has so little room that only numbers stand on its chips.
    is_terse: bool,
    commands: Vec<Command>,
}

impl LoopView<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let all = ui.available_rect_before_wrap();
        let has_line = all.height() >= ROOM_FOR_ITERATION;
        let (area, below) = all.split_top_bottom_at_y(all.bottom() - if has_line { ITERATION } else { 0.0 });
        let mut scene = Scene {
            view: self,
            palette: Palette::of(ui),
            iteration: Iteration::at(self.record, self.point.index),
            stage: Stage::begin(ui, all, self.moves),
            in_flight: Vec::new(),
            ended: Vec::new(),
            held: Held::default(),
            is_terse: false,
            commands: Vec::new(),
        };
        scene.find_ended();
        scene.find_waiting(area.height() - AROUND_LIST);
        scene.boxes(ui, area);
        if has_line {
            let mut line = ui.new_child(UiBuilder::new().max_rect(below.with_min_y(below.top() + 6.0)));
            let iteration = scene.iteration.take();
            scene.iteration(&mut line, iteration.as_ref());
        }
        let Scene { palette, stage, in_flight, commands, .. } = scene;
        let painter = ui.painter().with_clip_rect(all);
        in_flight.iter().for_each(|(face, rect)| face.paint(&painter, *rect, palette));
        stage.end();
        ui.advance_cursor_after_rect(all);
        commands
    }
}

impl Scene<'_> {
    fn boxes(&mut self, ui: &mut Ui, area: Rect) {
        let [ready, running, waiting, done] = self.shares(ui, area);
        let mut left = area.left();
        let mut next = |width: f32| {
            let rect = Rect::from_min_size(pos2(left, area.top()), vec2(width, area.height()));
            left += width + GAP;
            rect
        };
        let (ready, running, waiting, done) = (next(ready), next(running), next(waiting), next(done));
        let state = self.view.state;
        self.boxed(ui, ready, "Ready queue", state.ready.len(), Self::ready);
        let parallel = Some(state.running.len()).filter(|count| *count > 1).unwrap_or(0);
        self.boxed(ui, running, "Running", parallel, Self::running);
        self.boxed(ui, waiting, "Waiting", state.waiting().count(), Self::waiting);
        self.boxed(ui, done, "Done", state.ended_in_all(), Self::done);
    }

    /// How wide each box is: at least so that its words can be read, and beyond that as it needs for what it holds. A queue
    /// that is long has two columns first, and what is left over goes to what waits.
    fn shares(&self, ui: &Ui, area: Rect) -> [f32; 4] {
        let width = area.width() - 3.0 * GAP;
        // Between wide panels they all give way.
        let least: [f32; 3] = if width < 720.0 { [96.0, 112.0, 96.0] } else { [124.0, 136.0, 124.0] };
        let [ready, running, done] = least.map(|least| (width * 0.14).clamp(least.min(width * 0.22), 210.0));
        // Threads have names, which stand before those of the tasks.
        let is_parallel = self.view.workers > 1;
        let running = if is_parallel { (width * 0.27).clamp(150_f32.min(width * 0.3), 260.0) } else { running };
        // What is empty needs its heading alone.
        let state = self.view.state;
        let is_begun = state.phase != RunPhase::NotStarted;
        let ready = if is_begun && state.ready.is_empty() { ready.min(EMPTY_READY) } else { ready };
        let done = if is_begun && self.ended.is_empty() { done.min(EMPTY_DONE) } else { done };
        let height = area.height() - AROUND_LIST;
        let needed = self.waiting_width(ui, height).max(EMPTY_READY);
        let waiting = (width * LEAST_WAITING).min(needed);
        let mut spare = (width - ready - running - waiting - done).max(0.0);
        let first = (self.two_columns(ui, height) - ready).clamp(0.0, spare);
        spare -= first;
        let ready = ready + first;
        let wants = [self.ready_width(ui, height) - ready, needed - waiting, self.done_width(ui, height) - done];
        let wants = wants.map(|want| want.max(0.0));
        let share = (spare / wants.iter().sum::<f32>().max(1.0)).min(1.0);
        let [more_ready, _, more_done] = wants.map(|want| want * share);
        let (ready, done) = (ready + more_ready, done + more_done);
        [ready, running, width - ready - running - done, done]
    }

    fn boxed(&mut self, ui: &mut Ui, rect: Rect, title: &str, count: usize, contents: impl FnOnce(&mut Self, &mut Ui)) {
        let palette = self.palette;
        let is_active = title == "Running" && !self.view.state.running.is_empty();
        let stroke = if is_active { Stroke::new(2.0, palette.running) } else { Stroke::new(1.0, palette.border) };
        ui.painter().rect_stroke(rect, 6.0, stroke, StrokeKind::Inside);
        // Whatever it holds, the box stays as large as it is.
        let builder = UiBuilder::new().id_salt(title).max_rect(rect.shrink2(vec2(7.0, 6.0)));
        let mut ui = ui.new_child(builder);
        ui.shrink_clip_rect(rect.shrink(2.0));
        ui.spacing_mut().item_spacing = vec2(6.0, chip::BELOW);
        ui.spacing_mut().interact_size.y = chip::CHIP;
        let counted = if count == 0 { title.to_owned() } else { format!("{title} · {}", grouped(count)) };
        let (heading, size) = match count {
            0 => (counted, 12.0),
            count if title == "Waiting" => {
                // Beside it it may have to be said that there is more below: in a word, or in the least case by an arrow.
                let all = ui.available_width();
                let fits = |words: &str, beside: f32| {
                    ui.painter().layout_no_wrap(words.to_owned(), bold(12.0), palette.weak).size().x <= all - beside
                };
                let long = format!("{counted} {}", if count == 1 { "task" } else { "tasks" });
                if fits(&long, waiting::MORE) {
                    (long, 12.0)
                } else if fits(&counted, waiting::ARROW) {
                    (counted, 12.0)
                } else {
                    (format!("{title} {}", grouped(count)), 11.0)
                }
            }
            _ => (counted, 12.0),
        };
        ui.add(egui::Label::new(RichText::new(heading).font(bold(size)).color(palette.weak)).truncate());
        contents(self, &mut ui);
    }

    fn hint(&self, ui: &mut Ui, words: &str) {
        ui.label(RichText::new(words).font(text(12.0)).color(self.palette.weak));
    }
}

/// A number with its thousands apart: 9,940.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        let read = [0, 12, 999, 1000, 9940, 123_456, 1_234_567].map(grouped);
        assert_eq!(read, ["0", "12", "999", "1,000", "9,940", "123,456", "1,234,567"]);
    }
}
