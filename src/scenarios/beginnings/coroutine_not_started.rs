//! Calling an async function runs nothing.

use crate::runtime::{frame, say, sleep, spawn};
use std::time::Duration;

async fn send(letter: u32, delay: Duration) {
    say!("Sending letter {letter}"); //~ sending
    sleep(delay).await; //~ sleep
    say!("Sent letter {letter}"); //~ sent
}

async fn main(then: &str, delay: Duration) {
    let letter = frame!(send(1, delay)); //~ call
    say!("Called send for letter 1"); //~ called
    match then {
        "awaited" => letter.await,                       //~ await-one
        "spawned" => spawn("letter-1", letter).detach(), //~ spawn-one
        _ => drop(letter),                               //~ forget
    }
    let letter = spawn("letter-2", send(2, delay)); //~ spawn-two
    letter.await; //~ await-two
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/coroutine-not-started.md")),
    params: &[
        Param {
            name: "then",
            label: "the first call is then",
            bounds: Bounds::Choice { of: &["forgotten", "awaited", "spawned"] },
        },
        Param { name: "delay", label: "time to send", bounds: Bounds::millis(2000) },
    ],
    rust: Source::rust("coroutine_not_started.rs", include_str!("coroutine_not_started.rs")),
    python: Source::python("coroutine_not_started.py", include_str!("../../../assets/python/coroutine_not_started.py")),
    ..Scenario::new("coroutine-not-started", "A call that never runs (coroutine)", |params| {
        Program::on_loop(main(params.choice("then"), params.time("delay")))
    })
};
