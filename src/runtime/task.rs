//! Tasks: spawning, joining, and the wrapper that records each poll.

use super::busy::StopRequest;
use super::core::{Core, Doing};
use super::live::Live;
use super::panics;
use super::recorder::Place;
use super::shared::Shared;
use super::wait::WaitPoint;
use crate::event::{DropCause, EventKind, PollOutcome, TaskId, WaitOn};
use async_task::{Builder, ScheduleInfo, WithInfo};
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// What async-task keeps beside each future.
#[derive(Debug)]
pub(super) struct Meta {
    pub(super) task: TaskId,
}

pub(super) type Runnable = async_task::Runnable<Meta>;

/// A spawned task. It runs by itself; awaiting this gives its output.
///
/// Dropping it cancels the task, as in smol: it is dropped when its turn comes, at its current `.await`. Use
/// [`detach`](Task::detach) to let it run on unobserved. A task that panicked panics in the task that awaits it.
#[must_use = "dropping a task cancels it; use `detach()` to let it run on"]
pub struct Task<T> {
    inner: Option<async_task::Task<T, Meta>>,
    id: TaskId,
    wait: WaitPoint,
}

/// Starts a task: it is put at the end of the ready queue and runs when its turn comes, not before.
///
/// # Panics
/// Outside [`EventLoop::run`](super::EventLoop::run).
#[track_caller]
pub fn spawn<F>(name: impl Into<Arc<str>>, future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let place = Location::caller();
    Core::with(|core| {
        let name = name.into();
        let recorded = Recorded::new(core, &name, place, future);
        let id = recorded.task;
        start(core, id, name, builder(id).spawn(|_| recorded, schedule(core)))
    })
}

/// [`spawn`] for a future that stays on the loop's thread.
///
/// # Panics
/// Outside [`EventLoop::run`](super::EventLoop::run).
#[track_caller]
pub fn spawn_local<F>(name: impl Into<Arc<str>>, future: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let place = Location::caller();
    Core::with(|core| spawn_on(core, name.into(), place, future))
}

/// [`spawn_local`] on a given loop.
pub(super) fn spawn_on<F>(core: &Core, name: Arc<str>, place: Place, future: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let recorded = Recorded::new(core, &name, place, future);
    let id = recorded.task;
    start(core, id, name, builder(id).spawn_local(|_| recorded, schedule(core)))
}

fn builder(task: TaskId) -> Builder<Meta> {
    Builder::new().propagate_panic(true).metadata(Meta { task })
}

fn schedule(core: &Core) -> WithInfo<impl Fn(Runnable, ScheduleInfo) + Send + Sync + 'static> {
    let shared: Arc<Shared> = Arc::clone(&core.shared);
    WithInfo(move |runnable, info| shared.schedule(runnable, info))
}

fn start<T>(
    core: &Core,
    id: TaskId,
    name: Arc<str>,
    (runnable, inner): (Runnable, async_task::Task<T, Meta>),
) -> Task<T> {
    core.live.add(id, Live::new(name, runnable.waker()));
    core.doing(Doing::Spawning, || runnable.schedule());
    Task { inner: Some(inner), id, wait: WaitPoint::unrecorded() }
}

impl<T> Task<T> {
    /// The task's id in the record.
    #[must_use]
    pub fn id(&self) -> TaskId {
        self.id
    }

    /// Lets the task run on; its output is dropped.
    pub fn detach(mut self) {
        if let Some(inner) = self.inner.take() {
            inner.detach();
        }
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.inner.as_ref().is_none_or(async_task::Task::is_finished)
    }

    /// Cancels the task now: it is dropped when its turn comes, at its current `.await`. Awaiting the answer waits for
    /// that; it gives the output of a task that had ended before.
    pub fn cancel(mut self) -> Cancel<T>
    where
        T: 'static,
    {
        let mut state = match self.inner.take() {
            Some(inner) => Cancelling::UnderWay(Box::pin(inner.cancel())),
            None => Cancelling::Over(None),
        };
        // async-task cancels at the first poll; what that gives is kept.
        let mut poll = || state.poll(&mut Context::from_waker(Waker::noop()));
        let poll = match Core::current() {
            Some(core) => {
                core.live.note_cancelled(self.id);
                core.doing(Doing::Cancelling(self.id), poll)
            }
            None => poll(),
        };
        if let Poll::Ready(output) = poll {
            state = Cancelling::Over(output);
        }
        Cancel { id: self.id, state, wait: WaitPoint::unrecorded() }
    }

    /// Polls for the output without recording a wait: for those that wait for several tasks at once.
    pub(super) fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<T> {
        let inner =
            self.inner.as_mut().unwrap_or_else(|| panic!("{:?} was awaited after its output was taken", self.id));
        let poll = Pin::new(inner).poll(cx);
        if poll.is_ready() {
            self.inner = None;
        }
        poll
    }
}

impl<T> Future for Task<T> {
    type Output = T;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let place = Location::caller();
        let poll = self.poll_output(cx);
        let on = self.id;
        self.wait.record(&poll, place, || WaitOn::Join(on));
        poll
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else { return };
        let Some(core) = Core::current() else { return drop(inner) };
        core.live.note_cancelled(self.id);
        if !inner.is_finished() {
            // Cancelling wakes who awaits; the task that drops the handle no longer does.
            drop(Pin::new(&mut inner).poll(&mut Context::from_waker(Waker::noop())));
        }
        let doing = if core.is_ending() { Doing::Ending } else { Doing::Cancelling(self.id) };
        core.doing(doing, || drop(inner));
    }
}

/// The future of [`Task::cancel`]; the task is cancelled whether or not this is awaited.
pub struct Cancel<T> {
    id: TaskId,
    state: Cancelling<T>,
    wait: WaitPoint,
}

enum Cancelling<T> {
    UnderWay(Pin<Box<dyn Future<Output = Option<T>>>>),
    Over(Option<T>),
}

impl<T> Cancelling<T> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        match self {
            Self::UnderWay(cancelling) => cancelling.as_mut().poll(cx),
            Self::Over(output) => Poll::Ready(output.take()),
        }
    }
}

// The output is never pinned.
impl<T> Unpin for Cancel<T> {}

impl<T> Future for Cancel<T> {
    type Output = Option<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let place = Location::caller();
        let poll = self.state.poll(cx);
        let on = self.id;
        self.wait.record(&poll, place, || WaitOn::Join(on));
        poll
    }
}

impl<T> fmt::Debug for Cancel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("id", &self.id).field("finished", &self.is_finished()).finish()
    }
}

pin_project! {
    /// A task's future, which tells the record of each poll and of its end.
    struct Recorded<F> {
        task: TaskId,
        ended: bool,
        // Taken out on cancellation while the task is still the current one, so that what its guards release is
        // recorded as its doing.
        #[pin]
        future: Option<F>,
    }

    impl<F> PinnedDrop for Recorded<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let task = *this.task;
            if *this.ended {
                return;
            }
            let Some(core) = Core::current() else { return this.future.set(None) };
            let cause = if core.is_ending() { DropCause::RunEnded } else { DropCause::Cancelled };
            // What its guards release is its doing, and a panic there ends this task only.
            let dropped = core.dropping(task, || drop_future(this.future));
            core.live.remove(task);
            core.emit(|| EventKind::TaskDropped { task, cause });
            if let Err(payload) = dropped {
                let message = panics::message(payload.as_ref());
                core.emit(|| EventKind::TaskPanicked { task, message });
            }
        }
    }
}

impl<F> Recorded<F> {
    fn new(core: &Core, name: &Arc<str>, place: Place, future: F) -> Self {
        let site = core.site(place);
        let task = core.ids(|recorder| recorder.tasks.issue());
        let parent = core.current_task();
        core.emit(|| EventKind::TaskSpawned { task, parent, name: Arc::clone(name), site });
        Self { task, ended: false, future: Some(future) }
    }
}

/// Drops a task's future. A panic of its destructors is given back: async-task would abort on it.
fn drop_future<F>(mut future: Pin<&mut Option<F>>) -> std::thread::Result<()> {
    catch_unwind(AssertUnwindSafe(|| future.set(None)))
}

impl<F: Future> Future for Recorded<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let task = *this.task;
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let Some(core) = Core::current() else { return Poll::Pending }; // only its loop polls a task
        core.poll_started(task);
        let mut polled = catch_unwind(AssertUnwindSafe(|| future.poll(cx)));
        if !matches!(polled, Ok(Poll::Pending)) {
            // Within the poll, so that what the future's last guards release is recorded as part of it.
            if let Err(payload) = drop_future(this.future) {
                polled = Err(payload);
            }
        }
        let outcome = match &polled {
            Ok(Poll::Ready(_)) => PollOutcome::Ready,
            Ok(Poll::Pending) => PollOutcome::Pending,
            // Unwound by a stop: the task is pending for ever and is dropped as the run ends.
            Err(payload) if payload.is::<StopRequest>() => PollOutcome::Pending,
            Err(_) => PollOutcome::Panicked,
        };
        *this.ended = outcome != PollOutcome::Pending;
        if polled.is_err() {
            core.set_scope(None); // the panic left any timeout it stood in
        }
        core.poll_ended(task, outcome);
        if let (PollOutcome::Panicked, Err(payload)) = (outcome, &polled) {
            let message = panics::message(payload.as_ref());
            core.emit(|| EventKind::TaskPanicked { task, message });
        }
        if outcome != PollOutcome::Pending {
            core.live.remove(task);
        }
        match polled {
            Ok(poll) => poll,
            Err(_) if outcome == PollOutcome::Pending => Poll::Pending,
            Err(payload) => resume_unwind(payload),
        }
    }
}
