//! Presenting: what an audience sees, page by page.

#[path = "support/window.rs"]
mod support;

use egui::epaint::ClippedShape;
use egui::{Key, Shape, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::App;
use loopscope::scenarios;
use support::{draw_until, open, open_scenario, picture};

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(4);
}

/// Whether no run is on its way.
fn is_at_rest(app: &App) -> bool {
    app.session().is_none_or(|session| {
        if !session.questions().is_empty() {
            session.answer("Ada");
        }
        session.has_all()
    })
}

/// Turns to the next page, and waits for its run.
fn turn(harness: &mut Harness<'_, App>) {
    press(harness, Key::PageDown);
    draw_until(harness, is_at_rest);
    harness.run_steps(2);
}

/// A lesson that is presented, after as many presses of a clicker.
fn presented(id: &str, size: Vec2, clicks: usize) -> Harness<'static, App> {
    let mut harness = open_scenario(scenarios::find(id).unwrap(), Theme::Dark, size);
    press(&mut harness, Key::P);
    (0..clicks).for_each(|_| turn(&mut harness));
    harness.run_steps(4);
    harness
}

fn has(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_by_label_contains(label).is_some()
}

/// What a screen reader is told of the page: all its words.
fn page(harness: &Harness<'_, App>) -> String {
    let node = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("Page ")));
    node.accesskit_node().label().unwrap()
}

/// The letters that are drawn, each kind by its size in pixels, with the words in which it stands.
fn letters(harness: &Harness<'_, App>) -> Vec<(f32, String)> {
    fn of(shape: &Shape, letters: &mut Vec<(f32, String)>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| of(shape, letters)),
            Shape::Text(text) => {
                let sizes = text.galley.job.sections.iter().map(|section| section.format.font_id.size);
                let least = sizes.fold(f32::INFINITY, f32::min);
                letters.push((least, text.galley.text().to_owned()));
            }
            _ => {}
        }
    }
    let output = harness.output();
    let mut letters = Vec::new();
    output.shapes.iter().for_each(|ClippedShape { shape, .. }| of(shape, &mut letters));
    letters.retain(|(_, words)| !words.trim().is_empty());
    letters.into_iter().map(|(size, words)| (size * output.pixels_per_point, words)).collect()
}

#[test]
fn the_first_page_has_title_question_and_code_and_nothing_else() {
    let mut harness = presented("create-task", support::SIZE, 0);
    let scenario = scenarios::find("create-task").unwrap();
    let facts = scenario.facts(&scenarios::Params::defaults(scenario.params));
    let lesson = scenario.told(&facts);
    let words = page(&harness);
    assert!(words.starts_with("Page 1 of ") && words.contains(&lesson.question()), "{words}");
    assert!(letters(&harness).iter().any(|(_, words)| words.contains("async def")));
    assert!(!has(&harness, "What happens") && !has(&harness, "Speed") && !has(&harness, "event 0 of"));
    picture(&mut harness, "present-question");
}

#[test]
fn a_guess_is_typed_counted_by_hands_and_told_with_the_answer() {
    let mut harness = presented("create-task", support::SIZE, 1);
    for guess in ["6", "3 s"] {
        harness.get_by_label("Your guess").focus();
        harness.run_steps(2);
        harness.get_by_label("Your guess").type_text(guess);
        harness.run_steps(2);
        harness.get_by_label("Guess").click();
        harness.run_steps(3);
    }
    for _ in 0..2 {
        harness.get_by_label_contains("6, ").click();
        harness.run_steps(2);
    }
    harness.get_by_label("6, 3 hands");
    harness.get_by_label("One hand fewer for 6").click();
    harness.run_steps(2);
    harness.get_by_label("6, 2 hands");
    while !page(&harness).contains("Answer") {
        turn(&mut harness);
    }
    assert!(page(&harness).contains("Answer: 3 s. You guessed 6."), "{}", page(&harness));
    harness.get_by_label("✗  6: 2 hands");
    harness.get_by_label("✓  3 s: 1 hand");
}

#[test]
fn where_there_are_choices_each_is_a_button_with_its_hands() {
    let mut harness = presented("event-loop-life", support::SIZE, 1);
    harness.get_by_label("yes, 0 hands").click();
    harness.run_steps(2);
    harness.get_by_label("yes, 1 hand");
    harness.get_by_label("no, 0 hands");
}

#[test]
fn a_clicker_turns_the_page_also_while_a_guess_is_typed() {
    let mut harness = presented("create-task", support::SIZE, 1);
    harness.get_by_label("Your guess").focus();
    harness.run_steps(2);
    press(&mut harness, Key::PageDown);
    assert!(page(&harness).starts_with("Page 3 of "));
    press(&mut harness, Key::PageUp);
    press(&mut harness, Key::PageUp);
    assert!(page(&harness).starts_with("Page 1 of "));
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::N);
    press(&mut harness, Key::ArrowLeft);
    assert!(page(&harness).starts_with("Page 2 of "));
}

#[test]
fn the_bar_is_there_while_the_pointer_moves_and_the_keys_of_clickers_work() {
    let mut harness = presented("create-task", support::SIZE, 2);
    assert!(!has(&harness, "Next page"));
    harness.hover_at(pos2(300.0, 300.0));
    harness.run_steps(2);
    harness.hover_at(pos2(320.0, 300.0));
    harness.run_steps(2);
    harness.get_by_label("Next page").click();
    harness.run_steps(4);
    assert!(page(&harness).starts_with("Page 4 of "));
    harness.run_steps(200);
    assert!(!has(&harness, "Next page"), "it goes when the pointer rests");
    assert!(!has(&harness, " waited "), "nor is told what lies under the pointer");
    for key in [Key::B, Key::Period] {
        press(&mut harness, key);
        assert!(letters(&harness).is_empty(), "{:?}", letters(&harness));
        press(&mut harness, key);
        assert!(page(&harness).starts_with("Page 4 of "));
    }
    press(&mut harness, Key::Escape);
    assert!(has(&harness, "What happens"));
    press(&mut harness, Key::F5);
    assert!(page(&harness).starts_with("Page 4 of "), "where it was left");
    press(&mut harness, Key::F5);
    assert!(page(&harness).starts_with("Page 4 of "));
}

#[test]
fn where_one_does_not_present_the_keys_of_a_talk_do_what_they_usually_do() {
    let mut harness = open("create-task", Theme::Dark);
    press(&mut harness, Key::N);
    press(&mut harness, Key::PageDown);
    draw_until(&mut harness, |app| support::polls(app) == 1);
    assert!(has(&harness, "Look for") && has(&harness, "What happens"));
    harness.get_by_label("Present").click();
    harness.run_steps(4);
    assert!(page(&harness).starts_with("Page 1 of "), "by its button, too");
}

#[test]
fn every_letter_can_be_read_in_the_last_row() {
    for size in [vec2(1920.0, 1080.0), vec2(1280.0, 720.0)] {
        for id in ["await-does-not-yield", "gather-error", "semaphore"] {
            let mut harness = presented(id, size, 0);
            for _ in 0..12 {
                for (letter, words) in letters(&harness) {
                    assert!(letter >= size.y * 0.03 - 0.2, "{id} at {size}, {}: {letter} px: {words}", page(&harness));
                }
                turn(&mut harness);
            }
        }
    }
}

/// Many tasks, presented at a size.
fn crowd(size: Vec2) -> Harness<'static, App> {
    let mut plan = loopscope::session::Plan::new(scenarios::find("gather").unwrap());
    plan.params.assign("tasks=120").unwrap();
    let mut harness = support::show(loopscope::app::Show::Plan(Box::new(plan)), Theme::Dark, size);
    press(&mut harness, Key::P);
    harness
}

#[test]
fn of_more_lanes_than_fit_those_that_matter_are_shown_whole_and_the_others_are_counted() {
    for size in [vec2(1920.0, 1080.0), vec2(1280.0, 720.0)] {
        let mut harness = crowd(size);
        let mut seen = 0;
        while !page(&harness).contains("begins it") {
            turn(&mut harness);
            let more = harness.query_by_label_contains(" more lane").map(|node| node.accesskit_node());
            let Some(more) = more.and_then(|node| node.value().or_else(|| node.label())) else { continue };
            let more: usize = more.split(' ').nth(1).unwrap().parse().unwrap();
            let lanes =
                harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with("lane "))).count();
            let all = harness.state().session().unwrap().record().catalog().tasks().len();
            assert_eq!((more + lanes, lanes > 3), (all, true), "{size}, {}", page(&harness));
            seen += 1;
        }
        assert!(seen > 3, "{size}: {seen}");
    }
}

#[test]
fn picture_of_a_lecture_on_a_large_screen() {
    picture(&mut presented("semaphore", vec2(1920.0, 1080.0), 4), "present-1920");
}

#[test]
fn picture_of_a_lecture_on_a_projector() {
    picture(&mut presented("semaphore", vec2(1280.0, 720.0), 4), "present-1280");
}

#[test]
fn picture_of_a_lecture_on_an_old_projector() {
    picture(&mut presented("semaphore", vec2(1024.0, 768.0), 4), "present-1024");
}

#[test]
fn a_course_is_planned_in_the_window_and_presented() {
    let mut harness = open("semaphore", Theme::Dark);
    harness.get_by_label("Menu").click();
    harness.run_steps(3);
    harness.get_by_label("Course plan…").click();
    harness.run_steps(3);
    let click = |harness: &mut Harness<'_, App>, label: &str| {
        harness.get_by_label(label).click();
        harness.run_steps(3);
    };
    assert!(has(&harness, "No lesson yet"));
    click(&mut harness, "Add this one: A few at a time (semaphore)");
    click(&mut harness, "Add this one: A few at a time (semaphore)");
    harness.get_by_label("What is set in lesson 2").focus();
    harness.run_steps(2);
    harness.get_by_label("What is set in lesson 2").type_text("permits=5");
    harness.run_steps(3);
    click(&mut harness, "Move lesson 2 up");
    picture(&mut harness, "course-plan");
    click(&mut harness, "Present the course");
    assert!(page(&harness).starts_with("Page 1 of "));
    while !page(&harness).contains("A few at a time (semaphore)") || page(&harness).starts_with("Page 1 of ") {
        turn(&mut harness);
    }
    assert!(page(&harness).contains("begins it"), "the next lesson is told: {}", page(&harness));
}

#[test]
fn the_lecturers_window_has_time_notes_and_what_comes_next() {
    let mut harness = presented("create-task", support::SIZE, 1);
    press(&mut harness, Key::L);
    // Where the desktop has no second window, it lies over the first.
    assert!(has(&harness, "page 2 of ") && has(&harness, "Now: What does the audience think?"));
    assert!(has(&harness, "Look for: 1"));
    harness.get_by_label("What you want to say").focus();
    harness.run_steps(2);
    harness.get_by_label("What you want to say").type_text("ask twice");
    harness.run_steps(2);
    press(&mut harness, Key::PageDown);
    assert!(has(&harness, "page 3 of "), "also while notes are written");
    let notes =
        harness.get_by(|node| node.label().as_deref() == Some("What you want to say") && node.value().is_some());
    assert_eq!(notes.accesskit_node().value().as_deref(), Some("ask twice"));
}
