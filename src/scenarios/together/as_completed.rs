//! Results in the order in which they come.

use crate::runtime::{as_completed, say, sleep, spawn};
use std::time::Duration;

async fn fetch(number: u32, delay: Duration) -> u32 {
    say!("Fetching {number}"); //~ fetching
    sleep(delay).await; //~ sleep
    number
}

async fn main(count: u32, step: Duration, slowest: &str) {
    let fetches = (1..=count).map(|number| {
        let is_first = slowest == "first";
        let place = if is_first { count + 1 - number } else { number };
        spawn(format!("fetch-{number}"), fetch(number, step * place)) //~ spawn
    });
    let mut ended = as_completed("results", fetches);
    loop {
        let next = ended.next_output().await; //~ next
        let Some(number) = next else { break };
        say!("Result of fetch {number}"); //~ result
    }
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/as-completed.md")),
    params: &[
        Param { name: "count", label: "fetches", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "step", label: "time of the fastest", bounds: Bounds::millis(1000) },
        Param { name: "slowest", label: "the slowest is", bounds: Bounds::Choice { of: &["first", "last"] } },
    ],
    rust: Source::rust("as_completed.rs", include_str!("as_completed.rs")),
    python: Source::python("as_completed.py", include_str!("../../../assets/python/as_completed.py")),
    ..Scenario::new("as-completed", "Results as they come (as_completed)", |params| {
        Program::on_loop(main(params.count("count"), params.time("step"), params.choice("slowest")))
    })
};
