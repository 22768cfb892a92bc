//! Tests that need a program from outside: where it is missing they are reported as ignored, or fail if
//! `LOOPSCOPE_REQUIRE_ALL` is set, as it is where everything is installed.

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::{Command, ExitCode, Stdio};

/// Whether the program can be started.
pub(crate) fn exists(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", "command -v \"$0\"", program]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// Whether Python finds the module.
fn has_module(module: &str) -> bool {
    let found = Command::new("python3").args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// Whether what a test needs is there.
fn is_there(need: &str) -> bool {
    if let Some(variable) = need.strip_prefix('$') {
        return std::env::var_os(variable).is_some();
    }
    match need.strip_prefix("python3:") {
        Some(module) => has_module(module),
        None => exists(need),
    }
}

/// A test that needs these programs, modules of Python (`python3:aiohttp`) and variables of the environment (`$HOME`).
pub(crate) fn test(
    name: impl Into<String>,
    needs: &[&'static str],
    run: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let missing: Vec<&str> = needs.iter().copied().filter(|need| !is_there(need)).collect();
    if missing.is_empty() {
        return Trial::test(name, run);
    }
    lacking(name, format!("not there: {}", missing.join(", ")))
}

/// A test that cannot run here, and why.
pub(crate) fn lacking(name: impl Into<String>, missing: impl Into<String>) -> Trial {
    let (name, missing) = (name.into(), missing.into());
    let is_required = std::env::var_os("LOOPSCOPE_REQUIRE_ALL").is_some();
    if !is_required {
        eprintln!("{missing}");
    }
    Trial::test(name, move || Err(Failed::from(missing))).with_ignored_flag(!is_required)
}

/// Runs the tests as `cargo test` does.
pub(crate) fn main(tests: Vec<Trial>) -> ExitCode {
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
