//! A record that was saved, opened as a run that is over.

use super::{Inbox, Kind, Over, Plan, Session};
use crate::event::{ClockKind, ScenarioRun};
use crate::runtime::Control;
use crate::scenarios::{self, Scenario, Source};
use crate::trace::{Record, file, text};
use std::borrow::Cow;
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
    /// It is damaged from its first event on.
    #[error("{}: nothing of this run can be read: {damage}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        damage: file::Damage,
    },
}

/// Reads a record, as far as it is good.
///
/// # Errors
/// If there is no reading it, or not even its first events are good.
pub fn read_record(path: &Path) -> Result<file::Opened, OpenError> {
    let failed = |error| OpenError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(|error| failed(error.into()))?;
    let opened = file::read(BufReader::new(file)).map_err(failed)?;
    match opened.damage {
        Some(damage) if opened.record.log().is_empty() => Err(OpenError::Damaged { path: path.to_owned(), damage }),
        _ => Ok(opened),
    }
}

impl Session {
    /// Opens a saved record as a run that is over. A long one is read on a thread of its own: [`pump`](Self::pump) takes what
    /// is there, and [`damage`](Self::damage) tells what is wrong with the file's end, if something is.
    ///
    /// # Errors
    /// If there is no reading it, or not even its first events are good.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Read { path: path.to_owned(), error };
        let file = File::open(path).map_err(|error| failed(error.into()))?;
        let mut reader = file::Reader::new(BufReader::new(file)).map_err(failed)?;
        let mut begin = Record::default();
        let events = match reader.next_chunk() {
            Ok(events) => events.unwrap_or_default(),
            Err(damage) => return Err(OpenError::Damaged { path: path.to_owned(), damage }),
        };
        events.iter().take(1).for_each(|event| begin.push(event.clone()));
        let plan = plan_of(&begin);
        let inbox = Arc::new(Inbox::default());
        inbox.update(|state| state.chunks.push_back(events));
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
                        Err(damage) => {
                            inbox.update(|state| state.damage = Some(damage));
                            break;
                        }
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

/// The program of the course that a record is of; a stand-in with its title where it is of another.
#[must_use]
pub fn scenario_of(record: &Record) -> &'static Scenario {
    let run = scenario_run(record);
    let elsewhere = || Scenario::elsewhere(&text::line(record.title()), Source::rust("", ""));
    run.and_then(|run| scenarios::find(&run.id).ok()).unwrap_or_else(elsewhere)
}

/// The scenario that a record says it is of.
fn scenario_run(record: &Record) -> Option<Cow<'_, ScenarioRun>> {
    match &record.origin().provenance {
        Some(provenance) => provenance.scenario.as_ref().map(Cow::Borrowed),
        None => Some(Cow::Owned(run_by_title(record.title()))),
    }
}

/// What the title says was run: in files of format 5 and older nothing else does.
fn run_by_title(title: &str) -> ScenarioRun {
    let mut words = title.split(' ');
    let id = words.next().unwrap_or_default().into();
    let params = words.filter_map(|word| word.split_once('=')).map(|(name, value)| (name.into(), value.into()));
    ScenarioRun { id, params: params.collect() }
}

/// What was run, as the record tells: the scenario and its parameters, or a program elsewhere.
fn plan_of(record: &Record) -> Plan {
    let mut plan = Plan::new(scenario_of(record));
    if let Some(run) = scenario_run(record) {
        // A parameter that this version does not know is left as it is by default.
        run.params.iter().for_each(|(name, value)| drop(plan.params.assign(&format!("{name}={value}"))));
    }
    plan.clock = record.clock().unwrap_or(ClockKind::Virtual);
    plan.seed = record.seed();
    plan
}
