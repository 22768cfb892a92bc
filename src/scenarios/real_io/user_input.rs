//! A question to you, while other tasks go on.

use crate::runtime::{gather, input, say, sleep, spawn};
use std::time::Duration;

async fn greeter() {
    let answer = input("What is your name?").await; //~ ask
    let name = answer.unwrap_or_else(|| "nobody".into());
    say!("Hello, {name}!"); //~ hello
}

async fn ticker(ticks: u32, pause: Duration) {
    for tick in 1..=ticks {
        sleep(pause).await; //~ sleep
        say!("tick {tick}"); //~ tick
    }
}

async fn main(ticks: u32, pause: Duration) {
    let both = [
        spawn("greeter", greeter()),           //~ spawn-greeter
        spawn("ticker", ticker(ticks, pause)), //~ spawn-ticker
    ];
    gather(both).await; //~ gather
    say!("goodbye"); //~ goodbye
}

// --- end of the lesson's code ---

use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/user-input.md")),
    clock: ClockKind::Real,
    params: &[
        Param { name: "ticks", label: "ticks", bounds: Bounds::Count { min: 1, max: 10, default: 4 } },
        Param { name: "pause", label: "time between ticks", bounds: Bounds::Millis { max: 500, default: 250 } },
    ],
    rust: Source::rust("user_input.rs", include_str!("user_input.rs")),
    python: Source::python("real_io/user_input.py", include_str!("../../../assets/python/real_io/user_input.py")),
    ..Scenario::new("user-input", "A question to you (input)", |params| {
        Program::on_loop(main(params.count("ticks"), params.time("pause")))
    })
};
