//! What is concluded from a record takes time in proportion to it, whatever its shape: four times the record may take some
//! four times as long, not sixteen times.
//!
//! The time of a record and of one four times as large are measured in the same run, by the processor time of this thread, so
//! that a busy machine does not matter.

#![expect(clippy::disallowed_methods, reason = "it measures time where the system does not tell the processor's")]

use loopscope::event::{
    ClockKind, DropCause, EnqueueCause, Event, EventKind, FrameId, Nanos, Origin, Outcome, PollOutcome, ResourceId,
    ResourceKind, ResourceState, SiteId, TaskId, TaskWait, TimerId, TimerPurpose, WaitId, WaitOn, WaitOp, WorkerId,
};
use loopscope::trace::{
    Comparison, Limits, Record, Stats, TaskStatus, Wording, blocked_by, check, critical_parts, diagnose, wake_chain,
};
use std::time::{Duration, Instant};

/// Writes records event by event.
struct Scribe {
    record: Vec<Event>,
    now: u64,
    waits: u32,
}

const MILLI: u64 = 1_000_000;

impl Scribe {
    fn begin() -> Self {
        let mut scribe = Self { record: Vec::new(), now: 0, waits: 0 };
        scribe.push(EventKind::RunStarted { clock: ClockKind::Virtual, seed: 0, origin: Origin::titled("shape") });
        for line in 1..=3 {
            scribe.push(EventKind::SiteDefined { site: SiteId(line - 1), file: "a.rs".into(), line, column: 1 });
        }
        scribe.push(EventKind::IterationStarted { batch: 1 });
        scribe.spawn(0);
        scribe
    }

    fn push(&mut self, kind: EventKind) {
        self.push_on(0, kind);
    }

    fn push_on(&mut self, worker: u16, kind: EventKind) {
        self.record.push(Event { at: Nanos(self.now), worker: WorkerId(worker), kind });
    }

    fn spawn(&mut self, task: u32) {
        let (name, parent) =
            if task == 0 { ("main".into(), None) } else { (format!("t{task}").into(), Some(TaskId(0))) };
        self.push(EventKind::TaskSpawned { task: TaskId(task), parent, name, site: SiteId(0) });
        self.ready(task, EnqueueCause::Spawned);
    }

    fn ready(&mut self, task: u32, cause: EnqueueCause) {
        self.push(EventKind::Enqueued { task: TaskId(task), cause });
    }

    fn poll(&mut self, task: u32) {
        self.push(EventKind::PollStarted { task: TaskId(task) });
    }

    fn end(&mut self, task: u32, outcome: PollOutcome) {
        self.push(EventKind::PollEnded { task: TaskId(task), outcome });
    }

    fn wait(&mut self, task: u32, on: WaitOn) -> WaitId {
        let wait = WaitId(self.waits);
        self.waits += 1;
        let (task, site, frame) = (TaskId(task), SiteId(1), FrameId::TASK);
        self.push(EventKind::WaitBegan { task, wait, on, site, frame });
        wait
    }

    /// Polls a ready task, which waits for that then.
    fn waits(&mut self, task: u32, on: WaitOn) {
        self.poll(task);
        self.wait(task, on);
        self.end(task, PollOutcome::Pending);
    }

    fn lock(&mut self, lock: u32) {
        self.push(EventKind::ResourceCreated {
            resource: ResourceId(lock),
            kind: ResourceKind::Lock,
            name: format!("lock-{lock}").into(),
        });
    }

    fn holds(&mut self, lock: u32, holder: Option<u32>) {
        let state = ResourceState::Lock { holder: holder.map(TaskId) };
        self.push(EventKind::ResourceChanged { resource: ResourceId(lock), by: None, state, site: None });
    }

    fn drops(&mut self, tasks: impl IntoIterator<Item = u32>) {
        for task in tasks {
            self.push(EventKind::TaskDropped { task: TaskId(task), cause: DropCause::RunEnded });
        }
    }

    fn over(mut self, outcome: Outcome) -> Vec<Event> {
        self.push(EventKind::RunEnded { outcome });
        self.record
    }
}

fn lock_of(lock: u32) -> WaitOn {
    WaitOn::Resource(ResourceId(lock), WaitOp::Lock)
}

/// All wait in the way that `on` says, and nobody goes on.
fn deadlock(tasks: u32, on: impl Fn(u32) -> Option<WaitOn>) -> Vec<Event> {
    let mut scribe = Scribe::begin();
    scribe.poll(0);
    for task in 1..tasks {
        scribe.spawn(task);
    }
    if let Some(on) = on(0) {
        scribe.wait(0, on);
    }
    scribe.end(0, PollOutcome::Pending);
    for task in 1..tasks {
        match on(task) {
            Some(on) => scribe.waits(task, on),
            None => {
                scribe.poll(task);
                scribe.end(task, PollOutcome::Pending);
            }
        }
    }
    scribe.drops(0..tasks);
    scribe.over(Outcome::Deadlock)
}

type Make = fn(u32) -> Vec<Event>;

/// Many records of one kind, each about as large as asked for.
fn shapes() -> Vec<(&'static str, Make)> {
    fn join(task: u32) -> Option<WaitOn> {
        Some(WaitOn::Join(TaskId(task)))
    }
    vec![
        ("a chain", |n| deadlock(n, |task| if task + 1 < n { join(task + 1) } else { None })),
        ("a chain backwards", |n| deadlock(n, |task| task.checked_sub(1).and_then(join))),
        ("a star", |n| deadlock(n, |task| if task > 0 { join(0) } else { None })),
        ("one circle", |n| deadlock(n, |task| join((task + 1) % n))),
        ("many circles", |n| deadlock(n, |task| join(task ^ 1))),
        ("a long tail into a circle", |n| deadlock(n, |task| join(task.abs_diff(1)))),
        ("everybody waits for nothing", |n| deadlock(n, |_| Some(WaitOn::Foreign("nothing".into())))),
        ("main gathers a chain", |n| {
            deadlock(n, |task| match task {
                0 => Some(WaitOn::Tasks(TaskWait::Gather, (1..n).map(TaskId).collect())),
                _ => join(if task + 1 < n { task + 1 } else { 1 }),
            })
        }),
        ("locks in a circle", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            (0..n).for_each(|lock| scribe.lock(lock));
            scribe.end(0, PollOutcome::Pending);
            for task in 1..n {
                scribe.poll(task);
                scribe.holds(task, Some(task));
                scribe.wait(task, lock_of(task % (n - 1) + 1));
                scribe.end(task, PollOutcome::Pending);
            }
            scribe.drops(0..n);
            scribe.over(Outcome::Deadlock)
        }),
        ("many locks that go from hand to hand", |n| {
            let mut scribe = Scribe::begin();
            let locks = n / 4;
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            (0..locks).for_each(|lock| scribe.lock(lock));
            scribe.end(0, PollOutcome::Pending);
            for task in 1..n {
                scribe.waits(task, lock_of(task % locks));
                scribe.now += 1000;
                scribe.holds(task % locks, Some(task));
            }
            for task in 1..n {
                scribe.ready(task, EnqueueCause::WokenBy(TaskId(0)));
                scribe.poll(task);
                scribe.holds(task % locks, None);
                scribe.end(task, PollOutcome::Ready);
                scribe.now += 1000;
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
        ("tasks cancelled while they hold locks", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            (0..n).for_each(|lock| scribe.lock(lock));
            // One holds half of them.
            (1..n).for_each(|lock| scribe.holds(lock, Some(if lock % 2 == 0 { 1 } else { lock })));
            scribe.end(0, PollOutcome::Pending);
            for task in 1..n {
                scribe.waits(task, WaitOn::Foreign("it".into()));
                scribe.ready(task, EnqueueCause::Cancelled);
                scribe.push(EventKind::TaskDropped { task: TaskId(task), cause: DropCause::Cancelled });
                scribe.holds(task, None);
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
        ("long polls, one after another", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            scribe.end(0, PollOutcome::Pending);
            // Everybody but the first starves, too.
            for task in 1..n {
                scribe.poll(task);
                scribe.now += 200 * MILLI;
                scribe.push(EventKind::Printed { task: Some(TaskId(task)), site: Some(SiteId(2)), text: "x".into() });
                scribe.end(task, PollOutcome::Ready);
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
        ("long polls, all at once", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            scribe.end(0, PollOutcome::Pending);
            for task in 1..n {
                scribe.push_on(task as u16, EventKind::PollStarted { task: TaskId(task) });
                scribe.now += 200 * MILLI;
            }
            for task in 1..n {
                let outcome = PollOutcome::Ready;
                scribe.push_on(task as u16, EventKind::PollEnded { task: TaskId(task), outcome });
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
        ("tasks left alone at the end", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            scribe.end(0, PollOutcome::Pending);
            for task in 1..n {
                match task % 4 {
                    0 => {} // it never runs
                    1 => scribe.waits(task, WaitOn::Join(TaskId(0))),
                    2 => {
                        scribe.poll(task);
                        scribe.end(task, PollOutcome::Panicked);
                        scribe.push(EventKind::TaskPanicked { task: TaskId(task), message: "boom".into() });
                    }
                    _ => scribe.waits(task, WaitOn::Foreign("it".into())),
                }
            }
            scribe.drops((0..n).rev().filter(|task| task % 4 != 2));
            scribe.over(Outcome::Completed)
        }),
        ("one task with many open waits", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            let waits: Vec<WaitId> = (0..n).map(|_| scribe.wait(0, WaitOn::Foreign("it".into()))).collect();
            scribe.end(0, PollOutcome::Pending);
            for wait in waits {
                scribe.ready(0, EnqueueCause::Io);
                scribe.poll(0);
                scribe.push(EventKind::WaitEnded { task: TaskId(0), wait });
                scribe.end(0, PollOutcome::Pending);
                scribe.now += 1000;
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
        ("timers cancelled in any order", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            for timer in 0..n {
                let deadline = Nanos(u64::from(timer.wrapping_mul(2_654_435_761)));
                scribe.push(EventKind::TimerArmed {
                    timer: TimerId(timer),
                    task: TaskId(0),
                    deadline,
                    purpose: TimerPurpose::Sleep,
                    site: None,
                });
            }
            (0..n).for_each(|timer| scribe.push(EventKind::TimerCancelled { timer: TimerId(timer) }));
            scribe.end(0, PollOutcome::Ready);
            scribe.over(Outcome::Completed)
        }),
        ("tasks run in any order", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            scribe.end(0, PollOutcome::Pending);
            // As a stock executor may take them from its queue. It comes by all: 7919 is prime, and no divisor.
            for turn in 0..n - 1 {
                let task = (u64::from(turn) * 7919 % u64::from(n - 1)) as u32 + 1;
                scribe.poll(task);
                scribe.end(task, PollOutcome::Ready);
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
        ("tasks wake one another", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            (1..n).for_each(|task| scribe.spawn(task));
            scribe.end(0, PollOutcome::Pending);
            for task in 1..n {
                scribe.waits(task, WaitOn::Foreign("it".into()));
            }
            for task in 1..n {
                scribe.now += 1000;
                scribe.ready(task, EnqueueCause::WokenBy(TaskId(task - 1)));
                scribe.poll(task);
                scribe.now += 1000;
                scribe.end(task, PollOutcome::Ready);
            }
            scribe.ready(0, EnqueueCause::Joined(TaskId(n - 1)));
            scribe.poll(0);
            scribe.end(0, PollOutcome::Ready);
            scribe.over(Outcome::Completed)
        }),
        ("functions within functions", |n| {
            let mut scribe = Scribe::begin();
            scribe.poll(0);
            for frame in 1..=n {
                let (task, parent, name) = (TaskId(0), FrameId(frame - 1), "deeper".into());
                let frame = FrameId(frame);
                scribe.push(EventKind::FrameEntered { task, frame, parent, name, site: SiteId(0) });
            }
            scribe.end(0, PollOutcome::Pending);
            for frame in (1..=n).rev() {
                scribe.push(EventKind::FrameLeft { frame: FrameId(frame) });
            }
            scribe.drops([0]);
            scribe.over(Outcome::Completed)
        }),
    ]
}

fn record_of(events: &[Event]) -> Record {
    let mut record = Record::default();
    events.iter().cloned().for_each(|event| record.push(event));
    record
}

type Work = fn(&[Event], &Record);

/// What is done with a record, part by part.
const PARTS: [(&str, Work); 7] = [
    ("read", |events, _| drop(record_of(events))),
    ("check", |events, _| drop(check(events))),
    ("diagnose", |_, record| drop(diagnose(record, Limits::default(), &Wording::default()))),
    ("critical path", |_, record| drop(critical_parts(record))),
    ("chain of wakes", |_, record| drop(wake_chain(record, record.log().len().saturating_sub(4)))),
    ("statistics", |_, record| drop(Stats::of(record).lines(record))),
    ("compare", |_, record| drop(Comparison::new(record, record).sentences(&Wording::default()))),
];

/// The processor time that this thread has used, where the system tells; else the time that has passed.
fn used(since: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// The time that some work takes, so many times.
fn time_of(times: u32, work: impl Fn()) -> Duration {
    let since = Instant::now();
    let before = used(since);
    (0..times).for_each(|_| work());
    used(since).saturating_sub(before)
}

/// Four times the record may take so many times as long: what is linear takes four times, what is square sixteen.
const MOST: f64 = 9.0;
/// What takes less is too short to be measured: the system tells the time in steps of some milliseconds.
const SHORT: Duration = Duration::from_millis(20);
/// The smaller record.
const SMALL: u32 = 3_000;

#[test]
fn what_is_concluded_takes_time_in_proportion_to_the_record() {
    let mut wrong = Vec::new();
    for (shape, make) in shapes() {
        let [few, many] = [SMALL, 4 * SMALL].map(make);
        let [small, large] = [&few, &many].map(|events| record_of(events));
        for (part, work) in PARTS {
            // The caches of a shared machine disturb a single try.
            let tries = (0..5).map(|_| {
                let large = time_of(2, || work(&many, &large));
                let small = time_of(8, || work(&few, &small));
                if large < SHORT { 0.0 } else { 4.0 * large.as_secs_f64() / small.as_secs_f64().max(0.001) }
            });
            let mut least = f64::INFINITY;
            for ratio in tries {
                least = least.min(ratio);
                if least < MOST {
                    break;
                }
            }
            if least >= MOST {
                wrong.push(format!("{shape}: {part} takes {least:.1} times as long"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_chain_of_tasks_is_told_in_few_words() {
    let record = record_of(&shapes()[0].1(5_000));
    let standstill = record.standstill().unwrap();
    let blocked = blocked_by(&record, TaskId(1), standstill);
    assert_eq!(blocked.links.len(), 1000);
    let told = blocked.sentence(&record);
    assert!(told.len() < 1000 && told.contains("990 more"), "{told}");
    let record = record_of(&shapes()[3].1(5_000));
    let found = diagnose(&record, Limits::default(), &Wording::default());
    assert_eq!(found.len(), 1);
    assert!(found[0].cause.len() < 1000 && found[0].cause.contains("4993 more"), "{}", found[0].cause);
    assert!(matches!(record.state_at(standstill).task(TaskId(1)).unwrap().status, TaskStatus::Waiting));
}
