//! Many requests, a few at a time.

use crate::runtime::sync::Semaphore;
use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn fetch(number: u32, gate: Semaphore, delay: Duration) {
    let _permit = gate.acquire().await; //~ acquire
    say!("fetching {number}"); //~ fetching
    sleep(delay).await; //~ sleep
    say!("fetched {number}"); //~ fetched
}

async fn main(requests: u32, permits: u32, delay: Duration) {
    let gate = Semaphore::new("gate", permits);
    let fetches = (0..requests).map(|number| {
        spawn(format!("fetch-{number}"), fetch(number, gate.clone(), delay)) //~ spawn
    });
    gather(fetches).await; //~ gather
    say!("all done"); //~ done
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/semaphore.md")),
    params: &[
        Param { name: "requests", label: "requests", bounds: Bounds::Count { min: 1, max: 10_000, default: 10 } },
        Param { name: "permits", label: "permits", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "delay", label: "fetch time", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("semaphore.rs", include_str!("semaphore.rs")),
    python: Source::python("semaphore.py", include_str!("../../../assets/python/semaphore.py")),
    ..Scenario::new("semaphore", "A few at a time (semaphore)", |params| {
        Program::on_loop(main(params.count("requests"), params.count("permits"), params.time("delay")))
    })
};
