//! Timers that fired: where, and how late; and who kept the loop from coming to them.

use super::lanes::Lanes;
use super::layer::Paint;
use super::places::Places;
use super::signs::Sign;
use super::{LaneOrder, Rows, Timeline};
use crate::app::cursor::Point;
use crate::app::theme::{MARK, Palette, bold};
use crate::app::view::{Axis, Scale};
use crate::event::{Nanos, TaskId, TimerPurpose};
use crate::trace::{EventIndex, Record, TimerEnd, TimerInfo, poll_before};
use egui::{Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::PlotTransform;
use std::collections::HashMap;

/// With more timers than this in the record, those that fired are not marked.
const MOST_FIRED: usize = 2000;
/// The height of the strip, as a share of the bar's, and the least of it, in points.
const STRIP: f32 = 0.3;
const LEAST_STRIP: f32 = 6.0;

pub(super) struct Fired<'a> {
    record: &'a Record,
    point: Point,
    scale: Scale<'a>,
    order: &'a LaneOrder,
    places: &'a Places,
    rows: Rows,
    selected: Option<TaskId>,
    palette: &'static Palette,
}

/// A timer that fired late.
struct Late {
    task: TaskId,
    /// When it was due, on the screen.
    due: f32,
    /// The middle of its lane.
    y: f32,
    by: Nanos,
    blocker: Option<TaskId>,
}

impl<'a> Fired<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, lanes: Lanes<'a>, rows: Rows, palette: &'static Palette) -> Self {
        let Timeline { record, point, now, view, order, selected, .. } = *timeline;
        let (scale, places) = (Scale { axis: view.axis, record, now }, lanes.places);
        Self { record, point, scale, order, places, rows, selected, palette }
    }

    /// By how much it was late, and because of whom, where there is room before `until`.
    fn words(&self, ui: &Ui, late: &Late, until: f32, shapes: &mut Vec<Shape>) {
        let by = late.by;
        let long = late.blocker.map(|task| {
            let name = self.record.catalog().task_name(task);
            let what = if self.record.host().has_one_queue() { "loop blocked" } else { "thread taken" };
            format!("late {by}: {what} by {name}")
        });
        let choices = long.into_iter().chain([format!("late {by}")]);
        let at = pos2(late.due, late.y - self.rows.half_bar());
        tag(ui, self.palette, (late.task, self.places), at, until, choices, shapes);
    }
}

/// The task whose poll lasted from before a timer was due until it fired, and where in that poll it was due.
fn blocker(scale: &Scale<'_>, timer: &TimerInfo, fired: EventIndex) -> Option<(TaskId, f64)> {
    let (task, first) = poll_before(scale.record, fired)?;
    let poll = scale.record.lane(task)?.span_after(first.checked_sub(1)?)?;
    let (end, ended) = poll.end?;
    let within = timer.deadline.0.checked_sub(poll.start.0)? as f64 / (ended - poll.start).0.max(1) as f64;
    let (from, to) = (scale.event(poll.first, poll.start), scale.event(end, ended));
    (timer.deadline < ended).then_some((task, from + (to - from) * within))
}

/// The strip from when a timer was due to when the loop came to it, in a lane with its middle at `y`.
pub(super) fn strip(palette: &Palette, rows: Rows, due: f32, fired: f32, y: f32, shapes: &mut Vec<Shape>) {
    let bar = Rect::from_x_y_ranges(due..=fired, y - rows.half_bar()..=y);
    let height = (rows.half_bar() * 2.0 * STRIP).max(LEAST_STRIP);
    Sign::Late.paint(palette, bar.with_max_y(bar.top() + height), shapes);
}

/// Words on the upper edge of a bar, from `at` on: the first that end before `until` and lie over no others.
pub(super) fn tag(
    ui: &Ui,
    palette: &Palette,
    (task, places): (TaskId, &Places),
    at: Pos2,
    until: f32,
    choices: impl Iterator<Item = String>,
    shapes: &mut Vec<Shape>,
) {
    for words in choices {
        let galley = ui.painter().layout_no_wrap(words, bold(10.5), palette.on_blocking);
        let size = galley.size() + vec2(8.0, 0.0);
        let place = Rect::from_min_size(at - vec2(0.0, size.y * 0.55), size);
        if place.right() <= until && places.take_if_free(task, place) {
            shapes.push(Shape::rect_filled(place, 2.0, palette.blocking));
            shapes.push(Shape::galley(place.min + vec2(4.0, 0.0), galley, palette.on_blocking));
            return;
        }
    }
}

impl Paint for Fired<'_> {
    /// Small marks where timers fired: on the axis of time where they were due, with a strip to when the loop came to it
    /// if that was later; for the selected task also a line from when it set them.
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        if self.record.catalog().timer_count() > MOST_FIRED {
            return;
        }
        let frame = transform.frame();
        let log = self.record.log();
        let x = |position: f64| transform.position_from_point_x(position);
        let (from, to) = self.scale.events_in(transform.bounds().range_x());
        let mut all = Vec::new();
        for timer in self.record.timers() {
            let Some((index, TimerEnd::Fired)) = timer.end else { continue };
            if index < from || timer.armed > to || index >= self.point.index {
                continue;
            }
            let Some(middle) = self.order.middle(timer.task, transform).filter(|y| frame.y_range().contains(*y)) else {
                continue;
            };
            let y = middle - self.rows.half_bar() - 1.0;
            let at = log.time_at(index + 1);
            let fired = x(self.scale.event(index, at));
            let by = at.since(timer.deadline);
            let blocker = if by > Nanos::ZERO { blocker(&self.scale, &timer, index) } else { None };
            let due = match (self.scale.axis, blocker) {
                (Axis::Time, _) => x(timer.deadline.as_secs_f64()),
                (Axis::Steps, Some((_, due))) => x(due),
                (Axis::Steps, None) => fired,
            };
            let seen = frame.x_range();
            if fired - due > MARK && due < seen.max && fired > seen.min {
                let (due, fired) = (seen.clamp(due), seen.clamp(fired));
                let late = Late { task: timer.task, due, y: middle, by, blocker: blocker.map(|(task, _)| task) };
                strip(self.palette, self.rows, due, fired, middle, shapes);
                all.push(late);
            }
            if self.selected == Some(timer.task) {
                let armed = x(self.scale.event(timer.armed, log.time_at(timer.armed + 1)));
                if armed < seen.max && due > seen.min {
                    let line = Stroke::new(1.0, self.palette.weak);
                    shapes.push(Shape::hline(seen.clamp(armed)..=seen.clamp(due), y, line));
                }
                if seen.contains(armed) {
                    shapes.push(Shape::vline(armed, y - 3.0..=y + 3.0, Stroke::new(1.5, self.palette.text)));
                }
            }
            if seen.contains(due) {
                let is_limit = timer.purpose == TimerPurpose::Limit;
                let sign = if is_limit { Sign::LimitFired } else { Sign::Fired };
                sign.paint(self.palette, Rect::from_center_size(pos2(due, y), vec2(8.0, 8.0)), shapes);
            }
        }
        // The words of one timer end before the next of the same task is due.
        all.sort_by(|one, other| other.due.total_cmp(&one.due));
        let mut next: HashMap<TaskId, f32> = HashMap::new();
        for late in &all {
            let until = next.insert(late.task, late.due - 2.0).unwrap_or(frame.right());
            self.words(ui, late, until, shapes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::run;
    use super::*;
    use crate::event::ClockKind;
    use crate::scenarios;
    use crate::trace::SpanState;

    /// In every lesson on the virtual clock: a poll that is blamed had begun before the timer was due and ended when the
    /// loop came to it, and in those that are about it somebody is blamed.
    #[test]
    fn who_is_blamed_for_a_late_timer_had_the_loop_when_it_was_due() {
        let mut blamed = Vec::new();
        for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual) {
            let session = run(scenario);
            let record = session.record();
            for timer in record.timers() {
                let Some((index, TimerEnd::Fired)) = timer.end else { continue };
                let scale = Scale { axis: Axis::Time, record, now: session.now() };
                let at = record.log().time_at(index + 1);
                let found = blocker(&scale, &timer, index);
                assert!(found.is_none() || at > timer.deadline, "{}: it was not late", scenario.id);
                if let Some((task, due)) = found {
                    let spans = record.lane(task).map(|lane| lane.between(timer.deadline, timer.deadline));
                    let runs = spans.into_iter().flatten().any(|span| span.state == SpanState::Running);
                    assert!(runs, "{}: {task:?} did not run at {:?}", scenario.id, timer.deadline);
                    assert!((due - timer.deadline.as_secs_f64()).abs() < 1e-6, "{}: {due}", scenario.id);
                    blamed.push((scenario.id, record.catalog().task_name(task).to_owned()));
                }
            }
        }
        assert!(blamed.contains(&("blocking-the-loop", "report".to_owned())), "{blamed:?}");
    }
}
