//! Files to read: notes in a folder of their own, which goes with the program.

use super::advice::advised;
use crate::runtime::fs::{self, File, FileJob};
use crate::runtime::spawn_blocking;
use std::fs::TryLockError;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tempfile::TempDir;

/// A line of a note; with its end it has 50 bytes.
const LINE: &str = "A thread reads this while the loop does the rest.\n";

/// A folder of notes.
#[derive(Debug)]
pub(super) struct Notes {
    folder: TempDir,
    /// Keeps others from reading a note.
    _lock: Option<std::fs::File>,
}

impl Notes {
    /// Writes that many notes of that size. The last one may be `missing` or `locked`.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub(super) async fn write(files: u32, megabytes: u32, last: &str) -> io::Result<Self> {
        let mut notes = Self { folder: tempfile::Builder::new().prefix("loopscope-").tempdir()?, _lock: None };
        let lines = megabytes as usize * 1_000_000 / LINE.len();
        for number in 1..=files {
            let path = notes.path(number);
            let write = move || {
                let written = std::fs::write(&path, LINE.repeat(lines));
                written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
            };
            if number < files || last != "missing" {
                spawn_blocking(format!("write notes-{number}.txt"), write).await.map_err(advised)?;
            }
        }
        if last == "locked" {
            let file = std::fs::File::open(notes.path(files))?;
            file.lock()?;
            notes._lock = Some(file);
        }
        Ok(notes)
    }

    /// Where a note is, from the first.
    pub(super) fn path(&self, number: u32) -> PathBuf {
        self.folder.path().join(format!("notes-{number}.txt"))
    }
}

/// Opens a file to read it, unless another program has locked it.
pub(super) fn open(path: impl Into<PathBuf>) -> Open {
    let path = path.into();
    Open { name: path.display().to_string(), job: fs::open(path) }
}

/// The future of [`open`].
#[derive(Debug)]
pub(super) struct Open {
    name: String,
    job: FileJob<File>,
}

impl Future for Open {
    type Output = io::Result<File>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<File>> {
        let opened = ready!(Pin::new(&mut self.job).poll(cx)).and_then(|file| match file.std().try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::WouldBlock, format!("{}: it is locked", self.name)))
            }
            // Some file systems know no locks.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        });
        Poll::Ready(opened.map_err(advised))
    }
}
