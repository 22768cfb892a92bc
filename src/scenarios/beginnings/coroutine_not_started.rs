//! Calling an async function runs nothing.

use crate::runtime::{say, sleep, spawn};
use std::time::Duration;

async fn send(letter: u32, delay: Duration) {
    say!("Sending letter {letter}"); //~ sending
    sleep(delay).await; //~ sleep
    say!("Sent letter {letter}"); //~ sent
}

async fn main(then: &str, delay: Duration) {
    let letter = send(1, delay); //~ call
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

use crate::scenarios::{Answer, Bounds, Lesson, Param, Predict, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "a call that nobody awaits does nothing",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/coroutine-not-started.md"),
        steps: &[
            |seen| seen.printed("Called*"),
            |seen| seen.spawned("letter-2"),
            |seen| seen.printed("Sending letter 2"),
            |seen| seen.printed("Sent letter 2"),
            |seen| seen.run_ended(),
        ],
    },
    predict: Predict { answer: |run| Answer::Count(run.count_lines("Sent")), changed_by: "then=awaited" },
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
    ..Scenario::new("coroutine-not-started", "A call that never runs", |params| {
        Program::on_loop(main(params.choice("then"), params.time("delay")))
    })
};
