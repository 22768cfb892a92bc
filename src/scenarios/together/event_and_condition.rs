//! Waking everyone, and waking one.

use crate::runtime::sync::{Condition, Event, Lock};
use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn customer(name: String, open: Event, next: Condition) {
    open.wait().await; //~ wait-open
    say!("{name} comes in"); //~ comes-in
    let counter = next.lock().acquire().await; //~ stand
    let _counter = next.wait(counter).await; //~ wait-next
    say!("{name} is served"); //~ served
}

async fn main(customers: u32, called: usize, pause: Duration) {
    let open = Event::new("open");
    let next = Condition::new("next", &Lock::new("counter"));
    let mut waiting = Vec::new();
    for number in 1..=customers {
        let name = format!("customer-{number}");
        let future = customer(name.clone(), open.clone(), next.clone());
        waiting.push(spawn(name, future)); //~ spawn
    }
    sleep(pause).await; //~ before
    open.set(); //~ set
    for _ in 0..customers {
        sleep(pause).await; //~ pause
        let counter = next.lock().acquire().await; //~ lock
        next.notify(&counter, called); //~ notify
    }
    gather(waiting).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/event-and-condition.md")),
    params: &[
        Param { name: "customers", label: "customers", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "called", label: "called at once", bounds: Bounds::Count { min: 1, max: 10_000, default: 1 } },
        Param { name: "pause", label: "time between calls", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("event_and_condition.rs", include_str!("event_and_condition.rs")),
    python: Source::python("event_and_condition.py", include_str!("../../../assets/python/event_and_condition.py")),
    ..Scenario::new("event-and-condition", "Wake all, or only some (event, condition)", |params| {
        Program::on_loop(main(params.count("customers"), params.count("called") as usize, params.time("pause")))
    })
};
