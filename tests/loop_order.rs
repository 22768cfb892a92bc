//! The order in which the loop runs things: asyncio's, to the letter.

mod support;

use loopscope::event::{ClockKind, DropCause, EnqueueCause, EventKind, Nanos, ResourceId, ResourceState, TaskId};
use loopscope::runtime::sync::{Queue, QueueFull, Semaphore};
use loopscope::runtime::{EventLoop, RunError, Task, busy, gather, now, say, sleep, spawn, spawn_local, yield_now};
use loopscope::trace::{Ending, Record, TaskStatus};
use std::cell::RefCell;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{lines, record, record_on};

const SECOND: Duration = Duration::from_secs(1);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The lines printed by `main`, without their times.
fn said(main: impl Future<Output = ()> + 'static) -> Vec<String> {
    let (result, record) = record(main);
    result.unwrap();
    record.output().iter().map(|line| line.text.to_string()).collect()
}

#[test]
fn spawning_runs_nothing_yet() {
    let said = said(async {
        let child = spawn("child", async { say!("child") });
        say!("main");
        child.await;
        say!("main again");
    });
    assert_eq!(said, ["main", "child", "main again"]);
}

#[test]
fn tasks_run_in_the_order_they_became_ready() {
    let said = said(async {
        let tasks = ["a", "b", "c"].map(|name| {
            spawn(name, async move {
                for round in 0..2 {
                    say!("{name}{round}");
                    yield_now().await;
                }
            })
        });
        gather(tasks).await;
    });
    assert_eq!(said, ["a0", "b0", "c0", "a1", "b1", "c1"]);
}

#[test]
fn what_becomes_ready_in_a_batch_waits_for_the_next() {
    let (_, record) = record(async {
        let tasks = ["a", "b"].map(|name| spawn(name, yield_now()));
        gather(tasks).await;
    });
    // main; then a and b; then both again after their yield; then the group learns of both; then main.
    let batches: Vec<u32> = support::events(&record)
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::IterationStarted { batch } => Some(batch),
            _ => None,
        })
        .collect();
    assert_eq!(batches, [1, 2, 2, 2, 1, 1]);
}

#[test]
fn a_join_takes_one_turn_and_a_gather_two() {
    let said = said(async {
        let ticker = spawn("ticker", async {
            for tick in 0..5 {
                say!("tick {tick}");
                yield_now().await;
            }
        });
        spawn("joined", async {}).await;
        say!("joined");
        gather([spawn("gathered", async {})]).await;
        say!("gathered");
        ticker.await;
    });
    assert_eq!(said, ["tick 0", "tick 1", "joined", "tick 2", "tick 3", "tick 4", "gathered"]);
}

#[test]
fn timers_due_together_fire_in_the_order_they_were_set() {
    let said = said(async {
        let tasks = [3, 1, 2].map(|name| {
            spawn(format!("{name}"), async move {
                sleep(SECOND).await;
                say!("{name}");
            })
        });
        gather(tasks).await;
    });
    assert_eq!(said, ["3", "1", "2"]);
}

#[test]
fn a_busy_task_delays_every_timer() {
    let (_, record) = record(async {
        let sleeper = spawn("sleeper", async {
            sleep(millis(100)).await;
            say!("woken");
        });
        yield_now().await;
        busy(millis(300));
        sleeper.await;
    });
    assert_eq!(lines(&record), ["0.3 woken"]);
}

#[test]
fn a_sleep_begins_when_it_is_awaited() {
    let (_, record) = record(async {
        let nap = sleep(SECOND);
        busy(SECOND);
        nap.await;
        say!("rested");
    });
    assert_eq!(lines(&record), ["2.0 rested"]);
}

#[test]
fn a_sleep_of_nothing_gives_up_one_turn() {
    let said = said(async {
        let other = spawn("other", async { say!("other") });
        sleep(Duration::ZERO).await;
        say!("main");
        other.await;
    });
    assert_eq!(said, ["other", "main"]);
}

#[test]
fn results_come_in_the_order_of_the_arguments() {
    let (result, _) = record(async {
        let tasks = [3u64, 1, 2].map(|number| {
            spawn(format!("{number}"), async move {
                sleep(Duration::from_secs(number)).await;
                number
            })
        });
        gather(tasks).await
    });
    assert_eq!(result.unwrap(), [3, 1, 2]);
}

#[test]
fn gathering_nothing_or_the_already_ended_works() {
    let (result, _) = record(async {
        assert!(gather(Vec::<Task<()>>::new()).await.is_empty());
        let ended = spawn("ended", async { 5 });
        sleep(SECOND).await;
        assert!(ended.is_finished());
        gather([ended]).await
    });
    assert_eq!(result.unwrap(), [5]);
}

#[test]
fn permits_are_handed_on_first_come_first_served() {
    let said = said(async {
        let gate = Semaphore::new("gate", 1);
        let tasks = ["a", "b", "c"].map(|name| {
            let gate = gate.clone();
            spawn(name, async move {
                let _permit = gate.acquire().await;
                say!("{name}");
                sleep(SECOND).await;
            })
        });
        yield_now().await;
        yield_now().await;
        let _permit = gate.acquire().await;
        say!("main");
        gather(tasks).await;
    });
    assert_eq!(said, ["a", "b", "c", "main"]);
}

#[test]
fn a_cancelled_waiter_passes_its_permit_on() {
    let (result, _) = record(async {
        let gate = Semaphore::new("gate", 1);
        let held = gate.acquire().await;
        let [first, second] = ["first", "second"].map(|name| {
            let gate = gate.clone();
            spawn(name, async move {
                let _permit = gate.acquire().await;
            })
        });
        yield_now().await;
        drop(held); // wakes the first …
        drop(first); // … which is cancelled before it runs
        second.await;
        gate.free()
    });
    assert_eq!(result.unwrap(), 1);
}

#[test]
fn a_queue_passes_items_in_order_and_holds_its_bound() {
    let said = said(async {
        let queue = Queue::bounded("queue", NonZeroU32::new(2).unwrap());
        let producer = spawn("producer", {
            let queue = queue.clone();
            async move {
                for item in 0..5 {
                    queue.put(item).await;
                    say!("put {item}");
                }
            }
        });
        yield_now().await;
        assert_eq!(queue.try_put(9), Err(QueueFull(9)));
        for _ in 0..5 {
            say!("got {}", queue.get().await);
            yield_now().await;
        }
        assert!(queue.is_empty() && queue.try_get().is_none());
        producer.await;
    });
    assert_eq!(said, ["put 0", "put 1", "got 0", "put 2", "got 1", "put 3", "got 2", "put 4", "got 3", "got 4"]);
}

#[test]
fn a_cancelled_getter_passes_its_wake_on() {
    let (result, _) = record(async {
        let queue = Queue::unbounded("queue");
        let [first, second] = ["first", "second"].map(|name| {
            let queue = queue.clone();
            spawn(name, async move { queue.get().await })
        });
        yield_now().await;
        queue.put(7).await; // wakes the first …
        drop(first); // … which is cancelled before it runs
        second.await
    });
    assert_eq!(result.unwrap(), 7);
}

#[test]
fn the_batch_in_which_the_loop_learns_of_the_end_is_finished() {
    let said = said(async {
        spawn("ticker", async {
            for tick in 0.. {
                say!("tick {tick}");
                yield_now().await;
            }
        })
        .detach();
        yield_now().await;
        say!("main ends");
    });
    // As asyncio.run: main returns, its callback runs a turn later, and that turn's batch is still run.
    assert_eq!(said, ["tick 0", "main ends", "tick 1"]);
}

#[test]
fn unfinished_tasks_are_dropped_at_the_end_oldest_first() {
    struct Noted(&'static str, Arc<Mutex<Vec<&'static str>>>);
    impl Drop for Noted {
        fn drop(&mut self) {
            self.1.lock().unwrap().push(self.0);
        }
    }
    let dropped = Arc::new(Mutex::new(Vec::new()));
    let (_, record) = record({
        let dropped = Arc::clone(&dropped);
        async move {
            for name in ["a", "b", "c"] {
                let noted = Noted(name, Arc::clone(&dropped));
                spawn(name, async move {
                    sleep(Duration::from_secs(100)).await;
                    drop(noted);
                })
                .detach();
            }
            sleep(SECOND).await;
        }
    });
    assert_eq!(*dropped.lock().unwrap(), ["a", "b", "c"]);
    let causes: Vec<DropCause> = support::events(&record)
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::TaskDropped { cause, .. } => Some(cause),
            _ => None,
        })
        .collect();
    assert_eq!(causes, [DropCause::RunEnded; 3]);
    assert_eq!(record.log().end(), Nanos::from_secs(1));
}

#[test]
fn dropping_a_handle_cancels_and_detaching_does_not() {
    let (_, record) = record(async {
        drop(spawn("dropped", async { say!("never") }));
        spawn("detached", async { say!("detached") }).detach();
        yield_now().await;
    });
    assert_eq!(lines(&record), ["0.0 detached"]);
    let ended = record.status(record.edge(), TaskId(1)).unwrap();
    assert_eq!(ended, TaskStatus::Ended(Ending::Cancelled));
}

#[test]
fn waiting_for_ever_is_a_deadlock_that_names_who_waits() {
    let (result, record) = record(async {
        let queue = Queue::<u8>::unbounded("queue");
        let getter = spawn("getter", {
            let queue = queue.clone();
            async move { queue.get().await }
        });
        getter.await;
        drop(queue);
    });
    let Err(RunError::Deadlock { waiting }) = result else { panic!("{result:?}") };
    assert_eq!(waiting.iter().map(|name| &**name).collect::<Vec<_>>(), ["main", "getter"]);
    assert_eq!(record.log().end(), Nanos::ZERO);
}

#[test]
fn a_panic_ends_its_task_and_reaches_who_awaits_it() {
    loopscope::runtime::quiet_task_panics();
    let (result, record) = record(async {
        let other = spawn("other", async { sleep(SECOND).await });
        spawn("unobserved", async { panic!("nobody looks") }).detach();
        other.await;
        spawn("observed", async { panic!("out of cheese") }).await;
    });
    assert_eq!(result, Err(RunError::Panicked { message: "out of cheese".into() }));
    let status = |task| record.status(record.edge(), TaskId(task)).unwrap();
    assert_eq!(status(1), TaskStatus::Ended(Ending::Returned));
    assert_eq!(status(2), TaskStatus::Ended(Ending::Panicked));
    let panics: Vec<&str> = record.output().iter().filter(|line| line.is_panic).map(|line| &*line.text).collect();
    assert_eq!(panics, ["nobody looks", "out of cheese", "out of cheese"]);
}

/// Runs something when dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn a_panic_of_a_destructor_ends_its_task_only() {
    loopscope::runtime::quiet_task_panics();
    let (result, record) = record(async {
        let cancelled = spawn("cancelled", async {
            let _guard = OnDrop(|| panic!("while dropped"));
            sleep(SECOND).await;
        });
        yield_now().await;
        drop(cancelled);
        spawn("unfinished", async {
            let _guard = OnDrop(|| panic!("at the end"));
            sleep(SECOND * 100).await;
        })
        .detach();
        sleep(SECOND).await;
        say!("main lives");
    });
    assert_eq!(result, Ok(()));
    let said: Vec<&str> = record.output().iter().map(|line| &*line.text).collect();
    assert_eq!(said, ["while dropped", "main lives", "at the end"]);
}

#[test]
fn what_a_cancelled_task_releases_is_its_doing() {
    let (_, record) = record(async {
        let gate = Semaphore::new("gate", 1);
        let [holder, waiter] = ["holder", "waiter"].map(|name| {
            let gate = gate.clone();
            spawn(name, async move {
                let _permit = gate.acquire().await;
                sleep(SECOND).await;
            })
        });
        yield_now().await;
        drop(holder);
        waiter.await;
    });
    assert!(matches!(causes(&record, 2)[..], [EnqueueCause::Spawned, EnqueueCause::WokenBy(TaskId(1)), _]));
}

#[test]
fn the_record_counts_permits_as_the_semaphore_does() {
    let (free, record) = record(async {
        let gate = Semaphore::new("gate", 2);
        let (first, second) = (gate.acquire().await, gate.acquire().await);
        let [third, fourth] = ["third", "fourth"].map(|name| {
            let gate = gate.clone();
            spawn(name, async move {
                let _permit = gate.acquire().await;
                sleep(SECOND).await;
            })
        });
        yield_now().await;
        drop(first);
        let fifth = gate.clone();
        let fifth = spawn("fifth", async move {
            let _permit = fifth.acquire().await;
            sleep(SECOND).await;
        });
        drop(second);
        sleep(SECOND / 2).await;
        let free = gate.free();
        say!("counted");
        gather([third, fourth, fifth]).await;
        free
    });
    let counted = record.output()[0].index;
    let recorded = record.state_at(counted).resources[&ResourceId(0)];
    assert_eq!(recorded, Some(ResourceState::Semaphore { free: free.unwrap() }));
}

#[test]
fn dropping_what_one_waits_for_does_not_wake_oneself() {
    let (_, record) = record(async {
        let slow = || spawn("slow", sleep(SECOND * 100));
        smol::future::or(async { slow().await }, sleep(SECOND)).await;
        smol::future::or(async { drop(gather([slow(), slow()]).await) }, sleep(SECOND)).await;
        sleep(SECOND).await;
    });
    let main = causes(&record, 0);
    assert!(main[1..].iter().all(|cause| matches!(cause, EnqueueCause::Timer(_))), "{main:?}");
    assert_eq!(main.len(), 4);
}

#[test]
fn a_shared_thing_has_a_name_in_every_run_that_uses_it() {
    let gate = Semaphore::new("gate", 1);
    for _ in 0..2 {
        let gate = gate.clone();
        let (_, record) = record(async move { drop(gate.acquire().await) });
        assert_eq!(&*record.catalog().resources().next().unwrap().name, "gate");
    }
}

#[test]
fn waiting_for_each_other_is_a_deadlock_on_the_real_clock_too() {
    let (result, _) = record_on(EventLoop::new().clock(ClockKind::Real), async {
        let queue = Queue::<u8>::unbounded("queue");
        let getter = spawn("getter", {
            let queue = queue.clone();
            async move { queue.get().await }
        });
        sleep(millis(2)).await;
        getter.await;
        drop(queue);
    });
    assert!(matches!(result, Err(RunError::Deadlock { .. })), "{result:?}");
}

#[test]
fn local_tasks_may_share_what_is_not_send() {
    let (result, _) = record(async {
        let shared = Rc::new(RefCell::new(Vec::new()));
        let tasks = [1, 2].map(|number| {
            let shared = Rc::clone(&shared);
            spawn_local("local", async move { shared.borrow_mut().push(number) })
        });
        gather(tasks).await;
        shared.take()
    });
    assert_eq!(result.unwrap(), [1, 2]);
}

fn causes(record: &Record, task: u32) -> Vec<EnqueueCause> {
    support::events(record)
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::Enqueued { task: TaskId(enqueued), cause } if enqueued == task => Some(cause),
            _ => None,
        })
        .collect()
}

#[test]
fn every_enqueue_names_its_cause() {
    let (_, record) = record(async {
        let queue = Queue::unbounded("queue");
        let getter = spawn("getter", {
            let queue = queue.clone();
            async move { queue.get().await }
        });
        sleep(SECOND).await;
        queue.put(1).await;
        getter.await;
        gather([spawn("last", async {})]).await;
        yield_now().await;
    });
    use EnqueueCause::{Gathered, Joined, OwnYield, Spawned, Timer, WokenBy};
    let main = causes(&record, 0);
    assert!(
        matches!(main[..], [Spawned, Timer(_), Joined(TaskId(1)), Gathered(TaskId(2)), OwnYield(Some(_))]),
        "{main:?}"
    );
    assert_eq!(causes(&record, 1), [Spawned, WokenBy(TaskId(0))]);
}

#[test]
fn every_wait_names_the_line_of_its_await() {
    let first_line = line!() + 2;
    let (_, record) = record(async {
        sleep(SECOND).await;
        let task = spawn("boxed", Box::pin(async { Box::pin(sleep(SECOND)).await }));
        task.await;
        drop(Semaphore::new("gate", 1).acquire().await);
    });
    let places: Vec<(String, u32)> = support::events(&record)
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::WaitBegan { site, .. } => {
                let site = record.catalog().site(site).unwrap();
                Some((site.file_name().to_owned(), site.line - first_line))
            }
            _ => None,
        })
        .collect();
    // The await itself; the join; and, polled through a box, where the future was made.
    let file = "loop_order.rs".to_owned();
    assert_eq!(places, [(file.clone(), 0), (file.clone(), 2), (file, 1)]);
}

#[test]
fn another_thread_can_wake_a_task_of_a_sleeping_loop() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let (result, record) = record_on(EventLoop::new().clock(clock).control(paced()), async {
            let queue = Queue::unbounded("queue");
            let putter = std::thread::Builder::new()
                .spawn({
                    let queue = queue.clone();
                    move || queue.try_put(7).unwrap()
                })
                .unwrap();
            // Keeps the virtual loop from taking the wait for a deadlock.
            let guard = spawn("guard", sleep(Duration::from_secs(3600)));
            let item = queue.get().await;
            putter.join().unwrap();
            drop(guard);
            item
        });
        assert_eq!(result.unwrap(), 7, "{clock:?}");
        assert!(record.log().end() < Nanos::from_secs(60));
    }
}

/// At the speed of real time: a loop that sleeps an hour is woken, or the test hangs.
fn paced() -> loopscope::runtime::Control {
    loopscope::runtime::Control::new()
}

#[test]
fn sockets_and_smols_own_timers_work_on_the_real_clock() {
    let (result, _) = record_on(EventLoop::new().clock(ClockKind::Real), async {
        let listener = smol::Async::<std::net::TcpListener>::bind(([127, 0, 0, 1], 0)).unwrap();
        let address = listener.get_ref().local_addr().unwrap();
        let server = spawn("server", async move {
            use smol::io::AsyncWriteExt;
            let (mut stream, _) = listener.accept().await.unwrap();
            smol::Timer::after(millis(5)).await;
            stream.write_all(b"hello").await.unwrap();
        });
        let client = spawn("client", async move {
            use smol::io::AsyncReadExt;
            let mut stream = smol::Async::<std::net::TcpStream>::connect(address).await.unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            text
        });
        server.await;
        client.await
    });
    assert_eq!(result.unwrap(), "hello");
}

#[test]
fn on_the_real_clock_a_sleep_takes_at_least_its_time() {
    let (result, record) = record_on(EventLoop::new().clock(ClockKind::Real), async {
        let start = now();
        sleep(millis(20)).await;
        now() - start
    });
    assert!(result.unwrap() >= Nanos::from_millis(20));
    assert!(record.log().iter_from(0).is_sorted_by_key(|event| event.at));
}

#[test]
fn one_run_inside_another_does_not_disturb_it() {
    let (result, record) = record(async {
        let inner = EventLoop::new().run(async {
            sleep(SECOND).await;
            spawn("inner", async { 5 }).await
        });
        say!("outer");
        sleep(SECOND).await;
        inner.unwrap()
    });
    assert_eq!(result.unwrap(), 5);
    assert_eq!(lines(&record), ["0.0 outer"]);
    assert_eq!(record.catalog().tasks().len(), 1);
}
