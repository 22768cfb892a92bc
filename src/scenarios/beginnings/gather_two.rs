//! Two fetches of different length at once.

use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn fetch(number: u32, delay: Duration) -> u32 {
    say!("Task {number}"); //~ start
    sleep(delay).await; //~ sleep
    number
}

async fn main(first: Duration, second: Duration, results: &str) {
    let both = [
        spawn("task-1", fetch(1, first)),  //~ spawn-one
        spawn("task-2", fetch(2, second)), //~ spawn-two
    ];
    let numbers = gather(both).await; //~ gather
    if results == "printed" {
        say!("Results of tasks {numbers:?}"); //~ print
    }
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/gather-two.md")),
    params: &[
        Param { name: "first", label: "time of the first", bounds: Bounds::millis(2000) },
        Param { name: "second", label: "time of the second", bounds: Bounds::millis(1000) },
        Param {
            name: "results",
            label: "what becomes of the results",
            bounds: Bounds::Choice { of: &["kept", "printed"] },
        },
    ],
    rust: Source::rust("gather_two.rs", include_str!("gather_two.rs")),
    python: Source::python("gather_two.py", include_str!("../../../assets/python/gather_two.py")),
    ..Scenario::new("gather-two", "Gather two", |params| {
        Program::on_loop(main(params.time("first"), params.time("second"), params.choice("results")))
    })
};
