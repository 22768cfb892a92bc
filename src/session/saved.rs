//! A record that was saved, opened as a run that is over.

use super::{Inbox, Kind, Over, Plan, Session};
use crate::event::ClockKind;
use crate::runtime::Control;
use crate::scenarios::{self, Scenario, Source};
use crate::trace::{Record, file, text};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// Opens a saved record as a run that is over. A long one is read on a thread of its own: [`pump`](Self::pump) takes what
    /// is there, and [`damage`](Self::damage) tells what is wrong with the file's end, if something is.
    ///
    /// # Errors
    /// If there is no reading it.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Read { path: path.to_owned(), error };
        let file = File::open(path).map_err(|error| failed(error.into()))?;
        let mut reader = file::Reader::new(BufReader::new(file)).map_err(failed)?;
        let mut begin = Record::default();
        let (events, end) = match reader.next_chunk() {
            Ok(Some(events)) => (events, None),
            Ok(None) => (Vec::new(), None),
            Err(file::ReadOn::Damage(damage)) => (Vec::new(), Some(damage)),
            Err(file::ReadOn::Io(error)) => return Err(failed(error.into())),
        };
        events.iter().take(1).for_each(|event| begin.push(event.clone()));
        let plan = plan_of(&begin);
        let inbox = Arc::new(Inbox::default());
        inbox.update(|state| {
            state.chunks.push_back(events);
            state.damage = end;
        });
        let thread = std::thread::Builder::new().name("reader".into()).spawn({
            let inbox = Arc::clone(&inbox);
            move || {
                let _over = Over(Arc::clone(&inbox));
                loop {
                    match reader.next_chunk() {
                        Ok(Some(mut events)) => {
                            if !inbox.put(&mut events) {
                                break;
                            }
                        }
                        Ok(None) => {
                            inbox.update(|state| state.bookmarks = reader.into_bookmarks());
                            break;
                        }
                        Err(file::ReadOn::Damage(damage)) => {
                            inbox.update(|state| state.damage = Some(damage));
                            break;
                        }
                        // It could be read so far: what is missing is told as a file that was cut off.
                        Err(file::ReadOn::Io(_)) => break,
                    }
                }
            }
        });
        let thread = thread.map_err(|error| failed(error.into()))?;
        let mut session = Self::of(plan, Control::new(), inbox, Some(thread), Kind::Saved);
        session.file = Some(path.to_owned());
        Ok(session)
    }

    /// The file that this was opened from, if it was.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }
}

/// What was run, as the record's title tells: the scenario's id and its parameters, or the name of a program elsewhere.
fn plan_of(record: &Record) -> Plan {
    let mut words = record.title().split(' ');
    let scenario = words.next().and_then(|id| scenarios::find(id).ok());
    let elsewhere = || Scenario::elsewhere(&text::line(record.title()), Source::rust("", ""));
    let mut plan = Plan::new(scenario.unwrap_or_else(elsewhere));
    // A parameter that this version does not know is left as it is by default.
    words.for_each(|assignment| drop(plan.params.assign(assignment)));
    plan.clock = record.clock().unwrap_or(ClockKind::Virtual);
    plan.seed = record.seed();
    plan
}
