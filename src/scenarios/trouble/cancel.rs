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

use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// What is printed first.
fn first(run: &Outline) -> Answer {
    let place = |start| run.lines.iter().position(|line| line.text.starts_with(start));
    let is_main = place("main: has asked") < place("download: closes");
    let [main, file] = ["what main prints", "the closing of the file"];
    Answer::choice(&[main, file], if is_main { main } else { file })
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "a cancel lands where the task awaits, one turn later",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/cancel.md"),
        steps: &[
            |seen| seen.printed("download: part 2*"),
            |seen| seen.ready("download"),
            |seen| seen.printed("main: has asked*"),
            |seen| seen.printed("download: closes*"),
            |seen| seen.woken_by("main", "download"),
        ],
    },
    predict: Predict { answer: first, changed_by: "patience=10s" },
    params: &[
        Param { name: "pause", label: "time per part", bounds: Bounds::millis(1000) },
        Param { name: "patience", label: "patience of main", bounds: Bounds::millis(2500) },
    ],
    rust: Source::rust("cancel.rs", include_str!("cancel.rs")),
    python: Source::python("cancel.py", include_str!("../../../assets/python/cancel.py")),
    ..Scenario::new("cancel", "Where a cancel lands", |params| {
        Program::on_loop(main(params.time("pause"), params.time("patience")))
    })
};
