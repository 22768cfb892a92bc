//! A future that holds a lock and is never run again, and its own task that waits for that lock.

use crate::runtime::sync::Lock;
use crate::runtime::{frame, say, sleep, spawn, timeout};
use std::time::Duration;

async fn save(name: &str, file: Lock) {
    let _held = file.acquire().await; //~ acquire
    say!("{name}: has the lock"); //~ has
    sleep(Duration::from_secs(2)).await; //~ write
    say!("{name}: saved"); //~ saved
}

async fn main(patience: Duration, then: &str) {
    let file = Lock::new("file");
    let other = spawn("other", save("other", file.clone())); //~ spawn
    let mut first = Box::pin(frame!(save("first", file.clone()))); //~ first
    let attempt = timeout(patience, &mut first); //~ patience
    let in_time = attempt.await; //~ in-time
    if in_time.is_err() {
        say!("main: first is slow, on to the second"); //~ slow
        if then == "drop" {
            drop(first); //~ drop
        }
        frame!(save("second", file)).await; //~ second
    }
    other.await; //~ other
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/futurelock.md")),
    params: &[
        Param { name: "patience", label: "main awaits the first for", bounds: Bounds::millis(1000) },
        Param { name: "then", label: "then the first is", bounds: Bounds::Choice { of: &["keep", "drop"] } },
    ],
    rust: Source::rust("futurelock.rs", include_str!("futurelock.rs")),
    python: Source::python("futurelock.py", include_str!("../../../assets/python/futurelock.py")),
    ..Scenario::new("futurelock", "Futurelock", |params| {
        Program::on_loop(main(params.time("patience"), params.choice("then")))
    })
};
