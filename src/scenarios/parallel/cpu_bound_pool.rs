//! Tasks that compute, on several threads.

use crate::runtime::{compute, gather, say, spawn};
use std::ops::Range;

fn is_prime(number: u32) -> bool {
    let mut divisors = (2..).take_while(|d| d * d <= number);
    number >= 2 && divisors.all(|d| !number.is_multiple_of(d))
}

async fn count_primes(numbers: Range<u32>) -> usize {
    compute(|| numbers.filter(|number| is_prime(*number)).count()) //~ count
}

async fn main(parts: u32, size: u32) {
    let tasks = (0..parts).map(|part| {
        let numbers = part * size..(part + 1) * size;
        spawn(format!("part-{}", part + 1), count_primes(numbers)) //~ spawn
    });
    let counts = gather(tasks).await; //~ gather
    for (part, count) in (1..).zip(&counts) {
        say!("part {part}, primes found: {count}"); //~ print
    }
    let sum: usize = counts.iter().sum();
    say!("primes below {}: {sum}", parts * size); //~ sum
}

// --- end of the lesson's code ---

use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    clock: ClockKind::Real,
    lesson: Lesson::of(include_str!("../../../assets/lessons/cpu-bound-pool.md")),
    params: &[
        Param { name: "threads", label: "threads", bounds: Bounds::Count { min: 1, max: 8, default: 4 } },
        Param { name: "parts", label: "parts", bounds: Bounds::Count { min: 1, max: 8, default: 4 } },
        Param {
            name: "size",
            label: "numbers in a part",
            bounds: Bounds::Count { min: 1, max: 200_000, default: 150_000 },
        },
    ],
    rust: Source::rust("cpu_bound_pool.rs", include_str!("cpu_bound_pool.rs")),
    python: Source::python("cpu_bound_pool.py", include_str!("../../../assets/python/cpu_bound_pool.py")),
    ..Scenario::new("cpu-bound-pool", "Computing on several threads (parallelism)", |params| {
        Program::on_smol(params.count("threads"), main(params.count("parts"), params.count("size")))
    })
};
