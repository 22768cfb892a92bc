//! Tasks on several threads: the record must be one story, whichever thread told which part of it.

mod support;

use loopscope::event::{ClockKind, Event, EventKind, WorkerId};
use loopscope::runtime::sync::{Barrier, Event as AsyncEvent, Lock, Queue, Semaphore};
use loopscope::runtime::{
    Control, EventLoop, RunError, Smol, When, busy, gather, say, sleep, spawn, spawn_blocking, timeout, wait, yield_now,
};
use loopscope::trace::check;
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

const MILLI: Duration = Duration::from_millis(1);

/// Runs `main` on that many threads; its result and its events.
fn run<F>(threads: usize, main: F) -> (Result<F::Output, RunError>, Vec<Event>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    run_with(Control::new(), threads, main)
}

fn run_with<F>(control: Control, threads: usize, main: F) -> (Result<F::Output, RunError>, Vec<Event>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let events = Arc::clone(&events);
        move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
    };
    let result = Smol::new(NonZeroUsize::new(threads).unwrap()).control(control).sink(sink).run(main);
    let events = std::mem::take(&mut *events.lock().unwrap());
    (result, events)
}

fn assert_no_violation(events: &[Event]) {
    let violations = check(events);
    let first: Vec<String> = violations.iter().take(5).map(ToString::to_string).collect();
    assert!(violations.is_empty(), "{} violations, such as\n{}", violations.len(), first.join("\n"));
}

fn count(events: &[Event], is: impl Fn(&EventKind) -> bool) -> usize {
    events.iter().filter(|event| is(&event.kind)).count()
}

#[test]
fn a_hundred_thousand_tasks_on_four_threads_with_wakes_from_a_fifth_make_one_story() {
    const TASKS: usize = 100_000;
    let (to_thread, wakers) = mpsc::channel::<std::task::Waker>();
    let thread = std::thread::Builder::new()
        .spawn(move || wakers.iter().for_each(std::task::Waker::wake))
        .expect("a thread for the foreign wakes");
    let (result, events) = run(4, async move {
        let mut tasks = Vec::with_capacity(TASKS);
        for number in 0..TASKS {
            let to_thread = to_thread.clone();
            tasks.push(spawn("task", async move {
                let mut was_woken = false;
                std::future::poll_fn(|cx| {
                    if std::mem::replace(&mut was_woken, true) {
                        return std::task::Poll::Ready(());
                    }
                    to_thread.send(cx.waker().clone()).unwrap();
                    std::task::Poll::Pending
                })
                .await;
                if number.is_multiple_of(3) {
                    yield_now().await;
                }
                number
            }));
        }
        drop(to_thread);
        gather(tasks).await.into_iter().sum::<usize>()
    });
    thread.join().unwrap();
    assert_eq!(result, Ok(TASKS * (TASKS - 1) / 2));
    assert_no_violation(&events);
    let ended = count(
        &events,
        |kind| matches!(kind, EventKind::PollEnded { outcome, .. } if *outcome == loopscope::event::PollOutcome::Ready),
    );
    assert_eq!(ended, TASKS + 1);
    let workers: BTreeSet<WorkerId> = events.iter().map(|event| event.worker).collect();
    assert!(workers.contains(&WorkerId::OUTSIDE), "{workers:?}");
}

#[test]
fn everything_that_tasks_share_works_on_four_threads() {
    let (result, events) = run(4, async {
        let (lock, semaphore, queue) = (Lock::new("lock"), Semaphore::new("semaphore", 3), Queue::unbounded("queue"));
        let total = Arc::new(Mutex::new(0));
        let tasks: Vec<_> = (0..400)
            .map(|number: u32| {
                let (lock, semaphore, queue, total) =
                    (lock.clone(), semaphore.clone(), queue.clone(), Arc::clone(&total));
                spawn(format!("task {number}"), async move {
                    let permit = semaphore.acquire().await;
                    let guard = lock.acquire().await;
                    *total.lock().unwrap() += number;
                    yield_now().await;
                    drop((guard, permit));
                    if number.is_multiple_of(10) {
                        sleep(MILLI).await;
                        assert!(timeout(MILLI, std::future::pending::<()>()).await.is_err());
                    }
                    queue.put(number).await;
                })
            })
            .collect();
        let mut sum = 0;
        for _ in 0..400 {
            sum += queue.get().await;
        }
        gather(tasks).await;
        (sum, *total.lock().unwrap())
    });
    assert_eq!(result, Ok((400 * 399 / 2, 400 * 399 / 2)));
    assert_no_violation(&events);
}

#[test]
fn each_thread_runs_its_own_busy_task() {
    let (result, events) = run(2, async {
        let tasks = [0, 1].map(|number| {
            spawn(format!("busy {number}"), async move {
                say!("begin");
                busy(MILLI * 30);
            })
        });
        gather(tasks).await;
    });
    result.unwrap();
    assert_no_violation(&events);
}

#[test]
fn a_stop_ends_every_thread() {
    let control = Control::new();
    let stopper = {
        let control = control.clone();
        move || control.stop()
    };
    let (result, events) = run_with(control, 3, async move {
        let tasks: Vec<_> = (0..3)
            .map(|_| {
                spawn("for ever", async {
                    loop {
                        busy(MILLI);
                        yield_now().await;
                    }
                })
            })
            .collect();
        let sleeper = spawn("sleeper", sleep(Duration::from_secs(3600)));
        sleep(MILLI * 5).await;
        stopper();
        gather::<()>(tasks).await;
        sleeper.await;
    });
    assert_eq!(result, Err(RunError::Stopped));
    assert_no_violation(&events);
    assert_eq!(count(&events, |kind| matches!(kind, EventKind::TaskDropped { .. })), 5);
}

#[test]
fn a_panic_of_main_is_its_result_and_the_others_are_dropped() {
    loopscope::runtime::quiet_task_panics();
    let (result, events) = run(2, async {
        let _other = spawn("other", std::future::pending::<()>());
        yield_now().await;
        panic!("out of cheese");
    });
    assert_eq!(result, Err::<(), _>(RunError::Panicked { message: "out of cheese".into() }));
    assert_no_violation(&events);
}

#[test]
fn tasks_that_meet_on_several_threads_never_miss_each_other() {
    let (result, _) = run(3, async {
        for _ in 0..5_000 {
            let barrier = Barrier::new("barrier", NonZeroU32::new(2).unwrap());
            let other = barrier.clone();
            let tasks =
                [spawn("one", async move { barrier.wait().await }), spawn("two", async move { other.wait().await })];
            assert_eq!(gather(tasks).await.iter().sum::<u32>(), 1);
        }
    });
    result.unwrap();
}

#[test]
fn each_end_counts_once_however_the_threads_race() {
    let (result, _) = run(3, async {
        for _ in 0..3_000 {
            let tasks = || {
                let slow = spawn("slow", sleep(Duration::from_micros(50)));
                [slow].into_iter().chain((0..6).map(|_| spawn("quick", async {})))
            };
            gather(tasks()).await;
            assert!(wait(tasks(), When::All).await.pending.is_empty());
        }
    });
    result.unwrap();
}

#[test]
fn wakes_that_race_make_one_story() {
    let (result, events) = run(3, async {
        let slot: Arc<Mutex<Option<Waker>>> = Arc::default();
        let is_over: Arc<AtomicBool> = Arc::default();
        let wakers: Vec<_> = (0..3)
            .map(|_| {
                let (slot, is_over) = (Arc::clone(&slot), Arc::clone(&is_over));
                std::thread::Builder::new().spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        let waker = slot.lock().unwrap().clone();
                        waker.into_iter().for_each(Waker::wake);
                    }
                })
            })
            .collect();
        let mut polls = 0;
        let task = spawn("woken", {
            let slot = Arc::clone(&slot);
            poll_fn(move |cx| {
                polls += 1;
                *slot.lock().unwrap() = Some(cx.waker().clone());
                if polls > 3_000 { Poll::Ready(()) } else { Poll::Pending }
            })
        });
        task.await;
        is_over.store(true, Ordering::Relaxed);
        wakers.into_iter().for_each(|thread| thread.unwrap().join().unwrap());
    });
    result.unwrap();
    assert_no_violation(&events);
}

#[test]
fn a_job_that_is_under_way_is_no_deadlock() {
    let result = EventLoop::new().clock(ClockKind::Real).run(async {
        let flag = AsyncEvent::new("flag");
        let (go, wait_for_it) = mpsc::channel::<()>();
        let _job = spawn_blocking("sets the flag", {
            let flag = flag.clone();
            move || {
                wait_for_it.recv().unwrap();
                flag.set();
            }
        });
        let goes = spawn("goes", async move { go.send(()).unwrap() });
        flag.wait().await;
        goes.await;
    });
    assert_eq!(result, Ok(()));
}
