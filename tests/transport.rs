//! A run under way: pause, step, speed, stop; and a record that does not depend on them.

mod support;

use loopscope::event::{ClockKind, EventKind, Nanos, Outcome};
use loopscope::runtime::{Speed, Step};
use loopscope::scenarios::{self, Bounds, Param, Params, Program, Scenario, Value};
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{Ending, RunPhase, TaskStatus, file};
use std::time::Duration;
use support::{events, for_seeds, run_scenario};

fn start(id: &str, how: Start, speed: Speed) -> Session {
    let mut plan = Plan::new(scenarios::find(id).unwrap());
    plan.speed = speed;
    Session::start(plan, how, || {}).unwrap()
}

fn polls(session: &Session) -> usize {
    session.record().edge().polls
}

#[test]
fn a_step_does_exactly_one_poll() {
    let whole = run_scenario("queue", &[]);
    let mut session = start("queue", Start::Paused, Speed::NORMAL);
    for count in 1..=polls(&whole) {
        session.step(Step::Poll);
        while polls(&session) < count {
            assert!(session.pump_wait());
        }
        let ended = |session: &Session| {
            session
                .record()
                .log()
                .iter_from(0)
                .filter(|event| matches!(event.kind, EventKind::PollEnded { .. }))
                .count()
        };
        assert_eq!((polls(&session), ended(&session)), (count, count));
        assert_eq!(session.record().edge().running, []);
    }
    session.resume();
    while session.pump_wait() {}
    assert_eq!(events(session.record()), events(whole.record()));
}

#[test]
fn a_stepped_run_is_saved_as_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let saved = |session: &Session, name: &str| {
        let path = folder.path().join(name);
        file::save(session.record(), &path).unwrap();
        std::fs::read(path).unwrap()
    };
    let whole = run_scenario("queue", &[]);
    let mut session = start("queue", Start::Paused, Speed::NORMAL);
    while !session.is_over() {
        session.step(Step::Poll);
        session.pump_wait();
    }
    assert_eq!(saved(&session, "stepped"), saved(&whole, "whole"));
}

#[test]
fn a_record_does_not_depend_on_how_it_was_watched() {
    let whole = events(run_scenario("semaphore", &["delay=20ms"]).record());
    for_seeds(10, |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut plan = Plan::new(scenarios::find("semaphore").unwrap());
        plan.params.assign("delay=20ms").unwrap();
        let mut session = Session::start(plan, Start::Paused, || {}).unwrap();
        while !session.is_over() {
            match rng.u8(0..6) {
                0 => session.pause(),
                1 | 2 => session.step(Step::Poll),
                3 => session.set_speed(Speed::times(rng.f64() * 50.0 + 1.0).unwrap()),
                4 => session.set_speed(Speed::MAX),
                _ => session.resume(),
            }
            session.pump();
            std::thread::yield_now();
        }
        assert_eq!(events(session.record()), whole);
    });
}

#[test]
fn a_pause_stops_the_virtual_clock_at_once() {
    let mut session = start("say-hello", Start::Running, Speed::NORMAL);
    while session.now() == Nanos::ZERO {
        session.pump();
    }
    session.pause();
    let held = session.now();
    assert!(held > Nanos::ZERO && held < Nanos::from_secs(1));
    // Longer than a frame, on the machine's own clock: nothing moves.
    std::thread::sleep(Duration::from_millis(40)); // the span in which nothing may move
    assert_eq!(session.now(), held);
    session.set_speed(Speed::MAX);
    assert_eq!(session.now(), held);
    session.resume();
    while session.pump_wait() {}
    assert_eq!(session.now(), Nanos::from_secs(1));
}

#[test]
fn a_stop_ends_a_run_wherever_it_is() {
    for (id, speed) in [("queue", Speed::times(0.01).unwrap()), ("gather", Speed::NORMAL)] {
        for how in [Start::Running, Start::Paused] {
            let mut session = start(id, how, speed);
            session.stop();
            assert_eq!(session.record().edge().phase, RunPhase::Ended(Outcome::Stopped), "{id} {how:?}");
            assert!(session.record().edge().living() == 0);
        }
    }
}

const fn test_scenario(program: fn(&Params) -> Program) -> Scenario {
    Scenario::new("test", "Test", program)
}

#[test]
fn a_task_that_is_busy_for_ever_is_stopped_too() {
    static BUSY: Scenario = test_scenario(|_| {
        Program::on_loop(async {
            loop {
                loopscope::runtime::busy(Duration::from_millis(10));
            }
        })
    });
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let plan = Plan { clock, ..Plan::new(&BUSY) };
        let mut session = Session::start(plan, Start::Running, || {}).unwrap();
        session.pump_wait();
        session.stop();
        assert_eq!(session.record().edge().phase, RunPhase::Ended(Outcome::Stopped), "{clock:?}");
    }
}

#[test]
fn a_panicking_task_is_recorded_and_the_session_lives() {
    static PANICS: Scenario = test_scenario(|_| {
        Program::on_loop(async {
            loopscope::runtime::spawn("bad", async { panic!("on purpose") }).detach();
            loopscope::runtime::sleep(Duration::from_secs(1)).await;
        })
    });
    loopscope::runtime::quiet_task_panics();
    let mut session = Session::start(Plan::new(&PANICS), Start::Running, || {}).unwrap();
    session.set_speed(Speed::MAX);
    while session.pump_wait() {}
    let state = session.record().edge();
    assert_eq!(state.phase, RunPhase::Ended(Outcome::Completed));
    assert_eq!(session.record().status(state, loopscope::event::TaskId(1)), Some(TaskStatus::Ended(Ending::Panicked)));
    assert!(session.record().output().iter().any(|line| line.is_panic && &*line.text == "on purpose"));
}

#[test]
#[cfg(target_os = "linux")]
fn dropping_a_session_leaves_no_thread() {
    let loops = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        let names = tasks.filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok());
        names.filter(|name| name.trim() == "no-thread-left").count()
    };
    // Threads of other tests run beside this one: this session's thread is told by what it makes of its own name.
    static NAMED: Scenario = test_scenario(|_| {
        Program::on_loop(async {
            std::fs::write("/proc/thread-self/comm", "no-thread-left").unwrap();
            loopscope::runtime::sleep(Duration::from_secs(3600)).await;
        })
    });
    let mut session = Session::start(Plan::new(&NAMED), Start::Running, || {}).unwrap();
    while session.record().edge().timers.is_empty() {
        assert!(session.pump_wait());
    }
    assert_eq!(loops(), 1);
    drop(session);
    // A thread that was joined is gone for us a moment before it is gone from the list.
    let is_gone = (0..1_000_000).any(|_| loops() == 0);
    assert!(is_gone);
}

#[test]
fn parameters_at_their_limits_run() {
    // What waits for real time waits beside the others.
    std::thread::scope(|threads| {
        for scenario in scenarios::all() {
            match scenario.clock {
                ClockKind::Virtual => limits_run(scenario),
                ClockKind::Real => drop(threads.spawn(|| limits_run(scenario))),
            }
        }
    });
}

fn limits_run(scenario: &Scenario) {
    // Some lessons are about programs that get stuck.
    let by_default = run_scenario(scenario.id, &[]).record().edge().phase.clone();
    for param in scenario.params {
        for value in limits(param) {
            let session = run_scenario(scenario.id, &[&format!("{}={value}", param.name)]);
            let phase = &session.record().edge().phase;
            let is_meant = *phase == RunPhase::Ended(Outcome::Completed) || *phase == by_default;
            assert!(is_meant, "{} {}={value}: {phase:?}", scenario.id, param.name);
        }
    }
}

/// The least and the most, or every choice. A text has no limits.
fn limits(param: &Param) -> Vec<Value> {
    match param.bounds {
        Bounds::Count { min, max, .. } => vec![Value::Count(min), Value::Count(max)],
        Bounds::Millis { max, .. } => vec![Value::Millis(0), Value::Millis(max)],
        Bounds::Choice { of } => of.iter().copied().map(Value::Choice).collect(),
        Bounds::Text { .. } => Vec::new(),
    }
}

/// Another value than this one; none for a text.
fn another(param: &Param, value: &Value) -> Option<Value> {
    limits(param).into_iter().rev().find(|limit| limit != value)
}

#[test]
fn every_parameter_of_a_lesson_on_real_time_is_read() {
    // No two of its records are the same, so that what a parameter changes cannot be seen there.
    for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Real) {
        for param in scenario.params {
            let reads = format!("(\"{}\")", param.name);
            assert!(scenario.rust.text.contains(&reads), "{} does not read {}", scenario.id, param.name);
        }
    }
}

#[test]
fn every_parameter_changes_the_record() {
    for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual) {
        let defaults = run_scenario(scenario.id, &[]);
        for (param, value) in Params::defaults(scenario.params).iter() {
            let Some(other) = another(param, &value) else { continue };
            let changed = run_scenario(scenario.id, &[&format!("{}={other}", param.name)]);
            let (before, after) = (events(defaults.record()), events(changed.record()));
            assert_ne!(before[1..], after[1..], "{} does not heed {}", scenario.id, param.name);
        }
    }
}
