//! A lock held over a slow step, and everyone behind it.

use crate::runtime::sync::Lock;
use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

const STORING: Duration = Duration::from_millis(500);

async fn hold_long(name: String, ledger: Lock, fetching: Duration) {
    let _held = ledger.acquire().await; //~ long-lock
    sleep(fetching).await; //~ long-fetch
    sleep(STORING).await; //~ long-store
    say!("{name}: stored"); //~ long-stored
}

async fn hold_short(name: String, ledger: Lock, fetching: Duration) {
    sleep(fetching).await; //~ short-fetch
    let _held = ledger.acquire().await; //~ short-lock
    sleep(STORING).await; //~ short-store
    say!("{name}: stored"); //~ short-stored
}

async fn main(clerks: u32, fetching: Duration, hold: &str) {
    let ledger = Lock::new("ledger");
    let mut tasks = vec![];
    for number in 1..=clerks {
        let name = format!("clerk-{number}");
        tasks.push(if hold == "long" {
            let work = hold_long(name.clone(), ledger.clone(), fetching);
            spawn(name, work) //~ long-spawn
        } else {
            let work = hold_short(name.clone(), ledger.clone(), fetching);
            spawn(name, work) //~ short-spawn
        });
    }
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/convoy.md")),
    params: &[
        Param { name: "clerks", label: "clerks", bounds: Bounds::Count { min: 1, max: 10_000, default: 4 } },
        Param { name: "fetching", label: "time to fetch", bounds: Bounds::millis(1500) },
        Param { name: "hold", label: "they hold the lock", bounds: Bounds::Choice { of: &["long", "short"] } },
    ],
    rust: Source::rust("convoy.rs", include_str!("convoy.rs")),
    python: Source::python("convoy.py", include_str!("../../../assets/python/convoy.py")),
    ..Scenario::new("convoy", "Convoy", |params| {
        Program::on_loop(main(params.count("clerks"), params.time("fetching"), params.choice("hold")))
    })
};
