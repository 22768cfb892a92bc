//! A scenario of one's own in one file: what runs, its parameters and what is said beside it, shown in the window.
//!
//! Run it with `cargo run --release --example own_scenario`, and press Run.

use loopscope::app::{self, Show};
use loopscope::runtime::sync::Lock;
use loopscope::runtime::{gather, say, sleep, spawn};
use loopscope::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};
use std::time::Duration;

async fn philosopher(number: u32, left: Lock, right: Lock) {
    let _left = left.acquire().await;
    sleep(Duration::from_millis(200)).await;
    let _right = right.acquire().await; //~ right
    say!("philosopher {number} eats");
    sleep(Duration::from_secs(1)).await;
}

async fn main_task(count: u32) {
    let forks: Vec<Lock> = (0..count).map(|number| Lock::new(format!("fork-{number}"))).collect();
    let philosophers = (0..count).map(|number| {
        let (left, right) = (forks[number as usize].clone(), forks[((number + 1) % count) as usize].clone());
        spawn(format!("philosopher-{number}"), philosopher(number, left, right))
    });
    gather(philosophers).await;
    say!("all have eaten");
}

// --- end of the lesson's code ---

const LESSON: &str = "+++
promise = 'everybody takes the left fork first'
answer = 'happens (printed \"all have eaten\")'
try = ['count=2']

[[look]]
text = 'All of them wait for a fork.'
moment = 'each philosopher-* waits at right'
+++

Around a table sit {words(count)} philosophers, with a fork between each two. Each takes the left fork, thinks, and then wants \
the right one.

## Predict

Do they all get to eat?
";

static DINNER: Scenario = Scenario {
    lesson: Lesson::of(LESSON),
    params: &[Param { name: "count", label: "philosophers", bounds: Bounds::Count { min: 2, max: 100, default: 5 } }],
    rust: Source::rust("own_scenario.rs", include_str!("own_scenario.rs")),
    ..Scenario::new("dinner", "Dinner of philosophers", |params| Program::on_loop(main_task(params.count("count"))))
};

fn main() -> Result<(), app::OpenError> {
    app::run(Show::Scenario(&DINNER))
}
