//! The timeline: a lane per task on a shared axis, with the cursor through all of them.
//!
//! egui_plot gives the axis, the grid and the transform; what is drawn on it is one plot item per kind of thing. It
//! shows a window onto the record and never keeps anything of it.

mod axis;
mod bars;
mod bookmarks;
mod chart_choice;
mod charts;
mod corner;
mod counters;
mod dense;
mod flags;
mod forever;
mod gaps;
mod labels;
mod lanes;
mod late;
mod layer;
mod legend;
mod marks;
mod measure;
mod minimap;
mod names;
mod near;
mod note;
mod order;
mod places;
mod playback;
mod pointer;
mod range;
mod ruler;
mod signs;
mod spoken;
mod threads;
mod tip;
mod tools;
mod tree;
mod wakes;
mod walk;

pub(crate) use bookmarks::Bookmarks;
pub(crate) use charts::Activity;
pub(crate) use corner::find_field;
pub(crate) use flags::name_field;
pub(crate) use legend::{in_view_ui, legend_line_ui, legend_ui};
pub(crate) use measure::Measure;
pub(crate) use minimap::{strip_field, works_strip};
pub(crate) use order::LaneOrder;
pub(crate) use playback::{Extent, Playback};
pub(crate) use range::{Range, Spot};
pub(crate) use signs::{paint_left, paint_place};
pub(crate) use tools::{ToolCommand, Tools};

use super::Stage;
use super::command::Command;
use super::cursor::Point;
use super::patterns::Patterns;
use super::theme::{BAR, PRESENTED_ROW, Palette, ROW, text};
use super::view::{self, Scale, View};
use crate::event::{Nanos, TaskId};
use crate::scenarios::Told;
use crate::session::StepState;
use crate::trace::{Record, State, Wording};
use egui::{Context, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};
use egui_plot::{AxisHints, Plot, PlotTransform, VPlacement};
use forever::ForEver;
use gaps::Gaps;
use labels::{Ends, Labels};
use lanes::Lanes;
use late::Fired;
use layer::Layer;
use marks::Marks;
use measure::Shade;
use near::Near;
use places::{Places, Placing};
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
    /// How many lanes that order leaves out, as others matter more.
    pub(crate) left_out: usize,
    pub(crate) selected: Option<TaskId>,
    pub(crate) patterns: &'a Patterns,
    pub(crate) activity: &'a Activity,
    pub(crate) tools: &'a Tools,
    pub(crate) wording: &'a Wording,
    /// The lesson whose steps are marked on the axis.
    pub(crate) told: Option<Told<'a>>,
    /// How far the run has come in it.
    pub(crate) steps: &'a [StepState],
    /// Whether the one that it has come to last has a note.
    pub(crate) has_notes: bool,
    pub(crate) ruler: Ruler,
    /// Before an audience there are the lanes alone, and they fill the height.
    pub(crate) stage: Stage,
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

/// Whether the buttons above the names are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Corner {
    Shown,
    /// It is a picture: nobody can click there.
    Empty,
}

/// Height of a lane in a picture of the lanes, with the gap below it, in points.
const PICTURED_ROW: f32 = 38.0;

/// Less room than this, in points, is for the lanes alone.
const ROOM_BESIDE_CHARTS: f32 = 194.0;
/// And this much is enough for lanes that are not all in sight anyway.
const PLENTY: f32 = 260.0;

/// Less room than this, in points, is not shared with a strip of the whole run.
const ROOM_FOR_MAP: f32 = 200.0;

/// The greatest share of the lanes' height that notes have below them.
const MOST_NOTES: f32 = 0.3;
/// Room below the last lane, as a share of a lane.
const BELOW_LANES: f32 = 0.25;
/// The same before an audience.
const BELOW_PRESENTED: f32 = 0.2;
/// The share of a lane below the last one that is seen where the lanes are scrolled to their end.
const SCROLLED_BELOW: f32 = 0.5;
/// So many lanes at least are reckoned with: a run that begins has one, and soon has more.
const FEW_LANES: usize = 3;

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
    /// How many of so many lanes are not in sight as a whole.
    fn out_of_sight(self, lanes: usize) -> usize {
        let below = (self.first + self.room + 0.05).floor().max(0.0) as usize; // a cast saturates
        let above = (self.first - 0.05).ceil().max(0.0) as usize;
        lanes - below.min(lanes).saturating_sub(above)
    }

    /// Half the height of a lane's bar, in points.
    fn half_bar(self) -> f32 {
        self.height * BAR / 2.0
    }
}

/// Width of the names beside the lanes, in points.
const NAMES: f32 = 146.0;
/// The least of it before an audience, what stands beside a name, and how many names are measured.
const LEAST_NAMES: f32 = 84.0;
const BESIDE_NAME: f32 = 56.0;
const MEASURED: usize = 100;
/// Height of the axis above the lanes, in points: flags, the cursor's time, and the numbers, one below another.
const RULER: f32 = 52.0;

/// Height of the line that names the lanes for which there is no room, in points.
const MORE: f32 = 15.0;

/// Tells how many lanes are out of sight.
fn more_lanes_ui(ui: &Ui, place: Rect, count: usize) {
    let words = match count {
        0 => return,
        1 => "+ 1 more lane".to_owned(),
        count => format!("+ {count} more lanes"),
    };
    let response = ui.interact(place, ui.scope_id().with("more lanes"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let color = Palette::of(ui).text;
    let galley = ui.painter().layout_no_wrap(words, text(11.5), color);
    ui.painter().galley(place.left_top() + vec2(8.0, (MORE - galley.size().y) / 2.0), galley, color);
}

impl Timeline<'_> {
    /// Shows it in all the room there is.
    pub(crate) fn show(&self, ui: &mut Ui, corner: Corner) -> Vec<Command> {
        let all = ui.available_rect_before_wrap();
        let charts_height = self.charts_height();
        let has_notes = corner == Corner::Shown && self.has_notes;
        let notes = if has_notes { self.notes_height(ui.ctx(), all.width() - NAMES) } else { 0.0 };
        let notes = notes.min((all.height() - self.ruler.height()) * MOST_NOTES);
        // Charts do without their room where all lanes are in sight without them, unless somebody has chosen them. Of more
        // lanes, plenty are enough.
        let without_charts = all.height() - notes;
        let beside_charts = without_charts - charts_height;
        let all_lanes = self.ruler.height() + (self.order.rows().len() as f32 + BELOW_LANES) * ROW.start();
        let needed = if !self.tools.charts.is_usual() {
            ROOM_BESIDE_CHARTS
        } else if all_lanes <= without_charts {
            all_lanes.max(ROOM_BESIDE_CHARTS)
        } else {
            PLENTY
        };
        let has_charts = charts_height > 0.0 && beside_charts >= needed;
        let has_map = self.wants_map() && all.height() > ROOM_FOR_MAP;
        let strip = if has_map { minimap::HEIGHT } else { 0.0 };
        let (area, strip) = all.split_top_bottom_at_y(all.bottom() - strip);
        let (area, below) = area.split_top_bottom_at_y(area.bottom() - if has_charts { charts_height } else { 0.0 });
        let (area, notes) = area.split_top_bottom_at_y(area.bottom() - notes);
        let (mut commands, transform) = self.lanes_ui(ui, area, strip.height());
        let ruler = Rect::from_x_y_ranges(transform.frame().x_range(), area.top()..=transform.frame().top());
        self.flags(ui, ruler, &transform, &mut commands);
        if corner == Corner::Shown {
            let corner = Rect::from_x_y_ranges(area.left()..=area.left() + NAMES - 18.0, ruler.y_range());
            self.corner(ui, corner, &mut commands);
        } else if self.stage == Stage::Talk {
            self.name_of_axis(ui, area);
        }
        if has_notes {
            self.note(ui, &transform, notes, &mut commands);
        }
        self.measure_label(ui, &transform, &mut commands);
        if has_charts {
            charts::Charts::new(self, Palette::of(ui)).show(ui, below, &transform);
        }
        if has_map {
            self.minimap(ui, strip, transform.frame().x_range(), &mut commands);
        }
        legend::remember(ui);
        ui.advance_cursor_after_rect(all);
        commands
    }

    /// The height in which an audience sees all lanes, in points.
    pub(crate) fn presented_height(&self) -> f32 {
        self.ruler.height() + self.order.rows().len() as f32 * *PRESENTED_ROW.start() + self.below_presented()
    }

    /// What an audience sees below the last lane at least, in points.
    fn below_presented(&self) -> f32 {
        (BELOW_PRESENTED * *PRESENTED_ROW.start()).max(self.sleeps_height())
    }

    /// The room in which the steps axis tells below the lanes how long the loop sleeps, in points.
    fn sleeps_height(&self) -> f32 {
        if self.view.axis == view::Axis::Steps { gaps::HEIGHT } else { 0.0 }
    }

    /// How many lanes an audience sees in so much height, in points; none where it sees all.
    pub(crate) fn room_for_lanes(&self, height: f32) -> Option<usize> {
        let room = (height - self.ruler.height() - MORE - self.below_presented()) / *PRESENTED_ROW.start();
        (height < self.presented_height()).then_some(room.max(1.0) as usize)
    }

    /// The width of the names beside the lanes, in points: before an audience no more than they need.
    fn names_width(&self, ui: &Ui) -> f32 {
        if self.stage == Stage::Desk {
            return NAMES;
        }
        let catalog = self.record.catalog();
        let width = |task: &TaskId| {
            let name = catalog.task_name(*task).to_owned();
            let name = ui.painter().layout_no_wrap(name, text(13.0), Palette::of(ui).text);
            name.size().x + self.indent(*task)
        };
        let longest = self.order.rows().iter().take(MEASURED).map(width).fold(0.0, f32::max);
        (longest + BESIDE_NAME).clamp(LEAST_NAMES, NAMES)
    }

    /// What the axis counts, before an audience, which has not switched it.
    fn name_of_axis(&self, ui: &Ui, area: Rect) {
        let words = match self.view.axis {
            view::Axis::Time => "time →",
            view::Axis::Steps => "steps →",
        };
        let galley = ui.painter().layout_no_wrap(words.to_owned(), text(11.5), Palette::of(ui).weak);
        let place = area.left_top() + vec2(8.0, self.ruler.height() - galley.size().y - 4.0);
        ui.painter().galley(place, galley, Palette::of(ui).weak);
    }

    /// The height beyond which lanes do not grow, in points; none before there are any.
    pub(crate) fn greatest_height(&self, ctx: &Context, width: f32) -> Option<f32> {
        if self.order.rows().is_empty() {
            return None;
        }
        let lanes = self.order.rows().len().max(FEW_LANES) as f32 + BELOW_LANES;
        let notes = if self.has_notes { self.notes_height(ctx, width - NAMES) } else { 0.0 };
        Some(self.ruler.height() + lanes * ROW.end() + notes + self.charts_height())
    }

    /// The height in which everything is seen, in points: all lanes, and what lies below them.
    pub(crate) fn whole_height(&self) -> f32 {
        let lanes = self.ruler.height() + (self.order.rows().len() as f32 + 1.0) * PICTURED_ROW;
        let map = if self.wants_map() { minimap::HEIGHT } else { 0.0 };
        (lanes.max(ROOM_BESIDE_CHARTS + 1.0) + self.charts_height() + map).max(ROOM_FOR_MAP + 1.0)
    }

    /// The height of the charts, where there is something to show in them, in points.
    fn charts_height(&self) -> f32 {
        if self.record.log().is_empty() || self.stage == Stage::Talk {
            0.0
        } else {
            self.tools.charts.height(self.view.axis)
        }
    }

    fn wants_map(&self) -> bool {
        !self.view.is_all() && !self.record.log().is_empty() && self.stage == Stage::Desk
    }

    /// The lanes with their names and the axis, and nothing beside them; and where positions lie on the screen. `strip` is the
    /// height that a strip of the whole run takes from them, in points.
    pub(crate) fn lanes_ui(&self, ui: &mut Ui, area: Rect, strip: f32) -> (Vec<Command>, PlotTransform) {
        let plot_area = Rect::from_min_max(area.min + vec2(self.names_width(ui), 0.0), area.max);
        let mut commands = Vec::new();
        let lanes = self.order.rows().len();
        let is_cut = self.left_out > 0 || (self.stage == Stage::Talk && area.height() < self.presented_height());
        let (area, below) = area.split_top_bottom_at_y(area.bottom() - if is_cut { MORE } else { 0.0 });
        let plot_area = plot_area.with_max_y(area.bottom());
        let rows = self.rows(area, strip);
        if is_cut {
            more_lanes_ui(ui, below, self.left_out + rows.out_of_sight(lanes));
        }
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
            .formatter(move |mark, range| {
                let label = axis::label(axis, mark, range);
                if axis::has_room(&label, mark.value, range, area.width()) { label } else { String::new() }
            });
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
        let near = Near::between(&self.scale(), *range.start(), *range.end());
        let places = Places::default();
        let lanes = Lanes::new(self, (&near, &places), rows, palette);
        let wakes = Wakes::new(self, rows, palette);
        let shade = Shade::new(self, palette);
        let fired = Fired::new(self, lanes, rows, palette);
        let placing = Placing::new(self, lanes);
        let marks = Marks::new(self, lanes, rows, palette);
        let for_ever = ForEver::new(self, lanes, palette);
        let builder = UiBuilder::new().max_rect(area);
        let shown = ui.scope_builder(builder, |ui| {
            plot.show(ui, move |plot| {
                plot.set_plot_bounds_x(range);
                plot.set_plot_bounds_y(f64::from(rows.first)..=f64::from(rows.first + rows.room));
                plot.add(Layer::new("gaps", gaps));
                plot.add(Layer::new("lanes", lanes));
                plot.add(Layer::new("wakes", wakes));
                // Who comes first has the first choice of places.
                plot.add(Layer::new("places", placing));
                plot.add(Layer::new("fired", fired));
                plot.add(Layer::new("labels", Labels(lanes)));
                plot.add(Layer::new("shade", shade));
                plot.add(Layer::new("marks", marks));
                plot.add(Layer::new("ends", Ends(lanes)));
                plot.add(Layer::new("for ever", for_ever));
            })
        });
        (shown.inner.response, shown.inner.transform)
    }

    /// Their height does not change as the strip of the whole run comes and goes.
    fn rows(&self, area: Rect, strip: f32) -> Rows {
        let (count, height) = (self.order.rows().len() as f32, area.height() - self.ruler.height());
        let sleeps = self.sleeps_height();
        let (lanes, share, heights) = match self.stage {
            Stage::Desk => (height + strip, BELOW_LANES, ROW),
            Stage::Talk => (height, BELOW_PRESENTED, PRESENTED_ROW),
        };
        let row = (lanes / (count + share)).min((lanes - sleeps) / count.max(1.0));
        let row = row.clamp(*heights.start(), *heights.end());
        let room = height / row;
        // What is seen below the last lane, in lanes.
        let share = match self.stage {
            Stage::Desk => SCROLLED_BELOW,
            Stage::Talk => BELOW_PRESENTED,
        };
        let below = (sleeps / row).max(share);
        let first = match self.view.kept_row.map(|kept| kept as f32) {
            Some(kept) => {
                let least = kept + 1.0 + below - room;
                self.view.first_row.clamp(least.max(0.0), kept.max(least))
            }
            None => self.view.first_row,
        };
        let first = first.clamp(0.0, (count + below - room).max(0.0));
        Rows { height: row, first, room }
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn lanes_that_are_cut_or_scrolled_out_are_out_of_sight() {
        let rows = |first, room| Rows { height: 20.0, first, room };
        assert_eq!(rows(0.0, 8.2).out_of_sight(8), 0);
        assert_eq!(rows(0.0, 7.6).out_of_sight(8), 1, "the last one is cut");
        assert_eq!(rows(1.5, 5.0).out_of_sight(8), 4, "two above and two below");
        assert_eq!(rows(0.0, 0.0).out_of_sight(0), 0);
    }
}
