//! A record that was saved, opened as a run that is over.

use super::{Plan, Session};
use crate::event::ClockKind;
use crate::scenarios;
use crate::trace::{Record, file};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A record could not be opened as a run.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no reading it.
    #[error("{}: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: file::ReadError,
    },
    /// It is of a program that is none of the scenarios, so that there is no code to show beside it.
    #[error(
        "{}: this is a record of '{title}', which is no scenario of this program; `loopscope stats`, `check` and \
         `export` read it all the same",
        path.display()
    )]
    NoScenario {
        /// Which file.
        path: PathBuf,
        /// What the record says it is of.
        title: String,
    },
}

/// Reads a record, as far as it is good.
///
/// # Errors
/// If there is no reading it.
pub fn read_record(path: &Path) -> Result<file::Opened, OpenError> {
    let failed = |error| OpenError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(|error| failed(error.into()))?;
    file::read(BufReader::new(file)).map_err(failed)
}

impl Session {
    /// Opens a saved record as a run that is over; and tells what is wrong with the file's end, if something is.
    ///
    /// # Errors
    /// If there is no reading it, or no scenario that it is of.
    pub fn open(path: &Path) -> Result<(Self, Option<file::Damage>), OpenError> {
        let file::Opened { record, damage } = read_record(path)?;
        let plan = plan_of(&record);
        let plan =
            plan.ok_or_else(|| OpenError::NoScenario { path: path.to_owned(), title: record.title().to_owned() })?;
        Ok((Self::over(plan, record), damage))
    }
}

/// What was run, as the record's title tells: the scenario's id and its parameters.
fn plan_of(record: &Record) -> Option<Plan> {
    let mut words = record.title().split(' ');
    let mut plan = Plan::new(scenarios::find(words.next()?).ok()?);
    // A parameter that this version does not know is left as it is by default.
    words.for_each(|assignment| drop(plan.params.assign(assignment)));
    plan.clock = record.clock().unwrap_or(ClockKind::Virtual);
    plan.seed = record.seed();
    Some(plan)
}
