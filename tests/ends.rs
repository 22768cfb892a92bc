//! How tasks end before their time, and what becomes of those beside them.

mod support;

use loopscope::event::{EventKind, Nanos, ResourceId, ResourceState, TaskId};
use loopscope::runtime::sync::{Condition, Event, Lock};
use loopscope::runtime::{
    RunError, TimedOut, Waited, When, gather, join_or_cancel, now, say, sleep, spawn, timeout, timeout_at, try_gather,
    wait, yield_now,
};
use loopscope::trace::{Diagnosis, Ending, Finding, Limits, Record, TaskStatus, Wording, diagnose};
use std::time::Duration;
use support::{lines, record};

const SECOND: Duration = Duration::from_secs(1);

fn status(record: &Record, task: u32) -> TaskStatus {
    record.status(record.edge(), TaskId(task)).unwrap()
}

/// Sleeps, says so, and gives the seconds back; odd ones fail.
async fn fetch(seconds: u32) -> Result<u32, String> {
    sleep(SECOND * seconds).await;
    say!("fetched {seconds}");
    if seconds.is_multiple_of(2) { Ok(seconds) } else { Err(format!("{seconds} is odd")) }
}

#[test]
fn a_cancelled_task_is_gone_when_its_answer_comes() {
    let (result, record) = record(async {
        let slow = spawn("slow", sleep(SECOND * 100));
        let quick = spawn("quick", async { 7 });
        yield_now().await;
        let cancelled = slow.cancel().await;
        let ended = quick.cancel().await;
        (cancelled, ended, now())
    });
    assert_eq!(result.unwrap(), (None, Some(7), Nanos::ZERO));
    assert_eq!(status(&record, 1), TaskStatus::Ended(Ending::Cancelled));
}

#[test]
fn a_panic_that_cancelling_finds_was_seen() {
    let (result, record) = record(async {
        let task = spawn("task", async { panic!("no luck") });
        yield_now().await;
        let canceller = spawn("canceller", async { task.cancel().await });
        canceller.await
    });
    assert!(matches!(result, Err(RunError::Panicked { .. })));
    let found = diagnose(&record, Limits::default(), &Wording::default());
    let is_accused = |found: &Diagnosis| found.finding == Finding::ResultNeverTaken && found.task == TaskId(1);
    assert!(!found.iter().any(is_accused), "{found:#?}");
}

#[test]
fn the_first_error_comes_at_once_and_the_others_run_on() {
    let (result, record) = record(async {
        let tasks = [2, 1, 4].map(|seconds| spawn(format!("{seconds}"), fetch(seconds)));
        let error = try_gather(tasks).await.unwrap_err();
        say!("{error}");
        sleep(SECOND * 2).await;
    });
    result.unwrap();
    assert_eq!(lines(&record), ["1.0 fetched 1", "1.0 1 is odd", "2.0 fetched 2"]);
}

#[test]
fn the_first_error_cancels_the_others_where_that_is_asked_for() {
    let (result, record) = record(async {
        let tasks = [2, 1, 4].map(|seconds| spawn(format!("{seconds}"), fetch(seconds)));
        let error = join_or_cancel(tasks).await.unwrap_err();
        say!("{error}");
        sleep(SECOND * 9).await;
    });
    result.unwrap();
    assert_eq!(lines(&record), ["1.0 fetched 1", "1.0 1 is odd"]);
    let ends = [1, 2, 3].map(|task| status(&record, task));
    let [cancelled, failed] = [Ending::Cancelled, Ending::Failed].map(TaskStatus::Ended);
    assert_eq!(ends, [cancelled, failed, cancelled]);
}

#[test]
fn without_an_error_the_outputs_come_in_order() {
    let (result, _) = record(async {
        let tasks = [4, 2, 6].map(|seconds| spawn(format!("{seconds}"), fetch(seconds)));
        (try_gather(tasks).await, try_gather(Vec::<loopscope::runtime::Task<Result<(), ()>>>::new()).await)
    });
    assert_eq!(result.unwrap(), (Ok(vec![4, 2, 6]), Ok(vec![])));
}

#[test]
fn a_panic_in_a_gathered_task_reaches_who_gathers() {
    loopscope::runtime::quiet_task_panics();
    let (result, _) = record(async {
        let bad = spawn("bad", async {
            sleep(SECOND).await;
            if now() > Nanos::ZERO {
                panic!("out of cheese");
            }
            Ok::<(), ()>(())
        });
        try_gather([bad]).await
    });
    assert_eq!(result, Err(RunError::Panicked { message: "out of cheese".into() }));
}

#[test]
fn waiting_for_the_first_gives_the_others_back() {
    let (result, record) = record(async {
        let tasks = [3, 1, 2].map(|seconds| {
            spawn(format!("{seconds}"), async move {
                sleep(SECOND * seconds).await;
                seconds
            })
        });
        let Waited { done, pending } = wait(tasks, When::First).await;
        say!("{} done, {} pending", done.len(), pending.len());
        let first = gather(done).await;
        let others = gather(pending).await;
        (first, others)
    });
    assert_eq!(result.unwrap(), (vec![1], vec![3, 2]));
    assert_eq!(lines(&record), ["1.0 1 done, 2 pending"]);
    assert_eq!(record.log().end(), Nanos::from_secs(3));
}

#[test]
fn when_the_time_is_up_the_future_is_dropped() {
    let (result, record) = record(async {
        let late = timeout(SECOND, sleep(SECOND * 3)).await;
        let in_time = timeout(SECOND * 3, async {
            sleep(SECOND).await;
            5
        })
        .await;
        let never = timeout_at(now(), sleep(SECOND)).await;
        let at_once = timeout(Duration::ZERO, async { 6 }).await;
        (late, in_time, never, at_once, now())
    });
    assert_eq!(result.unwrap(), (Err(TimedOut), Ok(5), Err(TimedOut), Ok(6), Nanos::from_secs(2)));
    assert!(record.edge().timers.is_empty());
    let cancelled = support::events(&record);
    let cancelled = cancelled.iter().filter(|event| matches!(event.kind, EventKind::TimerCancelled { .. })).count();
    // The sleeps that were cut short, and the timers of those that were in time.
    assert_eq!(cancelled, 4);
}

#[test]
fn nothing_is_handed_to_one_whose_time_is_up() {
    let (_, record) = record(async {
        let lock = Lock::new("lock");
        let held = lock.acquire().await;
        let tasks = [1, 5].map(|seconds| {
            let lock = lock.clone();
            spawn(format!("{seconds}"), async move {
                match timeout(SECOND * seconds, lock.acquire()).await {
                    Ok(_guard) => say!("{seconds} has it"),
                    Err(TimedOut) => say!("{seconds} gave up"),
                }
            })
        });
        sleep(SECOND).await; // wakes in the same turn as the first gives up
        drop(held);
        gather(tasks).await;
    });
    assert_eq!(lines(&record), ["1.0 1 gave up", "1.0 5 has it"]);
}

#[test]
fn the_record_knows_who_holds_a_lock_and_what_is_set() {
    let (_, record) = record(async {
        let (lock, flag) = (Lock::new("lock"), Event::new("flag"));
        let condition = Condition::new("condition", &lock);
        let waiter = spawn("waiter", {
            let (condition, flag) = (condition.clone(), flag.clone());
            async move {
                let guard = condition.lock().acquire().await;
                let _guard = condition.wait(guard).await;
                flag.wait().await;
                say!("both");
            }
        });
        yield_now().await;
        let guard = lock.acquire().await;
        say!("held");
        condition.notify_all(&guard);
        drop(guard);
        flag.set();
        waiter.await;
    });
    assert_eq!(lines(&record), ["0.0 held", "0.0 both"]);
    let resources = |line: usize| record.state_at(record.output()[line].index).resources;
    let (held, both) = (resources(0), resources(1));
    assert_eq!(held[&ResourceId(0)], Some(ResourceState::Lock { holder: Some(TaskId(0)) }));
    assert_eq!(held[&ResourceId(2)], Some(ResourceState::Condition { waiting: 1 }));
    assert_eq!(both[&ResourceId(0)], Some(ResourceState::Lock { holder: Some(TaskId(1)) }));
    assert_eq!(both[&ResourceId(1)], Some(ResourceState::Event { is_set: true }));
    assert_eq!(both[&ResourceId(2)], Some(ResourceState::Condition { waiting: 0 }));
}
