//! Tasks in line for a shared thing, first come first served.

use std::collections::VecDeque;
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

#[derive(Debug)]
struct Waiter {
    ticket: Ticket,
    /// Taken when woken.
    waker: Option<Waker>,
}

impl Waiters {
    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Joins the end of the line.
    pub(super) fn join(&mut self, waker: &Waker) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.line.push_back(Waiter { ticket, waker: Some(waker.clone()) });
        ticket
    }

    /// Whether this waiter still waits; if so, `waker` wakes it from now on.
    pub(super) fn still_waits(&mut self, ticket: Ticket, waker: &Waker) -> bool {
        match self.line.iter_mut().find(|waiter| waiter.ticket == ticket) {
            Some(Waiter { waker: Some(current), .. }) => {
                current.clone_from(waker);
                true
            }
            _ => false,
        }
    }

    /// Leaves the line; whether it still waited.
    pub(super) fn leave(&mut self, ticket: Ticket) -> bool {
        let place = self.line.iter().position(|waiter| waiter.ticket == ticket);
        let waiter = place.and_then(|place| self.line.remove(place));
        waiter.is_some_and(|waiter| waiter.waker.is_some())
    }

    /// The waker of the first who still waits; it keeps its place.
    pub(super) fn wake_in_place(&mut self) -> Option<Waker> {
        self.line.iter_mut().find_map(|waiter| waiter.waker.take())
    }

    /// The waker of the first who still waits, taken out of the line with those woken before.
    pub(super) fn wake_out(&mut self) -> Option<Waker> {
        while let Some(waiter) = self.line.pop_front() {
            if let Some(waker) = waiter.waker {
                return Some(waker);
            }
        }
        None
    }
}
