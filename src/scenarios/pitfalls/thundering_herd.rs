//! One place is free, and everyone is woken for it.

use crate::runtime::sync::{Condition, Lock};
use crate::runtime::{gather, say, sleep, spawn_local};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

type Free = Rc<Cell<u32>>;

async fn guest(name: String, seats: Condition, free: Free) {
    let mut held = seats.lock().acquire().await; //~ enter
    while free.get() == 0 {
        held = seats.wait(held).await; //~ wait
        if free.get() == 0 {
            say!("for nothing: {name}"); //~ for-nothing
        }
    }
    free.set(free.get() - 1); //~ sit
    say!("{name} sits down"); //~ sits
    drop(held);
}

async fn host(guests: u32, seats: Condition, free: Free, wakes: &str) {
    for _ in 0..guests {
        sleep(Duration::from_secs(1)).await; //~ host-sleep
        let held = seats.lock().acquire().await; //~ host-lock
        free.set(free.get() + 1); //~ seat
        if wakes == "all" {
            seats.notify_all(&held); //~ notify-all
        } else {
            seats.notify(&held, 1); //~ notify-one
        }
    }
}

async fn main(guests: u32, wakes: &'static str) {
    let seats = Condition::new("seats", &Lock::new("lock"));
    let free = Rc::new(Cell::new(0));
    let mut tasks = vec![];
    for number in 1..=guests {
        let name = format!("guest-{number}");
        let guest = guest(name.clone(), seats.clone(), free.clone());
        tasks.push(spawn_local(name, guest)); //~ spawn-guest
    }
    tasks.push(spawn_local("host", host(guests, seats, free, wakes))); //~ spawn-host
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/thundering-herd.md")),
    params: &[
        // Their number makes the vain wakes grow by its square.
        Param { name: "guests", label: "guests", bounds: Bounds::Count { min: 1, max: 300, default: 5 } },
        Param { name: "wakes", label: "the host wakes", bounds: Bounds::Choice { of: &["all", "one"] } },
    ],
    rust: Source::rust("thundering_herd.rs", include_str!("thundering_herd.rs")),
    python: Source::python("thundering_herd.py", include_str!("../../../assets/python/thundering_herd.py")),
    ..Scenario::new("thundering-herd", "Thundering herd", |params| {
        Program::on_loop(main(params.count("guests"), params.choice("wakes")))
    })
};
