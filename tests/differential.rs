//! The loop's order against CPython's: programs drawn at random run here and on asyncio with a virtual clock, and must
//! print the same lines at the same times.
//!
//! What a program may do: print, yield, sleep, compute, spawn, join, gather, wait, cancel, shield, fail, give up after a
//! time, run a task group, hold a semaphore or a lock, use queues, an event, a condition, a barrier, read a stream, wait
//! for a job on another thread, and print when a block is left. [`SETS`] says which programs do what.
//!
//! | variable | sets |
//! |---|---|
//! | `LOOPSCOPE_PROGRAMS` | how many programs of each set are tried |
//! | `LOOPSCOPE_SEED` | the one program that is tried |
//! | `LOOPSCOPE_PYTHON` | the interpreter that they are compared with, `python3` unless told |
//!
//! The reference is CPython 3.11, from 3.11.7 on. What later versions do otherwise is pinned at the head of
//! `tests/asyncio_programs.py`, so that they show no difference either.

#[path = "support/outside.rs"]
mod outside;

use fastrand::Rng;
use futures_core::Stream;
use libtest_mimic::Failed;
use loopscope::event::{DropCause, Event, EventKind, Nanos, TaskId};
use loopscope::runtime::sync::{Barrier, Condition, Event as AsyncEvent, Lock, Queue, Semaphore};
use loopscope::runtime::{
    EventLoop, GroupError, RunError, Task, TaskGroup, Waited, When, busy, for_each, gather, generate, next, say,
    shield, sleep, spawn_blocking, spawn_local, task_group, timeout, try_gather, wait, yield_now,
};
use loopscope::trace::check;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::future::Future;
use std::io::{BufRead, BufReader, Write as _};
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::process::{Command, ExitCode, Stdio};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn main() -> ExitCode {
    let version = minor_version();
    let tests = SETS.map(|(name, features)| {
        let name = format!("random programs print what they print on asyncio: {name}");
        match version {
            Some(11..) => outside::test(name, &[], move || compare(features)),
            Some(_) => outside::lacking(name, "asyncio has no task groups and timeouts before 3.11"),
            None => outside::lacking(name, format!("not there: {}", python())),
        }
    });
    std::panic::set_hook(Box::new(|info| {
        // A group that refuses a task panics, as a wait for none does, and the program says so.
        let refusals = ["the group is ", "there is no task to wait for"];
        let is_refusal = info.payload_as_str().is_some_and(|text| refusals.iter().any(|why| text.contains(why)));
        if !is_refusal {
            eprintln!("{info}");
        }
    }));
    outside::main(tests.into())
}

/// The interpreter to compare with.
fn python() -> String {
    std::env::var("LOOPSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The interpreter's version behind `3.`; none if it does not run.
fn minor_version() -> Option<u32> {
    let print = "import sys; print(sys.version_info.minor)";
    let output = Command::new(python()).args(["-c", print]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Programs that are tried unless told otherwise.
const PROGRAMS: u64 = 5_000;
/// 1/512 s, which is a whole number of nanoseconds here and exact in a float there.
const UNIT: Duration = Duration::from_nanos(1_953_125);
/// The permits of the semaphores and the bounds of the queues that a program has; 0 is no bound.
const SEMAPHORES: [u32; 2] = [1, 2];
const QUEUES: [(&str, u32); 4] = [("fifo", 0), ("fifo", 3), ("lifo", 0), ("priority", 2)];
/// How many tasks meet at the barrier.
const PARTIES: NonZeroU32 = NonZeroU32::new(2).unwrap();
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
    Shield(usize),
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
    /// Runs the bodies in a task group, beside the steps.
    Group(Vec<usize>, Vec<Step>),
    /// Waits for the first, the first that fails, or all, and tells how many are done then.
    Wait(&'static str, Vec<usize>),
    Cancel(usize),
    /// Raises an error.
    Fail,
    Put(usize, u32),
    Get(usize),
    /// Waits until every item that was put is done with.
    AllDone(usize),
    Meet,
    /// Prints when the steps are left, whichever way.
    Finally(Vec<Step>),
    /// Waits for no task at all, which is refused.
    WaitForNone,
    /// Waits for a job on another thread that takes so long.
    Job(u32),
    /// Holds the condition's lock during the steps.
    Condition(Vec<Step>),
    /// Gathers the tasks, also where some fail, and tells how many did.
    Outcomes(Vec<usize>),
    /// Spawns the bodies as tasks that do not fail, and gathers them.
    GatherSure(Vec<usize>),
    /// Cancels the task and waits for its end.
    CancelAndWait(usize),
    /// Spawns a body into the group that was made last, if it takes it.
    Into(usize),
    /// Reads so many items from a stream over a queue, which sleeps that long before each, and runs the steps for each.
    Stream {
        queue: usize,
        items: u32,
        sleep: Option<u32>,
        inner: Vec<Step>,
    },
    /// Reads such a stream and prints its items.
    ForEach {
        queue: usize,
        items: u32,
        sleep: Option<u32>,
    },
}

/// The bodies of a program's tasks; the first is the main task's.
type Bodies = Vec<Vec<Step>>;

/// What the programs of a set may do, beside printing, yielding, sleeping, computing, spawning and joining.
#[derive(Debug, Clone, Copy)]
struct Features {
    /// Gather, wait, fail.
    groups: bool,
    /// Semaphores, locks, queues, events, a condition.
    shared: bool,
    /// Cancel, give up after a time, shield.
    ends: bool,
    /// Task groups.
    structured: bool,
    /// What the set is about: about a third of the steps.
    special: &'static [Special],
    /// How deep blocks may lie in blocks.
    depth: usize,
}

/// What a set is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Special {
    /// Gathers of outcomes, and of tasks that cannot fail.
    Outcomes,
    /// Timeouts in groups in timeouts, and errors in them.
    Counts,
    /// Waits for a condition, a lock, a semaphore, a barrier, a queue that are cancelled more than once.
    Twice,
    /// Spawning into a group that may be over.
    Late,
    /// Streams over queues.
    Streams,
    /// Waiting for the end of a task that one cancels.
    CancelAndWait,
    /// Jobs on other threads.
    Jobs,
}

const PLAIN: Features =
    Features { groups: false, shared: false, ends: false, structured: false, special: &[], depth: 2 };
const GROUPS: Features = Features { groups: true, ..PLAIN };
const ENDS: Features = Features { ends: true, ..GROUPS };
const EVERYTHING: Features = Features { shared: true, structured: true, ..ENDS };
const DEEP: Features = Features { depth: 4, ..ENDS };

const SETS: [(&str, Features); 15] = [
    ("spawn and join", PLAIN),
    ("gather and wait", GROUPS),
    ("what tasks share", Features { shared: true, ..GROUPS }),
    ("cancel and time out", ENDS),
    ("task groups", Features { structured: true, ..ENDS }),
    ("everything", EVERYTHING),
    ("gathers that are cancelled", Features { special: &[Special::Outcomes], ..DEEP }),
    ("counts of cancellations", Features { structured: true, special: &[Special::Counts], ..DEEP }),
    ("shared things cancelled twice", Features { shared: true, special: &[Special::Twice], ..DEEP }),
    ("late members", Features { structured: true, special: &[Special::Late], ..DEEP }),
    ("streams over queues", Features { shared: true, special: &[Special::Streams], ..DEEP }),
    ("ends of cancelled tasks", Features { special: &[Special::CancelAndWait], ..DEEP }),
    (
        "ends of cancelled tasks that share",
        Features { special: &[Special::CancelAndWait, Special::Twice], shared: true, ..DEEP },
    ),
    ("jobs", Features { structured: true, special: &[Special::Jobs], ..DEEP }),
    (
        "everything, deeper",
        Features {
            shared: true,
            structured: true,
            special: &[
                Special::Outcomes,
                Special::Counts,
                Special::Twice,
                Special::Late,
                Special::Streams,
                Special::CancelAndWait,
                Special::Jobs,
            ],
            ..DEEP
        },
    ),
];

/// Draws programs.
struct Drawer<'a> {
    rng: &'a mut Rng,
    features: Features,
    /// The body being drawn, and how many there are.
    body: usize,
    bodies: usize,
    /// Bodies that nobody spawns yet, the lowest number last.
    unspawned: Vec<usize>,
}

/// Draws a program. A body spawns only bodies of higher numbers, each once, so that programs end.
fn draw(rng: &mut Rng, features: Features) -> Bodies {
    let count = if features.special.is_empty() { rng.usize(2..10) } else { rng.usize(2..14) };
    let mut drawer = Drawer { rng, features, body: 0, bodies: count, unspawned: (1..count).rev().collect() };
    (0..count)
        .map(|body| {
            drawer.body = body;
            let mut steps = drawer.block(0);
            steps.push(Step::Say);
            steps
        })
        .collect()
}

impl Drawer<'_> {
    /// A body for the block to spawn.
    fn child(&mut self) -> Option<usize> {
        if self.unspawned.last().is_some_and(|next| *next > self.body) { self.unspawned.pop() } else { None }
    }

    /// Steps, with tasks spawned among them and what becomes of those.
    fn block(&mut self, depth: usize) -> Vec<Step> {
        let longest = if self.features.special.is_empty() { 8 } else { 8 / (depth + 1) };
        let mut steps: Vec<Step> = (0..self.rng.usize(0..longest.max(3))).map(|_| self.step(depth)).collect();
        let mut open = Vec::new();
        for place in (0..=steps.len()).rev() {
            if self.rng.u8(0..10) < 4
                && let Some(child) = self.child()
            {
                steps.insert(place, Step::Spawn(child));
                open.push(child);
            }
        }
        self.rng.shuffle(&mut open);
        self.close(&mut steps, open, depth);
        steps
    }

    /// Adds what becomes of the tasks that were spawned: joined, gathered, waited for, cancelled, or left to themselves.
    fn close(&mut self, steps: &mut Vec<Step>, mut open: Vec<usize>, depth: usize) {
        let Features { groups, ends, .. } = self.features;
        while let Some(child) = open.pop() {
            let mut some = |rng: &mut Rng| {
                let others = open.split_off(rng.usize(0..=open.len()));
                std::iter::once(child).chain(others).collect()
            };
            match self.rng.u8(0..10) {
                0 => {}
                1..6 if self.is_about(Special::CancelAndWait) => {
                    if depth < 3 {
                        let count = self.rng.usize(0..3);
                        steps.extend((0..count).map(|_| self.step(depth + 1)));
                    }
                    steps.push(Step::CancelAndWait(child));
                }
                1..5 if self.is_about(Special::Outcomes) => steps.push(Step::Outcomes(some(self.rng))),
                1..3 => steps.push(Step::Join(child)),
                3..5 if ends => {
                    if depth < 3 {
                        let count = self.rng.usize(0..4);
                        steps.extend((0..count).map(|_| self.step(depth + 1)));
                    }
                    steps.push(Step::Cancel(child));
                }
                5 if ends => steps.push(Step::Shield(child)),
                6..8 if groups => steps.push(Step::Gather(some(self.rng))),
                8.. if groups => {
                    let when = ["First", "FirstException", "All"][self.rng.usize(0..3)];
                    steps.push(Step::Wait(when, some(self.rng)));
                }
                _ => steps.push(Step::Join(child)),
            }
        }
    }

    fn is_about(&mut self, special: Special) -> bool {
        let count = self.features.special.len();
        self.features.special.contains(&special) && self.rng.usize(0..count) == 0
    }

    /// A few bodies that nobody spawns yet.
    fn children(&mut self) -> Vec<usize> {
        (0..self.rng.usize(0..4)).filter_map(|_| self.child()).collect()
    }

    fn timeout(&mut self, depth: usize) -> Step {
        Step::Timeout(self.rng.u32(0..6), self.block(depth + 1))
    }

    /// A step of what the set is about.
    fn special(&mut self, special: Special, depth: usize) -> Option<Step> {
        let is_deep = depth >= self.features.depth;
        Some(match (special, self.rng.u8(0..8)) {
            (_, 0..2) if is_deep => Step::Sleep(self.rng.u32(0..5)),
            (_, 0) => Step::Finally(self.block(depth + 1)),
            (_, 1) => self.timeout(depth),
            (Special::Outcomes, 2..4) => Step::GatherSure(self.children()),
            (Special::Outcomes, 4..7) if !is_deep && self.body + 1 < self.bodies => {
                // Of what is gathered something takes a turn or more to leave.
                let (mut steps, children) = (vec![Step::Sleep(self.rng.u32(0..2))], self.children());
                steps.splice(0..0, children.iter().map(|child| Step::Spawn(*child)));
                steps.push(match self.rng.u8(0..3) {
                    0 => Step::Gather(children),
                    1 => Step::Outcomes(children),
                    _ => Step::GatherSure(self.children()),
                });
                Step::Timeout(self.rng.u32(0..4), steps)
            }
            (Special::Counts | Special::Late, 2..4) if !is_deep => {
                let children = self.children();
                Step::Group(children, self.block(depth + 1))
            }
            (Special::Counts, 4) if !is_deep => {
                Step::Timeout(self.rng.u32(0..4), vec![Step::Timeout(self.rng.u32(0..4), self.block(depth + 1))])
            }
            (Special::Counts, 5) if depth > 0 => Step::Fail,
            (Special::Late, 4..7) => Step::Into(self.child()?),
            (Special::Twice, 2) if !is_deep => Step::Condition(self.block(depth + 1)),
            (Special::Twice, 3) if !is_deep => {
                let wait = match self.rng.u8(0..6) {
                    0..3 => Step::WaitNotified,
                    3 => Step::Meet,
                    4 => Step::Get(self.rng.usize(0..QUEUES.len())),
                    _ => Step::Lock(depth.min(LOCKS - 1), vec![Step::Sleep(1)]),
                };
                Step::Timeout(self.rng.u32(0..6), vec![Step::Timeout(self.rng.u32(0..6), vec![wait])])
            }
            (Special::Twice, 4) => Step::WaitNotified,
            (Special::Twice, 5) => Step::Notify(self.rng.usize(1..3)),
            (Special::Twice, 6) => Step::Meet,
            (Special::Twice, 7) if !is_deep => Step::Condition(vec![Step::Sleep(self.rng.u32(1..5))]),
            (Special::Streams, 2..5) if !is_deep => {
                let (queue, items) = (self.rng.usize(0..QUEUES.len()), self.rng.u32(1..4));
                let sleep = self.rng.bool().then(|| self.rng.u32(0..3));
                if self.rng.bool() {
                    Step::ForEach { queue, items, sleep }
                } else {
                    // The steps are run again and again, and a body only once: it is not spawned among them.
                    let unspawned = std::mem::take(&mut self.unspawned);
                    let inner = self.block(depth + 1);
                    self.unspawned = unspawned;
                    Step::Stream { queue, items, sleep, inner }
                }
            }
            (Special::Jobs, 2) => Step::Sleep(self.rng.u32(0..5)),
            (Special::Jobs, 3..6) => Step::Job(self.rng.u32(0..5)),
            (Special::Jobs, 6) => Step::Timeout(self.rng.u32(0..5), vec![Step::Job(self.rng.u32(0..5)), Step::Say]),
            (Special::Streams, 5..7) => Step::Put(self.rng.usize(0..QUEUES.len()), self.rng.u32(0..100)),
            _ => return None,
        })
    }

    fn step(&mut self, depth: usize) -> Step {
        if !self.features.special.is_empty()
            && self.rng.u8(0..3) == 0
            && let Some(step) = {
                let special = self.features.special[self.rng.usize(0..self.features.special.len())];
                self.special(special, depth)
            }
        {
            return step;
        }
        let Features { groups, shared, ends, structured, depth: deepest, .. } = self.features;
        match self.rng.u8(0..40) {
            0..6 => Step::Say,
            6..10 => Step::Yield,
            10..15 => Step::Sleep(self.rng.u32(0..5)),
            15..17 => Step::Busy(self.rng.u32(0..4)),
            17 if groups && self.rng.bool() => Step::Fail,
            17 if groups && self.rng.bool() => Step::WaitForNone,
            18..21 if ends && depth < deepest => self.timeout(depth),
            21..24 if structured && depth < deepest => {
                let children = self.children();
                Step::Group(children, self.block(depth + 1))
            }
            24..27 if shared && depth < deepest => {
                let semaphore = self.rng.usize(depth.min(SEMAPHORES.len() - 1)..SEMAPHORES.len());
                Step::Hold(semaphore, self.block(depth + 1))
            }
            27..30 if shared && depth < deepest => Step::Lock(depth.min(LOCKS - 1), self.block(depth + 1)),
            30 if shared && self.rng.u8(0..4) == 0 => Step::Meet,
            30 if shared && self.rng.u8(0..4) == 0 => Step::AllDone(self.rng.usize(0..QUEUES.len())),
            30 if shared => Step::Get(self.rng.usize(0..QUEUES.len())),
            31..33 if shared => Step::Put(self.rng.usize(0..QUEUES.len()), self.rng.u32(0..100)),
            33..36 if shared => Step::Set(self.rng.usize(0..EVENTS)),
            36 if shared && self.rng.bool() => Step::Clear(self.rng.usize(0..EVENTS)),
            37 if shared => Step::WaitSet(self.rng.usize(0..EVENTS)),
            38 if shared && self.rng.bool() => Step::WaitNotified,
            38..40 if shared => Step::Notify(self.rng.usize(1..3)),
            _ => Step::Say,
        }
    }
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
            Step::Group(bodies, inner) => format!(r#"["group", {bodies:?}, {}]"#, json_steps(inner)),
            Step::Shield(body) => format!(r#"["shield", {body}]"#),
            Step::Wait(when, bodies) => format!(r#"["wait", "{when}", {bodies:?}]"#),
            Step::WaitForNone => r#"["wait for none"]"#.to_owned(),
            Step::Job(units) => format!(r#"["job", {units}]"#),
            Step::Fail => r#"["fail"]"#.to_owned(),
            Step::Cancel(body) => format!(r#"["cancel", {body}]"#),
            Step::Notify(count) => format!(r#"["notify", {count}]"#),
            Step::Put(queue, item) => format!(r#"["put", {queue}, {item}]"#),
            Step::Get(queue) => format!(r#"["get", {queue}]"#),
            Step::AllDone(queue) => format!(r#"["all done", {queue}]"#),
            Step::Meet => r#"["meet"]"#.to_owned(),
            Step::Finally(inner) => format!(r#"["finally", {}]"#, json_steps(inner)),
            Step::Condition(inner) => format!(r#"["condition", {}]"#, json_steps(inner)),
            Step::Outcomes(bodies) => format!(r#"["outcomes", {bodies:?}]"#),
            Step::GatherSure(bodies) => format!(r#"["gather sure", {bodies:?}]"#),
            Step::CancelAndWait(body) => format!(r#"["cancel and wait", {body}]"#),
            Step::Into(body) => format!(r#"["into", {body}]"#),
            Step::Stream { queue, items, sleep, inner } => {
                format!(r#"["stream", {queue}, {items}, {}, {}]"#, json_length(*sleep), json_steps(inner))
            }
            Step::ForEach { queue, items, sleep } => {
                format!(r#"["for each", {queue}, {items}, {}]"#, json_length(*sleep))
            }
        })
        .collect();
    format!("[{}]", steps.join(", "))
}

fn json_length(units: Option<u32>) -> String {
    units.map_or_else(|| "null".to_owned(), |units| units.to_string())
}

/// What the tasks of a program share.
struct Shared {
    bodies: Bodies,
    semaphores: Vec<Semaphore>,
    queues: Vec<Queue<u32>>,
    locks: Vec<Lock>,
    events: Vec<AsyncEvent>,
    condition: Condition,
    barrier: Barrier,
    /// The one that was made last.
    group: RefCell<Option<TaskGroup<TaskFailed>>>,
}

/// Prints when it is dropped.
struct Finally(String);

impl Drop for Finally {
    fn drop(&mut self) {
        say!("{} left", self.0);
    }
}

/// A task has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TaskFailed;

type Outcome = Result<(), TaskFailed>;

/// The tasks that a body has spawned. On asyncio a task runs on when its handle is gone.
#[derive(Default)]
struct Handles(RefCell<BTreeMap<usize, Task<Outcome>>>);

impl Drop for Handles {
    fn drop(&mut self) {
        self.0.take().into_values().for_each(Task::detach);
    }
}

async fn body(shared: Rc<Shared>, number: usize) -> Outcome {
    let handles = Handles::default();
    let steps = shared.bodies[number].clone();
    run_steps(&shared, number.to_string(), &steps, &handles).await
}

fn run_steps<'a>(
    shared: &'a Rc<Shared>,
    name: String,
    steps: &'a [Step],
    handles: &'a Handles,
) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> {
    let take = |body: &usize| handles.0.borrow_mut().remove(body).expect("it was spawned, and is joined once");
    Box::pin(async move {
        for (number, step) in steps.iter().enumerate() {
            match step {
                Step::Say => say!("{name}:{number}"),
                Step::Yield => yield_now().await,
                Step::Sleep(units) => sleep(UNIT * *units).await,
                Step::Busy(units) => busy(UNIT * *units),
                Step::Spawn(child) => {
                    let task = spawn_local(child.to_string(), body(Rc::clone(shared), *child));
                    handles.0.borrow_mut().insert(*child, task);
                }
                Step::Join(child) => {
                    let task = take(child);
                    task.await?;
                }
                Step::Gather(children) => {
                    let tasks: Vec<Task<Outcome>> = children.iter().map(take).collect();
                    try_gather(tasks).await?;
                }
                Step::Group(children, inner) => {
                    let ended = task_group(|group| {
                        shared.group.replace(Some(group.clone()));
                        for child in children {
                            group.spawn_local(child.to_string(), body(Rc::clone(shared), *child));
                        }
                        run_steps(shared, format!("{name}:{number}"), inner, handles)
                    });
                    if let Err(GroupError(errors)) = ended.await {
                        say!("{name}:{number} {} failed", errors.len());
                    }
                }
                Step::Shield(child) => {
                    let task = take(child);
                    shield(task).await?;
                }
                Step::Fail => return Err(TaskFailed),
                Step::Cancel(child) => drop(take(child)),
                Step::Wait(when, children) => {
                    let tasks: Vec<Task<Outcome>> = children.iter().map(take).collect();
                    let when = match *when {
                        "First" => When::First,
                        "FirstException" => When::FirstException(Result::is_err),
                        _ => When::All,
                    };
                    let Waited { done, pending } = wait(tasks, when).await;
                    say!("{name}:{number} {} done", done.len());
                    pending.into_iter().for_each(Task::detach);
                }
                Step::WaitForNone => {
                    let refused = catch_unwind(|| drop(wait::<()>([], When::First))).is_err();
                    say!("{name}:{number} {}", if refused { "refused" } else { "waits" });
                }
                Step::Job(units) => {
                    let length = UNIT * *units;
                    spawn_blocking("job", move || busy(length)).await;
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
                Step::Finally(inner) => {
                    let _finally = Finally(format!("{name}:{number}"));
                    run_steps(shared, format!("{name}:{number}"), inner, handles).await?;
                }
                Step::Condition(inner) => {
                    let _guard = shared.condition.lock().acquire().await;
                    run_steps(shared, format!("{name}:{number}"), inner, handles).await?;
                }
                Step::Outcomes(children) => {
                    let tasks: Vec<Task<Outcome>> = children.iter().map(take).collect();
                    let failed = gather(tasks).await.into_iter().filter(Result::is_err).count();
                    say!("{name}:{number} {failed} failed");
                }
                Step::GatherSure(children) => {
                    let sure = |child: &usize| {
                        let body = body(Rc::clone(shared), *child);
                        spawn_local(child.to_string(), async move { _ = body.await })
                    };
                    let tasks: Vec<Task<()>> = children.iter().map(sure).collect();
                    gather(tasks).await;
                    say!("{name}:{number} gathered");
                }
                Step::CancelAndWait(child) => {
                    let task = take(child);
                    match task.cancel().await {
                        None => say!("{name}:{number} cancelled"),
                        Some(Ok(())) => say!("{name}:{number} ended"),
                        Some(Err(TaskFailed)) => say!("{name}:{number} failed"),
                    }
                }
                Step::Into(child) => {
                    let group = shared.group.borrow().clone();
                    let spawned = group.is_some_and(|group| {
                        let late = body(Rc::clone(shared), *child);
                        catch_unwind(AssertUnwindSafe(|| group.spawn_local(child.to_string(), late))).is_ok()
                    });
                    say!("{name}:{number} {}", if spawned { "accepted" } else { "refused" });
                }
                Step::Stream { queue, items, sleep, inner } => {
                    let mut items = pin!(stream(shared, *queue, *items, *sleep));
                    while let Some(item) = next("items", &mut items).await {
                        say!("{name}:{number} item {item}");
                        run_steps(shared, format!("{name}:{number}"), inner, handles).await?;
                    }
                }
                Step::ForEach { queue, items, sleep } => {
                    let items = stream(shared, *queue, *items, *sleep);
                    for_each("items", items, async |item| say!("{name}:{number} item {item}")).await;
                }
                Step::AllDone(queue) => shared.queues[*queue].join().await,
                Step::Meet => {
                    let place = shared.barrier.wait().await;
                    say!("{name}:{number} met as {place}");
                }
                Step::Put(queue, item) => shared.queues[*queue].put(*item).await,
                Step::Get(queue) => {
                    let item = shared.queues[*queue].get().await;
                    say!("{name}:{number} got {item}");
                    shared.queues[*queue].task_done();
                }
            }
        }
        Ok(())
    })
}

/// Items of a queue, each after a sleep or none.
fn stream(shared: &Rc<Shared>, queue: usize, items: u32, length: Option<u32>) -> impl Stream<Item = u32> + use<> {
    let queue = shared.queues[queue].clone();
    generate("items", move |out| async move {
        for _ in 0..items {
            if let Some(units) = length {
                sleep(UNIT * units).await;
            }
            let item = queue.get().await;
            queue.task_done();
            out.give(item).await;
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
        let queue = |(order, bound)| match (order, NonZeroU32::new(bound)) {
            ("fifo", Some(bound)) => Queue::bounded("queue", bound),
            ("lifo", bound) => Queue::last_in_first_out("queue", bound),
            ("priority", bound) => Queue::priority("queue", bound),
            _ => Queue::unbounded("queue"),
        };
        let semaphores = SEMAPHORES.map(|permits| Semaphore::new("semaphore", permits)).to_vec();
        let shared = Rc::new(Shared {
            bodies,
            semaphores,
            queues: QUEUES.map(queue).to_vec(),
            locks: (0..LOCKS).map(|_| Lock::new("lock")).collect(),
            events: (0..EVENTS).map(|_| AsyncEvent::new("event")).collect(),
            condition: Condition::new("condition", &Lock::new("its lock")),
            barrier: Barrier::new("barrier", PARTIES),
            group: RefCell::default(),
        });
        body(shared, 0).await
    });
    let units = |nanos: u64| nanos / UNIT.as_nanos() as u64;
    let events = std::mem::take(&mut *events.lock().unwrap());
    let end = events.last().map_or(0, |event| units(event.at.0));
    let violations = check(&events);
    assert!(violations.is_empty(), "{violations:#?}");
    let mut lines: Vec<String> = printed(events).map(|(at, text)| format!("{} {text}", units(at.0))).collect();
    lines.push(match result {
        Ok(Ok(())) => format!("{end} end"),
        Ok(Err(TaskFailed)) => format!("{end} failed"),
        Err(RunError::Deadlock { .. }) => format!("{end} deadlock"),
        Err(other) => format!("{end} {other}"),
    });
    lines
}

/// The lines of a record, without those of tasks that were dropped because the run was over.
fn printed(events: Vec<Event>) -> impl Iterator<Item = (Nanos, Arc<str>)> {
    let mut lines: Vec<(Option<TaskId>, Nanos, Arc<str>)> = Vec::new();
    let mut polled = None;
    let mut outside_of_polls = Vec::new();
    for Event { at, kind, .. } in events {
        match kind {
            EventKind::PollStarted { task } => polled = Some(task),
            EventKind::PollEnded { .. } => polled = None,
            EventKind::Printed { task, text, .. } => {
                if polled != task {
                    outside_of_polls.push(lines.len());
                }
                lines.push((task, at, text));
            }
            EventKind::TaskDropped { task, cause: DropCause::RunEnded } => {
                while let Some(line) = outside_of_polls.pop_if(|line| lines[*line].0 == Some(task)) {
                    lines[line].2 = "".into();
                }
            }
            _ => {}
        }
    }
    lines.into_iter().filter(|(.., text)| !text.is_empty()).map(|(_, at, text)| (at, text))
}

fn compare(features: Features) -> Result<(), Failed> {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seeds = match number("LOOPSCOPE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("LOOPSCOPE_PROGRAMS").unwrap_or(PROGRAMS),
    };
    let mut asyncio =
        Command::new(python()).arg("tests/asyncio_programs.py").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut programs = asyncio.stdin.take().ok_or("python3 has no input")?;
    let mut answers = BufReader::new(asyncio.stdout.take().ok_or("python3 has no output")?).lines();
    let (mut deadlocks, mut printed) = (0, 0);
    for seed in seeds.clone() {
        let bodies = draw(&mut Rng::with_seed(seed), features);
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
