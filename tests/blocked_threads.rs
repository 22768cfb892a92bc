//! A poll that blocks its thread hides nothing: neither itself, nor what the other threads do.

use futures_lite::future::block_on;
use loopscope::event::{ClockKind, Event, EventKind, Outcome, PollOutcome, TaskId};
use loopscope::executor::{Executor, record};
use loopscope::runtime::{EventLoop, Smol, say, spawn};
use loopscope::trace::{Record, RunPhase, State, check};
use std::num::NonZeroUsize;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// One record of the process's executors at a time.
static TURN: Mutex<()> = Mutex::new(());

/// What a sink has got so far.
#[derive(Clone, Default)]
struct Seen(Arc<(Mutex<Vec<Event>>, Condvar)>);

impl Seen {
    fn sink(&self) -> impl FnMut(&mut Vec<Event>) + Send + use<> {
        let Self(seen) = self.clone();
        move |chunk: &mut Vec<Event>| {
            seen.0.lock().unwrap().append(chunk);
            seen.1.notify_all();
        }
    }

    /// Waits until `is_there` holds; panics if that takes beyond all reason.
    fn wait_until(&self, what: &str, is_there: impl Fn(&[Event]) -> bool) -> MutexGuard<'_, Vec<Event>> {
        let (events, changed) = &*self.0;
        let patience = Duration::from_secs(60);
        let (seen, waited) =
            changed.wait_timeout_while(events.lock().unwrap(), patience, |events| !is_there(events)).unwrap();
        assert!(!waited.timed_out(), "{what} is not seen; the last of {} events is {:?}", seen.len(), seen.last());
        seen
    }

    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.0.0.lock().unwrap())
    }
}

fn ended(events: &[Event]) -> usize {
    let is_end = |event: &&Event| matches!(event.kind, EventKind::PollEnded { outcome: PollOutcome::Ready, .. });
    events.iter().filter(is_end).count()
}

/// The tasks that run at the end of these events.
fn running(events: &[Event]) -> Vec<TaskId> {
    let mut running = Vec::new();
    for event in events {
        match event.kind {
            EventKind::PollStarted { task } => running.push(task),
            EventKind::PollEnded { task, .. } => running.retain(|other| *other != task),
            _ => {}
        }
    }
    running
}

fn task_named(events: &[Event], wanted: &str) -> Option<TaskId> {
    events.iter().find_map(|event| match &event.kind {
        EventKind::TaskSpawned { task, name, .. } if **name == *wanted => Some(*task),
        _ => None,
    })
}

/// The main task of a program: it awaits the task `blocks`, which blocks its thread.
async fn spawns_one_that_blocks(blocks: Receiver<()>) {
    let task = spawn("blocks", async move {
        say!("now");
        blocks.recv().unwrap();
    });
    task.await;
}

/// Runs `program`, whose task `blocks` blocks its thread, and looks meanwhile.
fn see_it_run(program: impl FnOnce(Receiver<()>, Seen) + Send + 'static) {
    let (go_on, blocks): (Sender<()>, _) = mpsc::channel();
    let seen = Seen::default();
    let thread = thread::Builder::new().spawn({
        let seen = seen.clone();
        move || program(blocks, seen)
    });
    let events = seen.wait_until("the task that blocks", |events| {
        task_named(events, "blocks").is_some_and(|task| running(events).contains(&task))
            && events.iter().any(|event| matches!(&event.kind, EventKind::Printed { text, .. } if **text == *"now"))
    });
    assert_eq!(ended(&events), 0);
    drop(events);
    go_on.send(()).unwrap();
    thread.unwrap().join().unwrap();
    assert_eq!(check(seen.take()), []);
}

#[test]
fn a_task_that_blocks_the_loop_is_seen_to_run() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        see_it_run(move |blocks, seen| {
            EventLoop::new().clock(clock).sink(seen.sink()).run(spawns_one_that_blocks(blocks)).unwrap();
        });
    }
}

#[test]
fn a_task_that_blocks_a_thread_of_the_pool_is_seen_to_run() {
    for threads in [1, 2, 4] {
        see_it_run(move |blocks, seen| {
            Smol::new(NonZeroUsize::new(threads).unwrap())
                .sink(seen.sink())
                .run(spawns_one_that_blocks(blocks))
                .unwrap();
        });
    }
}

/// An executor of the program's own with two threads, of which a task blocks one.
struct Blocked {
    executor: Arc<Executor<'static>>,
    threads: Vec<JoinHandle<()>>,
    stop: async_channel::Sender<()>,
    go_on: Sender<()>,
    is_blocking: Receiver<()>,
}

impl Blocked {
    fn start() -> Self {
        let executor = Arc::new(Executor::new());
        let (stop, stopped) = async_channel::bounded::<()>(1);
        let threads = (0..2)
            .map(|_| {
                let (executor, stopped) = (Arc::clone(&executor), stopped.clone());
                thread::Builder::new()
                    .spawn(move || {
                        let _ended = block_on(executor.run(stopped.recv()));
                    })
                    .expect("a thread for the executor")
            })
            .collect();
        let ((go_on, blocks), (tell, is_blocking)) = (mpsc::channel::<()>(), mpsc::channel());
        executor
            .spawn(async move {
                tell.send(()).unwrap();
                blocks.recv().unwrap();
            })
            .detach();
        Self { executor, threads, stop, go_on, is_blocking }
    }

    fn end(self) {
        self.go_on.send(()).unwrap();
        drop(self.stop);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

#[test]
fn a_blocked_thread_hides_nothing_of_the_others_and_the_record_ends_all_the_same() {
    const TASKS: usize = 1_000;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = Seen::default();
    let recording = record("blocked", seen.sink());
    let blocked = Blocked::start();
    blocked.is_blocking.recv().unwrap();
    block_on(async {
        for _ in 0..TASKS {
            blocked.executor.spawn(async {}).await;
        }
    });
    let events = seen.wait_until("what the other thread did", |events| ended(events) == TASKS);
    // Ids of a process are never given twice, so that the number depends on the tests before.
    let first = events.iter().find_map(|event| match event.kind {
        EventKind::TaskSpawned { task, .. } => Some(task),
        _ => None,
    });
    assert_eq!(running(&events), [first.unwrap()]);
    drop(events);
    block_on(blocked.executor.spawn(async {})); // has not been seen by a tick of any length
    drop(recording);
    let events = seen.take();
    assert_eq!(ended(&events), TASKS + 1);
    assert_eq!(events.last().unwrap().kind, EventKind::RunEnded { outcome: Outcome::Detached });
    assert_eq!(check(&events), []);
    blocked.end();
    assert_eq!(seen.take(), []);
}

#[test]
fn while_a_thread_is_blocked_a_bounded_number_of_events_waits() {
    // What waits at most for a thread that may send something earlier, and what threads hold themselves.
    const MOST: usize = (1 << 16) + 3 * 1024;
    const TASKS: usize = 30_000;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = Seen::default();
    let recording = record("bounded", seen.sink());
    let blocked = Blocked::start();
    blocked.is_blocking.recv().unwrap();
    for number in 1..=TASKS {
        block_on(blocked.executor.spawn(async {}));
        let told = 4 * number; // spawned, ready, and a poll
        let there = seen.0.0.lock().unwrap().len();
        assert!(told - there.min(told) <= MOST, "{} events wait after {number} tasks", told - there);
    }
    blocked.end();
    drop(recording);
    assert_eq!(check(seen.take()), []);
}

#[test]
fn a_record_that_begins_while_all_threads_are_blocked_begins_and_ends() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let first = record("before", |chunk: &mut Vec<Event>| chunk.clear());
    let blocked = Blocked::start();
    blocked.is_blocking.recv().unwrap();
    drop(first);
    let seen = Seen::default();
    let recording = record("after", seen.sink());
    block_on(async {
        for _ in 0..3 {
            blocked.executor.spawn(async {}).await;
        }
    });
    drop(seen.wait_until("three tasks", |events| ended(events) == 3));
    drop(recording);
    let events = seen.take();
    assert_eq!(events.last().unwrap().kind, EventKind::RunEnded { outcome: Outcome::Detached });
    assert_eq!(check(&events), []);
    blocked.end();
}

#[test]
fn an_executor_that_nobody_runs_is_told_as_such_until_somebody_does() {
    let is_unattended = |event: &Event| event.kind == EventKind::Unattended;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = Seen::default();
    let recording = record("unattended", seen.sink());
    let executor = Executor::new();
    let task = executor.spawn(async { 7 });
    let events = seen.wait_until("that nobody runs it", |events| events.iter().any(is_unattended));
    assert_eq!(state_after(&events).phase, RunPhase::Unattended);
    drop(events);
    assert_eq!(block_on(executor.run(task)), 7);
    // Told again, once, when the thread has left it.
    let is_again = |events: &[Event]| events.iter().filter(|event| is_unattended(event)).count() == 2;
    drop(seen.wait_until("that nobody runs it any more", is_again));
    drop(recording);
    let events = seen.take();
    assert_eq!(check(&events), []);
    let polled = events.iter().position(|event| matches!(event.kind, EventKind::PollStarted { .. })).unwrap();
    assert_eq!(state_after(&events[..=polled]).phase, RunPhase::Working);
    assert_eq!(events[..polled].iter().filter(|event| is_unattended(event)).count(), 1);
}

/// The state of a record after all of these events.
fn state_after(events: &[Event]) -> State {
    let mut record = Record::default();
    events.iter().for_each(|event| record.push(event.clone()));
    record.edge().clone()
}
