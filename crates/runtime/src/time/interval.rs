//! Time that comes again and again.

use super::sleep::Sleep;
use crate::core::Core;
use crate::event::Nanos;
use futures_core::Stream;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// A clock that ticks every `period`, for the first time one period from now.
///
/// The ticks keep to their times: one that is taken late does not move the next. Ticks that nobody took are left out.
///
/// # Panics
/// Outside a run, or if the period has no length.
#[must_use]
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    assert!(!period.is_zero(), "{}: an interval needs a length", Location::caller());
    let period = Nanos::from(period);
    Interval { period, next: Core::with(Core::now) + period, sleep: None }
}

/// What [`interval`] gives: a stream of ticks.
#[derive(Debug)]
pub struct Interval {
    period: Nanos,
    next: Nanos,
    sleep: Option<Sleep>,
}

impl Interval {
    /// Waits for the next tick; gives the time at which it was due.
    #[track_caller]
    pub fn tick(&mut self) -> Tick<'_> {
        self.sleep.get_or_insert_with(|| Sleep::until_tick(self.next));
        Tick(self)
    }

    fn poll_tick(&mut self, cx: &mut Context<'_>, place: &'static Location<'static>) -> Poll<Nanos> {
        let sleep = self.sleep.get_or_insert_with(|| Sleep::until_tick(self.next));
        std::task::ready!(sleep.poll_at(cx, place));
        let due = self.next;
        let late = Core::with(Core::now).since(due);
        self.next = Nanos(due.0.saturating_add(self.period.0.saturating_mul(1 + late.0 / self.period.0)));
        self.sleep = None;
        Poll::Ready(due)
    }
}

/// The future of [`Interval::tick`].
#[derive(Debug)]
#[must_use = "a tick is waited for only when this is awaited"]
pub struct Tick<'a>(&'a mut Interval);

impl Future for Tick<'_> {
    type Output = Nanos;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Nanos> {
        self.0.poll_tick(cx, Location::caller())
    }
}

impl Stream for Interval {
    type Item = Nanos;

    #[track_caller]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Nanos>> {
        self.poll_tick(cx, Location::caller()).map(Some)
    }
}
