//! How a loop begins, and how it ends.

use crate::runtime::{say, sleep, spawn};
use std::time::Duration;

async fn save(parts: u32, delay: Duration) {
    for part in 1..=parts {
        say!("Saving part {part} of {parts}"); //~ saving
        sleep(delay).await; //~ save
    }
    say!("The backup is complete"); //~ complete
}

async fn main(parts: u32, delay: Duration, work: Duration, then: &str) {
    let backup = spawn("backup", save(parts, delay)); //~ spawn
    sleep(work).await; //~ work
    if then == "wait" {
        backup.await; //~ wait
    } else {
        backup.detach(); // nobody waits for it, and it goes on
    }
    say!("main is done"); //~ done
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/event-loop-life.md")),
    params: &[
        Param { name: "parts", label: "parts to save", bounds: Bounds::Count { min: 1, max: 1000, default: 4 } },
        Param { name: "delay", label: "time to save a part", bounds: Bounds::millis(1000) },
        Param { name: "work", label: "work of main", bounds: Bounds::millis(2500) },
        Param { name: "then", label: "what main does then", bounds: Bounds::Choice { of: &["return", "wait"] } },
    ],
    rust: Source::rust("event_loop_life.rs", include_str!("event_loop_life.rs")),
    python: Source::python("event_loop_life.py", include_str!("../../../assets/python/event_loop_life.py")),
    ..Scenario::new("event-loop-life", "The life of a loop (run)", |params| {
        let (parts, delay) = (params.count("parts"), params.time("delay"));
        Program::on_loop(main(parts, delay, params.time("work"), params.choice("then")))
    })
};
