//! What happened: the record of a run, and every question one can ask of it.
//!
//! [`Record`] takes events one after another and keeps, beside the [`Log`] itself, what is derived from it: the
//! [`State`] at the end and at checkpoints (so that the state at any past event is found without folding from the
//! start), a [`Lane`] of spans per task, the [`Steps`] axis, and the [`Catalog`] of names. [`mod@file`] writes a record and
//! reads it back.
//!
//! This package never runs anything: it knows events, not the executor they come from, and calls no clock. Whatever
//! order of events it is given, it answers without panicking.

mod io;
mod lint;
mod model;
mod query;
mod store;
pub mod text;
mod words;

pub use loopscope_event as event;

pub use io::bookmarks::Bookmark;
pub use io::{export, file};
pub use lint::diagnose;
pub use lint::finding::{Diagnosis, Finding, Limits};
pub use model::catalog::Catalog;
pub use model::ending::{End, How, Request};
pub use model::facts::{FrameInfo, JobInfo, ResourceInfo, Site, TaskInfo, TimerEnd, TimerInfo, WaitInfo};
pub use model::holdings::Holder;
pub use model::host::Host;
pub use model::ready_queue::ReadyQueue;
pub use model::record::{Gap, OutputLine, Record, Wake};
pub use model::state::{Computing, RunPhase, State, TaskState, TaskStatus};
pub use model::trail::Step;
pub use model::wait_kind::WaitKind;
pub use query::blocked::{Block, Blocked, Hold, Holds, blocked_by};
pub use query::check::{Checker, Violation, check};
pub use query::compare::{
    Comparison, EndChange, LineDifference, Pair, Shift, Side, TaskTimes, WaitChange, WaitSum, waits_that_overlap,
};
pub use query::critical::{Link, Segment, critical_parts, critical_path, wake_chain};
pub use query::histogram::{Bucket, Histogram, Measure};
pub use query::hit::{poll_after, poll_before};
pub use query::stats::Stats;
pub use query::why::{explain, explain_at, explain_end};
pub use store::columns::{EventColumn, TimeColumn};
pub use store::ending::Ending;
pub use store::lane::Lane;
pub use store::lanes::GivenUp;
pub use store::log::{EventIndex, Events, Log};
pub use store::series::{Amount, Series};
pub use store::span::{Span, SpanState, StateTimes};
pub use store::spans::Spans;
pub use store::steps::{Column, StepWindow, Steps};
pub use words::cause::woken_words;
pub use words::ending::{end_words, end_words_in_short, job_end_words, job_verb, request_words};
pub use words::resource::{kind_name, level_name};
pub use words::sentence::{sentence, sentence_at};
pub use words::wait::{await_chain, chain, tasks_label, wait_label, wait_labels};
pub use words::wording::{Languages, TwinLines, Wording};
