//! The iteration that the loop is in, as the loop sees it: who was woken from outside before it, which timers were due,
//! and the batch: what has run of it, what runs, and what comes next.

use super::chip::line;
use super::{LoopView, Scene};
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId, TimerId};
use crate::trace::{EventIndex, Record, RunPhase, State};
use egui::{Align2, Color32, ScrollArea, Sense, Ui, pos2, vec2};

/// How many events back the beginning of the iteration is looked for.
const LOOK_BACK: usize = 4096;
/// More tasks than this in one place are counted.
const MOST: usize = 6;
/// What the word that there is more takes at the right end, in points.
const ROOM_FOR_MORE: f32 = 54.0;
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
    /// Tasks of the batch that timers have woken.
    by_timers: Vec<TaskId>,
    /// The tasks whose timers it has fired.
    fired: Vec<TaskId>,
    /// The tasks it has polled, the running one last.
    polled: Vec<TaskId>,
}

impl Iteration {
    /// The one under way after `index` events; none while the loop sleeps, and on an executor that has none.
    pub(super) fn at(record: &Record, index: EventIndex) -> Option<Self> {
        let (mut found, mut woken, mut by_timers) = (None::<Self>, Vec::new(), Vec::new());
        let start = index.saturating_sub(LOOK_BACK).max(record.first());
        for (place, event) in record.log().iter_from(start).take(index - start).enumerate() {
            match event.kind {
                EventKind::IterationStarted { batch } => {
                    let (woken, by_timers) = (std::mem::take(&mut woken), std::mem::take(&mut by_timers));
                    found =
                        Some(Self { began: start + place, at: event.at, batch, woken, by_timers, ..Self::default() });
                }
                EventKind::Enqueued { task, cause } if is_from_outside(cause) => woken.push(task),
                EventKind::Enqueued { task, cause: EnqueueCause::Timer(_) } => by_timers.push(task),
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

    /// The tasks that are ready and belong to this batch, in order.
    fn still_to_run<'a>(&'a self, state: &'a State) -> impl Iterator<Item = TaskId> + 'a {
        state.ready.iter().take_while(|task| self.has(state, *task))
    }

    /// The running task's place among the tasks of the batch, from 1, and how many these are.
    pub(super) fn place(&self, state: &State) -> (usize, usize) {
        let to_come = self.still_to_run(state).count();
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
        // The right end is kept for the word that there is more: it never lies over other words.
        let room = (ui.available_width() - ROOM_FOR_MORE).max(0.0);
        let scrolled = ScrollArea::horizontal().id_salt("iteration").max_width(room).auto_shrink(false);
        let shown = scrolled.show(ui, |ui| {
            let line = ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let Some(found) = iteration else { return self.next_iteration(ui) };
                self.remark_in(ui, &format!("Iteration {}", state.iterations), self.palette.text);
                let still = state.timers.range(..=(found.at, TimerId(u32::MAX))).take(MOST_DUE);
                let still =
                    still.filter(|((_, timer), _)| record.timer(*timer).is_some_and(|info| info.armed < found.began));
                let due: Vec<TaskId> = found.fired.iter().copied().chain(still.map(|(_, task)| *task)).collect();
                // What woke somebody for this iteration, and what wakes somebody for the next one; what did not, is left out.
                for (title, tasks) in [
                    ("woken by I/O or a thread", &found.woken),
                    ("woken by timers", &found.by_timers),
                    ("timers due, which wake tasks for the next iteration", &due),
                ] {
                    if !tasks.is_empty() {
                        self.stage_of(ui, title, tasks);
                        self.remark(ui, "→");
                    }
                }
                let is_running = state.running_task().is_some();
                let (done, now) = found.polled.split_at(found.polled.len().saturating_sub(usize::from(is_running)));
                let next: Vec<TaskId> = found.still_to_run(state).take(MOST_DUE).collect();
                if found.polled.is_empty() && next.is_empty() {
                    self.remark(ui, "no task runs in it");
                } else {
                    self.stage_of(ui, "have run", done);
                    self.remark(ui, "→");
                    self.stage_of(ui, "runs", now);
                    self.remark(ui, "→");
                    self.stage_of(ui, "still to run", &next);
                }
                let own = (found.batch as usize).saturating_sub(due.len() + found.polled.len() + next.len());
                let is_main_done = record.host().main().is_some_and(|main| state.task(main).is_none());
                match own {
                    0 => {}
                    _ if is_main_done => self.remark(ui, "and the note that main is done: the loop ends"),
                    1 => self.remark(ui, "and a callback, which wakes a task that waits for others"),
                    own => self.remark(ui, &format!("and {own} callbacks, which wake tasks that wait for others")),
                }
            });
            line.response.rect.center().y
        });
        // What lies beyond the right border is told, and scrolled to.
        let beyond = shown.content_size.x - shown.state.clamped_offset().x - shown.inner_rect.width();
        if beyond > 1.0 {
            let palette = self.palette;
            let words = line(ui, "more →", 12.0, palette.text, 60.0);
            let right = pos2(shown.inner_rect.right() - 4.0, shown.inner);
            let place = Align2::RIGHT_CENTER.anchor_size(right, words.size());
            ui.painter().rect_filled(place.expand2(vec2(6.0, 2.0)), 3.0, palette.base);
            ui.painter().galley(place.min, words, palette.text);
        }
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
                self.remark_in(ui, &format!("Next iteration at {}", until), self.palette.text);
                self.stage_of(ui, "timers due", &due);
                self.remark(ui, "→ they wake their tasks, which run in the iteration after it");
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
            _ => self.remark(
                ui,
                "An iteration: timers that are due wake tasks for the next one → every task that was ready runs, in order",
            ),
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
        ui.painter().galley(pos2(rect.left(), y), galley, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ClockKind;
    use crate::runtime::Speed;
    use crate::scenarios;
    use crate::session::{Plan, Session, Start};

    /// The tasks that take their turn in the iteration that is under way, from there on: polled, or dropped instead.
    fn turns(record: &Record, index: EventIndex) -> Vec<TaskId> {
        let events = record.log().iter_from(index).map(|event| event.kind);
        let rest = events.take_while(|kind| {
            !matches!(
                kind,
                EventKind::IterationStarted { .. }
                    | EventKind::LoopIdle { .. }
                    | EventKind::CleanUpBegan { .. }
                    | EventKind::RunEnded { .. }
            )
        });
        rest.filter_map(|kind| match kind {
            EventKind::PollStarted { task } => Some(task),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn who_is_still_to_run_runs_in_this_iteration_and_nobody_else_of_the_queue_in_every_lesson() {
        let (mut looked_at, mut by_timers) = (0, 0);
        for scenario in scenarios::all() {
            // The real clock and other executors order their tasks as they like.
            if scenario.clock != ClockKind::Virtual {
                continue;
            }
            let mut plan = Plan::new(scenario);
            plan.speed = Speed::MAX;
            let mut session = Session::start(plan, Start::Running, || {}).unwrap();
            while session.pump_wait() {}
            let record = session.record();
            for index in 0..record.log().len().min(1_500) {
                let Some(found) = Iteration::at(record, index) else { continue };
                let state = record.state_at(index);
                if state.iterations == 0 || matches!(state.phase, RunPhase::Ended(_)) {
                    continue;
                }
                let turns = turns(record, index);
                let promised: Vec<TaskId> = found.still_to_run(&state).collect();
                // A task that does not run after all was cancelled first, or the run ended.
                let ends = |task: &TaskId| record.lane(*task).is_some_and(|lane| lane.end().is_some());
                assert!(
                    promised.iter().all(|task| turns.contains(task) || ends(task)),
                    "{} after {index} events: {promised:?} are still to run, and {turns:?} do",
                    scenario.id
                );
                for task in state.ready.iter().filter(|task| !promised.contains(task)) {
                    assert!(
                        !turns.contains(&task),
                        "{} after {index} events: {task:?} is of the next one",
                        scenario.id
                    );
                    by_timers += usize::from(found.fired.contains(&task));
                }
                looked_at += 1;
            }
        }
        assert!(looked_at > 1_000 && by_timers > 20, "{looked_at} events were looked at, {by_timers} after a timer");
    }
}
