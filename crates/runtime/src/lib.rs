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

mod combine;
mod control;
mod core;
pub mod executor;
mod io;
mod probe;
mod sched;
pub mod sync;
mod task;
mod time;

pub use loopscope_event as event;

pub use combine::as_completed::{AsCompleted, NextCompleted, as_completed};
pub use combine::gather::{Gather, gather};
pub use combine::race::{Race, race};
pub use combine::run_group::{RunGroup, task_group};
pub use combine::shield::{Shield, shield};
pub use combine::stream::{ForEach, Generate, Give, Giver, Next, for_each, generate, next};
pub use combine::task_group::{GroupError, Member, TaskGroup};
pub use combine::try_gather::{TryGather, join_or_cancel, try_gather};
pub use combine::wait_for_tasks::{Wait, Waited, When, wait};
pub use control::speed::{ParseSpeedError, Speed};
pub use control::{Control, Phase, Step};
pub use core::now;
pub use core::timers::TimedOut;
pub use io::busy::{busy, compute};
pub use io::input::{Input, input};
pub use io::job::{Job, spawn_blocking};
pub use io::say::say_args;
pub use io::{fs, net};
pub use probe::bounded::{BoundedEvents, BoundedSink, bounded};
pub use probe::watcher::Watcher;
pub use sched::event_loop::EventLoop;
pub use sched::outcome::RunError;
pub use sched::pool::Smol;
pub use task::labels::{Framed, Label, Named};
pub use task::output::describe_errors;
pub use task::panics::quiet_task_panics;
pub use task::yield_now::{YieldNow, yield_now};
pub use task::{Cancel, Task, spawn, spawn_local};
pub use time::interval::{Interval, Tick, interval};
pub use time::sleep::{Sleep, sleep, sleep_until};
pub use time::timeout::{Timeout, timeout, timeout_at};

/// The crate `smol` with recorded executors: `use loopscope_runtime::smol;` instruments a program that uses it.
pub mod smol {
    pub use super::executor::{Executor, LocalExecutor, Task, Timer, block_on, spawn};
    pub use ::smol::*;
}
