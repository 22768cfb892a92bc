//! Files that are whole or as they were: what is written goes aside first, and then into place.
//!
//! What is written aside is a file beside the one that is meant, with the number of the process and `.part` after its name. A
//! process that is killed leaves it behind, and the next that writes the same file takes it away. The one that writes holds a
//! lock on it, which the system lets go with the process: so what nobody holds is left behind, and what another still writes is
//! never touched.

use std::ffi::OsStr;
use std::fs::{DirEntry, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The end of the name of a file that is being written.
const ENDING: &str = ".part";
/// Tells the files of one process apart, whichever of its threads write them.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Writes a file aside first and then into place, so that a failure leaves what was there before. A link stays one, and who
/// may read the file stays as it was. A device or a pipe, which cannot be replaced, is written to.
///
/// # Errors
/// If the file cannot be written; nothing is left behind then.
pub fn write_aside(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = std::fs::metadata(path).ok();
    if before.as_ref().is_some_and(|before| !before.is_file() && !before.is_dir()) {
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    remove_left_behind(path);
    let (aside, file) = create(path)?;
    let written = (|| {
        if let Some(before) = &before {
            file.set_permissions(before.permissions())?;
        }
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&aside, path) // and only then the lock goes
    })();
    if written.is_err() {
        // What matters is the first error.
        drop(std::fs::remove_file(&aside));
    }
    written
}

/// Makes the file beside `path`, and holds a lock on it.
fn create(path: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".{}-{number}{ENDING}", std::process::id()));
        let aside = PathBuf::from(aside);
        let file = match File::create_new(&aside) {
            // One that was killed had the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            file => file?,
        };
        // Before it was locked, another may have taken it for one that was left behind.
        let is_ours = !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && aside.exists();
        if is_ours {
            return Ok((aside, file));
        }
    }
}

/// Takes away what was written aside for `path` by those who were killed meanwhile.
fn remove_left_behind(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let is_file = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
    for entry in entries.flatten().filter(|entry| is_aside_of(&entry.file_name(), name) && is_file(entry)) {
        // Where there are no locks nobody knows, and it stays.
        let held = File::open(entry.path()).ok().filter(|file| file.try_lock().is_ok());
        if held.is_some() {
            drop(std::fs::remove_file(entry.path())); // what cannot be removed is in nobody's way
        }
    }
}

/// Whether a name is one of those that [`create`] gives beside `name`.
fn is_aside_of(aside: &OsStr, name: &OsStr) -> bool {
    let rest = aside.as_encoded_bytes().strip_prefix(name.as_encoded_bytes());
    let numbers = rest.and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(ENDING.as_bytes()));
    numbers.is_some_and(|numbers| !numbers.is_empty() && numbers.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'-')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_left_behind_goes_with_the_next_save_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.loopscope");
        for name in ["run.loopscope.17.part", "run.loopscope.17-3.part"] {
            fs::write(folder.path().join(name), "half of it").unwrap();
        }
        let others = ["run.loopscope.part", "run.loopscope.two.part", "old.loopscope.17.part", "run.loopscope.17"];
        others.iter().for_each(|name| fs::write(folder.path().join(name), "of somebody else").unwrap());
        fs::create_dir(folder.path().join("run.loopscope.18.part")).unwrap();
        write_aside(&path, |out| out.write_all(b"all")).unwrap();
        let mut left = [&others[..], &["run.loopscope", "run.loopscope.18.part"]].concat();
        left.sort_unstable();
        assert_eq!(names(folder.path()), left);
        assert_eq!(fs::read(path).unwrap(), b"all");
    }

    #[test]
    fn what_another_still_writes_is_left_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.loopscope");
        write_aside(&path, |slow| {
            slow.write_all(b"the slow one")?;
            write_aside(&path, |quick| quick.write_all(b"the quick one"))?;
            assert_eq!(fs::read(&path)?, b"the quick one");
            assert_eq!(names(folder.path()).len(), 2, "the slow one's is there");
            Ok(())
        })
        .unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"the slow one");
        assert_eq!(names(folder.path()), ["run.loopscope"]);
    }

    #[test]
    fn a_save_that_fails_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.loopscope");
        fs::write(&path, "before").unwrap();
        let failed = write_aside(&path, |out| out.write_all(b"half").and(Err(io::Error::other("no"))));
        assert_eq!(failed.unwrap_err().to_string(), "no");
        assert_eq!(fs::read(&path).unwrap(), b"before");
        assert_eq!(names(folder.path()), ["run.loopscope"]);
    }
}
