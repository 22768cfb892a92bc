//! Files, as await points. The system has no way to be told when a file can be read, so each operation is a [`Job`]: a
//! thread that may block does it, and the record shows both the wait and the thread behind it.
//!
//! Files take the machine's time, so they belong on the real clock.

use super::job::{Job, spawn_blocking_at};
use crate::probe::place::Place;
use crate::task::labels::{Named, On, file_words};
use ::smol::io::{AsyncBufReadExt, BufReader};
use ::smol::stream::StreamExt;
use futures_core::Stream;
use std::future::Future;
use std::io::{self, Read as _};
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// An error that says which file it is about.
fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// An operation on a file: a job of the run from its first poll on. Where this is dropped, the thread finishes all the
/// same.
#[must_use = "a file is touched only when this is awaited"]
pub struct FileJob<T> {
    verb: &'static str,
    path: Arc<Path>,
    made_at: Place,
    work: Option<Work<T>>,
    job: Option<Job<io::Result<T>>>,
}

type Work<T> = Box<dyn FnOnce() -> io::Result<T> + Send>;

impl<T> FileJob<T> {
    #[track_caller]
    fn new(verb: &'static str, path: PathBuf, work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static) -> Self {
        let path: Arc<Path> = path.into();
        let work: Work<T> = Box::new({
            let path = Arc::clone(&path);
            move || work(&path).map_err(|error| about(&path, &error))
        });
        Self { verb, path, made_at: Location::caller(), work: Some(work), job: None }
    }
}

impl<T: Send + 'static> Future for FileJob<T> {
    type Output = io::Result<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if let Some(work) = self.work.take() {
            let name = || file_words(self.verb, &self.path).into();
            self.job = Some(spawn_blocking_at(self.made_at, name, work));
        }
        match &mut self.job {
            Some(job) => Pin::new(job).poll(cx),
            None => Poll::Pending, // its work has panicked as it was made a job
        }
    }
}

impl<T> std::fmt::Debug for FileJob<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileJob").field("name", &file_words(self.verb, &self.path)).finish_non_exhaustive()
    }
}

/// Reads a whole file.
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn read(path: impl Into<PathBuf>) -> FileJob<Vec<u8>> {
    FileJob::new("read", path.into(), |path| std::fs::read(path))
}

/// Reads a whole file of text.
///
/// # Errors
/// What the system says, with the file's name; also where it is no UTF-8.
#[track_caller]
pub fn read_to_string(path: impl Into<PathBuf>) -> FileJob<String> {
    FileJob::new("read", path.into(), |path| std::fs::read_to_string(path))
}

/// Writes a whole file, in place of one that is there.
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn write(path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> FileJob<()> {
    let contents = contents.into();
    FileJob::new("write", path.into(), |path| std::fs::write(path, contents))
}

/// Opens a file to read it.
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn open(path: impl Into<PathBuf>) -> FileJob<File> {
    FileJob::new("open", path.into(), |path| {
        Ok(File { inner: Arc::new(std::fs::File::open(path)?), path: path.to_owned() })
    })
}

/// A file that is open to be read.
#[derive(Debug, Clone)]
pub struct File {
    inner: Arc<std::fs::File>,
    path: PathBuf,
}

impl File {
    /// Reads the rest as text.
    ///
    /// # Errors
    /// What the system says, with the file's name; also where it is no UTF-8.
    #[track_caller]
    pub fn read_to_string(&mut self) -> FileJob<String> {
        let file = Arc::clone(&self.inner);
        FileJob::new("read", self.path.clone(), move |_| {
            let mut text = String::new();
            (&*file).read_to_string(&mut text)?;
            Ok(text)
        })
    }

    /// The file as the system's.
    #[must_use]
    pub fn std(&self) -> &std::fs::File {
        &self.inner
    }
}

/// The lines of a file of text, without their ends.
pub type Lines = Pin<Box<dyn Stream<Item = io::Result<String>> + Send>>;

/// Opens a file of text to read it line by line, with [`next`](crate::next) or [`for_each`](crate::for_each).
///
/// # Errors
/// What the system says, with the file's name.
#[track_caller]
pub fn lines(path: impl Into<PathBuf>) -> Named<impl Future<Output = io::Result<Lines>>> {
    let path: Arc<Path> = path.into().into();
    Named::new(On::File("open", Arc::clone(&path)), async move {
        let file = ::smol::fs::File::open(&path).await.map_err(|error| about(&path, &error))?;
        let lines = BufReader::new(file).lines().map(move |line| line.map_err(|error| about(&path, &error)));
        Ok(Box::pin(lines) as Lines)
    })
}
