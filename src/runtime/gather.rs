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
    let children: Vec<Child<T>> = tasks.into_iter().map(|task| Child { task, output: None }).collect();
    let group = Arc::new(Group(Mutex::new(GroupState { left: children.len(), parent: None })));
    Gather { children, group, watched: false, wait: WaitPoint::new() }
}

/// The future of [`gather`].
#[must_use = "gathered tasks are waited for only when this is awaited"]
pub struct Gather<T> {
    children: Vec<Child<T>>,
    group: Arc<Group>,
    /// Whether the children tell the group of their end.
    watched: bool,
    wait: WaitPoint,
}

struct Child<T> {
    task: Task<T>,
    output: Option<T>,
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
    /// Makes each child tell the group when it ends.
    fn watch(&mut self) {
        for Child { task, output } in &mut self.children {
            let ended = Arc::new(ChildEnded { child: task.id(), group: Arc::clone(&self.group) });
            let waker = Waker::from(Arc::new(CallbackWaker(Arc::clone(&ended))));
            if let Poll::Ready(value) = task.poll_output(&mut Context::from_waker(&waker)) {
                *output = Some(value);
                Core::with(|core| core.push(Ready::Callback(ended)));
            }
        }
    }

    fn poll_all(&mut self, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        if !self.watched {
            self.watched = true;
            self.watch();
        }
        {
            let mut state = self.group.lock();
            if state.left > 0 {
                state.parent = Some(cx.waker().clone());
                return Poll::Pending;
            }
        }
        let mut outputs = Vec::with_capacity(self.children.len());
        for Child { task, output } in &mut self.children {
            match output.take() {
                Some(value) => outputs.push(value),
                None => match task.poll_output(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(value) => outputs.push(value),
                    Poll::Pending => unreachable!("a child told the group that it had ended"),
                },
            }
        }
        Poll::Ready(outputs)
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
        wait.record(&poll, place, || WaitOn::Gather(children.iter().map(|child| child.task.id()).collect()));
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
