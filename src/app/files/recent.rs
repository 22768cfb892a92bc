//! The runs that were opened or saved last.

use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How many are kept.
const MOST: usize = 8;

/// Their paths, the last one first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Kept>", into = "Vec<Kept>")]
pub(crate) struct Recent(Vec<PathBuf>);

/// A path as the settings keep it: they are text, and a path need not be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<Vec<Kept>> for Recent {
    fn from(kept: Vec<Kept>) -> Self {
        Self(kept.into_iter().filter_map(Kept::path).collect())
    }
}

impl From<Recent> for Vec<Kept> {
    fn from(recent: Recent) -> Self {
        recent.0.into_iter().filter_map(Kept::of).collect()
    }
}

impl Kept {
    fn of(path: PathBuf) -> Option<Self> {
        match path.into_os_string().into_string() {
            Ok(text) => Some(Self::Text(text)),
            Err(path) => bytes_of(path).map(Self::Bytes),
        }
    }

    fn path(self) -> Option<PathBuf> {
        match self {
            Self::Text(text) => Some(text.into()),
            Self::Bytes(bytes) => path_of(bytes),
        }
    }
}

#[cfg(unix)]
fn bytes_of(path: OsString) -> Option<Vec<u8>> {
    Some(std::os::unix::ffi::OsStringExt::into_vec(path))
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    let path: OsString = std::os::unix::ffi::OsStringExt::from_vec(bytes);
    Some(path.into())
}

/// Elsewhere such a path is forgotten with the window.
#[cfg(not(unix))]
fn bytes_of(_: OsString) -> Option<Vec<u8>> {
    None
}

#[cfg(not(unix))]
fn path_of(_: Vec<u8>) -> Option<PathBuf> {
    None
}

impl Recent {
    /// Puts a path at the head.
    pub(crate) fn add(&mut self, path: &Path) {
        self.forget(path);
        self.0.insert(0, path.to_owned());
        self.0.truncate(MOST);
    }

    pub(crate) fn forget(&mut self, path: &Path) {
        self.0.retain(|known| known != path);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The paths, the last one first.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_there_once_the_last_first_and_no_more_than_some() {
        let mut recent = Recent::default();
        for number in (0..MOST + 3).chain([MOST]) {
            recent.add(Path::new(&number.to_string()));
        }
        let paths: Vec<String> = recent.paths().iter().map(|path| path.display().to_string()).collect();
        assert_eq!(paths, ["8", "10", "9", "7", "6", "5", "4", "3"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_comes_back_from_the_settings() {
        use std::os::unix::ffi::OsStrExt as _;
        let mut recent = Recent::default();
        recent.add(Path::new("text"));
        recent.add(Path::new(std::ffi::OsStr::from_bytes(b"b\xe8.loopscope")));
        let kept = serde_json::to_string(&recent).unwrap();
        assert_eq!(serde_json::from_str::<Recent>(&kept).unwrap(), recent, "{kept}");
        assert_eq!(serde_json::from_str::<Recent>("[\"text\"]").unwrap().paths(), [Path::new("text")]);
    }
}
