//! The iteration that the loop is in, as the loop sees it: who was woken from outside before it, which timers were due,
//! and the batch: what has run of it, what runs, and what comes next.

use super::chip::line;
use super::{LoopView, Scene};
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId, TimerId};
use crate::trace::{EventIndex, Record, RunPhase, State};
use egui::{Color32, ScrollArea, Sense, Ui, vec2};

/// How many events back the beginning of the iteration is looked for.
const LOOK_BACK: usize = 4096;
/// More tasks than this in one place are counted.
const MOST: usize = 6;
/// Of more than this many, nobody counts what is still due or to come.
const MOST_DUE: usize = 200;

/// An iteration that is under way.
#[derive(Debug, Default)]
pub(super) struct Iteration {
    /// The event that began it: what became ready later is for the next one.
    pub(super) began: EventIndex,
    at: Nanos,
    /// How many entries its batch has: timers, tasks, and what the loop does for itself.
    batch: u32,
    /// Tasks that something outside the loop made ready since the iteration before.
    woken: Vec<TaskId>,
    /// The tasks whose timers it has fired.
    fired: Vec<TaskId>,
    /// The tasks it has polled, the running one last.
    polled: Vec<TaskId>,
}

impl Iteration {
    /// The one under way after `index` events; none while the loop sleeps, and on an executor that has none.
    pub(super) fn at(record: &Record, index: EventIndex) -> Option<Self> {
        let (mut found, mut woken) = (None::<Self>, Vec::new());
        let start = index.saturating_sub(LOOK_BACK).max(record.first());
        for (place, event) in record.log().iter_from(start).take(index - start).enumerate() {
            match event.kind {
                EventKind::IterationStarted { batch } => {
                    let woken = std::mem::take(&mut woken);
                    found = Some(Self { began: start + place, at: event.at, batch, woken, ..Self::default() });
                }
                EventKind::Enqueued { task, cause } if is_from_outside(cause) => woken.push(task),
                EventKind::PollStarted { task } => {
                    woken.clear();
                    found.iter_mut().for_each(|found| found.polled.push(task));
                }
                EventKind::TimerFired { timer } => {
                    let task = record.timer(timer).map(|info| info.task);
                    found.iter_mut().for_each(|found| found.fired.extend(task));
                }
                EventKind::LoopIdle { .. } | EventKind::RunEnded { .. } => found = None,
                _ => {}
            }
        }
        found
    }

    /// Whether a task that is ready belongs to this batch.
    pub(super) fn has(&self, state: &State, task: TaskId) -> bool {
        state.task(task).is_some_and(|task| task.since.1 < self.began)
    }

    /// The running task's place among the tasks of the batch, from 1, and how many these are.
    pub(super) fn place(&self, state: &State) -> (usize, usize) {
        let to_come = state.ready.iter().take_while(|task| self.has(state, **task)).count();
        (self.polled.len(), self.polled.len() + to_come)
    }
}

fn is_from_outside(cause: EnqueueCause) -> bool {
    matches!(cause, EnqueueCause::Io | EnqueueCause::OtherThread | EnqueueCause::JobDone(_) | EnqueueCause::Answered)
}

impl Scene<'_> {
    /// The iteration in one line, in the order in which the loop goes through it.
    pub(super) fn iteration(&mut self, ui: &mut Ui, iteration: Option<&Iteration>) {
        let LoopView { record, state, .. } = *self.view;
        ScrollArea::horizontal().id_salt("iteration").auto_shrink(false).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let Some(found) = iteration else { return self.next_iteration(ui) };
                self.remark_in(ui, &format!("Iteration {}", state.iterations), self.palette.text);
                self.stage_of(ui, "woken from outside", &found.woken);
                self.remark(ui, "→");
                let still = state.timers.range(..=(found.at, TimerId(u32::MAX))).take(MOST_DUE);
                let still =
                    still.filter(|((_, timer), _)| record.timer(*timer).is_some_and(|info| info.armed < found.began));
                let due: Vec<TaskId> = found.fired.iter().copied().chain(still.map(|(_, task)| *task)).collect();
                self.stage_of(ui, "timers due", &due);
                self.remark(ui, "→");
                let is_running = state.running_task().is_some();
                let (done, now) = found.polled.split_at(found.polled.len().saturating_sub(usize::from(is_running)));
                self.stage_of(ui, "have run", done);
                self.remark(ui, "→");
                self.stage_of(ui, "runs", now);
                self.remark(ui, "→");
                let next: Vec<TaskId> =
                    state.ready.iter().copied().take_while(|task| found.has(state, *task)).take(MOST_DUE).collect();
                self.stage_of(ui, "still to run", &next);
                let own = (found.batch as usize).saturating_sub(due.len() + found.polled.len() + next.len());
                if own > 0 {
                    self.remark(ui, &format!("and {own} of the loop's own"));
                }
            });
        });
    }

    fn stage_of(&mut self, ui: &mut Ui, title: &str, tasks: &[TaskId]) {
        let palette = self.palette;
        self.remark(ui, &format!("{title}:"));
        if tasks.is_empty() {
            self.remark(ui, "none");
        }
        for task in tasks.iter().take(MOST) {
            self.mention(ui, *task, palette.text);
        }
        match tasks.len() {
            0..=MOST => {}
            MOST_DUE.. => self.remark(ui, "and many more"),
            all => self.remark(ui, &format!("+ {} more", all - MOST)),
        }
    }

    /// What the loop will begin with, where it sleeps; in general, where there is nothing to tell yet.
    fn next_iteration(&mut self, ui: &mut Ui) {
        let LoopView { record, state, .. } = *self.view;
        match &state.phase {
            RunPhase::Idle(Some(until)) => {
                let due = state.timers.range(..=(*until, TimerId(u32::MAX))).take(MOST_DUE);
                let due: Vec<TaskId> = due.map(|(_, task)| *task).collect();
                self.remark_in(ui, &format!("Next iteration at {}", super::exact(*until)), self.palette.text);
                self.stage_of(ui, "timers due", &due);
                self.remark(ui, "→ then all that is ready, in order");
            }
            RunPhase::Idle(None) => {
                self.remark_in(ui, "Next iteration", self.palette.text);
                self.remark(
                    ui,
                    "when something outside wakes the loop: a connection, a file, another thread, the user",
                );
            }
            // Other executors take task after task.
            RunPhase::Working if state.iterations == 0 && !record.log().is_empty() => {}
            RunPhase::Ended(_) => {}
            _ => {
                self.remark(ui, "An iteration: wakes from outside → timers that are due → all that is ready, in order")
            }
        }
    }

    fn remark(&self, ui: &mut Ui, words: &str) {
        self.remark_in(ui, words, self.palette.weak);
    }

    /// A few words on their line.
    fn remark_in(&self, ui: &mut Ui, words: &str, color: Color32) {
        let galley = line(ui, words, 12.0, color, f32::INFINITY);
        let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, 16.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
        let y = rect.center().y - galley.size().y / 2.0;
        ui.painter().galley(egui::pos2(rect.left(), y), galley, color);
    }
}
