//! Values that come one after another.

use crate::runtime::{for_each, generate, say, sleep};
use futures_core::Stream;
use std::time::Duration;

fn numbers(count: u32, delay: Duration) -> impl Stream<Item = u32> {
    generate("numbers", move |out| async move {
        for number in 0..count {
            sleep(delay).await; //~ sleep
            out.give(number).await; //~ give
        }
    })
}

async fn main(count: u32, delay: Duration, handle: Duration) {
    let body = |number| async move {
        say!("Received number: {number}"); //~ received
        sleep(handle).await; //~ handle
    };
    for_each("numbers", numbers(count, delay), body).await; //~ each
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/stream.md")),
    params: &[
        Param { name: "count", label: "numbers", bounds: Bounds::Count { min: 1, max: 10_000, default: 5 } },
        Param { name: "delay", label: "time to make one", bounds: Bounds::millis(1000) },
        Param { name: "handle", label: "time to handle one", bounds: Bounds::millis(0) },
    ],
    rust: Source::rust("stream.rs", include_str!("stream.rs")),
    python: Source::python("stream.py", include_str!("../../../assets/python/stream.py")),
    ..Scenario::new("stream", "A stream of numbers (async generator)", |params| {
        Program::on_loop(main(params.count("count"), params.time("delay"), params.time("handle")))
    })
};
