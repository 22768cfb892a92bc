//! Giving up after a while.

use crate::core::Core;
use crate::core::cancel::Entered;
use crate::core::timers::{Arming, Leaving, TimedOut, Timer};
use crate::event::{Nanos, TimerPurpose};
use crate::probe::place::Place;
use crate::task::labels::awaited_at;
use pin_project_lite::pin_project;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// Runs `future` for at most `duration`, counted from the first poll; then it is dropped where it stands.
///
/// As on asyncio the time wins where both are due at once: a future whose wait is over but that has not run yet when
/// the timer fires is dropped all the same. A duration that reaches beyond the end of the clock, as `Duration::MAX` does,
/// is no limit.
///
/// # Panics
/// When awaited outside a run.
#[track_caller]
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F> {
    Timeout { limit: Limit::After(duration.into()), made_at: Location::caller(), armed: None, future: Some(future) }
}

/// [`timeout`] at a time of the run's clock; [`Nanos::MAX`] is no limit.
///
/// # Panics
/// When awaited outside a run.
#[track_caller]
pub fn timeout_at<F: Future>(deadline: Nanos, future: F) -> Timeout<F> {
    Timeout { limit: Limit::At(deadline), made_at: Location::caller(), armed: None, future: Some(future) }
}

pin_project! {
    /// The future of [`timeout`].
    #[derive(Debug)]
    #[must_use = "a timeout does nothing until it is awaited"]
    pub struct Timeout<F> {
        limit: Limit,
        made_at: Place,
        armed: Option<Armed>,
        #[pin]
        future: Option<F>,
    }
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    After(Nanos),
    At(Nanos),
}

#[derive(Debug)]
struct Armed {
    timer: Timer,
    scope: Entered,
    /// How many requests to leave what is around it stood before.
    requests: u32,
}

impl Armed {
    fn new(limit: Limit, polled_at: Place, made_at: Place, cx: &Context<'_>) -> Self {
        let scope = Entered::new();
        let timer = Core::with_at(made_at, |core| {
            let now = core.now();
            let deadline = match limit {
                Limit::After(length) => now + length,
                Limit::At(deadline) => deadline,
            };
            let site = core.await_site(polled_at, Some(made_at));
            let what = Arming { deadline, purpose: TimerPurpose::Limit, site };
            let timer = Timer::limit(core, what, cx, Leaving { target: scope.target().clone(), site });
            if deadline <= now && deadline < Nanos::MAX {
                timer.put_first(core);
            }
            timer
        });
        let requests = scope.scope().requests_around();
        Self { timer, scope, requests }
    }

    /// What is told where a cancellation leaves it: that the time is up, unless something else was cancelled meanwhile.
    fn leave(self) -> Poll<TimedOut> {
        let scope = self.scope.scope();
        if self.timer.is_fired() && scope.requests_around() <= self.requests {
            scope.catch();
            return Poll::Ready(TimedOut);
        }
        self.scope.propagate();
        Poll::Pending
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, TimedOut>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let place = Location::caller();
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let armed = this.armed.get_or_insert_with(|| Armed::new(*this.limit, place, this.made_at, cx));
        armed.timer.rearm(cx.waker());
        let polled = armed.scope.poll(|| awaited_at(place, || future.poll(cx)));
        if let Some(Poll::Pending) = polled {
            return Poll::Pending;
        }
        let armed = this.armed.take();
        match polled {
            Some(poll) => poll.map(Ok),
            None => {
                this.future.set(None); // what it leaves is left before anybody hears of it
                armed.map_or(Poll::Pending, Armed::leave).map(Err)
            }
        }
    }
}
