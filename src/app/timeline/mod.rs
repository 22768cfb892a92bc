//! The timeline: a lane per task on a shared axis, with the cursor through all of them.
//!
//! egui_plot gives the axis, the grid and the transform; what is drawn on it is one plot item per kind of thing. It
//! shows a window onto the record and never keeps anything of it.

mod axis;
mod bookmarks;
mod charts;
mod corner;
mod dense;
mod flags;
mod gaps;
mod lanes;
mod layer;
mod marks;
mod measure;
mod minimap;
mod names;
mod order;
mod playback;
mod pointer;
mod range;
mod ruler;
mod spoken;
mod tip;
mod tools;
mod wakes;

pub(crate) use charts::Activity;
pub(crate) use corner::find_field;
pub(crate) use flags::name_field;
pub(crate) use measure::Measure;
pub(crate) use minimap::{strip_field, works_strip};
pub(crate) use order::LaneOrder;
pub(crate) use playback::{Extent, Playback};
pub(crate) use range::{Range, Spot};
pub(crate) use tools::{ToolCommand, Tools};

use super::command::Command;
use super::cursor::Point;
use super::patterns::Patterns;
use super::theme::{BAR, Palette, ROW};
use super::view::{Axis, Scale, View};
use crate::event::{Nanos, TaskId};
use crate::scenarios::Scenario;
use crate::trace::{EventIndex, Record, State};
use egui::{Rect, Response, Ui, UiBuilder, vec2};
use egui_plot::{AxisHints, Plot, PlotTransform, VPlacement};
use gaps::Gaps;
use lanes::{Labels, Lanes};
use layer::Layer;
use marks::Marks;
use measure::Shade;
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
    pub(crate) tools: &'a Tools,
    /// Whose moments are marked on the axis.
    pub(crate) scenario: &'static Scenario,
    /// The events of those that the run has come to.
    pub(crate) reached: &'a [EventIndex],
    pub(crate) ruler: Ruler,
}

/// Whether the axis stands above the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ruler {
    Shown,
    /// Not here: it stands above other lanes, on the same axis.
    Elsewhere,
}

impl Ruler {
    /// Its height, in points.
    pub(crate) fn height(self) -> f32 {
        match self {
            Self::Shown => RULER,
            Self::Elsewhere => 0.0,
        }
    }
}

/// Less room than this, in points, is for the lanes alone.
const ROOM_BESIDE_CHARTS: f32 = 194.0;

/// Less room than this, in points, is not shared with a strip of the whole run.
const ROOM_FOR_MAP: f32 = 200.0;

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
const NAMES: f32 = 146.0;
/// Height of the axis above the lanes, in points.
const RULER: f32 = 37.0;

impl Timeline<'_> {
    /// Shows it in all the room there is.
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let all = ui.available_rect_before_wrap();
        let charts_height = self.tools.charts.height();
        let has_charts = self.view.axis == Axis::Time
            && all.height() - charts_height > ROOM_BESIDE_CHARTS
            && !self.record.log().is_empty();
        let has_map = !self.view.is_all() && all.height() > ROOM_FOR_MAP && !self.record.log().is_empty();
        let strip = if has_map { minimap::HEIGHT } else { 0.0 };
        let (area, strip) = all.split_top_bottom_at_y(all.bottom() - strip);
        let (area, below) = area.split_top_bottom_at_y(area.bottom() - if has_charts { charts_height } else { 0.0 });
        let (mut commands, transform) = self.lanes_ui(ui, area, strip.height());
        let ruler = Rect::from_x_y_ranges(transform.frame().x_range(), area.top()..=transform.frame().top());
        self.flags(ui, ruler, &transform, &mut commands);
        let corner = Rect::from_x_y_ranges(area.left()..=area.left() + NAMES - 18.0, ruler.y_range());
        self.corner(ui, corner, &mut commands);
        self.measure_label(ui, &transform, &mut commands);
        if has_charts {
            charts::Charts::new(self, Palette::of(ui)).show(ui, below, &transform);
        }
        if has_map {
            self.minimap(ui, strip, transform.frame().x_range(), &mut commands);
        }
        ui.advance_cursor_after_rect(all);
        commands
    }

    /// The lanes with their names and the axis, and nothing beside them; and where positions lie on the screen. `strip` is the
    /// height that a strip of the whole run takes from them, in points.
    pub(crate) fn lanes_ui(&self, ui: &mut Ui, area: Rect, strip: f32) -> (Vec<Command>, PlotTransform) {
        let plot_area = Rect::from_min_max(area.min + vec2(NAMES, 0.0), area.max);
        let mut commands = Vec::new();
        let rows = self.rows(area, strip);
        let (response, transform) = self.plot(ui, plot_area, rows);
        self.navigate(ui, &response, &transform, rows, &mut commands);
        let names = Rect::from_x_y_ranges(area.left()..=plot_area.left(), transform.frame().y_range());
        self.names(ui, names, &transform, rows, &mut commands);
        if self.ruler == Ruler::Shown {
            let ruler = Rect::from_x_y_ranges(transform.frame().x_range(), area.top()..=transform.frame().top());
            self.ruler(ui, ruler, &transform, &mut commands);
        }
        (commands, transform)
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
            .formatter(move |mark, range| axis::label(axis, mark, range));
        let range = self.view.range(&self.scale());
        let plot = Plot::new("timeline")
            .custom_x_axes(vec![ruler])
            .show_axes([self.ruler == Ruler::Shown, false])
            .show_grid([true, false])
            .grid_color(palette.grid)
            .grid_fade(0.0)
            .grid_spacing(axis::CLOSEST..=110.0)
            .x_grid_spacer(move |input| axis::round_marks(axis, input))
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
        let shade = Shade::new(self, palette);
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
                plot.add(Layer::new("shade", shade));
                plot.add(Layer::new("marks", marks));
            })
        });
        (shown.inner.response, shown.inner.transform)
    }

    /// Their height does not change as the strip of the whole run comes and goes.
    fn rows(&self, area: Rect, strip: f32) -> Rows {
        let (count, height) = (self.order.rows().len() as f32, area.height() - self.ruler.height());
        let row = ((height + strip) / (count + 1.0)).clamp(*ROW.start(), *ROW.end());
        let room = height / row;
        let first = self.view.first_row.clamp(0.0, (count + 0.5 - room).max(0.0));
        Rows { height: row, first, room }
    }
}
