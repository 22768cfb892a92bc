//! Work that blocks the loop: CPU-bound code between two awaits.

use super::job::{JobTime, pass_in_job};
use crate::control::{Control, Waited};
use crate::core::{Clock, Core};
use crate::event::{EventKind, Nanos, TaskId};
use crate::probe::clock::Wall;
use crate::task::panics::StopRequest;
use std::hint::spin_loop;
use std::panic::{Location, resume_unwind};
use std::time::Duration;

/// Between two looks at whether the run was stopped.
const SLICE: Nanos = Nanos::from_millis(1);

/// Computes for `duration` without giving control back, as a long calculation does: no other task of this loop runs
/// meanwhile and no timer fires. On the virtual clock it takes that much virtual time; on the real clock it keeps the
/// processor at work. A virtual clock that would pass its end, after 584 years, stops there.
///
/// # Panics
/// Outside a run and its jobs. A stop of the run unwinds the task from here.
#[track_caller]
pub fn busy(duration: Duration) {
    let length = Nanos::from(duration);
    match pass_in_job(length) {
        Some(JobTime::Counted) => return,
        Some(JobTime::Spin(run)) => {
            if spin(&run.control, Wall::now(), length) {
                resume_unwind(Box::new(StopRequest));
            }
            return;
        }
        None => {}
    }
    let busy = Busy::begin(Location::caller(), Some(length));
    let (control, plan) = Core::with(|core| {
        let control: Control = core.run.control.clone();
        let plan = match core.clock {
            Clock::Virtual(_) => Plan::Pass { from: core.now() },
            Clock::Real(_) => Plan::Spin(Wall::now()),
        };
        (control, plan)
    });
    // Meanwhile this thread has nothing to tell: who watches has the record up to here, and other threads need not wait.
    Core::with(Core::fall_asleep);
    let stopped = match plan {
        Plan::Pass { from } => {
            // The clock stops short of its end, which is the time that never comes.
            let until = (from + length).min(Nanos(Nanos::MAX.0 - 1));
            let stopped = pass(&control, from, until);
            if !stopped {
                Core::with(|core| core.advance_to(until));
            }
            stopped
        }
        Plan::Spin(start) => spin(&control, start, length),
    };
    Core::with(Core::go_on);
    drop(busy);
    // A destructor that works must not unwind: it goes on, and the run ends after it.
    if stopped && !std::thread::panicking() && !Core::with(Core::is_dropping) {
        resume_unwind(Box::new(StopRequest));
    }
}

/// Runs `work`, which keeps this thread for a while, and gives its output: real work, of which nobody knows beforehand how
/// long it takes. The record tells that the task computes, and at which line; else it is as if you had called `work`.
///
/// ```
/// use loopscope_runtime::{EventLoop, compute};
///
/// let sum = EventLoop::new().run(async { compute(|| (1..=1_000_000_u64).sum::<u64>()) });
/// assert_eq!(sum, Ok(500_000_500_000));
/// ```
#[track_caller]
pub fn compute<R>(work: impl FnOnce() -> R) -> R {
    let _busy = Busy::begin(Location::caller(), None);
    work()
}

/// A task computes until this is dropped.
struct Busy(Option<TaskId>);

impl Busy {
    /// The task that runs computes; nothing where none does.
    fn begin(place: &'static Location<'static>, length: Option<Nanos>) -> Self {
        let task = Core::try_with(|core| {
            let task = core.current_task().filter(|_| core.is_on())?;
            core.now();
            let site = core.site(place);
            core.emit_at_stamp(|| EventKind::BusyBegan { task, site, length });
            Some(task)
        });
        Self(task.flatten())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(task) = self.0 {
            Core::try_with(|core| core.emit(|| EventKind::BusyEnded { task }));
        }
    }
}

enum Plan {
    Pass { from: Nanos },
    Spin(Wall),
}

/// Lets virtual time pass; returns whether the run was stopped. A wake from another thread cannot cut it short.
fn pass(control: &Control, mut from: Nanos, until: Nanos) -> bool {
    loop {
        match control.pass_time(from, until, || {}) {
            Waited::Reached => return false,
            Waited::Stopped => return true,
            Waited::Kicked => from = control.now(),
        }
    }
}

/// Keeps the processor busy; returns whether the run was stopped.
fn spin(control: &Control, start: Wall, length: Nanos) -> bool {
    let mut next_look = Nanos::ZERO;
    loop {
        let spent = start.elapsed();
        if spent >= next_look {
            if control.is_stopped() {
                return true;
            }
            next_look = spent + SLICE;
        }
        if spent >= length {
            return false;
        }
        spin_loop();
    }
}
