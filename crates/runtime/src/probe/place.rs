//! Places in the source, and whose they are.

use std::panic::Location;

/// A place in the source, as the compiler keeps it.
pub(crate) type Place = &'static Location<'static>;

/// Where this part's own sources are, as the compiler names them.
const OWN_FOLDER: &str = file!().split_at(file!().len() - "probe/place.rs".len()).0;

/// Whether a place is in this part.
pub(crate) fn is_own(place: Place) -> bool {
    place.file().starts_with(OWN_FOLDER)
}

/// Whether a place is in this part, in the standard library or a crate of the registry, and not in code that a learner reads.
pub(crate) fn is_library(place: Place) -> bool {
    let file = place.file();
    is_own(place)
        || file.starts_with("/rustc/")
        || file.contains("/registry/src/")
        || file.contains("/lib/rustlib/src/")
}
