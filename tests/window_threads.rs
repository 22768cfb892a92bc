//! The loop view of a program of several threads: who runs where, and what is told where there is no room for all.

#[path = "support/steps.rs"]
mod steps;
#[path = "support/window.rs"]
mod window;

use egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::{App, Show};
use loopscope::event::{
    ClockKind, EnqueueCause, Event, EventKind, Nanos, Origin, PollOutcome, SiteId, TaskId, WorkerId,
};
use loopscope::session::Session;
use loopscope::trace::{Record, file};
use steps::{click, labels};
use window::{SIZE, picture, show};

/// At 20 ms: on each thread a task is polled, since 19 ms, 18 ms and so on; but for the last one, which is idle.
fn threads(count: u16, theme: Theme, size: Vec2) -> Harness<'static, App> {
    let mut record = Record::default();
    let mut push = |millis: u64, worker: u16, kind: EventKind| {
        record.push(Event { at: Nanos::from_millis(millis), worker: WorkerId(worker), kind });
    };
    push(0, 0, EventKind::RunStarted { clock: ClockKind::Real, seed: 0, origin: Origin::titled("several threads") });
    for number in 0..count {
        let (task, name) = (TaskId(number.into()), format!("piece-{}", number + 1).into());
        push(0, 0, EventKind::TaskSpawned { task, parent: None, name, site: SiteId(0) });
        push(0, 0, EventKind::Enqueued { task, cause: EnqueueCause::Spawned });
    }
    for number in 0..count {
        push(u64::from(number) + 1, number, EventKind::PollStarted { task: TaskId(number.into()) });
    }
    let last = TaskId((count - 1).into());
    push(20, count - 1, EventKind::PollEnded { task: last, outcome: PollOutcome::Pending });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("threads.loopscope");
    file::save(&record, &path).unwrap();
    let mut session = Session::open(&path).unwrap();
    while session.pump_wait() {}
    show(Show::Run(Box::new(session)), theme, size)
}

#[test]
fn each_thread_has_a_row_with_what_it_polls_and_for_how_long() {
    let mut harness = threads(3, Theme::Dark, SIZE);
    let rows = labels(&harness, "thread ");
    assert_eq!(rows, ["thread 1: piece-1, polling 19 ms", "thread 2: piece-2, polling 18 ms", "thread 3: idle"]);
    let names: Vec<f32> = rows.iter().map(|row| harness.get_by_label(row).rect().center().y).collect();
    assert!(names.is_sorted() && names[0] < names[2], "one below the other");
    let chip = harness.get_by_label("chip piece-2, running").rect();
    assert!((chip.center().y - names[1]).abs() < 6.0, "beside its thread: {chip:?}, {names:?}");
    click(&mut harness, "thread 2");
    assert_eq!(labels(&harness, "now: "), ["now: piece-2"], "the inspector tells of the thread");
    picture(&mut harness, "threads-dark");
}

#[test]
fn of_more_threads_than_there_is_room_for_the_rest_is_counted_who_is_idle_first() {
    let harness = threads(12, Theme::Light, SIZE);
    let rows = labels(&harness, "thread ");
    assert!((2..11).contains(&rows.len()), "{rows:?}");
    assert!(rows.iter().all(|row| row.contains("polling")), "{rows:?}");
    harness.get_by_label(&format!("+ {} more busy, 1 idle", 11 - rows.len()));
}

#[test]
fn picture_of_many_threads_in_a_small_window() {
    let mut harness = threads(12, Theme::Light, vec2(1024.0, 640.0));
    picture(&mut harness, "threads-small-light");
}

#[test]
fn a_loop_on_one_thread_names_none() {
    let mut harness = window::open("semaphore", Theme::Dark);
    steps::step_to(&mut harness, 3);
    assert!(labels(&harness, "thread ").is_empty());
}
