//! What lies over everything: timers and the cursor.

use super::layer::Paint;
use super::{LaneOrder, Rows, Timeline};
use crate::app::cursor::Point;
use crate::app::theme::{MARK, Palette, text};
use crate::app::view::{Axis, Scale};
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Record, State, TimerEnd};
use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::PlotTransform;
use std::collections::HashMap;

/// With more timers than this in the record, those that fired are not marked.
const MOST_FIRED: usize = 2000;

pub(super) struct Marks<'a> {
    record: &'a Record,
    state: &'a State,
    point: Point,
    scale: Scale<'a>,
    order: &'a LaneOrder,
    rows: Rows,
    selected: Option<TaskId>,
    palette: &'static Palette,
}

impl<'a> Marks<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, rows: Rows, palette: &'static Palette) -> Self {
        let Timeline { record, state, point, now, view, order, selected, .. } = *timeline;
        Self { record, state, point, scale: Scale { axis: view.axis, record, now }, order, rows, selected, palette }
    }

    /// On the time axis, the timers that are armed at the cursor.
    fn timers(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        if self.scale.axis != Axis::Time {
            return;
        }
        let frame = transform.frame();
        let from = transform.position_from_point_x(self.point.at.as_secs_f64());
        let mut shown = Vec::new();
        for (&(deadline, _), &task) in &self.state.timers {
            let Some(y) = self.order.middle(task, transform).filter(|y| frame.y_range().contains(*y)) else { continue };
            let due = transform.position_from_point_x(deadline.as_secs_f64());
            if due > frame.right() + 20.0 {
                break;
            }
            if due >= frame.left() {
                shown.push((task, deadline, pos2(due, y)));
            }
        }
        // A task may have several: the words beside one end before the next, and the line goes on behind them.
        let mut next: HashMap<TaskId, f32> = HashMap::new();
        let rooms = shown.iter().rev().map(|(task, _, due)| next.insert(*task, due.x - 8.0));
        let rooms: Vec<Option<f32>> = rooms.collect();
        let mut begun: HashMap<TaskId, f32> = HashMap::new();
        for ((task, deadline, due), room) in shown.into_iter().zip(rooms.into_iter().rev()) {
            if due.x <= from {
                // It is overdue: there are words on the bar, so it stands above, as those that have fired.
                shapes.push(hourglass(due - vec2(0.0, self.rows.half_bar()), 4.0, self.palette.text));
                continue;
            }
            let line = Stroke::new(1.0, self.palette.weak);
            // Only what is in view: far zoomed in, the rest would be millions of dashes.
            let begin = begun.get(&task).copied().unwrap_or(from).max(frame.left());
            let end = (due.x - 6.0).min(frame.right());
            if begin < end {
                shapes.extend(Shape::dashed_line(&[pos2(begin, due.y), pos2(end, due.y)], line, 3.0, 4.0));
            }
            shapes.push(hourglass(due, 6.0, self.palette.text));
            let label = format!("due {:.3} s", deadline.as_secs_f64());
            let galley = ui.painter().layout_no_wrap(label, text(11.0), self.palette.weak);
            let after = due.x + 10.0 + galley.size().x;
            let has_room = after < room.unwrap_or(f32::INFINITY).min(frame.right());
            begun.insert(task, if has_room { after + 4.0 } else { due.x + 6.0 });
            if has_room {
                let place = Align2::LEFT_CENTER.anchor_size(due + vec2(10.0, 0.0), galley.size());
                shapes.push(Shape::galley(place.min, galley, self.palette.weak));
            }
        }
    }

    /// Small marks where timers fired: on the axis of time where they were due, with a line to when the loop came to it
    /// if that was later; for the selected task also a line from when it set them.
    fn fired(&self, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        if self.record.catalog().timer_count() > MOST_FIRED {
            return;
        }
        let frame = transform.frame();
        let log = self.record.log();
        let x = |index: EventIndex, at: Nanos| transform.position_from_point_x(self.scale.event(index, at));
        let (from, to) = self.scale.events_in(transform.bounds().range_x());
        for timer in self.record.timers() {
            let Some((index, TimerEnd::Fired)) = timer.end else { continue };
            if index < from || timer.armed > to || index >= self.point.index {
                continue;
            }
            let Some(y) = self.order.middle(timer.task, transform).filter(|y| frame.y_range().contains(*y)) else {
                continue;
            };
            let y = y - self.rows.half_bar() - 1.0;
            let fired = x(index, log.time_at(index + 1));
            let due = match self.scale.axis {
                Axis::Time => transform.position_from_point_x(timer.deadline.as_secs_f64()),
                Axis::Steps => fired,
            };
            let seen = frame.x_range();
            let mut line = |one: f32, other: f32, stroke: Stroke| {
                if one < seen.max && other > seen.min {
                    shapes.push(Shape::hline(seen.clamp(one)..=seen.clamp(other), y, stroke));
                }
            };
            if fired - due > MARK {
                line(due, fired, Stroke::new(2.0, self.palette.bad));
            }
            if self.selected == Some(timer.task) {
                let armed = x(timer.armed, log.time_at(timer.armed + 1));
                line(armed, due, Stroke::new(1.0, self.palette.weak));
                if seen.contains(armed) {
                    shapes.push(Shape::vline(armed, y - 3.0..=y + 3.0, Stroke::new(1.5, self.palette.text)));
                }
            }
            if seen.contains(due) {
                shapes.push(hourglass(pos2(due, y), 4.0, self.palette.text));
            }
        }
    }

    fn cursor(&self, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = *transform.frame();
        let x = transform.position_from_point_x(self.scale.point(self.point.index, self.point.at));
        if !self.point.is_live && x < frame.right() {
            let after = Rect::from_x_y_ranges(x.max(frame.left())..=frame.right(), frame.y_range());
            shapes.push(Shape::rect_filled(after, 0.0, self.palette.veil));
        }
        if frame.x_range().contains(x) {
            shapes.push(Shape::vline(x, frame.y_range(), Stroke::new(1.5, self.palette.running)));
        }
    }
}

/// Two triangles, tip to tip.
fn hourglass(center: Pos2, half: f32, color: Color32) -> Shape {
    let triangle = |up: f32| {
        let corners = vec![center, center + vec2(-half * 0.8, up * half), center + vec2(half * 0.8, up * half)];
        Shape::convex_polygon(corners, color, Stroke::NONE)
    };
    Shape::Vec(vec![triangle(-1.0), triangle(1.0)])
}

impl Paint for Marks<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        self.cursor(transform, shapes);
        self.timers(ui, transform, shapes);
        self.fired(transform, shapes);
    }
}
