//! The first of several downloads, and what becomes of the others.

use crate::runtime::{Waited, When, say, sleep, spawn, wait};
use std::time::Duration;

async fn download(mirror: u32, delay: Duration) {
    sleep(delay).await; //~ sleep
    say!("Mirror {mirror} is done"); //~ done
}

async fn main(mirrors: u32, step: Duration, others: &str) {
    let downloads = (1..=mirrors).map(|mirror| {
        let delay = step * (mirrors + 1 - mirror);
        spawn(format!("mirror-{mirror}"), download(mirror, delay)) //~ spawn
    });
    let Waited { done, pending } = wait(downloads, When::First).await; //~ first
    say!("Done: {}, pending: {}", done.len(), pending.len()); //~ count
    if others == "awaited" && !pending.is_empty() {
        wait(pending, When::All).await; //~ rest
        say!("All are done"); //~ all-done
    }
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/wait-first.md")),
    params: &[
        Param { name: "mirrors", label: "mirrors", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "step", label: "time of the fastest", bounds: Bounds::millis(1000) },
        Param { name: "others", label: "the others are", bounds: Bounds::Choice { of: &["awaited", "left"] } },
    ],
    rust: Source::rust("wait_first.rs", include_str!("wait_first.rs")),
    python: Source::python("wait_first.py", include_str!("../../../assets/python/wait_first.py")),
    ..Scenario::new("wait-first", "Wait for the first (wait)", |params| {
        Program::on_loop(main(params.count("mirrors"), params.time("step"), params.choice("others")))
    })
};
