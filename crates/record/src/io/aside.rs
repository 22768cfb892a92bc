//! Files that are whole or as they were: what is written goes aside first, and then into place.
//!
//! The file aside lies beside the one that is meant; its name ends in the number of the process and `.part`. A process that
//! is killed leaves it behind, and the next one that writes the same file removes it. The writer holds a lock, which the
//! system drops with the process: a file that nobody holds was left behind, and a file that somebody still writes stays.
//!
//! Some things cannot be replaced: a device, a pipe, a descriptor. They are written to. A file is written in place if a new
//! one could not take over all that it is: if it has further names, if its owner cannot be kept, or if its folder takes no
//! new files. A file that is write-protected is never replaced.

use super::target::{Target, duplicate, open_device};
use std::ffi::{OsStr, OsString};
use std::fs::{DirEntry, File, Metadata, TryLockError};
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The end of the name of a file that is being written.
const ENDING: &str = ".part";
/// How many bytes of a name are kept in the name of the file aside. A name may have 255, and the rest takes some 40.
const STEM: usize = 200;
/// Tells the files of one process apart, whichever of its threads write them.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Writes a file aside first and then into place, so that a failure leaves what was there before. Links stay links, and the
/// owner of the file and its permissions stay as they were. A device, a pipe or a descriptor such as `/dev/stdout` is
/// written to, where it stands.
///
/// # Errors
/// If the file cannot be written; nothing is left behind then.
pub fn write_aside(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let through = |file: File| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)
    };
    match Target::of(path)? {
        Target::Descriptor(number) => through(duplicate(number)?).map(drop),
        Target::Device(path) => through(open_device(&path)?).map(drop),
        Target::File { path, before } => match Way::to(&path, before.as_ref())? {
            Way::Aside(aside) => {
                let file = through(aside.file.try_clone()?)?;
                file.sync_all()?;
                aside.put_into_place(&path)
            }
            Way::InPlace(mut file) => {
                // Written elsewhere first: what fails on the way there leaves the file alone.
                let mut whole = through(tempfile::tempfile()?)?;
                whole.rewind()?;
                file.set_len(0)?;
                io::copy(&mut whole, &mut file)?;
                file.sync_all()
            }
        },
    }
}

/// Finds out whether [`write_aside`] can write to `path`, and leaves everything as it is. A pipe is not asked, because
/// that would wait for its reader.
///
/// # Errors
/// Why it cannot.
pub fn can_write(path: &Path) -> io::Result<()> {
    match Target::of(path)? {
        Target::Descriptor(number) => duplicate(number)?.write(&[]).map(drop),
        Target::Device(_) => Ok(()),
        Target::File { path, before: Some(_) } => File::options().write(true).open(path).map(drop),
        // A file without a name, so that nobody takes it for one that is being written.
        Target::File { path, before: None } => tempfile::tempfile_in(path.parent().unwrap_or(&path)).map(drop),
    }
}

/// How a file comes into place.
enum Way {
    /// Written beside it, then renamed.
    Aside(Aside),
    /// Written over.
    InPlace(File),
}

impl Way {
    fn to(path: &Path, before: Option<&Metadata>) -> io::Result<Self> {
        remove_left_behind(path);
        let Some(before) = before else { return Aside::create(path).map(Self::Aside) };
        let there = File::options().write(true).open(path)?;
        if has_further_names(before) {
            return Ok(Self::InPlace(there));
        }
        let aside = match Aside::create(path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(Self::InPlace(there)),
            aside => aside?,
        };
        let is_alike = keep_owner(&aside.file, before).is_ok();
        if !is_alike {
            return Ok(Self::InPlace(there));
        }
        aside.file.set_permissions(before.permissions())?;
        Ok(Self::Aside(aside))
    }
}

#[cfg(unix)]
fn has_further_names(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(file) > 1
}

#[cfg(not(unix))]
fn has_further_names(_: &Metadata) -> bool {
    false
}

/// Gives a new file the owner and the group of the old one.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let now = new.metadata()?;
    let changed = |old: u32, now: u32| (old != now).then_some(old);
    match (changed(old.uid(), now.uid()), changed(old.gid(), now.gid())) {
        (None, None) => Ok(()),
        (owner, group) => std::os::unix::fs::fchown(new, owner, group),
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// A file beside the one that is meant. It is locked, and goes with this unless it is put into place.
struct Aside {
    path: PathBuf,
    file: File,
    is_in_place: bool,
}

impl Aside {
    /// Makes the file beside `path`, and holds a lock on it.
    fn create(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let mut aside = stem(name);
            aside.push(format!(".{}-{number}{ENDING}", std::process::id()));
            let aside = path.with_file_name(aside);
            let file = match File::create_new(&aside) {
                // One that was killed had the same number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Before it was locked, another may have taken it for one that was left behind.
            let is_ours = !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && aside.exists();
            if is_ours {
                return Ok(Self { path: aside, file, is_in_place: false });
            }
        }
    }

    /// The lock goes only afterwards.
    fn put_into_place(mut self, path: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, path)?;
        self.is_in_place = true;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.is_in_place {
            drop(std::fs::remove_file(&self.path)); // what cannot be removed is in nobody's way
        }
    }
}

/// The beginning of a name, so short that an ending fits behind it.
fn stem(name: &OsStr) -> OsString {
    match name.to_str() {
        Some(text) => text[..text.floor_char_boundary(STEM)].into(),
        None => stem_of_bytes(name),
    }
}

#[cfg(unix)]
fn stem_of_bytes(name: &OsStr) -> OsString {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(&name.as_bytes()[..name.len().min(STEM)]).to_owned()
}

#[cfg(not(unix))]
fn stem_of_bytes(name: &OsStr) -> OsString {
    name.to_owned()
}

/// Takes away what was written aside for `path` by processes that were killed.
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

/// Whether a name is one of those that [`Aside::create`] gives beside `name`.
fn is_aside_of(aside: &OsStr, name: &OsStr) -> bool {
    let rest = aside.as_encoded_bytes().strip_prefix(stem(name).as_encoded_bytes());
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
