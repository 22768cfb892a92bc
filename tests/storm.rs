//! A storm on the program's own executors: sixteen threads spawn, wake, cancel, block and drop at random, while others begin
//! and end records. Each record has to be one story, and each wake to have the cause that the waker saw. Who watches a record,
//! from whatever moment on, sees each of its events once, and the program holds and goes on at random.
//!
//! `LOOPSCOPE_SECONDS=60 LOOPSCOPE_SEED=7 cargo test --release --test storm -- --nocapture` for longer.

use loopscope::event::{EnqueueCause, Event, EventKind, Outcome, TaskId, WorkerId};
use loopscope::executor::record;
use loopscope::runtime::{Control, Watcher, say};
use loopscope::smol::{self, Executor, Task, Timer};
use loopscope::trace::check;
use std::collections::{HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::ops::AddAssign;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

const THREADS: u32 = 16;
const EXECUTORS: usize = 3;
/// Tasks that live at a time; with more, each would run once in a record.
const POPULATION: u32 = 100;

fn from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}: no number")))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who woke a task, as the one who did it noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// The task of that key.
    Task(u32),
    Itself,
    Timer,
    MainFuture,
    /// A thread that ticks, between two ticks.
    Outside,
    /// A thread that never does.
    OtherThread,
}

/// A waker that exactly one takes and calls once, after it has noted who it is.
#[derive(Clone)]
struct OneShot {
    waker: Waker,
    note: Arc<Mutex<Option<Who>>>,
}

impl OneShot {
    fn wake(self, who: Who) {
        *lock(&self.note) = Some(who);
        self.waker.wake();
    }
}

/// What all threads share.
struct Sky {
    executors: [Mutex<Arc<Executor<'static>>>; EXECUTORS],
    /// Tasks that wait to be woken, once each.
    waiting: Mutex<Vec<OneShot>>,
    /// Wakers that anybody may call as often as it likes.
    free: Mutex<Vec<Waker>>,
    /// Handles that somebody may drop or keep.
    handles: Mutex<Vec<Task<()>>>,
    next_key: AtomicU32,
    living: AtomicU32,
    is_over: AtomicBool,
}

impl Sky {
    fn executor(&self, rng: &mut fastrand::Rng) -> Arc<Executor<'static>> {
        Arc::clone(&lock(&self.executors[rng.usize(..EXECUTORS)]))
    }

    /// Takes the waker of some task that waits.
    fn take_waiting(&self, rng: &mut fastrand::Rng) -> Option<OneShot> {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            return None;
        }
        let place = rng.usize(..waiting.len());
        Some(waiting.swap_remove(place))
    }

    fn wake_some(&self, rng: &mut fastrand::Rng, who: Who) {
        for _ in 0..rng.u32(1..12) {
            if let Some(one) = self.take_waiting(rng) {
                one.wake(who);
            }
        }
    }

    fn wake_freely(&self, rng: &mut fastrand::Rng) {
        let waker = {
            let free = lock(&self.free);
            if free.is_empty() { None } else { Some(free[rng.usize(..free.len())].clone()) }
        };
        if let Some(waker) = waker {
            (0..rng.u32(1..3)).for_each(|_| waker.wake_by_ref());
        }
    }
}

/// A task that says in each poll who it is and who woke it.
async fn told(sky: Arc<Sky>, mut rng: fastrand::Rng) {
    let key = sky.next_key.fetch_add(1, Ordering::Relaxed);
    let note: Arc<Mutex<Option<Who>>> = Arc::default();
    let mut rounds = rng.u32(1..60);
    let mut timer: Option<Timer> = None;
    poll_fn(move |cx| {
        // Without a note it was cancelled or polled for the first time.
        say_if_recorded(key, lock(&note).take());
        if let Some(mut running) = timer.take()
            && Pin::new(&mut running).poll(cx).is_pending()
        {
            timer = Some(running);
            return Poll::Pending;
        }
        if rounds == 0 {
            return Poll::Ready(());
        }
        rounds -= 1;
        if rng.u32(..4) == 0 {
            sky.wake_some(&mut rng, Who::Task(key));
        }
        if rng.u32(..6) == 0 {
            sky.wake_freely(&mut rng);
        }
        if rng.u32(..200) == 0 {
            blocks(Duration::from_micros(rng.u64(..2_000)));
        }
        let one = OneShot { waker: cx.waker().clone(), note: Arc::clone(&note) };
        match rng.u32(..20) {
            0..4 => one.wake(Who::Itself),
            4 => {
                // The note is there when the timer has fired, and is of no use before.
                *lock(&note) = Some(Who::Timer);
                let mut running = Timer::after(Duration::from_micros(rng.u64(50..400)));
                match Pin::new(&mut running).poll(cx) {
                    Poll::Pending => timer = Some(running),
                    Poll::Ready(_) => OneShot { waker: cx.waker().clone(), note: Arc::clone(&note) }.wake(Who::Itself),
                }
            }
            5 if rng.u32(..10) == 0 => panic!("a storm blows"),
            _ => lock(&sky.waiting).push(one),
        }
        Poll::Pending
    })
    .await;
}

/// A task that anybody wakes, as often as it likes.
async fn free(sky: Arc<Sky>, mut rounds: u32) {
    poll_fn(move |cx: &mut Context<'_>| {
        let mut free = lock(&sky.free);
        if free.len() >= 32 {
            free.swap_remove(0);
        }
        free.push(cx.waker().clone());
        rounds -= 1;
        if rounds == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Counts a task while it lives.
struct Alive(Arc<Sky>);

impl Alive {
    fn new(sky: &Arc<Sky>) -> Self {
        sky.living.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(sky))
    }

    async fn during(self, task: impl Future<Output = ()>) {
        task.await;
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.living.fetch_sub(1, Ordering::Relaxed);
    }
}

fn say_if_recorded(key: u32, who: Option<Who>) {
    // Outside of a record there is no run to print in.
    let text = format!("{key} {who:?}");
    let _ = catch_unwind(AssertUnwindSafe(|| say!("{text}")));
}

fn blocks(duration: Duration) {
    thread::sleep(duration);
}

fn spawn(sky: &Arc<Sky>, rng: &mut fastrand::Rng) {
    if sky.living.load(Ordering::Relaxed) > POPULATION {
        return;
    }
    let alive = Alive::new(sky);
    let executor = sky.executor(rng);
    let task = if rng.u32(..10) == 0 {
        executor.spawn(alive.during(free(Arc::clone(sky), rng.u32(1..30))))
    } else {
        executor.spawn(alive.during(told(Arc::clone(sky), rng.fork())))
    };
    if rng.bool() {
        task.detach();
    } else {
        lock(&sky.handles).push(task);
    }
}

/// Lets a handle go: cancels its task, or lets it run on.
fn let_go(sky: &Sky, rng: &mut fastrand::Rng) {
    let task = {
        let mut handles = lock(&sky.handles);
        if handles.is_empty() {
            return;
        }
        let place = rng.usize(..handles.len());
        handles.swap_remove(place)
    };
    if rng.bool() { drop(task) } else { task.detach() }
}

fn panics_are_the_storms_own<R>(f: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}

/// A thread that ticks.
fn ticks(sky: &Arc<Sky>, rng: &mut fastrand::Rng) {
    match rng.u32(..100) {
        0..20 => spawn(sky, rng),
        20..75 => {
            let executor = sky.executor(rng);
            for _ in 0..rng.u32(1..60) {
                if panics_are_the_storms_own(|| executor.try_tick()) == Some(false) {
                    break;
                }
            }
        }
        75..85 => {
            let (executor, turns) = (sky.executor(rng), rng.u32(1..20));
            let mut rng = rng.fork();
            panics_are_the_storms_own(|| {
                smol::block_on(executor.run(async {
                    for _ in 0..turns {
                        sky.wake_some(&mut rng, Who::MainFuture);
                        smol::future::yield_now().await;
                    }
                }));
            });
        }
        85..98 => sky.wake_some(rng, Who::Outside),
        98 if rng.u32(..4) == 0 => let_go(sky, rng),
        99 if rng.u32(..40) == 0 => {
            let fresh = Arc::new(Executor::new());
            let old = std::mem::replace(&mut *lock(&sky.executors[rng.usize(..EXECUTORS)]), fresh);
            drop(old);
        }
        _ => sky.wake_freely(rng),
    }
}

/// A thread that never looks at an executor.
fn wakes(sky: &Arc<Sky>, rng: &mut fastrand::Rng) {
    match rng.u32(..10) {
        0..7 => sky.wake_some(rng, Who::OtherThread),
        7 => sky.wake_freely(rng),
        _ => spawn(sky, rng),
    }
}

/// What the records have shown.
#[derive(Debug, Default, Clone, Copy)]
struct Found {
    records: u64,
    events: u64,
    /// Wakes whose cause was compared with the note, and those where it is another.
    compared: u64,
    wrong: u64,
    violations: u64,
    endless: u64,
    /// Records that somebody watched to their end, those in which the program was held, and threads of which who watched did
    /// not see each event once.
    watched: u64,
    held: u64,
    misseen: u64,
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.events += other.events;
        self.compared += other.compared;
        self.wrong += other.wrong;
        self.violations += other.violations;
        self.endless += other.endless;
        self.watched += other.watched;
        self.held += other.held;
        self.misseen += other.misseen;
    }
}

/// Whether the record's cause is what the waker noted.
fn agrees(cause: EnqueueCause, task: TaskId, noted: &str, keys: &HashMap<u32, TaskId>) -> Option<bool> {
    let by = noted.strip_prefix("Some(Task(").and_then(|key| key.trim_end_matches(')').parse::<u32>().ok());
    Some(match (cause, noted) {
        (EnqueueCause::BeforeRecord | EnqueueCause::Spawned, _) | (_, "None") => return None,
        // The poll in which it did so began before the record.
        (EnqueueCause::WokenBy(waker), _) if by.is_some() => *keys.get(&by?)? == waker && waker != task,
        (EnqueueCause::OwnYield(_), "Some(Itself)")
        | (EnqueueCause::Timer(_), "Some(Timer)")
        | (EnqueueCause::MainFuture, "Some(MainFuture)")
        | (EnqueueCause::Outside, "Some(Outside)")
        | (EnqueueCause::OtherThread, "Some(OtherThread)") => true,
        _ => false,
    })
}

fn examine(events: &[Event], is_replaced_or_dropped: bool) -> Found {
    let mut found = Found { records: 1, events: events.len() as u64, ..Found::default() };
    for violation in check(events) {
        found.violations += 1;
        let index = violation.index;
        println!("{violation}: {:?}", &events[index.saturating_sub(3)..=index]);
    }
    let ends =
        matches!(events.last().map(|event| &event.kind), Some(EventKind::RunEnded { outcome: Outcome::Detached }));
    found.endless += u64::from(is_replaced_or_dropped && !ends);
    let mut causes: HashMap<TaskId, EnqueueCause> = HashMap::new();
    let mut keys: HashMap<u32, TaskId> = HashMap::new();
    for event in events {
        match &event.kind {
            EventKind::Enqueued { task, cause } => drop(causes.insert(*task, *cause)),
            EventKind::Printed { task: Some(task), text, .. } => {
                let (key, noted) = text.split_once(' ').unwrap();
                keys.insert(key.parse().unwrap(), *task);
                let Some(agrees) = causes.get(task).and_then(|cause| agrees(*cause, *task, noted, &keys)) else {
                    continue;
                };
                found.compared += 1;
                if !agrees {
                    found.wrong += 1;
                    println!("{task:?} was woken by {noted}; the record says {:?}", causes[task]);
                }
            }
            _ => {}
        }
    }
    found
}

/// What who watches a record has seen of it.
#[derive(Default)]
struct Seen {
    /// Events that the sink had when it began; none before.
    before: Option<usize>,
    events: Vec<Event>,
    held: u64,
}

/// Watches a record, and has the program hold now and then.
struct Watches {
    sink: Arc<Mutex<Vec<Event>>>,
    seen: Arc<Mutex<Seen>>,
    control: Control,
    rng: fastrand::Rng,
}

impl Watcher for Watches {
    fn begin(&mut self) {
        lock(&self.seen).before = Some(lock(&self.sink).len());
    }

    fn learn(&mut self, event: &Event) {
        lock(&self.seen).events.push(event.clone());
    }

    fn kinds(&self) -> u64 {
        u64::MAX
    }

    fn look(&mut self, event: &Event) -> bool {
        lock(&self.seen).events.push(event.clone());
        self.rng.u32(..2_000) == 0
    }

    fn held(&mut self) {
        lock(&self.seen).held += 1;
        self.control.resume();
    }
}

/// The events of each thread, in their order.
fn by_thread(events: &[Event]) -> HashMap<WorkerId, Vec<&EventKind>> {
    let mut threads: HashMap<_, Vec<_>> = HashMap::new();
    events.iter().for_each(|event| threads.entry(event.worker).or_default().push(&event.kind));
    threads
}

/// Whether who watched a record to its end saw each of its events once, and those of each thread in their order.
fn compare(events: &[Event], seen: &Seen) -> Found {
    let mut found = Found { held: u64::from(seen.held > 0), ..Found::default() };
    // It began with the first event that a thread told after it was set, and none may have.
    let Some(before) = seen.before else { return found };
    found.watched = 1;
    let (told, seen) = (by_thread(&events[before..]), by_thread(&seen.events));
    let threads: HashSet<WorkerId> = told.keys().chain(seen.keys()).copied().collect();
    for thread in threads {
        let [told, seen] = [&told, &seen].map(|threads| threads.get(&thread).map_or(&[][..], |events| &events[..]));
        // As the record ends, a thread may be about to show its last event, and shows some that come too late for it.
        let same = told.iter().zip(seen).take_while(|(told, seen)| told == seen).count();
        if same < told.len().min(seen.len()) || told.len() > seen.len() + 1 {
            found.misseen += 1;
            println!("{thread:?} told {:?}, seen was {:?}", told.get(same), seen.get(same));
        }
    }
    found
}

/// Begins a record, lets it go on for a while, ends it, and reads it; again and again. Where nobody else does so at the same
/// time, it is watched, too.
fn records(sky: &Sky, rng: &mut fastrand::Rng, is_alone: bool) -> Found {
    let mut found = Found::default();
    while !sky.is_over.load(Ordering::Relaxed) {
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let sink = Arc::clone(&events);
        let recording = record("storm", move |chunk: &mut Vec<Event>| lock(&sink).append(chunk));
        let mut watched = None;
        for _ in 0..rng.u32(1..4) {
            blocks(Duration::from_micros(if rng.u32(..4) == 0 { rng.u64(..20_000) } else { rng.u64(..1_000) }));
            if is_alone && rng.bool() {
                // One who watches takes the other's place.
                let (sink, seen, control) = (Arc::clone(&events), Arc::default(), recording.control().clone());
                watched = Some(Arc::clone(&seen));
                recording.control().watch(Some(Box::new(Watches { sink, seen, control, rng: rng.fork() })));
            }
        }
        drop(recording);
        let events = std::mem::take(&mut *lock(&events));
        found += examine(&events, true);
        if let Some(seen) = watched {
            found += compare(&events, &lock(&seen));
        }
    }
    found
}

/// A storm in which so many threads begin and end records.
#[expect(clippy::disallowed_methods, reason = "a storm lasts for some of the machine's time")]
fn storm(recorders: u64) {
    static TURN: Mutex<()> = Mutex::new(()); // the process has one record at a time
    let _turn = lock(&TURN);
    let (seed, seconds) = (from_env("LOOPSCOPE_SEED", fastrand::u64(..1_000_000)), from_env("LOOPSCOPE_SECONDS", 3));
    println!("LOOPSCOPE_SEED={seed}");
    std::panic::set_hook(Box::new(|info| {
        let is_the_storms =
            info.payload_as_str().is_some_and(|text| text == "a storm blows" || text.contains("inside a run"));
        if !is_the_storms {
            eprintln!("{info}");
        }
    }));
    let sky = Arc::new(Sky {
        executors: std::array::from_fn(|_| Mutex::new(Arc::new(Executor::new()))),
        waiting: Mutex::default(),
        free: Mutex::default(),
        handles: Mutex::default(),
        next_key: AtomicU32::default(),
        living: AtomicU32::default(),
        is_over: AtomicBool::default(),
    });
    let until = Instant::now() + Duration::from_secs(seconds);
    let found = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|number| {
                let sky = Arc::clone(&sky);
                let mut rng = fastrand::Rng::with_seed(seed * 100 + u64::from(number));
                scope.spawn(move || {
                    let act = if number % 4 == 0 { wakes } else { ticks };
                    if number % 4 != 0 {
                        Executor::new().try_tick(); // from now on it is a thread that ticks
                    }
                    while !sky.is_over.load(Ordering::Relaxed) {
                        act(&sky, &mut rng);
                    }
                })
            })
            .collect();
        let recorders: Vec<_> = (0..recorders)
            .map(|number| {
                let sky = Arc::clone(&sky);
                let mut rng = fastrand::Rng::with_seed(seed * 100 + 50 + number);
                scope.spawn(move || records(&sky, &mut rng, recorders == 1))
            })
            .collect();
        while Instant::now() < until {
            blocks(Duration::from_millis(20));
        }
        sky.is_over.store(true, Ordering::Relaxed);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        let mut found = Found::default();
        recorders.into_iter().for_each(|recorder| found += recorder.join().unwrap());
        found
    });
    println!("storm: {found:?}");
    assert!(found.compared > 1_000 && found.records > 20, "too little happened: {found:?}");
    assert_eq!((found.violations, found.wrong, found.endless), (0, 0, 0), "LOOPSCOPE_SEED={seed}: {found:?}");
    assert_eq!(found.misseen, 0, "LOOPSCOPE_SEED={seed}: {found:?}");
    assert!(recorders > 1 || found.watched > 10 && found.held > 0, "too little was watched: {found:?}");
}

#[test]
fn every_record_is_one_story_and_every_wake_has_the_cause_that_the_waker_saw() {
    storm(2); // so that records take each other's place
}

#[test]
fn who_watches_from_any_moment_on_sees_each_event_once() {
    storm(1);
}
