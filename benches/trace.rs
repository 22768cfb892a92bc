//! What the record costs to keep and to ask: taking events in, the state at any instant, the drawn columns of a lane.
//!
//! The events are those of real runs. Figures depend on the machine; what must hold is printed as a ratio within one run.
//! `LOOPSCOPE_EVENTS` sets how many events there are.

#[path = "support/work.rs"]
mod work;

use loopscope::event::{ClockKind, Event, Nanos};
use loopscope::moment::{Marks, Moment};
use loopscope::runtime::{EventLoop, gather, sleep, spawn, yield_now};
use loopscope::scenarios::{Bounds, Param, Program, Scenario};
use loopscope::session::{Plan, Session, Start, search};
use loopscope::trace::{Record, RunPhase, Series, Stats, file};
use std::ffi::OsStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use work::{LANES, Work, now, record};

/// Times `f` so many times: the median, the 95th percentile and the worst.
fn times(count: usize, mut f: impl FnMut(&mut fastrand::Rng)) -> [Duration; 3] {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let start = now();
            f(&mut rng);
            start.elapsed()
        })
        .collect();
    times.sort();
    [times[count / 2], times[count * 95 / 100], times[count - 1]]
}

/// The resident memory of this process, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}

/// One frame's columns: 64 lanes over the whole time, or a part of it.
fn frame(record: &Record, start: Nanos, end: Nanos) -> usize {
    let shown = record.lanes().iter().take(LANES as usize);
    shown.map(|lane| lane.columns(start, end, 600, record.log().end()).len()).sum()
}

/// 40 zooms: the median frame.
fn zooms(record: &Record) -> Duration {
    let end = record.log().end();
    times(40, |rng| {
        let length = end.0 >> rng.u32(0..20);
        let start = rng.u64(0..=end.0 - length);
        std::hint::black_box(frame(record, Nanos(start), Nanos(start + length)));
    })[0]
}

fn measure(name: &str, work: Work, events: usize) {
    let small = record(work, events / 100, LANES).0;
    let before = resident();
    let (big, took) = record(work, events, LANES);
    let (events, polls) = (big.log().len(), big.edge().polls);
    let bytes = resident().saturating_sub(before);
    println!("\n{name}: {events} events, {polls} polls, {} lanes", big.lanes().len());
    println!("  taken in: {:.1} ns an event", took.as_nanos() as f64 / events as f64);
    let per = |count: usize| bytes as f64 / count as f64;
    println!("  memory: {:.1} bytes a poll, {:.1} bytes an event", per(polls), per(events));
    let [median, _, worst] = times(300, |rng| {
        std::hint::black_box(big.state_at(rng.usize(0..events)));
    });
    println!("  the state at a random event: median {median:?}, worst {worst:?}");
    let [median, _, worst] = times(300, |rng| {
        std::hint::black_box(big.log().index_after(Nanos(rng.u64(0..big.log().end().0))));
    });
    println!("  the event at a random time: median {median:?}, worst {worst:?}");
    let [median, late, _] = times(40, |_| {
        std::hint::black_box(frame(&big, Nanos::ZERO, big.log().end()));
    });
    println!("  600 columns of 64 lanes, the whole run: median {median:?}, 95 % below {late:?}");
    let (mut series, start) = (Series::default(), now());
    big.log().iter_from(0).for_each(|event| series.learn(&event));
    let taken = start.elapsed();
    let [median, _, worst] = times(40, |_| {
        std::hint::black_box(series.columns(Nanos::ZERO, big.log().end(), 1000, big.log().end()));
    });
    println!(
        "  series of what goes on: {:.1} ns an event with reading the log, {:.1} bytes a poll, 1000 columns in {median:?}, at worst {worst:?}",
        taken.as_nanos() as f64 / events as f64,
        series.size() as f64 / polls as f64,
    );
    let (of_big, of_small) = (zooms(&big), zooms(&small));
    let ratio = of_big.as_secs_f64() / of_small.as_secs_f64();
    println!("  at 40 zooms: median {of_big:?}, {ratio:.2}× that of a hundredth of the events");
}

/// What a task costs that has ended.
fn finished_tasks(count: u32) {
    let before = resident();
    let taken = Arc::new(Mutex::new(Record::default()));
    let sink = {
        let taken = Arc::clone(&taken);
        move |chunk: &mut Vec<Event>| {
            let Ok(mut record) = taken.lock() else { return };
            chunk.drain(..).for_each(|event| record.push(event));
        }
    };
    let run = EventLoop::new().title("bench").sink(sink);
    let main = async move {
        for number in 0..count {
            spawn(format!("task-{number}"), sleep(Duration::from_millis(1))).await;
        }
    };
    run.run(main).expect("the bench's own run ends");
    let record = taken.lock().expect("the sink does not panic");
    let bytes = resident().saturating_sub(before);
    println!(
        "\n{count} tasks that slept once and ended: {:.0} bytes each, {:.0} of them the record's own count",
        bytes as f64 / f64::from(count),
        record.size() as f64 / f64::from(count)
    );
}

fn many_lanes(events: usize) {
    let (few, many) = (record(Work::Mixed, events, LANES).0, record(Work::Mixed, events, 10_000).0);
    let ratio = zooms(&many).as_secs_f64() / zooms(&few).as_secs_f64();
    println!("\n64 of {} lanes at 40 zooms: {ratio:.2}× those of {}", many.lanes().len(), few.lanes().len());
    let [median, _, worst] = times(100, |rng| {
        std::hint::black_box(many.state_at(rng.usize(0..many.log().len())));
    });
    println!("the state of {} tasks at a random event: median {median:?}, worst {worst:?}", many.lanes().len());
}

/// A saved record read back, in a process of its own: how fast, and how much memory for how much file.
fn reopened(events: usize) {
    let path = std::env::temp_dir().join(format!("loopscope-bench-{}.loopscope", std::process::id()));
    let saved = record(Work::Mixed, events, LANES).0;
    file::save(&saved, &path).expect("the folder for temporary files can be written");
    drop(saved);
    let program = std::env::current_exe().expect("a program knows where it is");
    let done = std::process::Command::new(program).args([OsStr::new("open"), path.as_os_str()]).status();
    drop(std::fs::remove_file(&path));
    assert!(done.is_ok_and(|status| status.success()), "reading failed");
}

fn open(path: &str) {
    let size = std::fs::metadata(path).map_or(0, |found| found.len());
    let (before, start) = (resident(), now());
    let input = std::fs::File::open(path).expect("it was written");
    let opened = file::read(std::io::BufReader::new(input)).expect("it is whole");
    let (took, bytes) = (start.elapsed(), resident().saturating_sub(before));
    let events = opened.record.log().len();
    println!(
        "\na file of {events} events, {:.1} bytes each, opened: {took:?}, {:.0} ns an event, {} MB, {:.2}× its size in memory",
        size as f64 / events as f64,
        took.as_nanos() as f64 / events as f64,
        bytes >> 20,
        bytes as f64 / size as f64
    );
}

/// Tasks that yield as often as they can for so many events, watched live: what comes through, and how fast.
fn live(events: usize) {
    static YIELDS: Scenario = Scenario {
        clock: ClockKind::Real,
        params: &[Param {
            name: "polls",
            label: "polls of each task",
            bounds: Bounds::Count { min: 1, max: u32::MAX, default: 1 },
        }],
        ..Scenario::new("yields", "Yields", |params| {
            let polls = params.count("polls");
            Program::on_loop(async move {
                let yields = (0..LANES).map(|task| {
                    spawn(format!("task-{task}"), async move {
                        for _ in 0..polls {
                            yield_now().await;
                        }
                    })
                });
                gather(yields).await;
            })
        })
    };
    let mut plan = Plan::new(&YIELDS);
    plan.params.assign(&format!("polls={}", events / 3 / LANES as usize)).expect("a number of polls");
    let start = now();
    let mut session = Session::start(plan, Start::Running, || {}).expect("a thread");
    while session.pump_wait() {}
    let (took, record) = (start.elapsed(), session.record());
    let (count, lost) = (record.log().len(), Stats::of(record).lost);
    let whole = matches!(record.edge().phase, RunPhase::Ended(_)) && record.edge().polls > events / 3;
    let rate = count as f64 / took.as_secs_f64() / 1e6;
    println!("\nlive: {count} events in {took:?}, {rate:.2} million a second; lost: {lost}; whole: {whole}");
}

/// How long it takes to look through a record for moments that never come.
fn moments(events: usize) {
    println!();
    for (name, work) in [("yields", Work::Yields), ("queues and sleeps", Work::Mixed)] {
        let record = record(work, events, LANES).0;
        let start = now();
        record.log().iter_from(0).for_each(|event| drop(std::hint::black_box(event)));
        let (read, count) = (start.elapsed(), record.log().len());
        println!("{name}: {count} events, read in {read:?}");
        for moment in
            ["gate full", "task-3 waits for gate", "printed \"error*\"", "ready > 1000", "any task waited > 60 min"]
        {
            let moment: Moment = moment.parse().expect("a moment");
            let start = now();
            let found = search(&record, &moment, &Marks::default(), 0);
            println!("  looked through for {moment}: {:?}, found {found:?}", start.elapsed());
        }
    }
}

/// What is measured, given how many events there are.
type Part = fn(usize);

/// Each part runs in a process of its own, so that memory that another gave back does not hide what it takes.
const PARTS: &[(&str, Part)] = &[
    ("yields", |events| measure("yields on the real clock", Work::Yields, events)),
    ("mixed", |events| measure("queues and sleeps on the virtual clock", Work::Mixed, events)),
    ("lanes", many_lanes),
    ("tasks", |_| finished_tasks(100_000)),
    ("file", reopened),
    ("moments", |events| moments(events.max(10_000_000))),
    ("live", |events| live(events.max(10_000_000))),
];

fn main() {
    let events = std::env::var("LOOPSCOPE_EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_000_000);
    if let [_, open_, path, ..] = std::env::args().collect::<Vec<_>>().as_slice()
        && open_ == "open"
    {
        return open(path);
    }
    let asked = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let program = std::env::current_exe().expect("a program knows where it is");
    for (name, part) in PARTS {
        match &asked {
            Some(asked) if asked == name => part(events),
            Some(_) => {}
            None => {
                let done = std::process::Command::new(&program).arg(name).status();
                assert!(done.is_ok_and(|status| status.success()), "the part {name} failed");
            }
        }
    }
}
