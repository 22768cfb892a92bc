//! Timers of the reactor.

use super::recording::run;
use crate::core::Core;
use crate::core::run::Run;
use crate::core::timers;
use crate::event::{EnqueueCause, Nanos, TimerPurpose, WaitOn};
use crate::probe::clock::Wall;
use crate::task::wait::WaitPoint;
use futures_core::Stream;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::{Duration, Instant};

/// A future or stream of the instants at which it fires: [`smol::Timer`] with a record.
///
/// In a recorded task of this module's executors it is a timer of the record, which names it as the cause of the wake.
/// Elsewhere it is the stock one.
///
/// ```
/// use loopscope_runtime::smol::{Timer, block_on};
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

/// What the reactor wakes through a waker of its own, so that the wake has its cause.
#[derive(Debug)]
enum Armed {
    /// A timer of the record, and how long it takes.
    Recorded { timer: timers::Timer, length: Nanos, fires: Waker },
    /// One that was set while its task was not recorded.
    Unrecorded { timer: Arc<Unrecorded>, fires: Waker },
}

impl Armed {
    fn unrecorded(cx: &Context<'_>) -> Self {
        let timer = Arc::new(Unrecorded(Mutex::new(cx.waker().clone())));
        Self::Unrecorded { fires: Waker::from(Arc::clone(&timer)), timer }
    }

    /// What the reactor is to wake.
    fn fires(&self) -> &Waker {
        match self {
            Self::Recorded { fires, .. } | Self::Unrecorded { fires, .. } => fires,
        }
    }

    fn is_told_to(&self, core: &Core) -> bool {
        match self {
            Self::Recorded { timer, .. } => timer.is_told_to(core.epoch()),
            Self::Unrecorded { .. } => false,
        }
    }

    /// Makes it wake this task.
    fn rearm(&self, waker: &Waker) {
        match self {
            Self::Recorded { timer, .. } => timer.rearm(waker),
            Self::Unrecorded { timer, .. } => timer.waker().clone_from(waker),
        }
    }
}

/// What the reactor wakes when a timer is due that is in no record. A record that began since names it all the same as the
/// cause of its wake.
#[derive(Debug)]
struct Unrecorded(Mutex<Waker>);

impl Unrecorded {
    /// What it wakes.
    fn waker(&self) -> MutexGuard<'_, Waker> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Unrecorded {
    fn wake(self: Arc<Self>) {
        let waker = self.waker().clone();
        let Some(run) = run() else { return waker.wake() };
        let cause = EnqueueCause::Timer(run.ids.timers.issue());
        match Core::current().filter(|core| Arc::ptr_eq(&core.run, run)) {
            Some(core) => core.telling(cause, || waker.wake()),
            None => Run::with_outside_cause(cause, || waker.wake()),
        }
    }
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

    /// Sets a timer, which is in the record if the polling task is recorded.
    fn arm(&mut self, cx: &Context<'_>, place: &'static Location<'static>) {
        let Some(next) = self.next else { return };
        let (armed, made_at) = (&mut self.armed, self.wait.made_at());
        Core::try_with(|core| {
            let is_recorded = core.is_recorded_guest() && core.current_task().is_some();
            if !is_recorded || armed.as_ref().is_some_and(|armed| armed.is_told_to(core)) {
                return;
            }
            let deadline = core.run.start().map_or(Nanos::ZERO, |start| start.until(next));
            let length = deadline.since(core.now());
            let what =
                timers::Arming { deadline, purpose: TimerPurpose::Library, site: core.await_site(place, made_at) };
            let (timer, fires) = timers::Timer::of_reactor(core, what, cx);
            *armed = Some(Armed::Recorded { timer, length, fires });
        });
        armed.get_or_insert_with(|| Armed::unrecorded(cx)).rearm(cx.waker());
    }

    /// Polls as if awaited at `place`.
    fn poll_at(&mut self, cx: &mut Context<'_>, place: &'static Location<'static>) -> Poll<Instant> {
        // One that is due is not set before it is found so: it is no wait.
        if self.armed.is_some() || self.next.is_none_or(|next| !Wall::now().has_passed(next)) {
            self.arm(cx, place);
        }
        let stock = Pin::new(&mut self.stock);
        let fired = match &self.armed {
            Some(armed) => stock.poll(&mut Context::from_waker(armed.fires())),
            None => stock.poll(cx),
        };
        if let Some(Armed::Recorded { timer, length, .. }) = &self.armed {
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
