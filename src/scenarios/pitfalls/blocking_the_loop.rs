//! Work that holds the loop, and the same work on another thread.

use crate::runtime::{busy, gather, say, sleep, spawn, spawn_blocking};
use std::time::Duration;

async fn pulse(name: String, beats: u32) {
    for beat in 1..=beats {
        sleep(Duration::from_millis(500)).await; //~ beat-sleep
        say!("{name}: beat {beat}"); //~ beat
    }
}

async fn report(place: &str, length: Duration) {
    sleep(Duration::from_millis(1300)).await; //~ report-sleep
    say!("report: computes"); //~ computes
    if place == "loop" {
        busy(length); //~ loop
    } else {
        spawn_blocking("compute", move || busy(length)).await; //~ thread
    }
    say!("report: done"); //~ done
}

async fn main(pulses: u32, length: Duration, place: &'static str) {
    let mut tasks = vec![spawn("report", report(place, length))]; //~ spawn-report
    for number in 1..=pulses {
        let name = format!("pulse-{number}");
        tasks.push(spawn(name.clone(), pulse(name, 4))); //~ spawn-pulse
    }
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/blocking-the-loop.md")),
    params: &[
        Param { name: "pulses", label: "pulsing tasks", bounds: Bounds::Count { min: 1, max: 10_000, default: 2 } },
        Param { name: "length", label: "time to compute", bounds: Bounds::millis(300) },
        Param { name: "where", label: "computes on", bounds: Bounds::Choice { of: &["loop", "thread"] } },
    ],
    rust: Source::rust("blocking_the_loop.rs", include_str!("blocking_the_loop.rs")).naming(&[("where", "place")]),
    python: Source::python("blocking_the_loop.py", include_str!("../../../assets/python/blocking_the_loop.py")),
    ..Scenario::new("blocking-the-loop", "Block the loop", |params| {
        Program::on_loop(main(params.count("pulses"), params.time("length"), params.choice("where")))
    })
};
