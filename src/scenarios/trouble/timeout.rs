//! Several questions, each with a time limit.

use crate::runtime::{TimedOut, frame, gather, say, sleep, spawn, timeout};
use std::time::Duration;

async fn server(number: u32, pace: Duration) {
    sleep(pace * number).await; //~ sleep
    say!("server {number} answers"); //~ answers
}

async fn ask(number: u32, pace: Duration, limit: Duration) {
    let answer = timeout(limit, frame!(server(number, pace))).await; //~ timeout
    if answer == Err(TimedOut) {
        say!("ask-{number} gives up"); //~ gives-up
    }
}

async fn main(servers: u32, pace: Duration, limit: Duration) {
    let asks = (1..=servers).map(|number| {
        spawn(format!("ask-{number}"), ask(number, pace, limit)) //~ spawn
    });
    gather(asks).await; //~ gather
    say!("main listens for late answers"); //~ listens
    sleep(pace * servers).await; //~ stay
    say!("main goes home"); //~ home
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/timeout.md")),
    params: &[
        Param { name: "servers", label: "servers", bounds: Bounds::Count { min: 1, max: 10_000, default: 4 } },
        Param { name: "pace", label: "time of server 1", bounds: Bounds::millis(1000) },
        Param { name: "limit", label: "time limit", bounds: Bounds::millis(2500) },
    ],
    rust: Source::rust("timeout.rs", include_str!("timeout.rs")),
    python: Source::python("timeout.py", include_str!("../../../assets/python/timeout.py")),
    ..Scenario::new("timeout", "When the time is up (timeout)", |params| {
        Program::on_loop(main(params.count("servers"), params.time("pace"), params.time("limit")))
    })
};
