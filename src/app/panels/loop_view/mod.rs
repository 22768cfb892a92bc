//! The loop at the cursor, as a place that tasks go through: ready queue, running, waiting, done.
//!
//! What is drawn in a frame is bounded, however many tasks there are: of more than can be told apart the number is said.

mod chip;
mod groups;
mod iteration;
mod moves;
mod shared;
mod threads;
mod timers;
mod waiting;

pub(crate) use moves::Moves;

use crate::app::command::Command;
use crate::app::cursor::Point;
use crate::app::selection::Selection;
use crate::app::theme::{Palette, bold, text};
use crate::event::{EnqueueCause, EventKind, Nanos, Outcome, TaskId};
use crate::trace::{EventIndex, Host, Record, RunPhase, SpanState, State, poll_before};
use chip::{Face, chip_width};
use egui::{Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use iteration::Iteration;
use moves::{Place, Stage};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(crate) struct LoopView<'a> {
    pub(crate) record: &'a Record,
    pub(crate) state: &'a State,
    pub(crate) point: Point,
    pub(crate) selected: Selection,
    /// How many threads poll tasks.
    pub(crate) workers: usize,
    pub(crate) moves: Moves,
}

/// More chips than this in one place are counted, not drawn.
const MOST_CHIPS: usize = 60;
/// Who has ended last is looked for among so many tasks, those spawned last.
const MOST_LOOKED_AT: usize = 20_000;
/// Space between the boxes, in points.
const GAP: f32 = 8.0;
/// With this much height there is room for the iteration below the boxes.
const ROOM_FOR_ITERATION: f32 = 165.0;
/// Height of that line.
const ITERATION: f32 = 24.0;

/// What a frame of the loop view puts together.
struct Scene<'a> {
    view: &'a LoopView<'a>,
    palette: &'static Palette,
    iteration: Option<Iteration>,
    stage: Stage,
    /// Chips on their way, with where they are: drawn last.
    in_flight: Vec<(Face, Rect)>,
    commands: Vec<Command>,
}

impl LoopView<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let all = ui.available_rect_before_wrap();
        let has_line = all.height() >= ROOM_FOR_ITERATION;
        let (area, below) = all.split_top_bottom_at_y(all.bottom() - if has_line { ITERATION } else { 0.0 });
        let mut scene = Scene {
            view: self,
            palette: Palette::of(ui),
            iteration: Iteration::at(self.record, self.point.index),
            stage: Stage::begin(ui, all, self.moves),
            in_flight: Vec::new(),
            commands: Vec::new(),
        };
        scene.boxes(ui, area);
        if has_line {
            let mut line = ui.new_child(UiBuilder::new().max_rect(below.with_min_y(below.top() + 6.0)));
            let iteration = scene.iteration.take();
            scene.iteration(&mut line, iteration.as_ref());
        }
        let Scene { palette, stage, in_flight, commands, .. } = scene;
        let painter = ui.painter().with_clip_rect(all);
        in_flight.iter().for_each(|(face, rect)| face.paint(&painter, *rect, palette));
        stage.end();
        ui.advance_cursor_after_rect(all);
        commands
    }
}

impl Scene<'_> {
    fn boxes(&mut self, ui: &mut Ui, area: Rect) {
        let width = area.width() - 3.0 * GAP;
        // In a small window the most room goes to what waits: there is most to tell.
        // Between wide panels they all give way, so that it keeps a third.
        let least: [f32; 3] = if width < 640.0 { [104.0, 104.0, 112.0] } else { [130.0, 116.0, 120.0] };
        let [first, second, last] = least.map(|least| (width * 0.14).clamp(least.min(width * 0.22), 210.0));
        // Threads have names, which stand before those of the tasks.
        let second = if self.view.workers > 1 { (width * 0.27).clamp(150_f32.min(width * 0.3), 260.0) } else { second };
        let (state, mut left) = (self.view.state, area.left());
        let mut next = |width: f32| {
            let rect = Rect::from_min_size(pos2(left, area.top()), vec2(width, area.height()));
            left += width + GAP;
            rect
        };
        let (ready, running, waiting, done) =
            (next(first), next(second), next(width - first - second - last), next(last));
        self.boxed(ui, ready, "Ready queue", state.ready.len(), Self::ready);
        let parallel = Some(state.running.len()).filter(|count| *count > 1).unwrap_or(0);
        self.boxed(ui, running, "Running", parallel, Self::running);
        self.boxed(ui, waiting, "Waiting", state.waiting().count(), Self::waiting);
        self.boxed(ui, done, "Done", state.ended_in_all(), Self::done);
    }

    fn boxed(&mut self, ui: &mut Ui, rect: Rect, title: &str, count: usize, contents: impl FnOnce(&mut Self, &mut Ui)) {
        let palette = self.palette;
        let is_active = title == "Running" && !self.view.state.running.is_empty();
        let stroke = if is_active { Stroke::new(2.0, palette.running) } else { Stroke::new(1.0, palette.border) };
        ui.painter().rect_stroke(rect, 6.0, stroke, StrokeKind::Inside);
        // Whatever it holds, the box stays as large as it is.
        let builder = UiBuilder::new().id_salt(title).max_rect(rect.shrink2(vec2(7.0, 6.0)));
        let mut ui = ui.new_child(builder);
        ui.shrink_clip_rect(rect.shrink(2.0));
        ui.spacing_mut().item_spacing = vec2(6.0, chip::BELOW);
        ui.spacing_mut().interact_size.y = chip::CHIP;
        let heading = if count > 0 { format!("{title} · {}", grouped(count)) } else { title.to_owned() };
        ui.add(egui::Label::new(RichText::new(heading).font(bold(12.0)).color(palette.weak)).truncate());
        contents(self, &mut ui);
    }

    /// Who can go on, first to run first; who became ready during this iteration runs in the next.
    fn ready(&mut self, ui: &mut Ui) {
        let LoopView { record, state, .. } = *self.view;
        if state.ready.is_empty() {
            let words = match state.phase {
                RunPhase::NotStarted => {
                    "Tasks that can go on stand here, in order, until the loop runs them.".to_owned()
                }
                RunPhase::Idle(_) => "empty: nobody can go on".to_owned(),
                _ => "empty".to_owned(),
            };
            return self.hint(ui, &words);
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let origin = ui.max_rect().min;
            let mut was_in_batch = true;
            for (place, task) in state.ready.iter().take(MOST_CHIPS).enumerate() {
                let in_batch = self.iteration.as_ref().is_none_or(|found| found.has(state, *task));
                if was_in_batch && !in_batch {
                    self.hint(ui, "next iteration");
                }
                was_in_batch = in_batch;
                let is_next = place == 0
                    && record.host().has_one_queue()
                    && chip_width(ui, record.catalog().task_name(*task), Some("next")) <= ui.available_width();
                self.chip(ui, *task, is_next.then_some("next"), Place::Ready, origin);
            }
            self.more(ui, state.ready.len(), "ready");
        });
    }

    /// Who runs, and why now; while nobody does, who ran last.
    fn running(&mut self, ui: &mut Ui) {
        let LoopView { record, state, point, workers, .. } = *self.view;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let origin = ui.max_rect().min;
            let is_at_work = matches!(state.phase, RunPhase::Working | RunPhase::Idle(_) | RunPhase::Unattended);
            let has_threads = workers > 1 && (is_at_work || !state.running.is_empty());
            let is_parallel = has_threads || state.running.len() > 1;
            if has_threads {
                self.threads(ui, origin);
            } else {
                for (_, task) in state.running.iter().take(MOST_CHIPS) {
                    self.chip(ui, *task, None, Place::Running, origin);
                }
            }
            if let Some(task) = state.running_task() {
                if !is_parallel {
                    self.woken_by(ui, task, point.index);
                    if let Some((place, of)) = self.iteration.as_ref().map(|found| found.place(state))
                        && of > 1
                    {
                        self.hint(ui, &format!("task {place} of {of} in this iteration"));
                    }
                }
                return;
            }
            let words = match &state.phase {
                RunPhase::NotStarted => "One task at a time runs here.".to_owned(),
                _ if record.standstill() == Some(point.index) => {
                    "nobody, for ever: nothing is ready, no timer is set. A deadlock.".to_owned()
                }
                RunPhase::Ended(Outcome::Deadlock) => "the run is over: deadlock".to_owned(),
                RunPhase::Ended(_) if record.host() == Host::Stock => "the record is complete".to_owned(),
                RunPhase::Ended(_) => "the run is over".to_owned(),
                RunPhase::Idle(Some(until)) => format!("nobody: asleep until {}", exact(*until)),
                RunPhase::Idle(None) => "nobody: asleep until it is woken".to_owned(),
                RunPhase::Unattended => "nobody: no thread runs the executor".to_owned(),
                RunPhase::Working if state.ready.is_empty() => "nobody: no task is ready".to_owned(),
                RunPhase::Working => "nobody: between two tasks".to_owned(),
            };
            if !has_threads {
                self.hint(ui, &words);
            }
            if let Some((task, began)) = poll_before(record, point.index) {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 2.0;
                    ui.spacing_mut().interact_size.y = 16.0;
                    self.hint(ui, "last:");
                    let color = self.palette.text;
                    self.mention(ui, task, color);
                });
                self.woken_by(ui, task, began);
            }
        });
    }

    /// Why a task was made ready before its poll. A click selects that wake.
    fn woken_by(&mut self, ui: &mut Ui, task: TaskId, before: EventIndex) {
        let Some((wake, cause)) = wake_before(self.view.record, task, before) else { return };
        let words = RichText::new(woken_words(self.view.record, cause)).font(text(12.0)).color(self.palette.weak);
        let response = ui.add(egui::Label::new(words.clone()).sense(Sense::click()));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, words.text()));
        if response.on_hover_text("Show this wake").clicked() {
            self.commands.push(Command::Select(Selection::Wake(wake)));
        }
    }

    /// Who has ended, the last one first.
    fn done(&mut self, ui: &mut Ui) {
        let LoopView { record, state, .. } = *self.view;
        let mut latest = BinaryHeap::new();
        let count = state.ended_in_all();
        for lane in record.lanes().iter().rev().take(MOST_LOOKED_AT) {
            let Some((ended, ..)) = lane.end().filter(|(ended, ..)| *ended < state.events) else { continue };
            latest.push(Reverse((ended, Reverse(lane.task()))));
            if latest.len() > MOST_CHIPS {
                latest.pop();
            }
        }
        if count == 0 {
            let words = if state.phase == RunPhase::NotStarted { "Tasks that have ended." } else { "none yet" };
            return self.hint(ui, words);
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let origin = ui.max_rect().min;
            for Reverse((_, Reverse(task))) in latest.into_sorted_vec() {
                self.chip(ui, task, None, Place::Done, origin);
            }
            self.more(ui, count, "done");
        });
    }

    fn hint(&self, ui: &mut Ui, words: &str) {
        ui.label(RichText::new(words).font(text(12.0)).color(self.palette.weak));
    }

    /// Says how many were not drawn.
    fn more(&self, ui: &mut Ui, count: usize, what: &str) {
        if count > MOST_CHIPS {
            self.hint(ui, &format!("+ {} more {what}", grouped(count - MOST_CHIPS)));
        }
    }
}

/// The event that made a task ready for the last poll that began before an event, and its cause.
fn wake_before(record: &Record, task: TaskId, before: EventIndex) -> Option<(EventIndex, EnqueueCause)> {
    // The poll itself may be the event: what lies before it counts.
    let ready = record.lane(task)?.last_before(before, |span| span.state == SpanState::Ready)?;
    match record.log().get(ready.first)?.kind {
        EventKind::Enqueued { cause, .. } => Some((ready.first, cause)),
        _ => None,
    }
}

/// Why a task was made ready, in a few words.
pub(crate) fn woken_words(record: &Record, cause: EnqueueCause) -> String {
    let name = |task: TaskId| record.catalog().task_name(task);
    match cause {
        EnqueueCause::Spawned => "just spawned".to_owned(),
        EnqueueCause::WokenBy(by) => format!("woken by {}", name(by)),
        EnqueueCause::Timer(_) => "woken by its timer".to_owned(),
        EnqueueCause::Joined(ended) => format!("{} has ended", name(ended)),
        EnqueueCause::Gathered(last) => format!("{} was the last to end", name(last)),
        EnqueueCause::OwnYield(_) => "it yielded before".to_owned(),
        EnqueueCause::Cancelled => "cancelled".to_owned(),
        EnqueueCause::Io => "woken by input or output".to_owned(),
        EnqueueCause::MainFuture => "woken by the main future".to_owned(),
        EnqueueCause::Outside => "woken by code outside of all tasks".to_owned(),
        EnqueueCause::OtherThread => "woken by another thread".to_owned(),
        EnqueueCause::JobDone(job) => format!("the job {} is done", record.catalog().job_name(job)),
        EnqueueCause::Answered => "the user answered".to_owned(),
        EnqueueCause::BeforeRecord => "ready before the record began".to_owned(),
    }
}

/// A number with its thousands apart: 9,940.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time to the millisecond.
fn exact(time: Nanos) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        let read = [0, 12, 999, 1000, 9940, 123_456, 1_234_567].map(grouped);
        assert_eq!(read, ["0", "12", "999", "1,000", "9,940", "123,456", "1,234,567"]);
    }
}
