//! What every lesson of the course promises: its steps are reached, its question has an answer that a run gives, and its
//! parameters matter.

mod support;

use loopscope::scenarios;
use loopscope::session::{Progress, outline};
use support::run_scenario;

#[test]
fn every_step_of_every_lesson_is_reached_by_default() {
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let mut progress = Progress::default();
        progress.advance(scenario, session.record());
        let steps: Vec<&str> = scenario.lesson.look_for().collect();
        let reached = progress.reached().len();
        assert_eq!(reached, steps.len(), "{}: not reached: {}", scenario.id, steps[reached..].join(" / "));
    }
}

#[test]
fn every_question_is_answered_by_the_run_and_otherwise_where_a_parameter_changes_it() {
    for scenario in scenarios::all() {
        let answer = |set: &[&str]| (scenario.predict.answer)(&outline(run_scenario(scenario.id, set).record()));
        let set: Vec<&str> = scenario.predict.changed_by.split(' ').collect();
        let (by_default, changed) = (answer(&[]), answer(&set));
        assert_ne!(by_default, changed, "{} {set:?}", scenario.id);
        assert!(!by_default.to_string().is_empty(), "{}", scenario.id);
    }
}

#[test]
fn a_virtual_run_gives_the_same_answer_each_time() {
    for scenario in scenarios::all().filter(|scenario| scenario.clock == loopscope::event::ClockKind::Virtual) {
        let answer = || (scenario.predict.answer)(&outline(run_scenario(scenario.id, &[]).record()));
        assert_eq!(answer(), answer(), "{}", scenario.id);
    }
}
