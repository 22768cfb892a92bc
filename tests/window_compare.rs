//! Two runs on one axis, driven by accessible names and keys.

#[path = "support/window.rs"]
mod window;

use egui::{Key, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::App;
use loopscope::event::Nanos;
use loopscope::trace::file;
use window::{draw_until, is_over, open};

/// Draws frames until something is shown; runs go on meanwhile on their own threads.
fn draw_until_it_says(harness: &mut Harness<'_, App>, words: &str) {
    for _ in 0..200_000 {
        harness.step();
        if has(harness, words) {
            harness.run_steps(2);
            return;
        }
    }
    panic!("it never says {words}");
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

/// Runs the loaded scenario to its end, as fast as it can.
fn run_to_the_end(harness: &mut Harness<'_, App>) {
    for _ in 0..5 {
        harness.key_press(Key::CloseBracket);
    }
    harness.run_steps(2);
    press(harness, Key::R);
    draw_until(harness, |app| is_over(app) && app.session().is_some_and(loopscope::session::Session::has_all));
}

/// Opens what C compares, and waits until both runs are there.
fn compare(harness: &mut Harness<'_, App>) {
    press(harness, Key::C);
    draw_until_it_says(harness, "First run");
}

/// Whether a label is shown that says so.
fn has(harness: &Harness<'_, App>, words: &str) -> bool {
    let says = |text: Option<String>| text.is_some_and(|text| text == words);
    harness.query_all_by(|node| says(node.label()) || says(node.value())).next().is_some()
}

/// What the lane of a task says, in one of the runs.
fn lane(harness: &Harness<'_, App>, run: &str, name: &str) -> String {
    let run = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(&format!("{run}: "))));
    let is_it = |label: String| label.starts_with(&format!("lane {name},"));
    let node = run.query_all_by(|node| node.label().is_some_and(is_it)).next().unwrap();
    node.accesskit_node().label().unwrap()
}

#[test]
fn two_tasks_end_three_seconds_sooner() {
    let mut harness = open("create-task", Theme::Dark);
    compare(&mut harness);
    for words in
        ["3 s sooner", "The run takes 3 s instead of 6 s.", "One await after another", "Two tasks (create_task)"]
    {
        assert!(has(&harness, words), "{words}");
    }
    harness.get_by_label("main takes 3 s less: it no longer sleeps 3 s.");
}

#[test]
fn one_cursor_goes_through_both() {
    let mut harness = open("sequential-await", Theme::Dark);
    compare(&mut harness);
    assert_eq!(lane(&harness, "First run", "main"), "lane main, returned");
    let ruler = harness.get_by_label("Time cursor").rect();
    let at = |seconds: f32| {
        // All of the longer run is in view: from a little before it to a little after.
        ruler.left_center() + vec2(ruler.width() * (seconds + 0.072) / (6.0 * 1.102), 0.0)
    };
    for (seconds, first, second) in [
        (1.5, "lane main, waiting on sleep 3 s, 1.5 s left", "lane fetch-1, waiting on sleep 3 s, 1.5 s left"),
        (
            4.5,
            "lane main, waiting on sleep 3 s, 1.5 s left",
            "lane fetch-1, returned {'input': 1, 'start_time': 'T+0', 'end_time': 'T+3'}",
        ),
    ] {
        harness.drag_at(at(seconds));
        harness.run_steps(2);
        harness.drop_at(at(seconds));
        harness.run_steps(2);
        assert_eq!(lane(&harness, "First run", "main"), first);
        assert_eq!(lane(&harness, "Second run", "fetch-1"), second);
    }
    press(&mut harness, Key::Home);
    assert_eq!(lane(&harness, "First run", "main"), "lane main, not spawned yet");
    assert_eq!(lane(&harness, "Second run", "main"), "lane main, not spawned yet");
}

#[test]
fn steps_take_the_polls_of_both_runs_and_lead_back() {
    let mut harness = open("sequential-await", Theme::Dark);
    compare(&mut harness);
    let both =
        |harness: &Harness<'_, App>| (lane(harness, "First run", "main"), lane(harness, "Second run", "fetch-2"));
    press(&mut harness, Key::Home);
    let start = both(&harness);
    let mut seen = Vec::new();
    for _ in 0..40 {
        press(&mut harness, Key::PageDown);
        seen.push(both(&harness));
    }
    let end = (
        "lane main, returned".to_owned(),
        "lane fetch-2, returned {'input': 2, 'start_time': 'T+0', 'end_time': 'T+3'}".to_owned(),
    );
    assert_eq!(seen.last(), Some(&end));
    assert!(seen.contains(&("lane main, waiting on sleep 3 s, 3 s left".to_owned(), end.1.clone())), "{seen:#?}");
    for _ in 0..40 {
        press(&mut harness, Key::PageUp);
    }
    assert_eq!(both(&harness), start);
}

#[test]
fn closing_comes_back_to_the_same_run_and_view() {
    for leave in [Key::Escape, Key::C] {
        let mut harness = open("sequential-await", Theme::Dark);
        run_to_the_end(&mut harness);
        press(&mut harness, Key::Home);
        press(&mut harness, Key::ArrowRight);
        press(&mut harness, Key::W);
        harness.run_steps(2 * window::SETTLED); // until what follows from the run has come into view
        let before = harness.render().unwrap();
        compare(&mut harness);
        press(&mut harness, Key::End);
        press(&mut harness, Key::S);
        press(&mut harness, leave);
        harness.run_steps(2); // the legend tells what the frame before had
        assert!(harness.state().session().is_some());
        assert!(harness.render().unwrap() == before, "{leave:?}");
    }
}

#[test]
fn what_a_parameter_changed_is_offered_and_shown() {
    let mut harness = open("blocking-the-loop", Theme::Dark);
    run_to_the_end(&mut harness);
    assert!(!has(&harness, "See what changed"));
    harness.get_by_label("Try thread").click_accesskit(); // it may be scrolled out
    harness.run_steps(2);
    run_to_the_end(&mut harness);
    assert_eq!(harness.state().time(), Nanos::from_secs(2));
    assert!(has(&harness, "it ends 0.1 s sooner than the previous run"));
    harness.get_by_label("See what changed").click();
    draw_until_it_says(&mut harness, "First run");
    assert!(has(&harness, "0.1 s sooner"));
    assert!(has(&harness, "computes on: loop") && has(&harness, "computes on: thread"));
    press(&mut harness, Key::Escape);
    assert!(has(&harness, "See what changed"), "both runs are still there");
}

#[test]
fn a_pair_is_chosen_from_the_menu() {
    let mut harness = open("say-hello", Theme::Dark);
    harness.get_by_label("Compare").click();
    harness.run_steps(2);
    harness.get_by_label("The order of asyncio and that of smol").click();
    draw_until_it_says(&mut harness, "First run");
    // What takes no time, and what runs on the machine's clock, are laid beside each other by their steps.
    let steps = harness.get_by_label("Steps axis").accesskit_node().toggled();
    assert_eq!(steps, Some(egui::accesskit::Toggled::True));
    assert!(has(&harness, "executor: asyncio") && has(&harness, "executor: smol"));
    harness.get_by_label("Back to the run").click();
    harness.run_steps(2);
    assert!(!has(&harness, "First run"));
}

#[test]
fn a_saved_run_is_compared_with_the_one_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slow.loopscope");
    let mut harness = open("create-task", Theme::Dark);
    run_to_the_end(&mut harness);
    file::save(harness.state().session().unwrap().record(), &path).unwrap();
    harness.get_by_label("Try fetch time: 1 s").click_accesskit(); // it may be scrolled out
    harness.run_steps(2);
    run_to_the_end(&mut harness);
    harness.get_by_label("Compare").click();
    harness.run_steps(2);
    harness.get_by_label("This run with a saved one…").click();
    harness.run_steps(5);
    harness.get_by_label("Path").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_label("Path").type_text(path.to_str().unwrap());
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    draw_until_it_says(&mut harness, "2 s sooner");
    assert!(has(&harness, "fetch time: 3 s") && has(&harness, "fetch time: 1 s"));
}

#[test]
fn while_two_runs_are_compared_nothing_moves_by_itself() {
    let mut harness = open("sequential-await", Theme::Dark);
    compare(&mut harness);
    harness.run(); // comes to rest, or this panics
}

#[test]
fn space_plays_both_runs_from_their_beginning_and_holds_them() {
    let mut harness = open("create-task", Theme::Dark);
    compare(&mut harness);
    press(&mut harness, Key::Space);
    draw_until_it_says(&mut harness, "0.5 s");
    assert!(has(&harness, "Pause"));
    press(&mut harness, Key::Space);
    assert!(has(&harness, "Play"), "it is held");
    harness.run();
    press(&mut harness, Key::Space);
    for _ in 0..2_000 {
        harness.step();
        if has(&harness, "Play") {
            break;
        }
    }
    assert!(has(&harness, "6 s"), "it went on to the end of the longer one");
}

/// A picture of what C compares with a lesson, after these keys.
fn picture(name: &str, id: &str, theme: Theme, keys: &[Key]) {
    let mut harness = open(id, theme);
    compare(&mut harness);
    keys.iter().for_each(|key| press(&mut harness, *key));
    window::picture(&mut harness, name);
}

#[test]
fn picture_light() {
    picture("compare-light", "sequential-await", Theme::Light, &[]);
}

#[test]
fn picture_dark() {
    picture("compare-dark", "sequential-await", Theme::Dark, &[]);
}

#[test]
fn picture_of_steps() {
    picture("compare-steps", "gather", Theme::Dark, &[Key::X]);
}

#[test]
fn picture_presented() {
    picture("compare-present", "sequential-await", Theme::Dark, &[Key::P, Key::PageUp]);
}

#[test]
fn picture_of_blocking_presented() {
    picture("compare-present-blocking", "blocking-the-loop", Theme::Dark, &[Key::P]);
}
