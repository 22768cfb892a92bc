//! Arrows from the task that woke to the one that became ready.

use super::layer::Paint;
use super::signs::Sign;
use super::tools::Arrows;
use super::{LaneOrder, Rows, Timeline};
use crate::app::cursor::Point;
use crate::app::theme::{Palette, TICK};
use crate::app::view::{Axis, Scale};
use crate::event::TaskId;
use crate::trace::{Record, SpanState, Wake};
use egui::{Shape, Ui, pos2, vec2};
use egui_plot::PlotTransform;

/// With more wakes than this in view, only those of the selected task are drawn, the last of them if they are more.
const MOST_WAKES: usize = 80;
/// Of more wakes than this in view, the last ones are searched for those of the selected task.
const MOST_LOOKED_AT: usize = 2_000;

pub(super) struct Wakes<'a> {
    record: &'a Record,
    point: Point,
    scale: Scale<'a>,
    order: &'a LaneOrder,
    rows: Rows,
    selected: Option<TaskId>,
    arrows: Arrows,
    palette: &'static Palette,
}

impl<'a> Wakes<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, rows: Rows, palette: &'static Palette) -> Self {
        let Timeline { record, point, now, view, order, selected, tools, .. } = *timeline;
        let arrows = tools.arrows;
        Self { record, point, scale: Scale { axis: view.axis, record, now }, order, rows, selected, arrows, palette }
    }

    /// Where an arrow begins: at the bar of the task that woke. On the steps axis, that may have ended a column or more before
    /// the other was made ready.
    fn start(&self, wake: &Wake, x: f32, transform: &PlotTransform) -> f32 {
        if self.scale.axis == Axis::Time {
            return x;
        }
        let lane = self.record.lane(wake.by);
        let poll = lane.and_then(|lane| lane.last_before(wake.index, |span| span.state == SpanState::Running));
        let end = poll.and_then(|poll| poll.end).filter(|(end, _)| *end <= wake.index);
        end.map_or(x, |(end, at)| transform.position_from_point_x(self.scale.event(end, at)) - TICK)
    }

    fn wake(&self, wake: &Wake, is_selected: bool, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let (Some(from), Some(to)) = (self.order.middle(wake.by, transform), self.order.middle(wake.task, transform))
        else {
            return;
        };
        let x = transform.position_from_point_x(self.scale.event(wake.index, wake.at));
        let color = if is_selected { self.palette.text } else { self.palette.weak };
        let down = (to - from).signum();
        let start = pos2(self.start(wake, x, transform) + 3.0, from);
        let tip = pos2(x + 2.0, to - down * (self.rows.half_bar() - 2.0));
        let bulge = vec2(9.0 + (to - from).abs().sqrt(), 0.0);
        let out = pos2(x.max(start.x), from) + bulge;
        let curve = [start, out, tip + bulge - vec2(0.0, down * 12.0), tip];
        Sign::Wake.curve(curve, color, if is_selected { 1.8 } else { 1.2 }, shapes);
    }
}

impl Paint for Wakes<'_> {
    fn paint(&self, _ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        if self.arrows == Arrows::Hidden {
            return;
        }
        let (from, to) = self.scale.events_in(transform.bounds().range_x());
        let (count, in_view) = self.record.last_wakes(from..to.min(self.point.index), MOST_LOOKED_AT);
        let few = count <= MOST_WAKES && self.arrows == Arrows::All;
        if !few && self.selected.is_none() {
            return;
        }
        let is_selected = |wake: &Wake| self.selected.is_some_and(|task| task == wake.task || task == wake.by);
        let mut drawn: Vec<Wake> = in_view.filter(|wake| few || is_selected(wake)).collect();
        drawn.reverse();
        drawn.truncate(MOST_WAKES);
        drawn.iter().for_each(|wake| self.wake(wake, is_selected(wake), transform, shapes));
    }
}
