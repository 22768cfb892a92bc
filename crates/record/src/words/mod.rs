//! What a record knows, in plain English.
//!
//! Every view and every export takes its words from here, so that one thing has one name. Nothing here concludes anything.

pub(crate) mod cause;
pub(crate) mod ending;
pub(crate) mod resource;
pub(crate) mod sentence;
mod timer;
pub(crate) mod wait;
pub(crate) mod wording;
