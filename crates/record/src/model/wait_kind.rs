//! What sort of thing a task waits for: what tells one wait from another at a glance.

use crate::event::{WaitId, WaitOn};
use crate::store::log::EventIndex;
use crate::store::table::Told;
use std::collections::VecDeque;

/// What sort of thing a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitKind {
    /// A timer.
    Timer,
    /// Something that tasks share: a lock, a permit, an item of a queue.
    Shared,
    /// The end of other tasks.
    Task,
    /// Input or output: a file, a connection; or what another library waits for, which mostly is that.
    Io,
    /// A job on a thread that may block.
    Job,
    /// An answer of the user.
    Input,
    /// Something else: the next item of a stream, or a future that has no name.
    Other,
}

impl WaitKind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Timer, Self::Shared, Self::Task, Self::Io, Self::Job, Self::Input, Self::Other];

    /// The kind of a wait.
    #[must_use]
    pub fn of(on: &WaitOn) -> Self {
        match on {
            WaitOn::Sleep { .. } => Self::Timer,
            WaitOn::Resource(..) => Self::Shared,
            WaitOn::Join(_) | WaitOn::Tasks(..) => Self::Task,
            WaitOn::Io(_) | WaitOn::Foreign(_) => Self::Io,
            WaitOn::Job(_) => Self::Job,
            WaitOn::Input(_) => Self::Input,
            WaitOn::Stream(_) => Self::Other,
        }
    }

    /// What is waited for, in a word or two.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Timer => "a timer",
            Self::Shared => "something shared",
            Self::Task => "a task",
            Self::Io => "I/O or another library",
            Self::Job => "a job",
            Self::Input => "your input",
            Self::Other => "something else",
        }
    }
}

/// The events that begin waits, and the kind of each wait: lanes ask for it at every frame.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    told: Told,
    /// From the first wait that is kept.
    kinds: VecDeque<WaitKind>,
    /// Of which kinds there were any.
    has: [bool; WaitKind::ALL.len()],
}

impl Waits {
    /// The event `index` begins a wait.
    pub(crate) fn add(&mut self, wait: WaitId, index: EventIndex, on: &WaitOn) {
        if self.told.add(wait.0, index) {
            let kind = WaitKind::of(on);
            self.kinds.push_back(kind);
            self.has[kind as usize] = true;
        }
    }

    /// Whether there was a wait of this kind.
    pub(crate) fn has(&self, kind: WaitKind) -> bool {
        self.has[kind as usize]
    }

    /// The event that began a wait; none where it is not kept.
    pub(crate) fn event(&self, wait: WaitId) -> Option<EventIndex> {
        self.told.get(wait.0)
    }

    /// The kind of a wait; none where it is not kept.
    pub(crate) fn kind(&self, wait: WaitId) -> Option<WaitKind> {
        let place = self.told.number(wait.0)?.checked_sub(self.told.first())?;
        self.kinds.get(place).copied()
    }

    /// Gives up the waits that began before the event `index`, as far as that makes it smaller.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) {
        let first = self.told.first();
        self.told.give_up_before(index);
        self.kinds.drain(..(self.told.first() - first).min(self.kinds.len()));
    }

    /// About how many bytes they take.
    pub(crate) fn size(&self) -> usize {
        self.told.size() + self.kinds.capacity()
    }
}
