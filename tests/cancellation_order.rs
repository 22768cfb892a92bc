//! The order in which cancellations take effect: each line below is what CPython 3.11.7 prints at that second, for the
//! same program in Python.

use loopscope::event::{Event, EventKind};
use loopscope::runtime::sync::{Barrier, Condition, Event as AsyncEvent, Lock, Queue};
use loopscope::runtime::{
    EventLoop, RunError, TaskGroup, TimedOut, for_each, gather, generate, next, say, shield, sleep, spawn, spawn_local,
    task_group, timeout, try_gather, wait, yield_now,
};
use std::future::Future;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Prints when the code around it is left.
struct OnLeaving(&'static str);

impl Drop for OnLeaving {
    fn drop(&mut self) {
        say!("{} left", self.0);
    }
}

/// The printed lines with their seconds, then how the run ended.
fn lines(main: impl Future<Output = ()> + 'static) -> Vec<String> {
    let events = Arc::new(Mutex::new(Vec::<Event>::new()));
    let sink = Arc::clone(&events);
    let result = EventLoop::new().sink(move |chunk: &mut Vec<Event>| sink.lock().unwrap().append(chunk)).run(main);
    let mut lines: Vec<String> = std::mem::take(&mut *events.lock().unwrap())
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Printed { text, .. } => Some(format!("{} {text}", event.at.0 / 1_000_000_000)),
            _ => None,
        })
        .collect();
    lines.push(match result {
        Ok(()) => "ok".to_owned(),
        Err(RunError::Deadlock { .. }) => "deadlock".to_owned(),
        Err(other) => other.to_string(),
    });
    lines
}

#[test]
fn a_second_cancellation_sends_who_waits_at_a_condition_to_the_end_of_the_line() {
    let seen = lines(async {
        let condition = Condition::new("change", &Lock::new("its lock"));
        let busy = spawn("busy", {
            let condition = condition.clone();
            async move {
                yield_now().await;
                let _guard = condition.lock().acquire().await;
                sleep(secs(3)).await;
            }
        });
        let late = spawn("late", {
            let condition = condition.clone();
            async move {
                sleep(secs(1)).await;
                let _guard = condition.lock().acquire().await;
                say!("late holds the lock");
            }
        });
        let wait = async {
            let guard = condition.lock().acquire().await;
            drop(condition.wait(guard).await);
        };
        assert!(timeout(secs(2), timeout(Duration::ZERO, wait)).await.is_err());
        say!("main gave up");
        busy.await;
        late.await;
    });
    assert_eq!(seen, ["3 late holds the lock", "3 main gave up", "ok"]);
}

#[test]
fn a_timeout_inside_a_cancellation_that_was_swallowed_does_not_become_an_error() {
    let seen = lines(async {
        let inner = timeout(secs(1), async {
            let group = task_group(async |group: TaskGroup<&str>| {
                group.spawn("member", async { Ok(()) });
                Err::<(), _>("no luck")
            });
            assert!(group.await.is_err());
            say!("the group failed");
            sleep(secs(5)).await;
        });
        let outer = timeout(Duration::ZERO, async {
            match inner.await {
                Ok(()) => say!("the inner one was in time"),
                Err(TimedOut) => say!("the inner one timed out"),
            }
        });
        match outer.await {
            Ok(()) => say!("the outer one was in time"),
            Err(TimedOut) => say!("the outer one timed out"),
        }
    });
    assert_eq!(seen, ["0 the group failed", "1 the outer one timed out", "ok"]);
}

#[test]
fn tasks_that_are_gathered_are_cancelled_once_when_who_gathers_is() {
    let seen = lines(async {
        let slow = spawn("slow", async {
            let _left = OnLeaving("slow");
            let group = task_group(async |group: TaskGroup<()>| {
                group.spawn("member", async {
                    sleep(secs(2)).await;
                    Ok(())
                });
                Ok(())
            });
            assert!(group.await.is_ok());
        });
        let quick = spawn("quick", sleep(secs(2)));
        assert!(timeout(secs(1), gather([quick, slow])).await.is_err());
        say!("main gave up");
        yield_now().await;
        say!("main goes on");
        sleep(secs(1)).await;
    });
    assert_eq!(seen, ["1 main gave up", "1 main goes on", "1 slow left", "ok"]);
}

#[test]
fn a_stream_that_waits_for_a_queue_may_be_in_a_deadlock() {
    let numbers = |queue: &Queue<u32>| {
        let queue = queue.clone();
        generate("numbers", |out| async move {
            yield_now().await;
            out.give(queue.get().await).await;
            sleep(secs(1)).await;
            yield_now().await;
            out.give(queue.get().await).await;
        })
    };
    let all = lines(async move {
        let queue = Queue::unbounded("queue");
        for_each("numbers", numbers(&queue), async |number| say!("{number}")).await;
    });
    assert_eq!(all, ["deadlock"]);
    let one = lines(async move {
        let queue = Queue::unbounded("queue");
        assert!(queue.try_put(7).is_ok());
        let mut numbers = pin!(numbers(&queue));
        while let Some(number) = next("numbers", &mut numbers).await {
            say!("{number}");
        }
    });
    assert_eq!(one, ["0 7", "deadlock"]);
}

#[test]
fn who_waits_for_the_end_of_a_task_that_it_cancelled_sees_that_end_first() {
    let seen = lines(async {
        let waiter = spawn("waiter", async {
            let _left = OnLeaving("waiter");
            let condition = Condition::new("change", &Lock::new("its lock"));
            let inner = spawn("inner", {
                let condition = condition.clone();
                async move {
                    let _left = OnLeaving("inner");
                    let guard = condition.lock().acquire().await;
                    drop(condition.wait(guard).await);
                }
            });
            spawn("busy", async move {
                let _guard = condition.lock().acquire().await;
                sleep(secs(3)).await;
            })
            .detach();
            sleep(secs(1)).await;
            inner.cancel().await;
        });
        assert!(timeout(secs(2), waiter).await.is_err());
        say!("main gave up");
        sleep(secs(2)).await;
    });
    assert_eq!(seen, ["3 inner left", "3 waiter left", "3 main gave up", "ok"]);
}

#[test]
fn a_group_whose_body_is_over_and_whose_last_task_has_ended_takes_no_more() {
    let seen = lines(async {
        let group = task_group(async |group: TaskGroup<()>| {
            let known = group.clone();
            group.spawn_local("member", async move {
                spawn_local("outsider", async move {
                    yield_now().await;
                    let late = || known.spawn("late", async { Ok(()) });
                    let spawned = catch_unwind(AssertUnwindSafe(late));
                    say!("{}", if spawned.is_ok() { "accepted" } else { "refused" });
                })
                .detach();
                Ok(())
            });
            Ok(())
        });
        assert!(group.await.is_ok());
        say!("the group is over");
    });
    assert_eq!(seen, ["0 refused", "0 the group is over", "ok"]);
}

#[test]
fn a_gather_of_results_that_is_cancelled_waits_for_all() {
    let seen = lines(async {
        let quick = spawn("quick", async {
            sleep(secs(2)).await;
            Ok::<_, ()>(())
        });
        let slow = spawn("slow", async {
            let _left = OnLeaving("slow");
            spawn("inner", async { spawn("innermost", sleep(secs(2))).await }).await;
            Ok(())
        });
        assert!(timeout(secs(1), gather([quick, slow])).await.is_err());
        say!("main gave up");
        sleep(secs(1)).await;
    });
    assert_eq!(seen, ["1 slow left", "1 main gave up", "ok"]);
}

#[test]
fn a_barrier_that_is_left_by_two_cancellations_is_one_short() {
    let seen = lines(async {
        let barrier = Barrier::new("start", NonZeroU32::new(2).unwrap());
        let other = spawn("other", {
            let barrier = barrier.clone();
            async move {
                sleep(secs(1)).await;
                let place = timeout(secs(1), barrier.wait()).await;
                say!("other {}", if place.is_ok() { "met" } else { "timed out" });
            }
        });
        let both = timeout(Duration::ZERO, timeout(Duration::ZERO, barrier.wait())).await;
        say!("main {}", if both.is_ok() { "met" } else { "timed out" });
        other.await;
    });
    assert_eq!(seen, ["0 main timed out", "2 other timed out", "ok"]);
}

/// Tasks that each wait for the next, by that way of waiting; the last waits for ever.
fn chain(length: u32, link: fn(Chain) -> Chain) -> Chain {
    Box::pin(async move {
        if length == 0 {
            AsyncEvent::new("never").wait().await;
        } else {
            link(chain(length - 1, link)).await;
        }
    })
}

type Chain = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs a long chain of tasks on a small stack, cancels its first and waits for its end.
fn cancel_chain(link: fn(Chain) -> Chain) {
    const LENGTH: u32 = 200_000;
    let run = move || {
        EventLoop::new().run(async move {
            let first = spawn("first", chain(LENGTH, link));
            sleep(secs(1)).await;
            first.cancel().await
        })
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    assert_eq!(thread.join().unwrap(), Ok(None));
}

#[test]
fn a_long_chain_of_joins_is_cancelled_without_recursion() {
    cancel_chain(|rest| Box::pin(async move { spawn("link", rest).await }));
}

#[test]
fn a_long_chain_of_gathers_is_cancelled_without_recursion() {
    cancel_chain(|rest| Box::pin(async move { drop(gather([spawn("link", rest)]).await) }));
}

#[test]
fn a_long_chain_of_gathers_of_results_is_cancelled_without_recursion() {
    cancel_chain(|rest| {
        Box::pin(async move {
            let link = spawn("link", async move {
                rest.await;
                Ok::<_, ()>(())
            });
            drop(try_gather([link]).await);
        })
    });
}

#[test]
fn a_long_chain_of_groups_is_cancelled_without_recursion() {
    cancel_chain(|rest| {
        Box::pin(async move {
            let group = task_group(async |group: TaskGroup<()>| {
                group.spawn("link", async move {
                    rest.await;
                    Ok(())
                });
                Ok(())
            });
            drop(group.await);
        })
    });
}

#[test]
fn a_long_chain_of_timeouts_is_cancelled_without_recursion() {
    cancel_chain(|rest| Box::pin(async move { _ = timeout(secs(9), spawn("link", rest)).await }));
}

#[test]
fn long_chains_of_shields_and_waits_are_left_and_dropped_without_recursion() {
    cancel_chain(|rest| Box::pin(async move { shield(spawn("link", rest)).await }));
    cancel_chain(|rest| {
        Box::pin(async move { drop(wait([spawn("link", rest)], loopscope::runtime::When::All).await) })
    });
}

#[test]
fn a_long_chain_ends_fails_and_is_dropped_without_recursion() {
    fn link(length: u32, last: fn()) -> Chain {
        Box::pin(async move {
            if length == 0 {
                yield_now().await;
                last();
            } else {
                spawn("link", link(length - 1, last)).await;
            }
        })
    }
    std::panic::set_hook(Box::new(|_| {}));
    let run = || {
        assert_eq!(EventLoop::new().run(link(200_000, || {})), Ok(()));
        let failed = EventLoop::new().run(link(200_000, || panic!("at the end")));
        assert_eq!(failed, Err(RunError::Panicked { message: "at the end".into() }));
        let dropped = EventLoop::new().run(async {
            spawn("first", chain(200_000, |rest| Box::pin(async move { spawn("link", rest).await }))).detach();
            sleep(secs(1)).await;
        });
        assert_eq!(dropped, Ok(()));
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}
