//! What every lesson of the course promises: its steps are reached, its question has an answer that a run gives, and its
//! parameters matter.

mod support;

use loopscope::scenarios::{self, Answer, Params, Scenario};
use loopscope::session::{Progress, StepState};
use support::run_scenario;

/// How a run of a lesson comes through it.
fn progress(scenario: &'static Scenario, set: &[&str]) -> (Progress, Answer) {
    let session = run_scenario(scenario.id, set);
    let mut progress = Progress::default();
    progress.advance(session.plan(), session.record());
    (progress, Progress::answer_of(session.plan(), session.record()))
}

#[test]
fn every_step_of_every_lesson_is_reached_by_default() {
    for scenario in scenarios::all() {
        let (progress, _) = progress(scenario, &[]);
        let told = scenario.told(progress.facts());
        for (step, words) in progress.steps().iter().zip(told.look_for()) {
            assert!(step.event().is_some(), "{}: {words}: {step:?}", scenario.id);
        }
        assert_eq!(progress.steps().len(), scenario.step_count(), "{}", scenario.id);
    }
}

#[test]
fn every_question_is_answered_by_the_run_and_otherwise_where_a_parameter_changes_it() {
    for scenario in scenarios::all() {
        let (_, by_default) = progress(scenario, &[]);
        assert!(!by_default.to_string().is_empty() && by_default != Answer::Nothing, "{}", scenario.id);
        for (place, set) in scenario.tries().enumerate() {
            let (_, changed) = progress(scenario, &set.split(' ').collect::<Vec<_>>());
            assert!(place > 0 || by_default != changed, "{} {set:?}: {changed}", scenario.id);
        }
    }
}

#[test]
fn a_virtual_run_gives_the_same_answer_each_time() {
    for scenario in scenarios::all().filter(|scenario| scenario.clock == loopscope::event::ClockKind::Virtual) {
        assert_eq!(progress(scenario, &[]).1, progress(scenario, &[]).1, "{}", scenario.id);
    }
}

#[test]
fn once_a_run_is_over_no_step_and_no_text_is_open() {
    for scenario in scenarios::all() {
        for set in scenario.tries() {
            let (progress, _) = progress(scenario, &set.split(' ').collect::<Vec<_>>());
            let told = scenario.told(progress.facts());
            assert!(!progress.steps().contains(&StepState::NotYet), "{} {set}: {:?}", scenario.id, progress.steps());
            assert!(!told.so_what().contains('…'), "{} {set}: {}", scenario.id, told.so_what());
        }
    }
}

#[test]
fn what_there_is_to_choose_from_follows_the_parameters() {
    let of = |id: &str, set: &str| {
        let mut params = Params::defaults(scenarios::find(id).unwrap().params);
        params.assign(set).unwrap();
        match scenarios::find(id).unwrap().kind_of_answer(&params) {
            Answer::Choice { of, .. } => of,
            other => panic!("{id}: {other:?}"),
        }
    };
    assert_eq!(of("lock", "clerks=1"), ["clerk-1", "no one"]);
    assert_eq!(of("lock", "clerks=2"), ["clerk-1", "clerk-2", "no one"]);
    assert_eq!(of("deadlock", "order=same"), ["0", "1", "2"]);
}

/// Words that hold in one theme or one arrangement of the window only.
const LOOKS: &[&str] =
    &["pale", "bright bar", "dark bar", "grey bar", "gray bar", "lie side by side", "to the right of"];

#[test]
fn no_lesson_tells_of_a_look_that_another_theme_does_not_have() {
    for scenario in scenarios::all() {
        let text = scenario.lesson.markdown.to_lowercase();
        for looks in LOOKS {
            assert!(!text.contains(looks), "{}: {looks}", scenario.id);
        }
    }
}

/// Lines at which the Rust awaits and the Python does so elsewhere, each with the reason.
const AWAITED_OTHERWISE: &[(&str, &str, &str)] = &[
    ("wait-all", "ask", "a task that is done is asked for its exception"),
    ("stream", "give", "an asynchronous generator yields"),
    ("http-client", "open", "the `async with` stands a line above"),
    ("http-server", "serve", "the `async with` stands a line above"),
    ("file-read", "cancel", "`cancel` only asks, and the run ends"),
];

#[test]
fn a_line_of_python_that_stands_for_an_await_awaits() {
    for scenario in scenarios::all().filter(|scenario| !scenario.python.text.is_empty()) {
        for line in scenario.rust.lines().filter(|line| line.text.contains(".await") && !line.text.contains("// ")) {
            let Some(mark) = line.mark else { continue };
            if AWAITED_OTHERWISE.iter().any(|(id, known, _)| (*id, *known) == (scenario.id, mark)) {
                continue;
            }
            let twin = scenario.python.marked(mark).unwrap();
            let awaits = ["await ", "async with ", "async for "].iter().any(|word| twin.text.contains(word));
            assert!(awaits, "{}, {mark}: {} is {} in Python", scenario.id, line.text.trim(), twin.text.trim());
        }
    }
}
