//! The examples that open a window, in a real one on a virtual display: what they do is seen there, by name, as a screen
//! reader sees it.

#[path = "support/display.rs"]
mod display;
#[path = "support/outside.rs"]
mod outside;
#[path = "support/screen_reader.rs"]
mod screen_reader;

use libtest_mimic::Trial;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
                "see=lane work:18, returned",
                "see=the recording ends here, event",
            ],
        ),
        test(
            "a scenario of one's own is run from the window",
            "own_scenario",
            "",
            &[
                "see=Around a table sit five philosophers",
                "press=Run",
                "see=lane philosopher-4, waiting on the lock fork-",
                "see=ended in a deadlock",
            ],
        ),
    ])
}

/// Cargo puts examples beside the program, where it builds them: `cargo test` does, `cargo test --test` does not.
fn built(example: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_loopscope")).with_file_name("examples").join(example)
}

/// Works the example; it has to say `said` in the end.
fn test(name: &'static str, example: &'static str, said: &'static str, steps: &'static [&'static str]) -> Trial {
    if !built(example).exists() {
        return outside::lacking(name, "not built: cargo build --examples");
    }
    screen_reader::test(name, move || {
        let home = tempfile::tempdir()?;
        let printed = screen_reader::work(&built(example), home.path(), steps)?;
        if printed.contains(said) { Ok(()) } else { Err(printed.into()) }
    })
}
