//! An await that has nothing to wait for.

use crate::runtime::{frame, gather, say, sleep, spawn};
use std::time::Duration;

async fn load(page: u32, cached: u32, delay: Duration) {
    if page > cached {
        sleep(delay).await; //~ sleep
    }
}

async fn reader(name: &str, pages: u32, cached: u32, delay: Duration) {
    for page in 1..=pages {
        frame!(load(page, cached, delay)).await; //~ load
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

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/await-does-not-yield.md")),
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
