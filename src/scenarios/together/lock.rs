//! One at a time, in the order of asking.

use crate::runtime::sync::Lock;
use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn clerk(name: String, pages: u32, printer: Lock, delay: Duration) {
    for page in 1..=pages {
        let _turn = printer.acquire().await; //~ acquire
        say!("{name} prints page {page}"); //~ prints
        sleep(delay).await; //~ sleep
    }
}

async fn main(clerks: u32, pages: u32, delay: Duration) {
    let printer = Lock::new("printer"); //~ lock
    let clerks = (1..=clerks).map(|number| {
        let name = format!("clerk-{number}");
        spawn(name.clone(), clerk(name, pages, printer.clone(), delay)) //~ spawn
    });
    gather(clerks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/lock.md")),
    params: &[
        Param { name: "clerks", label: "clerks", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "pages", label: "pages per clerk", bounds: Bounds::Count { min: 1, max: 1000, default: 2 } },
        Param { name: "delay", label: "time to print", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("lock.rs", include_str!("lock.rs")),
    python: Source::python("lock.py", include_str!("../../../assets/python/lock.py")),
    ..Scenario::new("lock", "A lock and its line", |params| {
        Program::on_loop(main(params.count("clerks"), params.count("pages"), params.time("delay")))
    })
};
