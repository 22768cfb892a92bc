//! The runs that were opened or saved last.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How many are kept.
const MOST: usize = 8;

/// Their paths, the last one first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Recent(Vec<PathBuf>);

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
}
