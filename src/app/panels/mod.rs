//! The panels around the timeline. Each is given what it shows and returns what was asked for.

mod ask;
mod code;
mod desk;
mod help;
mod inspector;
mod lesson;
mod lesson_list;
mod level;
mod loop_view;
mod markdown;
mod menu;
mod messages;
mod path;
mod plan;
mod question;
mod result;
mod seek_bar;
mod slide;
mod stage_bar;
mod status_bar;
mod story;
mod top_bar;
mod tour;

pub(crate) use ask::ask_ui;
pub(crate) use code::Code;
pub(crate) use desk::{Desk, Preview};
pub(crate) use help::help_ui;
pub(crate) use inspector::Inspector;
pub(crate) use lesson::LessonPanel;
pub(crate) use lesson_list::LessonList;
pub(crate) use loop_view::{LoopView, Moves};
pub(crate) use markdown::marked_up;
pub(crate) use menu::Menu;
pub(crate) use messages::messages_ui;
pub(crate) use path::{drop_ui, path_ui};
pub(crate) use plan::PlanPanel;
pub(crate) use question::Question;
pub(crate) use seek_bar::SeekBar;
pub(crate) use slide::{Slide, Under};
pub(crate) use stage_bar::StageBar;
pub(crate) use status_bar::StatusBar;
pub(crate) use story::{Story, StoryTab};
pub(crate) use top_bar::{Named, Press, TopBar, axis_ui};
pub(crate) use tour::tour_ui;

use super::theme::{Palette, bold};
use crate::event::{Nanos, TaskId, WaitOn, WorkerId};
use crate::trace::{Record, State, TaskStatus, Wording, end_words_in_short, wait_label, woken_words};
use egui::{Align2, Color32, Painter, Rect, Stroke, StrokeKind, Ui};

/// Whether something is another than it was in the last frame; `name` tells it from the others of a panel.
fn is_new<T: PartialEq + Clone + Send + Sync + 'static>(ui: &Ui, name: &str, now: T) -> bool {
    /// A type of its own: a picture of the window forgets the bare numbers that egui keeps there.
    #[derive(Clone)]
    struct Before<T>(T);

    let place = ui.scope_id().with(name);
    let is_new = ui.data(|data| data.get_temp::<Before<T>>(place)).is_none_or(|Before(before)| before != now);
    ui.data_mut(|data| data.insert_temp(place, Before(now)));
    is_new
}

/// The letter that stands for a state.
fn letter(status: TaskStatus, palette: &Palette) -> &'static str {
    match status {
        TaskStatus::Ready(_) => "Q",
        TaskStatus::Running => "R",
        TaskStatus::Waiting => "W",
        TaskStatus::Ended(ending) => palette.ending(ending).0,
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
        Some(TaskStatus::Ended(ending)) if ending.is_error() => (palette.bad, Stroke::NONE, palette.base),
        Some(TaskStatus::Ended(ending)) => (palette.panel, frame(palette.border), palette.ending(ending).1),
    };
    painter.rect(rect, 3.0, fill, stroke, StrokeKind::Inside);
    if let Some(status) = status {
        painter.text(rect.center(), Align2::CENTER_CENTER, letter(status, palette), bold(10.5), text);
    }
}

/// A task and its state in words: "fetch-2, waiting on sleep 3 s, 1.2 s left".
pub(crate) fn describe(record: &Record, state: &State, at: Nanos, task: TaskId, wording: &Wording) -> String {
    let catalog = record.catalog();
    let name = catalog.task_name(task);
    let Some(status) = record.status(state, task) else {
        return if catalog.is_given_up(task) { name.to_owned() } else { format!("{name}, not spawned yet") };
    };
    match status {
        TaskStatus::Ready(cause) => {
            let why = woken_words(record, task, cause);
            match state.ready.place(task) {
                // Executors with several queues do not run tasks in the order in which they became ready.
                Some(_) if !record.host().has_one_queue() => format!("{name}, ready: {why}"),
                Some(place) => format!("{name}, ready, number {} in the queue: {why}", place + 1),
                None => format!("{name}, spawned"),
            }
        }
        TaskStatus::Running => format!("{name}, running"),
        TaskStatus::Ended(ending) => match record.end(task) {
            Some(end) => format!("{name}, {}", end_words_in_short(record, &end, wording)),
            None => format!("{name}, {}", ending.word()),
        },
        TaskStatus::Waiting => {
            let wait = state.task(task).and_then(|known| known.waits.back()).and_then(|wait| record.wait(*wait));
            let what = wait.as_ref().map_or_else(|| "something".to_owned(), |wait| wait_label(catalog, &wait.on));
            match wait.and_then(|wait| time_left(record, at, &wait.on)) {
                Some(left) => format!("{name}, waiting on {what}, {left} left"),
                None => format!("{name}, waiting on {what}"),
            }
        }
    }
}

/// What a thread that polls tasks is called.
pub(crate) fn thread_name(worker: WorkerId) -> String {
    match worker {
        WorkerId::OUTSIDE => "a thread that runs no tasks".to_owned(),
        WorkerId(number) => format!("thread {}", u32::from(number) + 1),
    }
}

/// The time until a sleep is due.
fn time_left(record: &Record, at: Nanos, on: &WaitOn) -> Option<Nanos> {
    let WaitOn::Sleep { timer, .. } = on else { return None };
    Some(record.timer(*timer)?.deadline - at)
}
