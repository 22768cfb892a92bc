//! Why a task of a stock executor became ready: what the thread that woke it was doing.

use loopscope::event::{EnqueueCause, Event, EventKind, TaskId, WaitOn};
use loopscope::executor::record;
use loopscope::smol::{self, Executor, LocalExecutor, Timer, future::yield_now};
use loopscope::trace::check;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

static TURN: Mutex<()> = Mutex::new(());

/// Runs `program` recorded, and gives its events.
fn recorded(program: impl FnOnce()) -> Vec<Event> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let sink = Arc::clone(&events);
    let recording = record("causes", move |chunk: &mut Vec<Event>| sink.lock().unwrap().append(chunk));
    program();
    drop(recording);
    let events = std::mem::take(&mut *events.lock().unwrap());
    assert_eq!(check(&events), []);
    events
}

/// How often each cause is named for a task to become ready, without its first time.
fn causes(events: &[Event]) -> BTreeMap<&'static str, usize> {
    let mut causes = BTreeMap::new();
    for event in events {
        if let EventKind::Enqueued { cause, .. } = event.kind {
            *causes.entry(name(cause)).or_insert(0) += 1;
        }
    }
    causes.remove("spawned");
    causes
}

fn name(cause: EnqueueCause) -> &'static str {
    match cause {
        EnqueueCause::Spawned => "spawned",
        EnqueueCause::WokenBy(_) => "a task",
        EnqueueCause::Timer(_) => "a timer",
        EnqueueCause::Joined(_) => "an end",
        EnqueueCause::OwnYield(_) => "itself",
        EnqueueCause::Io => "the reactor",
        EnqueueCause::OtherThread => "another thread",
        EnqueueCause::MainFuture => "the main future",
        EnqueueCause::Outside => "outside",
        other => panic!("{other:?} in a program of a stock executor"),
    }
}

/// A waker that notes on which thread it is called.
struct Noting(Waker, Arc<Mutex<Vec<ThreadId>>>);

impl Wake for Noting {
    fn wake(self: Arc<Self>) {
        self.1.lock().unwrap().push(thread::current().id());
        self.0.wake_by_ref();
    }
}

const TIMES: usize = 20;

async fn sleeps(notes: Arc<Mutex<Vec<ThreadId>>>) {
    for _ in 0..TIMES {
        let mut timer = Timer::after(Duration::from_millis(1));
        poll_fn(|cx| {
            let noting = Waker::from(Arc::new(Noting(cx.waker().clone(), Arc::clone(&notes))));
            Pin::new(&mut timer).poll(&mut Context::from_waker(&noting)).map(drop)
        })
        .await;
    }
}

#[test]
fn a_timer_wakes_whichever_thread_the_reactor_runs_on() {
    for how in ["local", "shared", "global"] {
        let notes = Arc::default();
        let events = recorded(|| match how {
            "local" => {
                let ex = LocalExecutor::new();
                smol::block_on(ex.run(ex.spawn(sleeps(Arc::clone(&notes)))));
            }
            "shared" => {
                let ex = Executor::new();
                smol::block_on(ex.run(ex.spawn(sleeps(Arc::clone(&notes)))));
            }
            _ => smol::block_on(smol::spawn(sleeps(Arc::clone(&notes)))),
        });
        // A timer that is found due when it is polled wakes nobody.
        let woken = notes.lock().unwrap().len();
        assert!(woken > TIMES / 2, "{how}: {woken}");
        let expected = BTreeMap::from([("a timer", woken)]);
        assert_eq!(causes(&events), expected, "{how}");
        if how == "local" {
            let here = thread::current().id();
            assert!(notes.lock().unwrap().contains(&here), "the reactor ran on this thread");
        }
        // Each wake is that of the timer that the task waited for.
        let mut waits_for = None;
        for event in &events {
            match &event.kind {
                EventKind::WaitBegan { on: WaitOn::Sleep { timer, .. }, .. } => waits_for = Some(*timer),
                EventKind::Enqueued { cause: EnqueueCause::Timer(timer), .. } => assert_eq!(Some(*timer), waits_for),
                _ => {}
            }
        }
        assert!(waits_for.is_some(), "{how}");
    }
}

#[test]
fn an_interval_is_a_timer_each_time() {
    let events = recorded(|| {
        let ex = LocalExecutor::new();
        smol::block_on(ex.run(ex.spawn(async {
            let mut interval = Timer::interval(Duration::from_millis(2));
            for _ in 0..5 {
                smol::stream::StreamExt::next(&mut interval).await;
            }
        })));
    });
    let armed = events.iter().filter(|event| matches!(event.kind, EventKind::TimerArmed { .. })).count();
    assert!((1..=5).contains(&armed), "{armed}");
    assert!(causes(&events).keys().all(|cause| *cause == "a timer"), "{:?}", causes(&events));
}

async fn talks_over_sockets() -> io::Result<()> {
    use smol::io::{AsyncReadExt, AsyncWriteExt};
    let listener = smol::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut one = smol::net::TcpStream::connect(listener.local_addr()?).await?;
    let (mut other, _) = listener.accept().await?;
    let mut byte = [0];
    for _ in 0..TIMES {
        one.write_all(&[1]).await?;
        other.read_exact(&mut byte).await?;
        let read = one.read_exact(&mut byte);
        let answer = async {
            yield_now().await;
            other.write_all(&[2]).await
        };
        smol::future::try_zip(read, answer).await?;
    }
    Ok(())
}

#[test]
fn sockets_are_woken_by_the_reactor() {
    let events = recorded(|| {
        let ex = LocalExecutor::new();
        smol::block_on(ex.run(ex.spawn(talks_over_sockets()))).unwrap();
    });
    let causes = causes(&events);
    assert!(causes.contains_key("the reactor"), "{causes:?}");
    assert!(causes.keys().all(|cause| ["the reactor", "itself"].contains(cause)), "{causes:?}");
}

/// Sends ten numbers to `reader`, giving it time to wait for each.
async fn sends(numbers: smol::channel::Sender<u32>) {
    for number in 0..10 {
        numbers.send(number).await.unwrap();
        yield_now().await;
        yield_now().await;
    }
}

async fn reads(numbers: smol::channel::Receiver<u32>) -> u32 {
    let mut sum = 0;
    while let Ok(number) = numbers.recv().await {
        sum += number;
    }
    sum
}

#[test]
fn the_main_future_of_an_executor_is_neither_a_task_nor_input() {
    for is_local in [true, false] {
        let events = recorded(|| {
            let (sender, receiver) = smol::channel::bounded(1);
            if is_local {
                let ex = LocalExecutor::new();
                let reader = ex.spawn(reads(receiver));
                smol::block_on(ex.run(async {
                    sends(sender).await;
                    assert_eq!(reader.await, 45);
                }));
            } else {
                let ex = Executor::new();
                let reader = ex.spawn(reads(receiver));
                smol::block_on(ex.run(async {
                    sends(sender).await;
                    assert_eq!(reader.await, 45);
                }));
            }
        });
        let causes = causes(&events);
        assert_eq!(causes.keys().copied().collect::<Vec<_>>(), ["the main future"], "{causes:?}");
        assert!(causes["the main future"] >= 9, "{causes:?}");
    }
}

#[test]
fn the_future_of_block_on_is_the_main_future_of_the_global_executor() {
    let events = recorded(|| {
        let (sender, receiver) = smol::channel::bounded(1);
        let sum = smol::block_on(async {
            let reader = smol::spawn(reads(receiver));
            sends(sender).await;
            reader.await
        });
        assert_eq!(sum, 45);
    });
    let causes = causes(&events);
    assert!(causes.keys().all(|cause| ["the main future", "itself"].contains(cause)), "{causes:?}");
}

#[test]
fn a_task_wakes_a_task_and_a_thread_is_another_thread() {
    let events = recorded(|| {
        let ex = LocalExecutor::new();
        let (sender, receiver) = smol::channel::bounded(1);
        let (from_thread, of_thread) = smol::channel::bounded(1);
        let reader = ex.spawn(reads(receiver));
        let other = ex.spawn(reads(of_thread));
        ex.spawn(sends(sender)).detach();
        let thread = thread::Builder::new().spawn(move || from_thread.send_blocking(7).unwrap()).unwrap();
        let both = smol::future::zip(reader, other);
        assert_eq!(smol::block_on(ex.run(both)), (45, 7));
        thread.join().unwrap();
    });
    let reader = TaskId(events.iter().find_map(first_task).unwrap().0);
    for event in &events {
        match event.kind {
            EventKind::Enqueued { task, cause: EnqueueCause::OtherThread } => assert_eq!(task.0, reader.0 + 1),
            EventKind::Enqueued { task, cause: EnqueueCause::WokenBy(by) } if task == reader => {
                assert_eq!(by.0, reader.0 + 2);
            }
            _ => {}
        }
    }
    assert!(causes(&events).contains_key("a task"));
}

fn first_task(event: &Event) -> Option<TaskId> {
    match event.kind {
        EventKind::TaskSpawned { task, .. } => Some(task),
        _ => None,
    }
}

#[test]
fn what_a_thread_does_between_two_ticks_is_outside_of_all_tasks() {
    let events = recorded(|| {
        let ex = LocalExecutor::new();
        let (sender, receiver) = smol::channel::bounded(1);
        ex.spawn(async move { assert_eq!(receiver.recv().await, Ok(1)) }).detach();
        assert!(ex.try_tick());
        sender.try_send(1).unwrap();
        assert!(ex.try_tick());
    });
    assert_eq!(causes(&events), BTreeMap::from([("outside", 1)]));
}

#[test]
fn inside_of_a_block_on_within_a_task_the_task_and_the_reactor_are_told_apart() {
    let events = recorded(|| {
        let ex = LocalExecutor::new();
        let (sender, receiver) = smol::channel::bounded(1);
        let woken = ex.spawn(async move { assert_eq!(receiver.recv().await, Ok(1)) });
        let sleeper = ex.spawn(Timer::after(Duration::from_millis(1)));
        let blocks = ex.spawn(async move {
            yield_now().await;
            smol::block_on(async {
                sender.send(1).await.unwrap();
                Timer::after(Duration::from_millis(20)).await;
            });
        });
        smol::block_on(ex.run(async {
            blocks.await;
            woken.await;
            sleeper.await;
        }));
    });
    let causes = causes(&events);
    assert_eq!(causes.get("a timer"), Some(&1), "{causes:?}"); // the sleeper, while the other blocks
    assert_eq!(causes.get("a task"), Some(&1), "{causes:?}");
}
