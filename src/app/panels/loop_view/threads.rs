//! Who runs where, on an executor of several threads: a row for each thread, as many as there is room for.
//!
//! Of those that there is no room for it says how many run a task and how many do not.

use super::chip::{CHIP, chip_width, line};
use super::moves::Place;
use super::{LoopView, Scene};
use crate::app::command::Command;
use crate::app::panels::thread_name;
use crate::app::selection::Selection;
use crate::event::{Nanos, TaskId, WorkerId};
use egui::{Pos2, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of a line of words, and the space between rows, in points.
const LINE: f32 = 16.0;
const APART: f32 = 3.0;

/// A thread, and the task that runs on it with how long it has.
type Row = (WorkerId, Option<(TaskId, Nanos)>);

impl Scene<'_> {
    /// The threads; `origin` is where the contents of the box begin.
    pub(super) fn threads(&mut self, ui: &mut Ui, origin: Pos2) {
        ui.spacing_mut().item_spacing = vec2(6.0, APART);
        let rows = self.rows();
        let longest = rows.last().map_or_else(String::new, |(worker, _)| thread_name(*worker));
        let name_width = line(ui, &longest, 12.0, self.palette.weak, f32::INFINITY).size().x;
        let record = self.view.record;
        let widths = rows
            .iter()
            .filter_map(|(_, on)| *on)
            .map(|(task, length)| chip_width(ui, record.catalog().task_name(task), Some(&length.to_string())));
        let is_beside = name_width + 6.0 + widths.fold(0.0, f32::max) <= ui.available_width();
        let height = |row: &Row| match row.1 {
            None => LINE + APART,
            Some(_) if is_beside => CHIP + APART,
            Some(_) => LINE + CHIP + 2.0 * APART,
        };
        let room = ui.available_height();
        let has_room = rows.iter().map(height).sum::<f32>() <= room + APART;
        let (shown, folded) = if has_room { (rows, Vec::new()) } else { fold(rows, room - LINE, height) };
        for (worker, on) in shown {
            self.thread(ui, worker, on, is_beside, origin);
        }
        if !folded.is_empty() {
            let busy = folded.iter().filter(|(_, on)| on.is_some()).count();
            let words = match (busy, folded.len() - busy) {
                (0, idle) => format!("+ {idle} idle"),
                (busy, 0) => format!("+ {busy} more busy"),
                (busy, idle) => format!("+ {busy} more busy, {idle} idle"),
            };
            self.hint(ui, &words);
        }
    }

    /// All threads in their order; where tasks are polled within one another, the innermost.
    fn rows(&self) -> Vec<Row> {
        let LoopView { state, point, workers, .. } = *self.view;
        let known = (0..workers as u16).map(WorkerId);
        let others = state.running.iter().map(|(worker, _)| *worker).filter(|worker| usize::from(worker.0) >= workers);
        let mut all: Vec<WorkerId> = known.chain(others).collect();
        all.dedup();
        let on = |worker: WorkerId| {
            let (_, task) = *state.running.iter().rev().find(|(other, _)| *other == worker)?;
            let since = state.task(task).map_or(point.at, |task| task.since.0);
            Some((task, point.since(since)))
        };
        all.into_iter().map(|worker| (worker, on(worker))).collect()
    }

    /// A thread and what runs on it. A click on its name selects it.
    fn thread(&mut self, ui: &mut Ui, worker: WorkerId, on: Option<(TaskId, Nanos)>, is_beside: bool, origin: Pos2) {
        let note = on.map(|(_, length)| length.to_string());
        let row = |scene: &mut Self, ui: &mut Ui| {
            scene.thread_title(ui, worker, on);
            if let Some((task, _)) = on {
                scene.chip(ui, task, note.as_deref(), Place::Running, origin);
            }
        };
        if is_beside {
            ui.horizontal(|ui| row(self, ui));
        } else {
            row(self, ui);
        }
    }

    fn thread_title(&mut self, ui: &mut Ui, worker: WorkerId, on: Option<(TaskId, Nanos)>) {
        let (palette, name) = (self.palette, thread_name(worker));
        let is_selected = self.view.selected == Selection::Worker(worker);
        let color = if is_selected { palette.text } else { palette.weak };
        let (shown, spoken) = match on {
            Some((task, length)) => {
                let task = self.view.record.catalog().task_name(task);
                (name.clone(), format!("{name}: {task}, polling {length}"))
            }
            None => (format!("{name}: idle"), format!("{name}: idle")),
        };
        let galley = line(ui, &shown, 12.0, color, f32::INFINITY);
        let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, LINE), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, spoken.clone()));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect.expand(2.0), 3.0, palette.hovered);
        }
        ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, color);
        if response.on_hover_text(format!("{spoken}. What this thread does")).clicked() {
            self.commands.push(Command::Select(Selection::Worker(worker)));
        }
    }
}

/// Those that there is room for, and the others: who runs comes before who is idle.
fn fold(mut rows: Vec<Row>, room: f32, height: impl Fn(&Row) -> f32) -> (Vec<Row>, Vec<Row>) {
    rows.sort_by_key(|(_, on)| on.is_none());
    let mut used = 0.0;
    let fits = rows.iter().take_while(|row| {
        used += height(row);
        used <= room
    });
    let count = fits.count().max(1);
    let folded = rows.split_off(count.min(rows.len()));
    (rows, folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_runs_stays_where_there_is_no_room_for_all() {
        let row = |number, runs: bool| (WorkerId(number), runs.then_some((TaskId(number.into()), Nanos(1))));
        let rows = vec![row(0, false), row(1, true), row(2, false), row(3, true)];
        let (shown, folded) = fold(rows, 25.0, |_| 10.0);
        assert_eq!(shown.iter().map(|(worker, _)| worker.0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(folded.len(), 2);
    }
}
