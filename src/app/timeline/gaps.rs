//! Behind the bars: where events are missing and, on the steps axis, where the loop slept and for how long.

use super::Timeline;
use super::layer::Paint;
use super::signs::Sign;
use crate::app::theme::{MARK, Palette, text};
use crate::app::view::{Axis, Scale};
use crate::event::Nanos;
use crate::trace::text::count;
use crate::trace::{Column, Record};
use egui::{Align2, Galley, Rect, Shape, Ui, pos2};
use egui_plot::PlotTransform;
use std::sync::Arc;

/// Below this width of a column, in points, sleeps are not told apart.
const NARROWEST: f64 = 4.0;

pub(super) struct Gaps<'a> {
    record: &'a Record,
    axis: Axis,
    now: Nanos,
    palette: &'static Palette,
}

impl<'a> Gaps<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, palette: &'static Palette) -> Self {
        let Scale { axis, record, now } =
            Scale { axis: timeline.view.axis, record: timeline.record, now: timeline.now };
        Self { record, axis, now, palette }
    }
}

impl Gaps<'_> {
    /// A band over each stretch of which events are missing, with how many.
    fn missing(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = *transform.frame();
        for gap in self.record.gaps() {
            let (from, until) = match self.axis {
                Axis::Time => (gap.from.as_secs_f64(), gap.until.as_secs_f64()),
                Axis::Steps if gap.from == Nanos::ZERO => (0.0, self.record.steps().position(gap.index)),
                Axis::Steps => {
                    let at = self.record.steps().position(gap.index);
                    (at, at)
                }
            };
            let left = transform.position_from_point_x(from).max(frame.left());
            let right = transform.position_from_point_x(until).max(left + MARK).min(frame.right());
            if right <= left {
                continue;
            }
            let band = Rect::from_x_y_ranges(left..=right, frame.y_range());
            Sign::Missing.paint(self.palette, band, shapes);
            let is_given_up = self.record.first() > 0 && gap.index == self.record.first();
            let tasks = Some(self.record.given_up().tasks).filter(|tasks| is_given_up && *tasks > 0);
            let tasks =
                tasks.map_or_else(String::new, |tasks| format!(" and {}", count(tasks, "ended task", "ended tasks")));
            let is_one = gap.events == 1 && tasks.is_empty();
            let fate = match (is_given_up, is_one) {
                (true, true) => "was dropped",
                (true, false) => "were dropped",
                (false, true) => "is missing",
                (false, false) => "are missing",
            };
            let label = format!("{}{tasks} {fate}", count(gap.events, "event", "events"));
            let galley = ui.painter().layout_no_wrap(label, text(11.0), self.palette.bad);
            if galley.size().x + 8.0 < band.width() {
                let place = Align2::CENTER_TOP.anchor_size(pos2(band.center().x, frame.top() + 4.0), galley.size());
                shapes.push(Shape::galley(place.min, galley, self.palette.bad));
            }
        }
    }
}

/// The room that the lengths of sleeps take below the lanes, in points.
pub(super) const HEIGHT: f32 = 22.0;

impl Gaps<'_> {
    /// How long the loop sleeps, in as many words as there is room for.
    fn length_in(&self, ui: &Ui, length: Nanos, room: f32) -> Arc<Galley> {
        let lay_out = |words: String| ui.painter().layout_no_wrap(words, text(11.0), self.palette.weak);
        [sleep_words(length), format!("sleeps {length}")]
            .into_iter()
            .map(lay_out)
            .find(|galley| galley.size().x <= room)
            .unwrap_or_else(|| lay_out(length.to_string()))
    }
}

/// That the loop sleeps, and how long.
fn sleep_words(length: Nanos) -> String {
    format!("the loop sleeps {length}")
}

impl Paint for Gaps<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        self.missing(ui, transform, shapes);
        if self.axis != Axis::Steps {
            return;
        }
        let (start, end) = transform.bounds().range_x().into_inner();
        if transform.dpos_dvalue_x() < NARROWEST {
            return;
        }
        let columns = start.floor().max(0.0) as usize..(end.ceil().max(0.0) as usize).saturating_add(1);
        let frame = *transform.frame();
        // Where the last label ended: the next is left out if they would touch.
        let mut labelled = f32::NEG_INFINITY;
        for (number, column) in self.record.steps().columns(columns) {
            let Column::Gap { from, until } = column else { continue };
            let left = transform.position_from_point_x(number as f64);
            let right = transform.position_from_point_x(number as f64 + 1.0);
            let band = Rect::from_x_y_ranges(left..=right, frame.y_range());
            // In the middle of what is in view of it.
            let middle = frame.x_range().clamp(band.left()) / 2.0 + frame.x_range().clamp(band.right()) / 2.0;
            Sign::Slept.paint(self.palette, band, shapes);
            let length = until.unwrap_or(self.now) - from;
            let room = right.min(frame.right()) - left.max(frame.left()) - 8.0;
            let galley = self.length_in(ui, length, room);
            let place = Align2::CENTER_BOTTOM.anchor_size(pos2(middle, frame.bottom() - 4.0), galley.size());
            let is_whole = frame.left() <= place.left() && place.right() <= frame.right();
            if place.left() > labelled + 4.0 && is_whole {
                labelled = place.right();
                shapes.push(Shape::rect_filled(place.expand(2.0), 3.0, self.palette.panel));
                shapes.push(Shape::galley(place.min, galley, self.palette.weak));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_of_the_loop_is_told_with_its_length() {
        assert_eq!(sleep_words(Nanos::from_secs(1)), "the loop sleeps 1 s");
    }
}
