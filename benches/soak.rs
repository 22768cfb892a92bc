//! Runs that never end, and a hundred in a row: nothing may grow that is not the record, and that has its bound.
//!
//! Each case has a process of its own, which reads from Linux what it takes: resident memory, threads and open files. In the
//! last third of a case they may be no more than in the second, memory within 5 % once it is more than it is with all the
//! events that may wait for their watcher. Each event is either kept or counted.
//!
//! `LOOPSCOPE_SECONDS` sets how long a case takes. A name as the argument runs that case alone. On other systems than Linux
//! nothing is measured.

use loopscope::event::{ClockKind, Event};
use loopscope::executor::{Executor, record};
use loopscope::runtime::net::{TcpListener, TcpStream};
use loopscope::runtime::{Speed, gather, quiet_task_panics, sleep, spawn, yield_now};
use loopscope::scenarios::{self, Params, Program, Scenario};
use loopscope::session::{Plan, Session, Start};
use std::fs;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// What a record may take, in bytes: so little that the bound is reached in the first third. A run that is faster than its
/// watcher may be some 60 MB ahead of it besides, and waits then.
const MEMORY: usize = 16 << 20;
/// How much more memory the last third may take than the second.
const GROWTH: f64 = 1.05;
/// Below this, in kB, a growth is that of the events that a busy machine has not taken in yet: they have their own bound, and
/// with it no case takes more.
const AHEAD: u64 = 100 << 10;
/// Open files more than these are growth: a connection that one side has closed and the other not yet is open, and each of
/// the 24 clients may have one.
const BETWEEN: u64 = 24;
/// Samples of a third.
const SAMPLES: u32 = 40;

static CASES: &[(&str, &Scenario)] = &[
    ("a workload that never ends", &Scenario::new("yields", "", |_| Program::on_loop(yields()))),
    ("10,000 tasks", &Scenario::new("tasks", "", |_| Program::on_loop(sleepers(10_000)))),
    ("a million timers and more", &Scenario::new("timers", "", |_| Program::on_loop(sleepers(500)))),
    ("a panic every 10 ms", &Scenario::new("panics", "", |_| Program::on_loop(panics()))),
    (
        "a web of clients and a server at full load",
        &Scenario { clock: ClockKind::Real, ..Scenario::new("server", "", |_| Program::on_loop(server())) },
    ),
    (
        "the lesson 'A server under load' at full load",
        &Scenario { clock: ClockKind::Real, ..Scenario::new("http-server", "", |_| Program::on_loop(lesson())) },
    ),
];
const RESTARTS: &str = "a hundred restarts";
const BLOCKED: &str = "two threads, of which a task blocks one";

async fn yields() {
    loop {
        yield_now().await;
    }
}

async fn sleepers(count: u64) {
    let tasks = (0..count).map(|number| {
        spawn(format!("sleeper-{number}"), async move {
            loop {
                sleep(Duration::from_micros(900 + number)).await;
            }
        })
    });
    gather(tasks).await;
}

async fn panics() {
    loop {
        spawn("bad", async { panic!("on purpose") }).detach();
        sleep(Duration::from_millis(10)).await;
    }
}

/// Each client connects anew for every hundred answers.
async fn server() {
    let listener = TcpListener::bind(([127, 0, 0, 1], 0)).await.expect("there is a free port");
    let address = listener.address();
    let clients = (0..24).map(|number| {
        spawn(format!("client-{number}"), async move {
            loop {
                let mut stream = TcpStream::connect(address).await.expect("the server listens");
                for _ in 0..100 {
                    stream.write_all(b"ping").await.expect("the server reads");
                    stream.read(&mut [0; 4]).await.expect("the server answers");
                }
            }
        })
    });
    spawn("clients", gather(clients)).detach();
    loop {
        let mut stream = listener.accept().await.expect("a client connects");
        let answer = async move {
            while stream.read(&mut [0; 4]).await.is_ok_and(|count| count > 0) {
                if stream.write_all(b"pong").await.is_err() {
                    break;
                }
            }
        };
        spawn("serves", answer).detach();
    }
}

/// What the lesson itself runs, with as many clients, requests and workers as it can be set to and no time between, again and
/// again in one run.
async fn lesson() {
    let lesson = scenarios::find("http-server").expect("it is in the course");
    let mut params = Params::defaults(lesson.params);
    for load in ["clients=24", "requests=12", "workers=24", "work=0"] {
        params.assign(load).expect("the lesson can be set so");
    }
    while let Program::EventLoop(main) = (lesson.program)(&params) {
        main.await;
    }
}

/// What the process takes.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    /// Resident memory, in kB.
    memory: u64,
    threads: u64,
    files: u64,
}

impl Taken {
    fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
        };
        let files = fs::read_dir("/proc/self/fd").map_or(0, |files| files.count() as u64);
        Self { memory: field("VmRSS:"), threads: field("Threads:"), files }
    }

    fn most(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            threads: self.threads.max(other.threads),
            files: self.files.max(other.files),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

fn start(scenario: &'static Scenario) -> Session {
    let plan = Plan { speed: Speed::MAX, memory: Some(MEMORY), ..Plan::new(scenario) };
    Session::start(plan, Start::Running, || {}).expect("the system gives a thread")
}

/// What a run takes in each third of its time, at most.
fn endless(scenario: &'static Scenario, third: Duration) -> ([Taken; 3], String) {
    let mut session = start(scenario);
    let mut told = 0;
    let thirds = [(); 3].map(|()| {
        let (begin, mut most) = (now(), Taken::default());
        let mut next = Duration::ZERO;
        while begin.elapsed() < third {
            assert!(session.pump_wait(), "it ended");
            let lines = session.record().output().iter().rev().take_while(|line| line.index >= told);
            lines.for_each(|line| assert!(!line.text.starts_with("failed"), "{}", line.text));
            told = session.record().log().len();
            if begin.elapsed() >= next {
                most = most.most(Taken::now());
                next += third / SAMPLES;
            }
        }
        most
    });
    session.stop();
    let record = session.record();
    let (all, first) = (record.log().len(), record.first());
    let counted: u64 = record.gaps().map(|gap| gap.events).sum();
    let kept = record.log().iter_from(first).count();
    assert!(first > 0, "the bound was not reached: only {all} events");
    assert_eq!(kept as u64 + counted, all as u64, "each event is kept or counted");
    (thirds, format!("{all} events, {kept} kept, {} lanes", record.lanes().len()))
}

/// What a hundred runs in a row take, each ended in its middle.
fn restarts() -> ([Taken; 3], String) {
    let scenarios = ["semaphore", "queue", "work-stealing", "http-server"].map(|id| scenarios::find(id).expect(id));
    let mut run = 0;
    let thirds = [33, 33, 34].map(|runs| {
        let mut most = Taken::default();
        for _ in 0..runs {
            let mut session = start(scenarios[run % scenarios.len()]);
            for _ in 0..5 {
                session.pump_wait();
            }
            drop(session);
            run += 1;
            most = most.most(Taken::now());
        }
        most
    });
    (thirds, format!("{run} runs"))
}

/// What the record of a program takes while a task blocks one of its two threads and the other runs tasks without end.
fn blocked(third: Duration) -> ([Taken; 3], String) {
    let told: Arc<AtomicU64> = Arc::default();
    let counted = Arc::clone(&told);
    let recording = record("blocked", move |chunk: &mut Vec<Event>| {
        counted.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        chunk.clear();
    });
    let executor: &'static Executor<'static> = Box::leak(Box::new(Executor::new()));
    for _ in 0..2 {
        let runs = || smol::block_on(executor.run(std::future::pending::<()>()));
        thread::Builder::new().spawn(runs).expect("a thread for the executor");
    }
    let (_never, forever) = mpsc::channel::<()>();
    executor.spawn(async move { assert!(forever.recv().is_ok(), "nobody sends") }).detach();
    executor
        .spawn(async {
            loop {
                executor.spawn(async {}).await;
            }
        })
        .detach();
    let thirds = [(); 3].map(|()| {
        let (mut most, before) = (Taken::default(), told.load(Ordering::Relaxed));
        for _ in 0..SAMPLES {
            thread::sleep(third / SAMPLES);
            most = most.most(Taken::now());
        }
        assert!(told.load(Ordering::Relaxed) > before, "nothing is told while a thread is blocked");
        most
    });
    drop(recording);
    (thirds, format!("{} events told", told.load(Ordering::Relaxed)))
}

/// Runs a case in this process; whether nothing grew.
fn case(name: &str, third: Duration) -> ExitCode {
    quiet_task_panics();
    let scenario = CASES.iter().find(|(case, _)| *case == name).map(|(_, scenario)| *scenario);
    let ([_, second, last], what) = match scenario {
        Some(scenario) => endless(scenario, third),
        None if name == BLOCKED => blocked(third),
        None => restarts(),
    };
    let growth = last.memory as f64 / second.memory.max(1) as f64;
    let is_flat = (growth <= GROWTH || last.memory < AHEAD)
        && last.threads <= second.threads
        && last.files <= second.files + BETWEEN;
    println!(
        "{name:44} {:4} MB {:+5.1} %, {} threads {:+}, {} files {:+}; {what}{}",
        last.memory >> 10,
        100.0 * (growth - 1.0),
        last.threads,
        last.threads as i64 - second.threads as i64,
        last.files,
        last.files as i64 - second.files as i64,
        if is_flat { "" } else { " <- GROWS" }
    );
    if is_flat { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    if !cfg!(target_os = "linux") {
        println!("not measured: this system has no /proc");
        return ExitCode::SUCCESS;
    }
    let seconds = std::env::var("LOOPSCOPE_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(24.0);
    let third = Duration::from_secs_f64(seconds / 3.0);
    // Cargo passes arguments of its own.
    if let Some(name) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        return case(&name, third);
    }
    let own = std::env::current_exe().expect("a program has a path");
    let names = CASES.iter().map(|(name, _)| *name).chain([RESTARTS, BLOCKED]);
    println!("{:44} resident memory, threads and open files in the last third, against the second", "");
    let failed = names.filter(|name| !Command::new(&own).arg(name).status().is_ok_and(|status| status.success()));
    let failed: Vec<&str> = failed.collect();
    println!("soak: {} cases, {} of them fail", CASES.len() + 2, failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
