//! Waiting for some of several tasks, and keeping the others.

use super::group::{call_when_ended, cause_of_end};
use crate::core::Core;
use crate::core::loop_state::Callback;
use crate::event::{TaskId, TaskWait, WaitOn};
use crate::task::Task;
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// When [`wait`] goes on.
pub enum When<T> {
    /// When one task has ended.
    First,
    /// When one has panicked, or given an output that this calls a failure; or when all have ended. For tasks that give
    /// a `Result` it is `When::FirstException(Result::is_err)`.
    FirstException(fn(&T) -> bool),
    /// When all have.
    All,
}

/// What [`wait`] gives: the tasks as they are, each list in the order of the arguments.
#[derive(Debug)]
pub struct Waited<T> {
    /// Those that have ended; awaiting one gives its output at once.
    pub done: Vec<Task<T>>,
    /// Those that have not. Dropping them cancels them.
    pub pending: Vec<Task<T>>,
}

/// Waits until the first or all of `tasks` have ended, and gives them back. None is cancelled, also where this
/// is dropped: they run on then.
///
/// As [`gather`](crate::gather) it goes on two turns of the loop later; what ends in between is done too.
///
/// # Panics
/// If there is no task: nothing could end the wait. asyncio raises a `ValueError` then. And outside
/// [`EventLoop::run`](crate::EventLoop::run).
#[track_caller]
pub fn wait<T: Send + 'static>(tasks: impl IntoIterator<Item = Task<T>>, when: When<T>) -> Wait<T> {
    let tasks: Vec<Task<T>> = tasks.into_iter().collect();
    assert!(!tasks.is_empty(), "{}: there is no task to wait for", Location::caller());
    let ids = tasks.iter().map(Task::id).collect();
    let state = State { left: tasks.len(), is_decided: false, tasks: Vec::new(), parent: None };
    let group = Arc::new(WaitGroup { when, state: Mutex::new(state) });
    // On a stock executor a task may end, and tell, while the others are still being asked to.
    for (place, mut task) in tasks.into_iter().enumerate() {
        let (id, is_told) = (task.id(), AtomicBool::default());
        let callback = Arc::new(Ended { place, task: id, group: Arc::clone(&group), is_told });
        let mut state = group.lock();
        let has_ended = call_when_ended(&mut task, &callback);
        state.tasks.push(task);
        drop(state);
        if has_ended {
            Core::with(|core| core.call_soon(callback));
        }
    }
    Wait { ids, group, wait: WaitPoint::new() }
}

struct WaitGroup<T> {
    when: When<T>,
    state: Mutex<State<T>>,
}

struct State<T> {
    tasks: Vec<Task<T>>,
    left: usize,
    is_decided: bool,
    parent: Option<Waker>,
}

impl<T> WaitGroup<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the loop runs in the turn after a task of the group ended.
struct Ended<T> {
    place: usize,
    task: TaskId,
    group: Arc<WaitGroup<T>>,
    /// A task that ends while it is asked for its end may tell twice.
    is_told: AtomicBool,
}

impl<T: Send> Callback for Ended<T> {
    fn call(&self, core: &Core) {
        if self.is_told.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut state = self.group.lock();
        state.left = state.left.saturating_sub(1);
        let left = state.left;
        let is_enough = match self.group.when {
            When::First => true,
            When::All => left == 0,
            When::FirstException(is_failure) => {
                left == 0 || state.tasks.get_mut(self.place).is_some_and(|task| task.has_failed(is_failure))
            }
        };
        state.is_decided |= is_enough;
        let parent = if is_enough { state.parent.take() } else { None };
        drop(state);
        if let Some(parent) = parent {
            core.telling(cause_of_end(self.task, left), || parent.wake());
        }
    }
}

/// The future of [`wait`].
#[must_use = "tasks are waited for only when this is awaited"]
pub struct Wait<T> {
    ids: Arc<[TaskId]>,
    group: Arc<WaitGroup<T>>,
    wait: WaitPoint,
}

impl<T> Future for Wait<T> {
    type Output = Waited<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Waited<T>> {
        let place = Location::caller();
        let Self { ids, group, wait } = &mut *self;
        let mut state = group.lock();
        if !state.is_decided {
            state.parent = Some(cx.waker().clone());
            drop(state);
            let how = match group.when {
                When::First => TaskWait::First,
                When::FirstException(_) => TaskWait::FirstFailure,
                When::All => TaskWait::All,
            };
            wait.record(&Poll::<()>::Pending, place, || WaitOn::Tasks(how, Arc::clone(ids)));
            return Poll::Pending;
        }
        let tasks = std::mem::take(&mut state.tasks);
        drop(state);
        wait.end();
        let (mut done, mut pending) = (Vec::new(), Vec::new());
        for mut task in tasks {
            // From now on it no longer tells the group of its end.
            let has_ended = task.poll_ended(&mut Context::from_waker(Waker::noop())).is_ready();
            if has_ended { done.push(task) } else { pending.push(task) }
        }
        Poll::Ready(Waited { done, pending })
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        let mut state = self.group.lock();
        state.parent = None;
        let tasks = std::mem::take(&mut state.tasks);
        drop(state);
        tasks.into_iter().for_each(Task::detach);
    }
}

impl<T> fmt::Debug for When<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "First",
            Self::FirstException(_) => "FirstException",
            Self::All => "All",
        })
    }
}

impl<T> Clone for When<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for When<T> {}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").field("tasks", &self.ids).finish_non_exhaustive()
    }
}
