//! A program of stock executors that is under way before anybody listens. The test is alone in its process, so nobody has
//! listened before.

use loopscope::event::{EnqueueCause, Event, EventKind, TaskId};
use loopscope::executor::{Recording, record};
use loopscope::smol::{self, Executor, Timer};
use loopscope::trace::check;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

type Events = Arc<Mutex<Vec<Event>>>;

fn listen() -> (Recording, Events) {
    let events = Events::default();
    let sink = Arc::clone(&events);
    (record("test", move |chunk: &mut Vec<Event>| sink.lock().unwrap().append(chunk)), events)
}

/// What was heard, which must make sense.
fn heard(events: &Events) -> Vec<Event> {
    let events = std::mem::take(&mut *events.lock().unwrap());
    assert_eq!(check(&events), []);
    events
}

/// Polls a timer once, and then waits until it has woken this: as a set of futures does, which polls only those that were
/// woken.
#[derive(Default)]
struct Relay {
    outer: Mutex<Option<Waker>>,
    is_woken: AtomicBool,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        let outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner).take();
        outer.into_iter().for_each(Waker::wake);
    }
}

async fn waits_in_a_set(length: Duration, relay: Arc<Relay>) {
    let (mut timer, mut is_set) = (Timer::after(length), false);
    poll_fn(move |cx| {
        *relay.outer.lock().unwrap() = Some(cx.waker().clone());
        if !is_set {
            is_set = true;
            let waker = Waker::from(Arc::clone(&relay));
            return Pin::new(&mut timer).poll(&mut Context::from_waker(&waker)).map(drop);
        }
        if relay.is_woken.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

fn causes(events: &[Event], of: TaskId) -> Vec<EnqueueCause> {
    let cause = |event: &Event| match event.kind {
        EventKind::Enqueued { task, cause } if task == of => Some(cause),
        _ => None,
    };
    events.iter().filter_map(cause).collect()
}

#[test]
fn a_timer_that_was_set_before_the_first_record_wakes_as_a_timer() {
    let ex = Executor::new();
    let relay = Arc::new(Relay::default());
    let waits = ex.spawn(waits_in_a_set(Duration::from_millis(300), Arc::clone(&relay)));
    assert!(ex.try_tick(), "the timer is set while nobody listens");
    let (recording, events) = listen();
    // It is polled for another reason, and so comes to be known, while the timer runs.
    let waker = relay.outer.lock().unwrap().clone();
    waker.into_iter().for_each(Waker::wake);
    assert!(ex.try_tick());
    smol::block_on(ex.run(waits));
    drop(recording);
    let before = heard(&events);
    let of_it = before.iter().find_map(|event| match &event.kind {
        EventKind::TaskSpawned { task, name, .. } if name.contains("waits_in_a_set") => Some(*task),
        _ => None,
    });
    let told = causes(&before, of_it.unwrap());
    assert!(matches!(told[..], [EnqueueCause::BeforeRecord, EnqueueCause::Timer(_)]), "{told:?}");
}
