//! What each program whose tasks work together makes visible, read off its record.

mod support;

use loopscope::event::{EventKind, Nanos, Outcome, ResourceState, WaitOn, WaitOp};
use loopscope::runtime::{as_completed, say, sleep, spawn};
use loopscope::session::Session;
use loopscope::trace::{Record, RunPhase};
use std::time::Duration;
use support::outline::{TaskOutline, outline};
use support::{lines, record, run_scenario};

const SECOND: Duration = Duration::from_secs(1);

fn task(session: &Session, name: &str) -> TaskOutline {
    outline(session.record()).task(name).unwrap_or_else(|| panic!("there is no {name}")).clone()
}

fn kinds(record: &Record) -> impl Iterator<Item = (Nanos, EventKind)> {
    record.log().iter_from(0).map(|event| (event.at, event.kind))
}

/// The states of the shared things, in order.
fn states(session: &Session) -> Vec<ResourceState> {
    let changes = kinds(session.record()).filter_map(|(_, kind)| match kind {
        EventKind::ResourceChanged { state, .. } => Some(state),
        _ => None,
    });
    changes.collect()
}

/// How many waits of this kind there were.
fn waits(session: &Session, op: WaitOp) -> usize {
    let is_it =
        |kind: &EventKind| matches!(kind, EventKind::WaitBegan { on: WaitOn::Resource(_, this), .. } if *this == op);
    kinds(session.record()).filter(|(_, kind)| is_it(kind)).count()
}

#[test]
fn a_bounded_queue_never_holds_more_than_it_has_places_for() {
    for size in [1, 2, 3] {
        let session = run_scenario("queue-bounded", &[&format!("size={size}"), "items=20"]);
        let lengths = states(&session).into_iter().map(|state| match state {
            ResourceState::Queue { length } => length,
            other => panic!("{other:?}"),
        });
        assert_eq!(lengths.max(), Some(size));
    }
}

#[test]
fn back_pressure_holds_the_producer_and_costs_no_time() {
    let (two, five) = (run_scenario("queue-bounded", &[]), run_scenario("queue-bounded", &["size=5"]));
    assert_eq!((waits(&two, WaitOp::Put), waits(&five, WaitOp::Put)), (2, 0));
    assert!(task(&two, "producer").ended > task(&five, "producer").ended);
    assert_eq!(two.record().log().end(), five.record().log().end());
}

#[test]
fn a_lock_is_given_in_the_order_of_asking() {
    let session = run_scenario("lock", &["clerks=4", "pages=3"]);
    let expected: Vec<String> =
        (0..12).map(|turn| format!("{turn}.0 clerk-{} prints page {}", turn % 4 + 1, turn / 4 + 1)).collect();
    assert_eq!(lines(session.record()), expected);
}

#[test]
fn who_asks_again_at_once_waits_behind_who_is_in_line() {
    // All but the very first ask while somebody holds the lock or is promised it.
    let session = run_scenario("lock", &[]);
    assert_eq!(waits(&session, WaitOp::Lock), 5);
    assert_eq!(waits(&run_scenario("lock", &["clerks=1"]), WaitOp::Lock), 0);
}

#[test]
fn an_event_wakes_all_at_once_and_a_condition_as_many_as_are_called() {
    let at = |set: &[&str], what: &str| -> Vec<String> {
        let lines = lines(run_scenario("event-and-condition", set).record());
        let times = lines.iter().filter(|line| line.ends_with(what));
        times.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(at(&[], "comes in"), ["1.0", "1.0", "1.0"]);
    assert_eq!(at(&[], "is served"), ["2.0", "3.0", "4.0"]);
    assert_eq!(at(&["customers=5", "called=2"], "is served"), ["2.0", "2.0", "3.0", "3.0", "4.0"]);
}

#[test]
fn waiting_for_the_first_leaves_the_others_running() {
    let session = run_scenario("wait-first", &[]);
    assert!(["mirror-1", "mirror-2", "mirror-3"].into_iter().all(|name| task(&session, name).finished));
    let left = run_scenario("wait-first", &["others=left"]);
    let finished = ["mirror-1", "mirror-2", "mirror-3"].map(|name| task(&left, name).finished);
    assert_eq!(finished, [false, false, true], "they end with main");
    assert_eq!(left.record().log().end(), Nanos::from(SECOND));
}

#[test]
fn waiting_for_all_hears_of_a_failure_last() {
    let session = run_scenario("wait-all", &[]);
    let expected = ["3.0 Done: 3, pending: 0", "3.0 Result: 1", "3.0 Error: fetch 2 found nothing", "3.0 Result: 3"];
    assert_eq!(lines(session.record()), expected);
    assert_eq!(task(&session, "fetch-2").ended, Some(Nanos::from(SECOND * 2)));
    assert_eq!(task(&session, "main").polls, 2, "nothing but the end of all wakes main");
    let first = run_scenario("wait-all", &["until=first-error"]);
    assert_eq!(lines(first.record())[0], "2.0 Done: 2, pending: 1");
}

#[test]
fn results_come_in_the_order_of_finishing() {
    let results = |set: &[&str]| -> Vec<String> {
        let lines = lines(run_scenario("as-completed", set).record());
        lines.into_iter().filter(|line| line.contains("Result")).collect()
    };
    let of = ["1.0 Result of fetch 3", "2.0 Result of fetch 2", "3.0 Result of fetch 1"];
    assert_eq!(results(&[]), of);
    let of = ["1.0 Result of fetch 1", "2.0 Result of fetch 2", "3.0 Result of fetch 3"];
    assert_eq!(results(&["slowest=last"]), of);
}

#[test]
fn what_has_ended_before_it_is_asked_for_waits_in_order_and_is_not_lost() {
    let (result, record) = record(async {
        let tasks = [2, 1, 3].map(|seconds| {
            spawn(format!("sleeper-{seconds}"), async move {
                sleep(SECOND * seconds).await;
                seconds
            })
        });
        let mut ended = as_completed("ended", tasks);
        sleep(SECOND * 2 + SECOND / 2).await;
        while let Some(seconds) = ended.next_output().await {
            say!("{seconds}");
        }
        ended.next_output().await
    });
    assert_eq!(result, Ok(None), "nothing is left");
    assert_eq!(lines(&record), ["2.5 1", "2.5 2", "3.0 3"]);
}

#[test]
fn who_lets_go_of_results_to_come_cancels_their_tasks() {
    let (result, record) = record(async {
        let tasks = [1, 2].map(|seconds| {
            spawn("sleeper", async move {
                sleep(SECOND * seconds).await;
                say!("{seconds} s are over");
            })
        });
        let mut ended = as_completed("ended", tasks);
        ended.next_output().await;
        drop(ended);
        sleep(SECOND * 5).await;
    });
    assert_eq!(result, Ok(()));
    assert_eq!(lines(&record), ["1.0 1 s are over"]);
}

#[test]
fn the_losers_of_a_race_are_dropped_in_the_turn_in_which_it_is_won() {
    let session = run_scenario("race", &[]);
    let record = session.record();
    assert_eq!(outline(record).tasks.len(), 1, "the racers are no tasks");
    let cancelled = kinds(record).filter(|(_, kind)| matches!(kind, EventKind::TimerCancelled { .. }));
    let times: Vec<Nanos> = cancelled.map(|(at, _)| at).collect();
    assert_eq!(times, [Nanos::from(SECOND); 2]);
    assert_eq!(record.log().end(), Nanos::from(SECOND));
    assert_eq!(task(&session, "main").polls, 2);
}

#[test]
fn a_stream_is_the_classic_async_generator() {
    let text = std::fs::read_to_string("tests/expected/stream.txt").unwrap();
    let expected: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines(run_scenario("stream", &[]).record()), expected);
}

#[test]
fn a_generator_runs_only_while_it_is_asked() {
    let session = run_scenario("stream", &["handle=1s"]);
    assert_eq!(outline(session.record()).tasks.len(), 1, "it is no task");
    assert_eq!(session.record().log().end(), Nanos::from(SECOND * 10), "making and handling never overlap");
}

#[test]
fn a_resource_is_closed_before_its_error_is_seen() {
    for (query, expected) in [
        ("fails", &["1.0 Opened", "1.0 Asking for rows", "3.0 Closed", "3.0 Caught: no such table"][..]),
        ("works", &["1.0 Opened", "1.0 Asking for rows", "3.0 Got the rows", "4.0 Closed"]),
    ] {
        let session = run_scenario("resource", &[&format!("query={query}")]);
        assert_eq!(lines(session.record()), expected);
        assert_eq!(states(&session), [true, false].map(|is_open| ResourceState::Held { is_open }));
        assert_eq!(session.record().edge().phase, RunPhase::Ended(Outcome::Completed));
    }
}
