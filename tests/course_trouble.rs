//! What the lessons of the chapter on trouble make visible.

mod support;

use loopscope::event::{DropCause, EnqueueCause, EventKind, Nanos, Outcome, TaskId};
use loopscope::session::Session;
use loopscope::trace::{Ending, Limits, Record, RunPhase, TaskStatus, Wording, diagnose};
use support::{events, lines, run_scenario};

/// How a task ended; of several of that name the first.
fn ending(record: &Record, name: &str) -> Option<Ending> {
    match record.status(record.edge(), task(record, name))? {
        TaskStatus::Ended(ending) => Some(ending),
        _ => None,
    }
}

fn task(record: &Record, name: &str) -> TaskId {
    let place = record.catalog().tasks().iter().position(|task| &*task.name == name);
    TaskId(place.unwrap_or_else(|| panic!("there is no {name}")) as u32)
}

/// Where the first event is of which this is so.
fn place(record: &Record, is_it: impl Fn(&EventKind) -> bool) -> usize {
    record.log().iter_from(0).position(|event| is_it(&event.kind)).expect("there is such an event")
}

fn drop_cause(record: &Record, name: &str) -> Option<DropCause> {
    let id = task(record, name);
    record.log().iter_from(0).find_map(|event| match event.kind {
        EventKind::TaskDropped { task, cause } if task == id => Some(cause),
        _ => None,
    })
}

fn outcome(session: &Session) -> Outcome {
    match &session.record().edge().phase {
        RunPhase::Ended(outcome) => outcome.clone(),
        phase => panic!("the run has not ended: {phase:?}"),
    }
}

fn causes(record: &Record) -> Vec<String> {
    diagnose(record, Limits::default(), &Wording::default()).into_iter().map(|found| found.cause).collect()
}

#[test]
fn gather_tells_the_first_error_at_once_and_leaves_the_others_to_the_end_of_the_run() {
    let session = run_scenario("gather-error", &[]);
    let record = session.record();
    assert_eq!(lines(record), ["0.0 Caught an exception: Simulated error for input 2"]);
    assert_eq!(record.log().end(), Nanos::ZERO);
    for name in ["fetch-1", "fetch-3"] {
        assert_eq!(drop_cause(record, name), Some(DropCause::RunEnded), "{name}");
    }
    let session = run_scenario("gather-error", &["stay=5s"]);
    assert_eq!(lines(session.record())[1..], ["3.0 Data 1 retrieved.", "3.0 Data 3 retrieved."]);
}

#[test]
fn try_join_drops_the_others_at_the_first_error() {
    let session = run_scenario("gather-error", &["how=try-join", "stay=5s"]);
    let record = session.record();
    assert_eq!(lines(record), ["0.0 Caught an exception: Simulated error for input 2"]);
    for name in ["fetch-1", "fetch-3"] {
        assert_eq!(drop_cause(record, name), Some(DropCause::Cancelled), "{name}");
    }
}

#[test]
fn errors_as_results_come_in_their_place_when_all_are_done() {
    let session = run_scenario("gather-error", &["how=return-exceptions"]);
    let expected = [
        "3.0 Data 1 retrieved.",
        "3.0 Data 3 retrieved.",
        "3.0 Got data 1",
        "3.0 Caught an exception: Simulated error for input 2",
        "3.0 Got data 3",
    ];
    assert_eq!(lines(session.record()), expected);
}

#[test]
fn a_cancelled_task_ends_a_turn_after_the_cancel() {
    let session = run_scenario("cancel", &[]);
    let record = session.record();
    let download = task(record, "download");
    let cancelled = place(
        record,
        |kind| matches!(kind, EventKind::Enqueued { task, cause: EnqueueCause::Cancelled } if *task == download),
    );
    let dropped = place(record, |kind| matches!(kind, EventKind::TaskDropped { task, .. } if *task == download));
    let turns = record.log().iter_from(cancelled).take(dropped - cancelled);
    let turns = turns.filter(|event| matches!(event.kind, EventKind::IterationStarted { .. })).count();
    assert_eq!(turns, 1);
    assert_eq!(record.log().get(dropped).unwrap().at, Nanos::from_millis(2500));
}

#[test]
fn what_has_ended_cannot_be_cancelled() {
    let session = run_scenario("cancel", &["patience=10s"]);
    assert_eq!(ending(session.record(), "download"), Some(Ending::Returned));
    assert_eq!(lines(session.record())[4], "4.0 download: closes its file");
}

#[test]
fn of_two_timers_the_one_that_is_due_first_takes_the_other_away() {
    let session = run_scenario("timeout", &[]);
    let record = session.record();
    let count = |is_it: fn(&EventKind) -> bool| events(record).iter().filter(|event| is_it(&event.kind)).count();
    // Two for each of four tasks, and one of main.
    assert_eq!(count(|kind| matches!(kind, EventKind::TimerArmed { .. })), 9);
    assert_eq!(count(|kind| matches!(kind, EventKind::TimerCancelled { .. })), 4);
    assert_eq!(count(|kind| matches!(kind, EventKind::TimerFired { .. })), 5);
    let answers = lines(record).iter().filter(|line| line.contains("server")).count();
    assert_eq!(answers, 2);
}

#[test]
fn the_time_wins_where_the_answer_is_due_at_once_with_it() {
    let session = run_scenario("timeout", &["limit=2s"]);
    let expected = ["1.0 server 1 answers", "2.0 ask-2 gives up", "2.0 ask-3 gives up", "2.0 ask-4 gives up"];
    assert_eq!(lines(session.record())[..4], expected);
}

#[test]
fn the_error_of_a_group_comes_when_all_of_it_have_ended() {
    let session = run_scenario("task-group", &[]);
    let record = session.record();
    let stock = task(record, "stock");
    let dropped = place(record, |kind| matches!(kind, EventKind::TaskDropped { task, .. } if *task == stock));
    let told = place(
        record,
        |kind| matches!(kind, EventKind::Enqueued { task: TaskId(0), cause: EnqueueCause::Gathered(by) } if *by == stock),
    );
    assert!(dropped < told, "{dropped} {told}");
    assert_eq!(lines(record)[2..], ["2.0 orders: hangs up", "2.0 stock: hangs up", "2.0 main: there are no orders"]);
    assert_eq!(drop_cause(record, "stock"), Some(DropCause::Cancelled));
}

#[test]
fn without_a_group_the_others_run_on_for_nobody() {
    let session = run_scenario("task-group", &["how=gather"]);
    let expected =
        ["2.0 orders: hangs up", "2.0 main: there are no orders", "4.0 stock: loaded", "4.0 stock: hangs up"];
    assert_eq!(lines(session.record())[2..], expected);
}

#[test]
fn a_failure_that_nobody_awaits_is_told_to_nobody_but_found() {
    loopscope::runtime::quiet_task_panics();
    let session = run_scenario("exception-never-retrieved", &[]);
    let record = session.record();
    assert_eq!(outcome(&session), Outcome::Completed);
    assert_eq!(ending(record, "save-2"), Some(Ending::Panicked));
    assert_eq!(causes(record), ["save-2 panicked, and no task ever awaited it: the failure went unseen"]);
    let session = run_scenario("exception-never-retrieved", &["how=await"]);
    assert_eq!(lines(session.record())[2..], ["3.0 main: the disk is full", "3.0 main: all done"]);
    assert_eq!(causes(session.record()), [] as [&str; 0]);
}

#[test]
fn a_cancel_ends_at_a_shield() {
    let ends = |how: &str| {
        let session = run_scenario("shield", &[how]);
        ["request", "save"].map(|name| ending(session.record(), name))
    };
    let [dropped, finished] = [Ending::Cancelled, Ending::Returned].map(Some);
    assert_eq!(ends("how=shield"), [dropped, finished]);
    assert_eq!(ends("how=await"), [dropped, dropped]);
    assert_eq!(ends("patience=10s"), [finished, finished]);
}

#[test]
fn a_circle_of_locks_is_named_and_one_order_opens_it() {
    let session = run_scenario("deadlock", &[]);
    assert_eq!(outcome(&session), Outcome::Deadlock);
    let circle = "ann-to-bob waits for account-bob, which bob-to-ann holds; bob-to-ann waits for account-ann, which \
                  ann-to-bob holds: none of them can continue";
    assert_eq!(causes(session.record()), [circle]);
    let session = run_scenario("deadlock", &["order=same"]);
    assert_eq!(outcome(&session), Outcome::Completed);
    assert_eq!(session.record().log().end(), Nanos::from_secs(2));
}

#[test]
fn a_notification_before_the_wait_is_lost_unless_who_comes_looks_first() {
    let session = run_scenario("lost-wakeup", &[]);
    assert_eq!(outcome(&session), Outcome::Deadlock);
    assert_eq!(
        causes(session.record()),
        ["late waits for a notification from news, and no task is left that could wake it"]
    );
    for cure in ["first=look", "bake=4s"] {
        let session = run_scenario("lost-wakeup", &[cure]);
        assert_eq!(outcome(&session), Outcome::Completed, "{cure}");
    }
}
