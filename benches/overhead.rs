//! What the record costs: a million polls of a task that yields, on the event loop with and without a sink, against
//! the same on bare `async_executor::LocalExecutor`.
//!
//! The contenders take turns within one run and the medians are told, so that a busy machine slows all alike. Judged are
//! the fastest rounds: what else a machine does only adds to a round, and not to all by the same factor.
//! How the loop compares with the bare executor depends on the processor (1.2× on one, 2.7× on another, where the bare one
//! takes 41 ns instead of 90), so that it is told and not judged. What recording adds to the loop itself depends on it
//! less: exits with an error if that is more than its limits.

use async_executor::LocalExecutor;
use loopscope::event::{ClockKind, Discard};
use loopscope::runtime::{EventLoop, yield_now};
use std::process::ExitCode;
use std::time::Instant;

const POLLS: u32 = 1_000_000;
const ROUNDS: usize = 9;
/// The most that the recorded loop may take, as a multiple of the loop to which nobody listens: on the virtual clock, as
/// headless runs do, and on the real one, where each poll reads the machine's clock once.
const LIMITS: [f64; 2] = [1.9, 2.4];

fn bare() {
    let executor = LocalExecutor::new();
    let task = executor.spawn(async {
        for _ in 0..POLLS {
            smol::future::yield_now().await;
        }
    });
    smol::future::block_on(executor.run(task));
}

fn ours(event_loop: EventLoop) {
    let result = event_loop.run(async {
        for _ in 0..POLLS {
            yield_now().await;
        }
    });
    assert_eq!(result, Ok(()));
}

#[expect(clippy::disallowed_methods, reason = "a bench measures the machine's time")]
fn main() -> ExitCode {
    let contenders: [(&str, fn()); 5] = [
        ("bare LocalExecutor", bare),
        ("EventLoop, virtual clock, no sink", || ours(EventLoop::new())),
        ("EventLoop, virtual clock, recorded", || ours(EventLoop::new().sink(Discard))),
        ("EventLoop, real clock, no sink", || ours(EventLoop::new().clock(ClockKind::Real))),
        ("EventLoop, real clock, recorded", || ours(EventLoop::new().clock(ClockKind::Real).sink(Discard))),
    ];
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        for ((_, run), times) in contenders.iter().zip(&mut times) {
            let start = Instant::now();
            run();
            times.push(start.elapsed().as_secs_f64());
        }
    }
    times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    let [medians, fastest] = [ROUNDS / 2, 0].map(|place| times.each_ref().map(|times| times[place]));
    println!("{POLLS} polls of a yield loop, median of {ROUNDS} rounds");
    for ((name, _), median) in contenders.iter().zip(medians) {
        println!("{name:36} {:7.1} ns a poll {:6.2}×", median * 1e9 / f64::from(POLLS), median / medians[0]);
    }
    let ratios = [fastest[2] / fastest[1], fastest[4] / fastest[3]];
    println!("recorded against silent: {:.2}× and {:.2}×; the limits are {LIMITS:?}", ratios[0], ratios[1]);
    let is_within = ratios.iter().zip(LIMITS).all(|(ratio, limit)| *ratio <= limit);
    if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
