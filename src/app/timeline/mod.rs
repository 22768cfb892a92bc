//! The timeline: a lane per task on a shared axis, with the cursor through all of them.
//!
//! egui_plot gives the axis, the grid and the transform; what is drawn on it is one plot item per kind of thing. It
//! shows a window onto the record and never keeps anything of it.

mod charts;
mod dense;
mod gaps;
mod lanes;
mod layer;
mod marks;
mod names;
mod order;
mod wakes;

pub(crate) use charts::Activity;
pub(crate) use order::LaneOrder;

use super::command::Command;
use super::cursor::Point;
use super::patterns::Patterns;
use super::theme::{BAR, Palette, ROW, bold};
use super::view::{Axis, Hand, Scale, View};
use crate::event::{Nanos, TaskId};
use crate::trace::{Record, State, explain, wait_label};
use egui::{CursorIcon, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotTransform, VPlacement};
use gaps::Gaps;
use lanes::{Labels, Lanes};
use layer::Layer;
use marks::Marks;
use std::ops::RangeInclusive;
use wakes::Wakes;

/// What the timeline shows.
pub(crate) struct Timeline<'a> {
    pub(crate) record: &'a Record,
    /// The state at the cursor.
    pub(crate) state: &'a State,
    pub(crate) point: Point,
    pub(crate) now: Nanos,
    pub(crate) view: &'a View,
    pub(crate) order: &'a LaneOrder,
    pub(crate) selected: Option<TaskId>,
    pub(crate) patterns: &'a Patterns,
    pub(crate) activity: &'a Activity,
}

/// Less room than this, in points, is for the lanes alone.
const ROOM_FOR_CHARTS: f32 = 260.0;

/// How the lanes are laid out this time.
#[derive(Debug, Clone, Copy)]
struct Rows {
    /// Height of a lane with its gap, in points.
    height: f32,
    /// The row at the top, with a fraction.
    first: f32,
    /// How many there is room for.
    room: f32,
}

impl Rows {
    /// Half the height of a lane's bar, in points.
    fn half_bar(self) -> f32 {
        self.height * BAR / 2.0
    }
}

/// Width of the names beside the lanes, in points.
const NAMES: f32 = 132.0;
/// Height of the axis above the lanes, in points.
const RULER: f32 = 26.0;

impl Timeline<'_> {
    /// Shows it in all the room there is.
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let all = ui.available_rect_before_wrap();
        let has_charts =
            self.view.axis == Axis::Time && all.height() > ROOM_FOR_CHARTS && !self.record.log().is_empty();
        let (area, below) = all.split_top_bottom_at_y(all.bottom() - if has_charts { charts::HEIGHT } else { 0.0 });
        let plot_area = Rect::from_min_max(area.min + vec2(NAMES, 0.0), area.max);
        let mut commands = Vec::new();
        let rows = self.rows(area);
        let (response, transform) = self.plot(ui, plot_area, rows);
        self.navigate(ui, &response, &transform, rows, &mut commands);
        let names = Rect::from_x_y_ranges(area.left()..=plot_area.left(), transform.frame().y_range());
        self.names(ui, names, &transform, rows, &mut commands);
        let ruler = Rect::from_x_y_ranges(transform.frame().x_range(), area.top()..=transform.frame().top());
        self.ruler(ui, ruler, &transform, &mut commands);
        if has_charts {
            let (activity, palette) = (self.activity, Palette::of(ui));
            charts::Charts { activity, palette, now: self.now, at: self.point.at }.show(ui, below, &transform);
        }
        ui.advance_cursor_after_rect(all);
        commands
    }

    fn scale(&self) -> Scale<'_> {
        Scale { axis: self.view.axis, record: self.record, now: self.now }
    }

    fn plot(&self, ui: &mut Ui, area: Rect, rows: Rows) -> (Response, PlotTransform) {
        let palette = Palette::of(ui);
        let axis = self.view.axis;
        let ruler = AxisHints::new_x()
            .placement(VPlacement::Top)
            .min_thickness(RULER)
            .tick_label_color(palette.weak)
            .formatter(move |mark, range| label(axis, mark, range));
        let range = self.view.range(&self.scale());
        let plot = Plot::new("timeline")
            .custom_x_axes(vec![ruler])
            .show_axes([true, false])
            .show_grid([true, false])
            .grid_color(palette.grid)
            .grid_fade(0.0)
            .grid_spacing(70.0..=110.0)
            .x_grid_spacer(move |input| round_marks(axis, input))
            .show_background(false)
            .show_crosshair(false)
            .show_x(false)
            .show_y(false)
            .invert_y(true)
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .allow_axis_zoom_drag(false)
            .set_margin_fraction(vec2(0.0, 0.0));
        let gaps = Gaps::new(self, palette);
        let lanes = Lanes::new(self, rows, palette);
        let wakes = Wakes::new(self, rows, palette);
        let marks = Marks::new(self, rows, palette);
        let builder = UiBuilder::new().max_rect(area);
        let shown = ui.scope_builder(builder, |ui| {
            plot.show(ui, move |plot| {
                plot.set_plot_bounds_x(range);
                plot.set_plot_bounds_y(f64::from(rows.first)..=f64::from(rows.first + rows.room));
                plot.add(Layer::new("gaps", gaps));
                plot.add(Layer::new("lanes", lanes));
                plot.add(Layer::new("wakes", wakes));
                plot.add(Layer::new("labels", Labels(lanes)));
                plot.add(Layer::new("marks", marks));
            })
        });
        (shown.inner.response, shown.inner.transform)
    }

    fn rows(&self, area: Rect) -> Rows {
        let (count, height) = (self.order.rows().len() as f32, area.height() - RULER);
        let row = (height / (count + 1.0)).clamp(*ROW.start(), *ROW.end());
        let room = height / row;
        let first = self.view.first_row.clamp(0.0, (count + 0.5 - room).max(0.0));
        Rows { height: row, first, room }
    }

    /// Pointer over the lanes: click moves the cursor and selects, drag pans, the wheel scrolls, Ctrl+wheel zooms.
    fn navigate(
        &self,
        ui: &Ui,
        response: &Response,
        transform: &PlotTransform,
        rows: Rows,
        commands: &mut Vec<Command>,
    ) {
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Timeline"));
        let hand = Hand::Pointer(ui.input(|input| input.time));
        if response.dragged() {
            let delta = response.drag_delta();
            if delta.x != 0.0 {
                commands.push(Command::Pan(f64::from(-delta.x / transform.frame().width()), hand));
            }
            if delta.y != 0.0 {
                commands.push(Command::ScrollTo(rows.first - delta.y / rows.height));
            }
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
        if response.clicked()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let at = transform.value_from_position(pointer);
            commands.push(Command::MoveCursor(self.scale().cursor_at(at.x)));
            let task = self.order.rows().get(at.y.max(0.0) as usize).copied();
            commands.push(Command::Select(task.into()));
        }
        if let Some(pointer) = response.hover_pos() {
            let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
            if zoom != 1.0 {
                let at = transform.value_from_position(pointer).x;
                commands.push(Command::Zoom(f64::from(zoom), Some(at), hand));
            } else if scroll != egui::Vec2::ZERO {
                if scroll.y != 0.0 {
                    commands.push(Command::ScrollTo(rows.first - scroll.y / rows.height));
                }
                if scroll.x != 0.0 {
                    commands.push(Command::Pan(f64::from(-scroll.x / transform.frame().width()), hand));
                }
            }
            if !response.dragged()
                && let Some(text) = self.tip(transform, pointer)
            {
                response.clone().on_hover_text_at_pointer(text);
            }
        }
    }

    /// What is under the pointer, in words.
    fn tip(&self, transform: &PlotTransform, pointer: egui::Pos2) -> Option<String> {
        let at = transform.value_from_position(pointer);
        let task = *self.order.rows().get(at.y.max(0.0) as usize)?;
        let lane = self.record.lane(task)?;
        let reach = f64::from(super::theme::MARK) * transform.dvalue_dpos()[0];
        let spans: Vec<_> = match self.view.axis {
            Axis::Time => lane.between(Nanos::from_secs_f64(at.x - reach), Nanos::from_secs_f64(at.x + reach)),
            Axis::Steps => {
                let steps = self.record.steps();
                let (from, to) = (steps.point_at(at.x - reach).0, steps.point_at(at.x + reach).0);
                lane.between_events(from.saturating_sub(1), to.saturating_sub(1))
            }
        }
        .collect();
        let catalog = self.record.catalog();
        let name = catalog.task_name(task);
        if spans.len() > 4 {
            return Some(format!("{name}: {} changes of state here; zoom in to see them", spans.len()));
        }
        let lines = spans.iter().map(|span| {
            let end = span.end_or(self.now);
            let what = match span.state {
                crate::trace::SpanState::Running => "running".to_owned(),
                crate::trace::SpanState::Ready => "ready".to_owned(),
                crate::trace::SpanState::Waiting => match span.wait.and_then(|wait| self.record.wait(wait)) {
                    Some(wait) => format!("waiting: {}", wait_label(catalog, &wait.on)),
                    None => "waiting".to_owned(),
                },
            };
            let (start, length) = (span.start.as_secs_f64(), rounded(end - span.start));
            format!("{name}, {what}, from {start:.3} s for {length}")
        });
        if let [span] = spans.as_slice() {
            return Some(explain(self.record, task, span));
        }
        let text = lines.collect::<Vec<_>>().join("\n");
        (!text.is_empty()).then_some(text)
    }

    /// Pointer over the axis: press or drag moves the cursor.
    fn ruler(&self, ui: &Ui, area: Rect, transform: &PlotTransform, commands: &mut Vec<Command>) {
        let response = ui.interact(area, ui.scope_id().with("ruler"), Sense::click_and_drag());
        let seconds = self.point.at.as_secs_f64();
        response.widget_info(|| WidgetInfo::slider(true, seconds, "Time cursor"));
        if (response.dragged() || response.clicked())
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let position = transform.value_from_position(pointer).x;
            commands.push(Command::MoveCursor(self.scale().cursor_at(position.max(0.0))));
        }
        response.on_hover_cursor(CursorIcon::ResizeHorizontal);
        self.cursor_head(ui, area, transform);
    }
}

impl Timeline<'_> {
    /// The cursor's time, on the axis.
    fn cursor_head(&self, ui: &Ui, area: Rect, transform: &PlotTransform) {
        let palette = Palette::of(ui);
        let x = transform.position_from_point_x(self.scale().point(self.point.index, self.point.at));
        if self.record.log().is_empty() || !area.x_range().contains(x) {
            return;
        }
        let label = format!("{:.3} s", self.point.at.as_secs_f64());
        let galley = ui.painter().layout_no_wrap(label, bold(12.0), palette.on_running);
        let head = Rect::from_center_size(pos2(x, area.center().y), galley.size() + vec2(12.0, 5.0));
        let inside = (area.right() - head.right()).min(0.0) + (area.left() - head.left()).max(0.0);
        let head = head.translate(vec2(inside, 0.0));
        ui.painter().rect_filled(head, 4.0, palette.running);
        ui.painter().galley(head.min + vec2(6.0, 2.5), galley, palette.on_running);
    }
}

/// A length as it is read in passing: from a millisecond on, in whole milliseconds.
fn rounded(length: Nanos) -> Nanos {
    const MILLI: u64 = 1_000_000;
    if length.0 < MILLI { length } else { Nanos(length.0.saturating_add(MILLI / 2) / MILLI * MILLI) }
}

/// An axis label: seconds with as many decimals as the grid needs, or the number of a step.
fn label(axis: Axis, mark: GridMark, _range: &RangeInclusive<f64>) -> String {
    match axis {
        Axis::Time if mark.value < 0.0 => String::new(),
        Axis::Time => {
            let decimals = (-mark.step_size.log10().floor()).clamp(1.0, 9.0) as usize;
            format!("{:.decimals$} s", mark.value)
        }
        Axis::Steps if mark.value < 0.0 || mark.value.fract() != 0.0 => String::new(),
        Axis::Steps => format!("{}", mark.value),
    }
}

/// Grid lines at round numbers, 1, 2 or 5 times a power of ten, not closer than the labels need.
fn round_marks(axis: Axis, input: egui_plot::GridInput) -> Vec<GridMark> {
    let least = match axis {
        Axis::Time => input.base_step_size,
        Axis::Steps => input.base_step_size.max(1.0),
    };
    let power = 10f64.powf(least.log10().floor());
    let step_size = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= least);
    let step_size = step_size.unwrap_or(10.0 * power);
    let (first, last) = ((input.bounds.0 / step_size).ceil() as i64, (input.bounds.1 / step_size).floor() as i64);
    (first..=last).map(|number| GridMark { value: number as f64 * step_size, step_size }).collect()
}
