//! The lanes, as one reads them: their size and their signs, and what can be shown below them.

#[path = "support/window.rs"]
mod support;

use egui::{Key, Rect, Theme, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::App;
use support::{open, run_to_the_end};

fn finished(id: &str) -> Harness<'static, App> {
    let mut harness = open(id, Theme::Dark);
    run_to_the_end(&mut harness);
    harness.remove_cursor();
    harness.run_steps(3);
    harness
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

fn axis(harness: &Harness<'_, App>) -> Rect {
    harness.get_by_label("Time cursor").rect()
}

fn rows(harness: &Harness<'_, App>) -> Vec<Rect> {
    let lanes = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("lane ")));
    lanes.map(|node| node.rect()).collect()
}

fn show(harness: &mut Harness<'_, App>, name: &str) {
    harness.get_by_label("What is shown").click();
    harness.run_steps(3);
    harness.get_by_label(name).click();
    harness.run_steps(3);
    press(harness, Key::Escape);
}

fn labels(harness: &Harness<'_, App>, start: &str) -> Vec<String> {
    let found = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with(start)));
    found.map(|node| node.accesskit_node().label().unwrap_or_default()).collect()
}

#[test]
fn few_lanes_are_high_and_many_are_low() {
    let few = rows(&finished("create-task"))[0].height();
    let many = rows(&finished("semaphore"))[0].height();
    assert!(few > 50.0 && many < 30.0, "{few} {many}");
}

#[test]
fn the_legend_opens_by_a_click_and_tells_every_sign() {
    let mut harness = finished("create-task");
    assert!(labels(&harness, "sign: ").is_empty());
    harness.get_by_label("All signs").click();
    harness.run_steps(3);
    let signs = labels(&harness, "sign: ");
    assert!(signs.len() > 30, "{}", signs.len());
    for words in ["waits for a timer", "waits for something shared", "waits for a task", "late: ", "a timer fired"] {
        assert!(signs.iter().any(|sign| sign.starts_with(&format!("sign: {words}"))), "{words}");
    }
    press(&mut harness, Key::Escape);
    assert!(labels(&harness, "sign: ").is_empty());
}

#[test]
fn what_has_a_number_is_drawn_as_a_curve_on_both_axes() {
    let mut harness = finished("semaphore");
    show(&mut harness, "free permits of gate");
    assert_eq!(labels(&harness, "chart: free permits"), ["chart: free permits of gate, 3 of 3 at 4 s, most 3"]);
    press(&mut harness, Key::X);
    assert_eq!(labels(&harness, "chart: ").len(), 1, "on the steps axis, of the charts only counters");
    press(&mut harness, Key::Home);
    assert_eq!(labels(&harness, "chart: free permits"), ["chart: free permits of gate, 3 of 3 at 0 s, most 3"]);
    let mut harness = finished("queue-bounded");
    show(&mut harness, "items in queue");
    assert!(labels(&harness, "chart: items in queue")[0].ends_with("most 2"));
}

#[test]
fn each_thread_has_a_lane_where_one_asks_for_it() {
    let mut harness = finished("work-stealing");
    assert!(labels(&harness, "lane of thread").is_empty());
    show(&mut harness, "lanes of threads");
    assert_eq!(labels(&harness, "lane of thread"), [1, 2, 3].map(|thread| format!("lane of thread {thread}")));
}

#[test]
fn figures_of_charts_say_until_when() {
    let mut harness = finished("blocking-the-loop");
    assert_eq!(labels(&harness, "chart: ready tasks"), ["chart: ready tasks, peak 3, until 2.1 s"]);
    press(&mut harness, Key::Home);
    assert!(labels(&harness, "chart: ready tasks")[0].ends_with("until 0 s"));
}

#[test]
fn before_a_run_nothing_moves_its_beginning_out_of_view() {
    let mut harness = open("create-task", Theme::Dark);
    let before = harness.render().unwrap();
    (0..5).for_each(|_| press(&mut harness, Key::D));
    assert!(harness.render().unwrap() == before);
}

#[test]
fn a_tip_goes_with_its_bar() {
    let mut harness = finished("create-task");
    let lane = rows(&harness)[1];
    harness.hover_at(pos2(axis(&harness).left() + axis(&harness).width() * 0.9, lane.center().y));
    harness.run_steps(60);
    let told = |harness: &Harness<'_, App>| {
        harness.query_all_by(|node| node.value().is_some_and(|value| value.contains("waited"))).count()
    };
    assert_eq!(told(&harness), 1);
    // Everything moves away to the left.
    (0..8).for_each(|_| press(&mut harness, Key::D));
    harness.run_steps(10);
    assert_eq!(told(&harness), 0);
}

#[test]
fn where_a_step_moves_nothing_on_the_axis_of_time_the_steps_axis_is_offered() {
    let mut harness = finished("create-task");
    assert!(harness.query_by_label("Show each step").is_none(), "at the end there is nothing to step to");
    press(&mut harness, Key::Home);
    press(&mut harness, Key::ArrowRight);
    assert!(!labels(&harness, "chart: ").is_empty());
    harness.get_by_label("Show each step").click();
    harness.run_steps(3);
    assert!(labels(&harness, "chart: ").is_empty(), "the charts of the axis of time are gone");
    assert!(harness.query_by_label("Show each step").is_none());
}
