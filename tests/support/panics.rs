//! A program of which one task panics. In a file of its own, because its picture shows the number of a line.

use loopscope::runtime::{sleep, spawn};
use loopscope::scenarios::{Lesson, Program, Scenario};
use std::time::Duration;

pub(crate) static PANICS: Scenario = Scenario {
    lesson: Lesson::of("+++\npromise = \"one of two panics\"\n+++\n"),
    ..Scenario::new("test", "A task that panics", |_| {
        Program::on_loop(async {
            spawn("bad", async { panic!("on purpose") }).detach();
            sleep(Duration::from_secs(1)).await;
        })
    })
};
