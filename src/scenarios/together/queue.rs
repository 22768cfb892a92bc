//! A producer and a consumer.

use crate::runtime::sync::Queue;
use crate::runtime::{gather, say, sleep, spawn};
use std::time::Duration;

async fn producer(queue: Queue<Option<String>>, items: u32, pause: Duration) {
    for number in 0..items {
        let item = format!("item-{number}");
        queue.put(Some(item.clone())).await; //~ put
        say!("Produced {item}"); //~ produced
        sleep(pause).await; //~ produce-sleep
    }
    queue.put(None).await; //~ put-end
}

async fn consumer(queue: Queue<Option<String>>, pause: Duration) {
    loop {
        let next = queue.get().await; //~ get
        let Some(item) = next else { break };
        say!("Consumed {item}"); //~ consumed
        sleep(pause).await; //~ consume-sleep
    }
}

async fn main(items: u32, produce: Duration, consume: Duration) {
    let queue = Queue::unbounded("queue");
    let both = [
        spawn("producer", producer(queue.clone(), items, produce)), //~ spawn-producer
        spawn("consumer", consumer(queue, consume)),                //~ spawn-consumer
    ];
    gather(both).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/queue.md")),
    params: &[
        Param { name: "items", label: "items", bounds: Bounds::Count { min: 1, max: 10_000, default: 5 } },
        Param { name: "produce", label: "time to produce", bounds: Bounds::millis(1000) },
        Param { name: "consume", label: "time to consume", bounds: Bounds::millis(2000) },
    ],
    rust: Source::rust("queue.rs", include_str!("queue.rs")),
    python: Source::python("producer_consumer.py", include_str!("../../../assets/python/producer_consumer.py")),
    ..Scenario::new("queue", "Producer and consumer (queue)", |params| {
        Program::on_loop(main(params.count("items"), params.time("produce"), params.time("consume")))
    })
};
