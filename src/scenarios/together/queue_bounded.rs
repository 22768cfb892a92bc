//! A queue with few places.

use crate::runtime::sync::Queue;
use crate::runtime::{gather, say, sleep, spawn};
use std::num::NonZeroU32;
use std::time::Duration;

async fn producer(queue: Queue<u32>, items: u32, pause: Duration) {
    for item in 1..=items {
        sleep(pause).await; //~ produce
        queue.put(item).await; //~ put
        say!("Put item {item}"); //~ was-put
    }
}

async fn consumer(queue: Queue<u32>, items: u32, pause: Duration) {
    for _ in 0..items {
        let item = queue.get().await; //~ get
        say!("Took item {item}"); //~ took
        sleep(pause).await; //~ consume
    }
}

async fn main(items: u32, size: NonZeroU32, make: Duration, take: Duration) {
    let queue = Queue::bounded("queue", size); //~ queue
    let both = [
        spawn("producer", producer(queue.clone(), items, make)), //~ spawn-producer
        spawn("consumer", consumer(queue, items, take)),         //~ spawn-consumer
    ];
    gather(both).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/queue-bounded.md")),
    params: &[
        Param { name: "items", label: "items", bounds: Bounds::Count { min: 1, max: 10_000, default: 5 } },
        Param { name: "size", label: "places in the queue", bounds: Bounds::Count { min: 1, max: 10_000, default: 2 } },
        Param { name: "make", label: "time to make one", bounds: Bounds::millis(500) },
        Param { name: "take", label: "time to use one", bounds: Bounds::millis(2000) },
    ],
    rust: Source::rust("queue_bounded.rs", include_str!("queue_bounded.rs")),
    python: Source::python("queue_bounded.py", include_str!("../../../assets/python/queue_bounded.py")),
    ..Scenario::new("queue-bounded", "A queue that can be full (back-pressure)", |params| {
        let size = NonZeroU32::new(params.count("size")).unwrap_or(NonZeroU32::MIN);
        Program::on_loop(main(params.count("items"), size, params.time("make"), params.time("take")))
    })
};
