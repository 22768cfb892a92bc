//! CPython is asked where each task is: whenever a twin prints a line, the lines of all the functions that its tasks are
//! in, as the interpreter knows them, are those that the record of the Rust program tells in Python.

#[path = "support/outside.rs"]
mod outside;

use libtest_mimic::Failed;
use loopscope::event::{ClockKind, EventKind};
use loopscope::runtime::Speed;
use loopscope::scenarios::{self, Scenario};
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{Record, State};
use std::process::{Command, ExitCode};

/// Twins that do the same with other functions or tasks than the Rust: their lines are compared in `tests/places.rs` alone.
const OTHERWISE: &[(&str, &str)] = &[
    ("as-completed", "asyncio's `as_completed` waits in a future of its own"),
    ("buffered-stream", "the fetches are run by hand"),
    ("cpu-bound-pool", "the work is done in other processes"),
    ("futurelock", "the future is run by hand"),
    ("order-smol-vs-asyncio", "the order is another one"),
    ("race", "each coroutine is a task"),
    ("resource", "it is opened and closed in a context manager"),
    ("stream", "an asynchronous generator is no coroutine"),
    ("task-group", "the guard of a part is a `finally`"),
    ("timeout", "`wait_for` makes a task in 3.11"),
    ("work-stealing", "the work is done in other processes"),
];

fn main() -> ExitCode {
    let is_compared = |scenario: &&Scenario| {
        scenario.clock == ClockKind::Virtual && OTHERWISE.iter().all(|(id, _)| *id != scenario.id)
    };
    outside::main(
        scenarios::all()
            .filter(is_compared)
            .map(|scenario| outside::test(format!("lines of {}", scenario.id), &["python3"], move || agree(scenario)))
            .collect(),
    )
}

fn agree(scenario: &'static Scenario) -> Result<(), Failed> {
    let twin = format!("assets/python/{}", scenario.python.file);
    let output = Command::new("python3").args(["tests/asyncio_virtual.py", "--places", &twin]).output()?;
    let output = String::from_utf8(output.stdout)?;
    let python: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix("# places: ")).collect();
    let session = run(scenario);
    let rust = places(scenario, session.record());
    if python.is_empty() || rust.len() < python.len() {
        return Err(format!("{} lines in Rust, {} in Python", rust.len(), python.len()).into());
    }
    for (number, (rust, python)) in rust.iter().zip(&python).enumerate() {
        if rust != python {
            return Err(format!("at line {} of the output\nRust   {rust}\nPython {python}", number + 1).into());
        }
    }
    Ok(())
}

fn run(scenario: &'static Scenario) -> Session {
    let plan = Plan { speed: Speed::MAX, ..Plan::new(scenario) };
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    while session.pump_wait() {}
    session
}

/// For each line that a task prints: where every task is, in the lines of the twin, as Python writes it.
fn places(scenario: &Scenario, record: &Record) -> Vec<String> {
    let catalog = record.catalog();
    let twin = |line: u32| Some(scenario.python.marked(scenario.rust.mark_of(line)?)?.number);
    let mut state = State::default();
    let mut told = Vec::new();
    for (index, event) in record.log().iter_from(0).enumerate() {
        state.apply(index, &event);
        if !matches!(event.kind, EventKind::Printed { task: Some(_), .. }) {
            continue;
        }
        let lines = state.tasks().map(|task| {
            let sites = task.steps(catalog).filter_map(|step| catalog.site(step.site?));
            let mut lines: Vec<u32> = sites.filter_map(|site| twin(site.line)).collect();
            lines.reverse();
            lines
        });
        let mut lines: Vec<Vec<u32>> = lines.filter(|lines| !lines.is_empty()).collect();
        lines.sort();
        told.push(format!("{lines:?}"));
    }
    told
}
