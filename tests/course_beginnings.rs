//! What each of the first programs makes visible, read off its record.

mod support;

use loopscope::event::{DropCause, EventKind, Nanos};
use loopscope::session::Session;
use loopscope::trace::wait_label;
use support::outline::{TaskOutline, outline};
use support::{lines, run_scenario};

/// The lines of a classic program, as they were measured.
fn expected(id: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("tests/expected/{id}.txt")).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn task(session: &Session, name: &str) -> TaskOutline {
    outline(session.record()).task(name).unwrap_or_else(|| panic!("there is no {name}")).clone()
}

fn names(session: &Session) -> Vec<String> {
    outline(session.record()).tasks.into_iter().map(|task| task.name).collect()
}

const fn millis(millis: u64) -> Nanos {
    Nanos::from_millis(millis)
}

#[test]
fn the_classic_programs_print_what_was_measured() {
    for id in ["gather-two", "fetch-and-process"] {
        assert_eq!(lines(run_scenario(id, &[]).record()), expected(id), "{id}");
    }
}

#[test]
fn a_call_that_is_forgotten_leaves_no_lane_and_no_line() {
    let session = run_scenario("coroutine-not-started", &[]);
    assert_eq!(names(&session), ["main", "letter-2"]);
    assert!(!lines(session.record()).iter().any(|line| line.contains("Sending letter 1")));
}

#[test]
fn a_call_that_is_awaited_comes_first_and_one_that_is_spawned_runs_beside() {
    let awaited = run_scenario("coroutine-not-started", &["then=awaited"]);
    assert_eq!(names(&awaited), ["main", "letter-2"], "awaiting makes no task");
    assert_eq!(awaited.record().log().end(), millis(4000));
    let spawned = run_scenario("coroutine-not-started", &["then=spawned"]);
    assert_eq!(names(&spawned), ["main", "letter-1", "letter-2"]);
    assert_eq!(spawned.record().log().end(), millis(2000));
    let sent = ["2.0 Sent letter 1", "2.0 Sent letter 2"];
    assert_eq!(lines(spawned.record())[3..], sent);
}

#[test]
fn gathered_results_come_together_and_in_the_order_of_the_arguments() {
    let session = run_scenario("gather-two", &["results=printed"]);
    assert_eq!(lines(session.record()).last().unwrap(), "2.0 Results of tasks [1, 2]");
    assert_eq!(task(&session, "task-2").ended, Some(millis(1000)), "the second is done first");
    assert_eq!(task(&session, "main").polls, 2, "and main is not woken by it");
}

#[test]
fn awaiting_a_task_that_has_ended_is_no_wait() {
    let polls = |set: &[&str]| task(&run_scenario("fetch-and-process", set), "main").polls;
    assert_eq!(polls(&[]), 2);
    assert_eq!(polls(&["process=3s"]), 3);
}

#[test]
fn who_never_has_to_wait_keeps_its_turn_to_the_end() {
    let ann = |set: &[&str]| task(&run_scenario("await-does-not-yield", set), "ann");
    assert_eq!(ann(&["cached=4"]).polls, 1);
    // Two of the four pages are at hand; each of the others ends a turn.
    assert_eq!(ann(&[]).polls, 3);
    let session = run_scenario("await-does-not-yield", &["cached=4"]);
    let readers: Vec<bool> = lines(session.record()).iter().map(|line| line.contains("ann")).collect();
    assert_eq!(readers, [true, true, true, true, false, false, false, false]);
}

#[test]
fn what_is_left_when_main_returns_is_cancelled_where_it_waits() {
    let session = run_scenario("event-loop-life", &[]);
    let record = session.record();
    let backup = task(&session, "backup");
    assert_eq!((backup.finished, backup.ended), (false, Some(millis(2500))));
    let ends = record.log().iter_from(0).filter_map(|event| match &event.kind {
        EventKind::TaskDropped { cause, .. } => Some(*cause),
        _ => None,
    });
    assert_eq!(ends.collect::<Vec<_>>(), [DropCause::RunEnded]);
    let waits = record.log().iter_from(0).filter_map(|event| match &event.kind {
        EventKind::WaitBegan { on, .. } => Some(wait_label(record.catalog(), on)),
        _ => None,
    });
    assert_eq!(waits.last().unwrap(), "sleep 1 s", "the third part is under way");
    assert!(task(&run_scenario("event-loop-life", &["then=wait"]), "backup").finished);
}
