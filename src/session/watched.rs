//! A program of this process, watched while it runs: the record of its own executors, as a session.
//!
//! It never starts or ends the program, and lets it go on when nobody watches any more.

use super::{Inbox, Kind, Over, Plan, Session};
use crate::event::Event;
use crate::runtime::executor::{Recording, record};
use crate::scenarios::{Scenario, Source};
use std::sync::Arc;

impl Session {
    /// Watches what this process's executors ([`crate::executor`], [`crate::smol`]) do from now on, until the recording is
    /// dropped: the program does that when it is done. `title` names the record, and `code` is shown beside its lanes.
    pub fn watch(title: &str, code: Source) -> (Self, Recording) {
        let inbox = Arc::new(Inbox::default());
        // The sink goes when it has got its last events.
        let over = Over(Arc::clone(&inbox));
        let recording = record(title, move |chunk: &mut Vec<Event>| {
            over.0.put(chunk);
        });
        let plan = Plan::new(Scenario::elsewhere(title, code));
        (Self::of(plan, recording.control().clone(), inbox, None, Kind::Watched), recording)
    }
}
