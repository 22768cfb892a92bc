//! What the record costs: a million polls of a task that yields, on the event loop with and without a sink, against
//! the same on bare `async_executor::LocalExecutor`.
//!
//! The contenders take turns within one run and the medians are told, so that a busy machine slows all alike. Judged are
//! the fastest rounds: what else a machine does only adds to a round, and not to all by the same factor.
//! How the loop compares with the bare executor depends on the processor (1.2× on one, 2.7× on another, where the bare one
//! takes 41 ns instead of 90), so that it is told and not judged. What recording adds to the loop itself depends on it
//! less: exits with an error if that is more than its limits.

use async_executor::LocalExecutor;
use loopscope::event::{ClockKind, Discard, Event};
use loopscope::moment::{Moment, Watches};
use loopscope::runtime::sync::{Lock, Queue, Semaphore};
use loopscope::runtime::{Control, EventLoop, Speed, Watcher, gather, sleep, spawn, yield_now};
use std::hint::black_box;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const POLLS: u32 = 1_000_000;
const ROUNDS: usize = 9;
/// The most that the recorded loop may take, as a multiple of the loop to which nobody listens: on the virtual clock, as
/// headless runs do, and on the real one, where each poll reads the machine's clock once.
const LIMITS: [f64; 2] = [1.9, 2.4];
/// The most that ten moments to pause at may add to a recorded poll that concerns none of them.
const MOMENTS_LIMIT: f64 = 1.02;
/// How often two contenders run as a pair. Each run takes a few milliseconds, so that most pairs are disturbed by nothing.
const PAIRS: usize = 401;
/// The polls of a yield loop that is one of a pair.
const FEW_POLLS: u32 = 30_000;
/// The tasks of the run that concerns moments, and how often each waits for everything.
const FETCHES: u32 = 8;
const PAGES: u32 = 200;
/// Moments that a run is to pause at, none of which comes while a task yields.
const MOMENTS: [&str; 10] = [
    "gate full",
    "fetch-3 waits for gate",
    "the 4th fetch-* to wait for gate",
    "book held by clerk-2",
    "printed \"error*\"",
    "late by > 50 ms",
    "any task timer fires late",
    "queue length > 10 and not gate full",
    "any task waited > 1 s",
    "deadlock",
];

fn bare() {
    let executor = LocalExecutor::new();
    let task = executor.spawn(async {
        for _ in 0..POLLS {
            smol::future::yield_now().await;
        }
    });
    smol::future::block_on(executor.run(task));
}

fn ours(event_loop: EventLoop, polls: u32) {
    let result = event_loop.run(async move {
        for _ in 0..polls {
            yield_now().await;
        }
    });
    assert_eq!(result, Ok(()));
}

/// Tasks that wait for a semaphore, a timer, a lock and a queue: most of what happens concerns some moment.
fn fetches(event_loop: EventLoop) {
    let result = event_loop.run(async {
        let (gate, book) = (Semaphore::new("gate", 2), Lock::new("book"));
        let queue = Queue::bounded("queue", const { NonZeroU32::new(4).unwrap() });
        let fetches = (1..=FETCHES).map(|number| {
            let (gate, book, queue) = (gate.clone(), book.clone(), queue.clone());
            spawn(format!("fetch-{number}"), async move {
                for _ in 0..PAGES {
                    let permit = gate.acquire().await;
                    sleep(Duration::from_millis(10)).await;
                    drop(permit);
                    let _page = book.acquire().await;
                    queue.put(number).await;
                }
            })
        });
        let fetches = spawn("fetches", gather(fetches));
        for _ in 0..PAGES * FETCHES {
            queue.get().await;
        }
        fetches.await;
    });
    assert_eq!(result, Ok(()));
}

/// Follows the moments on the loop's thread, and never has it hold.
struct Looks(Watches);

impl Watcher for Looks {
    fn begin(&mut self) {}

    fn learn(&mut self, event: &Event) {
        self.0.learn(event);
    }

    fn kinds(&self) -> u64 {
        self.0.kinds()
    }

    fn look(&mut self, event: &Event) -> bool {
        self.0.push(event, |place, _| {
            black_box(place);
        });
        false
    }

    fn held(&mut self) {}
}

fn recorded() -> EventLoop {
    EventLoop::new().sink(Discard)
}

/// Recorded, with ten moments to pause at.
fn watched() -> EventLoop {
    let mut watches = Watches::default();
    for moment in MOMENTS {
        let moment: Moment = moment.parse().expect("a moment");
        watches.add(&moment);
    }
    // Like the control of a loop that was given none.
    let control = Control::new();
    control.set_speed(Speed::MAX);
    control.end_input();
    control.watch(Some(Box::new(Looks(watches))));
    recorded().control(control)
}

#[expect(clippy::disallowed_methods, reason = "a bench measures the machine's time")]
fn time(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// How many times as long a recorded run takes with ten moments to pause at as without. They run in pairs, one right after the
/// other, now this one first and now that one, so that what slows the machine for a while slows both; told is the median of
/// the pairs.
fn with_moments(run: impl Fn(EventLoop)) -> f64 {
    let time = |event_loop| time(|| run(event_loop));
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            if pair % 2 == 0 {
                let without = time(recorded());
                time(watched()) / without
            } else {
                let with = time(watched());
                with / time(recorded())
            }
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[PAIRS / 2]
}

fn main() -> ExitCode {
    let contenders: [(&str, fn()); 5] = [
        ("bare LocalExecutor", bare),
        ("EventLoop, virtual clock, no sink", || ours(EventLoop::new(), POLLS)),
        ("EventLoop, virtual clock, recorded", || ours(recorded(), POLLS)),
        ("EventLoop, real clock, no sink", || ours(EventLoop::new().clock(ClockKind::Real), POLLS)),
        ("EventLoop, real clock, recorded", || ours(recorded().clock(ClockKind::Real), POLLS)),
    ];
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        for ((_, run), times) in contenders.iter().zip(&mut times) {
            times.push(time(run));
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
    let moments = with_moments(|event_loop| ours(event_loop, FEW_POLLS));
    println!("ten moments against none, while a task yields: {moments:.3}×; the limit is {MOMENTS_LIMIT}");
    let concerned = with_moments(fetches);
    println!("ten moments against none, where most events concern some: {concerned:.3}×");
    let is_within = ratios.iter().zip(LIMITS).all(|(ratio, limit)| *ratio <= limit) && moments <= MOMENTS_LIMIT;
    if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
