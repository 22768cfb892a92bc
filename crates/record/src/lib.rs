//! What happened: the record of a run, and every question one can ask of it.
//!
//! [`Record`] takes events one after another and keeps, beside the [`Log`] itself, what is derived from it: the
//! [`State`] at the end and at checkpoints (so that the state at any past event is found without folding from the
//! start), a [`Lane`] of spans per task, the [`Steps`] axis, and the [`Catalog`] of names. [`mod@file`] writes a record and
//! reads it back.
//!
//! This package never runs anything: it knows events, not the executor they come from, and calls no clock. Whatever
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
mod ending;
mod ends;
pub mod export;
mod facts;
pub mod file;
mod histogram;
mod hit;
mod holdings;
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
mod ready_queue;
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
mod trail;
mod wait_kind;
mod wait_words;
mod why;
mod wording;

pub use loopscope_event as event;

pub use blocked::{Block, Blocked, Hold, Holds, blocked_by};
pub use bookmarks::Bookmark;
pub use catalog::Catalog;
pub use check::{Checker, Violation, check};
pub use columns::{EventColumn, TimeColumn};
pub use compare::{
    Comparison, EndChange, LineDifference, Pair, Shift, Side, TaskTimes, WaitChange, WaitSum, waits_that_overlap,
};
pub use critical::{Link, Segment, critical_parts, critical_path, wake_chain};
pub use diagnose::{Diagnosis, Finding, Limits, diagnose};
pub use ending::{End, Ending, How, Request, end_words, end_words_in_short, job_end_words, job_verb, request_words};
pub use facts::{FrameInfo, JobInfo, ResourceInfo, Site, TaskInfo, TimerEnd, TimerInfo, WaitInfo};
pub use histogram::{Bucket, Histogram, Measure};
pub use hit::{poll_after, poll_before};
pub use holdings::Holder;
pub use host::Host;
pub use lane::{Lane, Span, SpanState, StateTimes};
pub use lanes::GivenUp;
pub use log::{EventIndex, Events, Log};
pub use ready_queue::ReadyQueue;
pub use record::{Gap, OutputLine, Record, Wake};
pub use sentence::{sentence, sentence_at};
pub use series::{Amount, Series};
pub use spans::Spans;
pub use state::{Computing, RunPhase, State, TaskState, TaskStatus};
pub use stats::Stats;
pub use steps::{Column, StepWindow, Steps};
pub use trail::Step;
pub use wait_kind::WaitKind;
pub use wait_words::{await_chain, chain, tasks_label, wait_label, wait_labels};
pub use why::{explain, explain_at, explain_end};
pub use wording::{Languages, TwinLines, Wording};
