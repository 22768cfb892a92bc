//! A task that awaits again and again, and never gives its turn away.

use crate::runtime::{busy, frame, gather, say, spawn, yield_now};
use std::time::Duration;

async fn add_up(length: Duration) {
    busy(length); //~ work
}

async fn report(pieces: u32, length: Duration) {
    for _ in 0..pieces {
        frame!(add_up(length)).await; //~ piece
    }
    say!("report: done"); //~ done
}

async fn guest(name: String) {
    for turn in 1..=3 {
        say!("{name}: turn {turn}"); //~ turn
        yield_now().await; //~ yield
    }
}

async fn main(guests: u32, pieces: u32, length: Duration) {
    let mut tasks = vec![spawn("report", report(pieces, length))]; //~ spawn-report
    for number in 1..=guests {
        let name = format!("guest-{number}");
        tasks.push(spawn(name.clone(), guest(name))); //~ spawn-guest
    }
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/starvation.md")),
    params: &[
        Param { name: "guests", label: "guests", bounds: Bounds::Count { min: 1, max: 10_000, default: 2 } },
        Param { name: "pieces", label: "pieces of work", bounds: Bounds::Count { min: 1, max: 10_000, default: 100 } },
        Param { name: "length", label: "time for a piece", bounds: Bounds::millis(20) },
    ],
    rust: Source::rust("starvation.rs", include_str!("starvation.rs")),
    python: Source::python("starvation.py", include_str!("../../../assets/python/starvation.py")),
    ..Scenario::new("starvation", "Starvation", |params| {
        Program::on_loop(main(params.count("guests"), params.count("pieces"), params.time("length")))
    })
};
