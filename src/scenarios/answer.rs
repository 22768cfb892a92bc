//! The answer to the question that a lesson asks before the run. It is read off a run, never written down.

use crate::event::Nanos;

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
    /// What was asked for did not happen.
    Nothing,
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
            Self::Nothing => f.write_str("it does not happen"),
        }
    }
}
