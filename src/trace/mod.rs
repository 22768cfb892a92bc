//! What happened: the record of a run, and every question one can ask of it.
//!
//! [`Record`] takes events one after another and keeps, beside the [`Log`] itself, what is derived from it: the
//! [`State`] at the end and at checkpoints (so that the state at any past event is found without folding from the
//! start), a [`Lane`] of spans per task, the [`Steps`] axis, and the [`Catalog`] of names. [`mod@file`] writes a record and
//! reads it back.
//!
//! This module never runs anything: it knows events, not the executor they come from, and calls no clock. Whatever
//! order of events it is given, it answers without panicking.

mod aside;
mod blocked;
mod bookmarks;
mod bytes;
mod catalog;
mod check;
mod columns;
mod compare;
mod convoy;
mod critical;
mod diagnose;
mod ends;
pub mod export;
pub mod file;
mod histogram;
mod hit;
mod host;
mod index_list;
mod lane;
mod lanes;
mod living;
mod log;
mod long_lane;
mod long_spans;
mod packed;
mod packed_resource;
mod record;
mod resource_words;
mod sentence;
mod series;
mod short_lane;
mod slots;
mod span_code;
mod spans;
mod state;
mod stats;
mod steps;
mod table;
mod target;
pub mod text;
mod wait_words;
mod why;

pub use blocked::{Block, Blocked, Hold, blocked_by};
pub use bookmarks::Bookmark;
pub use catalog::{Catalog, FrameInfo, JobInfo, ResourceInfo, Site, TaskInfo, TimerEnd, TimerInfo, WaitInfo};
pub use check::{Checker, Violation, check};
pub use columns::{EventColumn, TimeColumn};
pub use compare::{Comparison, LineDifference, Overlap, Pair, Shift, Side, TaskTimes, WaitChange, WaitSum, in_seconds};
pub use critical::{Link, Segment, critical_parts, critical_path, wake_chain};
pub use diagnose::{Diagnosis, Finding, Limits, diagnose};
pub use histogram::{Bucket, Histogram, Measure};
pub use hit::{poll_after, poll_before};
pub use host::Host;
pub use lane::{Lane, Span, SpanState, StateTimes};
pub use lanes::GivenUp;
pub use log::{EventIndex, Events, Log};
pub use record::{Gap, OutputLine, Record, Wake};
pub use sentence::sentence;
pub use series::{Amount, Series};
pub use spans::Spans;
pub use state::{Ending, RunPhase, State, TaskState, TaskStatus};
pub use stats::Stats;
pub use steps::{Column, StepWindow, Steps};
pub use wait_words::{StackEntry, await_chain, await_stack, wait_label};
pub use why::{explain, explain_at, explain_end};
