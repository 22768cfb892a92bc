//! Where a record comes from: what recorded it, and which program it is of.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where a record comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What was run, for people: e.g. `queue items=5`. Which program that was it never says.
    pub title: Box<str>,
    /// What recorded it, and of which program; none where a file of format 5 or older does not tell.
    pub provenance: Option<Provenance>,
}

/// What recorded a program, and which it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// What recorded it, with its version: `loopscope 0.1.0`.
    pub producer: Box<str>,
    /// What the program is written in.
    pub language: Language,
    /// The scenario that ran; none of any other program, whatever its title is.
    pub scenario: Option<ScenarioRun>,
}

/// What a program is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Rust.
    Rust,
    /// Python.
    Python,
}

/// A program that can be run again by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioRun {
    /// Its id, e.g. `queue`.
    pub id: Box<str>,
    /// The name and the value of each parameter, as on the command line. A secret in a value is not told.
    pub params: Vec<(Box<str>, Box<str>)>,
}

impl Origin {
    /// Of a record of which only the title is known.
    #[must_use]
    pub fn titled(title: impl Into<Box<str>>) -> Arc<Self> {
        Arc::new(Self { title: title.into(), provenance: None })
    }

    /// The scenario that ran, if the record names one.
    #[must_use]
    pub fn scenario(&self) -> Option<&ScenarioRun> {
        self.provenance.as_ref()?.scenario.as_ref()
    }
}
