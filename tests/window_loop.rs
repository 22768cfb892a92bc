//! The loop as a place: who stands where, in which order, and what one click tells.

#[path = "support/steps.rs"]
mod steps;
#[path = "support/window.rs"]
mod window;

use egui::{Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::scenarios;
use steps::{back, click, labels, open_ran, step_to};
use window::{SETTLED, open, open_scenario, picture};

#[test]
fn ready_tasks_stand_in_the_order_in_which_they_will_run() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 1);
    let chips: Vec<_> = harness
        .query_all_by(|node| node.label().is_some_and(|label| label.starts_with("chip fetch-")))
        .map(|node| ((node.rect().left(), node.rect().top()), node.accesskit_node().label().unwrap()))
        .collect();
    assert_eq!(chips.len(), 10);
    assert!(
        chips.is_sorted_by(|one, next| one.0 < next.0),
        "each below the one before it, column by column: {chips:?}"
    );
    for (number, (_, chip)) in chips.iter().enumerate() {
        assert_eq!(*chip, format!("chip fetch-{number}, ready, number {} in the queue: spawned by main", number + 1));
    }
}

#[test]
fn a_shared_thing_tells_how_full_it_is_and_who_is_in_line() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 11); // main and each of its ten children
    harness.get_by_label("gate, semaphore, 0 of 3 free, 7 wait");
    let in_line: Vec<String> = labels(&harness, "chip ").into_iter().filter(|label| label.contains("gate")).collect();
    let expected: Vec<String> =
        (3..10).map(|number| format!("chip fetch-{number}, waiting on a permit of gate")).collect();
    assert_eq!(in_line, expected);
    click(&mut harness, "gate, semaphore");
    assert_eq!(labels(&harness, "in line: ").len(), 7, "the inspector shows what was clicked");
}

#[test]
fn a_timer_tells_what_is_left_and_a_click_selects_it_and_its_lane() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 11);
    assert_eq!(
        labels(&harness, "timer of "),
        ["timer of fetch-0, 1 s left", "timer of fetch-1, 1 s left", "timer of fetch-2, 1 s left"]
    );
    // Who holds the permits is named.
    harness.get_by_label("held by fetch-0, fetch-1, fetch-2");
    click(&mut harness, "timer of fetch-1,");
    harness.get_by_label_contains("set: 0 s");
    let lane = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("lane fetch-1,")));
    assert_eq!(lane.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
}

#[test]
fn the_iteration_is_told_as_the_loop_goes_through_it() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 12); // the first timer has fired and woken its task, which has run
    for part in ["Iteration 4", "woken by timers:", "have run:", "still to run:"] {
        harness.get_by_label(part);
    }
    assert_eq!(labels(&harness, "task fetch-").len(), 7, "three were woken, one has run, two will; and one ran last");
}

#[test]
fn a_deadlock_is_shown_as_it_stands_not_as_its_end_frees_everything() {
    let mut harness = open_ran("deadlock", &[]);
    harness.get_by_label_contains("Nothing, ever again: no task is ready, no timer is set");
    let waiting = labels(&harness, "chip bob-to-ann, waiting on the lock account-ann");
    assert_eq!(waiting.len(), 1, "{:?}", labels(&harness, "chip "));
    harness.get_by_label("Run again");
    harness.get_by_label_contains("ended in a deadlock, event");
    harness.key_press(egui::Key::End);
    harness.run_steps(SETTLED);
    let ended = labels(&harness, "chip bob-to-ann");
    assert!(ended.len() == 1 && !ended[0].contains("waiting"), "{ended:?}");
}

#[test]
fn a_chip_glides_to_its_new_place_and_comes_to_rest_there() {
    let mut harness = open("create-task", Theme::Dark);
    step_to(&mut harness, 1);
    harness.run_steps(SETTLED);
    step_to(&mut harness, 2);
    let under_way = harness.render().unwrap();
    harness.run_steps(SETTLED);
    let at_rest = harness.render().unwrap();
    assert!(under_way != at_rest, "it was still on its way");
    harness.run_steps(5);
    assert!(harness.render().unwrap() == at_rest);
}

#[test]
fn of_thousands_of_tasks_a_few_are_drawn_and_the_rest_counted() {
    let mut harness = open_ran("semaphore", &["requests=1000", "permits=3"]);
    assert!(labels(&harness, "chip ").len() <= 60);
    let is_count = |text: &str| text.starts_with("+9") && text.ends_with(" more");
    harness.get_by(|node| node.value().is_some_and(|text| is_count(&text)));
    back(&mut harness, 5);
    assert!(labels(&harness, "chip ").len() <= 120);
}

#[test]
fn picture_of_the_loop_in_the_middle_of_an_iteration() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 13);
    click(&mut harness, "gate, semaphore");
    picture(&mut harness, "loop-iteration-dark");
}

#[test]
fn picture_of_the_loop_in_the_smallest_window() {
    let scenario = scenarios::find("queue-bounded").unwrap();
    let mut harness = open_scenario(scenario, Theme::Light, vec2(1024.0, 640.0));
    step_to(&mut harness, 9);
    picture(&mut harness, "loop-small-light");
}
