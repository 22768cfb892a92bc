//! What several tests need.
#![allow(dead_code, reason = "each test uses its part")]

pub(crate) mod outline;

use loopscope::event::Event;
use loopscope::runtime::{EventLoop, RunError};
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{OutputLine, Record};
use std::future::Future;
use std::sync::{Arc, Mutex};

/// Runs `main` on the virtual clock and gives its result and its record.
pub(crate) fn record<F>(main: F) -> (Result<F::Output, RunError>, Record)
where
    F: Future + 'static,
    F::Output: 'static,
{
    record_on(EventLoop::new(), main)
}

/// Runs `main` on the given loop and gives its result and its record.
pub(crate) fn record_on<F>(event_loop: EventLoop, main: F) -> (Result<F::Output, RunError>, Record)
where
    F: Future + 'static,
    F::Output: 'static,
{
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let events = Arc::clone(&events);
        move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
    };
    let result = event_loop.sink(sink).run(main);
    let mut record = Record::default();
    events.lock().unwrap().drain(..).for_each(|event| record.push(event));
    (result, record)
}

/// The lines of a record as the command line prints them.
pub(crate) fn lines(record: &Record) -> Vec<String> {
    record.output().iter().map(line).collect()
}

fn line(line: &OutputLine) -> String {
    format!("{:.1} {}", line.at.as_secs_f64(), line.text)
}

/// Runs a scenario to its end at full speed. Nobody answers what it asks.
pub(crate) fn run_scenario(id: &str, set: &[&str]) -> Session {
    let mut plan = Plan::new(scenarios::find(id).unwrap());
    plan.speed = loopscope::runtime::Speed::MAX;
    set.iter().for_each(|assignment| plan.params.assign(assignment).unwrap());
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    while session.pump_wait() {
        if !session.questions().is_empty() {
            session.end_input();
        }
    }
    assert!(session.is_over(), "{id}");
    session
}

/// The events of a record.
pub(crate) fn events(record: &Record) -> Vec<Event> {
    record.log().iter_from(0).collect()
}

/// Runs `property` for `count` seeds and names the one that fails. `LOOPSCOPE_SEED` runs that one alone.
pub(crate) fn for_seeds(count: u64, property: impl Fn(u64) + std::panic::RefUnwindSafe) {
    let only = std::env::var("LOOPSCOPE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = only.map_or(0..count, |seed: u64| seed..seed + 1);
    for seed in seeds {
        if let Err(failure) = std::panic::catch_unwind(|| property(seed)) {
            eprintln!("failed with seed {seed}: run again with LOOPSCOPE_SEED={seed}");
            std::panic::resume_unwind(failure);
        }
    }
}
