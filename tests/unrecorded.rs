//! What nobody hears is not put into words: a program that is not recorded pays for no text.

use loopscope::event::{ClockKind, Discard};
use loopscope::runtime::{EventLoop, describe_errors, say, spawn, spawn_blocking};
use std::fmt::{self, Display};
use std::sync::atomic::{AtomicUsize, Ordering};

static FORMATTED: AtomicUsize = AtomicUsize::new(0);

/// Counts how often it is put into words.
struct Counts;

impl Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FORMATTED.fetch_add(1, Ordering::Relaxed);
        f.write_str("counted")
    }
}

/// Prints, fails and panics, in tasks and in jobs.
async fn says_much() {
    say!("a task prints: {Counts}");
    spawn("fails", async { Err::<(), _>(Counts) }).await.unwrap_err();
    spawn_blocking("prints", || say!("a job prints: {Counts}")).await;
    spawn_blocking("fails", || Err::<(), _>(Counts)).await.unwrap_err();
}

fn formatted(event_loop: EventLoop) -> usize {
    let before = FORMATTED.load(Ordering::Relaxed);
    assert!(event_loop.run(says_much()).is_ok());
    FORMATTED.load(Ordering::Relaxed) - before
}

#[test]
fn what_nobody_records_is_not_formatted() {
    describe_errors::<(), Counts>();
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        assert_eq!(formatted(EventLoop::new().clock(clock)), 0, "{clock:?}");
        assert_eq!(formatted(EventLoop::new().clock(clock).sink(Discard)), 4, "{clock:?}");
    }
}

#[test]
#[should_panic(expected = "this works only inside a run")]
fn printing_outside_of_a_run_is_a_mistake_all_the_same() {
    say!("{}", 1);
}
