//! What a lint may find, and what it says of it.

use crate::event::{Nanos, TaskId};
use crate::model::host::Host;
use crate::model::record::Record;
use crate::store::log::EventIndex;
use crate::words::wording::Wording;
use std::borrow::Cow;

/// How sensitive the diagnoses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A poll that takes longer holds everybody else up.
    pub long_poll: Nanos,
    /// A task that is ready for longer starves.
    pub long_ready: Nanos,
    /// A task that wakes itself so often in a row, while nothing else happens to it, spins.
    pub self_wakes: u32,
    /// A convoy that holds a run up for less is not worth speaking of.
    pub long_convoy: Nanos,
}

impl Limits {
    /// From this length on a poll blocks the loop, unless one says otherwise: what Python's asyncio takes for slow, too.
    pub const LONG_POLL: Nanos = Nanos::from_millis(100);
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            long_poll: Self::LONG_POLL,
            long_ready: Nanos::from_millis(500),
            self_wakes: 1000,
            long_convoy: Nanos::from_millis(100),
        }
    }
}

/// What a lint looks through, and for whom it says what it finds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) record: &'a Record,
    pub(super) limits: Limits,
    pub(super) wording: &'a Wording,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// A poll blocked the loop for long.
    LoopBlocked,
    /// A poll held one of several threads for long. Where the threads take tasks from one pool, this is found only if a task
    /// was ready for long in the meantime, and no other thread took it.
    ThreadBlocked,
    /// A task was ready for long before it ran.
    Starved,
    /// A task woke itself again and again.
    SelfWakeStorm,
    /// Tasks wait for each other in a circle.
    DeadlockCycle,
    /// A task waits for something that nobody will do.
    LostWakeup,
    /// A task was spawned and never polled.
    NeverPolled,
    /// A task panicked, and nobody awaited it: that it failed goes unseen. Where nobody takes what a task *returned*, that
    /// may well be meant, and is no finding. Only found where the record tells who awaits whom.
    ResultNeverTaken,
    /// A task would have gone on by itself when the main task returned, and nobody had ever awaited it: the rest of its work
    /// is not done. What waited for somebody to ask something of it, such as a server, had nothing to do; what was
    /// cancelled, also by dropping its handle, was meant to go no further: these are no findings. Only found where the record
    /// has a main task.
    SpawnedWithoutJoin,
    /// A task was dropped while it held a lock.
    DroppedHoldingLock,
    /// For half of the run or more nothing went on, and most tasks stood in the queue of one lock, or of a semaphore of
    /// a single permit.
    Convoy,
}

impl Diagnosis {
    /// What it is, and what happened, to who has seen the first `seen` events. Words that tell of more say that they tell of
    /// the whole run.
    #[must_use]
    pub fn words(&self, seen: EventIndex) -> String {
        let words = format!("{}: {}", self.finding.title(), self.cause);
        if self.until < seen { words } else { format!("In the whole run, {words}") }
    }
}

/// What is so of every diagnosis of one finding.
struct Row {
    /// What a program calls it.
    id: &'static str,
    title: &'static str,
    /// How bad it is, the worst least: what never goes on or is lost comes before what is damaged, and what only takes long
    /// comes last.
    rank: u8,
    /// Whether it can be found in a record of this host. Most need what only Loopscope's own runs tell.
    is_sought: fn(Host) -> bool,
}

impl Finding {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::DeadlockCycle,
        Self::LostWakeup,
        Self::ResultNeverTaken,
        Self::DroppedHoldingLock,
        Self::NeverPolled,
        Self::SpawnedWithoutJoin,
        Self::LoopBlocked,
        Self::ThreadBlocked,
        Self::SelfWakeStorm,
        Self::Starved,
        Self::Convoy,
    ];

    fn row(self) -> Row {
        let row = |id, title, rank, is_sought| Row { id, title, rank, is_sought };
        let joins: fn(Host) -> bool = Host::records_joins;
        match self {
            Self::DeadlockCycle => row("deadlock", "a deadlock", 0, joins),
            Self::LostWakeup => row("lost-wakeup", "a lost wakeup", 1, joins),
            Self::ResultNeverTaken => row("unseen-failure", "a failure that went unseen", 2, joins),
            Self::DroppedHoldingLock => row("cancelled-with-lock", "cancelled while it held a lock", 3, joins),
            Self::NeverPolled => row("never-ran", "a task that never ran", 4, |_| true),
            Self::SpawnedWithoutJoin => row("not-awaited", "a task that was not awaited", 5, joins),
            Self::LoopBlocked => row("blocked-loop", "a blocked loop", 6, |host| host != Host::Stock),
            Self::ThreadBlocked => row("blocked-thread", "a blocked thread", 6, |host| host != Host::Loop),
            Self::SelfWakeStorm => row("busy-polling", "a task that keeps polling", 7, |_| true),
            Self::Starved => row("starved", "a starved task", 8, |_| true),
            Self::Convoy => row("convoy", "a convoy: a long line behind one lock", 9, joins),
        }
    }

    /// What a program calls it: short, and never changed.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// How bad it is, the worst least: what never goes on or is lost comes before what is damaged, and what only takes long
    /// comes last.
    #[must_use]
    pub fn rank(self) -> u8 {
        self.row().rank
    }

    /// Whether it can be found in a record of this host. The others need what only Loopscope's own runs tell.
    #[must_use]
    pub fn is_sought(self, host: Host) -> bool {
        (self.row().is_sought)(host)
    }
}

/// A finding with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What kind.
    pub finding: Finding,
    /// The task that it is about.
    pub task: TaskId,
    /// The event that shows it best.
    pub evidence: EventIndex,
    /// The event from which on it is so: before it nobody could tell.
    pub since: EventIndex,
    /// The last event that its words tell of: to who looks at an earlier one they tell of what is still to come.
    pub until: EventIndex,
    /// What happened, in one line.
    pub cause: String,
    /// What to do about it, in one line.
    pub fix: Cow<'static, str>,
}
