//! The far end of the virtual clock: what lies beyond it never comes.

use loopscope::event::Nanos;
use loopscope::runtime::sync::Queue;
use loopscope::runtime::{
    EventLoop, RunError, busy, interval, now, race, sleep, sleep_until, spawn, spawn_blocking, timeout, timeout_at,
};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

const LAST: Nanos = Nanos(Nanos::MAX.0 - 1);

fn is_deadlock<T: 'static>(main: impl Future<Output = T> + 'static) -> bool {
    matches!(EventLoop::new().run(main), Err(RunError::Deadlock { .. }))
}

#[test]
fn a_sleep_beyond_the_end_of_the_clock_never_ends() {
    assert!(is_deadlock(sleep(Duration::MAX)));
    assert!(is_deadlock(async { sleep_until(Nanos::MAX).await }));
    assert!(is_deadlock(async {
        sleep(Duration::from_secs(5)).await;
        sleep(Duration::from_nanos(u64::MAX - 1)).await;
    }));
}

#[test]
fn a_timeout_beyond_the_end_of_the_clock_is_no_limit() {
    assert!(is_deadlock(async { timeout(Duration::MAX, Queue::<u8>::unbounded("queue").get()).await }));
    assert!(is_deadlock(async { timeout_at(Nanos::MAX, Queue::<u8>::unbounded("queue").get()).await }));
    let in_time = EventLoop::new().run(timeout(Duration::MAX, async {
        sleep(Duration::from_secs(1)).await;
        7
    }));
    assert_eq!(in_time, Ok(Ok(7)));
}

#[test]
fn a_timeout_without_limit_is_left_by_the_one_around_it() {
    let main = timeout(Duration::from_secs(1), timeout(Duration::MAX, sleep(Duration::MAX)));
    assert!(EventLoop::new().run(main).unwrap().is_err());
}

#[test]
fn an_interval_beyond_the_end_of_the_clock_never_ticks() {
    assert!(is_deadlock(async { interval(Duration::MAX).tick().await }));
    let ticks = EventLoop::new().run(async {
        let mut interval = interval(Duration::from_nanos(u64::MAX / 2 + 1));
        let first = interval.tick().await;
        (first, timeout(Duration::from_secs(1), interval.tick()).await.is_err())
    });
    assert_eq!(ticks, Ok((Nanos(u64::MAX / 2 + 1), true)));
}

#[test]
fn the_last_time_of_the_clock_comes_and_nothing_after_it() {
    let at = EventLoop::new().run(async {
        sleep_until(LAST).await;
        now()
    });
    assert_eq!(at, Ok(LAST));
    assert!(is_deadlock(async {
        sleep_until(LAST).await;
        sleep(Duration::from_secs(1)).await;
    }));
}

#[test]
fn computing_beyond_the_end_of_the_clock_stops_there() {
    let at = EventLoop::new().run(async {
        busy(Duration::MAX);
        busy(Duration::from_secs(1));
        now()
    });
    assert_eq!(at, Ok(LAST));
    // A job that would take that long never ends.
    assert!(matches!(
        EventLoop::new().run(async { spawn_blocking("job", || busy(Duration::MAX)).await }),
        Err(RunError::NeedsRealClock { .. })
    ));
}

#[test]
fn a_race_with_a_sleep_that_never_ends_is_decided_by_the_others() {
    type Branch = Pin<Box<dyn Future<Output = u8>>>;
    let never: Branch = Box::pin(async {
        sleep(Duration::MAX).await;
        1
    });
    let soon: Branch = Box::pin(async { spawn("soon", async { 2 }).await });
    assert_eq!(EventLoop::new().run(race([never, soon])), Ok(2));
}
