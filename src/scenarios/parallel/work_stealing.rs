//! Threads that take tasks from one that is at work.

use crate::runtime::{gather, say, spawn};
use std::ops::Range;

fn is_prime(number: u32) -> bool {
    let mut divisors = (2..).take_while(|d| d * d <= number);
    number >= 2 && divisors.all(|d| !number.is_multiple_of(d))
}

fn count_primes(numbers: Range<u32>) -> usize {
    numbers.filter(|number| is_prime(*number)).count() //~ count
}

async fn main(pieces: u32, size: u32) {
    let tasks: Vec<_> = (0..pieces)
        .map(|piece| {
            let numbers = piece * size..(piece + 1) * size;
            let work = async move { count_primes(numbers) };
            spawn(format!("piece-{}", piece + 1), work) //~ spawn
        })
        .collect();
    let own = pieces * size..2 * pieces * size;
    let found = count_primes(own); //~ own
    say!("main: {found} primes"); //~ own-done
    let counts = gather(tasks).await; //~ gather
    let sum: usize = counts.iter().sum();
    say!("pieces: {sum} primes"); //~ sum
}

// --- end of the lesson's code ---

use crate::event::ClockKind;
use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// Whether a piece began before `main` was done with its own share.
fn begins_early(run: &Outline) -> bool {
    let own_done = run.printed_at("main");
    let pieces = run.tasks.iter().filter(|task| task.name.starts_with("piece-"));
    pieces.filter_map(|task| task.first_polled).any(|first| first < own_done)
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "idle threads take tasks from a busy one",
    clock: ClockKind::Real,
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/work-stealing.md"),
        steps: &[
            |seen| seen.spawned("piece-6"),
            |seen| seen.polled("piece-*"),
            |seen| seen.finished("piece-*"),
            |seen| seen.printed("pieces*"),
        ],
    },
    predict: Predict { answer: |run| Answer::yes(begins_early(run)), changed_by: "threads=1" },
    params: &[
        Param { name: "threads", label: "threads", bounds: Bounds::Count { min: 1, max: 8, default: 3 } },
        Param { name: "pieces", label: "pieces", bounds: Bounds::Count { min: 1, max: 12, default: 6 } },
        Param {
            name: "size",
            label: "numbers in a piece",
            bounds: Bounds::Count { min: 1, max: 60_000, default: 40_000 },
        },
    ],
    rust: Source::rust("work_stealing.rs", include_str!("work_stealing.rs")),
    python: Source::python("work_stealing.py", include_str!("../../../assets/python/work_stealing.py")),
    ..Scenario::new("work-stealing", "Work stealing", |params| {
        Program::on_smol(params.count("threads"), main(params.count("pieces"), params.count("size")))
    })
};
