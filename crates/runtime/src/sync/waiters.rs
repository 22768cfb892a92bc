//! Tasks in line for a shared thing, first come first served.
//!
//! As on asyncio a waiter counts as gone from the moment its task is cancelled or its time is up, although it leaves
//! the line only when it is dropped, a turn later: nothing is handed to it in between.

use crate::core::Core;
use crate::core::cancel::Scope;
use crate::event::TaskId;
use std::collections::VecDeque;
use std::sync::{Arc, MutexGuard};
use std::task::Waker;

/// A place in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// The line. A woken waiter keeps its place until it has run, as asyncio's semaphore does, or is taken out on waking,
/// as its queue does: the owner chooses by what it calls.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    next: u64,
    line: VecDeque<Waiter>,
}

/// A waiter that is to be woken.
#[derive(Debug)]
pub(super) struct Next {
    waker: Waker,
    /// None where no task waits: another library's future, outside of any.
    task: Option<TaskId>,
}

impl Next {
    pub(super) fn wake(self) {
        self.waker.wake();
    }

    /// Hands what is shared to the next in line: nobody overtakes it, though it has yet to run. `record` is given its task,
    /// and runs while `state`, which has the line, is locked.
    pub(super) fn hand_over<State>(
        next: Option<Self>,
        state: MutexGuard<'_, State>,
        record: impl FnOnce(Option<TaskId>),
    ) {
        if let Some(next) = &next {
            record(next.task);
        }
        drop(state);
        next.into_iter().for_each(Self::wake);
    }
}

#[derive(Debug)]
struct Waiter {
    ticket: Ticket,
    task: Option<TaskId>,
    /// Taken when woken.
    waker: Option<Waker>,
    /// What it waits in.
    scope: Option<Arc<Scope>>,
}

impl Waiter {
    /// Whether it still waits and will go on.
    fn waits(&self) -> bool {
        self.waker.is_some() && !self.is_cancelled()
    }

    fn is_cancelled(&self) -> bool {
        self.scope.as_ref().is_some_and(|scope| scope.is_cancelled())
    }

    /// Takes its waker.
    fn next(&mut self) -> Option<Next> {
        Some(Next { waker: self.waker.take()?, task: self.task })
    }
}

impl Waiters {
    /// Whether nobody is ahead of one who comes now: nobody waits, or was woken and has yet to run.
    pub(super) fn is_free(&self) -> bool {
        self.line.iter().all(|waiter| waiter.waker.is_some() && waiter.is_cancelled())
    }

    /// Joins the end of the line.
    pub(super) fn join(&mut self, waker: &Waker) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        let (task, scope) = Core::try_with(|core| (core.current_task(), core.scope())).unwrap_or_default();
        self.line.push_back(Waiter { ticket, task, waker: Some(waker.clone()), scope });
        ticket
    }

    /// Whether this waiter has not been woken; if so, `waker` wakes it from now on.
    pub(super) fn still_waits(&mut self, ticket: Ticket, waker: &Waker) -> bool {
        match self.line.iter_mut().find(|waiter| waiter.ticket == ticket) {
            Some(Waiter { waker: Some(current), .. }) => {
                current.clone_from(waker);
                true
            }
            _ => false,
        }
    }

    /// Leaves the line; whether it had not been woken.
    pub(super) fn leave(&mut self, ticket: Ticket) -> bool {
        let place = self.line.iter().position(|waiter| waiter.ticket == ticket);
        let waiter = place.and_then(|place| self.line.remove(place));
        waiter.is_some_and(|waiter| waiter.waker.is_some())
    }

    /// The first in line; none if it was woken before, or will not go on.
    pub(super) fn wake_first(&mut self) -> Option<Next> {
        self.line.front_mut().filter(|waiter| waiter.waits())?.next()
    }

    /// How many still wait.
    pub(super) fn waiting(&self) -> u32 {
        self.line.iter().filter(|waiter| waiter.waits()).count() as u32
    }

    /// The first who still waits; it keeps its place.
    pub(super) fn wake_in_place(&mut self) -> Option<Next> {
        self.line.iter_mut().find(|waiter| waiter.waits())?.next()
    }

    /// The first who still waits, taken out of the line.
    pub(super) fn wake_out(&mut self) -> Option<Next> {
        let place = self.line.iter().position(Waiter::waits)?;
        self.line.remove(place)?.next()
    }
}
