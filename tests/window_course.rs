//! The course in the window: a lesson is found, asks, is gone through, and leads to the next.

#[path = "support/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::App;
use window::{draw_until, is_over, open, run_to_the_end};

fn steps(harness: &Harness<'_, App>) -> Vec<String> {
    let is_step = |label: &str| label.starts_with("Step ") && label.contains("reached");
    let nodes = harness.query_all_by(|node| node.label().is_some_and(|label| is_step(&label)));
    nodes.map(|node| node.accesskit_node().label().unwrap()).collect()
}

fn guess(harness: &mut Harness<'_, App>, words: &str) {
    harness.get_by_label("Your guess").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Your guess").type_text(words);
    harness.run_steps(2);
    harness.get_by_label("Guess").click_accesskit();
    harness.run_steps(3);
}

#[test]
fn a_guess_that_says_nothing_is_refused_for_as_long_as_it_stands() {
    let mut harness = open("fetch-and-process", Theme::Dark);
    guess(&mut harness, "soon");
    harness.run_steps(20);
    harness.get_by_label("Type seconds, such as 1.5, or a time with a unit, such as 200 ms.");
    guess(&mut harness, "500 ms");
    harness.get_by_label("Your guess: 500 ms. Run it to check.");
    assert!(harness.query_by_label_contains("Say it in seconds").is_none());
}

#[test]
fn a_refused_guess_keeps_the_keyboard_and_is_replaced_by_what_is_typed_next() {
    let mut harness = open("fetch-and-process", Theme::Dark);
    harness.get_by_label("Your guess").focus();
    harness.run_steps(2);
    harness.get_by_label("Your guess").type_text("three");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.get_by_label("Your guess").is_focused());
    assert_eq!(harness.get_by_label("Your guess").value().as_deref(), Some("three"), "it stays");
    harness.event(egui::Event::Text("3".to_owned()));
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert!(harness.state().session().is_none(), "the keys are those of the field");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("Your guess: 3. Run it to check.");
}

#[test]
fn a_lesson_on_the_real_clock_has_its_choices_before_it_is_run() {
    for (id, choice) in [("work-stealing", "yes"), ("file-read", "it runs other tasks")] {
        let mut harness = open(id, Theme::Dark);
        harness.get_by_label(choice).click_accesskit();
        harness.run_steps(2);
        harness.get_by_label(&format!("Your guess: {choice}. Run it to check."));
    }
}

#[test]
fn what_a_run_with_other_values_does_not_come_to_is_said_to_be_missed() {
    let mut harness = open("lost-wakeup", Theme::Dark);
    run_to_the_end(&mut harness);
    assert!(steps(&harness).iter().all(|step| !step.contains("not reached")), "{:?}", steps(&harness));
    harness.get_by_label("Try time to bake: 0 s").click_accesskit();
    harness.run_steps(3);
    assert!(steps(&harness).is_empty(), "the question is asked anew: {:?}", steps(&harness));
    harness.get_by_label("Run").click();
    draw_until(&mut harness, is_over);
    assert!(harness.query_all_by_label_contains("not in this run").count() > 0);
    assert!(steps(&harness).iter().all(|step| !step.contains("not reached")), "{:?}", steps(&harness));
}

#[test]
fn a_lesson_leads_to_the_next_which_the_list_shows() {
    let mut harness = open("event-loop-life", Theme::Dark);
    let next = "Next lesson: Producer and consumer (queue)";
    assert!(harness.query_by_label(next).is_none(), "not before the run");
    run_to_the_end(&mut harness);
    harness.get_by_label(next).click_accesskit();
    harness.run_steps(30);
    let list = harness.get_by_label("Working together").rect();
    let row = harness.get_by_role_and_label(Role::ListBoxOption, "Producer and consumer (queue)");
    let lesson = harness.get_by_label("Your guess").rect();
    assert!(list.top() < row.rect().top() && row.rect().bottom() < lesson.top(), "{list} {} {lesson}", row.rect());
}

#[test]
fn a_lesson_far_down_is_scrolled_to_when_it_is_loaded() {
    let mut harness = open("buffered-stream", Theme::Dark);
    harness.run_steps(40);
    let row = harness.get_by_role_and_label(Role::ListBoxOption, "A starved stream (buffered futures)");
    assert!((60.0..380.0).contains(&row.rect().center().y), "{}", row.rect());
}

#[test]
fn a_lesson_is_found_by_the_word_for_what_it_is_about() {
    let mut harness = open("say-hello", Theme::Dark);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    harness.run_steps(2);
    harness.get_by_label("Find").type_text("deadlock");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("order of locking");
}
