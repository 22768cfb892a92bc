//! A run pauses exactly at the event at which a moment comes, whenever it was asked to.

mod support;

use loopscope::moment::Moment;
use loopscope::runtime::{Phase, Speed, Step};
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start, comings};
use support::run_scenario;

fn paused(id: &str) -> Session {
    let plan = Plan { speed: Speed::MAX, ..Plan::new(scenarios::find(id).unwrap()) };
    Session::start(plan, Start::Paused, || {}).unwrap()
}

/// Lets the run go on until it pauses or ends; how many events it has told by then.
fn go_on(session: &mut Session) -> usize {
    session.resume();
    let is_still = |session: &Session| session.paused_by().is_some() && session.phase() == Phase::Paused;
    while !session.is_over() && !is_still(session) {
        if session.pump() {
            continue;
        }
        std::thread::yield_now();
    }
    while session.pump() {}
    session.record().log().len()
}

#[test]
fn a_run_pauses_at_each_event_at_which_a_moment_comes_and_at_no_other() {
    for (id, moment) in [
        ("semaphore", "any task waits for gate"),
        ("semaphore", "gate full"),
        ("queue", "queue length >= 2"),
        ("blocking-the-loop", "late by > 0"),
        ("gather", "each fetch-* done"),
        ("deadlock", "deadlock"),
        ("create-task", "ready > 1"),
        ("create-task", "main runs"),
        ("say-hello", "main waits at sleep"),
    ] {
        let moment: Moment = moment.parse().unwrap();
        let whole = run_scenario(id, &[]);
        let marks = whole.plan().scenario.rust.marks();
        let expected: Vec<usize> = comings(whole.record(), &moment, &marks).map(|index| index + 1).collect();
        assert!(!expected.is_empty(), "{id}: {moment}");
        let mut session = paused(id);
        session.pause_when(vec![moment.clone()]);
        let mut seen = Vec::new();
        while !session.is_over() {
            let events = go_on(&mut session);
            if session.paused_by().is_some() {
                assert_eq!(session.paused_by(), Some(moment.clone()));
                seen.push(events);
            }
        }
        assert_eq!(seen, expected, "{id}: {moment}");
    }
}

/// On the real clock a thread tells that a job is done which runs no task: it goes on, and the loop holds before its next poll.
#[test]
fn a_run_pauses_at_what_another_thread_tells() {
    let moment: Moment = "\"read *\" job done".parse().unwrap();
    let mut plan = Plan::new(scenarios::find("file-read").unwrap());
    ["files=2", "size=1"].iter().for_each(|set| plan.params.assign(set).unwrap());
    let mut session = Session::start(plan, Start::Paused, || {}).unwrap();
    session.pause_when(vec![moment.clone()]);
    let mut paused = 0;
    while !session.is_over() {
        go_on(&mut session);
        if session.paused_by().is_some() {
            paused += 1;
            let told = comings(session.record(), &moment, &Default::default()).count();
            assert!(told >= paused, "paused {paused} times; the record has {told}");
        }
    }
    assert!((1..=2).contains(&paused), "two jobs read, on threads of their own: paused {paused} times");
}

#[test]
fn what_is_asked_for_in_the_middle_of_a_run_knows_what_came_before() {
    let whole = run_scenario("semaphore", &[]);
    let moment: Moment = "each fetch-* done".parse().unwrap();
    let expected: Vec<usize> = comings(whole.record(), &moment, &Default::default()).map(|index| index + 1).collect();
    for steps in [1, 5, 20] {
        let mut session = paused("semaphore");
        for _ in 0..steps {
            session.step(Step::Poll);
            while session.phase() == Phase::Stepping {
                std::thread::yield_now();
            }
        }
        session.pause_when(vec!["deadlock".parse().unwrap(), moment.clone()]);
        assert_eq!(go_on(&mut session), expected[0], "after {steps} polls");
        assert_eq!(session.paused_by(), Some(moment.clone()));
        session.pause_when(Vec::new());
        session.resume();
        while session.pump_wait() {}
        assert_eq!(session.record().log().len(), whole.record().log().len());
        assert_eq!(session.paused_by(), None);
    }
}
