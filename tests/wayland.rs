//! The built program in a real window on Wayland, worked by what a screen reader sees there.

#[path = "support/compositor.rs"]
mod compositor;
#[path = "support/display.rs"]
mod display;
#[path = "support/outside.rs"]
mod outside;
#[path = "support/screen_reader.rs"]
mod screen_reader;

use compositor::Compositor;
use libtest_mimic::Failed;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

fn main() -> ExitCode {
    outside::main(vec![
        screen_reader::test_with("the first start shows the tour, and a lesson is run", &["weston"], lesson),
        outside::test("a compositor that goes away ends it, and what was saved is kept", &["weston"], gone),
    ])
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_loopscope");
/// Where the settings are, below the folder that is given for them.
const SETTINGS: &str = "loopscope/settings.json";

fn lesson() -> Result<(), Failed> {
    let compositor = Compositor::start()?;
    let home = tempfile::tempdir()?;
    let steps = [
        "press=Skip the tour",
        "see=not started",
        "press=Run",
        "see=first in, first out, as in asyncio",
        "see=finished, event",
    ];
    screen_reader::work_where(Path::new(PROGRAM), home.path(), &steps, |command| {
        compositor.lead(command);
    })?;
    let settings = std::fs::read_to_string(home.path().join(SETTINGS))?;
    if settings.contains("\"is_tour_seen\": true") { Ok(()) } else { Err(settings.into()) }
}

fn gone() -> Result<(), Failed> {
    let compositor = Compositor::start()?;
    let home = tempfile::tempdir()?;
    let settings = home.path().join(SETTINGS);
    let mut program = Command::new(PROGRAM);
    program.arg("queue").env("XDG_CONFIG_HOME", home.path()).stderr(Stdio::piped());
    let mut program = compositor.lead(&mut program).spawn()?;
    let mut compositor = Some(compositor);
    let mut saved = Vec::new();
    for _ in 0..1200 {
        if let Some(status) = program.try_wait()? {
            let said = std::io::read_to_string(program.stderr.take().ok_or("nothing said")?)?;
            // What the library for Wayland says comes before.
            let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("loopscope: ")).collect();
            let is_told = lines.len() == 1 && lines[0].contains("the display went away");
            let is_kept = !saved.is_empty() && std::fs::read(&settings)? == saved;
            return if status.code() == Some(1) && is_told && is_kept && !said.contains("panicked") {
                Ok(())
            } else {
                Err(format!("{status}, settings kept: {is_kept}, {said}").into())
            };
        }
        // The window is up once it has kept where it is.
        if settings.exists() && compositor.is_some() {
            saved = std::fs::read(&settings)?;
            compositor = None;
        }
        std::thread::sleep(Duration::from_millis(50)); // between two looks, not instead of one
    }
    program.kill()?;
    program.wait()?;
    Err("it lives on without a compositor".into())
}
