//! Questions that one asks of a record: why, what is different, who blocks whom, how long.
//!
//! A query reads a record and never changes it.

mod activity;
pub(crate) mod blocked;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod critical;
pub(crate) mod histogram;
pub(crate) mod hit;
pub(crate) mod stats;
pub(crate) mod why;
