//! What an event loop keeps beside the state of its tasks: the ready queue, the timers, and who has not ended.

use super::Core;
use super::live::LiveTasks;
use super::run::Left;
use super::timers::{TimerCell, Timers};
use super::wakes::Doing;
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId, TimerId};
use async_task::{Runnable, ScheduleInfo};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Wake;

/// An entry of the ready queue.
pub(crate) enum Ready {
    Task(TaskId, Runnable),
    /// A timer that is due, with its id where a task has set it.
    Timer(Option<TimerId>, Arc<TimerCell>),
    Callback(Arc<dyn Callback>),
}

/// What the loop runs between tasks: the second turn that asyncio takes before it wakes a waiting task. A stock
/// executor takes no such turn: there it runs at once.
pub(crate) trait Callback: Send + Sync {
    fn call(&self, core: &Core);

    /// Whether it belongs to a job, and so outlives the tasks.
    fn is_of_a_job(&self) -> bool {
        false
    }
}

/// The state of an event loop.
#[derive(Default)]
pub(crate) struct LoopState {
    ready: RefCell<VecDeque<Ready>>,
    timers: RefCell<Timers>,
    /// Every unfinished task.
    pub(crate) live: LiveTasks,
    pub(crate) main_done: Cell<bool>,
}

impl Core {
    /// Puts a task of this loop into the ready queue, on the loop's own thread.
    pub(crate) fn schedule(&self, task: TaskId, runnable: Runnable, info: ScheduleInfo) {
        let Some(state) = self.event_loop() else { return };
        if !self.is_ending() {
            if info.woken_while_running {
                let cause = self.take_again().unwrap_or(EnqueueCause::OtherThread);
                self.emit_at_stamp(|| EventKind::Enqueued { task, cause });
            } else {
                self.emit(|| EventKind::Enqueued { task, cause: self.wake_cause(task) });
            }
        }
        state.push(Ready::Task(task, runnable));
        // The reactor sleeps in the root future's `block_on`: a wake from there must make it poll the loop again.
        if self.doing_now() == Doing::Reactor {
            self.run.control.kick();
        }
    }

    /// Announces the living tasks to a new record.
    pub(super) fn announce_all(&self) {
        let Some(state) = self.event_loop().filter(|_| self.is_on()) else { return };
        state.live.for_each(|cell| self.announce(cell, EnqueueCause::Spawned));
        for entry in state.ready.borrow().iter() {
            if let Ready::Task(task, _) = entry {
                let (task, cause) = (*task, EnqueueCause::BeforeRecord);
                self.emit(|| EventKind::Enqueued { task, cause });
            }
        }
    }

    /// Takes what other threads left for this loop, oldest first.
    pub(crate) fn take_left(&self) {
        let Some(state) = self.event_loop() else { return };
        for left in self.run.take_left() {
            match left {
                Left::Ready(task, runnable, cause) => {
                    if !self.is_ending() {
                        self.emit(|| EventKind::Enqueued { task, cause });
                    }
                    state.push(Ready::Task(task, runnable));
                }
                // Else it has been polled since, or has ended: it is not in the queue that it was in.
                Left::Coalesced { task, cause, polls } => {
                    if !self.is_ending() && state.live.is_ready_since(task, polls) {
                        self.emit(|| EventKind::WakeCoalesced { task, cause });
                    }
                }
            }
        }
    }

    /// Takes the timers that are due, in the order of their deadlines.
    pub(crate) fn take_due_timers(&self) {
        let Some(state) = self.event_loop() else { return };
        let mut timers = state.timers.borrow_mut();
        if timers.next_deadline().is_none() {
            return;
        }
        let now = self.now();
        while let Some((timer, cell)) = timers.pop_due(now) {
            state.push(Ready::Timer(timer, cell));
        }
    }
}

impl LoopState {
    pub(crate) fn push(&self, entry: Ready) {
        self.ready.borrow_mut().push_back(entry);
    }

    pub(crate) fn pop(&self) -> Option<Ready> {
        self.ready.borrow_mut().pop_front()
    }

    pub(crate) fn ready_len(&self) -> usize {
        self.ready.borrow().len()
    }

    pub(crate) fn next_deadline(&self) -> Option<Nanos> {
        self.timers.borrow().next_deadline()
    }

    pub(crate) fn arm(&self, deadline: Nanos, timer: Option<TimerId>, cell: Arc<TimerCell>) -> u64 {
        self.timers.borrow_mut().arm(deadline, timer, cell)
    }

    /// Takes a timer out of those that become due by themselves.
    pub(super) fn disarm(&self, deadline: Nanos, order: u64) {
        self.timers.borrow_mut().cancel(deadline, order);
    }

    /// Whether every unfinished task waits for another task or for something that tasks share.
    pub(crate) fn all_wait_for_each_other(&self) -> bool {
        self.next_deadline().is_none() && self.live.all_wait_for_each_other()
    }
}

/// A waker that makes the loop run a callback in its next turn instead of polling a task.
pub(crate) struct CallbackWaker<C>(pub(crate) Arc<C>);

impl<C: Callback + 'static> Wake for CallbackWaker<C> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let callback: Arc<dyn Callback> = Arc::clone(&self.0) as _;
        if let Some(core) = Core::current() {
            core.call_soon(callback);
        }
    }
}
