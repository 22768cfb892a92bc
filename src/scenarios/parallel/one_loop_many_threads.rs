//! Other threads hand their results to the loop.

use crate::runtime::{Label, say};
use smol::channel::{Sender, unbounded};
use std::thread;
use std::time::Duration;

fn sensor(number: u32, pause: Duration, readings: Sender<u32>) {
    thread::sleep(pause * number); //~ pause
    let _ = readings.try_send(number); // fails if nobody listens //~ send
}

async fn main(threads: u32, pause: Duration) {
    let (sender, readings) = unbounded();
    for number in 1..=threads {
        let sender = sender.clone();
        thread::spawn(move || sensor(number, pause, sender)); //~ thread
    }
    say!("threads at work: {threads}"); //~ waiting
    for _ in 0..threads {
        let reading = readings.recv().named("reading").await; //~ get
        let Ok(number) = reading else { break };
        say!("sensor {number} reports"); //~ report
    }
    say!("all have reported"); //~ done
}

// --- end of the lesson's code ---

use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    clock: ClockKind::Real,
    lesson: Lesson::of(include_str!("../../../assets/lessons/one-loop-many-threads.md")),
    params: &[
        Param { name: "threads", label: "threads", bounds: Bounds::Count { min: 1, max: 8, default: 3 } },
        Param { name: "pause", label: "time between reports", bounds: Bounds::Millis { max: 200, default: 100 } },
    ],
    rust: Source::rust("one_loop_many_threads.rs", include_str!("one_loop_many_threads.rs")),
    python: Source::python("one_loop_many_threads.py", include_str!("../../../assets/python/one_loop_many_threads.py")),
    ..Scenario::new("one-loop-many-threads", "One loop, many threads", |params| {
        Program::on_loop(main(params.count("threads"), params.time("pause")))
    })
};
