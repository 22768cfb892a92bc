//! How a record is kept: events and what is derived from them, in few bytes.
//!
//! A record of millions of events stays in memory because of what is here. It never knows what the events mean to a
//! reader: names, states and conclusions are above it.

mod blocks;
mod bytes;
pub(crate) mod columns;
pub(crate) mod ending;
mod index_list;
pub(crate) mod lane;
pub(crate) mod lanes;
pub(crate) mod living;
pub(crate) mod log;
mod long_lane;
pub(crate) mod near_an_end;
mod packed;
mod packed_resource;
pub(crate) mod series;
mod short_lane;
pub(crate) mod slots;
pub(crate) mod span;
mod span_code;
pub(crate) mod spans;
pub(crate) mod steps;
pub(crate) mod table;
