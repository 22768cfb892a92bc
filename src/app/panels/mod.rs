//! The panels around the timeline. Each is given what it shows and returns what was asked for.

mod ask;
mod code;
mod help;
mod inspector;
mod lecture;
mod lesson;
mod lesson_list;
mod level;
mod loop_view;
mod markdown;
mod menu;
mod messages;
mod path;
mod question;
mod status_bar;
mod story;
mod top_bar;
mod tour;

pub(crate) use ask::ask_ui;
pub(crate) use code::{Code, CodeTab};
pub(crate) use help::help_ui;
pub(crate) use inspector::Inspector;
pub(crate) use lecture::Lecture;
pub(crate) use lesson::LessonPanel;
pub(crate) use lesson_list::LessonList;
pub(crate) use loop_view::{LoopView, Moves, woken_words};
pub(crate) use menu::Menu;
pub(crate) use messages::messages_ui;
pub(crate) use path::{drop_ui, path_ui};
pub(crate) use question::Question;
pub(crate) use status_bar::{StatusBar, legend_ui};
pub(crate) use story::{Story, StoryTab};
pub(crate) use top_bar::{Named, Press, TopBar, axis_ui};
pub(crate) use tour::tour_ui;

use super::theme::{Palette, bold};
use crate::event::{Nanos, TaskId, WaitOn, WorkerId};
use crate::trace::{Ending, Record, State, TaskStatus, wait_label};
use egui::{Align2, Color32, Painter, Rect, Stroke, StrokeKind};

/// The letter that stands for a state.
fn letter(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Ready(_) => "Q",
        TaskStatus::Running => "R",
        TaskStatus::Waiting => "W",
        TaskStatus::Ended(Ending::Finished) => "✓",
        TaskStatus::Ended(Ending::Panicked) => "!",
        TaskStatus::Ended(Ending::Dropped) => "×",
    }
}

/// Draws a state's letter on its colour; an empty frame for a task that does not exist yet.
pub(crate) fn badge(painter: &Painter, rect: Rect, status: Option<TaskStatus>, palette: &Palette) {
    let frame = |color| Stroke::new(1.0, color);
    let (fill, stroke, text) = match status {
        None => (Color32::TRANSPARENT, frame(palette.border), palette.weak),
        Some(TaskStatus::Ready(_)) => (palette.ready, Stroke::NONE, palette.on_ready),
        Some(TaskStatus::Running) => (palette.running, Stroke::NONE, palette.on_running),
        Some(TaskStatus::Waiting) => (palette.waiting, frame(palette.hatch), palette.text),
        Some(TaskStatus::Ended(Ending::Finished)) => (palette.panel, frame(palette.border), palette.good),
        Some(TaskStatus::Ended(Ending::Panicked)) => (palette.bad, Stroke::NONE, palette.base),
        Some(TaskStatus::Ended(Ending::Dropped)) => (palette.panel, frame(palette.border), palette.weak),
    };
    painter.rect(rect, 3.0, fill, stroke, StrokeKind::Inside);
    if let Some(status) = status {
        painter.text(rect.center(), Align2::CENTER_CENTER, letter(status), bold(10.5), text);
    }
}

/// A task and its state in words: "fetch-2, waiting on sleep 3 s, 1.2 s left".
pub(crate) fn describe(record: &Record, state: &State, at: Nanos, task: TaskId) -> String {
    let catalog = record.catalog();
    let name = catalog.task_name(task);
    let Some(status) = record.status(state, task) else {
        return if catalog.is_given_up(task) { name.to_owned() } else { format!("{name}, not spawned yet") };
    };
    match status {
        TaskStatus::Ready(_) => match state.ready.iter().position(|ready| *ready == task) {
            // Executors with several queues do not run tasks in the order in which they became ready.
            Some(_) if !record.host().has_one_queue() => format!("{name}, ready"),
            Some(place) => format!("{name}, ready, number {} in the queue", place + 1),
            None => format!("{name}, just spawned"),
        },
        TaskStatus::Running => format!("{name}, running"),
        TaskStatus::Ended(Ending::Finished) => format!("{name}, finished"),
        TaskStatus::Ended(Ending::Panicked) => format!("{name}, panicked"),
        TaskStatus::Ended(Ending::Dropped) => format!("{name}, dropped unfinished"),
        TaskStatus::Waiting => {
            let wait = state.task(task).and_then(|known| known.waits.last()).and_then(|wait| record.wait(*wait));
            let what = wait.as_ref().map_or_else(|| "something".to_owned(), |wait| wait_label(catalog, &wait.on));
            match wait.and_then(|wait| time_left(record, at, &wait.on)) {
                Some(left) => format!("{name}, waiting on {what}, {} left", short(left)),
                None => format!("{name}, waiting on {what}"),
            }
        }
    }
}

/// What a thread that polls tasks is called.
pub(crate) fn thread_name(worker: WorkerId) -> String {
    match worker {
        WorkerId::OUTSIDE => "a thread that polls no task".to_owned(),
        WorkerId(number) => format!("thread {}", u32::from(number) + 1),
    }
}

/// The time until a sleep is due.
fn time_left(record: &Record, at: Nanos, on: &WaitOn) -> Option<Nanos> {
    let WaitOn::Sleep { timer, .. } = on else { return None };
    Some(record.timer(*timer)?.deadline - at)
}

/// A time that changes while one looks at it: no more digits than can be read, and always as many.
fn short(time: Nanos) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
