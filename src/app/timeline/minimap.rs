//! The whole run as a thin strip, with a window on it that stands for what the lanes show: it is dragged and resized, and
//! a click brings it elsewhere. Who works by keys moves it with ← and →, and makes it smaller or larger with ↑ and ↓ or + and −.
//! There only while the lanes show a part.

use super::{Timeline, ToolCommand};
use crate::app::command::Command;
use crate::app::theme::{Palette, text};
use crate::app::view::{Axis, Hand};
use crate::event::Nanos;
use crate::trace::{Amount, Series};
use egui::accesskit::{Action, Orientation};
use egui::{
    Align2, CursorIcon, Id, Key, Mesh, Modifiers, Rangef, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

/// The height of the strip with the gap above, in points.
pub(super) const HEIGHT: f32 = 26.0;
/// The gap above, in points.
const GAP: f32 = 6.0;
/// The width of a column, in points.
const COLUMN: f32 = 2.0;
/// How far from an end of the window it is taken by that end, in points.
const GRIP: f32 = 5.0;

/// How far a key moves the window, as a share of its width.
const MOVE: f64 = 0.15;
/// By how much a key makes it smaller or larger.
const RESIZE: f64 = 1.25;

/// The strip, as what has the focus.
pub(crate) fn strip_field() -> Id {
    Id::unique("whole run")
}

/// Whether a key works the strip while that has the focus.
pub(crate) fn works_strip(key: Key) -> bool {
    use Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Equals, Minus, Plus};
    matches!(key, ArrowLeft | ArrowRight | ArrowUp | ArrowDown | Plus | Equals | Minus)
}

/// What the strip shows: positions of the axis on its width.
struct Strip {
    rect: Rect,
    start: f64,
    end: f64,
}

impl Strip {
    fn x(&self, position: f64) -> f32 {
        let part = (position - self.start) / (self.end - self.start);
        self.rect.left() + (part.clamp(0.0, 1.0) * f64::from(self.rect.width())) as f32
    }

    fn position(&self, x: f32) -> f64 {
        self.start + self.length(x - self.rect.left())
    }

    /// A distance on the strip as one on the axis.
    fn length(&self, points: f32) -> f64 {
        f64::from(points / self.rect.width().max(1.0)) * (self.end - self.start)
    }
}

impl Timeline<'_> {
    /// Shows it below the lanes, `across` their width; with its name in `area` at their left.
    pub(super) fn minimap(&self, ui: &Ui, area: Rect, across: Rangef, commands: &mut Vec<Command>) {
        let palette = Palette::of(ui);
        let whole = self.scale().whole();
        let rect = Rect::from_x_y_ranges(across, area.top() + GAP..=area.bottom() - 2.0);
        let strip = Strip { rect, start: whole.start().max(0.0), end: *whole.end() };
        let place = pos2(rect.left() - 8.0, rect.center().y);
        ui.painter().text(place, Align2::RIGHT_CENTER, "whole run", text(11.0), palette.weak);
        ui.painter().rect_filled(rect, 2.0, palette.panel);
        self.activity_on(ui, &strip, palette);
        self.window(ui, &strip, palette, commands);
    }

    /// How many are ready in the upper half, how much runs in the lower.
    fn activity_on(&self, ui: &Ui, strip: &Strip, palette: &Palette) {
        let count = (strip.rect.width() / COLUMN).ceil().max(1.0) as usize;
        let amounts = self.amounts(self.activity.series(), strip, count);
        let most = amounts.iter().map(|amount| amount.most_ready).max().unwrap_or(0).max(1);
        let half = strip.rect.height() / 2.0 - 1.0;
        let mut mesh = Mesh::default();
        let mut bar = |number: usize, part: f64, bottom: f32, color| {
            if part > 0.0 {
                let size = vec2(COLUMN, (part as f32 * half).max(1.0));
                let left = strip.rect.left() + number as f32 * COLUMN;
                mesh.add_colored_rect(Rect::from_min_size(pos2(left, bottom - size.y), size), color);
            }
        };
        for (number, amount) in amounts.iter().enumerate() {
            bar(number, f64::from(amount.most_ready) / f64::from(most), strip.rect.center().y, palette.ready);
            bar(number, amount.utilisation().min(1.0), strip.rect.bottom(), palette.running);
        }
        ui.painter_at(strip.rect).add(mesh);
    }

    fn amounts(&self, series: &Series, strip: &Strip, count: usize) -> Vec<Amount> {
        match self.view.axis {
            Axis::Time => {
                series.columns(Nanos::from_secs_f64(strip.start), Nanos::from_secs_f64(strip.end), count, self.now)
            }
            Axis::Steps => {
                let (steps, log) = (self.record.steps(), self.record.log());
                let time = |column: usize| {
                    let (index, time) = steps.point_at(strip.position(strip.rect.left() + column as f32 * COLUMN));
                    time.unwrap_or_else(|| log.time_at(index))
                };
                let edge = self.scale().edge();
                let used = ((edge - strip.start) / (strip.end - strip.start) * count as f64).ceil() as usize;
                let mut from = time(0);
                let columns = (1..=used.min(count)).filter_map(|column| {
                    let to = time(column);
                    series.columns(std::mem::replace(&mut from, to), to, 1, self.now).pop()
                });
                columns.collect()
            }
        }
    }

    fn window(&self, ui: &Ui, strip: &Strip, palette: &Palette, commands: &mut Vec<Command>) {
        let (start, end) = self.view.range(&self.scale()).into_inner();
        let (left, right) = (strip.x(start), strip.x(end));
        let window = Rect::from_x_y_ranges(left..=right.max(left + 3.0), strip.rect.y_range());
        let hand = Hand::Pointer(ui.input(|input| input.time));

        let id = strip_field();
        let all = ui.interact(strip.rect, id, Sense::click_and_drag());
        let shown = self.shown_words(start, end);
        all.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, format!("Whole run: {shown} shown")));
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_orientation(Orientation::Horizontal);
            node.add_action(Action::Increment);
            node.add_action(Action::Decrement);
        });
        let grips = [("Left end of what is shown", window.left()), ("Right end of what is shown", window.right())];
        let grips = grips.map(|(name, x)| {
            let grip = Rect::from_x_y_ranges(x - GRIP..=x + GRIP, strip.rect.y_range());
            let response = ui.interact(grip, id.with(name), Sense::DRAG); // keys work the whole window
            response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
            response.on_hover_cursor(CursorIcon::ResizeHorizontal)
        });
        if all.has_focus()
            && let Some((start, end)) = keyed(ui, id, strip, (start, end))
        {
            commands.push(ToolCommand::ShowRange(start, end, Hand::Key).into());
        }
        let mut show = |start: f64, end: f64| commands.push(ToolCommand::ShowRange(start, end, hand).into());
        let pointer = all.interact_pointer_pos();
        match (grips.each_ref().map(Response::dragged), pointer) {
            ([true, _], _) => {
                let to = start + strip.length(grips[0].drag_delta().x);
                show(to.min(end), end);
            }
            ([_, true], _) => {
                let to = end + strip.length(grips[1].drag_delta().x);
                show(start, to.max(start));
            }
            (_, Some(pointer)) if (all.clicked() || all.drag_started()) && !window.contains(pointer) => {
                let (middle, half) = (strip.position(pointer.x), (end - start) / 2.0);
                show(middle - half, middle + half);
            }
            _ if all.dragged() && all.drag_delta().x != 0.0 => {
                let by = strip.length(all.drag_delta().x);
                show(start + by, end + by);
            }
            _ => {}
        }
        let painter = ui.painter_at(strip.rect.expand(1.0));
        for outside in [strip.rect.left()..=window.left(), window.right()..=strip.rect.right()] {
            painter.rect_filled(Rect::from_x_y_ranges(outside, strip.rect.y_range()), 0.0, palette.veil);
        }
        let is_held = all.hovered() || all.dragged() || all.has_focus();
        let stroke = Stroke::new(if is_held { 1.5 } else { 1.0 }, palette.text);
        painter.rect_stroke(window, 2.0, stroke, StrokeKind::Inside);
        for x in [window.left(), window.right()] {
            let grip = Rect::from_center_size(pos2(x, strip.rect.center().y), vec2(4.0, 10.0));
            painter.rect_filled(grip, 1.5, palette.text);
        }
    }

    /// What is shown, in words.
    fn shown_words(&self, start: f64, end: f64) -> String {
        let (start, end) = (start.max(0.0), end.max(0.0));
        match self.view.axis {
            Axis::Time => {
                let [start, end] = Nanos::from_secs_f64(start).apart(Nanos::from_secs_f64(end));
                format!("{start} to {end}")
            }
            Axis::Steps => format!("step {start:.0} to step {end:.0}"),
        }
    }
}

/// Where the window is to be after the keys that were pressed while the strip has the focus, and what a screen reader asks
/// for; none where that is where it is.
fn keyed(ui: &Ui, id: Id, strip: &Strip, (start, end): (f64, f64)) -> Option<(f64, f64)> {
    let (moves, resizes) = ui.input_mut(|input| {
        let asked = |action| input.num_accesskit_action_requests(id, action) as i32;
        let asked = asked(Action::Increment) - asked(Action::Decrement);
        let mut count = |key| input.count_and_consume_key(Modifiers::NONE, key) as i32;
        let moves = count(Key::ArrowRight) - count(Key::ArrowLeft) + asked;
        let smaller = count(Key::ArrowUp) + count(Key::Plus) + count(Key::Equals);
        (moves, smaller - count(Key::ArrowDown) - count(Key::Minus))
    });
    if (moves, resizes) == (0, 0) {
        return None;
    }
    let width = ((end - start) / RESIZE.powi(resizes)).min(strip.end - strip.start);
    let middle = (start + end) / 2.0 + f64::from(moves) * width * MOVE;
    // By keys it does not leave the run.
    let start = (middle - width / 2.0).clamp(strip.start, (strip.end - width).max(strip.start));
    Some((start, start + width))
}
