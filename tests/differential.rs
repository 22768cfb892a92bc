//! The loop's order against CPython's: programs drawn at random run here and on asyncio with a virtual clock, and must
//! print the same lines at the same times.
//!
//! What a program may do: print, yield, sleep, compute, spawn, join, gather, hold a semaphore, use a queue.
//! `LOOPSCOPE_PROGRAMS` sets how many are tried, `LOOPSCOPE_SEED` tries one alone.

#[path = "support/outside.rs"]
mod outside;

use fastrand::Rng;
use libtest_mimic::Failed;
use loopscope::event::{Event, EventKind};
use loopscope::runtime::sync::{Queue, Semaphore};
use loopscope::runtime::{EventLoop, RunError, Task, busy, gather, now, say, sleep, spawn_local, yield_now};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::future::Future;
use std::io::{BufRead, BufReader, Write as _};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::process::{Command, ExitCode, Stdio};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn main() -> ExitCode {
    outside::main(vec![outside::test("random programs print what they print on asyncio", &["python3"], compare)])
}

/// Programs that are tried unless told otherwise.
const PROGRAMS: u64 = 10_000;
/// 1/512 s, which is a whole number of nanoseconds here and exact in a float there.
const UNIT: Duration = Duration::from_nanos(1_953_125);
/// The permits of the semaphores and the bounds of the queues that a program has; 0 is no bound.
const SEMAPHORES: [u32; 2] = [1, 2];
const QUEUES: [u32; 2] = [0, 3];

#[derive(Debug, Clone)]
enum Step {
    Say,
    Yield,
    Sleep(u32),
    Busy(u32),
    Spawn(usize),
    Join(usize),
    Gather(Vec<usize>),
    Hold(usize, Vec<Step>),
    Put(usize, u32),
    Get(usize),
}

/// The bodies of a program's tasks; the first is the main task's.
type Bodies = Vec<Vec<Step>>;

/// Draws a program. A body spawns only bodies of higher numbers, each once, so that programs end.
fn draw(rng: &mut Rng) -> Bodies {
    let count = rng.usize(2..10);
    let mut unspawned: Vec<usize> = (1..count).rev().collect();
    (0..count)
        .map(|body| {
            let mut open = Vec::new();
            let mut steps = draw_steps(rng, 0);
            for place in (0..=steps.len()).rev() {
                if unspawned.last().is_some_and(|next| *next > body) && rng.bool() {
                    let child = unspawned.pop().unwrap_or_default();
                    steps.insert(place, Step::Spawn(child));
                    open.push(child);
                }
            }
            rng.shuffle(&mut open);
            // What was spawned is joined, gathered, or left to itself.
            while let Some(child) = open.pop() {
                match rng.u8(0..4) {
                    0 => {}
                    1 => steps.push(Step::Join(child)),
                    2 => steps.push(Step::Say),
                    _ => {
                        let others = open.split_off(rng.usize(0..=open.len()));
                        steps.push(Step::Gather(std::iter::once(child).chain(others).collect()));
                    }
                }
            }
            steps.push(Step::Say);
            steps
        })
        .collect()
}

fn draw_steps(rng: &mut Rng, depth: u8) -> Vec<Step> {
    (0..rng.usize(0..10))
        .map(|_| match rng.u8(0..20) {
            0..5 => Step::Say,
            5..8 => Step::Yield,
            8..12 => Step::Sleep(rng.u32(0..5)),
            12..14 => Step::Busy(rng.u32(0..4)),
            14..17 if depth < 2 => {
                Step::Hold(rng.usize(usize::from(depth)..SEMAPHORES.len()), draw_steps(rng, depth + 1))
            }
            17 => Step::Get(rng.usize(0..QUEUES.len())),
            _ => Step::Put(rng.usize(0..QUEUES.len()), rng.u32(0..100)),
        })
        .collect()
}

/// A program as JSON.
fn json(bodies: &Bodies) -> String {
    let lists: Vec<String> = bodies.iter().map(|steps| json_steps(steps)).collect();
    format!("[{}]", lists.join(", "))
}

fn json_steps(steps: &[Step]) -> String {
    let steps: Vec<String> = steps
        .iter()
        .map(|step| match step {
            Step::Say => r#"["say"]"#.to_owned(),
            Step::Yield => r#"["yield"]"#.to_owned(),
            Step::Sleep(units) => format!(r#"["sleep", {units}]"#),
            Step::Busy(units) => format!(r#"["busy", {units}]"#),
            Step::Spawn(body) => format!(r#"["spawn", {body}]"#),
            Step::Join(body) => format!(r#"["join", {body}]"#),
            Step::Gather(bodies) => format!(r#"["gather", {bodies:?}]"#),
            Step::Hold(semaphore, inner) => format!(r#"["hold", {semaphore}, {}]"#, json_steps(inner)),
            Step::Put(queue, item) => format!(r#"["put", {queue}, {item}]"#),
            Step::Get(queue) => format!(r#"["get", {queue}]"#),
        })
        .collect();
    format!("[{}]", steps.join(", "))
}

/// What the tasks of a program share.
struct Shared {
    bodies: Bodies,
    semaphores: Vec<Semaphore>,
    queues: Vec<Queue<u32>>,
}

type Handles = RefCell<BTreeMap<usize, Task<()>>>;

async fn body(shared: Rc<Shared>, number: usize) {
    let handles = Handles::default();
    let steps = shared.bodies[number].clone();
    run_steps(&shared, number.to_string(), &steps, &handles).await;
    // On asyncio a task runs on when its handle is gone.
    handles.take().into_values().for_each(Task::detach);
}

fn run_steps<'a>(
    shared: &'a Rc<Shared>,
    name: String,
    steps: &'a [Step],
    handles: &'a Handles,
) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
    let take = |body: &usize| handles.borrow_mut().remove(body).expect("it was spawned, and is joined once");
    Box::pin(async move {
        for (number, step) in steps.iter().enumerate() {
            match step {
                Step::Say => say!("{name}:{number}"),
                Step::Yield => yield_now().await,
                Step::Sleep(units) => sleep(UNIT * *units).await,
                Step::Busy(units) => busy(UNIT * *units),
                Step::Spawn(child) => {
                    let task = spawn_local(child.to_string(), body(Rc::clone(shared), *child));
                    handles.borrow_mut().insert(*child, task);
                }
                Step::Join(child) => {
                    let task = take(child);
                    task.await;
                }
                Step::Gather(children) => {
                    let tasks: Vec<Task<()>> = children.iter().map(take).collect();
                    gather(tasks).await;
                }
                Step::Hold(semaphore, inner) => {
                    let _permit = shared.semaphores[*semaphore].acquire().await;
                    run_steps(shared, format!("{name}:{number}"), inner, handles).await;
                }
                Step::Put(queue, item) => shared.queues[*queue].put(*item).await,
                Step::Get(queue) => {
                    let item = shared.queues[*queue].get().await;
                    say!("{name}:{number} got {item}");
                }
            }
        }
    })
}

/// Runs a program here; its lines as asyncio's side prints them.
fn play(bodies: Bodies) -> Vec<String> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let events = Arc::clone(&events);
        move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
    };
    let result = EventLoop::new().sink(sink).run(async move {
        let queue = |bound: u32| match NonZeroU32::new(bound) {
            Some(bound) => Queue::bounded("queue", bound),
            None => Queue::unbounded("queue"),
        };
        let semaphores = SEMAPHORES.map(|permits| Semaphore::new("semaphore", permits)).to_vec();
        let shared = Rc::new(Shared { bodies, semaphores, queues: QUEUES.map(queue).to_vec() });
        body(shared, 0).await;
        now()
    });
    let units = |nanos: u64| nanos / UNIT.as_nanos() as u64;
    let events = std::mem::take(&mut *events.lock().unwrap());
    let end = events.last().map_or(0, |event| units(event.at.0));
    let mut lines: Vec<String> = events
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Printed { text, .. } => Some(format!("{} {text}", units(event.at.0))),
            _ => None,
        })
        .collect();
    lines.push(match result {
        Ok(_) => format!("{end} end"),
        Err(RunError::Deadlock { .. }) => format!("{end} deadlock"),
        Err(other) => format!("{end} {other}"),
    });
    lines
}

fn compare() -> Result<(), Failed> {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seeds = match number("LOOPSCOPE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("LOOPSCOPE_PROGRAMS").unwrap_or(PROGRAMS),
    };
    let mut asyncio = Command::new("python3")
        .arg("tests/asyncio_programs.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut programs = asyncio.stdin.take().ok_or("python3 has no input")?;
    let mut answers = BufReader::new(asyncio.stdout.take().ok_or("python3 has no output")?).lines();
    let (mut deadlocks, mut printed) = (0, 0);
    for seed in seeds.clone() {
        let bodies = draw(&mut Rng::with_seed(seed));
        writeln!(programs, "{}", json(&bodies))?;
        let mut expected = Vec::new();
        loop {
            let line = answers.next().ok_or_else(|| format!("asyncio's side ended at seed {seed}"))??;
            if line == "." {
                break;
            }
            expected.push(line);
        }
        let found = play(bodies.clone());
        deadlocks += usize::from(found.last().is_some_and(|line| line.ends_with("deadlock")));
        printed += found.len() - 1;
        if found != expected {
            return Err(difference(seed, &bodies, &found, &expected).into());
        }
    }
    drop(programs);
    asyncio.wait()?;
    println!("{} programs, {printed} lines, {deadlocks} deadlocks, 0 differences", seeds.end - seeds.start);
    Ok(())
}

fn difference(seed: u64, bodies: &Bodies, found: &[String], expected: &[String]) -> String {
    let mut text = format!("seed {seed} differs; run it alone with LOOPSCOPE_SEED={seed}\n");
    for (number, steps) in bodies.iter().enumerate() {
        writeln!(text, "task {number}: {steps:?}").unwrap();
    }
    let longest = found.len().max(expected.len());
    for line in 0..longest {
        let side = |lines: &[String]| lines.get(line).cloned().unwrap_or_default();
        let (here, there) = (side(found), side(expected));
        let sign = if here == there { ' ' } else { '≠' };
        writeln!(text, "{sign} {here:30} {there}").unwrap();
    }
    text
}
