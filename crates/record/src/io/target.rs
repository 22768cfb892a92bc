//! Where a path leads that is to be written: to a file, to a device, or to a descriptor that is open already.
//!
//! Links are followed here one by one. The system would follow `/dev/stdout` too, but to the file behind it: that one would
//! be opened again at its start, or replaced, while the shell goes on writing to the old one. Nothing is written here.

use std::fs::{File, Metadata};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

/// What is at the end of a path.
#[derive(Debug)]
pub(super) enum Target {
    /// A file to create or replace; no link is left in its path.
    File {
        path: PathBuf,
        /// What is there now.
        before: Option<Metadata>,
    },
    /// A device or a pipe.
    Device(PathBuf),
    /// A descriptor of this process.
    Descriptor(u32),
}

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

impl Target {
    /// Follows a path to its end.
    ///
    /// # Errors
    /// If there is no such folder, if the path names a folder, or if its links lead in a circle.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let name = path.file_name().filter(|_| !ends_in_a_separator(&path));
            let name = name.ok_or(io::ErrorKind::IsADirectory)?.to_owned();
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = std::fs::canonicalize(folder)?;
            path = folder.join(&name);
            if let Some(number) = is_own_descriptors(&folder).then(|| name.to_str()?.parse().ok()).flatten() {
                return Ok(Self::Descriptor(number));
            }
            let before = match std::fs::symlink_metadata(&path) {
                // What another process has open is a link in name only.
                Ok(found) if found.is_symlink() && !folder.starts_with("/proc") => {
                    path = folder.join(std::fs::read_link(&path)?);
                    continue;
                }
                Ok(found) => Some(found),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            return match &before {
                Some(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
                Some(found) if !found.is_file() => Ok(Self::Device(path)),
                _ => Ok(Self::File { path, before }),
            };
        }
        Err(io::Error::other("its links lead in a circle"))
    }
}

/// Whether a path says by its last sign that it means a folder.
fn ends_in_a_separator(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().last().is_some_and(|last| std::path::is_separator(char::from(*last)))
}

/// Whether a folder holds the descriptors of this process, as `/proc/17/fd` does on Linux.
fn is_own_descriptors(folder: &Path) -> bool {
    let own = std::process::id().to_string();
    let names: Option<Vec<&str>> = folder.components().skip(1).map(|part| part.as_os_str().to_str()).collect();
    let is_absolute = folder.components().next() == Some(Component::RootDir);
    is_absolute && matches!(names.as_deref(), Some(["proc", id, "fd"] | ["proc", id, "task", _, "fd"]) if *id == own)
}

/// Opens a device or a pipe to write to it. A pipe waits for its reader.
pub(super) fn open_device(path: &Path) -> io::Result<File> {
    File::options().append(true).open(path)
}

/// Another handle on an open descriptor, with the same position in its file.
#[cfg(unix)]
pub(super) fn duplicate(descriptor: u32) -> io::Result<File> {
    use std::os::fd::AsFd as _;
    let handle = match descriptor {
        0 => io::stdin().as_fd().try_clone_to_owned(),
        1 => {
            io::stdout().flush()?; // what was printed comes first
            io::stdout().as_fd().try_clone_to_owned()
        }
        2 => io::stderr().as_fd().try_clone_to_owned(),
        _ => duplicate_other(descriptor),
    };
    handle.map(File::from)
}

/// Standard Rust takes a descriptor by its number only in `unsafe` code, but Linux gives it to whoever may watch the process.
#[cfg(target_os = "linux")]
fn duplicate_other(descriptor: u32) -> io::Result<std::os::fd::OwnedFd> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let number = i32::try_from(descriptor).map_err(|_| io::ErrorKind::NotFound)?;
    let own = pidfd_open(getpid(), PidfdFlags::empty());
    match own.and_then(|own| pidfd_getfd(own, number, PidfdGetfdFlags::empty())) {
        // An old Linux, or a sandbox: then the end of the file is the best guess.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => {
            open_device(Path::new(&format!("/proc/self/fd/{descriptor}"))).map(Into::into)
        }
        handle => Ok(handle?),
    }
}

/// Elsewhere `/dev/fd/3` is a device, and is opened as one.
#[cfg(all(unix, not(target_os = "linux")))]
fn duplicate_other(_: u32) -> io::Result<std::os::fd::OwnedFd> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
pub(super) fn duplicate(_: u32) -> io::Result<File> {
    io::stdout().flush()?;
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether both paths lead to one and the same file: by links, by other names of it, or by another spelling. Devices and
/// pipes are no files, and what is not there is the same as nothing.
#[must_use]
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let (Ok(first), Ok(second)) = (std::fs::metadata(one), std::fs::metadata(other)) else { return false };
    first.is_file() && second.is_file() && are_same(one, &first, other, &second)
}

#[cfg(unix)]
fn are_same(_: &Path, first: &Metadata, _: &Path, second: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (first.dev(), first.ino()) == (second.dev(), second.ino())
}

#[cfg(not(unix))]
fn are_same(one: &Path, _: &Metadata, other: &Path, _: &Metadata) -> bool {
    matches!((std::fs::canonicalize(one), std::fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
