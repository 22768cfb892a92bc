//! A download is cancelled half way.

use crate::runtime::{say, sleep, spawn};
use std::time::Duration;

/// What it writes the parts into.
struct File;

impl Drop for File {
    fn drop(&mut self) {
        say!("download: closes its file"); //~ clean-up
    }
}

async fn download(pause: Duration) {
    let _file = File;
    for part in 1..=4 {
        sleep(pause).await; //~ sleep
        say!("download: part {part} is here"); //~ part
    }
}

async fn main(pause: Duration, patience: Duration) {
    let task = spawn("download", download(pause)); //~ spawn
    sleep(patience).await; //~ patience
    let end = task.cancel(); //~ cancel
    say!("main: has asked it to stop"); //~ asked
    end.await; //~ end
    say!("main: it has stopped"); //~ stopped
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/cancel.md")),
    params: &[
        Param { name: "pause", label: "time per part", bounds: Bounds::millis(1000) },
        Param { name: "patience", label: "patience of main", bounds: Bounds::millis(2500) },
    ],
    rust: Source::rust("cancel.rs", include_str!("cancel.rs")),
    python: Source::python("cancel.py", include_str!("../../../assets/python/cancel.py")),
    ..Scenario::new("cancel", "Where a cancel lands (cancellation)", |params| {
        Program::on_loop(main(params.time("pause"), params.time("patience")))
    })
};
