//! The lesson on a database, on PostgreSQL. `LOOPSCOPE_POSTGRES` is the address of one that may be used for it, with a
//! password, such as `postgres://name:password@127.0.0.1:5432/postgres`; without it these tests are ignored.

#[path = "support/outside.rs"]
mod outside;
mod support;

use libtest_mimic::{Failed, Trial};
use loopscope::event::{EventKind, Nanos};
use loopscope::trace::check;
use std::process::{Command, ExitCode};
use support::outline::outline;
use support::{events, run_scenario};

const ADDRESS: &str = "LOOPSCOPE_POSTGRES";

fn main() -> ExitCode {
    let test = |name: &str, run: fn(&str) -> Result<(), Failed>| -> Trial {
        outside::test(name, &["$LOOPSCOPE_POSTGRES"], move || run(&std::env::var(ADDRESS)?))
    };
    outside::main(vec![
        test("it gives the same totals as SQLite, through two connections", same_totals),
        test("the environment may name it", from_the_environment),
        test("what it refuses is said without the password", refusals),
    ])
}

fn texts(set: &[&str]) -> Vec<String> {
    run_scenario("database", set).record().output().iter().map(|line| line.text.to_string()).collect()
}

fn same_totals(address: &str) -> Result<(), Failed> {
    let session = run_scenario("database", &[&format!("url={address}")]);
    let run = outline(session.record());
    let lines: Vec<&str> = run.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert_eq!(lines, texts(&["url=", "work=1"]));
    // Three rounds of queries that sleep for a fifth of a second.
    assert!(run.elapsed >= Nanos::from_millis(600), "{}", run.elapsed);
    let waited = run.tasks.iter().filter(|task| task.shared_waits > 0).map(|task| task.name.as_str());
    assert_eq!(waited.collect::<Vec<_>>(), ["query-3", "query-4", "query-5", "query-6"]);
    let password = address.split('@').next().and_then(|start| start.rsplit(':').next()).unwrap_or_default();
    for event in events(session.record()) {
        if let EventKind::RunStarted { .. } | EventKind::WaitBegan { .. } = &event.kind {
            let text = format!("{:?}", event.kind);
            assert!(!text.contains(password), "{text}");
        }
    }
    assert_eq!(check(events(session.record())), []);
    Ok(())
}

fn from_the_environment(address: &str) -> Result<(), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["run", "database", "--set", "work=1"])
        .env("DATABASE_URL", format!("{address}-is-not-there"))
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    assert!(text.contains("-is-not-there\" does not exist"), "{text}");
    Ok(())
}

fn refusals(address: &str) -> Result<(), Failed> {
    let (start, _) = address.rsplit_once('/').ok_or("the address names a database")?;
    let lines = texts(&[&format!("url={start}/nowhere")]);
    assert!(lines.len() == 1 && lines[0].contains("\"nowhere\" does not exist"), "{lines:?}");
    let (start, host) = address.rsplit_once('@').ok_or("the address has a password")?;
    let (start, _) = start.rsplit_once(':').ok_or("the address has a password")?;
    let lines = texts(&[&format!("url={start}:wrong@{host}")]);
    assert!(lines.len() == 1 && lines[0].contains("check its address, name and password"), "{lines:?}");
    assert!(!lines[0].contains("wrong@"), "{lines:?}");
    Ok(())
}
