//! The stand-in for async-executor: whatever becomes of the record, the program runs as it would without one; and the
//! record makes sense, whenever it begins and ends.

use loopscope::event::{ClockKind, EnqueueCause, Event, EventKind, Outcome};
use loopscope::executor::{Executor, Recording, record};
use loopscope::runtime::EventLoop;
use loopscope::trace::{Record, check};
use smol::future::yield_now;
use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

/// The record is the process's: one test at a time may keep it.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

type Events = Arc<Mutex<Vec<Event>>>;

fn listen() -> (Recording, Events) {
    let events = Events::default();
    let sink = {
        let events = Arc::clone(&events);
        move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
    };
    (record("test", sink), events)
}

/// What was heard, which must make sense.
fn heard(events: &Events) -> Vec<Event> {
    let events = std::mem::take(&mut *events.lock().unwrap());
    let violations = check(&events);
    assert!(violations.is_empty(), "{violations:#?}");
    assert!(matches!(events.last().map(|event| &event.kind), Some(EventKind::RunEnded { .. })), "{events:#?}");
    events
}

async fn some_turns() -> u32 {
    for _ in 0..3 {
        yield_now().await;
    }
    7
}

#[test]
fn a_task_goes_on_when_its_record_ends() {
    let _alone = alone();
    for ticks in [0, 1] {
        let (recording, events) = listen();
        let ex = Executor::new();
        let task = ex.spawn(some_turns());
        (0..ticks).for_each(|_| assert!(ex.try_tick()));
        drop(recording);
        assert_eq!(smol::block_on(ex.run(task)), 7);
        heard(&events);
    }
}

#[test]
fn a_record_that_takes_anothers_place_lives_on_and_the_other_has_an_end() {
    let _alone = alone();
    let (first, of_first) = listen();
    let (second, of_second) = listen();
    drop(first);
    let ex = Executor::new();
    assert_eq!(smol::block_on(ex.run(ex.spawn(some_turns()))), 7);
    drop(second);
    let first = heard(&of_first);
    assert_eq!(first.last().map(|event| &event.kind), Some(&EventKind::RunEnded { outcome: Outcome::Detached }));
    assert_eq!(first.len(), 2);
    assert!(heard(&of_second).len() > 10);
}

#[test]
fn a_stop_is_not_the_programs_end() {
    let _alone = alone();
    let (recording, events) = listen();
    recording.control().stop();
    let ex = Executor::new();
    assert_eq!(smol::block_on(ex.run(ex.spawn(some_turns()))), 7);
    drop(recording);
    heard(&events);
}

#[test]
fn tasks_of_an_executor_that_is_dropped_inside_a_loop_are_not_the_loops() {
    let _alone = alone();
    let (recording, events) = listen();
    let ex = Executor::new();
    (0..3).for_each(|_| ex.spawn(pending::<()>()).detach());
    let result = EventLoop::new().clock(ClockKind::Real).run(async move {
        drop(ex);
        smol::Timer::after(Duration::from_millis(5)).await;
        1
    });
    assert_eq!(result, Ok(1));
    drop(recording);
    let dropped = heard(&events).iter().filter(|event| matches!(event.kind, EventKind::TaskDropped { .. })).count();
    assert_eq!(dropped, 3);
}

#[test]
fn wakes_after_a_tasks_end_are_not_told() {
    let _alone = alone();
    let (recording, events) = listen();
    let ex = Executor::new();
    let slot: Arc<Mutex<Option<Waker>>> = Arc::default();
    let keeps_waker = ex.spawn({
        let slot = Arc::clone(&slot);
        poll_fn(move |cx| {
            *slot.lock().unwrap() = Some(cx.waker().clone());
            Poll::Ready(())
        })
    });
    smol::block_on(ex.run(keeps_waker));
    slot.lock().unwrap().take().into_iter().for_each(Waker::wake);
    // One that looked at another, let it go and ended before it.
    let mut other = ex.spawn(some_turns());
    let looks = ex.spawn(async move {
        poll_fn(|cx| {
            let _looked = Pin::new(&mut other).poll(cx);
            Poll::Ready(())
        })
        .await;
        other.detach();
    });
    smol::block_on(ex.run(async {
        looks.await;
        while !ex.is_empty() {
            yield_now().await;
        }
    }));
    drop(recording);
    heard(&events);
}

#[test]
fn a_task_of_an_earlier_record_is_met_anew() {
    let _alone = alone();
    let (first, _) = listen();
    let ex = Executor::new();
    let cancelled = ex.spawn(pending::<()>());
    let goes_on = ex.spawn(async {
        for _ in 0..1000 {
            yield_now().await;
        }
    });
    assert!(ex.try_tick() && ex.try_tick());
    drop(first);
    let (second, events) = listen();
    drop(cancelled);
    smol::block_on(ex.run(goes_on));
    drop(second);
    let spawned = heard(&events).iter().filter(|event| matches!(event.kind, EventKind::TaskSpawned { .. })).count();
    assert_eq!(spawned, 1, "the cancelled one is never met");
}

#[test]
fn a_task_that_is_dropped_while_a_thread_wakes_it_does_not_become_ready_again() {
    const ROUNDS: usize = 5_000;
    let _alone = alone();
    for is_cancelled in [false, true] {
        let (recording, events) = listen();
        let (slot, is_over): (Arc<Mutex<Option<Waker>>>, Arc<AtomicBool>) = Default::default();
        let alive = Arc::new(()); // held by each task that was not dropped
        let thread = thread::Builder::new().spawn({
            let (slot, is_over) = (Arc::clone(&slot), Arc::clone(&is_over));
            move || {
                while !is_over.load(Ordering::Relaxed) {
                    let waker = slot.lock().unwrap().clone();
                    waker.into_iter().for_each(|waker| (0..50).for_each(|_| waker.wake_by_ref()));
                }
            }
        });
        for _ in 0..ROUNDS {
            let (ex, slot, alive) = (Executor::new(), Arc::clone(&slot), Arc::clone(&alive));
            let task = ex.spawn(poll_fn(move |cx| {
                let _held = &alive;
                *slot.lock().unwrap() = Some(cx.waker().clone());
                Poll::<()>::Pending
            }));
            assert!(ex.try_tick());
            if is_cancelled {
                drop(task)
            } else {
                task.detach()
            }
            drop(ex);
        }
        is_over.store(true, Ordering::Relaxed);
        thread.unwrap().join().unwrap();
        drop(recording);
        let events = heard(&events);
        let dropped = events.iter().filter(|event| matches!(event.kind, EventKind::TaskDropped { .. })).count();
        // A wake may leave a task in the queue of an executor that is gone: the stock executor never drops it then.
        assert_eq!(dropped, ROUNDS + 1 - Arc::strong_count(&alive));
    }
}

#[test]
fn records_that_begin_and_end_while_threads_tick_have_an_end_when_they_are_dropped() {
    let _alone = alone();
    let (ex, is_over) = (Arc::new(Executor::new()), Arc::new(AtomicBool::new(false)));
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let (ex, is_over) = (Arc::clone(&ex), Arc::clone(&is_over));
            let ticks = move || {
                while !is_over.load(Ordering::Relaxed) {
                    ex.spawn(some_turns()).detach();
                    while ex.try_tick() {}
                }
            };
            thread::Builder::new().spawn(ticks)
        })
        .collect();
    for _ in 0..300 {
        let (recording, events) = listen();
        (0..10).for_each(|_| thread::yield_now());
        drop(recording);
        let events = heard(&events);
        assert!(matches!(events.last().unwrap().kind, EventKind::RunEnded { .. }));
    }
    is_over.store(true, Ordering::Relaxed);
    threads.into_iter().for_each(|thread| thread.unwrap().join().unwrap());
}

/// Wakes a task when it is dropped.
struct WakesWhenDropped(Arc<Mutex<Option<Waker>>>);

impl Drop for WakesWhenDropped {
    fn drop(&mut self) {
        self.0.lock().unwrap().take().into_iter().for_each(Waker::wake);
    }
}

#[test]
fn a_task_that_is_dropped_while_nobody_looks_at_its_executor_tells_what_its_destructors_do() {
    let _alone = alone();
    let (recording, events) = listen();
    let (gone, stays) = (Executor::new(), Executor::new());
    let slot: Arc<Mutex<Option<Waker>>> = Arc::default();
    let woken = stays.spawn({
        let (slot, mut is_first) = (Arc::clone(&slot), true);
        poll_fn(move |cx| {
            *slot.lock().unwrap() = Some(cx.waker().clone());
            if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }
        })
    });
    assert!(stays.try_tick());
    let guard = WakesWhenDropped(Arc::clone(&slot));
    gone.spawn(async move {
        let _guard = guard;
        loopscope::smol::Timer::after(Duration::from_secs(3600)).await;
        pending::<()>().await;
    })
    .detach();
    assert!(gone.try_tick());
    drop(gone);
    smol::block_on(stays.run(woken));
    drop(recording);
    let events = heard(&events);
    let place = |is_it: &dyn Fn(&EventKind) -> bool| events.iter().position(|event| is_it(&event.kind));
    let armed = place(&|kind| matches!(kind, EventKind::TimerArmed { .. })).unwrap();
    let cancelled = place(&|kind| matches!(kind, EventKind::TimerCancelled { .. })).unwrap();
    let ended = place(&|kind| matches!(kind, EventKind::WaitEnded { .. })).unwrap();
    let dropped = place(&|kind| matches!(kind, EventKind::TaskDropped { .. })).unwrap();
    assert!(armed < cancelled.min(ended) && cancelled.max(ended) < dropped, "{events:#?}");
    let EventKind::TaskDropped { task, .. } = events[dropped].kind else { unreachable!() };
    let by_it =
        |kind: &EventKind| matches!(kind, EventKind::Enqueued { cause: EnqueueCause::WokenBy(by), .. } if *by == task);
    assert!(events.iter().any(|event| by_it(&event.kind)), "{events:#?}");
    let mut record = Record::default();
    events.into_iter().for_each(|event| record.push(event));
    assert!(record.edge().timers.is_empty());
}
