//! Tasks that compute, all on one loop.

use crate::runtime::{busy, gather, say, spawn, yield_now};
use std::time::Duration;

async fn compute(number: u32, work: Duration, slices: u32) {
    say!("task {number} begins"); //~ begins
    for slice in 0..slices {
        if slice > 0 {
            yield_now().await; //~ yield
        }
        busy(work / slices); //~ work
    }
    say!("task {number} is done"); //~ done
}

async fn main(tasks: u32, work: Duration, slices: u32) {
    let all = (1..=tasks).map(|number| {
        spawn(format!("compute-{number}"), compute(number, work, slices)) //~ spawn
    });
    gather(all).await; //~ gather
    say!("all are done"); //~ all-done
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/cpu-bound-one-thread.md")),
    params: &[
        Param { name: "tasks", label: "tasks", bounds: Bounds::Count { min: 1, max: 1000, default: 4 } },
        Param { name: "work", label: "work per task", bounds: Bounds::millis(1000) },
        Param { name: "slices", label: "slices per task", bounds: Bounds::Count { min: 1, max: 1000, default: 1 } },
    ],
    rust: Source::rust("cpu_bound_one_thread.rs", include_str!("cpu_bound_one_thread.rs")),
    python: Source::python("cpu_bound_one_thread.py", include_str!("../../../assets/python/cpu_bound_one_thread.py")),
    ..Scenario::new("cpu-bound-one-thread", "Computing on one thread (CPU-bound)", |params| {
        Program::on_loop(main(params.count("tasks"), params.time("work"), params.count("slices")))
    })
};
