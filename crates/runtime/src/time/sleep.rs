//! Waiting for time to pass.

use crate::core::Core;
use crate::core::timers::{Arming, Timer};
use crate::event::{Nanos, TimerPurpose, WaitOn};
use crate::task::wait::WaitPoint;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// Waits for at least `duration` of the run's time. The timer is set when this is first awaited, as in asyncio, and a
/// due timer only makes the task ready: it runs when its turn comes.
///
/// A zero duration is [`yield_now`](crate::yield_now). One that reaches beyond the end of the clock, as `Duration::MAX`
/// does, never ends.
///
/// # Panics
/// When awaited outside a run.
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    Sleep::new(Until::After(duration.into()), TimerPurpose::Sleep)
}

/// Waits until the run's clock shows `deadline`; not at all if that is over, and for ever if it is [`Nanos::MAX`].
///
/// # Panics
/// When awaited outside a run.
#[track_caller]
pub fn sleep_until(deadline: Nanos) -> Sleep {
    Sleep::new(Until::At(deadline), TimerPurpose::Sleep)
}

/// The future of [`sleep`] and [`sleep_until`].
#[derive(Debug)]
#[must_use = "a sleep does nothing until it is awaited"]
pub struct Sleep {
    until: Until,
    purpose: TimerPurpose,
    state: State,
    wait: WaitPoint,
}

#[derive(Debug, Clone, Copy)]
enum Until {
    After(Nanos),
    At(Nanos),
}

#[derive(Debug)]
enum State {
    New,
    /// A sleep of no length, which has given up its turn.
    Yielded,
    Armed {
        timer: Timer,
        length: Nanos,
    },
    Done,
}

impl Sleep {
    #[track_caller]
    fn new(until: Until, purpose: TimerPurpose) -> Self {
        Self { until, purpose, state: State::New, wait: WaitPoint::new() }
    }

    /// The wait for an interval's next tick.
    #[track_caller]
    pub(super) fn until_tick(deadline: Nanos) -> Self {
        Self::new(Until::At(deadline), TimerPurpose::Interval)
    }

    /// Polls as if awaited at `place`.
    pub(crate) fn poll_at(&mut self, cx: &mut Context<'_>, place: &'static Location<'static>) -> Poll<()> {
        match (&self.state, self.until) {
            (State::New, Until::After(Nanos::ZERO)) => {
                self.wait.record_yield(place);
                self.state = State::Yielded;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            (State::New, until) => {
                let armed = Core::with_at(self.wait.made_at().unwrap_or(place), |core| {
                    let now = core.now();
                    let deadline = match until {
                        Until::After(length) => now + length,
                        Until::At(deadline) => deadline,
                    };
                    let length = deadline.since(now);
                    let is_over = length == Nanos::ZERO && deadline < Nanos::MAX;
                    (!is_over).then(|| {
                        let site = core.await_site(place, self.wait.made_at());
                        let what = Arming { deadline, purpose: self.purpose, site };
                        State::Armed { timer: Timer::arm(core, what, cx), length }
                    })
                });
                self.state = armed.unwrap_or(State::Done);
            }
            (State::Armed { timer, .. }, _) if !timer.is_fired() => timer.rearm(cx.waker()),
            (State::Yielded | State::Armed { .. } | State::Done, _) => self.state = State::Done,
        }
        match &self.state {
            State::Armed { timer, length } if !timer.is_fired() => {
                let on = WaitOn::Sleep { timer: timer.id, length: *length };
                self.wait.record(&Poll::<()>::Pending, place, || on);
                Poll::Pending
            }
            _ => {
                self.wait.end();
                Poll::Ready(())
            }
        }
    }
}

impl Future for Sleep {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_at(cx, Location::caller())
    }
}
