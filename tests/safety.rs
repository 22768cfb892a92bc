//! What must not bring a run down: wakes from everywhere and at any time, wakers that panic, loops within loops.

mod support;

use loopscope::event::{ClockKind, EnqueueCause, Event, EventKind};
use loopscope::runtime::{EventLoop, gather, say, sleep, spawn, spawn_local, yield_now};
use loopscope::trace::{Record, check};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use support::{events, lines, record, record_on};

const MILLI: Duration = Duration::from_millis(1);

fn assert_sound(record: &Record) {
    let violations = check(events(record));
    assert!(violations.is_empty(), "{violations:#?}");
}

/// Gives its waker away at the first poll, and is done at the second.
fn give_waker(to: mpsc::Sender<Waker>) -> impl Future<Output = ()> {
    let mut was_polled = false;
    poll_fn(move |cx| {
        if std::mem::replace(&mut was_polled, true) {
            return Poll::Ready(());
        }
        to.send(cx.waker().clone()).unwrap();
        Poll::Pending
    })
}

#[test]
fn wakes_after_the_end_do_nothing() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let (to, wakers) = mpsc::channel();
        let (result, _) = record_on(EventLoop::new().clock(clock), async move {
            spawn("waits for ever", give_waker(to)).detach();
            yield_now().await;
        });
        result.unwrap();
        let waker = wakers.recv().unwrap();
        waker.wake_by_ref();
        std::thread::scope(|scope| scope.spawn(|| waker.wake()).join().unwrap());
    }
}

#[test]
fn a_task_that_another_thread_wakes_as_the_run_ends_is_dropped_by_the_run() {
    struct Guard(Arc<Mutex<u32>>);
    impl Drop for Guard {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }
    for _ in 0..300 {
        let (to, wakers) = mpsc::channel::<Waker>();
        let waking = std::thread::Builder::new().spawn(move || wakers.iter().for_each(Waker::wake)).unwrap();
        let dropped = Arc::new(Mutex::new(0));
        let guards = Arc::clone(&dropped);
        EventLoop::new()
            .clock(ClockKind::Real)
            .run(async move {
                for _ in 0..4 {
                    let (to, guard) = (to.clone(), Guard(Arc::clone(&guards)));
                    spawn_local("woken", async move {
                        let _guard = guard;
                        give_waker(to).await;
                    })
                    .detach();
                }
                yield_now().await;
            })
            .unwrap();
        waking.join().unwrap();
        assert_eq!(*dropped.lock().unwrap(), 4);
    }
}

/// A waker that panics.
struct Bad;

impl Wake for Bad {
    fn wake(self: Arc<Self>) {
        panic!("a bad waker");
    }
}

#[test]
fn a_waker_that_panics_ends_nothing_but_itself() {
    loopscope::runtime::quiet_task_panics();
    let (result, record) = record(async {
        let mut sleeping = pin!(sleep(MILLI));
        // Somebody polls the sleep with a waker of theirs.
        assert!(sleeping.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::new(Bad)))).is_pending());
        sleep(MILLI * 2).await;
        say!("still here");
    });
    result.unwrap();
    assert_eq!(lines(&record), ["0.0 a waker panicked: a bad waker", "0.0 still here"]);
    assert_sound(&record);
}

#[test]
fn a_loop_runs_inside_a_task_of_another() {
    let (result, outer) = record(async {
        let before = spawn("before", sleep(MILLI));
        let (inner, record) = record(async {
            let task = spawn("inner task", async { sleep(Duration::from_secs(5)).await });
            task.await;
            7
        });
        assert_sound(&record);
        before.await;
        inner
    });
    assert_eq!(result.unwrap(), Ok(7));
    assert_sound(&outer);
    // The five seconds passed on the inner clock alone.
    assert_eq!(outer.log().end(), loopscope::event::Nanos::from_millis(1));
}

fn coalesced(events: &[Event]) -> Vec<EnqueueCause> {
    let wakes = events.iter().filter_map(|event| match event.kind {
        EventKind::WakeCoalesced { cause, .. } => Some(cause),
        _ => None,
    });
    wakes.collect()
}

#[test]
fn a_second_wake_of_a_ready_task_is_told_apart() {
    let (to, wakers) = mpsc::channel();
    let (result, record) = record(async move {
        let task = spawn("woken twice", give_waker(to));
        yield_now().await;
        let waker = wakers.recv().unwrap();
        waker.wake_by_ref();
        waker.wake_by_ref();
        task.await;
    });
    result.unwrap();
    assert_eq!(coalesced(&events(&record)), [EnqueueCause::WokenBy(loopscope::event::TaskId(0))]);
    assert_sound(&record);
}

#[test]
fn a_wake_from_another_thread_while_the_task_runs_is_named_so() {
    let (result, record) = record_on(EventLoop::new().clock(ClockKind::Real), async {
        let mut was_polled = false;
        poll_fn(move |cx| {
            if std::mem::replace(&mut was_polled, true) {
                return Poll::Ready(());
            }
            let waker = cx.waker().clone();
            std::thread::scope(|scope| scope.spawn(|| waker.wake()).join().unwrap());
            Poll::Pending
        })
        .await;
    });
    result.unwrap();
    let causes: Vec<EnqueueCause> = events(&record)
        .iter()
        .filter_map(|event| if let EventKind::Enqueued { cause, .. } = event.kind { Some(cause) } else { None })
        .collect();
    assert_eq!(causes, [EnqueueCause::Spawned, EnqueueCause::OtherThread]);
}

#[test]
fn a_socket_is_polled_no_more_often_than_it_is_ready() {
    // A waker that is new at each poll makes a reactor wake its task for ever.
    let (result, record) = record_on(EventLoop::new().clock(ClockKind::Real), async {
        let listener = loopscope::runtime::net::TcpListener::bind(([127, 0, 0, 1], 0)).await.unwrap();
        let waits = spawn_local("waits", {
            let address = listener.address();
            async move {
                let mut stream = loopscope::runtime::net::TcpStream::connect(address).await.unwrap();
                stream.read(&mut [0; 1]).await.unwrap()
            }
        });
        let stream = listener.accept().await.unwrap();
        sleep(MILLI * 50).await;
        drop(stream);
        gather([waits]).await
    });
    assert_eq!(result.unwrap(), [0]);
    let polls = events(&record).iter().filter(|event| matches!(event.kind, EventKind::PollStarted { .. })).count();
    assert!(polls < 30, "{polls} polls");
}
