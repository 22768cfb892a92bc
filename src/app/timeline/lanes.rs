//! The bars: what each task did, drawn as three meshes (plain, hatched, dotted) and their labels.

use super::dense::Dense;
use super::layer::Paint;
use super::{Rows, Timeline};
use crate::app::patterns::add_tiled;
use crate::app::theme::{MARK, Palette, TICK, bold, text};
use crate::app::view::{Axis, Scale};
use crate::event::{Nanos, TaskId};
use crate::trace::{Ending, EventIndex, Lane, Record, Span, SpanState, Spans, StepWindow, wait_label};
use egui::{Align2, Mesh, Rangef, Rect, Shape, Stroke, TextureHandle, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotTransform};

/// From this length on, a poll is shown as blocking the loop.
const BLOCKING: Nanos = Nanos::from_millis(100);
/// The least width at which a bar is given a label, in points.
const LABELLED: f32 = 34.0;

#[derive(Clone, Copy)]
pub(super) struct Lanes<'a> {
    record: &'a Record,
    scale: Scale<'a>,
    order: &'a [TaskId],
    rows: Rows,
    selected: Option<TaskId>,
    /// The cursor, where it is behind the live edge.
    looks_back_from: Option<f64>,
    hatch: egui::TextureId,
    dots: egui::TextureId,
    /// The picture of the lanes that are merged.
    merged: &'a TextureHandle,
    palette: &'static Palette,
}

/// Places on the steps axis, found once for all lanes.
#[derive(Default)]
struct Near {
    window: StepWindow,
    /// There are too many columns for that.
    is_far: bool,
}

/// More columns than this are not taken out at each frame.
const MOST_NEAR: usize = 20_000;
/// And then, as places are found one by one, a lane with more spans than this is merged.
const MOST_FAR: usize = 200;

/// What is being drawn.
struct Meshes {
    plain: Mesh,
    hatch: Mesh,
    dots: Mesh,
    /// Polls, over everything else.
    running: Mesh,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, rows: Rows, palette: &'static Palette) -> Self {
        let Timeline { record, now, view, selected, patterns, point, .. } = *timeline;
        let scale = Scale { axis: view.axis, record, now };
        Self {
            record,
            scale,
            order: timeline.order.rows(),
            rows,
            selected,
            looks_back_from: (!point.is_live).then(|| scale.point(point.index, point.at)),
            hatch: patterns.hatch.id(),
            dots: patterns.dots.id(),
            merged: &patterns.merged,
            palette,
        }
    }

    /// The spans of a lane that are in view.
    fn visible(&self, lane: &'a Lane, bounds: &PlotBounds) -> Spans<'a> {
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
    fn is_dense(&self, spans: &Spans<'_>, near: &Near, transform: &PlotTransform) -> bool {
        let most = if near.is_far { MOST_FAR } else { transform.frame().width() as usize };
        spans.most() > most
    }

    /// On the steps axis: the columns in view, where they are few enough to be taken out.
    fn near(&self, transform: &PlotTransform) -> Near {
        if self.scale.axis == Axis::Time {
            return Near::default();
        }
        let (start, end) = transform.bounds().range_x().into_inner();
        let columns = start.max(0.0) as usize..(end.max(0.0) as usize).saturating_add(2);
        let is_far = columns.len() > MOST_NEAR;
        Near { window: self.record.steps().window(if is_far { 0..0 } else { columns }), is_far }
    }

    /// Where an event lies.
    fn place(&self, near: &Near, index: EventIndex, at: Nanos) -> f64 {
        near.window.position(index).unwrap_or_else(|| self.scale.event(index, at))
    }

    fn lane(&self, spans: Spans<'_>, near: &Near, bar: Rangef, transform: &PlotTransform, out: &mut Meshes) {
        let edge = self.scale.edge();
        // The end of the last mark of each state: what falls on the same pixel is drawn once.
        let mut drawn = [f32::NEG_INFINITY; 3];
        for span in spans {
            let start = self.place(near, span.first, span.start);
            let end = span.end.map_or(edge, |(index, at)| self.place(near, index, at));
            // Cut a little outside of the view: far zoomed in, patterns would lose their precision.
            let in_sight = transform.frame().expand(8.0).x_range();
            let left = in_sight.clamp(transform.position_from_point_x(start));
            let right = in_sight.clamp(transform.position_from_point_x(end)).max(left);
            let drawn = &mut drawn[span.state as usize];
            if right - left < MARK && left < *drawn {
                continue;
            }
            let rect = |right: f32| Rect::from_x_y_ranges(left..=right, bar);
            let marked = rect(right.max(left + MARK));
            *drawn = if right - left < 1.0 { left + 1.0 } else { f32::NEG_INFINITY };
            match span.state {
                SpanState::Waiting if right - left >= 0.5 => {
                    out.plain.add_colored_rect(rect(right), self.palette.waiting);
                    add_tiled(&mut out.hatch, rect(right), self.palette.hatch);
                }
                SpanState::Waiting => {}
                SpanState::Ready => {
                    out.plain.add_colored_rect(marked, self.palette.ready);
                    add_tiled(&mut out.dots, marked, self.palette.dots);
                }
                SpanState::Running => {
                    // One that has a length to be seen covers nothing of what comes after it.
                    let poll = rect(if right - left < 1.0 { left + TICK } else { right });
                    out.running.add_colored_rect(poll, self.palette.running);
                    if span.end_or(self.scale.now) - span.start > BLOCKING {
                        let strong = Rect::from_x_y_ranges(poll.x_range(), bar.max - 5.0..=bar.max);
                        out.running.add_colored_rect(strong, self.palette.blocking);
                    }
                }
            }
        }
    }

    /// What waiting tasks wait for, and polls that take long, in words where they fit.
    fn labels(
        &self,
        ui: &Ui,
        spans: Spans<'_>,
        near: &Near,
        bar: Rangef,
        transform: &PlotTransform,
        shapes: &mut Vec<Shape>,
    ) {
        let frame = transform.frame();
        let edge = self.scale.edge();
        // What lies after the cursor is veiled and not labelled: timers are drawn there.
        let words_end =
            self.looks_back_from.map_or(frame.right(), |at| frame.right().min(transform.position_from_point_x(at)));
        if spans.most() as f32 > frame.width() || near.is_far {
            return; // not one of them is wide enough on the whole; zooming in brings the words
        }
        for span in spans {
            let start = self.place(near, span.first, span.start);
            let end = span.end.map_or(edge, |(index, at)| self.place(near, index, at));
            let left = transform.position_from_point_x(start).max(frame.left());
            let right = transform.position_from_point_x(end).min(words_end);
            if right - left < LABELLED {
                continue;
            }
            let after_tick = left + TICK + 5.0;
            let room = right - after_tick - 4.0;
            // Over a pattern words cannot be read: they stand on a plate.
            let (choices, color, plate) = match span.state {
                SpanState::Waiting => (self.wait_texts(&span), self.palette.text, Some(self.palette.waiting)),
                SpanState::Running => {
                    let length = self.length(&span);
                    let texts = if length > Nanos::ZERO { vec![format!("runs {length}")] } else { Vec::new() };
                    (texts, self.palette.on_running, None)
                }
                SpanState::Ready => {
                    let length = self.length(&span);
                    let texts = if length > Nanos::ZERO { vec![format!("ready {length}")] } else { Vec::new() };
                    (texts, self.palette.on_plate, Some(self.palette.plate))
                }
            };
            for choice in choices {
                let galley = ui.painter().layout_no_wrap(choice, text(12.0), color);
                if galley.size().x <= room {
                    let place = Align2::LEFT_CENTER.anchor_size(pos2(after_tick, bar.center()), galley.size());
                    if let Some(plate) = plate {
                        shapes.push(Shape::rect_filled(place.expand2(vec2(3.0, 1.0)), 2.0, plate));
                    }
                    shapes.push(Shape::galley(place.min, galley, color));
                    break;
                }
            }
        }
    }

    /// How long a span has lasted, to read: no digits of what a real clock measured that nobody reads.
    fn length(&self, span: &Span) -> Nanos {
        let length = span.end_or(self.scale.now) - span.start;
        let unit = if length < Nanos::from_millis(100) { 1_000 } else { Nanos::from_millis(1).0 };
        if length.0 < unit { length } else { Nanos(length.0 / unit * unit) }
    }

    /// The label of a wait, the longest first.
    fn wait_texts(&self, span: &Span) -> Vec<String> {
        let catalog = self.record.catalog();
        let Some(wait) = span.wait.and_then(|wait| self.record.wait(wait)) else { return Vec::new() };
        let label = wait_label(catalog, &wait.on);
        match catalog.site(wait.site) {
            Some(site) => vec![format!("{label} · :{}", site.line), label],
            None => vec![label],
        }
    }
}

impl<'a> Lanes<'a> {
    /// The rows in view: each lane and its middle.
    fn in_view(&self, transform: &PlotTransform) -> impl Iterator<Item = (&'a Lane, f32)> {
        let (top, bottom) = transform.bounds().range_y().into_inner();
        let rows = top.floor().max(0.0) as usize..(bottom.ceil().max(0.0) as usize).min(self.order.len());
        let in_view = rows.filter_map(|row| Some((row, self.record.lane(self.order[row])?)));
        in_view.map(|(row, lane)| (lane, transform.position_from_point_y(row as f64 + 0.5)))
    }
}

impl Paint for Lanes<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let mut dense = Vec::new();
        let near = self.near(transform);
        let mut meshes = Meshes {
            plain: Mesh::default(),
            hatch: Mesh::with_texture(self.hatch),
            dots: Mesh::with_texture(self.dots),
            running: Mesh::default(),
        };
        for (lane, middle) in self.in_view(transform) {
            if self.selected == Some(lane.task()) {
                let row = Rangef::point(middle).expand(self.rows.height / 2.0);
                let whole = Rect::from_x_y_ranges(transform.frame().x_range(), row);
                meshes.plain.add_colored_rect(whole, self.palette.selection);
            }
            let bar = Rangef::point(middle).expand(self.rows.half_bar());
            let spans = self.visible(lane, transform.bounds());
            if self.is_dense(&spans, &near, transform) {
                dense.push((lane, bar));
            } else {
                self.lane(spans, &near, bar, transform, &mut meshes);
            }
        }
        let merged = Dense { scale: self.scale, palette: self.palette, lanes: &dense };
        merged.ground(transform, &mut meshes.plain, &mut meshes.hatch);
        let Meshes { plain, hatch, dots, running } = meshes;
        shapes.extend([plain, hatch, dots, running].map(Shape::mesh));
        shapes.extend(merged.paint(ui, self.merged, transform).map(Shape::mesh));
    }
}

impl Lanes<'_> {
    /// How the task ended, as a sign behind its last bar: a ring for finished, and what went wrong otherwise.
    fn ending(&self, ui: &Ui, lane: &Lane, middle: f32, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Some((index, at, ending)) = lane.end() else { return };
        let end = self.scale.event(index, at);
        let x = transform.position_from_point_x(end) + TICK + 9.0;
        if self.looks_back_from.is_some_and(|cursor| end > cursor)
            || !transform.frame().expand(9.0).x_range().contains(x)
        {
            return;
        }
        let (sign, word, color) = match ending {
            Ending::Finished => {
                shapes.push(Shape::circle_stroke(pos2(x, middle), 3.5, Stroke::new(1.6, self.palette.good)));
                return;
            }
            Ending::Panicked => ("!", "panicked", self.palette.bad),
            Ending::Dropped => ("×", "dropped", self.palette.weak),
        };
        let words = |words: String| ui.painter().layout_no_wrap(words, bold(12.0), color);
        let left = x - 5.0;
        let mut galley = words(format!("{sign} {word}"));
        if left + galley.size().x > transform.frame().right() {
            galley = words(sign.to_owned());
        }
        let place = Align2::LEFT_CENTER.anchor_size(pos2(left, middle), galley.size());
        shapes.push(Shape::galley(place.min, galley, color));
    }
}

/// The words on the bars and the signs behind them, over the arrows.
pub(super) struct Labels<'a>(pub(super) Lanes<'a>);

impl Paint for Labels<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Self(lanes) = self;
        let near = lanes.near(transform);
        for (lane, middle) in lanes.in_view(transform) {
            let bar = Rangef::point(middle).expand(lanes.rows.half_bar());
            lanes.labels(ui, lanes.visible(lane, transform.bounds()), &near, bar, transform, shapes);
            lanes.ending(ui, lane, middle, transform, shapes);
        }
    }
}
