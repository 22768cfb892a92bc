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

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/deadlock.md")),
    params: &[
        Param { name: "order", label: "order of locking", bounds: Bounds::Choice { of: &["opposite", "same"] } },
        Param { name: "pause", label: "time between the locks", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("deadlock.rs", include_str!("deadlock.rs")),
    python: Source::python("deadlock.py", include_str!("../../../assets/python/deadlock.py")),
    ..Scenario::new("deadlock", "Each waits for the other (deadlock)", |params| {
        Program::on_loop(main(params.choice("order"), params.time("pause")))
    })
};
