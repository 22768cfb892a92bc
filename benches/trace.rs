//! What the record costs to keep and to ask: taking events in, the state at any instant, the drawn columns of a lane.
//!
//! Figures depend on the machine; what must hold is printed as a ratio within one run. `LOOPSCOPE_EVENTS` sets how many
//! events there are.

use loopscope::event::{ClockKind, EnqueueCause, Event, EventKind, Nanos, PollOutcome, SiteId, TaskId, WorkerId};
use loopscope::trace::Record;
use std::time::{Duration, Instant};

const LANES: u32 = 64;

/// Polls of 64 tasks in turn, each enqueued, polled and given back: three events, three spans.
fn event(number: u64) -> Event {
    let poll = number / 3;
    let task = TaskId((poll % u64::from(LANES)) as u32);
    let (at, kind) = match number % 3 {
        0 => (poll * 300, EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(None) }),
        1 => (poll * 300 + 100, EventKind::PollStarted { task }),
        _ => (poll * 300 + 250, EventKind::PollEnded { task, outcome: PollOutcome::Pending }),
    };
    Event { at: Nanos(at), worker: WorkerId(0), kind }
}

fn record(events: u64) -> (Record, Duration) {
    let mut record = Record::default();
    let kind = EventKind::RunStarted { clock: ClockKind::Real, seed: 0, title: "bench".into() };
    record.push(Event { at: Nanos::ZERO, worker: WorkerId(0), kind });
    for task in 0..LANES {
        let kind = EventKind::TaskSpawned { task: TaskId(task), parent: None, name: "task".into(), site: SiteId(0) };
        record.push(Event { at: Nanos::ZERO, worker: WorkerId(0), kind });
    }
    let start = now();
    (0..events).for_each(|number| record.push(event(number)));
    (record, start.elapsed())
}

#[expect(clippy::disallowed_methods, reason = "a bench measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

/// Times `f` for each of `count` inputs: the median and the worst.
fn times(count: usize, mut f: impl FnMut(&mut fastrand::Rng)) -> (Duration, Duration) {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let start = now();
            f(&mut rng);
            start.elapsed()
        })
        .collect();
    times.sort();
    (times[count / 2], times[count - 1])
}

/// The resident memory of this process, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}

/// One frame's columns: all lanes over the whole time, or a part of it.
fn frame(record: &Record, start: Nanos, end: Nanos) -> usize {
    record.lanes().iter().map(|lane| lane.columns(start, end, 600, record.log().end()).len()).sum()
}

fn main() {
    let events = std::env::var("LOOPSCOPE_EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_000_000);
    let small = record(events / 100).0;
    let before = resident();
    let (big, took) = record(events);
    let (polls, bytes) = (events / 3, resident() - before);
    println!("{events} events in {LANES} lanes");
    println!("taken in: {:.1} ns an event", took.as_nanos() as f64 / events as f64);
    println!(
        "memory: {:.0} bytes a poll, {:.0} bytes an event",
        bytes as f64 / polls as f64,
        bytes as f64 / events as f64
    );

    let (median, worst) = times(300, |rng| {
        let at = rng.usize(0..big.log().len());
        std::hint::black_box(big.state_at(at));
    });
    println!("the state at a random event: median {median:?}, worst {worst:?}");

    let zooms = |record: &Record| {
        let end = record.log().end();
        times(40, |rng| {
            let length = end.0 >> rng.u32(0..20);
            let start = rng.u64(0..=end.0 - length);
            std::hint::black_box(frame(record, Nanos(start), Nanos(start + length)));
        })
    };
    let fit = times(20, |_| {
        std::hint::black_box(frame(&big, Nanos::ZERO, big.log().end()));
    });
    println!("columns of all lanes, the whole run: median {:?}, worst {:?}", fit.0, fit.1);
    let (of_big, of_small) = (zooms(&big).0, zooms(&small).0);
    let ratio = of_big.as_secs_f64() / of_small.as_secs_f64();
    println!("columns at 40 zooms: median {of_big:?}; {ratio:.2}× those of a hundredth of the events");
}
