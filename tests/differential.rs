//! The loop's order against CPython's: programs drawn at random run here and on asyncio with a virtual clock, and must
//! print the same lines at the same times.
//!
//! What a program may do: print, yield, sleep, compute, spawn, join, gather, wait, cancel, fail, give up after a time,
//! hold a semaphore or a lock, use a queue, an event, a condition.
//! `LOOPSCOPE_PROGRAMS` sets how many are tried, `LOOPSCOPE_SEED` tries one alone.

#[path = "support/outside.rs"]
mod outside;

use fastrand::Rng;
use libtest_mimic::Failed;
use loopscope::event::{Event, EventKind};
use loopscope::runtime::sync::{Condition, Event as AsyncEvent, Lock, Queue, Semaphore};
use loopscope::runtime::{
    EventLoop, RunError, Task, Waited, When, busy, say, sleep, spawn_local, timeout, try_gather, wait, yield_now,
};
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
/// How many locks (the deeper one holds, the higher their number) and events there are.
const LOCKS: usize = 2;
const EVENTS: usize = 2;

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
    Lock(usize, Vec<Step>),
    Set(usize),
    Clear(usize),
    WaitSet(usize),
    /// Takes the condition's lock and waits to be notified.
    WaitNotified,
    /// Takes the condition's lock and wakes that many.
    Notify(usize),
    /// Gives the steps so long.
    Timeout(u32, Vec<Step>),
    /// Waits for the first, or for all, and tells how many are done then.
    Wait(When, Vec<usize>),
    Cancel(usize),
    /// Raises an error.
    Fail,
    Put(usize, u32),
    Get(usize),
}

/// The bodies of a program's tasks; the first is the main task's.
type Bodies = Vec<Vec<Step>>;

/// What the steps being drawn stand in.
#[derive(Debug, Clone, Copy)]
struct Inside {
    depth: u8,
    /// Whether they may be dropped half way.
    can_end: bool,
}

impl Inside {
    const BODY: Self = Self { depth: 0, can_end: false };
    const LEAF: Self = Self { depth: 0, can_end: true };

    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

/// Draws a program. A body spawns only bodies of higher numbers, each once, so that programs end.
///
/// Two things are left out, for on asyncio they take turns of their own that dropping a future does not: a cancelled
/// task that awaits a task cancels that one first and waits for its end, and a cancelled wait at a condition takes the
/// lock again. So only leaves, which spawn nothing, are cancelled, and nothing that can end half way waits at a
/// condition.
fn draw(rng: &mut Rng) -> Bodies {
    let count = rng.usize(2..10);
    let leaves: Vec<bool> = (0..count).map(|body| body > 0 && rng.u8(0..3) > 0).collect();
    let mut unspawned: Vec<usize> = (1..count).rev().collect();
    let mut bodies = Vec::new();
    for (body, is_leaf) in leaves.iter().enumerate() {
        let mut steps = draw_steps(rng, if *is_leaf { Inside::LEAF } else { Inside::BODY });
        let mut open = Vec::new();
        for place in (0..=steps.len()).rev() {
            if !is_leaf && unspawned.last().is_some_and(|next| *next > body) && rng.bool() {
                let child = unspawned.pop().unwrap_or_default();
                steps.insert(place, Step::Spawn(child));
                open.push(child);
            }
        }
        rng.shuffle(&mut open);
        close(rng, &mut steps, open, &leaves);
        steps.push(Step::Say);
        bodies.push(steps);
    }
    bodies
}

/// Adds what becomes of the tasks that were spawned: joined, gathered, waited for, cancelled, or left to themselves.
fn close(rng: &mut Rng, steps: &mut Vec<Step>, mut open: Vec<usize>, leaves: &[bool]) {
    while let Some(child) = open.pop() {
        let mut some = |rng: &mut Rng| {
            let others = open.split_off(rng.usize(0..=open.len()));
            std::iter::once(child).chain(others).collect()
        };
        match rng.u8(0..8) {
            0 => {}
            1 => steps.push(Step::Join(child)),
            2..4 if leaves[child] => {
                steps.extend(draw_steps(rng, Inside::LEAF.deeper()));
                steps.push(Step::Cancel(child));
            }
            2..5 => steps.push(Step::Gather(some(rng))),
            _ => {
                let when = if rng.bool() { When::First } else { When::All };
                steps.push(Step::Wait(when, some(rng)));
            }
        }
    }
}

fn draw_steps(rng: &mut Rng, inside: Inside) -> Vec<Step> {
    let depth = usize::from(inside.depth);
    (0..rng.usize(0..10))
        .map(|_| match rng.u8(0..32) {
            0..5 => Step::Say,
            5..8 => Step::Yield,
            8..12 => Step::Sleep(rng.u32(0..5)),
            12..14 => Step::Busy(rng.u32(0..4)),
            14..17 if depth < 2 => Step::Hold(rng.usize(depth..SEMAPHORES.len()), draw_steps(rng, inside.deeper())),
            17 => Step::Get(rng.usize(0..QUEUES.len())),
            18..21 if depth < 2 => Step::Lock(depth, draw_steps(rng, inside.deeper())),
            21..24 => Step::Set(rng.usize(0..EVENTS)),
            24 => Step::Clear(rng.usize(0..EVENTS)),
            25 => Step::WaitSet(rng.usize(0..EVENTS)),
            26 if !inside.can_end && rng.bool() => Step::WaitNotified,
            27 if rng.u8(0..3) == 0 => Step::Fail,
            27 => Step::Notify(rng.usize(0..3)),
            28..31 if depth < 2 => {
                let steps = draw_steps(rng, Inside { can_end: true, ..inside.deeper() });
                Step::Timeout(rng.u32(0..6), steps)
            }
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
            Step::Lock(lock, inner) => format!(r#"["lock", {lock}, {}]"#, json_steps(inner)),
            Step::Set(event) => format!(r#"["set", {event}]"#),
            Step::Clear(event) => format!(r#"["clear", {event}]"#),
            Step::WaitSet(event) => format!(r#"["wait set", {event}]"#),
            Step::WaitNotified => r#"["wait notified"]"#.to_owned(),
            Step::Timeout(units, inner) => format!(r#"["timeout", {units}, {}]"#, json_steps(inner)),
            Step::Wait(when, bodies) => format!(r#"["wait", "{when:?}", {bodies:?}]"#),
            Step::Fail => r#"["fail"]"#.to_owned(),
            Step::Cancel(body) => format!(r#"["cancel", {body}]"#),
            Step::Notify(count) => format!(r#"["notify", {count}]"#),
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
    locks: Vec<Lock>,
    events: Vec<AsyncEvent>,
    condition: Condition,
}

/// A task has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TaskFailed;

type Outcome = Result<(), TaskFailed>;
type Handles = RefCell<BTreeMap<usize, Task<Outcome>>>;

async fn body(shared: Rc<Shared>, number: usize) -> Outcome {
    let handles = Handles::default();
    let steps = shared.bodies[number].clone();
    let outcome = run_steps(&shared, number.to_string(), &steps, &handles).await;
    // On asyncio a task runs on when its handle is gone.
    handles.take().into_values().for_each(Task::detach);
    outcome
}

fn run_steps<'a>(
    shared: &'a Rc<Shared>,
    name: String,
    steps: &'a [Step],
    handles: &'a Handles,
) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> {
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
                    task.await?;
                }
                Step::Gather(children) => {
                    let tasks: Vec<Task<Outcome>> = children.iter().map(take).collect();
                    try_gather(tasks).await?;
                }
                Step::Fail => return Err(TaskFailed),
                Step::Cancel(child) => drop(take(child)),
                Step::Wait(when, children) => {
                    let tasks: Vec<Task<Outcome>> = children.iter().map(take).collect();
                    let Waited { done, pending } = wait(tasks, *when).await;
                    say!("{name}:{number} {} done", done.len());
                    pending.into_iter().for_each(Task::detach);
                }
                Step::Timeout(units, inner) => {
                    let inner = run_steps(shared, format!("{name}:{number}"), inner, handles);
                    match timeout(UNIT * *units, inner).await {
                        Ok(outcome) => outcome?,
                        Err(_) => say!("{name}:{number} timed out"),
                    }
                }
                Step::Hold(semaphore, inner) => {
                    let _permit = shared.semaphores[*semaphore].acquire().await;
                    run_steps(shared, format!("{name}:{number}"), inner, handles).await?;
                }
                Step::Lock(lock, inner) => {
                    let _guard = shared.locks[*lock].acquire().await;
                    run_steps(shared, format!("{name}:{number}"), inner, handles).await?;
                }
                Step::Set(event) => shared.events[*event].set(),
                Step::Clear(event) => shared.events[*event].clear(),
                Step::WaitSet(event) => shared.events[*event].wait().await,
                Step::WaitNotified => {
                    let guard = shared.condition.lock().acquire().await;
                    let _guard = shared.condition.wait(guard).await;
                    say!("{name}:{number} notified");
                }
                Step::Notify(count) => {
                    let guard = shared.condition.lock().acquire().await;
                    shared.condition.notify(&guard, *count);
                }
                Step::Put(queue, item) => shared.queues[*queue].put(*item).await,
                Step::Get(queue) => {
                    let item = shared.queues[*queue].get().await;
                    say!("{name}:{number} got {item}");
                }
            }
        }
        Ok(())
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
        let shared = Rc::new(Shared {
            bodies,
            semaphores,
            queues: QUEUES.map(queue).to_vec(),
            locks: (0..LOCKS).map(|_| Lock::new("lock")).collect(),
            events: (0..EVENTS).map(|_| AsyncEvent::new("event")).collect(),
            condition: Condition::new("condition", &Lock::new("its lock")),
        });
        body(shared, 0).await
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
        Ok(Ok(())) => format!("{end} end"),
        Ok(Err(TaskFailed)) => format!("{end} failed"),
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
