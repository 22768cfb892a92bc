//! Giving up after a while.

use super::core::Core;
use super::timers::{Timer, TimerCell};
use crate::event::Nanos;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

/// The time was up before the future was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time was up")]
pub struct TimedOut;

/// Runs `future` for at most `duration`, counted from the first poll; then it is dropped where it stands.
///
/// As on asyncio the time wins where both are due at once: a future whose wait is over but that has not run yet when
/// the timer fires is dropped all the same.
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F> {
    Timeout { limit: Limit::After(duration.into()), armed: None, future: Some(future) }
}

/// [`timeout`] at a time of the run's clock.
pub fn timeout_at<F: Future>(deadline: Nanos, future: F) -> Timeout<F> {
    Timeout { limit: Limit::At(deadline), armed: None, future: Some(future) }
}

pin_project! {
    /// The future of [`timeout`].
    #[derive(Debug)]
    #[must_use = "a timeout does nothing until it is awaited"]
    pub struct Timeout<F> {
        limit: Limit,
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

/// A timeout, or the body of a task group, as what waits inside it sees it.
#[derive(Debug)]
pub(super) struct Scope {
    limit: ScopeLimit,
    /// The one around it.
    outer: Option<Arc<Scope>>,
}

#[derive(Debug)]
enum ScopeLimit {
    Timer(Arc<TimerCell>),
    Abort(Arc<AtomicBool>),
}

impl ScopeLimit {
    fn is_over(&self) -> bool {
        match self {
            Self::Timer(cell) => cell.is_fired(),
            Self::Abort(is_aborted) => is_aborted.load(Ordering::Acquire),
        }
    }

    fn forgive(&self) {
        match self {
            Self::Timer(cell) => cell.forgive(),
            Self::Abort(is_aborted) => is_aborted.store(false, Ordering::Release),
        }
    }
}

impl Scope {
    /// What is over is not: something inside has met the cancellation, and the code goes on.
    pub(super) fn forgive(&self) {
        let chain = std::iter::successors(Some(self), |scope| scope.outer.as_deref());
        chain.filter(|scope| scope.limit.is_over()).for_each(|scope| scope.limit.forgive());
    }

    /// The body of a task group, which is left when `is_aborted` is set.
    pub(super) fn aborted_by(is_aborted: Arc<AtomicBool>) -> Self {
        Self { limit: ScopeLimit::Abort(is_aborted), outer: None }
    }

    pub(super) fn within(mut self, outer: Option<Arc<Scope>>) -> Arc<Self> {
        self.outer = outer;
        Arc::new(self)
    }

    /// Whether it, or one around it, is over: what waits inside will be dropped when its task runs.
    pub(super) fn is_over(&self) -> bool {
        std::iter::successors(Some(self), |scope| scope.outer.as_deref()).any(|scope| scope.limit.is_over())
    }
}

#[derive(Debug)]
struct Armed {
    timer: Timer,
    scope: Arc<Scope>,
    /// How many task groups its task is in, and how often that was cancelled before.
    depth: u32,
    cancels: u32,
}

impl Armed {
    fn new(limit: Limit, cx: &Context<'_>) -> Self {
        Core::with(|core| {
            let now = core.now();
            let deadline = match limit {
                Limit::After(length) => now + length,
                Limit::At(deadline) => deadline,
            };
            let timer = Timer::limit(core, deadline, cx);
            if deadline <= now {
                timer.put_first(core);
            }
            let limit = ScopeLimit::Timer(Arc::clone(timer.cell()));
            let scope = Arc::new(Scope { limit, outer: core.scope() });
            let (depth, cancels) = core.current_cell().map_or((0, 0), |cell| (cell.holds(), cell.cancels()));
            Self { timer, scope, depth, cancels }
        })
    }
}

impl Armed {
    /// What is told when the time is up. If the task was cancelled meanwhile and something told its result instead, the
    /// cancellation takes effect now: asyncio counts it still, and takes the time's for it.
    fn told(&self) -> Poll<TimedOut> {
        let cell = Core::with(Core::current_cell);
        match cell.filter(|cell| cell.cancels() > self.cancels) {
            Some(cell) => {
                cell.cancel_again();
                Poll::Pending
            }
            None => Poll::Ready(TimedOut),
        }
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let armed = this.armed.get_or_insert_with(|| Armed::new(*this.limit, cx));
        // Where the future awaits tasks, those were cancelled, and it is left when they have ended.
        let depth = armed.depth;
        let can_leave = || Core::with(|core| core.current_cell().is_none_or(|cell| cell.can_leave(depth)));
        if armed.timer.is_fired() && can_leave() {
            let told = armed.told();
            this.future.set(None);
            return told.map(Err);
        }
        armed.timer.rearm(cx.waker());
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Ready(Err(TimedOut)) };
        let outer = Core::with(|core| core.set_scope(Some(Arc::clone(&armed.scope))));
        let poll = future.poll(cx);
        Core::with(|core| core.set_scope(outer));
        // Where what is around this is over too, that one leaves.
        let is_outer_over = || {
            Core::with(|core| {
                core.scope().is_some_and(|scope| scope.is_over())
                    || core.current_cell().is_some_and(|cell| cell.is_cancelled())
            })
        };
        if poll.is_pending() && armed.timer.is_fired() && can_leave() && !is_outer_over() {
            let told = armed.told();
            this.future.set(None);
            return told.map(Err);
        }
        let output = std::task::ready!(poll);
        *this.armed = None;
        Poll::Ready(Ok(output))
    }
}
