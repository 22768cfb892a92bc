//! Waiting for some of several tasks, and keeping the others.

use super::group::{Group, Need};
use super::task::Task;
use super::wait::WaitPoint;
use crate::event::WaitOn;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// When [`wait`] goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// When one task has ended.
    First,
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
/// As [`gather`](super::gather) it goes on two turns of the loop later; what ends in between is done too.
///
/// # Panics
/// Outside [`EventLoop::run`](super::EventLoop::run), if there is a task.
#[track_caller]
pub fn wait<T>(tasks: impl IntoIterator<Item = Task<T>>, when: When) -> Wait<T> {
    let mut tasks: Vec<Task<T>> = tasks.into_iter().collect();
    let need = match when {
        When::First => Need::First,
        When::All => Need::All,
    };
    let group = Group::watch(&mut tasks, need);
    Wait { tasks, group, wait: WaitPoint::new() }
}

/// The future of [`wait`].
#[must_use = "tasks are waited for only when this is awaited"]
pub struct Wait<T> {
    tasks: Vec<Task<T>>,
    group: Arc<Group>,
    wait: WaitPoint,
}

impl<T> Future for Wait<T> {
    type Output = Waited<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Waited<T>> {
        let place = Location::caller();
        let enough = self.group.poll_enough(cx);
        let Self { tasks, wait, .. } = &mut *self;
        wait.record(&enough, place, || WaitOn::Gather(tasks.iter().map(Task::id).collect()));
        std::task::ready!(enough);
        let (mut done, mut pending) = (Vec::new(), Vec::new());
        for mut task in std::mem::take(tasks) {
            // From now on it no longer tells the group of its end.
            let has_ended = task.poll_ended(&mut Context::from_waker(Waker::noop())).is_ready();
            if has_ended { done.push(task) } else { pending.push(task) }
        }
        Poll::Ready(Waited { done, pending })
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        self.group.forget_parent();
        std::mem::take(&mut self.tasks).into_iter().for_each(Task::detach);
    }
}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").field("tasks", &self.tasks).field("group", &self.group).finish_non_exhaustive()
    }
}
