//! An await that has nothing to wait for.

use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn load(page: u32, cached: u32, delay: Duration) {
    if page > cached {
        sleep(delay).await; //~ sleep
    }
}

async fn reader(name: &str, pages: u32, cached: u32, delay: Duration) {
    for page in 1..=pages {
        load(page, cached, delay).await; //~ load
        say!("{name} reads page {page}"); //~ reads
    }
}

async fn main(pages: u32, cached: u32, delay: Duration) {
    let readers = ["ann", "bob"].map(|name| {
        spawn(name, reader(name, pages, cached, delay)) //~ spawn
    });
    gather(readers).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// How many lines come before the first of `bob`.
fn before_bob(run: &Outline) -> u64 {
    run.lines.iter().take_while(|line| line.task != "bob").count() as u64
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "an await gives others a turn only where it waits",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/await-does-not-yield.md"),
        steps: &[
            |seen| seen.polled("ann"),
            |seen| seen.printed("ann reads page 2"),
            |seen| seen.waits("ann", "sleep"),
            |seen| seen.printed("bob reads page 1"),
            |seen| seen.printed("bob reads page 3"),
        ],
    },
    predict: Predict { answer: |run| Answer::Count(before_bob(run)), changed_by: "cached=4" },
    params: &[
        Param { name: "pages", label: "pages", bounds: Bounds::Count { min: 1, max: 1000, default: 4 } },
        Param { name: "cached", label: "pages at hand", bounds: Bounds::Count { min: 0, max: 1000, default: 2 } },
        Param { name: "delay", label: "time to load", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("await_does_not_yield.rs", include_str!("await_does_not_yield.rs")),
    python: Source::python("await_does_not_yield.py", include_str!("../../../assets/python/await_does_not_yield.py")),
    ..Scenario::new("await-does-not-yield", "An await that does not wait", |params| {
        Program::on_loop(main(params.count("pages"), params.count("cached"), params.time("delay")))
    })
};
