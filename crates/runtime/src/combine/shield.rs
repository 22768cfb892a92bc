//! A task that its waiter's cancellation does not reach.

use super::group::{GoesOn, Group};
use crate::event::WaitOn;
use crate::task::Task;
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Waits for `task`, which runs on when who waits is cancelled, or when this is dropped.
///
/// As asyncio's `shield` it goes on two turns after the task ended; at once if it has ended before.
///
/// # Panics
/// Outside a run.
#[track_caller]
pub fn shield<T>(task: Task<T>) -> Shield<T> {
    let mut task = [task];
    let group = (!task[0].is_finished()).then(|| Group::watch(&mut task, GoesOn::WithAll));
    let [task] = task;
    Shield { task: Some(task), group, wait: WaitPoint::new() }
}

/// The future of [`shield`].
#[must_use = "a task's output comes when this is awaited"]
pub struct Shield<T> {
    task: Option<Task<T>>,
    group: Option<Arc<Group>>,
    wait: WaitPoint,
}

impl<T> Future for Shield<T> {
    type Output = T;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let place = Location::caller();
        let Self { task, group, wait } = &mut *self;
        let Some(shielded) = task else { return Poll::Pending };
        let ended = group.as_ref().map_or(Poll::Ready(()), |group| group.poll_all_ended(cx));
        wait.record(&ended, place, || WaitOn::Join(shielded.id()));
        std::task::ready!(ended);
        let output = shielded.poll_output(&mut Context::from_waker(Waker::noop()));
        if output.is_ready() {
            *task = None;
        }
        output
    }
}

impl<T> Drop for Shield<T> {
    fn drop(&mut self) {
        if let Some(group) = &self.group {
            group.forget_parent();
        }
        if let Some(task) = self.task.take() {
            task.detach();
        }
    }
}

impl<T> fmt::Debug for Shield<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shield").field("task", &self.task).finish_non_exhaustive()
    }
}
