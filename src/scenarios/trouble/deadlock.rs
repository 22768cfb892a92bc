//! Two transfers that each lock both accounts.

use crate::runtime::sync::Lock;
use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn transfer(name: &str, one: Lock, other: Lock, pause: Duration) {
    let _one = one.acquire().await; //~ first
    say!("{name}: has locked one account"); //~ has-one
    sleep(pause).await; //~ sleep
    say!("{name}: asks for the other"); //~ asks
    let _other = other.acquire().await; //~ second
    say!("{name}: done"); //~ done
}

async fn main(order: &str, pause: Duration) {
    let (ann, bob) = (Lock::new("account-ann"), Lock::new("account-bob"));
    let [first, second] = match order {
        "same" => [ann.clone(), bob.clone()],
        _ => [bob.clone(), ann.clone()],
    };
    let there = transfer("ann-to-bob", ann, bob, pause); //~ there
    let back = transfer("bob-to-ann", first, second, pause); //~ back
    let both = [
        spawn("ann-to-bob", there), //~ spawn-there
        spawn("bob-to-ann", back),  //~ spawn-back
    ];
    gather(both).await; //~ gather
    say!("main: both are done"); //~ both
}

// --- end of the lesson's code ---

use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// How many transfers were done.
fn done(run: &Outline) -> u64 {
    run.lines.iter().filter(|line| line.text.ends_with(": done")).count() as u64
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "two locks taken in two orders: nobody ever goes on",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/deadlock.md"),
        steps: &[
            |seen| seen.printed("ann-to-bob: has locked*"),
            |seen| seen.printed("bob-to-ann: has locked*"),
            |seen| seen.waits("ann-to-bob", "second"),
            |seen| seen.waits("bob-to-ann", "second"),
            |seen| seen.deadlocked(),
        ],
    },
    predict: Predict { answer: |run| Answer::Count(done(run)), changed_by: "order=same" },
    params: &[
        Param { name: "order", label: "order of locking", bounds: Bounds::Choice { of: &["opposite", "same"] } },
        Param { name: "pause", label: "time between the locks", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("deadlock.rs", include_str!("deadlock.rs")),
    python: Source::python("deadlock.py", include_str!("../../../assets/python/deadlock.py")),
    ..Scenario::new("deadlock", "Each waits for the other", |params| {
        Program::on_loop(main(params.choice("order"), params.time("pause")))
    })
};
