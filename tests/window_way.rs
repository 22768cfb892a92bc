//! The way through a lesson in the window: one reads it from its top, guesses, runs it, sees what it says, and goes on.

#[path = "support/mod.rs"]
mod support;
#[path = "support/window.rs"]
mod window;
#[path = "support/written.rs"]
mod written;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::{App, Show};
use loopscope::scenarios::{self, Params};
use loopscope::session::Progress;
use support::run_scenario;
use window::{open, open_scenario, run_to_the_end, show};
use written::{begins, written};

const LAPTOP: Vec2 = vec2(1280.0, 720.0);
/// Frames until what scrolls has come to rest.
const AT_REST: usize = 70;

fn open_small(id: &str) -> Harness<'static, App> {
    open_scenario(scenarios::find(id).unwrap(), Theme::Dark, LAPTOP)
}

fn type_guess(harness: &mut Harness<'_, App>, words: &str) {
    harness.get_by_label("Your guess").focus();
    harness.run_steps(2);
    harness.get_by_label("Your guess").type_text(words);
    harness.run_steps(3);
}

fn has(harness: &Harness<'_, App>, start: &str) -> bool {
    written(harness).iter().any(|written| written.words.starts_with(start))
}

/// Of a lesson's text: the beginning of a paragraph, without its markup.
fn plain(words: &str) -> String {
    let paragraph = words.trim().split("\n\n").next().unwrap_or_default();
    paragraph.replace("**", "").replace(['*', '`'], "").chars().take(24).collect()
}

#[test]
fn when_a_run_is_over_the_answer_the_point_what_to_try_and_the_next_lesson_are_in_view() {
    let last = scenarios::all().last().unwrap().id;
    let mut missed = Vec::new();
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let mut progress = Progress::default();
        progress.advance(session.plan(), session.record());
        let point = scenario.told(progress.facts()).so_what();
        let mut harness = show(Show::Run(Box::new(session)), Theme::Dark, LAPTOP);
        harness.run_steps(AT_REST);
        let all = written(&harness);
        let mut look = |start: &str| match all.iter().rfind(|written| written.words.starts_with(start)) {
            None => missed.push(format!("{}: '{start}' is not there", scenario.id)),
            Some(written) if written.is_whole() => {}
            Some(written) => missed.push(format!("{}: {written:?}", scenario.id)),
        };
        let paragraphs: Vec<String> = point.split("\n\n").map(plain).collect();
        ["Answer: ", "The point", "Try "].into_iter().for_each(&mut look);
        paragraphs.iter().for_each(|paragraph| look(paragraph));
        if scenario.id != last {
            look("Next lesson: ");
        }
    }
    assert!(missed.is_empty(), "{} are out of view: {missed:#?}", missed.len());
}

#[test]
fn a_lesson_opens_at_its_top_with_its_code_and_its_question_in_view() {
    let mut harness = open_small("say-hello");
    let mut missed = Vec::new();
    for scenario in scenarios::all().skip(1) {
        // From the end of the lesson before.
        harness.hover_at(egui::pos2(150.0, 500.0));
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, -2000.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(20);
        harness.key_press_modifiers(Modifiers::SHIFT, Key::N);
        harness.run_steps(AT_REST);
        let facts = scenario.facts(&Params::defaults(scenario.params));
        let lesson = scenario.told(&facts);
        let question = plain(&lesson.question());
        for start in [plain(&lesson.intro()).as_str(), &question, "Run it"] {
            let shown = begins(&harness, start);
            // Of a long introduction the end may have to be scrolled to.
            let begins_in_view = start != question && shown.rect.top() >= shown.clip.top() && shown.is_seen();
            if !shown.is_whole() && !begins_in_view {
                missed.push(format!("{}: {shown:?}", scenario.id));
            }
        }
        let code = scenario.python.lines().next().unwrap().text;
        let code = begins(&harness, &code);
        if !code.is_whole() {
            missed.push(format!("{}: {code:?}", scenario.id));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_would_give_the_answer_away_comes_with_a_guess_or_a_run() {
    let hidden = ["Look for", "× A common mistake"];
    for guesses in [true, false] {
        let mut harness = open("sequential-await", Theme::Dark);
        assert!(hidden.iter().all(|part| !has(&harness, part)));
        if guesses {
            type_guess(&mut harness, "5");
            assert!(hidden.iter().all(|part| !has(&harness, part)), "it is not sent yet");
            harness.get_by_label("Guess").click();
        } else {
            harness.key_press(Key::PageDown);
        }
        harness.run_steps(4);
        assert!(hidden.iter().all(|part| has(&harness, part)), "after a guess: {guesses}");
    }
    for scenario in scenarios::all() {
        let harness = open_scenario(scenario, Theme::Dark, LAPTOP);
        let gives_away = |written: &str| hidden.iter().any(|part| written.starts_with(part));
        assert!(!written(&harness).iter().any(|written| gives_away(&written.words)), "{}", scenario.id);
    }
}

#[test]
fn a_guess_that_is_typed_and_not_sent_counts_when_one_presses_run() {
    let mut harness = open("sequential-await", Theme::Dark);
    type_guess(&mut harness, "5");
    run_to_the_end(&mut harness);
    assert!(has(&harness, "Answer: 6 s. You guessed 5."));
}

#[test]
fn what_was_tried_is_not_proposed_again() {
    let mut harness = open("semaphore", Theme::Dark);
    run_to_the_end(&mut harness);
    let proposal = "Try permits: 5";
    harness.get_by_label(proposal).click_accesskit();
    harness.run_steps(3);
    assert!(harness.query_by_label(proposal).is_none() && harness.query_by_label("Your guess").is_some());
    harness.get_by_label("Run").click();
    window::draw_until(&mut harness, window::is_over);
    assert!(harness.query_by_label(proposal).is_none());
    harness.get_by_label_contains("Next lesson: ");
}

#[test]
fn a_key_goes_to_the_guess_wherever_the_keyboard_is_and_brings_the_lesson_back() {
    for (id, label) in [("sequential-await", "Your guess"), ("file-read", "it runs other tasks")] {
        for is_hidden in [false, true] {
            let mut harness = open(id, Theme::Dark);
            if is_hidden {
                harness.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
                harness.run_steps(2);
            }
            harness.key_press(Key::G);
            harness.run_steps(4);
            let focused = harness.query_all_by(|node| node.is_focused()).last();
            let name = focused.and_then(|node| node.accesskit_node().label());
            assert!(name.as_deref() == Some(label) || id == "file-read" && name.is_some(), "{id}: {name:?}");
        }
    }
}

#[test]
fn the_arrow_keys_go_from_lesson_to_lesson_and_tab_past_them() {
    let mut harness = open("create-task", Theme::Dark);
    harness.run_steps(30);
    let focused = |harness: &Harness<'_, App>| {
        let node = harness.query_all_by(|node| node.is_focused()).last()?;
        let node = node.accesskit_node();
        Some((node.role(), node.label().unwrap_or_default()))
    };
    let title = |id: &str| scenarios::find(id).unwrap().title.to_owned();
    let mut come_by = Vec::new();
    for _ in 0..60 {
        harness.key_press(Key::Tab);
        harness.run_steps(3);
        let Some((role, name)) = focused(&harness) else { continue };
        if role == Role::ListBoxOption {
            come_by.push(name);
        }
    }
    come_by.dedup();
    assert_eq!(come_by.first(), Some(&title("create-task")));
    assert!(come_by.iter().all(|name| *name == title("create-task")), "{come_by:?}");

    harness.get_by_role_and_label(Role::ListBoxOption, &title("create-task")).focus();
    harness.run_steps(3);
    let all: Vec<_> = scenarios::all().map(|scenario| scenario.id).collect();
    let here = all.iter().position(|id| *id == "create-task").unwrap();
    for (key, place) in [(Key::ArrowDown, here + 1), (Key::ArrowUp, here), (Key::ArrowUp, here - 1)] {
        harness.key_press(key);
        harness.run_steps(3);
        assert_eq!(focused(&harness), Some((Role::ListBoxOption, title(all[place]))), "{key:?}");
    }
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(harness.state().session().unwrap().plan().scenario.id, all[here - 1]);
}

#[test]
fn starting_over_forgets_and_can_be_taken_back() {
    let mut harness = open("say-hello", Theme::Dark);
    run_to_the_end(&mut harness);
    let is_told = |harness: &Harness<'_, App>| {
        let nodes = harness.query_all_by_label("Beginnings");
        nodes.filter_map(|node| node.accesskit_node().description()).any(|told| told.starts_with("1 of "))
    };
    assert!(is_told(&harness));
    harness.get_by_label("Start over").click_accesskit();
    harness.run_steps(3);
    assert!(!is_told(&harness));
    harness.get_by_label("Undo").click_accesskit();
    harness.run_steps(3);
    assert!(is_told(&harness));
}

#[test]
fn the_step_that_has_just_happened_is_noted_at_its_event_and_can_be_dismissed() {
    let note = |harness: &Harness<'_, App>| {
        let is_note = |label: String| label.starts_with("Step ") && label.contains(", here: ");
        let mut nodes = harness.query_all_by(|node| node.label().is_some_and(is_note));
        nodes.next().map(|node| (node.accesskit_node().label().unwrap(), node.rect()))
    };
    let mut harness = open_small("semaphore");
    assert_eq!(note(&harness), None);
    let mut seen = Vec::new();
    for _ in 0..60 {
        harness.key_press(Key::PageDown);
        harness.run_steps(6);
        seen.extend(note(&harness).map(|(words, _)| words));
    }
    seen.dedup();
    assert!(seen.len() > 2 && seen[0].starts_with("Step 1, here: "), "{seen:?}");
    let (words, place) = note(&harness).unwrap();
    let lanes = harness.get_by_label("Time cursor").rect();
    assert!(place.left() > 284.0 && place.right() < 914.0 && place.top() > lanes.top(), "{place} in {lanes}");
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(3);
    assert_eq!(note(&harness).map(|(words, _)| words), Some(words), "it stays at its place");
    harness.get_by_label("Dismiss this note").click();
    harness.run_steps(3);
    assert_eq!(note(&harness), None);
}

#[test]
fn every_lesson_notes_its_last_step_within_the_lanes() {
    for scenario in scenarios::all() {
        let mut harness = show(Show::Run(Box::new(run_scenario(scenario.id, &[]))), Theme::Light, LAPTOP);
        harness.run_steps(20);
        let Some(dismiss) = harness.query_by_label("Dismiss this note") else { continue };
        let (place, lanes) = (dismiss.rect(), harness.get_by_label("Time cursor").rect());
        assert!(place.left() > 430.0 && place.right() < 914.0, "{}: {place}", scenario.id);
        assert!(place.top() > lanes.top() && place.bottom() < 560.0, "{}: {place}", scenario.id);
    }
}

#[test]
fn a_key_goes_from_one_part_of_the_window_to_the_next_and_back() {
    let mut harness = open("queue", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.run_steps(40);
    let place = |harness: &Harness<'_, App>| harness.query_all_by(|node| node.is_focused()).last().unwrap().rect();
    let mut places = Vec::new();
    for _ in 0..7 {
        harness.key_press(Key::F6);
        harness.run_steps(4);
        places.push(place(&harness).center());
    }
    let [top, course, lesson, run, lanes, story, code] = places[..] else { panic!("{places:?}") };
    assert!(top.y < 46.0 && course.x < 320.0 && lesson.x < 320.0 && course.y < lesson.y, "{places:?}");
    let middle = 320.0..940.0;
    assert!([run, lanes, story].iter().all(|place| middle.contains(&place.x)), "{places:?}");
    assert!(run.y < lanes.y && lanes.y < story.y && code.x > middle.end, "{places:?}");
    for expected in [story, lanes] {
        harness.key_press_modifiers(Modifiers::SHIFT, Key::F6);
        harness.run_steps(4);
        assert_eq!(place(&harness).center(), expected);
    }
}

#[test]
fn the_sentence_of_the_moment_one_is_at_is_there_as_a_whole() {
    for scenario in scenarios::all() {
        let mut harness = show(Show::Run(Box::new(run_scenario(scenario.id, &[]))), Theme::Light, LAPTOP);
        harness.run_steps(10);
        for _ in 0..6 {
            harness.key_press(Key::ArrowLeft);
            harness.run_steps(3);
            let bottom = vec2(0.0, 560.0);
            let in_story = |text: &&written::Written| {
                text.rect.top() > bottom.y && text.rect.left() > 365.0 && text.rect.left() < 400.0
            };
            let all = written(&harness);
            let cut: Vec<_> = all
                .iter()
                .filter(in_story)
                .filter(|text| !text.is_whole() && text.words.starts_with("the run"))
                .collect();
            assert!(cut.is_empty(), "{}: {cut:?}", scenario.id);
        }
    }
}
