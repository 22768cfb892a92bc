//! Records of real runs, as long as one likes.

use loopscope::event::{ClockKind, Event, ScenarioRun};
use loopscope::runtime::sync::Queue;
use loopscope::runtime::{EventLoop, busy, sleep, spawn, yield_now};
use loopscope::trace::Record;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Tasks of a run, unless it is about many of them.
pub(crate) const LANES: u32 = 64;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Work {
    /// Every task gives up its turn again and again, on the real clock.
    Yields,
    /// Pairs of tasks pass items on through a bounded queue, sleep and compute, on the virtual clock.
    Mixed,
}

impl Work {
    /// Runs until there are so many events.
    async fn main(self, lanes: u32, enough: impl Fn() -> bool + Clone + Send + 'static) {
        for task in 0..lanes {
            let enough = enough.clone();
            match self {
                Self::Yields => spawn(format!("task-{task}"), async move {
                    while !enough() {
                        yield_now().await;
                    }
                })
                .detach(),
                Self::Mixed if task % 2 == 0 => {
                    let queue = Queue::bounded("queue", std::num::NonZeroU32::MIN.saturating_add(3));
                    let items = queue.clone();
                    spawn(format!("producer-{task}"), async move {
                        for number in 0.. {
                            busy(Duration::from_micros(20));
                            items.put(number).await;
                            sleep(Duration::from_micros(u64::from(task) * 7 + 100)).await;
                        }
                    })
                    .detach();
                    spawn(format!("consumer-{task}"), async move {
                        loop {
                            queue.get().await;
                            busy(Duration::from_micros(10));
                            yield_now().await;
                        }
                    })
                    .detach();
                }
                Self::Mixed => {}
            }
        }
        while !enough() {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The record of a run (which says that it is of a lesson, so that the window shows it as one), and how long it took to take its events in.
pub(crate) fn record(work: Work, events: usize, lanes: u32) -> (Record, Duration) {
    let taken = Arc::new(Mutex::new((Record::default(), Duration::ZERO)));
    let len = {
        let taken = Arc::clone(&taken);
        move || taken.lock().map_or(0, |taken| taken.0.log().len())
    };
    let sink = {
        let taken = Arc::clone(&taken);
        move |chunk: &mut Vec<Event>| {
            let Ok(mut taken) = taken.lock() else { return };
            let start = now();
            chunk.drain(..).for_each(|event| taken.0.push(event));
            taken.1 += start.elapsed();
        }
    };
    let clock = if work == Work::Yields { ClockKind::Real } else { ClockKind::Virtual };
    let run = EventLoop::new().clock(clock).title("bench").sink(sink);
    let run = run.scenario(ScenarioRun { id: "say-hello".into(), params: Vec::new() });
    run.run(work.main(lanes, move || len() >= events)).expect("the bench's own run ends");
    let taken = Arc::into_inner(taken).expect("the run is over");
    taken.into_inner().expect("the sink does not panic")
}

#[expect(clippy::disallowed_methods, reason = "a bench measures the machine's time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
