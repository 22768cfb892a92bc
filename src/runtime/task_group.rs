//! Structured concurrency: tasks that end before the code that started them goes on.

use super::cell::TaskCell;
use super::core::Core;
use super::group::call_when_ended;
use super::loop_state::Callback;
use super::task::{Task, spawn, spawn_local};
use super::timeout::Scope;
use super::wait::WaitPoint;
use crate::event::{EnqueueCause, TaskId, WaitOn};
use pin_project_lite::pin_project;
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// What went wrong in a group: the errors of its tasks, in the order in which they came, and that of its body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} of the group failed", .0.len())]
pub struct GroupError<E>(pub Vec<E>);

/// Runs `body`, which spawns tasks into the group it is given, and waits until all of them have ended.
///
/// When one fails the others are cancelled and waited for, and so is the body: Python's `TaskGroup`. When who waits is
/// cancelled, so are they. A task that panicked panics here, once all have ended.
///
/// ```
/// use loopscope::runtime::{EventLoop, sleep, task_group};
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
    let group = TaskGroup(Arc::new(Inner { state: Mutex::new(State::new()), is_aborted: Arc::default() }));
    let body = body(group.clone());
    RunGroup {
        group,
        stage: Stage::Body { body: Some(body) },
        result: None,
        depth: Depth(None),
        wait: WaitPoint::new(),
    }
}

/// Where the tasks of a group are spawned.
pub struct TaskGroup<E>(Arc<Inner<E>>);

struct Inner<E> {
    state: Mutex<State<E>>,
    /// The body is to be left.
    is_aborted: Arc<AtomicBool>,
}

struct State<E> {
    /// Those that have not told of their end.
    tasks: Vec<Option<Task<Result<(), E>>>>,
    left: usize,
    errors: Vec<E>,
    panic: Option<Box<dyn Any + Send>>,
    is_aborting: bool,
    is_over: bool,
    parent: Option<Parent>,
}

/// Tasks that are to be cancelled.
struct Abort(Vec<Arc<TaskCell>>);

impl Abort {
    fn cancel(self) {
        for task in self.0 {
            task.cancel();
        }
    }
}

/// The task that runs the group.
#[derive(Clone)]
struct Parent {
    cell: Option<Arc<TaskCell>>,
    waker: Waker,
    /// It waits for the tasks alone.
    is_at_the_end: bool,
}

impl<E> State<E> {
    fn new() -> Self {
        Self {
            tasks: Vec::new(),
            left: 0,
            errors: Vec::new(),
            panic: None,
            is_aborting: false,
            is_over: false,
            parent: None,
        }
    }

    /// The tasks that have not ended, to be cancelled; none where they were before.
    fn abort(&mut self) -> Option<Abort> {
        let was_aborting = std::mem::replace(&mut self.is_aborting, true);
        (!was_aborting).then(|| Abort(self.tasks.iter().flatten().map(|task| Arc::clone(task.cell())).collect()))
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
        assert!(!state.is_over, "{caller}: the group is over");
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
    fn lock(&self) -> MutexGuard<'_, State<E>> {
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
        let abort = if has_failed { state.abort() } else { None };
        let all_ended = state.left == 0;
        let parent = state.parent.clone();
        drop(state);
        core.telling(EnqueueCause::Gathered(self.task), || {
            let is_told = parent.as_ref().is_some_and(|parent| all_ended && parent.is_at_the_end);
            if let Some(parent) = parent.as_ref().filter(|_| is_told) {
                parent.waker.wake_by_ref();
            }
            let Some(abort) = abort else { return };
            abort.cancel();
            self.group.is_aborted.store(true, Ordering::Release);
            match parent.filter(|_| !is_told) {
                Some(Parent { cell: Some(cell), waker, is_at_the_end: false }) => cell.interrupt(|| waker.wake()),
                Some(Parent { waker, .. }) => waker.wake(),
                None => {}
            }
        });
    }
}

pin_project! {
    /// The future of [`task_group`].
    #[must_use = "a group runs when this is awaited"]
    pub struct RunGroup<T, E, F> {
        group: TaskGroup<E>,
        #[pin]
        stage: Stage<F>,
        result: Option<Result<T, E>>,
        depth: Depth,
        wait: WaitPoint,
    }

    impl<T, E, F> PinnedDrop for RunGroup<T, E, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut state = this.group.0.lock();
            state.parent = None;
            state.is_over = true;
            let tasks = std::mem::take(&mut state.tasks);
            drop(state);
            drop(tasks); // which cancels them, outside of the lock
        }
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

/// How many groups the running task is in, this one included; a cancellation is first met by the innermost.
struct Depth(Option<(Arc<TaskCell>, u32)>);

impl Depth {
    fn enter(&mut self) {
        if self.0.is_none() {
            self.0 = Core::try_with(Core::current_cell).flatten().map(|cell| {
                let depth = cell.hold();
                (cell, depth)
            });
        }
    }

    /// Whether the body can be left now.
    fn can_leave(&self) -> bool {
        self.0.as_ref().is_none_or(|(cell, depth)| cell.can_leave(*depth))
    }

    /// Whether the task that runs the group is cancelled.
    fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|(cell, _)| cell.is_cancelled())
            || Core::try_with(|core| core.scope().is_some_and(|scope| scope.is_over())).unwrap_or(false)
    }

    fn leave(&mut self) {
        if let Some((cell, _)) = self.0.take() {
            cell.let_go();
        }
    }

    /// Takes a cancellation back, wherever it came from: the errors are told instead.
    fn uncancel(&self) {
        if let Some(scope) = Core::try_with(Core::scope).flatten() {
            scope.forgive();
        }
        if let Some((cell, _)) = &self.0 {
            cell.uncancel();
        }
    }
}

impl Drop for Depth {
    fn drop(&mut self) {
        self.leave();
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
        this.depth.enter();
        let inner = &this.group.0;
        {
            let cell = Core::try_with(Core::current_cell).flatten();
            let is_at_the_end = matches!(*this.stage, Stage::End { .. });
            inner.lock().parent = Some(Parent { cell, waker: cx.waker().clone(), is_at_the_end });
        }
        if let StageProjection::Body { mut body } = this.stage.as_mut().project() {
            let is_to_be_left = || inner.is_aborted.load(Ordering::Acquire) || this.depth.is_cancelled();
            let mut polled = Poll::Pending;
            if !(is_to_be_left() && this.depth.can_leave())
                && let Some(body) = body.as_mut().as_pin_mut()
            {
                let scope = Scope::aborted_by(Arc::clone(&inner.is_aborted));
                let outer = Core::try_with(|core| core.set_scope(Some(scope.within(core.scope()))));
                polled = body.poll(cx);
                Core::try_with(|core| core.set_scope(outer.flatten()));
            }
            let is_left = polled.is_pending() && is_to_be_left() && this.depth.can_leave();
            if polled.is_pending() && !is_left {
                return Poll::Pending;
            }
            body.set(None); // its guards are released before the tasks are waited for
            if let Poll::Ready(result) = polled {
                *this.result = Some(result);
            }
            let has_failed = is_left || matches!(this.result, Some(Err(_)));
            let mut state = inner.lock();
            let abort = if has_failed { state.abort() } else { None };
            if let Some(parent) = &mut state.parent {
                parent.is_at_the_end = true;
            }
            drop(state);
            let is_cancelled = is_left && abort.is_some();
            abort.into_iter().for_each(Abort::cancel);
            this.stage.set(Stage::End { is_cancelled });
        }
        let StageProjection::End { is_cancelled } = this.stage.project() else { return Poll::Pending };
        if this.depth.is_cancelled() {
            let abort = inner.lock().abort();
            *is_cancelled |= abort.is_some();
            abort.into_iter().for_each(Abort::cancel);
        }
        let mut state = inner.lock();
        if state.left > 0 {
            let ids: Arc<[TaskId]> = state.tasks.iter().flatten().map(Task::id).collect();
            drop(state);
            this.wait.record(&Poll::<()>::Pending, place, || WaitOn::Gather(ids));
            return Poll::Pending;
        }
        this.wait.end();
        state.is_over = true;
        let (mut errors, panic) = (std::mem::take(&mut state.errors), state.panic.take());
        drop(state);
        if let Some(payload) = panic {
            this.depth.leave();
            resume_unwind(payload);
        }
        let result = this.result.take();
        if *is_cancelled && errors.is_empty() && !matches!(result, Some(Err(_))) {
            this.depth.leave(); // now the cancellation takes effect
            return Poll::Pending;
        }
        match result {
            Some(Ok(value)) if errors.is_empty() => {
                this.depth.leave();
                return Poll::Ready(Ok(value));
            }
            Some(Err(error)) => errors.push(error),
            _ => {}
        }
        this.depth.uncancel();
        this.depth.leave();
        Poll::Ready(Err(GroupError(errors)))
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

impl<T, E, F> fmt::Debug for RunGroup<T, E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunGroup").field("group", &self.group).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Member<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").finish_non_exhaustive()
    }
}
