//! Armed timers, the one that is due first at the top: what is left of each, as a bar that shrinks.

use super::chip::{CHIP, chip_width, line};
use super::moves::Place;
use super::waiting::Detail;
use super::{LoopView, Scene, grouped};
use crate::app::command::Command;
use crate::app::selection::Selection;
use crate::app::timeline::paint_left;
use crate::event::{Nanos, TaskId, TimerId, TimerPurpose, WaitOn};
use crate::trace::{Record, TaskStatus};
use egui::{Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Longer words of whose a timer is are cut.
const LONGEST: f32 = 150.0;

/// An armed timer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Armed {
    timer: TimerId,
    deadline: Nanos,
    pub(super) task: TaskId,
    /// Whether the task waits for nothing else: then it stands beside its timer.
    sleeps: bool,
}

impl Scene<'_> {
    /// The armed timers that are due first, those that a task sleeps on apart from the others, and how many there are more.
    pub(super) fn armed(&self, most: usize) -> ([Vec<Armed>; 2], usize) {
        let LoopView { record, state, .. } = *self.view;
        let sleeps_on = |task: TaskId, timer: TimerId| {
            let wait = state.task(task).and_then(|task| task.waits.back().copied());
            let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
            let is_it = matches!(on, Some(WaitOn::Sleep { timer: on, .. }) if on == timer);
            is_it && state.task(task).is_some_and(|task| task.status == TaskStatus::Waiting)
        };
        let all = state.timers.iter().take(most).map(|(&(deadline, timer), &task)| Armed {
            timer,
            deadline,
            task,
            sleeps: sleeps_on(task, timer),
        });
        let (sleeps, others): (Vec<Armed>, Vec<Armed>) = all.partition(|armed| armed.sleeps);
        ([sleeps, others], state.timers.len().saturating_sub(most))
    }

    /// Timers that tasks sleep on, the one that is due first at the top, each beside its task.
    pub(super) fn sleeps(
        &mut self,
        ui: &mut Ui,
        origin: Pos2,
        rows: usize,
        (title, sleeps): (&str, &[Armed]),
        detail: Detail,
    ) {
        let record = self.view.record;
        let width = |armed: &Armed| {
            let note = self.note(armed.task, None, Place::Waiting);
            chip_width(ui, record.catalog().task_name(armed.task), note.as_deref()) + 4.0
        };
        let widest = sleeps.iter().map(width).fold(0.0, f32::max);
        self.group(ui, title, |scene, ui| {
            scene.columns(ui, sleeps, rows, |scene, ui, armed| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    let left = ui.cursor().left();
                    scene.chip(ui, armed.task, None, Place::Waiting, origin);
                    // The bars stand below one another.
                    ui.add_space((widest - (ui.cursor().left() - left)).max(0.0));
                    scene.timer(ui, *armed, detail);
                });
            });
        });
    }

    /// Timers that nobody sleeps on alone: limits of how long something may take, and what a task awaits side by side. They
    /// are no tasks that wait, and look otherwise.
    pub(super) fn limits(
        &mut self,
        ui: &mut Ui,
        rows: usize,
        (title, others): (&str, &[Armed]),
        more: usize,
        detail: Detail,
    ) {
        if !others.is_empty() {
            self.group(ui, title, |scene, ui| {
                scene.columns(ui, others, rows, |scene, ui, armed| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = 4.0;
                        scene.timer_of(ui, armed);
                        scene.timer(ui, *armed, detail);
                    });
                });
            });
        }
        if more > 0 {
            self.hint(ui, &format!("+ {} more timers", grouped(more)));
        }
    }

    /// Whose a timer is beside which its task does not stand, and what for.
    fn limit_words(&self, armed: &Armed) -> String {
        let LoopView { record, state, .. } = *self.view;
        let waits = state.task(armed.task).into_iter().flat_map(|task| task.waits.iter());
        let mut on = waits.filter_map(|wait| Some(record.wait(*wait)?.on));
        let is_slept_on = on.any(|on| matches!(on, WaitOn::Sleep { timer: on, .. } if on == armed.timer));
        let what = purpose_of(record, armed.timer, is_slept_on);
        format!("{what} of {}", record.catalog().task_name(armed.task))
    }

    fn timer_of(&mut self, ui: &mut Ui, armed: &Armed) {
        let galley = line(ui, &self.limit_words(armed), 11.5, self.palette.weak, LONGEST);
        let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, CHIP), Sense::hover());
        ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, self.palette.weak);
    }

    /// What is left of a timer, and with room for it when it is due.
    fn timer_words(&self, armed: &Armed, detail: Detail) -> (String, Option<String>) {
        let told = match armed.deadline - self.view.point.at {
            left if left == Nanos::ZERO || detail == Detail::Least => time_left(left),
            left => format!("{} left", time_left(left)),
        };
        (told, (detail == Detail::Full).then(|| format!("due {}", armed.deadline)))
    }

    /// How wide a timer is, in points.
    pub(super) fn timer_width(&self, ui: &Ui, armed: &Armed, detail: Detail) -> f32 {
        let (told, due) = self.timer_words(armed, detail);
        let width = |words: &str| line(ui, words, 11.5, self.palette.text, 90.0).size().x;
        width_of_timer(width(&told), due.map(|due| width(&due)))
    }

    /// The same with whose it is.
    pub(super) fn limit_width(&self, ui: &Ui, armed: &Armed, detail: Detail) -> f32 {
        let whose = line(ui, &self.limit_words(armed), 11.5, self.palette.weak, LONGEST).size().x;
        whose + 4.0 + self.timer_width(ui, armed, detail)
    }

    /// What is left of a timer: in words and as a bar that shrinks. A click selects it.
    fn timer(&mut self, ui: &mut Ui, armed: Armed, detail: Detail) {
        let Armed { timer, deadline, task, .. } = armed;
        let palette = self.palette;
        let LoopView { record, point, selected, .. } = *self.view;
        let left = deadline - point.at;
        let (told, due) = self.timer_words(&armed, detail);
        let mut words = line(ui, &told, 11.5, palette.text, 90.0);
        if words.size().x + 8.0 > ui.available_width() {
            // The bar tells that it is what is left.
            words = line(ui, &time_left(left), 11.5, palette.text, 90.0);
        }
        let due = due.map(|due| line(ui, &due, 11.5, palette.weak, 90.0));
        let width = width_of_timer(words.size().x, due.as_ref().map(|due| due.size().x));
        let (rect, response) = ui.allocate_exact_size(vec2(width, CHIP), Sense::click());
        let name = record.catalog().task_name(task);
        let spoken = format!("timer of {name}, {told}");
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
        let armed = record.timer(timer).map_or(0, |info| info.armed);
        let whole = deadline - record.log().time_at(armed + 1);
        paint_left(ui.painter(), bar, left.0 as f32 / whole.0.max(1) as f32, palette);
        let tip = format!("{name}: due at {deadline}, {left} left of {whole}. The bar shows what is left");
        if response.on_hover_text(tip).clicked() {
            self.commands.push(Command::Select(Selection::Timer(timer)));
        }
    }
}

/// How wide a timer is that has these words.
fn width_of_timer(words: f32, due: Option<f32>) -> f32 {
    (words + due.map_or(0.0, |due| due + 8.0) + 8.0).max(42.0)
}

/// What a timer is for; where the record does not tell, it is a sleep if its task waits for it.
fn purpose_of(record: &Record, timer: TimerId, is_slept_on: bool) -> &'static str {
    match record.timer(timer).map(|info| info.purpose) {
        Some(TimerPurpose::Sleep) => "sleep",
        Some(TimerPurpose::Limit) => "limit",
        Some(TimerPurpose::Interval) => "tick",
        Some(TimerPurpose::Library) => "timer",
        Some(TimerPurpose::Untold) | None => {
            if is_slept_on {
                "sleep"
            } else {
                "limit"
            }
        }
    }
}

/// What is left.
fn time_left(left: Nanos) -> String {
    if left == Nanos::ZERO { "due".to_owned() } else { left.to_string() }
}
