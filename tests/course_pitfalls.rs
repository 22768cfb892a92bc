//! What each lesson on pitfalls makes visible, read off its record.

mod support;

use loopscope::event::{EnqueueCause, EventKind, JobId, Nanos, Outcome, TaskId};
use loopscope::session::Session;
use loopscope::trace::{Diagnosis, Limits, SpanState, Wording, diagnose};
use support::outline::{Outline, TaskOutline, outline};
use support::{lines, run_scenario};

fn run(id: &str, set: &[&str]) -> (Session, Outline) {
    let session = run_scenario(id, set);
    let outline = outline(session.record());
    (session, outline)
}

fn task<'a>(outline: &'a Outline, name: &str) -> &'a TaskOutline {
    outline.task(name).unwrap_or_else(|| panic!("no task {name}"))
}

/// A time of whole milliseconds.
fn ms(millis: u64) -> Nanos {
    Nanos::from_millis(millis)
}

/// Of each timer of the task, how late it fired.
fn lateness(session: &Session, task: &str) -> Vec<Nanos> {
    let record = session.record();
    let catalog = record.catalog();
    let fired = record.log().iter_from(0).filter_map(|event| match event.kind {
        EventKind::TimerFired { timer } => record.timer(timer).map(|info| (info, event.at)),
        _ => None,
    });
    fired.filter(|(info, _)| catalog.task_name(info.task) == task).map(|(info, at)| at - info.deadline).collect()
}

fn causes(session: &Session) -> Vec<String> {
    let found: Vec<Diagnosis> = diagnose(session.record(), Limits::default(), &Wording::default());
    found.into_iter().map(|diagnosis| diagnosis.cause).collect()
}

#[test]
fn a_computing_task_makes_every_timer_late_and_a_job_none() {
    let (session, outline) = run("blocking-the-loop", &["pulses=3"]);
    for pulse in ["pulse-1", "pulse-2", "pulse-3"] {
        assert_eq!(lateness(&session, pulse), [ms(0), ms(0), ms(100), ms(0)], "{pulse}");
    }
    assert_eq!(task(&outline, "report").longest_poll, ms(300));

    let (session, outline) = run("blocking-the-loop", &["pulses=3", "where=thread"]);
    for pulse in ["pulse-1", "pulse-2", "pulse-3"] {
        assert_eq!(lateness(&session, pulse), [ms(0); 4], "{pulse}");
    }
    // The job takes its time beside the loop, and its end wakes the task that gave it.
    assert_eq!(task(&outline, "report").longest_poll, ms(0));
    let times: Vec<Nanos> = session
        .record()
        .log()
        .iter_from(0)
        .filter(|event| {
            let wakes = |cause: &EnqueueCause| *cause == EnqueueCause::JobDone(JobId(0));
            matches!(&event.kind, EventKind::JobStarted { .. } | EventKind::JobFinished { .. })
                || matches!(&event.kind, EventKind::Enqueued { cause, .. } if wakes(cause))
        })
        .map(|event| event.at)
        .collect();
    assert_eq!(times, [ms(1300), ms(1600), ms(1600)]);
    assert!(causes(&session).is_empty());
}

#[test]
fn awaits_that_never_wait_make_one_long_poll() {
    let (_, outline) = run("starvation", &[]);
    let report = task(&outline, "report");
    assert_eq!((report.polls, report.longest_poll), (1, ms(2000)));
    for guest in ["guest-1", "guest-2"] {
        assert_eq!(task(&outline, guest).longest_ready, ms(2000), "{guest}");
    }
}

#[test]
fn a_task_that_yields_lets_everyone_have_turns_and_ends_as_early() {
    let (_, outline) = run("fair-yield", &[]);
    let report = task(&outline, "report");
    assert_eq!((report.polls, report.longest_poll, report.ended), (21, ms(100), Some(ms(2000))));
    for guest in ["guest-1", "guest-2"] {
        assert_eq!(task(&outline, guest).longest_ready, ms(100), "{guest}");
    }
    let turns: Vec<&str> = outline.lines.iter().map(|line| line.task.as_str()).collect();
    assert_eq!(turns, ["guest-1", "guest-2", "guest-1", "guest-2", "guest-1", "guest-2", "report"]);
    // What the lesson says to try.
    let (_, starved) = run("fair-yield", &["every=100"]);
    assert_eq!(task(&starved, "guest-1").longest_ready, ms(2000));
}

#[test]
fn timers_that_are_due_while_the_loop_is_held_fire_late_and_by_deadline() {
    let (session, outline) = run("timer-is-not-a-promise", &[]);
    let dishes = ["egg", "tea", "cake"];
    let late = dishes.map(|dish| lateness(&session, dish));
    assert_eq!(late, [[ms(1500)], [ms(1000)], [ms(500)]]);
    // Fired at the same instant, they run one after another.
    let waited = dishes.map(|dish| task(&outline, dish).longest_ready);
    assert_eq!(waited, [ms(0), ms(200), ms(400)]);
    assert_eq!(dishes.map(|dish| outline.printed_at(dish)), [ms(2500), ms(2700), ms(2900)]);
}

#[test]
fn asking_costs_a_poll_for_each_look_and_half_of_the_time() {
    let (session, asks) = run("busy-wait", &[]);
    let (_, waits) = run("busy-wait", &["how=wait"]);
    assert_eq!(task(&asks, "viewer").polls, 2000);
    assert_eq!(task(&waits, "viewer").polls, 2);
    assert_eq!((asks.elapsed, waits.elapsed), (ms(3999), ms(2000)));
    let viewer = &session.record().lanes()[2];
    assert!(viewer.spans().all(|span| span.state != SpanState::Waiting || span.start == span.end_or(Nanos::MAX)));
    assert!(causes(&session)[0].starts_with("viewer woke itself 1000 times in a row"));
}

#[test]
fn a_blocking_lock_keeps_its_holder_from_running_and_an_awaited_one_does_not() {
    let (session, outline) = run("mixing-sync-and-async", &[]);
    assert_eq!(
        lines(session.record()),
        ["0.0 writer: has the lock", "2.0 reader: gives up", "2.0 writer: releases the lock"]
    );
    assert_eq!(task(&outline, "reader").longest_poll, ms(2000));
    assert_eq!(lateness(&session, "writer"), [ms(1000)]);

    let (session, outline) = run("mixing-sync-and-async", &["lock=async"]);
    assert_eq!(outline.printed_at("reader: has the lock"), ms(1000));
    assert_eq!(lateness(&session, "writer"), [ms(0)]);
    assert!(causes(&session).is_empty());
}

#[test]
fn a_future_that_nobody_polls_keeps_its_lock_until_it_is_dropped() {
    let (session, outline) = run("futurelock", &[]);
    assert_eq!(outline.outcome, Some(Outcome::Deadlock));
    assert_eq!(causes(&session), ["main waits for file, which main holds: none of them can continue"]);
    let fix = &diagnose(session.record(), Limits::default(), &Wording::default())[0].fix;
    assert!(fix.contains("a task of its own"), "a circle of one is not a matter of order: {fix}");
    // The timer of the future wakes the task, which has nothing to do with that.
    let main = &session.record().lanes()[0];
    let last_poll = main.last_before(usize::MAX, |span| span.state == SpanState::Running);
    assert_eq!(last_poll.map(|span| span.start), Some(ms(2000)));
    assert_eq!(lateness(&session, "main"), [ms(0), ms(0)]);

    for way in ["then=drop", "patience=3s"] {
        let (session, outline) = run("futurelock", &[way]);
        assert_eq!(outline.outcome, Some(Outcome::Completed), "{way}");
        assert!(causes(&session).is_empty(), "{way}");
    }
}

#[test]
fn who_is_woken_with_all_the_others_is_mostly_woken_for_nothing() {
    let awakenings = |session: &Session| {
        let by_host = |task: TaskId| session.record().catalog().task_name(task) == "host";
        let events = session.record().log().iter_from(0);
        let woken = events.filter(
            |event| matches!(event.kind, EventKind::Enqueued { cause: EnqueueCause::WokenBy(by), .. } if by_host(by)),
        );
        woken.count()
    };
    let (all, outline) = run("thundering-herd", &[]);
    assert_eq!((awakenings(&all), outline.count_lines("for nothing")), (5 + 4 + 3 + 2 + 1, 10));
    let (one, outline) = run("thundering-herd", &["wakes=one"]);
    assert_eq!((awakenings(&one), outline.count_lines("for nothing")), (5, 0));
    let seated: Vec<Nanos> = outline.lines.iter().map(|line| line.at).collect();
    assert_eq!(seated, [1, 2, 3, 4, 5].map(Nanos::from_secs));
    // What the lesson says of a hundred.
    let (_, outline) = run("thundering-herd", &["guests=100"]);
    assert_eq!(outline.count_lines("for nothing"), 4950);
}

#[test]
fn a_lock_held_over_a_slow_step_takes_the_fetches_one_by_one() {
    let stored = |set: &[&str]| {
        let (_, outline) = run("convoy", set);
        ["clerk-1", "clerk-2", "clerk-3", "clerk-4"].map(|clerk| outline.printed_at(clerk))
    };
    assert_eq!(stored(&[]), [2000, 4000, 6000, 8000].map(ms));
    assert_eq!(stored(&["hold=short"]), [2000, 2500, 3000, 3500].map(ms));
}

#[test]
fn futures_read_ahead_stand_still_while_their_task_does_something_else() {
    let fetched = |set: &[&str]| {
        let (_, outline) = run("buffered-stream", set);
        let lines = outline.lines.iter().filter(|line| line.text.ends_with("fetched"));
        (lines.map(|line| line.at).collect::<Vec<_>>(), outline.elapsed, outline.tasks.len())
    };
    let seconds = |times: [u64; 4]| times.map(Nanos::from_secs).to_vec();
    assert_eq!(fetched(&[]), (seconds([1, 2, 4, 5]), Nanos::from_secs(6), 1));
    assert_eq!(fetched(&["as=tasks"]), (seconds([1, 1, 2, 3]), Nanos::from_secs(5), 5));
}
