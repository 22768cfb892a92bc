//! The same long work, which now gives its turn away from time to time.

use crate::runtime::{busy, frame, gather, say, spawn, yield_now};
use std::time::Duration;

async fn add_up(length: Duration) {
    busy(length); //~ work
}

async fn report(pieces: u32, length: Duration, every: u32) {
    for piece in 1..=pieces {
        frame!(add_up(length)).await; //~ piece
        if piece % every == 0 {
            yield_now().await; //~ give-way
        }
    }
    say!("report: done"); //~ done
}

async fn guest(name: String) {
    for turn in 1..=3 {
        say!("{name}: turn {turn}"); //~ turn
        yield_now().await; //~ yield
    }
}

async fn main(guests: u32, pieces: u32, length: Duration, every: u32) {
    let work = report(pieces, length, every);
    let mut tasks = vec![spawn("report", work)]; //~ spawn-report
    for number in 1..=guests {
        let name = format!("guest-{number}");
        tasks.push(spawn(name.clone(), guest(name))); //~ spawn-guest
    }
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/fair-yield.md")),
    params: &[
        Param { name: "guests", label: "guests", bounds: Bounds::Count { min: 1, max: 10_000, default: 2 } },
        Param { name: "pieces", label: "pieces of work", bounds: Bounds::Count { min: 1, max: 10_000, default: 100 } },
        Param { name: "length", label: "time for a piece", bounds: Bounds::millis(20) },
        Param { name: "every", label: "pieces in a turn", bounds: Bounds::Count { min: 1, max: 10_000, default: 5 } },
    ],
    rust: Source::rust("fair_yield.rs", include_str!("fair_yield.rs")),
    python: Source::python("fair_yield.py", include_str!("../../../assets/python/fair_yield.py")),
    ..Scenario::new("fair-yield", "Give way (yield)", |params| {
        let (pieces, every) = (params.count("pieces"), params.count("every"));
        Program::on_loop(main(params.count("guests"), pieces, params.time("length"), every))
    })
};
