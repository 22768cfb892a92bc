//! Signals to a program that a test started.

use libtest_mimic::Failed;
use std::process::Command;

/// Sends a signal, by the shell's own `kill`: a bare machine has no program of that name.
pub(crate) fn signal(name: &str, process: u32) -> Result<(), Failed> {
    let is_sent = Command::new("sh").args(["-c", "kill \"$0\" \"$1\"", name, &process.to_string()]).status()?.success();
    if is_sent { Ok(()) } else { Err(format!("no {name}").into()) }
}
