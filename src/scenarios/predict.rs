//! The question that a lesson asks before the run, and how a run answers it.

use crate::event::{Nanos, Outcome};

/// A lesson's question. Its words are in the lesson; its answer is read off a run, never written down.
#[derive(Debug)]
pub struct Predict {
    /// The answer that a run gives.
    pub answer: fn(&Outline) -> Answer,
    /// Parameters under which the answer is another one, as on the command line, e.g. `delay=1s`: what to try next.
    pub changed_by: &'static str,
}

/// What a run was, for a question: a summary of its record.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// How long it took.
    pub elapsed: Nanos,
    /// How it ended; none while it goes on.
    pub outcome: Option<Outcome>,
    /// The lines printed, in order.
    pub lines: Vec<PrintedLine>,
    /// The tasks, in the order of spawning.
    pub tasks: Vec<TaskOutline>,
    /// How many times the loop began an iteration.
    pub iterations: usize,
    /// The most threads that ran a task at the same instant.
    pub at_once: usize,
}

/// A printed line.
#[derive(Debug, Clone)]
pub struct PrintedLine {
    /// When.
    pub at: Nanos,
    /// Who printed it.
    pub task: String,
    /// The line.
    pub text: String,
}

/// What a task did.
#[derive(Debug, Clone, Default)]
pub struct TaskOutline {
    /// Its name.
    pub name: String,
    /// When it was spawned.
    pub spawned: Nanos,
    /// When it first ran; none if it never did.
    pub first_polled: Option<Nanos>,
    /// When it ended; none if it did not.
    pub ended: Option<Nanos>,
    /// Whether it ended by returning.
    pub finished: bool,
    /// How many times it was polled.
    pub polls: usize,
    /// Time spent running.
    pub running: Nanos,
    /// Time spent ready.
    pub ready: Nanos,
    /// Time spent waiting.
    pub waiting: Nanos,
    /// How many times it waited for something shared: a permit, an item, a lock.
    pub shared_waits: usize,
    /// The longest it was ready before it ran.
    pub longest_ready: Nanos,
    /// The longest it ran without giving control back.
    pub longest_poll: Nanos,
}

impl Outline {
    /// The first task of that name.
    #[must_use]
    pub fn task(&self, name: &str) -> Option<&TaskOutline> {
        self.tasks.iter().find(|task| task.name == name)
    }

    /// When the first line that begins so was printed; the start if none was.
    #[must_use]
    pub fn printed_at(&self, start: &str) -> Nanos {
        self.lines.iter().find(|line| line.text.starts_with(start)).map_or(Nanos::ZERO, |line| line.at)
    }

    /// How many lines that begin so were printed.
    #[must_use]
    pub fn count_lines(&self, start: &str) -> u64 {
        self.lines.iter().filter(|line| line.text.starts_with(start)).count() as u64
    }
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A length of time, or a time since the start.
    Time(Nanos),
    /// A number of things.
    Count(u64),
    /// One of several. What there is to choose from tells nothing about which it is.
    Choice {
        /// The choices.
        of: Vec<String>,
        /// Which is right.
        is: usize,
    },
}

impl Answer {
    /// One of the `choices`; the first where it is none of them.
    #[must_use]
    pub fn choice(choices: &[&str], is: &str) -> Self {
        let is = choices.iter().position(|choice| *choice == is).unwrap_or_default();
        Self::Choice { of: choices.iter().map(|choice| (*choice).to_owned()).collect(), is }
    }

    /// Yes or no.
    #[must_use]
    pub fn yes(is_so: bool) -> Self {
        Self::choice(&["yes", "no"], if is_so { "yes" } else { "no" })
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time(time) => time.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Choice { of, is } => f.write_str(of.get(*is).map_or("", String::as_str)),
        }
    }
}
