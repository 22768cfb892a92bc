//! Looking for moments in the window: by keys, with what is wrong below the field, and pausing the run at one.

#[path = "support/window.rs"]
mod support;

use egui::Key;
use egui_kittest::kittest::Queryable as _;
use support::open_scenario;

#[test]
fn moments_are_found_told_wrong_and_paused_at() {
    let semaphore = loopscope::scenarios::find("semaphore").unwrap();
    let mut harness = open_scenario(semaphore, egui::Theme::Dark, egui::vec2(1440.0, 900.0));
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Slash);
    harness.run_steps(3);
    let type_in = |harness: &mut egui_kittest::Harness<'_, loopscope::app::App>, text: &str| {
        harness.get_by_label("Moment to look for").focus();
        harness.run_steps(2);
        harness.get_by_label("Moment to look for").type_text(text);
        harness.run_steps(2);
    };
    type_in(&mut harness, "gate ful");
    harness.get_by_label("Pause when the moment comes").click();
    harness.run_steps(3);
    harness.get_by_label_contains("did you mean `full`?");
    harness.get_by_label_contains("^^^");
    type_in(&mut harness, "l");
    harness.get_by_label("Pause when the moment comes").click();
    harness.run_steps(3);
    harness.get_by_label("Do not pause at the moment");
    for _ in 0..5 {
        harness.key_press(Key::CloseBracket);
    }
    harness.get_by_label("Run it").click();
    harness.run_steps(3);
    for _ in 0..200_000 {
        harness.step();
        if harness.query_by_label_contains("Paused at 0 s: gate full").is_some() {
            break;
        }
    }
    harness.get_by_label_contains("Paused at 0 s: gate full");
    harness.get_by_label("Find the previous moment").click();
    harness.run_steps(3);
    harness.get_by_label("Recent moments");
}

#[test]
fn the_finder_has_the_commands_for_moments_and_those_that_were_looked_for() {
    let semaphore = loopscope::scenarios::find("semaphore").unwrap();
    let mut harness = open_scenario(semaphore, egui::Theme::Dark, egui::vec2(1440.0, 900.0));
    support::run_to_the_end(&mut harness);
    let find = |harness: &mut egui_kittest::Harness<'_, loopscope::app::App>, words: &str| {
        harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::P);
        harness.run_steps(3);
        harness.get_by_label("Find").type_text(words);
        harness.run_steps(3);
    };
    for words in ["pause when", "find next"] {
        find(&mut harness, words);
        assert!(harness.query_by_label_contains(": gate full").is_none(), "nothing was looked for yet");
        harness.key_press(Key::Enter);
        harness.run_steps(3);
        harness.get_by_label("Moment to look for");
        harness.key_press(Key::Escape);
        harness.run_steps(3);
        assert!(harness.query_by_label("Moment to look for").is_none());
    }
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Slash);
    harness.run_steps(3);
    harness.get_by_label("Moment to look for").type_text("gate full");
    harness.run_steps(2);
    harness.get_by_label("Find the previous moment").click();
    harness.run_steps(3);
    harness.get_by_label_contains("At ");
    let last = harness.state().time();
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    harness.key_press(Key::Home);
    harness.run_steps(3);
    find(&mut harness, "find gate full");
    harness.get_by_label("Find next: gate full, moment");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.state().time() <= last);
    harness.get_by_label_contains("At ");
    find(&mut harness, "pause gate full");
    harness.get_by_label("Pause when: gate full, moment");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("Do not pause at the moment");
}
