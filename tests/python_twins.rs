//! Every Python twin, run by CPython's own asyncio on a virtual clock, prints what the Rust prints, in the same order
//! and at the same times.

#[path = "support/outside.rs"]
mod outside;

use libtest_mimic::Failed;
use loopscope::scenarios::{SCENARIOS, Scenario};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    outside::main(
        SCENARIOS
            .iter()
            .map(|scenario| outside::test(format!("twin of {}", scenario.id), &["python3"], || agree(scenario)))
            .collect(),
    )
}

fn agree(scenario: &Scenario) -> Result<(), Failed> {
    let twin = format!("assets/python/{}", scenario.python.file);
    let python = lines_of(Command::new("python3").args(["tests/asyncio_virtual.py", &twin]))?;
    let mut rust = lines_of(Command::new(env!("CARGO_BIN_EXE_loopscope")).args(["run", scenario.id]))?;
    rust.retain(|line| line != "# exit: ok");
    if rust == python { Ok(()) } else { Err(format!("Rust: {rust:#?}\nPython: {python:#?}").into()) }
}

fn lines_of(command: &mut Command) -> Result<Vec<String>, Failed> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}
