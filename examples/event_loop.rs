//! The event loop as a library: a program on the virtual clock, and what it waited for.
//!
//! Run it with `cargo run --no-default-features --example event_loop`.

use loopscope::event::{Event, EventKind};
use loopscope::frame;
use loopscope::runtime::{EventLoop, gather, sleep, spawn};
use loopscope::trace::{Record, Wording, await_chain};
use std::sync::{Arc, Mutex};
use std::time::Duration;

async fn fetch_data(seconds: u64) -> u64 {
    sleep(Duration::from_secs(seconds)).await;
    seconds
}

fn main() {
    let record = Arc::new(Mutex::new(Record::default()));
    let sink = {
        let record = Arc::clone(&record);
        move |chunk: &mut Vec<Event>| {
            let mut record = record.lock().expect("no sink panics");
            chunk.drain(..).for_each(|event| record.push(event));
        }
    };
    let result = EventLoop::new().title("event_loop").sink(sink).run(async {
        let tasks = [3, 1].map(|seconds| spawn("fetch", async move { frame!(fetch_data(seconds)).await }));
        gather(tasks).await
    });
    let record = record.lock().expect("no sink panics");
    println!("{result:?} after {}", record.log().end());
    for event in record.log().iter_from(0) {
        if let EventKind::WaitBegan { wait, .. } = &event.kind
            && let Some(wait) = record.wait(*wait)
        {
            println!("{:>5} {}", event.at.to_string(), await_chain(record.catalog(), &wait, &Wording::default()));
        }
    }
}
