//! A lock that blocks the thread, in tasks that share that thread; and one that is awaited.

use crate::runtime::sync::Lock;
use crate::runtime::{busy, gather, say, sleep, spawn_local, timeout};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

// Blocks the thread until the lock is free or the limit is over. What it does is told of the line that calls it.
#[track_caller]
fn take(lock: &Mutex<()>, limit: Duration) -> Option<MutexGuard<'_, ()>> {
    let held = lock.try_lock().ok();
    if held.is_none() {
        busy(limit); // nobody else runs on this thread
    }
    held.or_else(|| lock.try_lock().ok())
}

async fn with_thread_lock(name: &str, lock: Rc<Mutex<()>>, limit: Duration) {
    let held = take(&lock, limit); //~ thread-lock
    if held.is_none() {
        return say!("{name}: gives up"); //~ thread-gives-up
    }
    say!("{name}: has the lock"); //~ thread-has
    sleep(SECOND).await; //~ thread-sleep
    say!("{name}: releases the lock"); //~ thread-releases
}

async fn with_async_lock(name: &str, lock: Lock, limit: Duration) {
    let held = timeout(limit, lock.acquire()).await; //~ async-lock
    if held.is_err() {
        return say!("{name}: gives up"); //~ async-gives-up
    }
    say!("{name}: has the lock"); //~ async-has
    sleep(SECOND).await; //~ async-sleep
    say!("{name}: releases the lock"); //~ async-releases
}

async fn main(kind: &str, limit: Duration) {
    let names = ["writer", "reader"];
    let tasks = if kind == "thread" {
        let lock = Rc::new(Mutex::new(()));
        names.map(|name| {
            spawn_local(name, with_thread_lock(name, lock.clone(), limit)) //~ thread-spawn
        })
    } else {
        let lock = Lock::new("lock");
        names.map(|name| {
            spawn_local(name, with_async_lock(name, lock.clone(), limit)) //~ async-spawn
        })
    };
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/mixing-sync-and-async.md")),
    params: &[
        Param { name: "lock", label: "lock", bounds: Bounds::Choice { of: &["thread", "async"] } },
        Param { name: "limit", label: "time limit of the reader", bounds: Bounds::millis(2000) },
    ],
    rust: Source::rust("mixing_sync_and_async.rs", include_str!("mixing_sync_and_async.rs"))
        .naming(&[("lock", "kind")]),
    python: Source::python("mixing_sync_and_async.py", include_str!("../../../assets/python/mixing_sync_and_async.py"))
        .naming(&[("lock", "kind")]),
    ..Scenario::new("mixing-sync-and-async", "The wrong kind of lock (blocking)", |params| {
        Program::on_loop(main(params.choice("lock"), params.time("limit")))
    })
};
