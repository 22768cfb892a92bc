//! Timers of the reactor.

use super::recording::run;
use crate::event::{Nanos, WaitOn};
use crate::runtime::clock::Wall;
use crate::runtime::core::Core;
use crate::runtime::timers;
use crate::runtime::wait::WaitPoint;
use futures_core::Stream;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

/// A future or stream of the instants at which it fires: [`smol::Timer`] with a record.
///
/// In a recorded task of this module's executors it is a timer of the record, which names it as the cause of the wake.
/// Elsewhere it is the stock one.
///
/// ```
/// use loopscope::smol::{Timer, block_on};
/// use std::time::Duration;
///
/// block_on(Timer::after(Duration::from_millis(1)));
/// ```
#[derive(Debug)]
pub struct Timer {
    stock: ::smol::Timer,
    /// When it fires next, and how long after that again.
    next: Option<Instant>,
    period: Duration,
    armed: Option<Armed>,
    wait: WaitPoint,
}

/// The timer in the record.
#[derive(Debug)]
struct Armed {
    timer: timers::Timer,
    length: Nanos,
    /// What the reactor wakes.
    fires: Waker,
}

impl Timer {
    /// A timer that never fires.
    #[must_use]
    #[track_caller]
    pub fn never() -> Self {
        Self::new(None, Duration::MAX)
    }

    /// A timer that fires once, after `duration`.
    #[must_use]
    #[track_caller]
    pub fn after(duration: Duration) -> Self {
        Self::new(from_now(duration), Duration::MAX)
    }

    /// A timer that fires once, at `instant`.
    #[must_use]
    #[track_caller]
    pub fn at(instant: Instant) -> Self {
        Self::new(Some(instant), Duration::MAX)
    }

    /// A timer that fires after every `period`.
    #[must_use]
    #[track_caller]
    pub fn interval(period: Duration) -> Self {
        Self::new(from_now(period), period)
    }

    /// A timer that fires at `start`, and after every `period` from then on.
    #[must_use]
    #[track_caller]
    pub fn interval_at(start: Instant, period: Duration) -> Self {
        Self::new(Some(start), period)
    }

    #[track_caller]
    fn new(next: Option<Instant>, period: Duration) -> Self {
        let stock = next.map_or_else(::smol::Timer::never, |next| ::smol::Timer::interval_at(next, period));
        Self { stock, next, period, armed: None, wait: WaitPoint::new() }
    }

    /// Whether it will fire, if it is polled.
    #[must_use]
    pub fn will_fire(&self) -> bool {
        self.stock.will_fire()
    }

    /// Makes it fire once, after `duration`.
    pub fn set_after(&mut self, duration: Duration) {
        match from_now(duration) {
            Some(instant) => self.set_at(instant),
            None => self.clear(),
        }
    }

    /// Makes it fire at `instant`.
    pub fn set_at(&mut self, instant: Instant) {
        self.stock.set_at(instant);
        self.next = Some(instant);
        self.armed = None;
    }

    /// Makes it fire after every `period`.
    pub fn set_interval(&mut self, period: Duration) {
        match from_now(period) {
            Some(start) => self.set_interval_at(start, period),
            None => self.clear(),
        }
    }

    /// Makes it fire at `start`, and after every `period` from then on.
    pub fn set_interval_at(&mut self, start: Instant, period: Duration) {
        self.stock.set_interval_at(start, period);
        (self.next, self.period) = (Some(start), period);
        self.armed = None;
    }

    /// Makes it never fire.
    pub fn clear(&mut self) {
        self.stock.clear();
        self.next = None;
        self.armed = None;
    }

    /// Sets a timer of the record, which is told if the polling task is recorded.
    fn arm(&mut self, cx: &Context<'_>) {
        let Some((next, run)) = self.next.zip(run()) else { return };
        let deadline = run.start().map_or(Nanos::ZERO, |start| start.until(next));
        let armed = &mut self.armed;
        let told = Core::try_with(|core| {
            let is_recorded = core.is_recorded_guest() && core.current_task().is_some();
            if !is_recorded || armed.as_ref().is_some_and(|armed| armed.timer.is_told_to(core.epoch())) {
                return is_recorded;
            }
            let length = deadline.since(core.now());
            let (timer, fires) = timers::Timer::of_reactor(core, deadline, cx);
            *armed = Some(Armed { timer, length, fires });
            true
        });
        match armed {
            Some(armed) => armed.timer.rearm(cx.waker()),
            None if told != Some(true) => {
                let (timer, fires) = timers::Timer::untold(run, deadline, cx);
                *armed = Some(Armed { timer, length: Nanos::ZERO, fires });
            }
            None => {}
        }
    }

    /// Polls as if awaited at `place`.
    fn poll_at(&mut self, cx: &mut Context<'_>, place: &'static Location<'static>) -> Poll<Instant> {
        // One that is due is not set before it is found so: it is no wait.
        if self.armed.is_some() || self.next.is_none_or(|next| !Wall::now().has_passed(next)) {
            self.arm(cx);
        }
        let stock = Pin::new(&mut self.stock);
        let fired = match &self.armed {
            Some(armed) => stock.poll(&mut Context::from_waker(&armed.fires)),
            None => stock.poll(cx),
        };
        if let Some(Armed { timer, length, .. }) = &self.armed {
            let is_told = Core::try_with(|core| {
                if fired.is_ready() {
                    timer.found_due(core);
                }
                timer.is_told_to(core.epoch())
            });
            if is_told == Some(true) || fired.is_ready() {
                self.wait.record(&fired, place, || WaitOn::Sleep { timer: timer.id, length: *length });
            }
        }
        let fired = ready!(fired);
        self.armed = None;
        self.next = self.stock.will_fire().then(|| fired.checked_add(self.period)).flatten();
        Poll::Ready(fired)
    }
}

impl Future for Timer {
    type Output = Instant;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Instant> {
        self.poll_at(cx, Location::caller())
    }
}

impl Stream for Timer {
    type Item = Instant;

    #[track_caller]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Instant>> {
        self.poll_at(cx, Location::caller()).map(Some)
    }
}

/// The instant that long from now; none where the clock cannot reach it.
fn from_now(duration: Duration) -> Option<Instant> {
    Wall::now().after(duration.into())
}
