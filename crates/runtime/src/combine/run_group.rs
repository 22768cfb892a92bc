//! The future that runs a task group: its body first, then the wait for its tasks.

use super::task_group::{Abort, GroupError, Parent, TaskGroup};
use crate::core::Core;
use crate::core::cancel::Entered;
use crate::event::{TaskId, TaskWait, WaitOn};
use crate::task::Task;
use crate::task::labels::awaited_at;
use crate::task::wait::{WaitPoint, saw_bad_end};
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Runs `body`, which spawns tasks into the group it is given, and waits until all of them have ended.
///
/// When one fails the others are cancelled and waited for, and so is the body: Python's `TaskGroup`. Once the body is
/// over and the last task has ended, it takes no more of them, as there. When who waits is
/// cancelled, so are they. A task that panicked panics here, once all have ended.
///
/// ```
/// use loopscope_runtime::{EventLoop, sleep, task_group};
/// use std::time::Duration;
///
/// let result = EventLoop::new().run(async {
///     task_group(|group| async move {
///         group.spawn("fails", async {
///             sleep(Duration::from_secs(1)).await;
///             Err::<(), _>("no luck")
///         });
///         group.spawn("is cancelled", async {
///             sleep(Duration::from_secs(9)).await;
///             Ok(())
///         });
///         Ok(())
///     })
///     .await
/// });
/// assert_eq!(result.unwrap().unwrap_err().0, ["no luck"]);
/// ```
#[track_caller]
pub fn task_group<T, E, B, F>(body: B) -> RunGroup<T, E, F>
where
    B: FnOnce(TaskGroup<E>) -> F,
    F: Future<Output = Result<T, E>>,
    E: Send + 'static,
{
    let group = TaskGroup::new();
    let body = body(group.clone());
    RunGroup::new(group, body)
}

pin_project! {
    /// The future of [`task_group`].
    #[must_use = "a group runs when this is awaited"]
    pub struct RunGroup<T, E, F> {
        group: TaskGroup<E>,
        #[pin]
        stage: Stage<F>,
        result: Option<Result<T, E>>,
        // None before the first poll, and at the end.
        scope: Option<Entered>,
        wait: WaitPoint,
    }

    impl<T, E, F> PinnedDrop for RunGroup<T, E, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut state = this.group.0.lock();
            state.parent = None;
            state.is_over = true;
            let (tasks, abort) = (std::mem::take(&mut state.tasks), state.abort());
            drop(state);
            cancel(abort); // outside of the lock
            tasks.into_iter().flatten().for_each(Task::detach);
        }
    }
}

/// Cancels the tasks of a group, which the task that runs leaves.
fn cancel(abort: Option<Abort>) {
    if let Some(abort) = abort {
        abort.cancel(Core::try_with(Core::current_task).flatten());
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
        let inner = &this.group.0;
        let scope = match this.scope {
            Some(scope) => scope,
            None if inner.lock().is_over => return Poll::Pending, // left before
            None => this.scope.insert(Entered::new()),
        };
        let is_left_at_once = {
            let is_at_the_end = matches!(*this.stage, Stage::End { .. });
            let target = scope.target().clone();
            let mut state = inner.lock();
            let parent = Parent { target, waker: cx.waker().clone(), is_at_the_end };
            // A task may have failed before the group is run.
            state.parent.replace(parent).is_none() && state.is_aborting
        };
        if is_left_at_once {
            scope.scope().throw();
        }
        if let StageProjection::Body { mut body } = this.stage.as_mut().project() {
            let polled = match body.as_mut().as_pin_mut() {
                Some(body) => scope.poll(|| awaited_at(place, || body.poll(cx))),
                None => None,
            };
            if let Some(Poll::Pending) = polled {
                return Poll::Pending;
            }
            body.set(None); // its guards are released before the tasks are waited for
            let mut state = inner.lock();
            // A cancellation by the group itself ends here, if nothing else was cancelled.
            let is_by_the_group = state.has_cancelled_parent && scope.scope().requests_around() == 0;
            let is_cancelled = polled.is_none() && !is_by_the_group;
            let has_failed = match polled {
                Some(Poll::Ready(result)) => {
                    let has_failed = result.is_err();
                    *this.result = Some(result);
                    has_failed
                }
                Some(Poll::Pending) | None => {
                    scope.scope().catch();
                    true
                }
            };
            let abort = if has_failed { state.abort() } else { None };
            state.is_exiting = true;
            if let Some(parent) = &mut state.parent {
                parent.is_at_the_end = true;
            }
            drop(state);
            cancel(abort);
            this.stage.set(Stage::End { is_cancelled });
        }
        let StageProjection::End { is_cancelled } = this.stage.project() else { return Poll::Pending };
        if scope.scope().is_cancelled() {
            scope.scope().catch();
            let abort = inner.lock().abort();
            *is_cancelled |= abort.is_some();
            cancel(abort);
        }
        let mut state = inner.lock();
        if state.left > 0 {
            let ids: Arc<[TaskId]> = state.tasks.iter().flatten().map(Task::id).collect();
            drop(state);
            this.wait.record(&Poll::<()>::Pending, place, || WaitOn::Tasks(TaskWait::Group, ids));
            return Poll::Pending;
        }
        this.wait.end();
        state.is_over = true;
        state.parent = None;
        let (mut errors, panic) = (std::mem::take(&mut state.errors), state.panic.take());
        let unseen = std::mem::take(&mut state.unseen);
        drop(state);
        unseen.into_iter().for_each(saw_bad_end);
        let scope = this.scope.take();
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
        if *is_cancelled && errors.is_empty() {
            scope.into_iter().for_each(Entered::propagate);
            return Poll::Pending;
        }
        match this.result.take() {
            Some(Ok(value)) if errors.is_empty() => return Poll::Ready(Ok(value)),
            Some(Err(error)) => errors.push(error),
            _ => {}
        }
        Poll::Ready(Err(GroupError(errors)))
    }
}

impl<T, E, F> RunGroup<T, E, F> {
    #[track_caller]
    pub(crate) fn new(group: TaskGroup<E>, body: F) -> Self {
        let stage = Stage::Body { body: Some(body) };
        Self { group, stage, result: None, scope: None, wait: WaitPoint::new() }
    }
}

impl<T, E, F> fmt::Debug for RunGroup<T, E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunGroup").field("group", &self.group).finish_non_exhaustive()
    }
}
