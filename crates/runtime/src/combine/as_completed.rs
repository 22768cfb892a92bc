//! Outputs of tasks in the order in which they end.

use super::group::call_when_ended_or_soon;
use crate::core::Core;
use crate::core::loop_state::Callback;
use crate::sync::{Get, Queue};

use crate::event::{EnqueueCause, TaskId};
use crate::task::Task;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

/// Gives the outputs of `tasks` one by one, in the order in which they end: Python's `as_completed`. Those that have ended
/// and were not taken yet are shown as a queue of that name.
///
/// As with [`gather`](crate::gather), who waits goes on two turns of the loop after a task has ended.
///
/// ```
/// use loopscope_runtime::{EventLoop, as_completed, sleep, spawn};
/// use std::time::Duration;
///
/// let order = EventLoop::new().run(async {
///     let tasks = [3, 1, 2].map(|seconds| {
///         spawn("sleeper", async move {
///             sleep(Duration::from_secs(seconds)).await;
///             seconds
///         })
///     });
///     let mut ended = as_completed("ended", tasks);
///     let mut order = Vec::new();
///     while let Some(seconds) = ended.next_output().await {
///         order.push(seconds);
///     }
///     order
/// });
/// assert_eq!(order, Ok(vec![1, 2, 3]));
/// ```
///
/// # Panics
/// Outside [`EventLoop::run`](crate::EventLoop::run), if there is a task.
#[must_use = "dropping it cancels the tasks whose outputs were not taken"]
#[track_caller]
pub fn as_completed<T>(name: impl Into<Arc<str>>, tasks: impl IntoIterator<Item = Task<T>>) -> AsCompleted<T> {
    let ended = Queue::unbounded(name);
    let mut told = Vec::new();
    for (place, mut task) in tasks.into_iter().enumerate() {
        let callback = Ended { place, task: task.id(), ended: ended.clone(), is_told: AtomicBool::default() };
        call_when_ended_or_soon(&mut task, callback);
        told.push(Some(task));
    }
    AsCompleted { left: told.len(), tasks: told, ended }
}

/// What [`as_completed`] gives. Dropping it cancels the tasks whose outputs were not taken.
pub struct AsCompleted<T> {
    /// Those whose outputs were not taken.
    tasks: Vec<Option<Task<T>>>,
    left: usize,
    /// The places of those that have ended.
    ended: Queue<usize>,
}

/// What the loop runs in the turn after a task ended.
struct Ended {
    place: usize,
    task: TaskId,
    ended: Queue<usize>,
    /// A task that ends while it is asked for its end may tell twice.
    is_told: AtomicBool,
}

impl Callback for Ended {
    fn call(&self, core: &Core) {
        if self.is_told.swap(true, Ordering::AcqRel) {
            return;
        }
        core.telling(EnqueueCause::Joined(self.task), || {
            let always_has_a_place = self.ended.try_put(self.place);
            debug_assert!(always_has_a_place.is_ok());
        });
    }
}

impl<T> AsCompleted<T> {
    /// Waits for the next task to end, and gives its output; none when all outputs were taken.
    ///
    /// # Panics
    /// When awaited, if that task panicked.
    #[track_caller]
    pub fn next_output(&mut self) -> NextCompleted<'_, T> {
        let get = (self.left > 0).then(|| self.ended.get());
        NextCompleted { get, tasks: self }
    }
}

/// The future of [`AsCompleted::next_output`].
#[must_use = "a task is waited for only when this is awaited"]
pub struct NextCompleted<'a, T> {
    /// None when nothing is left to wait for.
    get: Option<Get<usize>>,
    tasks: &'a mut AsCompleted<T>,
}

impl<T> Future for NextCompleted<'_, T> {
    type Output = Option<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Self { get, tasks } = &mut *self;
        let Some(waiting) = get else { return Poll::Ready(None) };
        let place = ready!(Pin::new(waiting).poll(cx));
        *get = None;
        tasks.left -= 1;
        match tasks.tasks.get_mut(place).and_then(Option::take) {
            Some(mut task) => {
                task.note_seen();
                task.poll_output(cx).map(Some)
            }
            None => Poll::Ready(None),
        }
    }
}

impl<T> fmt::Debug for AsCompleted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsCompleted").field("left", &self.left).field("ended", &self.ended).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for NextCompleted<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextCompleted").field("tasks", &self.tasks).finish_non_exhaustive()
    }
}
