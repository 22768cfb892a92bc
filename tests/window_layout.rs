//! The window's panels: put away, brought back, made larger, shown in windows of their own; the course's ticks; the tour.

#[path = "support/raster.rs"]
mod raster;

use egui::{Key, Modifiers, Theme, Vec2, pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotOptions};
use loopscope::app::{App, Show};
use loopscope::scenarios;
use raster::Raster;

fn open(id: &str, theme: Theme, size: Vec2, pixels: f32) -> Harness<'static, App> {
    let scenario = scenarios::find(id).unwrap();
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(pixels)
        .with_theme(theme)
        .with_step_dt(1.0 / 60.0)
        .renderer(Raster::default())
        .build_eframe(move |cc| App::new(&cc.egui_ctx, Show::Scenario(scenario)));
    harness.run_steps(2);
    harness
}

fn open_usual(id: &str) -> Harness<'static, App> {
    open(id, Theme::Dark, vec2(1440.0, 900.0), 1.0)
}

fn run_to_the_end(harness: &mut Harness<'_, App>) {
    for _ in 0..5 {
        harness.key_press(Key::CloseBracket);
    }
    harness.run_steps(2);
    harness.key_press(Key::Space);
    for _ in 0..200_000 {
        harness.step();
        if harness.state().session().is_some_and(loopscope::session::Session::is_over) {
            harness.run_steps(3);
            return;
        }
    }
    panic!("the run never ended");
}

fn has(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_by_label(label).is_some()
}

/// Goes through the menu.
fn choose(harness: &mut Harness<'_, App>, names: &[&str]) {
    harness.get_by_label("Menu").click();
    harness.run_steps(3);
    for name in names {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }
}

#[test]
fn each_panel_is_put_away_and_brought_back_by_its_key() {
    let mut harness = open_usual("queue");
    run_to_the_end(&mut harness);
    let keys = [(Key::Num1, "Beginnings"), (Key::Num2, "Python"), (Key::Num3, "What happens")];
    for (key, label) in keys {
        assert!(has(&harness, label), "{label} is there");
        harness.key_press_modifiers(Modifiers::COMMAND, key);
        harness.run_steps(3);
        assert!(!has(&harness, label), "{label} is put away");
        harness.key_press_modifiers(Modifiers::COMMAND, key);
        harness.run_steps(3);
        assert!(has(&harness, label), "{label} is back");
    }
    let lane = |harness: &Harness<'_, App>| harness.get_by_label("Time cursor").rect();
    let before = lane(&harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    harness.run_steps(3);
    assert!(lane(&harness).top() < before.top() - 100.0, "the timeline has the room of the loop");
}

#[test]
fn the_menu_tells_which_panels_are_there() {
    let mut harness = open_usual("queue");
    let is_on = |harness: &Harness<'_, App>| {
        harness.get_by_label("Story").accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    choose(&mut harness, &["Panels"]);
    assert!(is_on(&harness));
    harness.get_by_label("Story").click();
    harness.run_steps(3);
    assert!(!has(&harness, "What happens"));
    choose(&mut harness, &["Panels"]);
    assert!(!is_on(&harness));
}

#[test]
fn a_border_that_is_dragged_stays_where_it_was_left() {
    let mut harness = open_usual("queue");
    let left = |harness: &Harness<'_, App>| harness.get_by_label("Python").rect().left();
    let before = left(&harness);
    let edge = harness.get_by_label("Rust").rect().left() - 9.0;
    harness.hover_at(pos2(edge, 500.0));
    harness.run_steps(2);
    harness.drag_at(pos2(edge, 500.0));
    harness.run_steps(2);
    harness.hover_at(pos2(edge - 100.0, 500.0));
    harness.run_steps(2);
    harness.drop_at(pos2(edge - 100.0, 500.0));
    harness.run_steps(3);
    let after = left(&harness);
    assert!((before - after - 100.0).abs() < 10.0, "from {before} to {after}");
    for _ in 0..2 {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
        harness.run_steps(3);
    }
    assert_eq!(left(&harness), after);
}

#[test]
fn code_and_story_go_into_windows_of_their_own_and_come_back() {
    let mut harness = open_usual("queue");
    run_to_the_end(&mut harness);
    for (apart, key, label) in
        [("Code in its own window", Key::Num2, "Python"), ("Story in its own window", Key::Num3, "What happens")]
    {
        let before = harness.get_by_label(label).rect();
        choose(&mut harness, &[apart]);
        assert_ne!(harness.get_by_label(label).rect(), before, "{label} is elsewhere");
        harness.key_press_modifiers(Modifiers::COMMAND, key);
        harness.run_steps(3);
        assert_eq!(harness.get_by_label(label).rect(), before, "{label} is back");
    }
}

#[test]
fn a_lesson_that_was_run_to_its_end_gets_a_tick_and_its_chapter_counts_it() {
    let mut harness = open_usual("say-hello");
    let told = |harness: &Harness<'_, App>, label: &str| {
        let nodes = harness.query_all_by_label(label);
        nodes.filter_map(|node| node.accesskit_node().description()).collect::<String>()
    };
    let lesson = scenarios::find("say-hello").unwrap().title;
    assert!(!told(&harness, lesson).contains("run it to its end") && told(&harness, "Beginnings").is_empty());
    run_to_the_end(&mut harness);
    assert!(told(&harness, lesson).contains("run it to its end"));
    assert!(told(&harness, "Beginnings").starts_with("1 of "));
}

#[test]
fn the_tour_is_shown_when_it_is_asked_for_and_leads_through_the_window() {
    let mut harness = open_usual("say-hello");
    assert!(!has(&harness, "Skip the tour"), "not by itself, where nothing is remembered");
    choose(&mut harness, &["Show the tour"]);
    let titles = [
        "Choose a lesson",
        "Predict before you run",
        "Run it and step through it",
        "See each task in its lane",
        "Look for what the lesson names",
        "Ask why",
        "Compare, and present",
    ];
    for (place, title) in titles.into_iter().enumerate() {
        assert!(has(&harness, title), "{title}");
        // What it speaks of is there.
        let run = harness.state().session();
        assert_eq!(run.is_some(), place > 2, "{title}");
        assert!(place > 2 || has(&harness, "Your guess"), "{title}");
        assert_eq!(harness.query_all_by_label_contains("lane main,").count() > 0, place > 2, "{title}");
        let next = if place + 1 == titles.len() { "Begin" } else { "Next" };
        harness.get_by_label(next).click();
        for _ in 0..200 {
            harness.step(); // until the lesson is at work
        }
    }
    assert!(!has(&harness, "Skip the tour"));
    assert!(harness.state().session().is_none() && has(&harness, "Your guess"), "the lesson is as it was");
    choose(&mut harness, &["Show the tour"]);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    // All else works meanwhile.
    run_to_the_end(&mut harness);
    assert!(has(&harness, titles[1]));
    assert!(harness.state().session().is_some(), "one's own run stays");
    harness.get_by_label("Back").click();
    harness.run_steps(3);
    assert!(has(&harness, titles[0]));
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!has(&harness, "Skip the tour"));
}

#[test]
fn the_bar_below_names_the_clock_and_the_order_that_ran() {
    for (id, order) in
        [("queue", "first in, first out, as in asyncio · virtual clock"), ("work-stealing", "smol order · real clock")]
    {
        let mut harness = open_usual(id);
        let told = |harness: &Harness<'_, App>| -> String {
            let is_it = |value: String| value.ends_with("virtual clock") || value.ends_with("real clock");
            harness.get_by(|node| node.value().is_some_and(is_it)).value().unwrap()
        };
        let clock = order.split(" · ").last().unwrap();
        assert_eq!(told(&harness), clock, "{id}: the order is known once tasks have run");
        run_to_the_end(&mut harness);
        assert_eq!(told(&harness), order, "{id}");
    }
}

#[test]
fn a_switch_shows_what_is() {
    let mut harness = open_usual("queue");
    assert!(has(&harness, "Clock: Virtual clock"));
    harness.get_by_label("Clock: Virtual clock").click();
    harness.run_steps(3);
    harness.get_by_label("Real clock").click();
    harness.run_steps(3);
    assert!(has(&harness, "Clock: Real clock"));
    let is_on = |harness: &Harness<'_, App>, axis: &str| {
        harness.get_by_label(axis).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_on(&harness, "Time axis") && !is_on(&harness, "Steps axis"));
    harness.key_press(Key::X);
    harness.run_steps(3);
    assert!(!is_on(&harness, "Time axis") && is_on(&harness, "Steps axis"));
}

fn picture(harness: &mut Harness<'_, App>, name: &str) {
    harness.snapshot_options(name, &SnapshotOptions::new().threshold(1.0).max_failed_pixels(40));
}

#[test]
fn picture_of_the_tour() {
    let mut harness = open("queue", Theme::Light, vec2(1440.0, 900.0), 1.0);
    run_to_the_end(&mut harness);
    choose(&mut harness, &["Show the tour"]);
    for _ in 0..3 {
        harness.get_by_label("Next").click();
        harness.run_steps(3);
    }
    harness.remove_cursor();
    harness.run_steps(2);
    picture(&mut harness, "tour-light");
}

#[test]
fn picture_of_the_menu_and_messages() {
    let mut harness = open("queue", Theme::Dark, vec2(1024.0, 640.0), 1.0);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    choose(&mut harness, &["Export"]);
    picture(&mut harness, "menu-small-dark");
}

#[test]
fn contrast_and_motion_are_in_the_menu_beside_the_theme_and_tell_what_is_on() {
    let mut harness = open_usual("queue");
    for name in ["Dark theme", "High contrast", "Less motion"] {
        let is_on = |harness: &mut Harness<'_, App>| {
            choose(harness, &["Appearance"]);
            let state = harness.get_by_label(name).accesskit_node().toggled();
            harness.get_by_label(name).click();
            harness.run_steps(3);
            state == Some(egui::accesskit::Toggled::True)
        };
        let at_first = is_on(&mut harness);
        assert_eq!(at_first, name == "Dark theme");
        assert_eq!(is_on(&mut harness), !at_first, "{name} was changed by a click");
        assert_eq!(is_on(&mut harness), at_first, "{name} was changed back");
    }
}
