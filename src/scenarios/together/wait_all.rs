//! All of several fetches, one of which fails.

use crate::runtime::{Waited, When, say, sleep, spawn, wait};
use std::time::Duration;

async fn fetch(id: u32, delay: Duration, fails: bool) -> Result<u32, String> {
    sleep(delay).await; //~ sleep
    if fails {
        return Err(format!("fetch {id} found nothing")); //~ fail
    }
    Ok(id)
}

async fn main(fetches: u32, failing: u32, step: Duration, until: &str) {
    let tasks = (1..=fetches).map(|number| {
        let fetch = fetch(number, step * number, number == failing);
        spawn(format!("fetch-{number}"), fetch) //~ spawn
    });
    let first = When::FirstException(Result::is_err);
    let when = if until == "first-error" { first } else { When::All };
    let Waited { done, pending } = wait(tasks, when).await; //~ wait
    say!("Done: {}, pending: {}", done.len(), pending.len()); //~ count
    for task in done {
        let result = task.await; //~ ask
        match result {
            Ok(number) => say!("Result: {number}"), //~ result
            Err(error) => say!("Error: {error}"),   //~ error
        }
    }
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/wait-all.md")),
    params: &[
        Param { name: "fetches", label: "fetches", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "failing", label: "which one fails", bounds: Bounds::Count { min: 0, max: 10_000, default: 2 } },
        Param { name: "step", label: "time of the fastest", bounds: Bounds::millis(1000) },
        Param { name: "until", label: "wait for", bounds: Bounds::Choice { of: &["all", "first-error"] } },
    ],
    rust: Source::rust("wait_all.rs", include_str!("wait_all.rs")),
    python: Source::python("wait_all.py", include_str!("../../../assets/python/wait_all.py")),
    ..Scenario::new("wait-all", "Wait for all (wait)", |params| {
        let (fetches, failing) = (params.count("fetches"), params.count("failing"));
        Program::on_loop(main(fetches, failing, params.time("step"), params.choice("until")))
    })
};
