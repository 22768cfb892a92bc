//! The future that runs a task group: its body first, then the wait for its tasks.

use super::cell::TaskCell;
use super::core::Core;
use super::task::Task;
use super::task_group::{Abort, GroupError, Parent, TaskGroup};
use super::timeout::Scope;
use super::wait::{WaitPoint, saw_panic};
use crate::event::{TaskId, WaitOn};
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

pin_project! {
    /// The future of [`task_group`](super::task_group).
    #[must_use = "a group runs when this is awaited"]
    pub struct RunGroup<T, E, F> {
        group: TaskGroup<E>,
        #[pin]
        stage: Stage<F>,
        result: Option<Result<T, E>>,
        depth: Depth,
        wait: WaitPoint,
    }

    impl<T, E, F> PinnedDrop for RunGroup<T, E, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut state = this.group.0.lock();
            state.parent = None;
            state.is_over = true;
            let tasks = std::mem::take(&mut state.tasks);
            drop(state);
            drop(tasks); // which cancels them, outside of the lock
        }
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F> {
        /// The body runs.
        Body {
            #[pin]
            body: Option<F>,
        },
        /// The tasks are waited for.
        End { is_cancelled: bool },
    }
}

/// How many groups the running task is in, this one included; a cancellation is first met by the innermost.
struct Depth(Option<(Arc<TaskCell>, u32)>);

impl Depth {
    fn enter(&mut self) {
        if self.0.is_none() {
            self.0 = Core::try_with(Core::current_cell).flatten().map(|cell| {
                let depth = cell.hold();
                (cell, depth)
            });
        }
    }

    /// Whether the body can be left now.
    fn can_leave(&self) -> bool {
        self.0.as_ref().is_none_or(|(cell, depth)| cell.can_leave(*depth))
    }

    /// Whether the task that runs the group is cancelled.
    fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|(cell, _)| cell.is_cancelled())
            || Core::try_with(|core| core.scope().is_some_and(|scope| scope.is_over())).unwrap_or(false)
    }

    fn leave(&mut self) {
        if let Some((cell, _)) = self.0.take() {
            cell.let_go();
        }
    }

    /// Takes a cancellation back, wherever it came from: the errors are told instead.
    fn uncancel(&self) {
        if let Some(scope) = Core::try_with(Core::scope).flatten() {
            scope.forgive();
        }
        if let Some((cell, _)) = &self.0 {
            cell.uncancel();
        }
    }
}

impl Drop for Depth {
    fn drop(&mut self) {
        self.leave();
    }
}

impl<T, E, F> Future for RunGroup<T, E, F>
where
    F: Future<Output = Result<T, E>>,
    E: Send + 'static,
{
    type Output = Result<T, GroupError<E>>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let place = Location::caller();
        let mut this = self.project();
        this.depth.enter();
        let inner = &this.group.0;
        {
            let cell = Core::try_with(Core::current_cell).flatten();
            let is_at_the_end = matches!(*this.stage, Stage::End { .. });
            inner.lock().parent = Some(Parent { cell, waker: cx.waker().clone(), is_at_the_end });
        }
        if let StageProjection::Body { mut body } = this.stage.as_mut().project() {
            let is_to_be_left = || inner.is_aborted.load(Ordering::Acquire) || this.depth.is_cancelled();
            let mut polled = Poll::Pending;
            if !(is_to_be_left() && this.depth.can_leave())
                && let Some(body) = body.as_mut().as_pin_mut()
            {
                let scope = Scope::aborted_by(Arc::clone(&inner.is_aborted));
                let outer = Core::try_with(|core| core.set_scope(Some(scope.within(core.scope()))));
                polled = body.poll(cx);
                Core::try_with(|core| core.set_scope(outer.flatten()));
            }
            let is_left = polled.is_pending() && is_to_be_left() && this.depth.can_leave();
            if polled.is_pending() && !is_left {
                return Poll::Pending;
            }
            body.set(None); // its guards are released before the tasks are waited for
            if let Poll::Ready(result) = polled {
                *this.result = Some(result);
            }
            let has_failed = is_left || matches!(this.result, Some(Err(_)));
            let mut state = inner.lock();
            let abort = if has_failed { state.abort() } else { None };
            if let Some(parent) = &mut state.parent {
                parent.is_at_the_end = true;
            }
            drop(state);
            let is_cancelled = is_left && abort.is_some();
            abort.into_iter().for_each(Abort::cancel);
            this.stage.set(Stage::End { is_cancelled });
        }
        let StageProjection::End { is_cancelled } = this.stage.project() else { return Poll::Pending };
        if this.depth.is_cancelled() {
            let abort = inner.lock().abort();
            *is_cancelled |= abort.is_some();
            abort.into_iter().for_each(Abort::cancel);
        }
        let mut state = inner.lock();
        if state.left > 0 {
            let ids: Arc<[TaskId]> = state.tasks.iter().flatten().map(Task::id).collect();
            drop(state);
            this.wait.record(&Poll::<()>::Pending, place, || WaitOn::Gather(ids));
            return Poll::Pending;
        }
        this.wait.end();
        state.is_over = true;
        let (mut errors, panic) = (std::mem::take(&mut state.errors), state.panic.take());
        let panicked = std::mem::take(&mut state.panicked);
        drop(state);
        panicked.into_iter().for_each(saw_panic);
        if let Some(payload) = panic {
            this.depth.leave();
            resume_unwind(payload);
        }
        let result = this.result.take();
        if *is_cancelled && errors.is_empty() && !matches!(result, Some(Err(_))) {
            this.depth.leave(); // now the cancellation takes effect
            return Poll::Pending;
        }
        match result {
            Some(Ok(value)) if errors.is_empty() => {
                this.depth.leave();
                return Poll::Ready(Ok(value));
            }
            Some(Err(error)) => errors.push(error),
            _ => {}
        }
        this.depth.uncancel();
        this.depth.leave();
        Poll::Ready(Err(GroupError(errors)))
    }
}

impl<T, E, F> RunGroup<T, E, F> {
    #[track_caller]
    pub(super) fn new(group: TaskGroup<E>, body: F) -> Self {
        let stage = Stage::Body { body: Some(body) };
        Self { group, stage, result: None, depth: Depth(None), wait: WaitPoint::new() }
    }
}

impl<T, E, F> fmt::Debug for RunGroup<T, E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunGroup").field("group", &self.group).finish_non_exhaustive()
    }
}
