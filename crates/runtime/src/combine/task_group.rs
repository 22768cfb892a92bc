//! Structured concurrency: tasks that end before the code that started them goes on.

use super::group::{call_when_ended, cause_of_end};
use crate::core::Core;
use crate::core::cancel::{Reason, Target};
use crate::core::cell::TaskCell;
use crate::core::loop_state::Callback;
use crate::event::{CancelCause, TaskId};
use crate::task::{Task, spawn, spawn_local};
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// What went wrong in a group: the errors of its tasks, in the order in which they came, and that of its body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} of the group failed", .0.len())]
pub struct GroupError<E>(pub Vec<E>);

/// Where the tasks of a group are spawned.
pub struct TaskGroup<E>(pub(crate) Arc<Inner<E>>);

pub(crate) struct Inner<E> {
    state: Mutex<State<E>>,
}

pub(crate) struct State<E> {
    /// Those that have not told of their end.
    pub(crate) tasks: Vec<Option<Task<Result<(), E>>>>,
    pub(crate) left: usize,
    pub(crate) errors: Vec<E>,
    pub(crate) panic: Option<Box<dyn Any + Send>>,
    /// Who failed or panicked before the group was waited for.
    pub(super) unseen: Vec<TaskId>,
    pub(super) is_aborting: bool,
    /// A task has failed, and who runs the group was cancelled for that.
    pub(super) has_cancelled_parent: bool,
    /// The body has ended.
    pub(super) is_exiting: bool,
    pub(crate) is_over: bool,
    pub(super) parent: Option<Parent>,
}

/// Tasks that are to be cancelled.
pub(super) struct Abort(Vec<Arc<TaskCell>>);

impl Abort {
    /// Cancels them, because that task has failed or leaves the group.
    pub(crate) fn cancel(self, because: Option<TaskId>) {
        let reason = Reason { cause: CancelCause::Group(because), site: None };
        self.0.iter().for_each(|task| task.cancel(reason));
    }
}

/// Who runs the group.
#[derive(Clone)]
pub(super) struct Parent {
    pub(crate) target: Target,
    pub(crate) waker: Waker,
    /// It waits for the tasks alone.
    pub(super) is_at_the_end: bool,
}

impl<E> State<E> {
    fn new() -> Self {
        Self {
            tasks: Vec::new(),
            left: 0,
            errors: Vec::new(),
            panic: None,
            unseen: Vec::new(),
            is_aborting: false,
            has_cancelled_parent: false,
            is_exiting: false,
            is_over: false,
            parent: None,
        }
    }

    /// The tasks that have not ended, to be cancelled; none where they were before.
    pub(super) fn abort(&mut self) -> Option<Abort> {
        let was_aborting = std::mem::replace(&mut self.is_aborting, true);
        (!was_aborting).then(|| Abort(self.tasks.iter().flatten().map(|task| Arc::clone(task.cell())).collect()))
    }
}

impl<E> TaskGroup<E> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner { state: Mutex::new(State::new()) }))
    }
}

impl<E: Send + 'static> TaskGroup<E> {
    /// Spawns a task into the group.
    ///
    /// # Panics
    /// If the group is over, or is being left.
    #[track_caller]
    pub fn spawn<T, F>(&self, name: impl Into<Arc<str>>, future: F) -> Member<T>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
    {
        self.check(Location::caller());
        let output = Arc::new(Mutex::new(None));
        self.add(spawn(name, keep(future, Arc::clone(&output))));
        Member { output }
    }

    /// [`spawn`](Self::spawn) for a future that stays on the loop's thread.
    ///
    /// # Panics
    /// If the group is over, or is being left; and outside of an event loop.
    #[track_caller]
    pub fn spawn_local<T, F>(&self, name: impl Into<Arc<str>>, future: F) -> Member<T>
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: 'static,
    {
        self.check(Location::caller());
        let output = Arc::new(Mutex::new(None));
        self.add(spawn_local(name, keep(future, Arc::clone(&output))));
        Member { output }
    }

    fn check(&self, caller: &Location<'_>) {
        let state = self.0.lock();
        let is_over = state.is_over || (state.is_exiting && state.left == 0);
        assert!(!is_over, "{caller}: the group is over");
        assert!(!state.is_aborting, "{caller}: the group is being left");
    }

    fn add(&self, mut task: Task<Result<(), E>>) {
        let mut state = self.0.lock();
        let place = state.tasks.len();
        let callback = Arc::new(Ended { place, task: task.id(), group: Arc::clone(&self.0) });
        let has_ended = call_when_ended(&mut task, &callback);
        state.tasks.push(Some(task));
        state.left += 1;
        drop(state);
        if has_ended {
            Core::with(|core| core.call_soon(callback));
        }
    }
}

/// Keeps the output of a task of a group.
async fn keep<T, E>(future: impl Future<Output = Result<T, E>>, output: Arc<Mutex<Option<T>>>) -> Result<(), E> {
    let value = future.await?;
    *output.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    Ok(())
}

/// A task of a group.
pub struct Member<T> {
    output: Arc<Mutex<Option<T>>>,
}

impl<T> Member<T> {
    /// Its output, once it has ended well; given once.
    #[must_use]
    pub fn take(&self) -> Option<T> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<E> Inner<E> {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the loop runs in the turn after a task of the group ended.
struct Ended<E> {
    place: usize,
    task: TaskId,
    group: Arc<Inner<E>>,
}

impl<E: Send> Callback for Ended<E> {
    fn call(&self, core: &Core) {
        let mut state = self.group.lock();
        let Some(mut task) = state.tasks.get_mut(self.place).and_then(Option::take) else { return };
        let Some(end) = task.take_end() else { return };
        state.left -= 1;
        let has_failed = match end {
            Ok(None | Some(Ok(()))) => false,
            Ok(Some(Err(error))) => {
                state.errors.push(error);
                true
            }
            Err(payload) => {
                state.panic.get_or_insert(payload);
                true
            }
        };
        let is_waited_for = state.parent.as_ref().is_some_and(|parent| parent.is_at_the_end);
        state.unseen.extend((has_failed && !is_waited_for).then_some(self.task));
        let abort = if has_failed { state.abort() } else { None };
        state.has_cancelled_parent |= abort.is_some();
        let left = state.left;
        let parent = state.parent.clone();
        drop(state);
        core.telling(cause_of_end(self.task, left), || {
            let is_told = parent.as_ref().is_some_and(|parent| left == 0 && parent.is_at_the_end);
            if let Some(parent) = parent.as_ref().filter(|_| is_told) {
                parent.waker.wake_by_ref();
            }
            let Some(abort) = abort else { return };
            abort.cancel(Some(self.task));
            if let Some(Parent { target, waker, .. }) = parent {
                target.cancel(&waker, Reason { cause: CancelCause::Group(Some(self.task)), site: None });
            }
        });
    }
}

impl<E> Clone for TaskGroup<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E> fmt::Debug for TaskGroup<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup").field("left", &self.0.lock().left).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Member<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").finish_non_exhaustive()
    }
}
