//! The Chrome export of every lesson, opened in speedscope itself: each task is there with its whole time.
//!
//! `tests/speedscope` runs speedscope's own page without a browser; `npm ci` in that folder installs it.

#[path = "support/outside.rs"]
mod outside;

use libtest_mimic::{Failed, Trial};
use loopscope::event::Nanos;
use loopscope::scenarios;
use loopscope::session::read_record;
use loopscope::trace::{Record, SpanState, Stats};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, ExitCode};

const FOLDER: &str = "tests/speedscope";

fn main() -> ExitCode {
    outside::main(vec![test()])
}

fn test() -> Trial {
    let name = "speedscope reads the export of every lesson";
    if Path::new(FOLDER).join("node_modules/speedscope").is_dir() {
        return outside::test(name, &["node"], every_lesson);
    }
    outside::lacking(name, "speedscope is not installed; run: npm ci --prefix tests/speedscope")
}

fn every_lesson() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut records = Vec::new();
    let mut import = Command::new("node");
    import.arg(format!("{FOLDER}/import.mjs"));
    for scenario in scenarios::all() {
        let saved = folder.path().join(scenario.id).with_extension("loopscope");
        let exported = saved.with_extension("json");
        done(loopscope().args(["run", scenario.id, "--trace"]).arg(&saved))?;
        done(loopscope().arg("export").arg(&saved).args(["--format", "chrome", "-o"]).arg(&exported))?;
        import.arg(exported);
        records.push((scenario.id, read_record(&saved)?.record));
    }
    let imported = done(&mut import)?;
    if imported.lines().count() != records.len() {
        return Err(format!("{} files gave: {imported}", records.len()).into());
    }
    for ((id, record), line) in records.iter().zip(imported.lines()) {
        compare(record, &serde_json::from_str::<Vec<Value>>(line)?)
            .map_err(|difference| format!("{id}: {difference}\n{line}"))?;
    }
    Ok(())
}

fn loopscope() -> Command {
    Command::new(env!("CARGO_BIN_EXE_loopscope"))
}

/// Runs a command to its end; what it printed.
fn done(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// What speedscope made of a record, against the record.
fn compare(record: &Record, profiles: &[Value]) -> Result<(), String> {
    let stats = Stats::of(record);
    let (tasks, workers): (Vec<&Value>, Vec<&Value>) =
        profiles.iter().partition(|profile| profile["name"].as_str().is_some_and(|name| name.starts_with("tasks")));
    if tasks.len() != stats.tasks {
        return Err(format!("{} tasks, not {}", tasks.len(), stats.tasks));
    }
    for ((task, lane), info) in tasks.iter().zip(record.lanes()).zip(record.catalog().tasks()) {
        let name = format!("tasks (pid 1), {} (tid {})", info.name, info.task.0 + 1);
        if task["name"] != name.as_str() {
            return Err(format!("{} instead of {name}", task["name"]));
        }
        let end = record.log().end();
        let lengths = lane.spans().map(|span| (span.state, span.end_or(end) - span.start));
        let lengths: Vec<(SpanState, Nanos)> = lengths.filter(|(_, length)| *length > Nanos::ZERO).collect();
        let sum = |is: fn(SpanState) -> bool| {
            lengths.iter().filter(|(state, _)| is(*state)).fold(Nanos::ZERO, |sum, (_, length)| sum + *length)
        };
        same("total", micros(&task["total"]), sum(|_| true))?;
        same("running", time(task, "running"), sum(|state| state == SpanState::Running))?;
        same("ready", time(task, "ready"), sum(|state| state == SpanState::Ready))?;
        same("waiting", time(task, "waiting"), sum(|state| state == SpanState::Waiting))?;
        // Spans that take no time are not shown; no other may be lost, or lie within its neighbour.
        if task["spans"] != lengths.len() || task["depth"].as_u64().is_none_or(|depth| depth > 1) {
            return Err(format!("{name}: {} spans, {} deep, not {}", task["spans"], task["depth"], lengths.len()));
        }
    }
    let total = tasks.iter().map(|task| micros(&task["total"])).sum();
    same("all tasks", total, stats.running + stats.ready + stats.waiting)?;
    same("all workers", workers.iter().map(|worker| time(worker, "")).sum(), stats.running)
}

/// How much of a profile's time the frames took that begin so.
fn time(profile: &Value, start: &str) -> f64 {
    let times = profile["times"].as_object().into_iter().flatten();
    times.filter(|(name, _)| name.starts_with(start)).map(|(_, time)| micros(time)).sum()
}

fn micros(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Equal, to the nanosecond.
fn same(what: &str, found: f64, expected: Nanos) -> Result<(), String> {
    let expected = expected.0 as f64 / 1e3;
    if (found - expected).abs() < 1e-3 { Ok(()) } else { Err(format!("{what}: {found} µs, not {expected} µs")) }
}
