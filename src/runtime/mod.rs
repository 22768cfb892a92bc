//! An executor that tells what it does: tasks, timers and shared things whose every scheduling decision becomes an
//! [`Event`](crate::event::Event), with its cause and its source line.
//!
//! [`EventLoop`] runs tasks on one thread in the order of Python's asyncio: each iteration takes the wakes from other
//! threads, then the timers that are due, then runs exactly the batch that is ready. Its clock is virtual (every run
//! is the same, and may be paced, paused and stepped through its [`Control`]) or real (inside smol's reactor, so that
//! sockets and `smol::Timer` work). Where an operation takes two turns of the loop in asyncio (`sleep`, `gather`), it
//! takes two here, so that programs print in the same order.
//!
//! Code inside a run uses the free functions of this module; they find the running loop by themselves:
//!
//! ```
//! use loopscope::runtime::{EventLoop, say, sleep, spawn};
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
//! This module never learns who watches: it knows events and the sink that takes them, not what becomes of them.

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
mod panics;
mod polling;
mod race;
mod recorded;
mod recorder;
mod run;
mod run_group;
mod say;
mod scope;
mod shield;
mod sleep;
mod smol;
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
mod yield_now;

pub use self::smol::Smol;
pub use as_completed::{AsCompleted, NextCompleted, as_completed};
pub use bounded::{BoundedEvents, BoundedSink, bounded};
pub use busy::busy;
pub use control::{Control, Phase, Step};
pub use core::now;
pub use event_loop::EventLoop;
pub use gather::{Gather, gather};
pub use input::{Input, input};
pub use interval::{Interval, Tick, interval};
pub use job::{Job, spawn_blocking};
pub use labels::{Framed, Label, Named};
pub use outcome::RunError;
pub use panics::quiet_task_panics;
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
pub use yield_now::{YieldNow, yield_now};

#[doc(inline)]
pub use crate::{frame, say};
