//! Every Python twin, run by CPython's own asyncio on a virtual clock, prints what the Rust prints, in the same order
//! and at the same times, and ends as it does; one that needs the real clock, in the same order.

#[path = "support/outside.rs"]
mod outside;

use libtest_mimic::Failed;
use loopscope::event::ClockKind;
use loopscope::scenarios::{self, Scenario};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    outside::main(
        scenarios::all()
            .map(|scenario| outside::test(format!("twin of {}", scenario.id), needs(scenario), || agree(scenario)))
            .collect(),
    )
}

/// What is needed to run the twin, beside what comes with Python.
fn needs(scenario: &Scenario) -> &'static [&'static str] {
    match scenario.id {
        "http-client" | "http-server" | "scrape" => &["python3", "python3:aiohttp"],
        "file-read" => &["python3", "python3:aiofiles"],
        "database" => &["python3", "python3:aiosqlite"],
        _ => &["python3"],
    }
}

fn agree(scenario: &Scenario) -> Result<(), Failed> {
    let twin = format!("assets/python/{}", scenario.python.file);
    let mut rust = lines_of(Command::new(env!("CARGO_BIN_EXE_loopscope")).args(["run", scenario.id]))?;
    let mut python = match scenario.clock {
        ClockKind::Virtual => lines_of(Command::new("python3").args(["tests/asyncio_virtual.py", &twin]))?,
        ClockKind::Real => lines_of(Command::new("python3").arg(&twin))?,
    };
    if scenario.clock == ClockKind::Real {
        let text = |line: String| line.split_once(' ').map_or("", |(_, text)| text).to_owned();
        rust = rust.into_iter().filter(|line| !line.starts_with("# ")).map(text).collect();
        python.retain(|line| !line.is_empty());
    }
    if rust == python { Ok(()) } else { Err(format!("Rust: {rust:#?}\nPython: {python:#?}").into()) }
}

fn lines_of(command: &mut Command) -> Result<Vec<String>, Failed> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}
