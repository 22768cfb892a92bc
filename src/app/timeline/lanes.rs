//! The bars: what each task did, drawn as a few meshes.

use super::bars::Bars;
use super::dense::Dense;
use super::layer::Paint;
use super::near::Near;
use super::places::Places;
use super::signs::Sign;
use super::{Rows, Timeline};
use crate::app::cursor::Point;
use crate::app::patterns::Patterns;
use crate::app::theme::{MARK, Palette, TICK};
use crate::app::view::{Axis, Scale};
use crate::event::{Nanos, TaskId};
use crate::trace::{Column, EventIndex, Lane, Limits, Record, Span, SpanState, Spans, State, WaitKind, Wording};
use egui::{Rangef, Rect, Shape, Ui, pos2};
use egui_plot::{PlotBounds, PlotTransform};

#[derive(Clone, Copy)]
pub(super) struct Lanes<'a> {
    pub(super) record: &'a Record,
    pub(super) state: &'a State,
    pub(super) point: Point,
    pub(super) scale: Scale<'a>,
    pub(super) near: &'a Near,
    pub(super) places: &'a Places,
    order: &'a [TaskId],
    pub(super) rows: Rows,
    selected: Option<TaskId>,
    /// The cursor, where it is behind the live edge.
    pub(super) looks_back_from: Option<f64>,
    patterns: &'a Patterns,
    pub(super) palette: &'static Palette,
    pub(super) wording: &'a Wording,
    /// How many threads there are.
    pub(super) workers: usize,
}

/// Where places on the steps axis are found one by one, a lane with more spans than this is merged.
const MOST_FAR: usize = 200;

impl<'a> Lanes<'a> {
    pub(super) fn new(
        timeline: &Timeline<'a>,
        (near, places): (&'a Near, &'a Places),
        rows: Rows,
        palette: &'static Palette,
    ) -> Self {
        let Timeline { record, state, now, view, selected, patterns, point, activity, .. } = *timeline;
        let scale = Scale { axis: view.axis, record, now };
        Self {
            record,
            state,
            point,
            scale,
            near,
            places,
            order: timeline.order.rows(),
            rows,
            selected,
            looks_back_from: (!point.is_live).then(|| scale.point(point.index, point.at)),
            patterns,
            palette,
            wording: timeline.wording,
            workers: activity.series().workers(),
        }
    }

    /// Where further bars go.
    pub(super) fn bars(&self) -> Bars {
        Bars::new(self.patterns, self.palette)
    }

    /// The spans of a lane that are in view.
    pub(super) fn visible(&self, lane: &'a Lane, bounds: &PlotBounds) -> Spans<'a> {
        let (start, end) = bounds.range_x().into_inner();
        match self.scale.axis {
            Axis::Time => lane.between(Nanos::from_secs_f64(start), Nanos::from_secs_f64(end)),
            Axis::Steps => {
                let steps = self.record.steps();
                let first = steps.point_at(start - 1.0).0.saturating_sub(1);
                lane.between_events(first, steps.point_at(end + 1.0).0)
            }
        }
    }

    /// Whether a lane holds so many spans in view that they are merged.
    pub(super) fn is_dense(&self, spans: &Spans<'_>, transform: &PlotTransform) -> bool {
        let most = if self.near.is_far { MOST_FAR } else { transform.frame().width() as usize };
        spans.most() > most
    }

    fn lane(&self, spans: Spans<'_>, bar: Rangef, transform: &PlotTransform, out: &mut Bars) {
        let edge = self.scale.edge();
        // The end of the last mark of each state: what falls on the same pixel is drawn once.
        let mut drawn = [f32::NEG_INFINITY; 3];
        for span in spans {
            let start = self.place(span.first, span.start);
            let end = span.end.map_or(edge, |(index, at)| self.place(index, at));
            // Cut a little outside of the view: far zoomed in, patterns would lose their precision.
            let in_sight = transform.frame().expand(8.0).x_range();
            let left = in_sight.clamp(transform.position_from_point_x(start));
            let right = in_sight.clamp(transform.position_from_point_x(end)).max(left);
            let drawn = &mut drawn[span.state as usize];
            if right - left < MARK && left < *drawn && self.scale.axis == Axis::Time {
                continue;
            }
            let rect = |right: f32| Rect::from_x_y_ranges(left..=right, bar);
            // On the steps axis every poll has a width, and widths are to be true.
            let (mark, tick) = if self.scale.axis == Axis::Time { (MARK, TICK) } else { (0.5, 0.5) };
            let marked = rect(right.max(left + mark));
            *drawn = if right - left < 1.0 { left + 1.0 } else { f32::NEG_INFINITY };
            match span.state {
                SpanState::Waiting if right - left >= 0.5 => out.add(Sign::Waiting(self.kind(&span)), rect(right)),
                SpanState::Waiting => {}
                SpanState::Ready => out.add(Sign::Ready, marked),
                SpanState::Running => {
                    // One that has a length to be seen covers nothing of what comes after it.
                    let poll = rect(if right - left < 1.0 { right.max(left + tick) } else { right });
                    out.add(Sign::Running, poll);
                    if self.blocks(&span) {
                        out.add(Sign::Blocks, poll);
                    }
                }
            }
        }
    }

    /// Whether a task has bars in this part of its row beside the one at the cursor.
    pub(super) fn has_other_bars(&self, task: TaskId, across: Rangef, transform: &PlotTransform) -> bool {
        let Some(lane) = self.record.lane(task) else { return false };
        let here = lane.span_at(self.point.index).map(|span| span.first);
        let [from, to] =
            [across.min, across.max].map(|x| transform.value_from_position(pos2(x, transform.frame().top())).x);
        let bounds = PlotBounds::from_min_max([from, 0.0], [to, 1.0]);
        let x = |index, at| transform.position_from_point_x(self.place(index, at));
        // A few of them are enough to know, and of very many nobody sees each.
        self.visible(lane, &bounds).take(MOST_FAR).any(|span| {
            let end = span.end.map_or(f32::INFINITY, |(index, at)| x(index, at));
            let is_seen =
                end.max(x(span.first, span.start) + TICK) > across.min && x(span.first, span.start) < across.max;
            is_seen && Some(span.first) != here
        })
    }

    /// Where an event lies.
    pub(super) fn place(&self, index: EventIndex, at: Nanos) -> f64 {
        self.near.place(&self.scale, index, at)
    }

    /// What sort of thing a waiting task waits for.
    pub(super) fn kind(&self, span: &Span) -> WaitKind {
        span.wait.and_then(|wait| self.record.catalog().wait_kind(wait)).unwrap_or(WaitKind::Other)
    }

    /// Whether a poll keeps everything else from running for long. Where there are several threads, the others go on.
    pub(super) fn blocks(&self, span: &Span) -> bool {
        let is_alone = self.workers <= 1 && span.state == SpanState::Running;
        is_alone && span.end_or(self.scale.now) - span.start > Limits::LONG_POLL
    }
}

impl<'a> Lanes<'a> {
    /// The rows in view: each lane and its middle.
    pub(super) fn in_view(&self, transform: &PlotTransform) -> impl Iterator<Item = (&'a Lane, f32)> {
        let (top, bottom) = transform.bounds().range_y().into_inner();
        let rows = top.floor().max(0.0) as usize..(bottom.ceil().max(0.0) as usize).min(self.order.len());
        let in_view = rows.filter_map(|row| Some((row, self.record.lane(self.order[row])?)));
        in_view.map(|(row, lane)| (lane, transform.position_from_point_y(row as f64 + 0.5)))
    }
}

impl Paint for Lanes<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let mut dense = Vec::new();
        let mut bars = self.bars();
        for (lane, middle) in self.in_view(transform) {
            if self.selected == Some(lane.task()) {
                let row = Rangef::point(middle).expand(self.rows.height / 2.0);
                let whole = Rect::from_x_y_ranges(transform.frame().x_range(), row);
                bars.selected(whole);
            }
            let bar = Rangef::point(middle).expand(self.rows.half_bar());
            let spans = self.visible(lane, transform.bounds());
            if self.is_dense(&spans, transform) {
                dense.push((lane, bar));
            } else {
                self.lane(spans, bar, transform, &mut bars);
            }
        }
        let merged = Dense { scale: self.scale, palette: self.palette, lanes: &dense, near: self.near };
        merged.ground(transform, &mut bars);
        shapes.extend(bars.shapes());
        shapes.extend(merged.paint(ui, &self.patterns.merged, transform).map(Shape::mesh));
        self.drops(transform, shapes);
    }
}

impl Lanes<'_> {
    /// On the steps axis: the turns on which a task is dropped. Its destructors run then, although nothing polls it.
    fn drops(&self, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        if self.scale.axis != Axis::Steps || transform.dpos_dvalue_x() < f64::from(MARK) {
            return;
        }
        let (start, end) = transform.bounds().range_x().into_inner();
        let columns = start.floor().max(0.0) as usize..(end.ceil().max(0.0) as usize).saturating_add(1);
        let mut bars = self.bars();
        for (number, column) in self.record.steps().columns(columns) {
            let Column::Drop(task) = column else { continue };
            let Some((_, middle)) = self.in_view(transform).find(|(lane, _)| lane.task() == task) else { continue };
            let [left, right] = [0.0, 1.0].map(|edge| transform.position_from_point_x(number as f64 + edge));
            let across = transform.frame().x_range();
            let across = Rangef::new(across.clamp(left), across.clamp(right));
            bars.add(Sign::Running, Rect::from_x_y_ranges(across, Rangef::point(middle).expand(self.rows.half_bar())));
        }
        shapes.extend(bars.shapes());
    }

    /// Over what is pale: the polls at the cursor's own instant that come before it. On the axis of time they begin where the
    /// cursor stands, and would look as if they were still to come.
    pub(super) fn polls_at_cursor(&self, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        if self.scale.axis != Axis::Time {
            return;
        }
        let at = self.point.at;
        let mut bars = self.bars();
        for (lane, middle) in self.in_view(transform) {
            let bar = Rangef::point(middle).expand(self.rows.half_bar());
            let polls = lane.between(at, at).take(MOST_FAR).filter(|span| span.state == SpanState::Running);
            if polls.into_iter().any(|poll| poll.start == at && poll.first < self.point.index) {
                let left = transform.position_from_point_x(at.as_secs_f64());
                bars.add(Sign::Running, Rect::from_x_y_ranges(left..=left + TICK, bar));
            }
        }
        shapes.extend(bars.shapes());
    }
}
