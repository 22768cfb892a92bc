//! A lesson from its choice to its file and back, in a real window, with keys alone: what a learner without a mouse does,
//! and what a screen reader tells of it.

#[path = "support/display.rs"]
mod display;
#[path = "support/outside.rs"]
mod outside;
#[path = "support/screen_reader.rs"]
mod screen_reader;

use libtest_mimic::Failed;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    outside::main(vec![screen_reader::test(
        "a lesson is chosen, guessed, run, read, shown and kept by keys alone",
        lesson,
    )])
}

/// Opens the finder, and takes what it finds first.
fn find(typed: &str, first: &str) -> Vec<String> {
    let steps = ["keys=ctrl+p", "see=Found", &format!("type={typed}"), &format!("see={first}"), "keys=Return"];
    steps.map(str::to_owned).to_vec()
}

/// Gives a path to the dialog that is open.
fn path(path: &Path) -> Vec<String> {
    let path = format!("type={}", path.display());
    ["see=Path", "tab=Path", "keys=ctrl+a", &path, "keys=Return"].map(str::to_owned).to_vec()
}

fn saved(to: &Path) -> Vec<String> {
    [path(to), vec![format!("see=Saved to {}", to.display())]].concat()
}

fn as_typed(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|step| (*step).to_owned()).collect()
}

fn lesson() -> Result<(), Failed> {
    let home = tempfile::tempdir()?;
    let at = |name: &str| home.path().join(name);
    let steps = [
        as_typed(&["see=Skip the tour", "keys=Escape", "gone=Skip the tour"]),
        find("a few at a time", "A few at a time (semaphore), lesson"),
        as_typed(&[
            "see=shows what to look for",
            "gone=Step 1, not reached yet",
            "tab=Your guess",
            "type=4",
            "keys=Return",
            "see=Your guess: 4. Run it to check.",
            "see=Step 1, not reached yet",
            "keys=bracketleft bracketleft bracketleft space", // slow, so that it is not over at once
            "see=lane fetch-0, waiting on sleep",
            "keys=space",
            "see=paused, event",
            "keys=Left Left Left Left Left Left Left Left Left Left",
            "see=looking back: event",
            "keys=Down Down Down",
            "see=fetch-1 has been waiting since 0 s (fetch-1:6 › sleep 1 s)",
            "keys=End bracketright bracketright bracketright bracketright bracketright bracketright bracketright space",
            "see=finished, event",
            "see=Yes: 4 s",
        ]),
        find("one await after another, or", "compare two runs"),
        as_typed(&["see=3 s sooner", "keys=Escape", "gone=Second run"]),
        as_typed(&[
            "keys=p",
            "see=Page 1 of",
            "keys=Next Next Next Next Next",
            "see=The last one is done",
            "keys=p",
            "see=Step 4, reached now",
        ]),
        find("export a picture of the window", "Export a picture of the window"),
        saved(&at("window.png")),
        find("export the whole timeline", "Export the whole timeline (SVG)"),
        saved(&at("run.svg")),
        as_typed(&["keys=ctrl+s"]),
        saved(&at("run.loopscope")),
        find("say hello", "Say hello, lesson"),
        as_typed(&["see=not started; press Space to run", "keys=ctrl+o"]),
        path(&at("run.loopscope")),
        as_typed(&["see=finished, event", "see=lane fetch-9, returned", "see=10 requests, 3 at a time"]),
    ];
    screen_reader::work(Path::new(env!("CARGO_BIN_EXE_loopscope")), home.path(), &steps.concat())?;
    let picture = image::load_from_memory(&std::fs::read(at("window.png"))?)?;
    if picture.width() != 2880 || picture.height() != 1800 {
        return Err(format!("the picture has {} by {} pixels", picture.width(), picture.height()).into());
    }
    if !std::fs::read_to_string(at("run.svg"))?.contains("fetch-9") {
        return Err("there is no lane of fetch-9 in the SVG".into());
    }
    Ok(())
}
