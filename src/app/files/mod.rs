//! Files from the window: runs that are opened and saved, and what a run is turned into for other programs.
//!
//! Whatever may take long (the desktop's dialog, reading, drawing, writing) goes on on a thread of its own and reports
//! back through a channel, so that the window never waits. Nothing is overwritten that the user was not asked about.

mod dialog;
mod export;
mod obey;
mod recent;

pub(crate) use export::{Export, Purpose, Stretch};
pub(crate) use recent::Recent;

use super::messages::MessageId;
use super::still::Part;
use crate::session::{OpenError, Session};
use image::RgbaImage;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What is asked for that has to do with files.
#[derive(Debug, Clone)]
pub(crate) enum FileCommand {
    /// Ask which file it is to be for.
    Choose(Purpose),
    /// Ask for the path in our own dialog, not in the desktop's.
    TypePath(Purpose),
    /// Do it with this file, which was agreed to.
    Take(Purpose, PathBuf),
    /// Ask no more.
    GiveUp,
    /// Put a picture of this part into the clipboard.
    Copy(Part),
    /// Name no files that were opened before.
    ForgetRecent,
}

/// Who asks the user for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Chooser {
    /// A dialog of our own.
    #[default]
    Own,
    /// The desktop's, where it has one.
    Desktop,
}

/// The desktop's dialog, while it is open.
#[derive(Debug)]
struct Asked {
    /// Tells it from those that were asked before.
    number: u64,
    message: MessageId,
}

/// What the threads report.
#[derive(Debug)]
enum Report {
    /// The desktop's dialog was answered.
    Chosen { number: u64, purpose: Purpose, answer: dialog::Answer },
    /// A run was read, as far as one needs to begin with it.
    Opened { purpose: Purpose, path: PathBuf, message: MessageId, result: Result<Box<Session>, OpenError> },
    /// A file was written.
    Written { purpose: Purpose, path: PathBuf, message: MessageId, result: io::Result<()> },
    /// A picture for the clipboard was drawn.
    Drawn { picture: RgbaImage, message: MessageId },
}

/// What goes on with files.
#[derive(Debug)]
pub(crate) struct Files {
    pub(super) chooser: Chooser,
    /// What our own dialog asks a path for.
    pub(super) typing: Option<(Purpose, PathBuf)>,
    pub(super) recent: Recent,
    asked: Option<Asked>,
    /// How often the desktop's dialog was asked for.
    count: u64,
    /// The files that are being written.
    writing: Vec<PathBuf>,
    /// Where the last file was.
    folder: Option<PathBuf>,
    sender: Sender<Report>,
    reports: Receiver<Report>,
}

impl Default for Files {
    fn default() -> Self {
        let (sender, reports) = channel();
        Self {
            chooser: Chooser::default(),
            typing: None,
            recent: Recent::default(),
            asked: None,
            count: 0,
            writing: Vec::new(),
            folder: None,
            sender,
            reports,
        }
    }
}
