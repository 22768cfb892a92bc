//! A task's future in the wrapper that records each poll and the end.

use super::output::{Look, Returned};
use super::panics::{self, StopRequest};
use crate::control::Admission;
use crate::core::Core;
use crate::core::cancel::{Next, Passage};
use crate::core::cell::{Origin, TaskCell};
use crate::core::wake_state::After;
use crate::core::wakes::Doing;
use crate::event::{DropCause, EnqueueCause, EventKind, Nanos, PollOutcome, TaskId};
use crate::probe::place::Place;
use crate::probe::task_name::TaskName;
use pin_project_lite::pin_project;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

pin_project! {
    /// A task's future, which records each poll and its end. Its output is `None` if it was cancelled
    /// through its cell.
    pub(crate) struct Recorded<F, L> {
        life: Life,
        look: PhantomData<fn() -> L>,
        // Taken out at the end while the task is still the current one, so that what its guards release is recorded as
        // its doing.
        #[pin]
        future: Option<F>,
    }

    impl<F, L> PinnedDrop for Recorded<F, L> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let Life::Told { cell, .. } = std::mem::replace(this.life, Life::Over) else { return };
            cell.drops();
            match Core::current().filter(|core| Arc::ptr_eq(&core.run, cell.run())) {
                Some(core) => {
                    let cause = match () {
                        () if core.run.is_guest() => DropCause::Unknown,
                        () if core.is_ending() => DropCause::RunEnded,
                        () => DropCause::Cancelled,
                    };
                    drop_unfinished(&core, &cell, this.future, cause);
                }
                None => {
                    let mut future = this.future;
                    future.set(None);
                    // Outside of every look at an executor: the executor itself is dropped.
                    let epoch = cell.run().epoch();
                    if cell.is_announced_to(epoch) {
                        let is_guest = cell.run().is_guest();
                        let cause = if is_guest { DropCause::Unknown } else { DropCause::RunEnded };
                        let kind = EventKind::TaskDropped { task: cell.task, cause };
                        cell.run().emit_outside(epoch, Nanos(cell.stamp().0 + 1), kind);
                    }
                }
            }
        }
    }
}

/// What the record knows of the task.
enum Life {
    /// Nothing: nobody has listened since it was spawned.
    Untold { place: Place, parent: Option<TaskId> },
    /// It has a cell, and a waker that records wakes.
    Told { cell: Arc<TaskCell>, waker: Waker },
    /// It is being polled, or has ended.
    Over,
}

impl<F, L> Recorded<F, L> {
    /// A task that has a cell from the start.
    pub(crate) fn new(cell: &Arc<TaskCell>, future: F) -> Self {
        Self { life: Life::told(Arc::clone(cell)), look: PhantomData, future: Some(future) }
    }

    /// A task that gets a cell when somebody listens.
    pub(crate) fn untold(place: Place, parent: Option<TaskId>, future: F) -> Self {
        Self { life: Life::Untold { place, parent }, look: PhantomData, future: Some(future) }
    }

    /// Whether it has a cell, and has not ended.
    pub(crate) fn is_told(&self) -> bool {
        matches!(self.life, Life::Told { .. })
    }
}

impl Life {
    fn told(cell: Arc<TaskCell>) -> Self {
        let waker = Waker::from(Arc::clone(&cell));
        Self::Told { cell, waker }
    }
}

/// Polls a task whose executor nobody listens to any more.
fn poll_unheard<F: Future>(
    cell: &TaskCell,
    waker: &Waker,
    future: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Poll<Option<F::Output>> {
    let Some(future) = future.as_pin_mut() else { return Poll::Pending };
    cell.poll_starts(cx.waker());
    let polled = future.poll(&mut Context::from_waker(waker));
    if let After::Ready(_) = cell.poll_ended(polled.is_ready())
        && let Some(telling) = cell.lets_go()
    {
        telling.take_woken_by();
    }
    if polled.is_ready() {
        cell.note_ended();
    }
    polled.map(Some)
}

/// Ends a task that was cancelled. The executor then wakes the tasks that await its end.
fn end_cancelled<F>(core: &Core, cell: &Arc<TaskCell>, future: Pin<&mut Option<F>>) {
    drop_unfinished(core, cell, future, DropCause::Cancelled);
    cell.note_cancelled();
    core.set_doing(Doing::Polled(cell.task));
}

/// Drops the future of a task that has not ended, and records that.
fn drop_unfinished<F>(core: &Core, cell: &Arc<TaskCell>, future: Pin<&mut Option<F>>, cause: DropCause) {
    cell.drops();
    // What its guards release is its doing, and a panic there ends this task only.
    let dropped = core.dropping(cell, || drop_future(future));
    if let Some(state) = core.event_loop() {
        state.live.remove(cell.task);
    }
    core.dropped(cell, cause);
    if let Err(payload) = dropped {
        let task = cell.task;
        core.emit(|| EventKind::TaskPanicked { task, message: panics::message(payload.as_ref()) });
    }
}

/// Drops a task's future. A panic of its destructors is given back: async-task would abort on it.
fn drop_future<F>(mut future: Pin<&mut Option<F>>) -> std::thread::Result<()> {
    catch_unwind(AssertUnwindSafe(|| future.set(None)))
}

impl<F: Future, L: Look<F::Output>> Future for Recorded<F, L> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<F::Output>> {
        let mut this = self.project();
        let core = Core::current();
        if let Life::Untold { place, parent } = *this.life {
            if let Some(core) = &core {
                core.look_who_listens();
            }
            match core.as_ref().filter(|core| core.is_recorded_guest()) {
                Some(core) => {
                    let (task, name) =
                        (core.run.ids.tasks.issue(), TaskName::Type(std::any::type_name::<F>(), place.line()));
                    *this.life = Life::told(TaskCell::new(Origin { task, name, parent, place }, &core.run));
                }
                None => {
                    let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
                    let poll = match &core {
                        Some(core) => core.doing(Doing::Unrecorded, || future.poll(cx)),
                        None => future.poll(cx),
                    };
                    return poll.map(Some);
                }
            }
        }
        let (cell, waker) = match std::mem::replace(this.life, Life::Over) {
            Life::Told { cell, waker } => (cell, waker),
            other => {
                *this.life = other;
                return Poll::Pending;
            }
        };
        let Some(core) = core.filter(|core| Arc::ptr_eq(&core.run, cell.run())) else {
            // Nobody listens any more.
            let polled = poll_unheard(&cell, &waker, this.future, cx);
            if polled.is_pending() {
                *this.life = Life::Told { cell, waker };
            }
            return polled;
        };
        if core.event_loop().is_none() {
            let admission = core.holding(|before| core.run.control.admit_one(before));
            if admission == Admission::Stop && !core.run.is_guest() {
                *this.life = Life::Told { cell, waker }; // to be dropped as the run ends
                return Poll::Pending;
            }
        }
        let Some(passage) = Passage::begin(cell.scope_if_any()) else {
            end_cancelled(&core, &cell, this.future);
            return Poll::Ready(None);
        };
        cell.poll_starts(cx.waker());
        if core.event_loop().is_none() {
            // Only now: from here to the end of the poll no other thread records events of the task.
            core.look_who_listens();
            core.announce(&cell, EnqueueCause::BeforeRecord);
        }
        let before = core.poll_started(cell);
        let mut cx = Context::from_waker(&waker);
        let mut future = this.future;
        let mut polled = match future.as_mut().as_pin_mut() {
            Some(future) => catch_unwind(AssertUnwindSafe(|| future.poll(&mut cx))),
            None => Ok(Poll::Pending),
        };
        if !matches!(polled, Ok(Poll::Pending)) {
            // Within the poll, so that what the future's last guards release is recorded as part of it.
            if let Err(payload) = drop_future(future.as_mut()) {
                polled = Err(payload);
            }
        }
        let returned = match &polled {
            Ok(Poll::Ready(output)) if core.is_on() => L::look(output),
            _ => Returned::Something,
        };
        let outcome = match &polled {
            Ok(Poll::Ready(_)) if matches!(returned, Returned::Error(_)) => PollOutcome::Failed,
            Ok(Poll::Ready(_)) => PollOutcome::Ready,
            Ok(Poll::Pending) => PollOutcome::Pending,
            // Unwound by a stop: the task is pending for ever and is dropped as the run ends.
            Err(payload) if payload.is::<StopRequest>() => PollOutcome::Pending,
            Err(_) => PollOutcome::Panicked,
        };
        let Some(cell) = core.poll_ended(before, outcome) else { return Poll::Pending };
        let task = cell.task;
        if let (PollOutcome::Panicked, Err(payload)) = (outcome, &polled) {
            core.emit(|| EventKind::TaskPanicked { task, message: panics::message(payload.as_ref()) });
        }
        match returned {
            Returned::Something => {}
            Returned::Value(value) => core.emit_at_stamp(|| EventKind::TaskReturned { task, value }),
            Returned::Error(failure) => core.emit_at_stamp(|| EventKind::TaskFailed { task, failure }),
        }
        if outcome == PollOutcome::Pending {
            match passage.end(cell.scope_if_any()) {
                Next::Waits => {}
                Next::PassesOn => waker.wake_by_ref(),
                Next::IsLeft => {
                    end_cancelled(&core, &cell, future);
                    return Poll::Ready(None);
                }
            }
            *this.life = Life::Told { cell, waker };
        } else {
            cell.note_ended();
            if let Some(state) = core.event_loop() {
                state.live.remove(task);
            }
        }
        match polled {
            Ok(poll) => poll.map(Some),
            Err(_) if outcome == PollOutcome::Pending => Poll::Pending,
            Err(payload) => resume_unwind(payload),
        }
    }
}
