//! One task, one sleep.

use crate::runtime::{say, sleep};
use std::time::Duration;

async fn main(delay: Duration) {
    sleep(delay).await; //~ sleep
    say!("Hello, World!"); //~ hello
}

// --- end of the lesson's code ---

use super::{Bounds, Language, Param, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    id: "say-hello",
    title: "Say hello",
    chapter: "Beginnings",
    promise: "one task, one sleep",
    lesson: include_str!("../../assets/lessons/say-hello.md"),
    params: &[Param { name: "delay", label: "sleep", bounds: Bounds::Millis { default: 1000 } }],
    rust: Source { language: Language::Rust, file: "say_hello.rs", text: include_str!("say_hello.rs") },
    python: Source {
        language: Language::Python,
        file: "say_hello.py",
        text: include_str!("../../assets/python/say_hello.py"),
    },
    main: |params| Box::pin(main(params.time("delay"))),
};
