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

use crate::event::ResourceState;
use crate::scenarios::{Answer, Bounds, Lesson, Param, Predict, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "ten requests, three at a time",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/semaphore.md"),
        steps: &[
            |seen| seen.changed("gate") == Some(ResourceState::Semaphore { free: 0 }),
            |seen| seen.waits("fetch-3", "acquire"),
            |seen| seen.woken_by("fetch-3", "fetch-0"),
            |seen| seen.printed("fetched 9"),
        ],
    },
    predict: Predict { answer: |run| Answer::Time(run.elapsed), changed_by: "permits=5" },
    params: &[
        Param { name: "requests", label: "requests", bounds: Bounds::Count { min: 1, max: 10_000, default: 10 } },
        Param { name: "permits", label: "permits", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "delay", label: "fetch time", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("semaphore.rs", include_str!("semaphore.rs")),
    python: Source::python("semaphore.py", include_str!("../../../assets/python/semaphore.py")),
    ..Scenario::new("semaphore", "Semaphore of three", |params| {
        Program::on_loop(main(params.count("requests"), params.count("permits"), params.time("delay")))
    })
};
