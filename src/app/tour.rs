//! The tour of the window: four things that one needs to know to begin. It is offered at the first start.

/// What the tour shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Lessons,
    Transport,
    Timeline,
    Why,
}

/// What is asked of the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TourCommand {
    /// From the beginning.
    Show,
    GoTo(Stop),
    /// Enough; it does not come again by itself.
    End,
}

impl Stop {
    pub(crate) const ALL: [Self; 4] = [Self::Lessons, Self::Transport, Self::Timeline, Self::Why];

    /// Its number, from 0.
    pub(crate) fn number(self) -> usize {
        self as usize
    }

    pub(crate) fn next(self) -> Option<Self> {
        Self::ALL.get(self.number() + 1).copied()
    }

    pub(crate) fn previous(self) -> Option<Self> {
        self.number().checked_sub(1).map(|number| Self::ALL[number])
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Lessons => "Choose a lesson",
            Self::Transport => "Run it, and go through it",
            Self::Timeline => "See each task in its lane",
            Self::Why => "Ask why",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Lessons => {
                "Click a chapter to open it. A click loads a lesson, a double click runs it. What it teaches, and what \
                 you can change about it, stands below."
            }
            Self::Transport => {
                "Space runs the program and pauses it. Step lets the loop take one task from its queue and run it up to \
                 its next wait. The arrow keys go through what has happened, forward and back."
            }
            Self::Timeline => "Time goes from left to right. A task is in one of three states:",
            Self::Why => {
                "Click a lane, a chip or a line of code. Here you read what that task waits for, who woke it, and how \
                 long it had to wait for its turn. The story below the lanes tells everything in sentences."
            }
        }
    }
}
