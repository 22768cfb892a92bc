//! The tools of the timeline, driven by the pointer, by accessible names and by keys.

#[path = "support/window.rs"]
mod support;

use egui::{Key, Modifiers, Pos2, Rect, Theme, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::{App, Show};
use loopscope::runtime::Speed;
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};
use support::{SIZE, drag, open, picture, run_to_the_end, show};

/// A lesson that has been run to its end.
fn finished(id: &str, theme: Theme) -> Harness<'static, App> {
    let mut harness = open(id, theme);
    run_to_the_end(&mut harness);
    harness.remove_cursor();
    harness.run_steps(3);
    harness
}

/// The axis: as wide as the lanes, which are below it.
fn axis(harness: &Harness<'_, App>) -> Rect {
    harness.get_by_label("Time cursor").rect()
}

/// A place on the first lane, at a time of a run that is shown as a whole.
fn at(harness: &Harness<'_, App>, seconds: f32) -> Pos2 {
    // What is shown begins a little before the run and ends after it.
    let end = harness.state().session().unwrap().record().log().end().as_secs_f64() as f32;
    let part = (seconds / end + 0.012) / (1.09 + 0.012);
    pos2(axis(harness).left() + axis(harness).width() * part, axis(harness).bottom() + 20.0)
}

fn has(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_by_label_contains(label).is_some()
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

/// What the strip of the whole run says is shown.
fn shown(harness: &Harness<'_, App>) -> String {
    harness.get_by_label_contains("Whole run: ").accesskit_node().label().unwrap()
}

#[test]
fn a_drag_with_shift_measures_and_escape_clears() {
    let mut harness = finished("create-task", Theme::Dark);
    let (from, to) = (at(&harness, 0.5), at(&harness, 2.5));
    drag(&mut harness, from, to, Modifiers::SHIFT);
    harness.get_by(|node| node.value().is_some_and(|words| words.starts_with("all tasks: 0 polls, running 0 s")));
    assert!(!has(&harness, "Whole run"), "measuring moves nothing");
    // From the border of a span near the pointer: all of the sleep, and the polls at its ends.
    let (from, to) = (at(&harness, 0.02), at(&harness, 2.98));
    drag(&mut harness, from, to, Modifiers::SHIFT);
    assert!(harness.query_all_by_label("3 s").count() > 0);
    harness.get_by(|node| node.value().is_some_and(|words| words.starts_with("all tasks: 6 polls")));
    press(&mut harness, Key::ArrowDown);
    harness.get_by(|node| node.value().is_some_and(|words| words.starts_with("main: ")));
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Clear").is_none());
}

#[test]
fn a_drag_with_ctrl_zooms_to_the_range_and_fitting_goes_from_the_part_to_the_whole() {
    let mut harness = finished("create-task", Theme::Dark);
    let (from, to) = (at(&harness, 1.0), at(&harness, 2.0));
    drag(&mut harness, from, to, Modifiers::COMMAND);
    let range = shown(&harness);
    let ends: Vec<f64> = range.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert!((ends[0] - 1.0).abs() < 0.02 && (ends[1] - 2.0).abs() < 0.02, "{range}");
    press(&mut harness, Key::F);
    assert!(!has(&harness, "Whole run"), "nothing is selected: all is shown");
    let (from, to) = (at(&harness, 1.0), at(&harness, 2.0));
    drag(&mut harness, from, to, Modifiers::SHIFT);
    press(&mut harness, Key::F);
    assert!(has(&harness, "Whole run"), "what is measured is fitted first");
    press(&mut harness, Key::F);
    assert!(!has(&harness, "Whole run"), "and then all");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(2);
    assert!(has(&harness, "Whole run"), "fitting can be undone");
}

#[test]
fn on_the_steps_axis_columns_are_measured() {
    let mut harness = finished("create-task", Theme::Dark);
    press(&mut harness, Key::X);
    let axis = axis(&harness);
    let from = pos2(axis.left() + 10.0, axis.bottom() + 20.0);
    drag(&mut harness, from, from + egui::vec2(axis.width(), 0.0), Modifiers::SHIFT);
    harness.get_by_label_contains("7 steps, 3 s");
    harness.get_by_label_contains("all tasks: 6 polls");
    picture(&mut harness, "measure-steps-dark");
}

#[test]
fn the_window_on_the_whole_run_is_dragged_resized_and_brought_elsewhere() {
    let mut harness = finished("create-task", Theme::Dark);
    let (from, to) = (at(&harness, 1.0), at(&harness, 2.0));
    drag(&mut harness, from, to, Modifiers::COMMAND);
    let ends = |harness: &Harness<'_, App>| -> Vec<f64> {
        shown(harness).split_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    let before = ends(&harness);
    let end = |harness: &Harness<'_, App>, name: &str| harness.get_by_label(name).rect().center();
    let (left, right) = (end(&harness, "Left end of what is shown"), end(&harness, "Right end of what is shown"));
    let middle = left + (right - left) / 2.0;
    drag(&mut harness, middle, middle + egui::vec2(80.0, 0.0), Modifiers::NONE);
    let moved = ends(&harness);
    let by = moved[0] - before[0];
    assert!(by > 0.2 && ((moved[1] - before[1]) - by).abs() < 0.002, "{before:?} {moved:?}");
    let right = end(&harness, "Right end of what is shown");
    drag(&mut harness, right, right + egui::vec2(40.0, 0.0), Modifiers::NONE);
    let wider = ends(&harness);
    assert!(wider[0] == moved[0] && wider[1] > moved[1] + 0.1, "{moved:?} {wider:?}");
    let strip = harness.get_by_label_contains("Whole run: ").rect();
    let place = pos2(strip.left() + 2.0, strip.center().y);
    harness.drag_at(place);
    harness.drop_at(place);
    harness.run_steps(2);
    let brought = ends(&harness);
    assert!(brought[0] == 0.0 && brought[1] < wider[1] - 1.0, "{wider:?} {brought:?}");
}

#[test]
fn picture_of_a_measure_in_a_part_of_the_run() {
    let mut harness = finished("semaphore", Theme::Light);
    let (from, to) = (at(&harness, 0.6), at(&harness, 2.7));
    drag(&mut harness, from, to, Modifiers::COMMAND);
    let axis = axis(&harness);
    let from = pos2(axis.left() + axis.width() * 0.2, axis.bottom() + 100.0);
    drag(&mut harness, from, from + egui::vec2(axis.width() * 0.4, 0.0), Modifiers::SHIFT);
    harness.remove_cursor();
    harness.run_steps(3);
    picture(&mut harness, "measure-light");
}

/// The names of the lanes, from top to bottom.
fn lanes(harness: &Harness<'_, App>) -> Vec<String> {
    let lanes = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("lane ")));
    let mut lanes: Vec<_> = lanes.map(|node| (node.rect().top(), node.accesskit_node().label().unwrap())).collect();
    lanes.sort_by(|a, b| a.0.total_cmp(&b.0));
    lanes.iter().map(|(_, label)| label["lane ".len()..].split(',').next().unwrap().to_owned()).collect()
}

#[test]
fn what_a_task_spawned_is_folded_away_and_comes_back() {
    let mut harness = finished("semaphore", Theme::Dark);
    assert_eq!(lanes(&harness).len(), 11);
    harness.get_by_label("Fold main, 10 below").click();
    harness.run_steps(3);
    assert_eq!(lanes(&harness), ["main"]);
    picture(&mut harness, "folded-dark");
    harness.get_by_label("Unfold main, 10 below").click();
    harness.run_steps(3);
    assert_eq!(lanes(&harness).len(), 11);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::O);
    harness.run_steps(3);
    assert_eq!(lanes(&harness), ["main"]);
    // What leads to a task brings its lane back.
    harness.get_by_label_contains("chip fetch-2,").click();
    press(&mut harness, Key::Escape);
    harness.get_by_label("Unfold all lanes").click();
    harness.run_steps(3);
    assert_eq!(lanes(&harness).len(), 11);
    harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("lane main,"))).focus();
    press(&mut harness, Key::Enter);
    assert_eq!(lanes(&harness), ["main"], "Enter on a lane folds it");
}

#[test]
fn slash_finds_lanes_by_name() {
    let mut harness = finished("semaphore", Theme::Light);
    press(&mut harness, Key::Slash);
    harness.get_by_role_and_label(egui::Role::TextInput, "Find lanes").type_text("CH-1");
    harness.run_steps(3);
    assert_eq!(lanes(&harness), ["fetch-1"]);
    harness.get_by_label("1 of 11");
    picture(&mut harness, "find-light");
    press(&mut harness, Key::Enter);
    let is_selected = |harness: &Harness<'_, App>, name: &str| {
        let start = format!("lane {name},");
        let node = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(&start)));
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_selected(&harness, "fetch-1"));
    press(&mut harness, Key::Escape);
    assert_eq!(lanes(&harness).len(), 11);
    assert!(is_selected(&harness, "fetch-1"), "what was found stays selected");
}

#[test]
fn lanes_are_sorted_by_what_they_did() {
    let mut harness = finished("semaphore", Theme::Dark);
    harness.get_by_label("What is shown").click();
    harness.run_steps(3);
    harness.get_by_label("by time waiting").click();
    harness.run_steps(3);
    let sorted = lanes(&harness);
    assert_eq!((sorted[0].as_str(), sorted[1].as_str(), sorted[10].as_str()), ("main", "fetch-9", "fetch-2"));
}

#[test]
fn bookmarks_are_set_named_and_gone_to() {
    let mut harness = finished("create-task", Theme::Dark);
    press(&mut harness, Key::B);
    harness.get_by_label("Bookmark 1, at 3 s");
    press(&mut harness, Key::Home);
    press(&mut harness, Key::B);
    harness.get_by_label("Bookmark 2, at 3 s");
    harness.get_by_label("Bookmark 1, at 0 s").click();
    harness.get_by_label("Bookmark 1, at 0 s").click();
    harness.run_steps(3);
    harness.get_by_label("Name of the bookmark").type_text("both asleep");
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    harness.get_by_label("Bookmark 1, both asleep, at 0 s");
    press(&mut harness, Key::Period);
    assert_eq!(harness.state().time().as_secs_f64(), 3.0);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::ArrowLeft);
    harness.run_steps(3);
    assert_eq!(harness.state().time().as_secs_f64(), 0.0);
    picture(&mut harness, "bookmarks-dark");
    press(&mut harness, Key::B);
    assert!(!has(&harness, "Bookmark 1, both"));
    harness.get_by_label("Bookmark 1, at 3 s");
}

#[test]
fn the_moments_of_the_lesson_are_marked_on_the_axis_and_lead_there() {
    let mut harness = finished("create-task", Theme::Dark);
    let marks = |harness: &Harness<'_, App>| {
        let is_mark = |label: String| label.starts_with("Moment");
        harness.query_all_by(|node| node.label().is_some_and(is_mark)).count()
    };
    assert_eq!(marks(&harness), 2, "at the start and at the end of the sleep, each with several");
    harness.get_by_label_contains("Moments 1").click();
    harness.run_steps(3);
    assert_eq!(harness.state().time().as_secs_f64(), 0.0);
}

#[test]
fn space_plays_the_record_of_a_run_that_is_over_from_the_cursor() {
    let mut harness = finished("create-task", Theme::Dark);
    let length = harness.state().session().unwrap().record().log().len();
    press(&mut harness, Key::Home);
    harness.get_by_label("Play").click();
    harness.run_steps(10);
    let early = harness.state().time().as_secs_f64();
    assert!(early > 0.0 && early < 1.5, "{early}");
    harness.get_by_label("Pause").click();
    harness.run_steps(10);
    let held = harness.state().time();
    harness.run_steps(10);
    assert_eq!(harness.state().time(), held);
    harness.key_press(Key::Space);
    harness.run_steps(200);
    harness.get_by_label("Run again");
    assert_eq!(harness.state().time().as_secs_f64(), 3.0);
    assert_eq!(harness.state().session().unwrap().record().log().len(), length, "nothing ran anew");
    harness.run(); // comes to rest, or this panics
}

#[test]
fn a_measured_range_is_played_again_and_again() {
    let mut harness = finished("create-task", Theme::Dark);
    let (from, to) = (at(&harness, 1.0), at(&harness, 2.0));
    drag(&mut harness, from, to, Modifiers::SHIFT);
    press(&mut harness, Key::L);
    let mut times = Vec::new();
    for _ in 0..300 {
        harness.step();
        times.push(harness.state().time().as_secs_f64());
    }
    assert!(times.iter().all(|time| (0.98..2.02).contains(time)), "{times:?}");
    let returns = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
    assert!((2..=3).contains(&returns), "at the greatest speed each takes two seconds: {returns}");
    press(&mut harness, Key::Escape);
    let held = harness.state().time();
    harness.run_steps(10);
    assert_eq!(harness.state().time(), held);
    harness.get_by_label("Clear"); // what was measured is still there
    // On the steps axis the same range is played by columns.
    press(&mut harness, Key::X);
    harness.get_by_label("Loop").click();
    harness.run_steps(100);
    assert!((0.98..2.02).contains(&harness.state().time().as_secs_f64()));
}

#[test]
fn arrows_are_those_of_all_of_the_selected_task_or_none() {
    let mut harness = finished("semaphore", Theme::Dark);
    let all = harness.render().unwrap();
    press(&mut harness, Key::V);
    let of_none_selected = harness.render().unwrap();
    press(&mut harness, Key::V);
    let none = harness.render().unwrap();
    assert!(all != none && of_none_selected == none);
    press(&mut harness, Key::V);
    assert!(harness.render().unwrap() == all);
}

#[test]
fn charts_are_chosen_and_tell_their_values() {
    let mut harness = finished("blocking-the-loop", Theme::Light);
    for name in ["tasks by state", "time from ready to polled"] {
        harness.get_by_label("What is shown").click();
        harness.run_steps(3);
        harness.get_by_label(name).click();
        harness.run_steps(3);
        press(&mut harness, Key::Escape);
    }
    harness.get_by_label_contains("chart: tasks by state, peak ");
    assert!(harness.query_all_by_label_contains("chart: ready to polled, ").count() > 0);
    let chart = harness.get_by_label_contains("chart: tasks by state, peak ").rect();
    harness.hover_at(pos2(axis(&harness).left() + 150.0, chart.center().y));
    harness.run_steps(60);
    harness.get_by_label_contains(" running, ");
    harness.remove_cursor();
    harness.run_steps(3);
    picture(&mut harness, "charts-light");
}

#[test]
fn the_window_on_the_whole_run_is_moved_and_resized_by_keys_while_it_has_the_focus() {
    let mut harness = finished("create-task", Theme::Dark);
    let (from, to) = (at(&harness, 1.0), at(&harness, 2.0));
    drag(&mut harness, from, to, Modifiers::COMMAND);
    harness.remove_cursor();
    let is_on_strip = |harness: &Harness<'_, App>| {
        let is_it = |label: String| label.starts_with("Whole run: ");
        harness.query_all_by(|node| node.is_focused() && node.label().is_some_and(is_it)).count() == 1
    };
    for presses in 0.. {
        assert!(presses < 300, "Tab never comes to it");
        if is_on_strip(&harness) {
            break;
        }
        press(&mut harness, Key::Tab);
    }
    let time = harness.state().time();
    let part = |harness: &Harness<'_, App>| -> (f64, f64) {
        let words = shown(harness);
        let ends: Vec<f64> = words.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        (ends[0], ends[1])
    };
    let is_near = |one: f64, other: f64| (one - other).abs() < 0.005;
    let width = |(from, to): (f64, f64)| to - from;
    let before = part(&harness);
    press(&mut harness, Key::ArrowRight);
    let moved = part(&harness);
    assert!(moved.0 > before.0 && is_near(width(moved), width(before)), "{before:?} {moved:?}");
    press(&mut harness, Key::ArrowLeft);
    assert!(is_near(part(&harness).0, before.0));
    for (smaller, larger) in [(Key::ArrowUp, Key::ArrowDown), (Key::Plus, Key::Minus)] {
        press(&mut harness, smaller);
        let small = part(&harness);
        assert!(small.0 > before.0 && small.1 < before.1, "{before:?} {small:?}");
        press(&mut harness, larger);
        assert!(is_near(part(&harness).0, before.0) && is_near(part(&harness).1, before.1));
    }
    picture(&mut harness, "minimap-focus-dark");
    for _ in 0..40 {
        press(&mut harness, Key::ArrowLeft);
    }
    assert!(part(&harness).0 == 0.0 && is_near(width(part(&harness)), width(before)), "it stays within the run");
    for _ in 0..20 {
        press(&mut harness, Key::ArrowDown);
    }
    assert!(part(&harness).0 == 0.0 && part(&harness).1 >= 3.0, "no larger than all");
    assert!(is_on_strip(&harness) && harness.state().time() == time, "the cursor stayed where it was");
    press(&mut harness, Key::Tab);
    press(&mut harness, Key::ArrowLeft);
    assert!(harness.state().time() < time || !is_on_strip(&harness), "elsewhere the key steps");
}

#[test]
fn behind_the_end_of_a_task_the_tip_tells_when_it_ended() {
    for key in [None, Some(Key::X)] {
        let mut harness = finished("semaphore", Theme::Dark);
        key.into_iter().for_each(|key| press(&mut harness, key));
        let lane = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("lane fetch-0,"))).rect();
        let place = pos2(axis(&harness).left() + axis(&harness).width() * 0.7, lane.center().y);
        harness.hover_at(place);
        harness.run_steps(60);
        assert!(has(&harness, "fetch-0 returned at 1 s"), "on the axis {key:?}");
        assert!(!has(&harness, "fetch-0, running"));
    }
}

#[test]
fn picture_of_a_run_whose_beginning_was_given_up() {
    let mut plan = Plan { speed: Speed::MAX, ..Plan::new(scenarios::find("buffered-stream").unwrap()) };
    for assignment in ["as=tasks", "pages=10000"] {
        plan.params.assign(assignment).unwrap();
    }
    plan.memory = Some(100_000); // bytes: less than the run takes
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    while session.pump_wait() {}
    let record = session.record();
    assert!(record.first() > 1000 && record.given_up().tasks > 100, "{} events are gone", record.first());
    let mut harness = show(Show::Run(Box::new(session)), Theme::Light, SIZE);
    picture(&mut harness, "given-up-light");
    press(&mut harness, Key::X);
    picture(&mut harness, "given-up-steps-light");
}
