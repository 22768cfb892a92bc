//! Threads that take tasks from one that is at work.

use crate::runtime::{compute, gather, say, spawn};
use std::ops::Range;

fn is_prime(number: u32) -> bool {
    let mut divisors = (2..).take_while(|d| d * d <= number);
    number >= 2 && divisors.all(|d| !number.is_multiple_of(d))
}

fn count_primes(numbers: Range<u32>) -> usize {
    numbers.filter(|number| is_prime(*number)).count()
}

async fn main(pieces: u32, size: u32) {
    let tasks: Vec<_> = (0..pieces)
        .map(|piece| {
            let numbers = piece * size..(piece + 1) * size;
            let work = async move { compute(|| count_primes(numbers)) }; //~ count
            spawn(format!("piece-{}", piece + 1), work) //~ spawn
        })
        .collect();
    let own = pieces * size..2 * pieces * size;
    let found = compute(|| count_primes(own)); //~ own
    say!("main, primes found: {found}"); //~ own-done
    let counts = gather(tasks).await; //~ gather
    let sum: usize = counts.iter().sum();
    say!("pieces, primes found: {sum}"); //~ sum
}

// --- end of the lesson's code ---

use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    clock: ClockKind::Real,
    lesson: Lesson::of(include_str!("../../../assets/lessons/work-stealing.md")),
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
