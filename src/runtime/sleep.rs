//! Waiting for time to pass.

use super::core::Core;
use super::timers::TimerCell;
use super::wait::WaitPoint;
use crate::event::{Nanos, TimerId, WaitOn};
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// Waits for at least `duration` of the run's time. The timer is set when this is first awaited, as in asyncio, and a
/// due timer only makes the task ready: it runs when its turn comes.
///
/// A zero duration is [`yield_now`](super::yield_now).
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    Sleep { length: duration.into(), state: State::New, wait: WaitPoint::new() }
}

/// The future of [`sleep`].
#[derive(Debug)]
#[must_use = "a sleep does nothing until it is awaited"]
pub struct Sleep {
    length: Nanos,
    state: State,
    wait: WaitPoint,
}

#[derive(Debug)]
enum State {
    New,
    /// A sleep of no length, which has given up its turn.
    Yielded,
    Armed {
        deadline: Nanos,
        timer: TimerId,
        cell: Arc<TimerCell>,
    },
    Done,
}

impl Future for Sleep {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let place = Location::caller();
        match &self.state {
            State::New if self.length == Nanos::ZERO => {
                self.wait.record_yield(place);
                self.state = State::Yielded;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            State::New => {
                self.state = Core::with(|core| {
                    let deadline = core.now() + self.length;
                    let (timer, cell) = core.arm(deadline, cx.waker());
                    State::Armed { deadline, timer, cell }
                });
            }
            State::Armed { cell, .. } if !cell.is_fired() => cell.rearm(cx.waker()),
            State::Yielded | State::Armed { .. } | State::Done => self.state = State::Done,
        }
        let Self { length, state, wait } = &mut *self;
        match state {
            State::Armed { timer, .. } => {
                let on = WaitOn::Sleep { timer: *timer, length: *length };
                wait.record(&Poll::<()>::Pending, place, || on);
                Poll::Pending
            }
            _ => {
                let over = Poll::Ready(());
                wait.record(&over, place, || unreachable!("a wait begins only when pending"));
                over
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let State::Armed { deadline, timer, cell } = &self.state
            && cell.cancel()
        {
            Core::try_with(|core| core.cancel_timer(*deadline, *timer));
        }
    }
}
