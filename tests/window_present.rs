//! Presenting: what an audience sees, and when.

#[path = "support/window.rs"]
mod support;

use egui::{Key, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::App;
use loopscope::scenarios;
use support::{draw_until, is_over, open, open_scenario, picture, polls};

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(4);
}

/// A lesson that is presented, after as many presses of a clicker.
fn presented(id: &str, size: Vec2, clicks: usize) -> Harness<'static, App> {
    let mut harness = open_scenario(scenarios::find(id).unwrap(), Theme::Dark, size);
    press(&mut harness, Key::P);
    for count in 1..=clicks {
        press(&mut harness, Key::PageDown);
        draw_until(&mut harness, |app| polls(app) == count);
    }
    harness.run_steps(4);
    harness
}

fn has(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_by_label_contains(label).is_some()
}

#[test]
fn the_question_stands_alone_before_the_run_and_its_answer_after_it() {
    let mut harness = presented("create-task", support::SIZE, 0);
    let question = scenarios::find("create-task").unwrap().lesson.question();
    harness.get_by_label(question);
    assert!(!has(&harness, "Timeline") && !has(&harness, "What happens"));
    picture(&mut harness, "present-question");
    harness.get_by_label("Your guess").focus();
    harness.run_steps(2);
    harness.get_by_label("Your guess").type_text("6");
    harness.run_steps(2);
    harness.get_by_label("Guess").click();
    harness.run_steps(3);
    harness.get_by_label("You say: 6.");
    for _ in 0..5 {
        press(&mut harness, Key::CloseBracket);
    }
    press(&mut harness, Key::Space);
    draw_until(&mut harness, is_over);
    harness.run_steps(4);
    harness.get_by_label("The run says: 3 s. You said: 6.");
    harness.get_by_label("What happens");
}

#[test]
fn what_comes_next_is_hidden_until_it_is_revealed_or_reached() {
    let mut harness = presented("create-task", support::SIZE, 1);
    let steps: Vec<&str> = scenarios::find("create-task").unwrap().lesson.look_for().collect();
    let next = |harness: &Harness<'_, App>| steps.iter().position(|_| false).is_none() && has(harness, "Next: ");
    assert!(!next(&harness) && has(&harness, "What comes next?"));
    press(&mut harness, Key::N);
    assert!(next(&harness) && !has(&harness, "What comes next?"));
    // The run comes there: that step is told, and the one after it is hidden again.
    let told = |harness: &Harness<'_, App>| {
        (1..=steps.len()).find(|number| has(harness, &format!("{number} of {}: ", steps.len())))
    };
    let before = told(&harness);
    for count in 2.. {
        press(&mut harness, Key::PageDown);
        draw_until(&mut harness, |app| polls(app) == count);
        harness.run_steps(3);
        if told(&harness) != before {
            break;
        }
        assert!(next(&harness), "until then it stays revealed");
    }
    assert!(!next(&harness));
}

#[test]
fn a_step_that_is_revealed_is_hidden_again_for_the_next_run() {
    let mut harness = presented("create-task", support::SIZE, 1);
    press(&mut harness, Key::N);
    assert!(has(&harness, "Next: "));
    press(&mut harness, Key::R);
    assert!(!has(&harness, "Next: "));
}

#[test]
fn where_one_does_not_present_there_is_nothing_to_reveal() {
    let mut harness = open("create-task", Theme::Dark);
    press(&mut harness, Key::N);
    assert!(!has(&harness, "Next: ") && has(&harness, "Look for"));
}

#[test]
fn picture_of_a_lecture_on_a_large_screen() {
    picture(&mut presented("semaphore", vec2(1920.0, 1080.0), 18), "present-1920");
}

#[test]
fn picture_of_a_lecture_on_a_projector() {
    picture(&mut presented("semaphore", vec2(1280.0, 720.0), 18), "present-1280");
}

#[test]
fn picture_of_a_lecture_on_an_old_projector() {
    picture(&mut presented("semaphore", vec2(1024.0, 768.0), 18), "present-1024");
}
