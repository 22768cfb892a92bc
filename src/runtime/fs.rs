//! Files, as await points: smol's, which read and write on threads that may block.
//!
//! They take the machine's time, so they belong on the real clock.

use super::labels::Named;
use crate::event::WaitOn;
use ::smol::io::{AsyncBufReadExt, BufReader};
use ::smol::stream::StreamExt;
use futures_core::Stream;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

fn on(what: &str, path: &Path) -> WaitOn {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    WaitOn::Io(format!("{what} {name}").into())
}

/// An error that says which file it is about.
fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Reads a whole file.
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn read(path: impl Into<PathBuf>) -> Named<impl Future<Output = io::Result<Vec<u8>>>> {
    let path = path.into();
    Named::new(on("read", &path), async move { ::smol::fs::read(&path).await.map_err(|error| about(&path, &error)) })
}

/// Reads a whole file of text.
///
/// # Errors
/// What the system says, with the file's name; also where it is no UTF-8.
#[track_caller]
pub fn read_to_string(path: impl Into<PathBuf>) -> Named<impl Future<Output = io::Result<String>>> {
    let path = path.into();
    let what = on("read", &path);
    Named::new(what, async move { ::smol::fs::read_to_string(&path).await.map_err(|error| about(&path, &error)) })
}

/// Writes a whole file, in place of one that is there.
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn write(path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> Named<impl Future<Output = io::Result<()>>> {
    let (path, contents) = (path.into(), contents.into());
    let what = on("write", &path);
    Named::new(what, async move { ::smol::fs::write(&path, contents).await.map_err(|error| about(&path, &error)) })
}

/// The lines of a file of text, without their ends.
pub type Lines = Pin<Box<dyn Stream<Item = io::Result<String>> + Send>>;

/// Opens a file of text to read it line by line, with [`next`](super::next) or [`for_each`](super::for_each).
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn lines(path: impl Into<PathBuf>) -> Named<impl Future<Output = io::Result<Lines>>> {
    let path = path.into();
    Named::new(on("open", &path), async move {
        let file = ::smol::fs::File::open(&path).await.map_err(|error| about(&path, &error))?;
        let lines = BufReader::new(file).lines().map(move |line| line.map_err(|error| about(&path, &error)));
        Ok(Box::pin(lines) as Lines)
    })
}
