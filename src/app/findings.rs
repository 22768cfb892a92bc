//! Looking for findings, once a record is complete: on a thread of its own, for a long record takes seconds.
//!
//! What is found belongs to the record that it was looked for in. If that is no longer shown, nobody takes the answer.

use super::App;
use crate::session::Session;
use crate::trace::{Diagnosis, Limits, diagnose};
use egui::Context;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// What the run shows that its author may not have meant, as far as that is known.
#[derive(Debug, Default)]
pub(crate) enum Findings {
    /// The run goes on, or there is none.
    #[default]
    NotYet,
    /// A thread looks for them.
    Looking(Receiver<Vec<Diagnosis>>),
    /// These.
    Found(Vec<Diagnosis>),
}

/// Whether a frame waits for what takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// It shows what is there. A later frame shows the rest.
    None,
    /// It waits: it is a picture, and there is no later frame.
    Waits,
}

impl Findings {
    /// Begins to look as soon as all of the record is there, and takes what was found.
    pub(crate) fn look(&mut self, session: &Session, ctx: &Context, patience: Patience) {
        if let Self::NotYet = self {
            if !session.has_all() {
                return;
            }
            *self = Self::begin(session, ctx);
        }
        let Self::Looking(answer) = self else { return };
        let found = match patience {
            Patience::None => answer.try_recv(),
            Patience::Waits => answer.recv().map_err(|_| TryRecvError::Disconnected),
        };
        match found {
            Ok(found) => *self = Self::Found(found),
            Err(TryRecvError::Empty) => {}
            // The thread is gone without an answer.
            Err(TryRecvError::Disconnected) => *self = Self::Found(Vec::new()),
        }
    }

    fn begin(session: &Session, ctx: &Context) -> Self {
        let (tell, answer) = channel();
        let (record, ctx) = (session.share(), ctx.clone());
        let thread = std::thread::Builder::new().name("findings".into()).spawn(move || {
            let found = diagnose(&record, Limits::default());
            drop(record); // before the window is told: nobody else holds it then
            // Where another record is shown by now, nobody listens.
            if tell.send(found).is_ok() {
                ctx.request_repaint();
            }
        });
        match thread {
            Ok(_) => Self::Looking(answer),
            // Without a thread the window has to wait.
            Err(_) => Self::Found(diagnose(session.record(), Limits::default())),
        }
    }

    /// What was found, once it is known.
    pub(crate) fn found(&self) -> Option<&[Diagnosis]> {
        match self {
            Self::Found(found) => Some(found),
            Self::NotYet | Self::Looking(_) => None,
        }
    }
}

impl App {
    /// Whether the record is complete, and all that it shows was looked for.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        self.findings.found().is_some()
    }
}
