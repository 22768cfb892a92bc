//! What the record costs against others who watch: the same workloads on the bare executor, on ours with and without a
//! record, and with a puffin scope or a `tracing` span around each poll; and console-subscriber on tokio against bare
//! tokio.
//!
//! The contenders of a workload take turns and their medians are compared, so that a busy machine slows all alike. The
//! first of each list is what the ratios are against. Run with `cargo run --release` in this folder; `-- spawning talking`
//! runs these two workloads alone.

use async_executor::{Executor as Bare, LocalExecutor as BareLocal};
use loopscope::event::{ClockKind, Discard};
use loopscope::executor::{Executor, LocalExecutor, record};
use loopscope::runtime::{self, EventLoop, Smol};
use smol::future::{block_on, yield_now};
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;

/// Something that runs a workload once.
type Contender<'a> = (&'a str, Box<dyn Fn() + 'a>);

/// Runs the contenders in turn and prints their medians, for each of `units` pieces of work.
fn compare(workload: &str, units: u32, contenders: Vec<Contender<'_>>) {
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, run), times) in contenders.iter().zip(&mut times) {
            let start = Instant::now();
            run();
            times.push(start.elapsed().as_secs_f64());
        }
    }
    println!("\n{workload}, {units} times, median of {ROUNDS} rounds");
    let medians: Vec<f64> = times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[ROUNDS / 2]
        })
        .collect();
    for ((name, _), median) in contenders.iter().zip(&medians) {
        println!("  {name:44} {:8.1} ns {:6.2}×", median * 1e9 / f64::from(units), median / medians[0]);
    }
}

/// Runs `f` while the executors of the stand-in are recorded.
fn recorded(f: impl FnOnce()) {
    let _recording = record("anchors", Discard);
    f();
}

/// A future that is polled inside of something.
struct Around<F, E>(Pin<Box<F>>, E);

impl<F: Future, E: Fn(&mut dyn FnMut()) + Unpin> Future for Around<F, E> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self(future, enter) = &mut *self;
        let mut poll = Poll::Pending;
        enter(&mut || poll = future.as_mut().poll(cx));
        poll
    }
}

fn in_puffin(poll: &mut dyn FnMut()) {
    puffin::profile_scope!("poll");
    poll();
}

fn in_span(poll: &mut dyn FnMut()) {
    let span = tracing::info_span!("poll");
    let _entered = span.enter();
    poll();
}

async fn yields(count: u32) {
    for _ in 0..count {
        yield_now().await;
    }
}

fn yielding() {
    const COUNT: u32 = 500_000;
    let puffin = || {
        puffin::set_scopes_on(true);
        let ex = BareLocal::new();
        let task = ex.spawn(Around(
            Box::pin(async {
                for number in 0..COUNT {
                    yield_now().await;
                    if number % 10_000 == 0 {
                        puffin::GlobalProfiler::lock().new_frame();
                    }
                }
            }),
            in_puffin,
        ));
        block_on(ex.run(task));
        puffin::set_scopes_on(false);
    };
    let local = || {
        let ex = LocalExecutor::new();
        let task = ex.spawn(yields(COUNT));
        block_on(ex.run(task));
    };
    let ours = |run: EventLoop| {
        run.run(async {
            for _ in 0..COUNT {
                runtime::yield_now().await;
            }
        })
        .expect("the loop runs to its end");
    };
    compare(
        "A yield",
        COUNT,
        vec![
            (
                "bare LocalExecutor",
                Box::new(|| {
                    let ex = BareLocal::new();
                    let task = ex.spawn(yields(COUNT));
                    block_on(ex.run(task));
                }),
            ),
            ("stand-in, nobody listens", Box::new(local)),
            ("stand-in, recorded", Box::new(move || recorded(local))),
            ("EventLoop, virtual clock, nobody listens", Box::new(move || ours(EventLoop::new()))),
            ("EventLoop, virtual clock, recorded", Box::new(move || ours(EventLoop::new().sink(Discard)))),
            (
                "EventLoop, real clock, recorded",
                Box::new(move || ours(EventLoop::new().clock(ClockKind::Real).sink(Discard))),
            ),
            ("bare, a puffin scope around each poll", Box::new(puffin)),
            (
                "bare, a tracing span around each poll",
                Box::new(|| {
                    let subscriber = tracing_subscriber::registry();
                    tracing::subscriber::with_default(subscriber, || {
                        let ex = BareLocal::new();
                        let task = ex.spawn(Around(Box::pin(yields(COUNT)), in_span));
                        block_on(ex.run(task));
                    });
                }),
            ),
        ],
    );
}

fn spawning() {
    const COUNT: u32 = 100_000;
    let stand_in = || {
        let ex = LocalExecutor::new();
        block_on(ex.run(async {
            for number in 0..COUNT {
                ex.spawn(async move { number }).await;
            }
        }));
    };
    let ours = |run: EventLoop| {
        run.run(async {
            for number in 0..COUNT {
                runtime::spawn("task", async move { number }).await;
            }
        })
        .expect("the loop runs to its end");
    };
    compare(
        "A spawn and a join",
        COUNT,
        vec![
            (
                "bare LocalExecutor",
                Box::new(|| {
                    let ex = BareLocal::new();
                    block_on(ex.run(async {
                        for number in 0..COUNT {
                            ex.spawn(async move { number }).await;
                        }
                    }));
                }),
            ),
            ("stand-in, nobody listens", Box::new(stand_in)),
            ("stand-in, recorded", Box::new(move || recorded(stand_in))),
            ("EventLoop, virtual clock, nobody listens", Box::new(move || ours(EventLoop::new()))),
            ("EventLoop, virtual clock, recorded", Box::new(move || ours(EventLoop::new().sink(Discard)))),
        ],
    );
}

async fn ping_pong(first: async_channel::Receiver<u32>, second: async_channel::Sender<u32>) {
    while let Ok(number) = first.recv().await {
        if second.send(number).await.is_err() {
            return;
        }
    }
}

fn talking() {
    const COUNT: u32 = 100_000;
    async fn play(ping: async_channel::Sender<u32>, pong: async_channel::Receiver<u32>) {
        for number in 0..COUNT {
            ping.send(number).await.expect("the other side listens");
            assert_eq!(pong.recv().await, Ok(number));
        }
    }
    let stand_in = || {
        let ex = LocalExecutor::new();
        let ((ping, at_ping), (pong, at_pong)) = (async_channel::bounded(1), async_channel::bounded(1));
        ex.spawn(ping_pong(at_ping, pong)).detach();
        let task = ex.spawn(play(ping, at_pong));
        block_on(ex.run(task));
    };
    let ours = |run: EventLoop| {
        run.run(async {
            let ((ping, at_ping), (pong, at_pong)) = (async_channel::bounded(1), async_channel::bounded(1));
            runtime::spawn("pong", ping_pong(at_ping, pong)).detach();
            play(ping, at_pong).await;
        })
        .expect("the loop runs to its end");
    };
    compare(
        "A ping and a pong",
        COUNT,
        vec![
            (
                "bare LocalExecutor",
                Box::new(|| {
                    let ex = BareLocal::new();
                    let ((ping, at_ping), (pong, at_pong)) = (async_channel::bounded(1), async_channel::bounded(1));
                    ex.spawn(ping_pong(at_ping, pong)).detach();
                    let task = ex.spawn(play(ping, at_pong));
                    block_on(ex.run(task));
                }),
            ),
            ("stand-in, nobody listens", Box::new(stand_in)),
            ("stand-in, recorded", Box::new(move || recorded(stand_in))),
            ("EventLoop, virtual clock, nobody listens", Box::new(move || ours(EventLoop::new()))),
            ("EventLoop, virtual clock, recorded", Box::new(move || ours(EventLoop::new().sink(Discard)))),
        ],
    );
}

fn timing() {
    const COUNT: u32 = 20_000;
    let micros = |number: u32| Duration::from_micros(u64::from(number % 1000));
    compare(
        "A timer among many",
        COUNT,
        vec![
            (
                "bare LocalExecutor, smol::Timer",
                Box::new(move || {
                    let ex = BareLocal::new();
                    let tasks: Vec<_> = (0..COUNT)
                        .map(|number| ex.spawn(async move { smol::Timer::after(micros(number)).await }))
                        .collect();
                    smol::block_on(ex.run(async {
                        for task in tasks {
                            task.await;
                        }
                    }));
                }),
            ),
            (
                "EventLoop, real clock, recorded, sleep",
                Box::new(move || {
                    EventLoop::new()
                        .clock(ClockKind::Real)
                        .sink(Discard)
                        .run(async move {
                            let tasks: Vec<_> = (0..COUNT)
                                .map(|number| runtime::spawn("timer", runtime::sleep(micros(number))))
                                .collect();
                            runtime::gather(tasks).await;
                        })
                        .expect("the loop runs to its end");
                }),
            ),
            (
                "EventLoop, virtual clock, recorded, sleep",
                Box::new(move || {
                    EventLoop::new()
                        .sink(Discard)
                        .run(async move {
                            let tasks: Vec<_> = (0..COUNT)
                                .map(|number| runtime::spawn("timer", runtime::sleep(micros(number))))
                                .collect();
                            runtime::gather(tasks).await;
                        })
                        .expect("the loop runs to its end");
                }),
            ),
        ],
    );
}

fn storming() {
    const TASKS: u32 = 2_000;
    const YIELDS: u32 = 50;
    let storm = |spawn: &dyn Fn(u32), run: &(dyn Fn() + Sync)| {
        for number in 0..TASKS {
            spawn(number);
        }
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(run);
            }
        });
    };
    let bare = move || {
        let ex = Bare::new();
        storm(&|_| ex.spawn(yields(YIELDS)).detach(), &|| {
            block_on(ex.run(async {
                while !ex.is_empty() {
                    yield_now().await;
                }
            }));
        });
    };
    let observed = move || {
        let ex = Executor::new();
        storm(&|_| ex.spawn(yields(YIELDS)).detach(), &|| {
            block_on(ex.run(async {
                while !ex.is_empty() {
                    yield_now().await;
                }
            }));
        });
    };
    compare(
        "A yield on four threads",
        TASKS * YIELDS,
        vec![
            ("bare Executor", Box::new(bare)),
            ("stand-in, nobody listens", Box::new(observed)),
            ("stand-in, recorded", Box::new(move || recorded(observed))),
            (
                "Smol, recorded",
                Box::new(|| {
                    Smol::new(NonZeroUsize::new(4).expect("four"))
                        .sink(Discard)
                        .run(async {
                            let tasks: Vec<_> = (0..TASKS)
                                .map(|_| {
                                    runtime::spawn("task", async {
                                        for _ in 0..YIELDS {
                                            runtime::yield_now().await;
                                        }
                                    })
                                })
                                .collect();
                            runtime::gather(tasks).await;
                        })
                        .expect("the executor runs to its end");
                }),
            ),
        ],
    );
}

fn on_tokio() {
    const COUNT: u32 = 200_000;
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a tokio runtime");
        runtime.block_on(async {
            tokio::spawn(async {
                for _ in 0..COUNT {
                    tokio::task::yield_now().await;
                }
            })
            .await
            .expect("the task ends");
        });
    };
    compare(
        "A yield on tokio",
        COUNT,
        vec![
            ("bare tokio", Box::new(run)),
            (
                "console-subscriber",
                Box::new(move || {
                    use tracing_subscriber::prelude::*;
                    let (layer, _server) = console_subscriber::ConsoleLayer::builder().build();
                    let subscriber = tracing_subscriber::registry().with(layer);
                    tracing::subscriber::with_default(subscriber, run);
                }),
            ),
        ],
    );
}

fn main() {
    let workloads: [(&str, fn()); 6] = [
        ("yielding", yielding),
        ("spawning", spawning),
        ("talking", talking),
        ("timing", timing),
        ("storming", storming),
        ("on-tokio", on_tokio),
    ];
    // Those that are named, or all.
    let named: Vec<String> = std::env::args().skip(1).collect();
    for (name, run) in workloads {
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            run();
        }
    }
}
