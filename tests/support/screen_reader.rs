//! A program in a real window on a virtual display, worked by real keys and read as a screen reader reads it.
#![allow(dead_code, reason = "each test uses its part")]

use super::display::Display;
use super::outside;
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Command;

/// A test that works a program so.
pub(crate) fn test(name: &'static str, run: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Trial {
    test_with(name, &["Xvfb", "xdotool"], run)
}

/// The same where the display is another one, which these programs make.
pub(crate) fn test_with(
    name: &'static str,
    needs: &[&'static str],
    run: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    if !can_import_atspi() {
        return outside::lacking(name, "not there: gir1.2-atspi-2.0 with python3-gi");
    }
    outside::test(name, &[needs, &["dbus-run-session", "gdbus"]].concat(), run)
}

fn can_import_atspi() -> bool {
    // Debian's own Python: another on the path knows none of Debian's modules.
    let script = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi";
    Command::new("/usr/bin/python3").args(["-c", script]).output().is_ok_and(|output| output.status.success())
}

/// Opens the program with `home` as its user's, goes through the steps (`tests/in_a_window.py` says what there is) and
/// closes it; what it printed.
pub(crate) fn work<S: AsRef<str>>(program: &Path, home: &Path, steps: &[S]) -> Result<String, Failed> {
    let display = Display::start()?;
    work_where(program, home, steps, |command| {
        command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
    })
}

/// The same on the display to which the command is led.
pub(crate) fn work_where<S: AsRef<str>>(
    program: &Path,
    home: &Path,
    steps: &[S],
    lead: impl FnOnce(&mut Command),
) -> Result<String, Failed> {
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "/usr/bin/python3", "tests/in_a_window.py"])
        .arg(program)
        .args(steps.iter().map(AsRef::as_ref))
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .envs(["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, home)));
    lead(&mut command);
    let output = command.output()?;
    let (printed, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        Ok(printed.into_owned())
    } else {
        Err(format!("{}: {printed}{wrong}", output.status).into())
    }
}
