//! Under the lanes, on the same axis of time: how many tasks are ready, and how much of the time some task runs.
//!
//! On the steps axis there are no charts: a column there has no length.

use super::NAMES;
use crate::app::theme::{Palette, text};
use crate::event::{Event, Nanos};
use crate::trace::{EventIndex, Record, Series};
use egui::{Align2, Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// What goes on over the time of the run that is shown.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    series: Series,
    looked_at: EventIndex,
}

/// Events taken in at each frame: a few milliseconds' worth.
const AT_ONCE: usize = 100_000;

impl Activity {
    pub(super) fn series(&self) -> &Series {
        &self.series
    }

    /// Takes in what was added to the record; whether there is more.
    pub(crate) fn look(&mut self, record: &Record) -> bool {
        let new = record.log().iter_from(self.looked_at).take(AT_ONCE);
        let count = new.inspect(|event: &Event| self.series.learn(event)).count();
        self.looked_at = self.looked_at.max(record.log().first()) + count;
        self.looked_at < record.log().len()
    }
}

/// The height of both charts with the gap above, in points.
pub(super) const HEIGHT: f32 = 66.0;
/// The height of one, in points.
const CHART: f32 = 26.0;
/// The width of a column, in points.
const COLUMN: f32 = 2.0;

pub(super) struct Charts<'a> {
    pub(super) activity: &'a Activity,
    pub(super) palette: &'static Palette,
    pub(super) now: Nanos,
    /// The cursor.
    pub(super) at: Nanos,
}

impl Charts<'_> {
    pub(super) fn show(&self, ui: &mut Ui, area: Rect, transform: &PlotTransform) {
        let frame = transform.frame().x_range();
        let (start, end) = transform.bounds().range_x().into_inner();
        // A view may begin before the run; there is nothing there.
        let from = Nanos::from_secs_f64(start.max(0.0));
        let left = frame.clamp(transform.position_from_point_x(from.as_secs_f64()));
        let until = Nanos::from_secs_f64(end).min(self.now);
        let right = frame.clamp(transform.position_from_point_x(until.as_secs_f64()));
        let count = ((right - left) / COLUMN).ceil().max(1.0) as usize;
        let amounts = self.activity.series.columns(from, until, count, self.now);
        let most = amounts.iter().map(|amount| amount.most_ready).max().unwrap_or(0);
        let ready = amounts.iter().map(|amount| f64::from(amount.most_ready) / f64::from(most.max(1)));
        let busy = amounts.iter().map(|amount| amount.utilisation());
        let row = |number: f32| {
            let top = area.top() + 6.0 + number * (CHART + 4.0);
            Rect::from_x_y_ranges(area.x_range(), top..=top + CHART)
        };
        let whole: Nanos = amounts.iter().fold(Nanos::ZERO, |sum, amount| sum + amount.busy);
        let share = whole.0 as f64 / until.since(from).0.max(1) as f64 * 100.0;
        self.chart(ui, row(0.0), (left, right), &format!("ready, most {most}"), self.palette.ready, ready);
        self.chart(ui, row(1.0), (left, right), &format!("running {share:.0} %"), self.palette.running, busy);
        let cursor = transform.position_from_point_x(self.at.as_secs_f64());
        if frame.contains(cursor) {
            let line = Shape::vline(cursor, area.y_range(), Stroke::new(1.5, self.palette.running));
            ui.painter().add(line);
        }
    }

    /// One chart: columns from 0 to 1, with what they are at their left.
    fn chart(
        &self,
        ui: &Ui,
        row: Rect,
        (left, right): (f32, f32),
        name: &str,
        color: egui::Color32,
        columns: impl ExactSizeIterator<Item = f64>,
    ) {
        let response = ui.interact(row, ui.scope_id().with(("chart", color)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("chart: {name}")));
        let place = pos2(row.left() + NAMES - 8.0, row.center().y);
        ui.painter().text(place, Align2::RIGHT_CENTER, name, text(11.0), self.palette.weak);
        let mut mesh = Mesh::default();
        let width = (right - left) / columns.len().max(1) as f32;
        for (number, part) in columns.enumerate().filter(|(_, part)| *part > 0.0) {
            // What is there at all is seen.
            let height = (part as f32 * CHART).max(1.0);
            let x = left + number as f32 * width;
            mesh.add_colored_rect(Rect::from_min_size(pos2(x, row.bottom() - height), vec2(width, height)), color);
        }
        ui.painter().add(Shape::mesh(mesh));
        ui.painter().hline(left..=right, row.bottom(), Stroke::new(1.0, self.palette.border));
    }
}
