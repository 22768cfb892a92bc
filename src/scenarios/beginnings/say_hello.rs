//! One task, one sleep.

use crate::runtime::{say, sleep};
use std::time::Duration;

async fn main(delay: Duration) {
    sleep(delay).await; //~ sleep
    say!("Hello, World!"); //~ hello
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(in crate::scenarios) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/say-hello.md")),
    params: &[Param { name: "delay", label: "sleep", bounds: Bounds::millis(1000) }],
    rust: Source::rust("say_hello.rs", include_str!("say_hello.rs")),
    python: Source::python("say_hello.py", include_str!("../../../assets/python/say_hello.py")),
    ..Scenario::new("say-hello", "Say hello", |params| Program::on_loop(main(params.time("delay"))))
};
