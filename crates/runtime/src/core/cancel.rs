//! Cancellation: where in a task it goes to, what meets it there, and how it is taken back. The whole protocol is here.
//!
//! asyncio cancels a task by an exception. It is thrown at the `.await` that the task is at and goes outwards, until a
//! timeout, a task group or a condition catches it. A future has no exceptions, so each of those is a [`Scope`], which
//! the scopes inside it know. The task itself is the outermost. An exception that is on its way is a mark at a scope: the
//! scope is *thrown at*.
//!
//! ```text
//!                     ┌────────────┐  request: somebody cancels the task, a time limit is up, a group is left
//!                     │    runs    │─────────────────────────────┐
//!                     └────────────┘                             ▼
//!                       ▲   ▲                   does the .await inside wait for tasks that have not ended?
//!                       │   │                          │ yes                            │ no
//!                       │   │                          ▼                                │
//!                       │   │                ┌──────────────────┐                       │
//!                       │   └────────────────│ waits for others │ those are cancelled,  │
//!                       │  one of them       └──────────────────┘ and so on             │
//!                       │  catches it, and           │ they end cancelled               │
//!                       │  ends otherwise            ▼                                  ▼
//!                       │                    ┌─────────────────────────────────────────────┐
//!                       │                    │                  thrown at                  │◀─────┐
//!                       │                    └─────────────────────────────────────────────┘      │
//!                       │                            │ the next poll begins                       │ propagate:
//!                       │ catch                      ▼                                            │ the scope around
//!                       │ (time is up,       is there a scope inside?                             │ is thrown at
//!                       │  group is over)            │ yes: that one meets it first, in its poll  │
//!                       │                            │ no                                         │
//!                       │                            ▼                                            │
//!                       │                    ┌────────────┐                                       │
//!                       └────────────────────│    left    │───────────────────────────────────────┘
//!                                            └────────────┘ what ran inside is dropped
//!                                                    │ it was the task itself
//!                                                    ▼
//!                                            ended by a cancellation
//! ```
//!
//! [`Passage`] is the rule for one poll, the same for a task and for every scope in it. Where a cancellation comes during a
//! poll, to something beside what is polled, the next poll passes it on.
//!
//! Each request also counts, until the scope that made it is left: asyncio's `cancelling()`. A timeout tells that
//! its time is up only where nothing around it was asked for since it began.

use super::Core;
use super::cell::TaskCell;
use super::run::Run;
use super::wakes::Doing;
use crate::event::{CancelCause, EnqueueCause, EventKind, Nanos, SiteId};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Poll, Wake as _, Waker};

/// A part of a task that cancellations go through: the task itself, a timeout, a task group, the wait for a condition.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    outer: Option<Arc<Scope>>,
    inside: Mutex<Inside>,
    /// How often it was asked to be left.
    requests: AtomicU32,
    /// A cancellation is on its way through it.
    is_thrown: AtomicBool,
}

/// What a scope knows of its inside.
#[derive(Debug, Default)]
struct Inside {
    scopes: Vec<Weak<Scope>>,
    /// The tasks that its `.await` is for.
    awaited: Vec<Arc<Awaited>>,
}

/// Tasks that an `.await` is for. A cancellation goes to them, and who awaits them sees their ends.
#[derive(Debug)]
pub(crate) struct Awaited {
    tasks: Vec<Arc<TaskCell>>,
    is_cancelled: AtomicBool,
}

impl Awaited {
    pub(crate) fn new(tasks: Vec<Arc<TaskCell>>) -> Arc<Self> {
        Arc::new(Self { tasks, is_cancelled: AtomicBool::default() })
    }

    /// Whether a cancellation went to them.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Acquire)
    }

    /// Those that a cancellation goes to: the ones that have not ended.
    fn cancel(&self) -> Vec<Arc<TaskCell>> {
        let unfinished: Vec<_> = self.tasks.iter().filter(|task| !task.has_ended()).map(Arc::clone).collect();
        if !unfinished.is_empty() {
            self.is_cancelled.store(true, Ordering::Release);
        }
        unfinished
    }
}

impl Scope {
    fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |scope| scope.outer.as_deref())
    }

    /// Whether a cancellation is on its way through it, or comes from around it.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.chain().any(|scope| scope.is_thrown.load(Ordering::Acquire))
    }

    /// How many requests for what is around it stand.
    pub(crate) fn requests_around(&self) -> u32 {
        let around = self.outer.iter().flat_map(|outer| outer.chain());
        around.map(|scope| scope.requests.load(Ordering::Acquire)).fold(0, u32::saturating_add)
    }

    /// How many requests for it and for what is around it stand.
    pub(crate) fn requests(&self) -> u32 {
        self.requests.load(Ordering::Acquire).saturating_add(self.requests_around())
    }

    /// Sends a cancellation on its way, outwards from here.
    pub(crate) fn throw(&self) {
        self.is_thrown.store(true, Ordering::Release);
    }

    /// Ends a cancellation that is on its way, wherever it came from.
    pub(crate) fn catch(&self) {
        self.chain().for_each(|scope| scope.is_thrown.store(false, Ordering::Release));
    }

    /// Whether something inside meets a cancellation first.
    pub(crate) fn has_inner(&self) -> bool {
        self.lock().scopes.iter().any(|scope| scope.strong_count() > 0)
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the `.await`s inside are for.
    fn all_awaited(self: &Arc<Self>) -> Vec<Arc<Awaited>> {
        let (mut found, mut scopes) = (Vec::new(), vec![Arc::clone(self)]);
        while let Some(scope) = scopes.pop() {
            let inside = scope.lock();
            found.extend(inside.awaited.iter().map(Arc::clone));
            scopes.extend(inside.scopes.iter().filter_map(Weak::upgrade));
        }
        found
    }
}

/// Where a cancellation that something inside a task asks for goes to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// None where no task runs.
    cell: Option<Arc<TaskCell>>,
    scope: Arc<Scope>,
}

impl Target {
    /// Cancels what runs in the scope. `waker` is the one by which it was polled.
    pub(crate) fn cancel(&self, waker: &Waker, reason: Reason) {
        let mut next = Vec::new();
        request(self.cell.as_ref(), &self.scope, waker, &mut next, reason);
        cancel_all(next);
    }
}

/// Why a task is cancelled, and where that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reason {
    pub(crate) cause: CancelCause,
    pub(crate) site: Option<SiteId>,
}

/// Cancels a task.
fn cancel_task(cell: &Arc<TaskCell>, reason: Reason) {
    cancel_all(vec![(Arc::clone(cell), reason)]);
}

/// Cancels tasks, the last first. Those that they await are cancelled instead, and so on: without recursion, however
/// long the chain is.
fn cancel_all(mut next: Vec<(Arc<TaskCell>, Reason)>) {
    while let Some((cell, reason)) = next.pop() {
        tell_request(&cell, reason);
        let scope = cell.scope();
        let inside = Reason { cause: CancelCause::Awaiter(cell.task), ..reason };
        let go = || request(Some(&cell), scope, &Waker::from(Arc::clone(&cell)), &mut next, inside);
        match Core::current() {
            Some(core) => core.doing(Doing::Cancelling(cell.task), go),
            None => Run::with_outside_cause(EnqueueCause::Cancelled, go),
        }
    }
}

/// Records that a task was asked to end.
fn tell_request(cell: &TaskCell, Reason { cause, site }: Reason) {
    let task = cell.task;
    let told = Core::try_with(|core| {
        let is_here = Arc::ptr_eq(&core.run, cell.run());
        if is_here && cell.is_announced_to(core.epoch()) {
            let by = core.current_task();
            core.emit(|| EventKind::CancelRequested { task, by, cause, site });
        }
        is_here
    });
    let epoch = cell.run().epoch();
    if told != Some(true) && cell.is_announced_to(epoch) {
        let kind = EventKind::CancelRequested { task, by: None, cause, site: None };
        cell.run().emit_outside(epoch, Nanos(cell.stamp().0 + 1), kind);
    }
}

/// Asks for a scope to be left. What is to be cancelled for that is added to `next`, the first last, for that reason.
fn request(
    cell: Option<&Arc<TaskCell>>,
    scope: &Arc<Scope>,
    waker: &Waker,
    next: &mut Vec<(Arc<TaskCell>, Reason)>,
    reason: Reason,
) {
    scope.requests.fetch_add(1, Ordering::AcqRel);
    let awaited = if cell.is_some_and(|cell| cell.is_ready()) { Vec::new() } else { scope.all_awaited() };
    let tasks: Vec<_> = awaited.iter().flat_map(|awaited| awaited.cancel()).collect();
    if !tasks.is_empty() {
        next.extend(tasks.into_iter().rev().map(|task| (task, reason)));
        return;
    }
    scope.throw();
    // Tasks that have ended wake who awaits them by themselves.
    if awaited.is_empty() {
        waker.wake_by_ref();
    }
}

/// A poll of a scope, as far as cancellations go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passage {
    was_cancelled: bool,
}

/// What becomes of a scope when a poll of it gave control back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// It waits for what it awaits.
    Waits,
    /// A cancellation came during the poll, to something beside: it is to be polled again, and tells what is inside.
    PassesOn,
    /// It is left.
    IsLeft,
}

impl Passage {
    /// Begins a poll of a scope; none where it is to be left at once: a cancellation is on its way that nothing inside has to
    /// meet first. A task that was never asked for anything has no scope.
    #[inline]
    pub(crate) fn begin(scope: Option<&Scope>) -> Option<Self> {
        let was_cancelled = scope.is_some_and(Scope::is_cancelled);
        let is_left = was_cancelled && !scope.is_some_and(Scope::has_inner);
        (!is_left).then_some(Self { was_cancelled })
    }

    /// Ends a poll that gave control back.
    #[inline]
    pub(crate) fn end(self, scope: Option<&Scope>) -> Next {
        match scope.filter(|scope| scope.is_cancelled()) {
            None => Next::Waits,
            Some(scope) if !self.was_cancelled && scope.has_inner() => Next::PassesOn,
            // Nothing inside has caught it, or it came from inside.
            Some(_) => Next::IsLeft,
        }
    }
}

/// A scope that a future has entered. It is left when this is dropped.
#[derive(Debug)]
pub(crate) struct Entered(Target);

impl Entered {
    /// Enters a scope inside the one that the running code stands in.
    pub(crate) fn new() -> Self {
        let (cell, outer) = Core::try_with(|core| (core.current_cell(), core.scope())).unwrap_or_default();
        let scope = Arc::new(Scope { outer, ..Scope::default() });
        if let Some(outer) = &scope.outer {
            outer.lock().scopes.push(Arc::downgrade(&scope));
        }
        Self(Target { cell, scope })
    }

    pub(crate) fn scope(&self) -> &Arc<Scope> {
        &self.0.scope
    }

    pub(crate) fn target(&self) -> &Target {
        &self.0
    }

    /// Polls what runs inside, unless a cancellation is on its way that nothing inside has to meet first. None where it
    /// is to be left.
    pub(crate) fn poll<T>(&self, poll: impl FnOnce() -> Poll<T>) -> Option<Poll<T>> {
        let scope = self.scope();
        let passage = Passage::begin(Some(scope))?;
        let polled = {
            let _standing = Standing::inside(scope);
            poll()
        };
        if polled.is_ready() {
            return Some(polled);
        }
        match passage.end(Some(scope)) {
            Next::Waits => Some(polled),
            Next::PassesOn => {
                if let Some(cell) = &self.0.cell {
                    cell.wake_by_ref();
                }
                Some(polled)
            }
            Next::IsLeft => None,
        }
    }

    /// Leaves the scope, and lets a cancellation that goes through it go on outwards.
    pub(crate) fn propagate(self) {
        if let Some(outer) = &self.scope().outer {
            outer.throw();
        }
    }
}

/// The running code stands in a scope until this is dropped.
struct Standing(Option<Arc<Scope>>);

impl Standing {
    fn inside(scope: &Arc<Scope>) -> Self {
        Self(Core::try_with(|core| core.set_scope(Some(Arc::clone(scope)))).flatten())
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        let outer = self.0.take();
        Core::try_with(|core| core.set_scope(outer));
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let scope = self.scope();
        // What was begun inside and goes on elsewhere is not cancelled.
        scope.is_thrown.store(false, Ordering::Release);
        if let Some(outer) = &scope.outer {
            outer.lock().scopes.retain(|inner| !std::ptr::eq(inner.as_ptr(), Arc::as_ptr(scope)));
        }
    }
}

/// An `.await` that is for tasks. It is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Awaiting {
    scope: Arc<Scope>,
    awaited: Arc<Awaited>,
}

impl Awaiting {
    /// From now on a cancellation of the code that runs goes to those tasks; none where no task runs.
    pub(crate) fn new(awaited: Arc<Awaited>) -> Option<Self> {
        let scope = Core::try_with(Core::scope).flatten()?;
        scope.lock().awaited.push(Arc::clone(&awaited));
        Some(Self { scope, awaited })
    }

    /// Whether a cancellation went to them.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.awaited.is_cancelled()
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        self.scope.lock().awaited.retain(|awaited| !Arc::ptr_eq(awaited, &self.awaited));
    }
}

impl TaskCell {
    /// What cancellations of it go through, as the outermost.
    pub(crate) fn scope(&self) -> &Arc<Scope> {
        self.scope.get_or_init(Arc::default)
    }

    /// What cancellations of it go through, as far as there was any.
    pub(crate) fn scope_if_any(&self) -> Option<&Scope> {
        self.scope.get().map(Arc::as_ref)
    }

    /// It has ended by a cancellation.
    pub(crate) fn note_cancelled(&self) {
        self.was_cancelled.store(true, Ordering::Release);
        self.note_ended();
    }

    /// Whether it was dropped because it was cancelled.
    pub(crate) fn was_cancelled(&self) -> bool {
        self.was_cancelled.load(Ordering::Acquire)
    }

    /// Cancels the task, unless it has ended.
    pub(crate) fn cancel(self: &Arc<Self>, reason: Reason) {
        if !self.has_ended() {
            cancel_task(self, reason);
        }
    }
}

impl Core {
    /// Throws a cancellation at the `.await` that is being polled, which is Pending then.
    pub(crate) fn throw_here() {
        if let Some(scope) = Self::try_with(Self::scope).flatten() {
            scope.throw();
        }
    }
}
