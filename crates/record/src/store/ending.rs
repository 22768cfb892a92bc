//! How a task ended, in a word: as much as a lane keeps.

use crate::event::{DropCause, PollOutcome};
use serde::{Deserialize, Serialize};

/// How a task ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It returned, and not with an `Err`.
    Returned,
    /// It returned an `Err`.
    Failed,
    /// It panicked.
    Panicked,
    /// It was cancelled.
    Cancelled,
    /// It was dropped unfinished as the run ended.
    CutOff,
    /// A stock executor dropped it unfinished, for a reason of its own.
    Dropped,
}

impl Ending {
    /// How many there are.
    pub(crate) const COUNT: usize = Self::ALL.len();

    /// All of them, each at its place.
    pub const ALL: [Self; 6] =
        [Self::Returned, Self::Failed, Self::Panicked, Self::Cancelled, Self::CutOff, Self::Dropped];

    /// How a poll ended its task; none where it did not.
    pub(crate) fn of_poll(outcome: PollOutcome) -> Option<Self> {
        match outcome {
            PollOutcome::Pending => None,
            PollOutcome::Ready => Some(Self::Returned),
            PollOutcome::Failed => Some(Self::Failed),
            PollOutcome::Panicked => Some(Self::Panicked),
        }
    }

    /// How a task ended that was dropped.
    pub(crate) fn of_drop(cause: DropCause) -> Self {
        match cause {
            DropCause::Cancelled => Self::Cancelled,
            DropCause::RunEnded => Self::CutOff,
            DropCause::Unknown => Self::Dropped,
        }
    }

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }

    /// Whether it is an error of the task: it returned an `Err`, or panicked.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(self, Self::Failed | Self::Panicked)
    }

    /// Whether the task was dropped before it was done.
    #[must_use]
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Cancelled | Self::CutOff | Self::Dropped)
    }

    /// What the task did, in a word or two, after its name.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Cancelled => "was cancelled",
            Self::CutOff => "was cut off by the end of the run",
            Self::Dropped => "was dropped unfinished",
        }
    }

    /// How it ended, in a word or two that can stand alone.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Cancelled => "cancelled",
            Self::CutOff => "cut off by the end of the run",
            Self::Dropped => "dropped unfinished",
        }
    }
}
