//! What a moment says, as a tree. It holds no state of a run.

use super::pattern::Pattern;
use crate::event::Nanos;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cond {
    /// One after another.
    Then(Vec<Cond>),
    /// At least one.
    Any(Vec<Cond>),
    /// All at once.
    All(Vec<Cond>),
    Not(Box<Cond>),
    Atom(Atom),
}

impl Cond {
    /// Whether it can hold for a while, so that one can ask whether it does not.
    pub(super) fn can_hold(&self) -> bool {
        match self {
            Self::Then(_) => false,
            Self::Any(parts) | Self::All(parts) => parts.iter().all(Self::can_hold),
            Self::Not(_) => true,
            Self::Atom(atom) => atom.nature() != Nature::Happening,
        }
    }

    /// Whether it is a state and nothing else: it comes at the event at which it begins to hold.
    pub(super) fn is_state(&self) -> bool {
        match self {
            Self::Then(_) => false,
            Self::Any(parts) | Self::All(parts) => parts.iter().all(Self::is_state),
            Self::Not(_) => true,
            Self::Atom(atom) => atom.nature() == Nature::State,
        }
    }

    /// A text that its event may have, of a line that is printed: with a number for whatever stands open.
    pub(super) fn sample_text(&self) -> String {
        match self {
            Self::Then(parts) => parts.last().map_or_else(String::new, Self::sample_text),
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().map(Self::sample_text).find(|text| !text.is_empty()).unwrap_or_default()
            }
            Self::Atom(Atom::Printed(line) | Atom::Task(_, Deed::Prints(line))) => line.filled("1"),
            Self::Not(_) | Self::Atom(_) => String::new(),
        }
    }
}

/// What kind of thing an atom is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// True at single events.
    Happening,
    /// True at single events, after which it holds for a while.
    Both,
    /// Holds for a while.
    State,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Atom {
    Task(Who, Deed),
    Thing(Pattern, ThingIs),
    /// A line was printed, by whomever.
    Printed(Pattern),
    Entered(Pattern),
    JobStarts(Pattern),
    JobDone(Pattern),
    Count(Counted, Compare, f64),
    At(Nanos),
    Idle,
    Deadlock,
    RunEnds,
    CleanUp,
}

impl Atom {
    pub(super) fn nature(&self) -> Nature {
        match self {
            Self::Task(_, deed) => deed.nature(),
            Self::Thing(_, ThingIs::Changing) => Nature::Happening,
            Self::Thing(..) | Self::Count(..) | Self::At(_) => Nature::State,
            Self::Idle => Nature::Both,
            Self::Printed(_)
            | Self::Entered(_)
            | Self::JobStarts(_)
            | Self::JobDone(_)
            | Self::Deadlock
            | Self::RunEnds
            | Self::CleanUp => Nature::Happening,
        }
    }
}

/// Of which tasks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Who {
    pub(super) which: Which,
    pub(super) name: Pattern,
}

/// Of how many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Any,
    Each,
    /// The task that is the so-maniest to do it, counted from 1.
    Nth(u32),
}

/// What a task does, or what is done to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    Spawned,
    Ready,
    Runs,
    Suspends,
    Yields,
    Returns,
    Done,
    Failed,
    Panicked,
    Cancelled,
    AskedToEnd,
    Computes,
    Waits(Option<For>, Option<Pattern>),
    GoesOn(Option<Pattern>),
    Wakes(Pattern),
    Woken(By),
    Spawns(Pattern),
    Prints(Pattern),
    TimerFires(Option<(Compare, Nanos)>),
    TimerCancelled,
    Waited(Compare, Nanos),
    Ran(Compare, Nanos),
    WasReady(Compare, Nanos),
}

impl Deed {
    fn nature(&self) -> Nature {
        match self {
            Self::Spawned
            | Self::Ready
            | Self::Runs
            | Self::Returns
            | Self::Done
            | Self::Failed
            | Self::Panicked
            | Self::Cancelled
            | Self::Computes
            | Self::Waits(..) => Nature::Both,
            Self::Suspends
            | Self::Yields
            | Self::AskedToEnd
            | Self::GoesOn(_)
            | Self::Wakes(_)
            | Self::Woken(_)
            | Self::Spawns(_)
            | Self::Prints(_)
            | Self::TimerFires(_)
            | Self::TimerCancelled
            | Self::Waited(..)
            | Self::Ran(..)
            | Self::WasReady(..) => Nature::Happening,
        }
    }
}

/// What a task waits for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum For {
    Timer,
    Job,
    Tasks,
    Io,
    Input,
    Stream,
    Library,
    /// A shared thing, a task, a job, or whatever else has that name.
    Named(Pattern),
}

/// Who woke a task.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum By {
    Task(Pattern),
    Thread,
    Timer,
    Io,
    Job,
    User,
}

/// What is said of a shared thing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ThingIs {
    Full,
    Empty,
    Free,
    Set,
    Open,
    Closed,
    Held(Option<Pattern>),
    Measure(Measure, Compare, f64),
    Changing,
}

/// What is counted of a shared thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Length,
    Free,
    Waiting,
    Value,
}

/// What is counted of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Ready,
    Running,
    Waiting,
    Iteration,
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    More,
    AtLeast,
    Less,
    AtMost,
    Equal,
    Unequal,
}

impl Compare {
    pub(super) fn of_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            ">" => Self::More,
            ">=" => Self::AtLeast,
            "<" => Self::Less,
            "<=" => Self::AtMost,
            "=" => Self::Equal,
            "!=" => Self::Unequal,
            _ => return None,
        })
    }

    pub(super) fn holds<T: PartialOrd>(self, one: T, other: T) -> bool {
        match self {
            Self::More => one > other,
            Self::AtLeast => one >= other,
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::Equal => one == other,
            Self::Unequal => one != other,
        }
    }
}
