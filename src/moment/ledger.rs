//! What the statements of a moment have to know of the events before: when waits began, when timers are due, how many tasks
//! are ready. It keeps what is asked for, and of what is over nothing.

use super::sets::{Bits, IdMap};
use crate::event::{Event, EventKind, Nanos, SiteId, TaskId, TimerId, WaitId, kinds};

/// What has to be kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Keeps {
    /// When waits began, and where.
    pub(super) waits: bool,
    /// Whose timers are, and when they are due.
    pub(super) timers: bool,
    /// Since when tasks run.
    pub(super) polls: bool,
    /// Since when tasks are ready.
    pub(super) ready: bool,
    /// How many tasks are ready, run and wait.
    pub(super) census: bool,
}

impl Keeps {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            waits: self.waits | other.waits,
            timers: self.timers | other.timers,
            polls: self.polls | other.polls,
            ready: self.ready | other.ready,
            census: self.census | other.census,
        }
    }

    /// The kinds of events to keep something of.
    pub(super) fn kinds(self) -> u64 {
        let if_kept = |is_kept, kinds| if is_kept { kinds } else { 0 };
        if_kept(self.waits, kinds::WAIT | kinds::WAIT_END)
            | if_kept(self.timers, kinds::TIMER | kinds::FIRED | kinds::TIMER_CANCELLED)
            | if_kept(self.polls, kinds::POLL | kinds::POLL_END)
            | if_kept(self.ready, kinds::ENQUEUED | kinds::POLL | kinds::DROPPED)
            | if_kept(self.census, kinds::ENQUEUED | kinds::POLL | kinds::POLL_END | kinds::DROPPED)
    }
}

/// A timer that is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Armed {
    pub(super) task: TaskId,
    pub(super) deadline: Nanos,
}

/// A wait that goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) began: Nanos,
    pub(super) site: SiteId,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    keeps: Keeps,
    waits: IdMap<WaitId, Open>,
    timers: IdMap<TimerId, Armed>,
    polls: IdMap<TaskId, Nanos>,
    ready_since: IdMap<TaskId, Nanos>,
    pub(super) ready: Bits,
    pub(super) running: Bits,
    pub(super) waiting: Bits,
}

impl Ledger {
    /// Keeps this, too, from the first event on.
    pub(super) fn keep(&mut self, keeps: Keeps) {
        self.keeps = self.keeps.and(keeps);
    }

    /// The kinds of events to keep something of.
    pub(super) fn kinds(&self) -> u64 {
        self.keeps.kinds()
    }

    /// Takes in an event, before the statements look at it.
    #[inline]
    pub(super) fn before(&mut self, event: &Event) {
        match &event.kind {
            EventKind::WaitBegan { wait, site, .. } if self.keeps.waits => {
                self.waits.insert(*wait, Open { began: event.at, site: *site });
            }
            EventKind::TimerArmed { timer, task, deadline, .. } if self.keeps.timers => {
                self.timers.insert(*timer, Armed { task: *task, deadline: *deadline });
            }
            EventKind::Enqueued { task, .. } => {
                if self.keeps.ready {
                    self.ready_since.entry(*task).or_insert(event.at);
                }
                if self.keeps.census {
                    self.waiting.remove(task.0);
                    self.ready.add(task.0);
                }
            }
            EventKind::PollStarted { task } => {
                if self.keeps.polls {
                    self.polls.insert(*task, event.at);
                }
                if self.keeps.census {
                    self.ready.remove(task.0);
                    self.waiting.remove(task.0);
                    self.running.add(task.0);
                }
            }
            EventKind::PollEnded { task, outcome } if self.keeps.census => {
                self.running.remove(task.0);
                // A task that was woken while it ran is ready already.
                if *outcome == crate::event::PollOutcome::Pending && !self.ready.has(task.0) {
                    self.waiting.add(task.0);
                }
            }
            EventKind::TaskDropped { task, .. } => {
                self.ready_since.remove(task);
                for tasks in [&mut self.ready, &mut self.running, &mut self.waiting] {
                    tasks.remove(task.0);
                }
            }
            _ => {}
        }
    }

    /// Forgets what is over, after the statements have looked at the event.
    #[inline]
    pub(super) fn after(&mut self, event: &Event) {
        match &event.kind {
            EventKind::WaitEnded { wait, .. } if self.keeps.waits => drop(self.waits.remove(wait)),
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } if self.keeps.timers => {
                self.timers.remove(timer);
            }
            EventKind::PollEnded { task, .. } if self.keeps.polls => drop(self.polls.remove(task)),
            EventKind::PollStarted { task } if self.keeps.ready => drop(self.ready_since.remove(task)),
            _ => {}
        }
    }

    #[inline]
    pub(super) fn wait(&self, wait: WaitId) -> Option<Open> {
        self.waits.get(&wait).copied()
    }

    #[inline]
    pub(super) fn timer(&self, timer: TimerId) -> Option<Armed> {
        self.timers.get(&timer).copied()
    }

    pub(super) fn runs_since(&self, task: TaskId) -> Option<Nanos> {
        self.polls.get(&task).copied()
    }

    pub(super) fn ready_since(&self, task: TaskId) -> Option<Nanos> {
        self.ready_since.get(&task).copied()
    }
}
