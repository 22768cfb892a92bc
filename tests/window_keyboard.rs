//! The window without a mouse and without eyes: by keys alone, by the finder, and as a screen reader tells it.

#[path = "support/window.rs"]
mod support;
#[path = "support/written.rs"]
mod written;

use egui::accesskit::{Action, Live, NodeId, Role, Toggled};
use egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use loopscope::app::App;
use loopscope::event::Nanos;
use loopscope::scenarios;
use std::collections::BTreeSet;
use support::{draw_until, lane, open, open_scenario, picture, polls, run_to_the_end};

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

fn find(harness: &mut Harness<'_, App>, typed: &str) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    harness.run_steps(3);
    harness.get_by_label("Find").type_text(typed);
    harness.run_steps(3);
}

/// The entry of the finder that is chosen.
fn chosen(harness: &Harness<'_, App>) -> String {
    let list = harness.get_by_role_and_label(Role::ListBox, "Found");
    let mut options = list.query_all_by(|node| node.role() == Role::ListBoxOption && node.is_selected() == Some(true));
    options.next().unwrap().accesskit_node().label().unwrap()
}

fn focused(harness: &Harness<'_, App>) -> Option<(NodeId, String)> {
    let node = harness.query_all_by(|node| node.is_focused()).last()?;
    let node = node.accesskit_node();
    Some((node.locate().0, node.label().or(node.value()).unwrap_or_default()))
}

/// The controls that could be worked with the mouse now: all that take a click and are enabled.
fn controls(harness: &Harness<'_, App>) -> Vec<(NodeId, String)> {
    // What a scroll bar does, the focus does by itself: it scrolls to what it comes to.
    // From lesson to lesson go the arrow keys.
    let is_left_out = |role: Role| matches!(role, Role::ScrollBar | Role::ListBoxOption);
    let is_control = |node: &AccessKitNode<'_>| {
        node.data().supports_action(Action::Click) && !node.is_disabled() && !is_left_out(node.role())
    };
    let controls = harness.query_all_by(is_control).map(|node| node.accesskit_node());
    controls
        .map(|node| {
            let name = node.label().or(node.value());
            let name = name.unwrap_or_else(|| format!("{:?} at {:?}", node.role(), node.bounding_box()));
            (node.locate().0, name)
        })
        .collect()
}

#[test]
fn every_control_is_reached_by_tab_and_none_holds_the_keyboard() {
    for id in ["semaphore", "create-task"] {
        let mut harness = open(id, Theme::Dark);
        run_to_the_end(&mut harness);
        let mut reached = BTreeSet::new();
        let mut first = None;
        for presses in 0.. {
            assert!(presses < 500, "Tab never comes round");
            press(&mut harness, Key::Tab);
            let Some((node, name)) = focused(&harness) else { continue };
            if first.is_none() {
                first = Some(node);
            } else if first == Some(node) {
                break;
            }
            assert!(!name.is_empty(), "a control without a name has the focus");
            assert!(reached.insert(node), "'{name}' has the focus again before the round is over");
        }
        let missed: Vec<_> = controls(&harness).into_iter().filter(|(node, _)| !reached.contains(node)).collect();
        assert!(missed.is_empty(), "{id}: Tab never comes to {missed:?}");
        assert!(reached.len() > 40, "{}", reached.len());
    }
}

#[test]
fn a_control_that_gets_the_focus_comes_into_view_with_a_ring() {
    let mut harness = open_scenario(scenarios::find("queue").unwrap(), Theme::Light, vec2(1024.0, 640.0));
    let is_whole = |harness: &Harness<'_, App>| written::begins(harness, "The producer is ahead").is_whole();
    run_to_the_end(&mut harness);
    harness.run_steps(60); // until what it says has come into view
    let list = harness.get_by_label("Working together").rect();
    harness.hover_at(list.center() + vec2(0.0, 300.0));
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 2000.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(40);
    assert!(
        !written::written(&harness)
            .iter()
            .any(|text| text.words.starts_with("The producer is ahead") && text.is_whole()),
        "it is scrolled out at first"
    );
    while !focused(&harness).is_some_and(|(_, name)| name.starts_with("Step 3, ")) {
        press(&mut harness, Key::Tab);
    }
    harness.run_steps(40); // scrolls
    assert!(is_whole(&harness), "{:?}", written::begins(&harness, "The producer is ahead"));
    picture(&mut harness, "focus-small-light");
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().time(), Nanos::from_secs(3));
}

#[test]
fn commands_lessons_and_tasks_are_found_by_a_few_letters() {
    let mut harness = open("queue", Theme::Dark);
    run_to_the_end(&mut harness);
    find(&mut harness, "tostart");
    assert_eq!(chosen(&harness), "Go to the start, Home");
    press(&mut harness, Key::Enter);
    assert!(harness.query_by_label("Find").is_none());
    assert_eq!(harness.state().time(), Nanos::ZERO);

    find(&mut harness, "consumer");
    assert_eq!(chosen(&harness), "consumer, task 2");
    press(&mut harness, Key::Enter);
    let is_selected = |node: &AccessKitNode<'_>| {
        node.label().is_some_and(|label| label.starts_with("lane consumer")) && node.toggled() == Some(Toggled::True)
    };
    assert!(harness.query_by(is_selected).is_some());

    find(&mut harness, "fewsem");
    assert_eq!(chosen(&harness), "A few at a time (semaphore), lesson · Working together");
    press(&mut harness, Key::Enter);
    assert!(harness.state().session().is_none());

    // With nothing typed, what was found last comes first.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    harness.run_steps(3);
    assert_eq!(chosen(&harness), "A few at a time (semaphore), lesson · Working together");
    press(&mut harness, Key::ArrowDown);
    assert!(chosen(&harness).starts_with("Go to the start"), "a task that is gone is left out");
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowUp);
    assert_eq!(chosen(&harness), "A few at a time (semaphore), lesson · Working together");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Find").is_none());
}

#[test]
fn what_is_not_there_is_said_and_letters_are_no_commands() {
    let mut harness = open("queue", Theme::Dark);
    find(&mut harness, "xqzt");
    harness.get_by_label("Nothing here is called “xqzt”.");
    assert_eq!(harness.ctx.theme(), Theme::Dark, "T in a field is a letter");
    press(&mut harness, Key::Enter);
    harness.get_by_label("Find");
    press(&mut harness, Key::Space);
    assert!(harness.state().session().is_none());
}

#[test]
fn picture_of_the_finder() {
    let mut harness = open("queue", Theme::Dark);
    find(&mut harness, "ste");
    picture(&mut harness, "finder-dark");
}

#[test]
fn high_contrast_is_found_and_goes_with_both_themes() {
    let mut harness = open("semaphore", Theme::Dark);
    for count in 1..=18 {
        press(&mut harness, Key::PageDown);
        draw_until(&mut harness, |app| polls(app) == count);
    }
    find(&mut harness, "high con");
    press(&mut harness, Key::Enter);
    picture(&mut harness, "high-contrast-dark");
    press(&mut harness, Key::T);
    picture(&mut harness, "high-contrast-light");
}

#[test]
fn everything_is_made_larger_and_smaller_within_bounds() {
    let mut harness = open("queue", Theme::Dark);
    let mut sizes = Vec::new();
    let mut zoom = |harness: &mut Harness<'_, App>, key, count| {
        for _ in 0..count {
            harness.key_press_modifiers(Modifiers::COMMAND, key);
            harness.run_steps(3);
        }
        sizes.push(harness.ctx.zoom_factor());
    };
    zoom(&mut harness, Key::Plus, 1);
    zoom(&mut harness, Key::Equals, 20);
    zoom(&mut harness, Key::Minus, 20);
    zoom(&mut harness, Key::Num0, 1);
    assert_eq!(sizes, [1.1, 2.5, 0.8, 1.0]);
}

#[test]
fn a_screen_reader_is_told_what_a_step_did() {
    let mut harness = open("create-task", Theme::Dark);
    let said = |harness: &Harness<'_, App>| {
        let node = harness.get_by(|node| node.live() == Live::Polite);
        node.accesskit_node().label().unwrap()
    };
    assert_eq!(said(&harness), "not started");
    for count in 1..=2 {
        press(&mut harness, Key::PageDown);
        draw_until(&mut harness, |app| polls(app) == count);
    }
    assert_eq!(said(&harness), "0 s: fetch-1 gives control back to the loop, waiting on sleep 3 s, 3 s left");
    let before = said(&harness);
    press(&mut harness, Key::ArrowLeft);
    assert_ne!(said(&harness), before);
    press(&mut harness, Key::ArrowRight);
    assert_eq!(said(&harness), before);
    assert!(lane(&harness, "fetch-1").starts_with("lane fetch-1, waiting on sleep 3 s"));
}

#[test]
fn a_lane_tells_its_spans_in_view() {
    let mut harness = open("sequential-await", Theme::Dark);
    run_to_the_end(&mut harness);
    let told = |harness: &Harness<'_, App>| {
        let node = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("lane main,")));
        node.accesskit_node().description().unwrap()
    };
    assert!(told(&harness).contains("waiting on sleep 3 s from 0 s for 3 s"), "{}", told(&harness));
    press(&mut harness, Key::Home);
    for _ in 0..6 {
        press(&mut harness, Key::W);
    }
    assert!(!told(&harness).contains("from 3 s"), "{}", told(&harness));
}

#[test]
fn the_keys_fit_the_smallest_window_whole() {
    let mut harness = open_scenario(scenarios::find("queue").unwrap(), Theme::Light, vec2(1024.0, 640.0));
    harness.get_by_label("Keys").click();
    harness.run_steps(4);
    let below = harness.get_by_label_contains("A step forward at the live edge").rect().top();
    for last in ["Close the window and end its run", "Select the task below", "Undo a pan or zoom"] {
        assert!(harness.get_by_label(last).rect().bottom() < below, "'{last}' is scrolled out");
    }
}
