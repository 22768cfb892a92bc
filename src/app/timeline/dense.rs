//! Lanes with more spans than pixels: all of them in one picture, a texture that is made anew only when they change.
//!
//! In each column the states take as much of the lane's height as they took of the time (or, on the steps axis, of the
//! events): running below, ready on top. A column with polls that took no time has a tick.

use crate::app::patterns::add_tiled;
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
}

/// How a column is divided: parts of the states, and how many polls begin in it.
struct Column {
    parts: [u64; 3],
    polls: usize,
}

impl Dense<'_> {
    /// What lies under the picture: the lanes as if they only waited.
    pub(super) fn ground(&self, transform: &PlotTransform, plain: &mut Mesh, hatch: &mut Mesh) {
        for (lane, bar) in self.lanes {
            let Some(first) = lane.span(0).or_else(|| lane.spans().next()) else { continue };
            let from = transform.position_from_point_x(self.scale.event(first.first, first.start));
            let end = lane.end().map_or(self.scale.edge(), |(index, at, _)| self.scale.event(index, at));
            let inside = transform.frame().x_range();
            let (from, to) = (inside.clamp(from), inside.clamp(transform.position_from_point_x(end)));
            let whole = Rect::from_x_y_ranges(from..=to, *bar);
            plain.add_colored_rect(whole, self.palette.waiting);
            add_tiled(hatch, whole, self.palette.hatch);
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
        let steps = self.scale.record.steps();
        let position = |column: usize| start + (end - start) * column as f64 / count as f64;
        let borders: Vec<EventIndex> = match self.scale.axis {
            Axis::Time => Vec::new(),
            Axis::Steps => (0..=count).map(|column| steps.point_at(position(column)).0.saturating_sub(1)).collect(),
        };
        for ((lane, _), picture) in self.lanes.iter().zip(pixels.chunks_exact_mut(count * rows)) {
            for (x, column) in self.columns(lane, start, end, count, &borders).into_iter().enumerate() {
                let whole: u64 = column.parts.iter().sum();
                if whole == 0 && column.polls == 0 {
                    continue;
                }
                let part = |state: SpanState| {
                    (column.parts[state as usize] as f64 / whole.max(1) as f64 * rows as f64).round() as usize
                };
                let least = if column.polls > 0 { TICK as usize } else { 0 };
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

    fn columns(&self, lane: &Lane, start: f64, end: f64, count: usize, borders: &[EventIndex]) -> Vec<Column> {
        match self.scale.axis {
            Axis::Time => {
                // A view may begin before the run: what lies there stays empty.
                let width = (end - start) / count as f64;
                let empty = if start < 0.0 { ((-start / width).ceil() as usize).min(count) } else { 0 };
                let from = Nanos::from_secs_f64(start + width * empty as f64);
                let columns = lane.columns(from, Nanos::from_secs_f64(end), count - empty, self.scale.now);
                let before = (0..empty).map(|_| Column { parts: [0; 3], polls: 0 });
                let within = columns.into_iter();
                let within =
                    within.map(|column| Column { parts: column.times.map(|time| time.0), polls: column.polls });
                before.chain(within).collect()
            }
            Axis::Steps => {
                let columns = lane.event_columns(borders).into_iter();
                columns.map(|column| Column { parts: column.events.map(u64::from), polls: column.polls }).collect()
            }
        }
    }
}
