//! What the story of a lesson says of who woke whom is so.

mod support;

use loopscope::trace::{Wording, sentence};
use support::{events, run_scenario};

/// The sentences of a run, each behind its time in tenths of a second.
fn story(id: &str, set: &[&str]) -> Vec<String> {
    let session = run_scenario(id, set);
    let record = session.record();
    let told = events(record);
    told.iter()
        .map(|event| format!("{:.1} {}", event.at.as_secs_f64(), sentence(record, event, &Wording::default())))
        .collect()
}

fn has(story: &[String], sentence: &str) -> bool {
    story.iter().any(|told| told == sentence)
}

#[test]
fn nobody_is_called_the_last_of_a_group_while_others_of_it_have_not_ended() {
    for (id, woken_at, by) in [
        ("wait-first", "1.0", "mirror-3"),
        ("as-completed", "1.0", "fetch-3"),
        ("gather-error", "0.0", "fetch-2"),
        ("task-group", "2.0", "orders"),
    ] {
        let story = story(id, &[]);
        let woken = format!("{woken_at} main becomes ready, last in the queue: {by}, which it was waiting for, ended");
        assert!(has(&story, &woken), "{id}: {story:#?}");
        assert!(!story.iter().any(|told| told.contains(&format!("{by}, the last task"))), "{id}: {story:#?}");
    }
    assert!(story("gather", &[]).iter().any(|told| told.ends_with("fetch-3, the last task it was waiting for, ended")));
}

#[test]
fn who_waits_for_the_first_of_several_is_not_said_to_gather_them() {
    let story = story("wait-first", &[]);
    assert!(has(&story, "0.0 main waits for the first of 3 tasks at wait_first.rs:16"), "{story:#?}");
    assert!(has(&story, "1.0 main waits for all of 2 tasks at wait_first.rs:19"), "{story:#?}");
}
