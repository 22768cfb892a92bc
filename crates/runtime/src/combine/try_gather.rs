//! Waiting for several tasks of which one may fail.

use super::group::{call_when_ended, cause_of_end};
use crate::core::Core;
use crate::core::cancel::Awaited;
use crate::core::cell::TaskCell;
use crate::core::loop_state::Callback;
use crate::event::{TaskId, TaskWait, WaitOn};
use crate::task::Task;
use crate::task::wait::{WaitPoint, saw_bad_end};
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Waits for all `tasks`, or for the first that fails. Its error comes at once, and the others run on unobserved, as
/// with asyncio's `gather`. Outputs come in the order of the arguments.
///
/// It goes on two turns of the loop after the task that decided it has ended. Dropping it cancels the tasks.
///
/// # Panics
/// Outside [`EventLoop::run`](crate::EventLoop::run), if there is a task.
#[track_caller]
pub fn try_gather<T, E>(tasks: impl IntoIterator<Item = Task<Result<T, E>>>) -> TryGather<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    TryGather::new(tasks.into_iter().collect(), Others::RunOn)
}

/// [`try_gather`], but when one fails the others are cancelled, as with Rust's `try_join`.
///
/// # Panics
/// Outside [`EventLoop::run`](crate::EventLoop::run), if there is a task.
#[track_caller]
pub fn join_or_cancel<T, E>(tasks: impl IntoIterator<Item = Task<Result<T, E>>>) -> TryGather<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    TryGather::new(tasks.into_iter().collect(), Others::AreCancelled)
}

/// The future of [`try_gather`] and [`join_or_cancel`].
#[must_use = "the outputs of gathered tasks come when this is awaited"]
pub struct TryGather<T, E> {
    group: Arc<TryGroup<T, E>>,
    ids: Arc<[TaskId]>,
    cells: Vec<Arc<TaskCell>>,
    others: Others,
    wait: WaitPoint,
}

/// What becomes of the other tasks when one has failed.
#[derive(Debug, Clone, Copy)]
enum Others {
    RunOn,
    AreCancelled,
}

struct TryGroup<T, E> {
    state: Mutex<State<T, E>>,
}

struct State<T, E> {
    /// Those that have not told their result yet.
    tasks: Vec<Option<Task<Result<T, E>>>>,
    outputs: Vec<Option<T>>,
    left: usize,
    /// The task that failed first, and how.
    failure: Option<(TaskId, Failure<E>)>,
    parent: Option<Waker>,
}

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
    /// A task was cancelled, which only who gathers can have done, by being cancelled itself.
    Cancelled,
}

impl<T, E> TryGroup<T, E> {
    fn lock(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the loop runs in the turn after a task of the group ended.
struct Ended<T, E> {
    place: usize,
    task: TaskId,
    group: Arc<TryGroup<T, E>>,
}

impl<T: Send, E: Send> Callback for Ended<T, E> {
    fn call(&self, core: &Core) {
        let mut state = self.group.lock();
        let Some(mut task) = state.tasks.get_mut(self.place).and_then(Option::take) else { return };
        if state.failure.is_some() {
            return;
        }
        match task.take_end() {
            None => return,
            Some(Ok(Some(Ok(output)))) => {
                state.outputs[self.place] = Some(output);
                state.left -= 1;
            }
            Some(Ok(Some(Err(error)))) => state.failure = Some((self.task, Failure::Error(error))),
            Some(Ok(None)) => state.failure = Some((self.task, Failure::Cancelled)),
            Some(Err(payload)) => state.failure = Some((self.task, Failure::Panic(payload))),
        }
        let is_decided = state.left == 0 || state.failure.is_some();
        let parent = if is_decided { state.parent.take() } else { None };
        let left = state.left;
        drop(state);
        if let Some(parent) = parent {
            core.telling(cause_of_end(self.task, left), || parent.wake());
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> TryGather<T, E> {
    #[track_caller]
    fn new(tasks: Vec<Task<Result<T, E>>>, others: Others) -> Self {
        let ids: Arc<[TaskId]> = tasks.iter().map(Task::id).collect();
        let cells = tasks.iter().map(|task| Arc::clone(task.cell())).collect();
        let state = Mutex::new(State {
            tasks: Vec::new(),
            outputs: tasks.iter().map(|_| None).collect(),
            left: tasks.len(),
            failure: None,
            parent: None,
        });
        let group = Arc::new(TryGroup { state });
        // On a stock executor a task may end, and tell, while the others are still being asked to.
        for (place, mut task) in tasks.into_iter().enumerate() {
            let callback = Arc::new(Ended { place, task: task.id(), group: Arc::clone(&group) });
            let mut state = group.lock();
            let has_ended = call_when_ended(&mut task, &callback);
            state.tasks.push(Some(task));
            drop(state);
            if has_ended {
                Core::with(|core| core.call_soon(callback));
            }
        }
        Self { group, ids, cells, others, wait: WaitPoint::new() }
    }

    /// The outputs, or how a task failed.
    #[track_caller]
    fn poll_decided(&mut self, cx: &Context<'_>) -> Poll<std::thread::Result<Result<Vec<T>, E>>> {
        let mut state = self.group.lock();
        let Some((task, failure)) = state.failure.take() else {
            if state.left > 0 {
                state.parent = Some(cx.waker().clone());
                return Poll::Pending;
            }
            if self.wait.is_cancelled() {
                Core::throw_here();
                return Poll::Pending;
            }
            return Poll::Ready(Ok(Ok(state.outputs.iter_mut().filter_map(Option::take).collect())));
        };
        let others = std::mem::take(&mut state.tasks);
        drop(state);
        if let Others::RunOn = self.others {
            others.into_iter().flatten().for_each(Task::detach);
        }
        if !matches!(failure, Failure::Cancelled) && !self.wait.is_open() {
            saw_bad_end(task);
        }
        match failure {
            Failure::Error(error) => Poll::Ready(Ok(Err(error))),
            Failure::Panic(payload) => Poll::Ready(Err(payload)),
            Failure::Cancelled => {
                Core::throw_here();
                Poll::Pending
            }
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> Future for TryGather<T, E> {
    type Output = Result<Vec<T>, E>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let place = Location::caller();
        let poll = self.poll_decided(cx);
        let how = match self.others {
            Others::RunOn => TaskWait::Gather,
            Others::AreCancelled => TaskWait::TryJoin,
        };
        let Self { ids, cells, wait, .. } = &mut *self;
        wait.awaits(&poll, || Awaited::new(cells.clone()));
        wait.record(&poll, place, || WaitOn::Tasks(how, Arc::clone(ids)));
        poll.map(|end| end.unwrap_or_else(|payload| resume_unwind(payload)))
    }
}

impl<T, E> Drop for TryGather<T, E> {
    fn drop(&mut self) {
        let mut state = self.group.lock();
        state.parent = None;
        let tasks = std::mem::take(&mut state.tasks);
        // Those that a cancellation went to were cancelled as often as who waits.
        let run_on = self.wait.is_cancelled() || (state.failure.is_some() && matches!(self.others, Others::RunOn));
        drop(state);
        if run_on {
            tasks.into_iter().flatten().for_each(Task::detach);
        } else {
            drop(tasks); // which cancels them, outside of the lock
        }
    }
}

impl<T, E> fmt::Debug for TryGather<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryGather").field("tasks", &self.ids).field("others", &self.others).finish_non_exhaustive()
    }
}
