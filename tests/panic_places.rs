//! A panic of a public function names the line of the program that called it, not one of this crate.

use loopscope::event::Nanos;
use loopscope::runtime::sync::{Condition, Lock, Queue};
use loopscope::runtime::{
    EventLoop, When, as_completed, busy, fs, gather, input, interval, join_or_cancel, now, say, shield, sleep,
    sleep_until, spawn, spawn_blocking, spawn_local, task_group, timeout, timeout_at, try_gather, wait, yield_now,
};
use loopscope::smol::block_on;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// The message with which this panics begins with this file's name.
fn names_the_caller(what: &str, f: impl FnOnce()) {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err(what);
    let message = payload.downcast_ref::<String>().unwrap_or_else(|| panic!("{what}: no message"));
    assert!(message.starts_with(concat!(file!(), ":")), "{what}: {message}");
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn outside_a_run_the_caller_is_named() {
    std::panic::set_hook(Box::new(|_| {}));
    names_the_caller("now", || _ = now());
    names_the_caller("busy", || busy(SECOND));
    names_the_caller("say", || say!("nothing"));
    names_the_caller("spawn", || _ = spawn("task", async {}));
    names_the_caller("spawn_local", || _ = spawn_local("task", async {}));
    names_the_caller("spawn_blocking", || _ = spawn_blocking("job", || {}));
    names_the_caller("interval", || _ = interval(SECOND));
    names_the_caller("interval of no length", || _ = interval(Duration::ZERO));
    names_the_caller("sleep", || block_on(sleep(SECOND)));
    names_the_caller("sleep of no length", || block_on(sleep(Duration::ZERO)));
    names_the_caller("sleep_until", || block_on(sleep_until(Nanos(1))));
    names_the_caller("yield_now", || block_on(yield_now()));
    names_the_caller("input", || _ = block_on(input("?")));
    names_the_caller("timeout", || _ = block_on(timeout(SECOND, async {})));
    names_the_caller("timeout_at", || _ = block_on(timeout_at(Nanos(1), async {})));
    names_the_caller("fs::read", || _ = block_on(fs::read("nowhere")));
    names_the_caller("fs::open", || _ = block_on(fs::open("nowhere")));
    names_the_caller("group.spawn", || {
        _ = block_on(task_group(async |group: loopscope::runtime::TaskGroup<()>| {
            group.spawn("task", async { Ok(()) });
            Ok(())
        }));
    });
}

#[test]
fn tasks_that_are_waited_for_outside_a_run_name_the_caller() {
    std::panic::set_hook(Box::new(|_| {}));
    let ended = || {
        let run = EventLoop::new().run(async {
            let task = spawn("task", async { Ok::<(), ()>(()) });
            yield_now().await;
            [task]
        });
        run.unwrap()
    };
    names_the_caller("gather", || _ = gather(ended()));
    names_the_caller("try_gather", || _ = try_gather(ended()));
    names_the_caller("join_or_cancel", || _ = join_or_cancel(ended()));
    names_the_caller("wait", || _ = wait(ended(), When::All));
    names_the_caller("as_completed", || _ = as_completed("ended", ended()));
    let [task] = ended();
    assert_eq!(block_on(shield(task)), Ok(()), "a task that has ended needs no run");
}

#[test]
fn wrong_uses_name_the_caller() {
    std::panic::set_hook(Box::new(|_| {}));
    names_the_caller("wait of no tasks", || _ = wait::<()>([], When::First));
    names_the_caller("task_done", || Queue::<u8>::unbounded("queue").task_done());
    names_the_caller("a guard of another lock", || {
        let (one, other) = (Lock::new("one"), Lock::new("other"));
        let guard = block_on(other.acquire());
        drop(Condition::new("condition", &one).wait(guard));
    });
    names_the_caller("notify with a guard of another lock", || {
        let (one, other) = (Lock::new("one"), Lock::new("other"));
        Condition::new("condition", &one).notify_all(&block_on(other.acquire()));
    });
}
