//! Tasks: spawning, joining, cancelling.

pub(crate) mod labels;
pub(crate) mod output;
pub(crate) mod panics;
pub(crate) mod recorded;
pub(crate) mod wait;
pub(crate) mod yield_now;

use crate::core::cancel::{Awaited, Reason};
use crate::core::cell::{Origin, TaskCell};
use crate::core::wakes::Doing;
use crate::core::{Core, Host};
use crate::event::{CancelCause, EnqueueCause, TaskId, WaitOn};
use crate::probe::place::Place;
use crate::probe::task_name::TaskName;
use async_task::{Builder, Runnable, ScheduleInfo, WithInfo};
use output::{ByType, is_error};
use recorded::Recorded;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use wait::{WaitPoint, saw_bad_end};

/// A spawned task. It runs by itself; awaiting this gives its output.
///
/// Dropping it cancels the task, as in smol: it is dropped when its turn comes, at its current `.await`. Use
/// [`detach`](Task::detach) to let it run on unobserved. A task that panicked panics in the task that awaits it.
#[must_use = "dropping a task cancels it; use `detach()` to let it run on"]
pub struct Task<T> {
    inner: Option<async_task::Task<Option<T>>>,
    /// What it ended with, where somebody looked before it was awaited.
    ended: Option<std::thread::Result<Option<T>>>,
    cell: Arc<TaskCell>,
    wait: WaitPoint,
}

/// Starts a task: it is put at the end of the ready queue and runs when its turn comes, not before.
///
/// # Panics
/// Outside a run ([`EventLoop::run`](super::EventLoop::run), [`Smol::run`](super::Smol::run)).
#[track_caller]
pub fn spawn<F>(name: impl Into<Arc<str>>, future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let place = Location::caller();
    Core::with(|core| spawn_at(core, name.into(), place, future))
}

/// [`spawn`] in a given run.
pub(super) fn spawn_at<F>(core: &Core, name: Arc<str>, place: Place, future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let cell = new_cell(core, name, place);
    let recorded = Recorded::<F, ByType>::new(&cell, future);
    match &core.host {
        Host::Loop(_) => start(core, &cell, Builder::new().propagate_panic(true).spawn(|()| recorded, schedule(&cell))),
        Host::Worker(executor) => {
            let executor = executor.upgrade();
            let executor = executor.unwrap_or_else(|| panic!("{place}: there is no run to spawn a task in"));
            core.announce(&cell, EnqueueCause::Spawned);
            Task::new(executor.spawn(recorded), cell)
        }
    }
}

/// [`spawn`] for a future that stays on the loop's thread.
///
/// # Panics
/// Outside [`EventLoop::run`](super::EventLoop::run): the tasks of other runs move between threads.
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
    assert!(core.event_loop().is_some(), "{place}: tasks of this run move between threads: use `spawn`");
    let cell = new_cell(core, name, place);
    let recorded = Recorded::<F, ByType>::new(&cell, future);
    start(core, &cell, Builder::new().propagate_panic(true).spawn_local(|()| recorded, schedule(&cell)))
}

fn new_cell(core: &Core, name: Arc<str>, place: Place) -> Arc<TaskCell> {
    let (task, parent) = (core.run.ids.tasks.issue(), core.current_task());
    TaskCell::new(Origin { task, name: TaskName::Given(name), parent, place }, &core.run)
}

fn schedule(cell: &Arc<TaskCell>) -> WithInfo<impl Fn(Runnable, ScheduleInfo) + Send + Sync + 'static> {
    let (task, run) = (cell.task, Arc::clone(cell.run()));
    WithInfo(move |runnable, info| run.schedule(task, runnable, info))
}

/// Puts a new task into the loop's queue.
fn start<T>(core: &Core, cell: &Arc<TaskCell>, (runnable, inner): (Runnable, async_task::Task<Option<T>>)) -> Task<T> {
    core.announce(cell, EnqueueCause::Spawned);
    if let Some(state) = core.event_loop() {
        state.live.add(Arc::clone(cell), runnable.waker());
    }
    core.doing(Doing::Spawning, || runnable.schedule());
    Task::new(inner, Arc::clone(cell))
}

impl<T> Task<T> {
    fn new(inner: async_task::Task<Option<T>>, cell: Arc<TaskCell>) -> Self {
        Self { inner: Some(inner), ended: None, cell, wait: WaitPoint::unrecorded() }
    }

    /// The task's id in the record.
    #[must_use]
    pub fn id(&self) -> TaskId {
        self.cell.task
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

    /// Cancels the task now: it is dropped when its turn comes, at its current `.await`. Where it awaits another task,
    /// that one is cancelled first and it is dropped when that has ended, as on asyncio. Awaiting the answer waits for
    /// the end; it gives the output of a task that had ended before.
    #[track_caller]
    pub fn cancel(mut self) -> Cancel<T> {
        if !self.is_finished() {
            let place = Location::caller();
            let site = Core::try_with(|core| core.is_on().then(|| core.site(place))).flatten();
            self.cell.cancel(Reason { cause: CancelCause::Asked, site });
        }
        Cancel {
            inner: self.inner.take(),
            ended: self.ended.take(),
            cell: Arc::clone(&self.cell),
            wait: WaitPoint::unrecorded(),
        }
    }

    /// Asks for the end without recording a wait; keeps the output.
    pub(super) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(inner) = &mut self.inner {
            let ended = std::task::ready!(
                catch_unwind(AssertUnwindSafe(|| Pin::new(inner).poll(cx)))
                    .map_or_else(|payload| Poll::Ready(Err(payload)), |poll| poll.map(Ok),)
            );
            self.ended = Some(ended);
            self.inner = None;
        }
        Poll::Ready(())
    }

    /// What it ended with: none if it was cancelled.
    ///
    /// # Panics
    /// As the task did, and if it was taken before.
    #[track_caller]
    fn take_output(&mut self) -> Option<T> {
        match self.ended.take() {
            Some(Ok(output)) => output,
            Some(Err(payload)) => resume_unwind(payload),
            None => panic!("{}: {:?} was awaited after its output was taken", Location::caller(), self.id()),
        }
    }

    /// Notes that the task that runs sees how this one ended, if that is an error.
    #[track_caller]
    pub(super) fn note_seen(&mut self) {
        let is_ended = self.poll_ended(&mut Context::from_waker(Waker::noop())).is_ready();
        if is_ended && matches!(&self.ended, Some(end @ Ok(_)) if is_bad(end)) {
            saw_bad_end(self.cell.task);
        }
    }

    /// Polls for the output without recording a wait: for those that wait for several tasks at once. A task that was
    /// cancelled has none, and never will: that cancels who polls.
    #[track_caller]
    pub(super) fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<T> {
        std::task::ready!(self.poll_ended(cx));
        if let Some(Err(_)) = self.ended {
            saw_bad_end(self.cell.task);
        }
        self.give_output()
    }

    /// The output of a task that has ended, once.
    fn give_output(&mut self) -> Poll<T> {
        match self.take_output() {
            Some(output) => Poll::Ready(output),
            None => {
                self.ended = Some(Ok(None)); // for who polls again
                Core::throw_here();
                Poll::Pending
            }
        }
    }

    /// What it ended with: none if it was cancelled, and the payload of its panic.
    pub(super) fn take_end(&mut self) -> Option<std::thread::Result<Option<T>>> {
        let poll = self.poll_ended(&mut Context::from_waker(Waker::noop()));
        if poll.is_ready() { self.ended.take() } else { None }
    }

    /// Whether it has ended with a panic, or an output that is a failure.
    pub(super) fn has_failed(&mut self, is_failure: fn(&T) -> bool) -> bool {
        let has_ended = self.poll_ended(&mut Context::from_waker(Waker::noop())).is_ready();
        has_ended
            && match &self.ended {
                Some(Ok(Some(output))) => is_failure(output),
                Some(Err(_)) => true,
                Some(Ok(None)) | None => false,
            }
    }

    pub(super) fn cell(&self) -> &Arc<TaskCell> {
        &self.cell
    }
}

// The output is never pinned.
impl<T> Unpin for Task<T> {}

impl<T> Future for Task<T> {
    type Output = T;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let place = Location::caller();
        let ended = self.poll_ended(cx);
        let Self { cell, wait, ended: end, .. } = &mut *self;
        if end.as_ref().is_some_and(is_bad) && !wait.is_open() {
            saw_bad_end(cell.task);
        }
        wait.record(&ended, place, || WaitOn::Join(cell.task));
        wait.awaits(&ended, || Awaited::new(vec![Arc::clone(cell)]));
        std::task::ready!(ended);
        self.give_output()
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else { return };
        if Core::try_with(Core::is_ending).unwrap_or(false) {
            return drop(inner);
        }
        if !inner.is_finished() {
            self.cell.cancel(Reason { cause: CancelCause::HandleDropped, site: None });
            // Its end, when its turn comes, wakes nobody who has let it go.
            let noop = AssertUnwindSafe(|| Pin::new(&mut inner).poll(&mut Context::from_waker(Waker::noop())));
            drop(catch_unwind(noop));
        }
        inner.detach();
    }
}

/// Whether a task ended with a panic or an `Err`.
fn is_bad<T>(end: &std::thread::Result<Option<T>>) -> bool {
    match end {
        Ok(output) => output.as_ref().is_some_and(is_error),
        Err(_) => true,
    }
}

/// The future of [`Task::cancel`]; the task is cancelled whether or not this is awaited.
pub struct Cancel<T> {
    inner: Option<async_task::Task<Option<T>>>,
    ended: Option<std::thread::Result<Option<T>>>,
    cell: Arc<TaskCell>,
    wait: WaitPoint,
}

// The output is never pinned.
impl<T> Unpin for Cancel<T> {}

impl<T> Future for Cancel<T> {
    type Output = Option<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let place = Location::caller();
        let Self { inner, ended, cell, wait } = &mut *self;
        let poll = match (ended.take(), inner.as_mut()) {
            (Some(ended), _) => Poll::Ready(ended),
            (None, Some(task)) => {
                let poll = match catch_unwind(AssertUnwindSafe(|| Pin::new(task).poll(cx))) {
                    Ok(poll) => poll.map(Ok),
                    Err(payload) => Poll::Ready(Err(payload)),
                };
                if poll.is_ready() {
                    *inner = None;
                }
                poll
            }
            (None, None) => Poll::Ready(Ok(None)),
        };
        if matches!(&poll, Poll::Ready(end) if is_bad(end)) && !wait.is_open() {
            saw_bad_end(cell.task);
        }
        wait.record(&poll, place, || WaitOn::Join(cell.task));
        wait.awaits(&poll, || Awaited::new(vec![Arc::clone(cell)]));
        if let Poll::Ready(Ok(None)) = poll
            && Core::try_with(Core::scope).flatten().is_some_and(|scope| scope.requests() > 0)
        {
            *ended = Some(Ok(None)); // for who polls again
            Core::throw_here();
            return Poll::Pending;
        }
        poll.map(|end| end.unwrap_or_else(|payload| resume_unwind(payload)))
    }
}

impl<T> Drop for Cancel<T> {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            inner.detach();
        }
    }
}

impl<T> fmt::Debug for Cancel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("id", &self.cell.task).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("id", &self.id()).field("finished", &self.is_finished()).finish()
    }
}
