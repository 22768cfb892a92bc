//! Waiting for all of several tasks.

use super::group::{GoesOn, Group};
use crate::core::Core;
use crate::event::{TaskWait, WaitOn};
use crate::task::Task;
use crate::task::output::is_result;
use crate::task::wait::WaitPoint;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Waits for all `tasks`; gives their outputs in the order of the arguments, not in the order they finished.
///
/// As in asyncio it goes on two turns of the loop after the last task ended: in the first the group learns of it, in
/// the second the waiting task runs. Dropping it cancels the tasks that have not ended. A task that panicked panics
/// here, once all have ended.
///
/// When who waits is cancelled, so are the tasks, and it goes on when the first of them has ended by that. Where tasks
/// give a [`Result`] it waits for all of them, as with asyncio's `return_exceptions=True`.
///
/// # Panics
/// Outside [`EventLoop::run`](crate::EventLoop::run), if there is a task.
#[track_caller]
pub fn gather<T>(tasks: impl IntoIterator<Item = Task<T>>) -> Gather<T> {
    let mut tasks: Vec<Task<T>> = tasks.into_iter().collect();
    // The twins of tasks that give a `Result` gather with `return_exceptions=True`, which waits for all.
    let goes_on = if is_result::<T>() { GoesOn::WithAll } else { GoesOn::WithTheFirstCancelled };
    let group = Group::watch(&mut tasks, goes_on);
    Gather { tasks, group, wait: WaitPoint::new() }
}

/// The future of [`gather`].
#[must_use = "the outputs of gathered tasks come when this is awaited"]
pub struct Gather<T> {
    tasks: Vec<Task<T>>,
    group: Arc<Group>,
    wait: WaitPoint,
}

impl<T> Gather<T> {
    #[track_caller]
    fn poll_all(&mut self, cx: &Context<'_>) -> Poll<Vec<T>> {
        std::task::ready!(self.group.poll_all_ended(cx));
        if !self.wait.is_open() && !self.tasks.is_empty() {
            // On several threads all may have ended before: who gathers them sees their ends all the same.
            let ids = || WaitOn::Tasks(TaskWait::Gather, self.tasks.iter().map(Task::id).collect());
            self.wait.record(&Poll::<()>::Pending, Location::caller(), ids);
        }
        if self.wait.is_cancelled() {
            Core::throw_here();
            return Poll::Pending;
        }
        let mut outputs = Vec::with_capacity(self.tasks.len());
        for task in &mut self.tasks {
            match task.poll_output(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(value) => outputs.push(value),
                Poll::Pending => return Poll::Pending, // cancelled, as is who gathers
            }
        }
        Poll::Ready(outputs)
    }
}

impl<T> Drop for Gather<T> {
    fn drop(&mut self) {
        // Their ends are nobody's business any more.
        self.group.forget_parent();
        if self.wait.is_cancelled() {
            // They were cancelled, each as often as who waits.
            self.tasks.drain(..).for_each(Task::detach);
        }
    }
}

impl<T> Future for Gather<T> {
    type Output = Vec<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        let place = Location::caller();
        let poll = self.poll_all(cx);
        let Self { tasks, wait, .. } = &mut *self;
        wait.awaits(&poll, || Group::awaited(tasks));
        wait.record(&poll, place, || WaitOn::Tasks(TaskWait::Gather, tasks.iter().map(Task::id).collect()));
        poll
    }
}

impl<T> fmt::Debug for Gather<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather").field("tasks", &self.tasks).field("group", &self.group).finish_non_exhaustive()
    }
}
