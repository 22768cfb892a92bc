//! Lanes with more spans than pixels: all of them in one picture, a texture that is made anew only when they change.
//!
//! In each column the states take as much of the lane's height as they took of the time or, on the steps axis, of the steps:
//! running below, ready on top. On the axis of time, a column with polls that took no time has a tick.

use super::bars::Bars;
use super::near::Near;
use super::signs::Sign;
use crate::app::theme::{AS_IS, Palette, TICK};
use crate::app::view::{Axis, Scale};
use crate::event::Nanos;
use crate::trace::{EventIndex, Lane, SpanState};

use egui::{Color32, ColorImage, Mesh, Rangef, Rect, TextureHandle, TextureOptions, Ui, pos2};
use egui_plot::PlotTransform;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The width of a column, in points.
const COLUMN: f32 = 2.0;

pub(super) struct Dense<'a> {
    pub(super) scale: Scale<'a>,
    pub(super) palette: &'static Palette,
    /// Each with the height that it takes.
    pub(super) lanes: &'a [(&'a Lane, Rangef)],
    /// The columns of the steps axis in view.
    pub(super) near: &'a Near,
}

/// How a column is divided: parts of the states, and how many polls begin in it.
#[derive(Debug, Clone, Copy, Default)]
struct Column {
    parts: [f64; 3],
    polls: usize,
}

impl Dense<'_> {
    /// What lies under the picture: the lanes as if they only waited.
    pub(super) fn ground(&self, transform: &PlotTransform, bars: &mut Bars) {
        for (lane, bar) in self.lanes {
            let Some(first) = lane.span(0).or_else(|| lane.spans().next()) else { continue };
            let from = transform.position_from_point_x(self.scale.event(first.first, first.start));
            let end = lane.end().map_or(self.scale.edge(), |(index, at, _)| self.scale.event(index, at));
            let inside = transform.frame().x_range();
            let (from, to) = (inside.clamp(from), inside.clamp(transform.position_from_point_x(end)));
            let whole = Rect::from_x_y_ranges(from..=to, *bar);
            bars.add(Sign::Merged, whole);
        }
    }

    /// The picture, and where its rows go.
    pub(super) fn paint(&self, ui: &Ui, texture: &TextureHandle, transform: &PlotTransform) -> Option<Mesh> {
        let (_, bar) = self.lanes.first()?;
        let rows = bar.span().round().clamp(3.0, 32.0) as usize;
        let count = (transform.frame().width() / COLUMN).ceil().max(1.0) as usize;
        let (start, end) = transform.bounds().range_x().into_inner();
        let shown = ui.scope_id().with("merged lanes shown");
        let key = self.key(start, end, count, rows);
        if ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default(shown), key)) != key {
            texture.clone().set(self.image(start, end, count, rows), TextureOptions::NEAREST);
        }
        let mut mesh = Mesh::with_texture(texture.id());
        let height = self.lanes.len() as f32;
        for (place, (_, bar)) in self.lanes.iter().enumerate() {
            let (top, bottom) = (place as f32 / height, (place + 1) as f32 / height);
            let rect = Rect::from_x_y_ranges(transform.frame().x_range(), *bar);
            mesh.add_rect_with_uv(rect, Rect::from_min_max(pos2(0.0, top), pos2(1.0, bottom)), AS_IS);
        }
        Some(mesh)
    }

    /// A number for all that the picture depends on.
    fn key(&self, start: f64, end: f64, count: usize, rows: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        (start.to_bits(), end.to_bits(), count, rows, self.palette.running.to_array()).hash(&mut hasher);
        (self.scale.axis == Axis::Time, self.scale.record.log().len(), self.scale.now).hash(&mut hasher);
        self.scale.record.title().hash(&mut hasher);
        self.lanes.iter().for_each(|(lane, _)| lane.task().hash(&mut hasher));
        hasher.finish()
    }

    fn image(&self, start: f64, end: f64, count: usize, rows: usize) -> ColorImage {
        let mut pixels = vec![Color32::TRANSPARENT; count * rows * self.lanes.len()];
        let least = if self.scale.axis == Axis::Time { TICK as usize } else { 0 };
        for ((lane, _), picture) in self.lanes.iter().zip(pixels.chunks_exact_mut((count * rows).max(1))) {
            for (x, column) in self.columns(lane, start, end, count).into_iter().enumerate() {
                let whole: f64 = column.parts.iter().sum();
                if whole <= 0.0 && column.polls == 0 {
                    continue;
                }
                let whole = if whole > 0.0 { whole } else { 1.0 };
                let part = |state: SpanState| (column.parts[state as usize] / whole * rows as f64).round() as usize;
                let least = if column.polls > 0 { least } else { 0 };
                let running = part(SpanState::Running).max(least).min(rows);
                let ready = part(SpanState::Ready).min(rows - running);
                for row in (0..ready).chain(rows - running..rows) {
                    let color = if row < ready { self.palette.ready } else { self.palette.running };
                    picture[row * count + x] = color;
                }
            }
        }
        ColorImage::new([count, rows * self.lanes.len()], pixels)
    }

    fn columns(&self, lane: &Lane, start: f64, end: f64, count: usize) -> Vec<Column> {
        match self.scale.axis {
            Axis::Time => {
                // A view may begin before the run: what lies there stays empty.
                let width = (end - start) / count as f64;
                let empty = if start < 0.0 { ((-start / width).ceil() as usize).min(count) } else { 0 };
                let from = Nanos::from_secs_f64(start + width * empty as f64);
                let columns = lane.columns(from, Nanos::from_secs_f64(end), count - empty, self.scale.now);
                let before = (0..empty).map(|_| Column::default());
                let within = columns.into_iter();
                let within =
                    within.map(|column| Column { parts: column.times.map(|time| time.0 as f64), polls: column.polls });
                before.chain(within).collect()
            }
            Axis::Steps if self.near.is_far => self.far(lane, start, end, count),
            Axis::Steps => self.exact(lane, start, end, count),
        }
    }

    /// The steps that a task spent in each state, span by span. In all lanes together there are about three spans to a step, so
    /// that the steps in view bound the work.
    fn exact(&self, lane: &Lane, start: f64, end: f64, count: usize) -> Vec<Column> {
        let mut columns = vec![Column::default(); count];
        let width = (end - start) / count as f64;
        let steps = self.scale.record.steps();
        let (first, last) = (steps.point_at(start - 1.0).0.saturating_sub(1), steps.point_at(end + 1.0).0);
        let edge = self.scale.edge();
        for span in lane.between_events(first, last) {
            let place = |index, at| (self.near.place(&self.scale, index, at) - start) / width;
            let from = place(span.first, span.start).clamp(0.0, count as f64);
            let to = span.end.map_or((edge - start) / width, |(index, at)| place(index, at)).clamp(from, count as f64);
            let (first, last) = (from as usize, to as usize);
            for (column, shown) in columns.iter_mut().enumerate().take(last + 1).skip(first) {
                let inside = to.min((column + 1) as f64) - from.max(column as f64);
                shown.parts[span.state as usize] += inside.max(0.0);
            }
        }
        columns
    }

    /// The same from sums, where the steps in view are too many for that: a poll is a step, and what is left of a column is
    /// divided as its events are.
    fn far(&self, lane: &Lane, start: f64, end: f64, count: usize) -> Vec<Column> {
        let steps = self.scale.record.steps();
        let width = (end - start) / count as f64;
        let border = |column: usize| steps.point_at(start + width * column as f64).0.saturating_sub(1);
        let borders: Vec<EventIndex> = (0..=count).map(border).collect();
        let columns = lane.event_columns(&borders).into_iter();
        columns
            .map(|column| {
                let [_, ready, waiting] = column.events.map(f64::from);
                let polls = column.polls as f64;
                let rest = if ready + waiting > 0.0 { (width - polls).max(0.0) / (ready + waiting) } else { 0.0 };
                Column { parts: [polls, ready * rest, waiting * rest], polls: column.polls }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::run;
    use super::*;
    use crate::scenarios;
    use egui::Theme;

    /// Every lesson on the steps axis, at several zooms: what a lane shows is what its task did.
    #[test]
    fn merged_lanes_show_true_proportions_at_every_zoom() {
        let palette = Palette::of_theme(Theme::Light, crate::app::looks::Contrast::Usual);
        for scenario in scenarios::all() {
            let session = run(scenario);
            let (record, now) = (session.record(), session.now());
            let scale = Scale { axis: Axis::Steps, record, now };
            let whole = scale.edge();
            for (start, end) in [(0.0, whole), (whole * 0.3, whole * 0.8), (whole * 0.5, whole * 0.6)] {
                let near = Near::between(&scale, start, end);
                for lane in record.lanes() {
                    let is_in_view = |position: f64| position.clamp(start, end);
                    let mut exact = [0.0; 3];
                    for span in lane.spans() {
                        let from = scale.event(span.first, span.start);
                        let to = span.end.map_or(scale.edge(), |(index, at)| scale.event(index, at));
                        exact[span.state as usize] += is_in_view(to) - is_in_view(from);
                    }
                    let all: f64 = exact.iter().sum();
                    let bar = Rangef::new(0.0, 30.0);
                    let lanes = [(lane, bar)];
                    let dense = Dense { scale, palette, lanes: &lanes, near: &near };
                    let (count, rows) = (350, 30);
                    let columns = dense.columns(lane, start, end, count);
                    let width = (end - start) / count as f64;
                    for (state, exact) in exact.iter().enumerate() {
                        let shown: f64 = columns.iter().map(|column| column.parts[state]).sum::<f64>() * width;
                        let words = format!("{}, lane {:?}, {start} to {end}", scenario.id, lane.task());
                        assert!((shown - exact).abs() <= 1e-6 * whole.max(1.0), "{words}: {shown} for {exact}");
                    }
                    // In pixels, where the lane fills all the width.
                    if all >= (end - start) * 0.999 {
                        let image = dense.image(start, end, count, rows);
                        for (state, color) in [(0, palette.running), (1, palette.ready)] {
                            let pixels = image.pixels.iter().filter(|pixel| **pixel == color).count();
                            let (shown, is) = (pixels as f64 / (count * rows) as f64, exact[state] / all);
                            assert!((shown - is).abs() < 0.02, "{}: {shown:.3} for {is:.3}", scenario.id);
                        }
                    }
                }
            }
        }
    }
}
