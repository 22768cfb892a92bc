//! The box of what runs: who, and who woke it; while nothing does, why, and who ran last.

use super::LoopView;
use super::moves::Place;
use super::{MOST_CHIPS, Scene};
use crate::app::command::Command;
use crate::app::selection::Selection;
use crate::app::theme::text;
use crate::event::{EnqueueCause, EventKind, Outcome, TaskId};
use crate::trace::{EventIndex, Host, Record, RunPhase, SpanState, poll_before, woken_words};
use egui::{RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};

impl Scene<'_> {
    /// Who runs, and why now; while nobody does, who ran last.
    pub(super) fn running(&mut self, ui: &mut Ui) {
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
                RunPhase::NotStarted if workers > 1 => "One task at a time runs here on each thread.".to_owned(),
                RunPhase::NotStarted => "The task that runs stands here.".to_owned(),
                _ if record.standstill() == Some(point.index) => {
                    "Nothing, ever again: no task is ready, no timer is set. A deadlock.".to_owned()
                }
                _ if record.standstill().is_some_and(|last| last < point.index) => {
                    "The run is over: a deadlock. What remains is dropped.".to_owned()
                }
                _ if state.cleans_up() => "Nothing: the run is over, and what remains is cleaned up.".to_owned(),
                RunPhase::Ended(Outcome::Deadlock) => "The run is over: a deadlock".to_owned(),
                RunPhase::Ended(_) if record.host() == Host::Stock => "The record is complete".to_owned(),
                RunPhase::Ended(_) => "The run is over".to_owned(),
                RunPhase::Idle(Some(until)) => format!("Nothing: asleep until {}", until),
                RunPhase::Idle(None) => "Nothing: asleep until it is woken".to_owned(),
                RunPhase::Unattended => "Nothing: no thread runs the executor".to_owned(),
                RunPhase::Working if state.ready.is_empty() => "Nothing: no task is ready".to_owned(),
                RunPhase::Working => "Nothing: the next task is about to run".to_owned(),
            };
            if !has_threads {
                self.hint(ui, &words);
            }
            if let Some((task, began)) = poll_before(record, point.index) {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 2.0;
                    ui.spacing_mut().interact_size.y = 16.0;
                    self.hint(ui, "ran last:");
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
        let words = RichText::new(woken_words(self.view.record, task, cause)).font(text(12.0)).color(self.palette.weak);
        let response = ui.add(egui::Label::new(words.clone()).sense(Sense::click()));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, words.text()));
        if response.on_hover_text("Show this wake").clicked() {
            self.commands.push(Command::Select(Selection::Wake(wake)));
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
