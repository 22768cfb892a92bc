//! What is told of a file that does not make sense to its end: where that begins, and what is lost by it.

use std::borrow::Cow;
use std::fmt;

/// The first place at which a file stops making sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}, at byte {offset}: {what}; {}", place.loss())]
pub struct Damage {
    /// Which part of the file.
    pub place: Place,
    /// Where it begins in the file.
    pub offset: u64,
    /// What is wrong.
    pub what: Cow<'static, str>,
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A chunk of events, counted from 1.
    Chunk(usize),
    /// The bookmarks.
    Bookmarks,
}

impl Place {
    /// What is not there if it makes no sense.
    fn loss(self) -> &'static str {
        match self {
            Self::Chunk(_) => "the record ends before it",
            Self::Bookmarks => "all events are there, without bookmarks",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chunk(number) => write!(f, "chunk {number}"),
            Self::Bookmarks => f.write_str("the bookmarks"),
        }
    }
}
