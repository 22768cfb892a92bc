//! The examples that open a window, in a real one on a virtual display: what they do is seen there, by name, as a screen
//! reader sees it.

#[path = "support/display.rs"]
mod display;
#[path = "support/outside.rs"]
mod outside;

use display::Display;
use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    outside::main(vec![
        test(
            "a program is watched live by the names of its own tasks",
            "watch_smol",
            "parcels packed",
            &[
                // The names of the program's two tasks are where they were spawned; first they run, then they are done.
                "see=lane work:12, waiting",
                "see=lane work:18, waiting",
                "see=running, event",
                "see=lane work:18, finished",
                "see=finished, event",
            ],
        ),
        test(
            "a scenario of one's own is run from the window",
            "own_scenario",
            "",
            &[
                "see=Some philosophers sit around a table",
                "press=Run",
                "see=lane philosopher-4, dropped",
                "see=ended in a deadlock",
            ],
        ),
    ])
}

/// Cargo puts examples beside the program, where it builds them: `cargo test` does, `cargo test --test` does not.
fn built(example: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_loopscope")).with_file_name("examples").join(example)
}

fn can_import_atspi() -> bool {
    // Debian's own Python: another on the path knows none of Debian's modules.
    let script = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi";
    Command::new("/usr/bin/python3").args(["-c", script]).output().is_ok_and(|output| output.status.success())
}

fn test(name: &'static str, example: &'static str, said: &'static str, steps: &'static [&'static str]) -> Trial {
    if !can_import_atspi() {
        return outside::lacking(name, "not there: gir1.2-atspi-2.0 with python3-gi");
    }
    if !built(example).exists() {
        return outside::lacking(name, "not built: cargo build --examples");
    }
    outside::test(name, &["Xvfb", "xdotool", "dbus-run-session", "gdbus"], move || work(example, said, steps))
}

/// Opens the example, goes through the steps, closes it; it has to say `said` in the end.
fn work(example: &str, said: &str, steps: &[&str]) -> Result<(), Failed> {
    let display = Display::start()?;
    let home = tempfile::tempdir()?;
    let output = Command::new("dbus-run-session")
        .args(["--", "/usr/bin/python3", "tests/in_a_window.py"])
        .arg(built(example))
        .args(steps)
        .env("DISPLAY", &display.name)
        .env_remove("WAYLAND_DISPLAY")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .envs(["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, home.path())))
        .output()?;
    let (printed, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() && printed.contains(said) {
        Ok(())
    } else {
        Err(format!("{}: {printed}{wrong}", output.status).into())
    }
}
