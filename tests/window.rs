//! The window, driven by its accessible names and keys.

#[path = "support/panics.rs"]
mod panics;
#[path = "support/window.rs"]
mod support;

use egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::{App, Show};
use loopscope::event::{
    ClockKind, EnqueueCause, Event, EventKind, FrameId, Nanos, Origin, Outcome, PollOutcome, SiteId, TaskId, WaitId,
    WaitOn, WorkerId,
};
use loopscope::scenarios;
use loopscope::session::Session;
use loopscope::trace::Record;
use panics::PANICS;
use support::{
    SETTLED, SIZE, draw_until, is_over, lane, lane_count, open, open_scenario, picture, polls, run_to_the_end, show,
    status,
};

#[test]
fn run_runs_and_the_lanes_tell() {
    let mut harness = open("queue", Theme::Dark);
    assert!(harness.state().session().is_none());
    run_to_the_end(&mut harness);
    assert_eq!(harness.state().time(), Nanos::from_secs(10));
    for name in ["main", "producer", "consumer"] {
        assert_eq!(lane(&harness, name), format!("lane {name}, returned"));
    }
    harness.get_by_label("Run again");
}

#[test]
fn each_press_of_step_does_one_poll() {
    let mut harness = open("create-task", Theme::Dark);
    for count in 1..=5 {
        harness.get_by_label("Step").click();
        draw_until(&mut harness, |app| polls(app) == count);
        harness.run_steps(5);
        assert_eq!(polls(harness.state()), count);
    }
    // Three polls at the start; the fourth and fifth are woken by timers, three seconds later and at once.
    assert_eq!(harness.state().time(), Nanos::from_secs(3));
    assert_eq!(
        lane(&harness, "fetch-2"),
        "lane fetch-2, returned {'input': 2, 'start_time': 'T+0', 'end_time': 'T+3'}"
    );
}

#[test]
fn arrows_step_by_events_through_the_record_and_back() {
    let mut harness = open("say-hello", Theme::Dark);
    run_to_the_end(&mut harness);
    let length = harness.state().session().unwrap().record().log().len();
    harness.key_press(Key::Home);
    harness.run_steps(2);
    assert_eq!(harness.state().time(), Nanos::ZERO);
    assert_eq!(lane_count(&harness, "main"), 1);
    let mut forward = Vec::new();
    for _ in 0..length {
        forward.push(status(&harness));
        harness.key_press(Key::ArrowRight);
        harness.run_steps(2);
    }
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert_eq!(lane(&harness, "main"), "lane main, returned");
    let mut backward = Vec::new();
    for _ in 0..length {
        backward.push(status(&harness));
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(2);
    }
    forward.dedup();
    backward.dedup();
    backward.reverse();
    assert!(forward.len() > 8, "{forward:?}");
    assert_eq!(forward[1..], backward[1..backward.len()], "each step back shows what the step forward showed");
}

#[test]
fn a_task_stands_in_one_place_of_the_loop() {
    let mut harness = open("queue", Theme::Dark);
    run_to_the_end(&mut harness);
    for _ in 0..150 {
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(1);
        let is_chip = |label: String| label.starts_with("chip producer,");
        let chips = harness.query_all_by(|node| node.label().is_some_and(is_chip)).count();
        assert!(chips <= 1, "{chips} chips of the producer at {}", status(&harness));
    }
}

#[test]
fn scrubbing_back_shows_the_states_as_they_were() {
    let mut harness = open("sequential-await", Theme::Dark);
    run_to_the_end(&mut harness);
    assert_eq!(lane(&harness, "main"), "lane main, returned");
    let ruler = harness.get_by_label("Time cursor").rect();
    harness.drag_at(ruler.center());
    harness.run_steps(2);
    harness.drop_at(ruler.center());
    harness.run_steps(2);
    let time = harness.state().time().as_secs_f64();
    assert!((2.5..3.5).contains(&time), "{time}");
    let spoken = lane(&harness, "main");
    assert!(spoken.starts_with("lane main, waiting on sleep 3 s, "), "{spoken}");
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert_eq!(lane(&harness, "main"), "lane main, returned");
}

#[test]
fn a_pause_holds_the_time() {
    let mut harness = open("sequential-await", Theme::Dark);
    harness.key_press(Key::Space);
    draw_until(&mut harness, |app| app.time() > Nanos::ZERO);
    harness.key_press(Key::Space);
    harness.run_steps(1);
    let held = harness.state().time();
    assert!(held < Nanos::from_secs(3));
    harness.run_steps(20);
    assert_eq!(harness.state().time(), held);
    harness.get_by_label("Run");
}

#[test]
fn while_nothing_moves_nothing_is_drawn() {
    let mut harness = open("queue", Theme::Dark);
    harness.run(); // comes to rest, or this panics
    run_to_the_end(&mut harness);
    harness.run_steps(2 * SETTLED); // what follows from the run glides into view
    harness.run();
    let mut harness = open("queue", Theme::Dark);
    harness.get_by_label("Step").click();
    draw_until(&mut harness, |app| polls(app) == 1);
    harness.run();
}

#[test]
fn the_axis_switches_and_the_cursor_stays() {
    let mut harness = open("gather", Theme::Dark);
    run_to_the_end(&mut harness);
    let is_on = |harness: &Harness<'_, App>, axis: &str| {
        let toggled = harness.get_by_label(axis).accesskit_node().toggled();
        toggled == Some(egui::accesskit::Toggled::True)
    };
    let ruler = harness.get_by_label("Time cursor").rect();
    harness.drag_at(ruler.center());
    harness.drop_at(ruler.center());
    harness.run_steps(2);
    let (time, status_before) = (harness.state().time(), status(&harness));
    assert!(is_on(&harness, "Time axis") && !is_on(&harness, "Steps axis"));
    let on_time = harness.render().unwrap();
    harness.key_press(Key::X);
    harness.run_steps(2);
    assert!(!is_on(&harness, "Time axis") && is_on(&harness, "Steps axis"));
    assert_eq!((harness.state().time(), status(&harness)), (time, status_before));
    assert!(harness.render().unwrap() != on_time);
    harness.get_by_label("Time axis").click();
    harness.remove_cursor();
    harness.run_steps(2);
    assert!(is_on(&harness, "Time axis"));
}

#[test]
fn within_a_sleep_both_axes_reach_the_same_times_and_back_steps_move() {
    let mut harness = open("sequential-await", Theme::Dark);
    harness.key_press(Key::Space);
    draw_until(&mut harness, |app| app.time() > Nanos::from_millis(200));
    harness.key_press(Key::Space);
    harness.run_steps(2);
    let live = harness.state().time();
    let before = status(&harness);
    harness.key_press(Key::ArrowLeft); // to the event before, which is the beginning of the sleep
    harness.run_steps(2);
    assert_eq!(harness.state().time(), Nanos::ZERO);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    assert_ne!(status(&harness), before);
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert_eq!(harness.state().time(), live);
    // The sleep under way fills the second column, of three that are shown at least.
    harness.key_press(Key::X);
    harness.run_steps(2);
    let ruler = harness.get_by_label("Time cursor").rect();
    let within = live.as_secs_f64() / 3.0 / 2.0; // half way between the sleep's start and the live edge
    let x = ruler.left() + ruler.width() * ((0.036 + 1.0 + within) / (3.0 * 1.102)) as f32;
    harness.drag_at(egui::pos2(x, ruler.center().y));
    harness.drop_at(egui::pos2(x, ruler.center().y));
    harness.run_steps(2);
    let time = harness.state().time();
    assert!(time > Nanos::ZERO && time < live, "{time} before {live}");
}

#[test]
fn zooming_panning_and_fitting_can_be_undone() {
    let mut harness = open("gather", Theme::Dark);
    run_to_the_end(&mut harness);
    let before = harness.render().unwrap();
    let keys = [
        (Key::Plus, Modifiers::NONE),
        (Key::D, Modifiers::NONE),
        (Key::Minus, Modifiers::NONE),
        (Key::F, Modifiers::NONE),
    ];
    for (key, modifiers) in keys {
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(3);
    }
    for _ in 0..keys.len() {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.run_steps(3);
    }
    assert!(harness.render().unwrap() == before, "undone, it looks as before");
    harness.key_press(Key::Plus);
    harness.run_steps(3);
    assert!(harness.render().unwrap() != before, "zoomed in, it looks different");
}

#[test]
fn a_parameter_changes_the_next_run() {
    let mut harness = open("semaphore", Theme::Dark);
    run_to_the_end(&mut harness);
    assert_eq!(harness.state().time(), Nanos::from_secs(4));
    // What follows from the run has come into view: one scrolls back to the field, and what it needs is beside it.
    harness.get_by_role_and_label(egui::Role::SpinButton, "permits").scroll_to_me();
    harness.run_steps(2 * SETTLED);
    harness.get_by_role_and_label(egui::Role::SpinButton, "permits").set_value_accesskit(10.0);
    harness.run_steps(3);
    harness.get_by_label("Run with these").click();
    draw_until(&mut harness, is_over);
    assert_eq!(harness.state().time(), Nanos::from_secs(1));
}

#[test]
fn another_lesson_is_loaded_and_run_by_a_double_click() {
    let mut harness = open("say-hello", Theme::Dark);
    harness.get_by_label("Two tasks (create_task)").click();
    harness.run_steps(60); // long enough that the next click is a new one
    assert!(harness.state().session().is_none());
    harness.get_by_label("Beginnings").click();
    harness.run_steps(60); // the chapter closes, and the next ones come into view
    harness.get_by_label("Working together").click();
    harness.run_steps(60); // the chapter opens
    harness.get_by_label("Producer and consumer (queue)").click();
    harness.get_by_label("Producer and consumer (queue)").click();
    harness.run_steps(2);
    let title = harness.state().session().map(|session| session.plan().scenario.id);
    assert_eq!(title, Some("queue"));
}

#[test]
fn a_guess_is_held_against_the_run_when_it_is_over() {
    for (guess, verdict) in [("6", "Answer: 3 s. You guessed 6."), ("3 s", "Yes: 3 s.")] {
        let mut harness = open("create-task", Theme::Dark);
        harness.get_by_label("Your guess").focus();
        harness.run_steps(2);
        harness.get_by_label("Your guess").type_text(guess);
        harness.run_steps(2);
        harness.get_by_label("Guess").click();
        harness.run_steps(2);
        assert!(harness.query_by_label(verdict).is_none(), "it is not told before the run");
        run_to_the_end(&mut harness);
        harness.get_by_label(verdict);
    }
}

#[test]
fn the_steps_of_a_lesson_are_ticked_as_the_run_reaches_them_and_lead_back() {
    let mut harness = open("say-hello", Theme::Dark);
    let step = |harness: &Harness<'_, App>, number: usize| {
        let start = format!("Step {number}, ");
        // What is noted beside the lanes says "here".
        let is_it = |label: String| label.strip_prefix(&start).is_some_and(|rest| !rest.starts_with("here"));
        let node = harness.get_by(|node| node.label().is_some_and(is_it));
        let label = node.accesskit_node().label().unwrap();
        label[start.len()..].split(':').next().unwrap().to_owned()
    };
    let has_steps = |harness: &Harness<'_, App>| harness.query_by_label_contains("Step 1, ").is_some();
    assert!(!has_steps(&harness), "it would give the answer away");
    harness.get_by_label("Your guess").focus();
    harness.run_steps(2);
    harness.get_by_label("Your guess").type_text("3");
    harness.run_steps(2);
    harness.get_by_label("Guess").click();
    harness.run_steps(3);
    assert_eq!(step(&harness, 1), "not reached yet");
    run_to_the_end(&mut harness);
    assert_eq!((step(&harness, 4).as_str(), step(&harness, 5).as_str()), ("reached", "reached now"));
    harness.get_by_label_contains("Step 1, reached: ").scroll_to_me(); // what follows from the run is in view
    harness.run_steps(2 * SETTLED);
    harness.get_by_label_contains("Step 1, reached: ").click();
    harness.run_steps(3);
    assert_eq!(harness.state().time(), Nanos::ZERO);
    assert_eq!((step(&harness, 1).as_str(), step(&harness, 2).as_str()), ("reached now", "not reached yet"));
}

#[test]
fn a_run_that_took_no_time_is_shown_by_its_steps() {
    let mut harness = open("gather-error", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.run_steps(3);
    assert_eq!(harness.state().time(), Nanos::ZERO);
    assert!(harness.query_by_label_contains("chart:").is_none(), "there are no charts on the steps axis");
    harness.key_press(Key::X);
    harness.run_steps(3);
    harness.get_by_label_contains("chart: ready tasks");
}

#[test]
fn what_to_try_next_asks_the_question_anew() {
    let mut harness = open("create-task", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.get_by_label("Answer: 3 s.");
    harness.get_by_label("Try fetch time: 1 s").click_accesskit(); // it may be scrolled out
    harness.run_steps(3);
    assert!(harness.state().session().is_none());
    harness.get_by_label("Your guess");
    harness.get_by_label("Run").click();
    draw_until(&mut harness, is_over);
    harness.get_by_label("Answer: 1 s.");
}

#[test]
fn what_is_found_is_told_with_what_to_do_and_leads_to_where_it_shows() {
    let mut harness = open("blocking-the-loop", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.get_by_label("Findings: 1").click();
    harness.run_steps(3);
    let found = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("a blocked loop: report")));
    assert!(found.accesskit_node().label().unwrap().contains("asyncio.to_thread"));
    found.click();
    harness.run_steps(3);
    assert_eq!(harness.state().time(), Nanos::from_millis(1300));
    assert_eq!(lane(&harness, "report"), "lane report, running");
}

#[test]
fn presenting_leaves_the_panels_at_the_sides_out_and_escape_brings_them_back() {
    let mut harness = open("create-task", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.get_by_label("Look for");
    harness.key_press(Key::P);
    harness.run_steps(5);
    assert!(harness.query_by_label("Look for").is_none() && harness.query_by_label("Python").is_none());
    harness.get_by_label_contains("Page 1 of ");
    for _ in 0..6 {
        harness.key_press(Key::PageDown); // past the guess, to the last thing to look for
        harness.run_steps(3);
    }
    harness.get_by_label_contains("Page 7 of 17. 5 of 5");
    assert!(harness.query_by_label("Look for").is_none() && harness.query_by_label("Python").is_none());
    assert_eq!(harness.ctx.theme(), Theme::Light);
    picture(&mut harness, "present");
    harness.key_press(Key::Escape);
    harness.run_steps(5);
    harness.get_by_label("Look for");
    assert_eq!((harness.ctx.theme(), harness.ctx.zoom_factor()), (Theme::Dark, 1.0));
}

#[test]
fn the_charts_say_how_many_were_ready_and_how_much_ran() {
    let mut harness = open("blocking-the-loop", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.get_by_label("chart: ready tasks, peak 3, until 2.1 s");
    harness.get_by_label("chart: loop busy, 14 %, until 2.1 s");
    harness.key_press(Key::X);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("chart:").is_none());
}

#[test]
fn what_a_run_asks_is_answered_in_the_window() {
    let mut harness = open("user-input", Theme::Dark);
    harness.get_by_label("Run").click();
    draw_until(&mut harness, |app| app.session().is_some_and(|session| !session.questions().is_empty()));
    harness.get_by_label("Your answer").focus();
    harness.run_steps(2);
    harness.get_by_label("Your answer").type_text("Ada");
    harness.run_steps(2);
    harness.get_by_label("Answer").click();
    draw_until(&mut harness, is_over);
    harness.get_by_label_contains("Hello, Ada!");
}

#[test]
fn the_keys_are_explained_and_escape_leaves() {
    let mut harness = open("say-hello", Theme::Dark);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    harness.run_steps(3);
    harness.get_by_label("Run, pause or resume");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Run, pause or resume").is_none());
}

#[test]
fn picture_of_the_keys_in_the_smallest_window() {
    let mut harness = open_scenario(scenarios::find("queue").unwrap(), Theme::Dark, vec2(1024.0, 640.0));
    harness.get_by_label("Keys").click();
    harness.run_steps(4);
    harness.get_by_label("Close");
    picture(&mut harness, "keys-small-dark");
}

#[test]
fn closing_during_a_run_stops_it() {
    let mut harness = open("sequential-await", Theme::Dark);
    harness.key_press(Key::Space);
    draw_until(&mut harness, |app| app.time() > Nanos::ZERO);
    drop(harness); // waits for the run's thread, or hangs
}

#[test]
fn what_is_printed_is_shown_with_its_time() {
    let mut harness = open("create-task", Theme::Dark);
    run_to_the_end(&mut harness);
    let printed = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("printed "))).count();
    let recorded = harness.state().session().unwrap().record();
    let events = recorded.log().iter_from(0).filter(|event| matches!(event.kind, EventKind::Printed { .. })).count();
    assert_eq!((printed, events), (6, 6));
    harness.get_by_label("printed 3 s  Data one: {'input': 1, 'start_time': 'T+0', 'end_time': 'T+3'}");
}

#[test]
fn a_panicking_task_is_shown_and_the_app_lives_on() {
    loopscope::runtime::quiet_task_panics();
    let mut harness = open_scenario(&PANICS, Theme::Dark, SIZE);
    run_to_the_end(&mut harness);
    assert_eq!(lane(&harness, "bad"), "lane bad, panicked: on purpose");
    assert_eq!(lane(&harness, "main"), "lane main, returned");
    harness.get_by_label("printed 0 s  bad panicked: on purpose");
    picture(&mut harness, "panicked-dark");
    harness.get_by_label("Run again").click();
    draw_until(&mut harness, is_over);
}

#[test]
fn picture_of_the_semaphore_paused_on_both_axes() {
    let mut harness = open("semaphore", Theme::Dark);
    for count in 1..=18 {
        harness.get_by_label("Step").click();
        draw_until(&mut harness, |app| polls(app) == count);
    }
    picture(&mut harness, "semaphore-time-dark");
    harness.key_press(Key::X);
    harness.key_press(Key::T);
    harness.run_steps(3);
    picture(&mut harness, "semaphore-steps-light");
}

#[test]
fn picture_of_the_empty_window() {
    let mut harness = open("say-hello", Theme::Light);
    picture(&mut harness, "empty-light");
}

#[test]
fn picture_of_a_laptop_window() {
    let mut harness = open_scenario(scenarios::find("queue").unwrap(), Theme::Light, vec2(1280.0, 720.0));
    run_to_the_end(&mut harness);
    harness.key_press(Key::X);
    harness.run_steps(3);
    picture(&mut harness, "queue-laptop-light");
}

#[test]
fn picture_of_the_smallest_window() {
    let mut harness = open_scenario(scenarios::find("queue").unwrap(), Theme::Dark, vec2(1024.0, 640.0));
    run_to_the_end(&mut harness);
    picture(&mut harness, "queue-small-dark");
}

/// A record of so many tasks, each of which waits for the next in a circle.
fn circle(tasks: u32) -> Record {
    let mut record = Record::default();
    let mut push = |kind| record.push(Event { at: Nanos(0), worker: WorkerId(0), kind });
    push(EventKind::RunStarted { clock: ClockKind::Virtual, seed: 0, origin: Origin::titled("say-hello") });
    let site = SiteId(0);
    push(EventKind::SiteDefined { site, file: "a.rs".into(), line: 1, column: 1 });
    push(EventKind::IterationStarted { batch: tasks });
    for task in (0..tasks).map(TaskId) {
        let name = if task == TaskId(0) { "main".into() } else { format!("t{}", task.0).into() };
        push(EventKind::TaskSpawned { task, parent: None, name, site });
        push(EventKind::Enqueued { task, cause: EnqueueCause::Spawned });
    }
    for task in (0..tasks).map(TaskId) {
        push(EventKind::PollStarted { task });
        let on = WaitOn::Join(TaskId((task.0 + 1) % tasks));
        push(EventKind::WaitBegan { task, wait: WaitId(task.0), on, site, frame: FrameId::TASK });
        push(EventKind::PollEnded { task, outcome: PollOutcome::Pending });
    }
    push(EventKind::RunEnded { outcome: Outcome::Deadlock });
    record
}

#[test]
fn while_findings_are_looked_for_the_window_says_so_and_they_belong_to_the_record_that_is_shown() {
    let folder = std::env::temp_dir().join(format!("loopscope-findings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("circle.loopscope");
    loopscope::trace::file::save(&circle(50_000), &path).unwrap();
    let session = Session::open(&path).unwrap();
    let mut harness = show(Show::Run(Box::new(session)), Theme::Light, SIZE);
    draw_until(&mut harness, |app| app.session().is_some_and(Session::has_all));
    if !harness.state().is_concluded() {
        harness.get_by_label("Findings…").click();
        harness.run_steps(3);
        let says_so = harness.query_by_label("Looking for findings…").is_some();
        assert!(says_so || harness.state().is_concluded());
    }
    draw_until(&mut harness, App::is_concluded);
    harness.get_by_label("Findings: 1").click();
    harness.run_steps(3);
    harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("a deadlock: main waits")));
    // While they are looked for, another run is started: what was found is dropped.
    let session = Session::open(&path).unwrap();
    let mut harness = show(Show::Run(Box::new(session)), Theme::Light, SIZE);
    draw_until(&mut harness, |app| app.session().is_some_and(Session::has_all));
    harness.key_press(Key::R);
    harness.run_steps(2);
    assert!(harness.state().session().is_some_and(|session| !session.is_saved()));
    draw_until(&mut harness, is_over);
    assert!(harness.query_by_label_contains("a deadlock").is_none() && harness.query_by_label("Findings: 1").is_none());
    std::fs::remove_dir_all(folder).unwrap();
}
