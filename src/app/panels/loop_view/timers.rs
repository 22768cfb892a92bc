//! Armed timers, the one that is due first at the top: what is left of each, as a bar that shrinks.

use super::chip::{CHIP, chip_width, line};
use super::moves::Place;
use super::{LoopView, Scene, grouped};
use crate::app::command::Command;
use crate::app::panels::short;
use crate::app::selection::Selection;
use crate::event::{Nanos, TaskId, TimerId, WaitOn};
use crate::trace::TaskStatus;
use egui::{Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

impl Scene<'_> {
    /// Timers, the one that is due first at the top. Beside one that a task sleeps on stands the task.
    pub(super) fn timers(&mut self, ui: &mut Ui, origin: Pos2, rows: usize, most: usize, has_room: bool) {
        let LoopView { record, state, .. } = *self.view;
        let sleeps_on = |task: TaskId, timer: TimerId| {
            let wait = state.task(task).and_then(|task| task.waits.last().copied());
            let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
            let is_it = matches!(on, Some(WaitOn::Sleep { timer: on, .. }) if on == timer);
            is_it && state.task(task).is_some_and(|task| task.status == TaskStatus::Waiting)
        };
        let also_sleeps_on = |task: TaskId, timer: TimerId| {
            let waits = state.task(task).into_iter().flat_map(|task| task.waits.iter());
            let mut on = waits.filter_map(|wait| Some(record.wait(*wait)?.on));
            on.any(|on| matches!(on, WaitOn::Sleep { timer: on, .. } if on == timer))
        };
        let total = state.timers.len();
        let shown: Vec<(Nanos, TimerId, TaskId, bool)> = state
            .timers
            .iter()
            .take(most)
            .map(|(&(deadline, timer), &task)| (deadline, timer, task, sleeps_on(task, timer)))
            .collect();
        if shown.is_empty() {
            return;
        }
        let width = |task: TaskId| chip_width(ui, record.catalog().task_name(task), None) + 4.0;
        let widest =
            shown.iter().filter(|(.., sleeps)| *sleeps).map(|(_, _, task, _)| width(*task)).fold(0.0, f32::max);
        self.group(ui, if total == 1 { "timer" } else { "timers, next first" }, |scene, ui| {
            scene.columns(ui, &shown, rows, |scene, ui, (deadline, timer, task, sleeps)| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    let left = ui.cursor().left();
                    if *sleeps {
                        scene.chip(ui, *task, None, Place::Waiting, origin);
                    } else {
                        let what = if also_sleeps_on(*task, *timer) { "sleep" } else { "limit" };
                        scene.timer_of(ui, what, *task);
                    }
                    // The bars stand below one another.
                    ui.add_space((widest - (ui.cursor().left() - left)).max(0.0));
                    scene.timer(ui, *timer, *task, *deadline, has_room);
                });
            });
            if total > most {
                scene.hint(ui, &format!("+ {} more timers", grouped(total - most)));
            }
        });
    }

    /// Whose a timer is beside which its task does not stand, and what for: it limits how long something may take, or is
    /// one of several sleeps that the task awaits side by side.
    fn timer_of(&mut self, ui: &mut Ui, what: &str, task: TaskId) {
        let words = format!("{what} of {}", self.view.record.catalog().task_name(task));
        let galley = line(ui, &words, 11.5, self.palette.weak, 150.0);
        let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, CHIP), Sense::hover());
        ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, self.palette.weak);
    }

    /// What is left of a timer: in words and as a bar that shrinks. A click selects it.
    fn timer(&mut self, ui: &mut Ui, timer: TimerId, task: TaskId, deadline: Nanos, has_room: bool) {
        let palette = self.palette;
        let LoopView { record, point, selected, .. } = *self.view;
        let left = deadline - point.at;
        let words = line(ui, &time_left(left), 11.5, palette.text, 80.0);
        let due = has_room.then(|| line(ui, &format!("due {}", short(deadline)), 11.5, palette.weak, 90.0));
        let width = words.size().x + due.as_ref().map_or(0.0, |due| due.size().x + 8.0) + 8.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width.max(42.0), CHIP), Sense::click());
        let name = record.catalog().task_name(task);
        let spoken = format!("timer of {name}, {} left", time_left(left));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.clone()));
        let is_selected = selected == Selection::Timer(timer) || response.has_focus();
        if response.hovered() || is_selected {
            ui.painter().rect_filled(rect, 4.0, if is_selected { palette.selection } else { palette.hovered });
        }
        if is_selected {
            ui.painter().rect_stroke(rect, 4.0, Stroke::new(1.5, palette.running), StrokeKind::Inside);
        }
        let y = rect.top() + 1.5;
        ui.painter().galley(pos2(rect.left() + 4.0, y), words, palette.text);
        if let Some(due) = due {
            ui.painter().galley(pos2(rect.right() - 4.0 - due.size().x, y), due, palette.weak);
        }
        let bar = Rect::from_min_max(pos2(rect.left() + 4.0, rect.bottom() - 5.5), rect.max - vec2(4.0, 2.0));
        ui.painter().rect_filled(bar, 2.0, palette.raised);
        let armed = record.timer(timer).map_or(0, |info| info.armed);
        let whole = deadline - record.log().time_at(armed + 1);
        let share = (left.0 as f32 / whole.0.max(1) as f32).clamp(0.0, 1.0);
        let filled = bar.with_max_x(bar.left() + bar.width() * share);
        ui.painter().rect_filled(filled, 2.0, palette.running);
        let tip = format!("{name}: due at {:.3} s, {left} left of {whole}", deadline.as_secs_f64());
        if response.on_hover_text(tip).clicked() {
            self.commands.push(Command::Select(Selection::Timer(timer)));
        }
    }
}

/// What is left, in as many digits as one reads while it changes: what is nearly over is told in milliseconds.
fn time_left(left: Nanos) -> String {
    const TENTH: Nanos = Nanos::from_millis(100);
    match left {
        Nanos::ZERO => "due".to_owned(),
        left if left < TENTH => format!("{:.0} ms", left.as_secs_f64() * 1e3),
        left => short(left),
    }
}
