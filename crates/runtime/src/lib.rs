//! An executor that records what it does: tasks, timers and shared things whose every scheduling decision becomes an
//! [`Event`](crate::event::Event), with its cause and its source line.
//!
//! Use it to see why a program does what it does, to test in which order its tasks run, or to run one on a clock that
//! takes no time.
//!
//! # An event loop
//!
//! [`EventLoop`] runs tasks on one thread in the order of Python's asyncio: each iteration takes the wakes from other
//! threads, then the timers that are due, then runs exactly the batch that is ready. Its clock is virtual (every run
//! is the same, and may be paced, paused and stepped through its [`Control`]) or real (inside smol's reactor, so that
//! sockets and `smol::Timer` work). Where an operation takes two turns of the loop in asyncio (`sleep`, `gather`), it
//! takes two here, so that programs print in the same order.
//!
//! Code inside a run uses the free functions of this crate; they find the running loop by themselves:
//!
//! ```
//! use loopscope_runtime::{EventLoop, say, sleep, spawn};
//! use std::time::Duration;
//!
//! let result = EventLoop::new().run(async {
//!     let child = spawn("child", async {
//!         sleep(Duration::from_secs(3)).await;
//!         7
//!     });
//!     say!("waiting");
//!     child.await
//! });
//! assert_eq!(result.unwrap(), 7); // at once: the clock is virtual and nobody paces it
//! ```
//!
//! # Executors of smol
//!
//! [`executor`] has stand-ins for the types of `async-executor`, and [`mod@smol`] is the crate `smol` with them in it. The
//! stock executors run behind them, in their own order. While nobody records, a poll costs one look at a flag more.
//!
//! ```
//! use loopscope_runtime::smol; // without this line the program runs as before
//!
//! let answer = smol::block_on(async {
//!     let task = smol::spawn(async { 6 * 7 });
//!     task.await
//! });
//! assert_eq!(answer, 42);
//! ```
//!
//! [`Smol`] runs a main task on stock executors of its own, on as many threads as you like.
//!
//! # A recording
//!
//! A [`Sink`](crate::event::Sink) takes the events: a closure that empties the chunk it is given. A loop has its own;
//! [`executor::record`] takes those of all stand-ins in the process until its [`Recording`](executor::Recording) is dropped.
//!
//! ```
//! use loopscope_runtime::event::{Event, EventKind};
//! use loopscope_runtime::{EventLoop, yield_now};
//! use std::sync::{Arc, Mutex};
//!
//! let events = Arc::new(Mutex::new(Vec::new()));
//! let sink = {
//!     let events = Arc::clone(&events);
//!     move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
//! };
//! EventLoop::new().title("two turns").sink(sink).run(yield_now()).unwrap();
//!
//! let events = events.lock().unwrap();
//! let polls = events.iter().filter(|event| matches!(event.kind, EventKind::PollStarted { .. })).count();
//! assert_eq!(polls, 2);
//! ```
//!
//! The package `loopscope-record` keeps such events, answers questions about them, and writes them to a file that the program
//! `loopscope` opens.
//!
//! # Control
//!
//! A [`Control`] pauses, steps, paces and stops a run from another thread. Its record does not depend on that.
//!
//! ```
//! use loopscope_runtime::{Control, EventLoop, RunError, Speed, sleep};
//! use std::time::Duration;
//!
//! let control = Control::new();
//! control.set_speed(Speed::MAX);
//! let from_outside = control.clone();
//! let result = EventLoop::new().control(control).run(async move {
//!     sleep(Duration::from_secs(1)).await;
//!     from_outside.stop();
//!     sleep(Duration::from_secs(1)).await;
//! });
//! assert!(matches!(result, Err(RunError::Stopped)));
//! ```
//!
//! This crate never learns who watches: it knows events and the sink that takes them, not what becomes of them.

mod as_completed;
mod atomics;
mod bounded;
mod busy;
mod cell;
mod clock;
mod control;
mod core;
mod event_loop;
pub mod executor;
pub mod fs;
mod gather;
mod group;
mod hand;
mod input;
mod interval;
mod job;
mod labels;
mod live;
mod loop_state;
pub mod net;
mod outcome;
mod outlet;
mod output;
mod panics;
mod polling;
mod pool;
mod race;
mod recorded;
mod recorder;
mod run;
mod run_group;
mod say;
mod scope;
mod shield;
mod sleep;
mod speed;
mod stream;
mod surroundings;
pub mod sync;
mod task;
mod task_group;
mod timeout;
mod timers;
mod try_gather;
mod type_names;
mod wait;
mod wait_for_tasks;
mod wake_state;
mod wakes;
mod watcher;
mod yield_now;

pub use loopscope_event as event;

pub use as_completed::{AsCompleted, NextCompleted, as_completed};
pub use bounded::{BoundedEvents, BoundedSink, bounded};
pub use busy::{busy, compute};
pub use control::{Control, Phase, Step};
pub use core::now;
pub use event_loop::EventLoop;
pub use gather::{Gather, gather};
pub use input::{Input, input};
pub use interval::{Interval, Tick, interval};
pub use job::{Job, spawn_blocking};
pub use labels::{Framed, Label, Named};
pub use outcome::RunError;
pub use output::describe_errors;
pub use panics::quiet_task_panics;
pub use pool::Smol;
pub use race::{Race, race};
pub use run_group::RunGroup;
pub use say::say_args;
pub use shield::{Shield, shield};
pub use sleep::{Sleep, sleep, sleep_until};
pub use speed::{ParseSpeedError, Speed};
pub use stream::{ForEach, Generate, Give, Giver, Next, for_each, generate, next};
pub use task::{Cancel, Task, spawn, spawn_local};
pub use task_group::{GroupError, Member, TaskGroup, task_group};
pub use timeout::{TimedOut, Timeout, timeout, timeout_at};
pub use try_gather::{TryGather, join_or_cancel, try_gather};
pub use wait_for_tasks::{Wait, Waited, When, wait};
pub use watcher::Watcher;
pub use yield_now::{YieldNow, yield_now};

/// The crate `smol` with recorded executors: `use loopscope_runtime::smol;` instruments a program that uses it.
pub mod smol {
    pub use super::executor::{Executor, LocalExecutor, Task, Timer, block_on, spawn};
    pub use ::smol::*;
}
