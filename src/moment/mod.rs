//! Moments: sentences that say which events of a run are meant, and values and texts that are made of them.
//!
//! A moment comes at events. `fetch-3 waits for gate` comes whenever the task begins such a wait; `gate full` is a state, and
//! comes at the event at which it begins to hold.
//!
//! ```
//! use loopscope::moment::Moment;
//!
//! let moment: Moment = "the 4th fetch-* to wait for gate then gate free".parse()?;
//! let wrong = "gate ful".parse::<Moment>().unwrap_err();
//! assert_eq!(wrong.proposal.as_deref(), Some("full"));
//! # Ok::<(), loopscope::moment::MomentError>(())
//! ```
//!
//! # Grammar
//!
//! ```text
//! moment  := or ("then" or)*                    one after another: the event that completes the last
//! or      := and ("or" and)*
//! and     := not ("and" not)*
//! not     := "not" not | "(" moment ")" | statement
//!
//! statement :=
//!     TASK "spawned" | "ready" | "runs" | "suspends" | "yields" | "computes" | "asked to end"
//!   | TASK "returns" | "done" | "failed" | "panicked" | "cancelled"        done: ended in any way
//!   | TASK "waits" ["for" FOR] ["at" PLACE] | TASK "goes on" ["at" PLACE]
//!   | TASK "wakes" NAME | TASK "woken by" BY | TASK "spawns" NAME
//!   | TASK "prints" LINE | "printed" LINE
//!   | TASK "timer fires" ["late" ["by" CMP TIME]] | TASK "timer cancelled" | "late by" CMP TIME
//!   | TASK "waited" CMP TIME | TASK "ran" CMP TIME | TASK "was ready" CMP TIME
//!   | THING "full" | "empty" | "free" | "set" | "open" | "closed" | "changes" | "held" ["by" NAME]
//!   | THING ("length" | "free" | "waiting" | "value") CMP NUMBER
//!   | FUNCTION "entered" | JOB "job starts" | JOB "job done"
//!   | ("ready" | "running" | "waiting" | "iteration") CMP NUMBER           of the whole run
//!   | ("at" | "after") TIME | "idle" | "deadlock" | "clean-up" | "run ends"
//!
//! TASK  := ["any" | "each" | "first" | "last" | "the" ORDINAL] (NAME | "task") ["to" | "is"]
//! FOR   := NAME | "timer" | "job" | "tasks" | "io" | "input" | "stream" | "library"
//! BY    := NAME | "another thread" | "timer" | "io" | "job" | "user"
//! PLACE := the mark of a line, a line number, or FILE:LINE
//! NAME  := a word, or anything in quotes; * in it stands for any text
//! LINE  := a text in quotes; * in it stands for any text
//! CMP   := ">" | ">=" | "<" | "<=" | "=" | "!="
//! TIME  := a number and "ns", "µs", "ms", "s" or "min"
//! ```
//!
//! A *happening* is true at single events: `report yields`. A *state* holds for a while, and comes at the event at which it
//! begins to hold: `gate full`, `ready > 3`. Some are both: `report waits` comes whenever it begins to wait, and holds until
//! it goes on. `and` of a happening and a state comes at the happening if the state holds right after it. `not` needs
//! what holds.
//!
//! A pattern without a word before it means any task that it matches. `each P done` comes at the event at which that has become
//! true of every task so far that matches; `last P done` is the same event. `the 4th P to wait` comes as a fourth *different*
//! task does so.
//!
//! The module knows events and nothing else of the crate: neither records, nor the course, nor the window.

mod error;
mod expr;
mod facts;
mod ledger;
mod lex;
mod names;
mod parse;
mod parser;
mod pattern;
mod reckoner;
mod sets;
mod statement;
mod template;
mod thing;
mod tree;
mod value;
mod watch;

pub use error::MomentError;
pub use expr::Expr;
pub use facts::{Fact, Facts};
pub use names::Marks;
pub use reckoner::Reckoner;
pub use template::Template;
pub use value::Value;
pub use watch::{Watch, Watches};

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A moment, read from a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    text: Arc<str>,
    cond: Arc<tree::Cond>,
}

impl Moment {
    fn new(text: &str, cond: tree::Cond) -> Self {
        Self { text: text.trim().into(), cond: Arc::new(cond) }
    }

    fn cond(&self) -> &tree::Cond {
        &self.cond
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        Ok(Self::new(text, parse::moment(text)?))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
pub(crate) use reference::{Reference, moments_of};
