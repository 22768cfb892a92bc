//! What a run shows that its author may not have meant.
//!
//! A lint says only what the record proves.

mod convoy;
pub(crate) mod diagnose;
mod ends;
mod long_spans;
