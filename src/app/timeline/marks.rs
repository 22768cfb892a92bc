//! What lies over everything: the cursor, what tasks wait for there, and the timers that are set.

use super::lanes::Lanes;
use super::late::{strip, tag};
use super::layer::Paint;
use super::signs::Sign;
use super::{LaneOrder, Rows, Timeline};
use crate::app::cursor::Point;
use crate::app::theme::{MARK, Palette, text};
use crate::app::view::{Axis, Scale};
use crate::event::{TaskId, TimerId, TimerPurpose};
use crate::trace::State;
use egui::{Align2, Rect, Shape, Ui, pos2, vec2};
use egui_plot::PlotTransform;
use std::collections::HashMap;

pub(super) struct Marks<'a> {
    state: &'a State,
    point: Point,
    scale: Scale<'a>,
    order: &'a LaneOrder,
    rows: Rows,
    palette: &'static Palette,
    lanes: Lanes<'a>,
}

impl<'a> Marks<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, lanes: Lanes<'a>, rows: Rows, palette: &'static Palette) -> Self {
        let Timeline { state, point, now, view, order, record, .. } = *timeline;
        Self { state, point, scale: Scale { axis: view.axis, record, now }, order, rows, palette, lanes }
    }

    /// The sign of a timer that is set, and a word for when it is due.
    fn purpose(&self, timer: TimerId) -> (Sign, &'static str) {
        match self.scale.record.timer(timer).map(|timer| timer.purpose) {
            Some(TimerPurpose::Limit) => (Sign::Limit, "limit"),
            _ => (Sign::Due, "due"),
        }
    }

    /// What each task waits for at the cursor, where its bar has no room to say so; how far to the right that reaches.
    fn callouts(&self, shapes: &mut Vec<Shape>) -> HashMap<TaskId, f32> {
        let mut reach = HashMap::new();
        for callout in self.lanes.places.callouts().iter().filter(|callout| !callout.is_for_ever) {
            callout.paint(&self.lanes, shapes);
            reach.insert(callout.task, callout.reach());
        }
        reach
    }

    /// On the time axis, the timers that are armed at the cursor. A line begins where `begun` says that something else ends.
    fn timers(&self, ui: &Ui, transform: &PlotTransform, mut begun: HashMap<TaskId, f32>, shapes: &mut Vec<Shape>) {
        if self.scale.axis != Axis::Time {
            return;
        }
        let frame = transform.frame();
        let from = transform.position_from_point_x(self.point.at.as_secs_f64());
        let mut shown = Vec::new();
        for (&(deadline, timer), &task) in &self.state.timers {
            let Some(y) = self.order.middle(task, transform).filter(|y| frame.y_range().contains(*y)) else { continue };
            let due = transform.position_from_point_x(deadline.as_secs_f64());
            if due > frame.right() + 20.0 {
                break;
            }
            if due >= frame.left() {
                shown.push((task, deadline, self.purpose(timer), pos2(due, y)));
            }
        }
        // A task may have several: the words beside one end before the next, and the line goes on behind them.
        let mut next: HashMap<TaskId, f32> = HashMap::new();
        let rooms = shown.iter().rev().map(|(task, _, _, due)| next.insert(*task, due.x - 8.0));
        let rooms: Vec<Option<f32>> = rooms.collect();
        for ((task, deadline, (sign, word), due), room) in shown.into_iter().zip(rooms.into_iter().rev()) {
            if due.x <= from {
                // It is overdue: there are words on the bar, so it stands above, as those that have fired.
                let above = due - vec2(0.0, self.rows.half_bar());
                if from - due.x > MARK {
                    strip(self.palette, self.rows, due.x.max(frame.left()), from.min(frame.right()), due.y, shapes);
                    let by = self.point.at.since(deadline);
                    let choices = [format!("late {by} so far"), format!("late {by}")].into_iter();
                    tag(ui, self.palette, (task, self.lanes.places), above, frame.right(), choices, shapes);
                }
                Sign::Overdue.paint(self.palette, Rect::from_center_size(above, vec2(8.0, 8.0)), shapes);
                continue;
            }
            let covered = begun.get(&task).copied().unwrap_or(f32::NEG_INFINITY);
            if due.x < covered + 6.0 {
                // There are words on the bar, so it stands on the upper edge.
                let above = due - vec2(0.0, self.rows.half_bar());
                sign.paint(self.palette, Rect::from_center_size(above, vec2(12.0, 12.0)), shapes);
                continue;
            }
            // Only what is in view: far zoomed in, the rest would be millions of dashes.
            let begin = begun.get(&task).copied().unwrap_or(from).max(frame.left());
            let end = (due.x - 6.0).min(frame.right());
            if begin < end {
                Sign::UntilDue.paint(self.palette, Rect::from_x_y_ranges(begin..=end, due.y..=due.y), shapes);
            }
            sign.paint(self.palette, Rect::from_center_size(due, vec2(12.0, 12.0)), shapes);
            let label = format!("{word} {deadline}");
            let galley = ui.painter().layout_no_wrap(label, text(11.0), self.palette.weak);
            let after = due.x + 10.0 + galley.size().x;
            let place = Align2::LEFT_CENTER.anchor_size(due + vec2(10.0, 0.0), galley.size());
            let has_room =
                after < room.unwrap_or(f32::INFINITY).min(frame.right()) && self.lanes.places.take_if_free(task, place);
            begun.insert(task, if has_room { after + 4.0 } else { due.x + 6.0 });
            if has_room {
                shapes.push(Shape::galley(place.min, galley, self.palette.weak));
            }
        }
    }

    fn cursor(&self, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = *transform.frame();
        let x = transform.position_from_point_x(self.scale.point(self.point.index, self.point.at));
        if !self.point.is_live && x < frame.right() {
            let after = Rect::from_x_y_ranges(x.max(frame.left())..=frame.right(), frame.y_range());
            Sign::Future.paint(self.palette, after, shapes);
            self.lanes.polls_at_cursor(transform, shapes);
        }
        if frame.x_range().contains(x) {
            Sign::Cursor.paint(self.palette, Rect::from_x_y_ranges(x..=x, frame.y_range()), shapes);
        }
    }
}

impl Paint for Marks<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        self.cursor(transform, shapes);
        let begun = self.callouts(shapes);
        self.timers(ui, transform, begun, shapes);
    }
}
