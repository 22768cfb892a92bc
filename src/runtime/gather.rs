//! Waiting for several tasks at once.

use super::core::{Callback, CallbackWaker, Core, Doing, Ready};
use super::task::Task;
use super::wait::WaitPoint;
use crate::event::{TaskId, WaitOn};
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// Waits for all `tasks`; gives their outputs in the order of the arguments, not in the order they finished.
///
/// As in asyncio it goes on two turns of the loop after the last task ended: in the first the group learns of it, in
/// the second the waiting task runs. Dropping it cancels the tasks that have not ended. A task that panicked panics
/// here, once all have ended.
#[track_caller]
pub fn gather<T>(tasks: impl IntoIterator<Item = Task<T>>) -> Gather<T> {
    let mut children: Vec<Task<T>> = tasks.into_iter().collect();
    let group = Arc::new(Group(Mutex::new(GroupState { left: children.len(), parent: None })));
    for task in &mut children {
        let ended = Arc::new(ChildEnded { child: task.id(), group: Arc::clone(&group) });
        if task.is_finished() {
            Core::with(|core| core.push(Ready::Callback(ended)));
        } else {
            let waker = Waker::from(Arc::new(CallbackWaker(ended)));
            let poll = task.poll_output(&mut Context::from_waker(&waker));
            debug_assert!(poll.is_pending(), "a task that has not ended has no output");
        }
    }
    Gather { children, group, wait: WaitPoint::new() }
}

/// The future of [`gather`].
#[must_use = "the outputs of gathered tasks come when this is awaited"]
pub struct Gather<T> {
    children: Vec<Task<T>>,
    group: Arc<Group>,
    wait: WaitPoint,
}

#[derive(Debug)]
struct Group(Mutex<GroupState>);

#[derive(Debug)]
struct GroupState {
    left: usize,
    parent: Option<Waker>,
}

/// What the loop runs in the turn after a child ended.
struct ChildEnded {
    child: TaskId,
    group: Arc<Group>,
}

impl Callback for ChildEnded {
    fn call(&self, core: &Core) {
        let parent = {
            let mut state = self.group.lock();
            state.left = state.left.saturating_sub(1);
            if state.left > 0 { None } else { state.parent.take() }
        };
        if let Some(parent) = parent {
            core.doing(Doing::Gathered(self.child), || parent.wake());
        }
    }
}

impl Group {
    fn lock(&self) -> std::sync::MutexGuard<'_, GroupState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Gather<T> {
    fn poll_all(&mut self, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        {
            let mut state = self.group.lock();
            if state.left > 0 {
                state.parent = Some(cx.waker().clone());
                return Poll::Pending;
            }
        }
        let mut outputs = Vec::with_capacity(self.children.len());
        for task in &mut self.children {
            match task.poll_output(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(value) => outputs.push(value),
                Poll::Pending => unreachable!("a child told the group that it had ended"),
            }
        }
        Poll::Ready(outputs)
    }
}

impl<T> Drop for Gather<T> {
    fn drop(&mut self) {
        // The children are cancelled now, and their ends are nobody's business any more.
        self.group.lock().parent = None;
    }
}

// The outputs are never pinned.
impl<T> Unpin for Gather<T> {}

impl<T> Future for Gather<T> {
    type Output = Vec<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        let place = Location::caller();
        let poll = self.poll_all(cx);
        let Self { children, wait, .. } = &mut *self;
        wait.record(&poll, place, || WaitOn::Gather(children.iter().map(Task::id).collect()));
        poll
    }
}

impl<T> fmt::Debug for Gather<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather")
            .field("tasks", &self.children.len())
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}
