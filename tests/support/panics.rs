//! A program of which one task panics. In a file of its own, because its picture shows the number of a line.

use loopscope::runtime::{sleep, spawn};
use loopscope::scenarios::{Language, Scenario, Source};
use std::time::Duration;

pub(crate) static PANICS: Scenario = Scenario {
    id: "test",
    title: "A task that panics",
    chapter: "Tests",
    promise: "one of two panics",
    lesson: "",
    params: &[],
    rust: Source { language: Language::Rust, file: "", text: "" },
    python: Source { language: Language::Python, file: "", text: "" },
    main: |_| {
        Box::pin(async {
            spawn("bad", async { panic!("on purpose") }).detach();
            sleep(Duration::from_secs(1)).await;
        })
    },
};
