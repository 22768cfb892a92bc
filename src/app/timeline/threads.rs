//! A lane for each thread: what it ran, on the axis of time.

use super::charts::Charts;
use crate::app::theme::text;
use crate::event::{EventKind, TaskId, WorkerId};
use egui::{Align2, Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};
use egui_plot::PlotTransform;

/// With more events than this in view, it is drawn how busy each thread was.
const MOST_EVENTS: usize = 20_000;
/// More threads than this have no lane.
const MOST_THREADS: usize = 16;
/// Width of a column where that is drawn, in points.
const COLUMN: f32 = 2.0;
/// A lane that is lower than this has no words, in points.
const WORDED: f32 = 13.0;

impl Charts<'_> {
    /// The lanes of all threads, one below another in a row of the charts.
    pub(super) fn threads(&self, ui: &Ui, row: Rect, transform: &PlotTransform) {
        let count = self.activity.series().workers().clamp(1, MOST_THREADS);
        let height = row.height() / count as f32;
        let lane = |worker: usize| {
            let top = row.top() + height * worker as f32;
            Rect::from_x_y_ranges(row.x_range(), top..=top + height - 1.0)
        };
        for worker in 0..count {
            let response = ui.interact(lane(worker), ui.scope_id().with(("thread", worker)), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("lane of thread {}", worker + 1)));
            if height >= WORDED - 3.0 {
                let place = pos2(self.names_end(row), lane(worker).center().y);
                let words = format!("thread T{}", worker + 1);
                ui.painter().text(place, Align2::RIGHT_CENTER, words, text(11.0), self.palette.weak);
            }
            ui.painter().hline(transform.frame().x_range(), lane(worker).bottom(), Stroke::new(1.0, self.palette.grid));
        }
        let (from, to) = self.scale.events_in(transform.bounds().range_x());
        if to.saturating_sub(from) > MOST_EVENTS {
            self.how_busy(ui, count, lane, transform);
            return;
        }
        let frame = transform.frame().x_range();
        let painter = ui.painter().with_clip_rect(row.intersect(Rect::from_x_y_ranges(frame, row.y_range())));
        let mut began: Vec<Option<(TaskId, f32)>> = vec![None; count];
        let poll = |worker: usize, task: TaskId, from: f32, to: f32| {
            let bar = Rect::from_x_y_ranges(from..=to.max(from + 1.0), lane(worker).y_range());
            painter.rect_filled(bar, 0.0, self.palette.task(task));
            let name =
                painter.layout_no_wrap(self.record.catalog().task_name(task).to_owned(), text(11.0), self.palette.base);
            if bar.height() >= WORDED && name.size().x + 6.0 <= bar.width() {
                painter.galley(pos2(bar.left() + 3.0, bar.center().y - name.size().y / 2.0), name, self.palette.base);
            }
        };
        let events = self.record.log().iter_from(from).take(to.saturating_sub(from));
        for event in events {
            let worker = event.worker.index();
            let x = frame.clamp(transform.position_from_point_x(event.at.as_secs_f64()));
            match event.kind {
                EventKind::PollStarted { task } => {
                    if let Some(slot) = began.get_mut(worker) {
                        *slot = Some((task, x));
                    }
                }
                EventKind::PollEnded { task, .. } if worker < count => {
                    // One that began before what is in view.
                    let start = began[worker].take().filter(|(other, _)| *other == task);
                    poll(worker, task, start.map_or(frame.min, |(_, x)| x), x);
                }
                _ => {}
            }
        }
        let edge = frame.clamp(transform.position_from_point_x(self.now.as_secs_f64()));
        for (worker, open) in began.into_iter().enumerate() {
            if let Some((task, x)) = open {
                poll(worker, task, x, edge);
            }
        }
    }

    /// How much of the time each thread ran something, where single polls cannot be told apart.
    fn how_busy(&self, ui: &Ui, count: usize, lane: impl Fn(usize) -> Rect, transform: &PlotTransform) {
        let columns = self.columns(transform);
        let number = columns.amounts.len();
        let mut mesh = Mesh::default();
        for worker in 0..count {
            let lane = lane(worker);
            let id = WorkerId(worker as u16);
            let until = columns.amounts.iter().fold(columns.from, |sum, amount| sum + amount.length);
            let busy = self.activity.series().worker_columns(id, columns.from, until, number, self.now);
            for (place, (busy, amount)) in busy.iter().zip(&columns.amounts).enumerate() {
                let share = busy.0 as f32 / amount.length.0.max(1) as f32;
                let x = columns.left + place as f32 * columns.width();
                let bar = Rect::from_x_y_ranges(
                    x..=x + columns.width().max(COLUMN / 2.0),
                    lane.bottom() - lane.height() * share..=lane.bottom(),
                );
                mesh.add_colored_rect(bar, self.palette.running);
            }
        }
        ui.painter().add(Shape::mesh(mesh));
    }
}
