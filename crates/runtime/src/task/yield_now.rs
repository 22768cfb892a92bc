//! Giving up one's turn.

use super::wait::WaitPoint;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Goes to the end of the ready queue: everyone who is ready now runs first.
///
/// # Panics
/// When awaited outside a run.
#[track_caller]
pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false, wait: WaitPoint::new() }
}

/// The future of [`yield_now`].
#[derive(Debug)]
#[must_use = "a yield does nothing until it is awaited"]
pub struct YieldNow {
    yielded: bool,
    wait: WaitPoint,
}

impl Future for YieldNow {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.wait.record_yield(Location::caller());
        self.yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
