//! The event loop: one thread, asyncio's order.
//!
//! An iteration takes what other threads woke, then the timers that are due, then runs exactly the batch that is in
//! the ready queue at that point; what becomes ready during the batch waits for the next iteration. When the main task has
//! returned, the loop learns of it in the next iteration and finishes that batch, as `asyncio.run` does; tasks that
//! are unfinished then are dropped.

use super::outcome::{RunError, outcome, take_output};
use crate::control::speed::Speed;
use crate::control::{Admission, Control, Waited};
use crate::core::loop_state::{Callback, CallbackWaker, LoopState, Ready};
use crate::core::run::{Run, RunKind};
use crate::core::wakes::Doing;
use crate::core::{Clock, Core, Host};
use crate::event::{ClockKind, EnqueueCause, EventKind, Nanos, ScenarioRun, Sink};
use crate::io::describe_outputs;
use crate::probe::clock::Wall;
use crate::probe::outlet::{Attendance, RunInfo, origin};
use crate::probe::place::Place;
use crate::task::panics;
use crate::task::{Task, spawn_on};
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// On the real clock, iterations between two looks at the reactor while tasks are always ready. asyncio looks every
/// time; a look costs about as much as this many polls, and inputs that wait this long do not notice.
const TURNS_PER_REACTOR_LOOK: u32 = 32;

/// A single-threaded executor that records what it does.
#[must_use = "a loop does nothing until `run`"]
pub struct EventLoop {
    clock: ClockKind,
    seed: u64,
    title: Arc<str>,
    scenario: Option<ScenarioRun>,
    control: Option<Control>,
    sink: Option<Box<dyn Sink>>,
}

impl Default for EventLoop {
    fn default() -> Self {
        Self::new()
    }
}

impl EventLoop {
    /// A loop on the virtual clock, as fast as it can, recorded by nobody.
    pub fn new() -> Self {
        Self { clock: ClockKind::Virtual, seed: 0, title: "".into(), scenario: None, control: None, sink: None }
    }

    /// Chooses the clock.
    pub fn clock(mut self, clock: ClockKind) -> Self {
        self.clock = clock;
        self
    }

    /// Notes the run's seed in its record.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Names the run in its record, for people.
    pub fn title(mut self, title: impl Into<Arc<str>>) -> Self {
        self.title = title.into();
        self
    }

    /// Names the scenario in the record, so that readers of the record can run it again.
    pub fn scenario(mut self, scenario: ScenarioRun) -> Self {
        self.scenario = Some(scenario);
        self
    }

    /// Lets `control` steer the run. Without it, virtual time never waits.
    pub fn control(mut self, control: Control) -> Self {
        self.control = Some(control);
        self
    }

    /// Sends the run's events to `sink`.
    pub fn sink(mut self, sink: impl Sink + 'static) -> Self {
        self.sink = Some(Box::new(sink));
        self
    }

    /// Runs `main` as the task of that name until it returns, on this thread. The other tasks are dropped then, and jobs
    /// that are still under way are waited for, also where `main` panicked. A stopped run waits for none.
    ///
    /// # Errors
    /// When there is no result: a deadlock, a stop, or a panic of the main task. Panics of other tasks end those
    /// tasks only, and reach the task that awaits them.
    #[track_caller]
    pub fn run<F>(self, main: F) -> Result<F::Output, RunError>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let place = Location::caller();
        let control = self.control.unwrap_or_else(|| {
            let control = Control::new();
            control.set_speed(Speed::MAX);
            control.end_input();
            control
        });
        let start = (self.clock == ClockKind::Real).then(Wall::now);
        if let Some(start) = start {
            control.show_real(start);
        }
        let clock = start.map_or(Clock::Virtual(Nanos::ZERO.into()), Clock::Real);
        if let Some(sink) = self.sink {
            control.outlet().attach(sink, Nanos::ZERO, None);
        }
        let (seed, origin) = (self.seed, origin(&self.title, self.scenario));
        control.outlet().begin(RunInfo { attendance: Attendance::Own, start, seed, origin });
        describe_outputs();
        let core = Core::new(Run::new(control, RunKind::Loop, start), clock, Host::Loop(LoopState::default()));
        core.look_who_listens();
        core.enter(|| run_in(&core, main, place))
    }
}

impl fmt::Debug for EventLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLoop").field("clock", &self.clock).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Why the loop left its iterations.
enum End {
    MainDone,
    Deadlock,
    NeedsRealClock,
    Stopped,
}

fn run_in<F>(core: &Rc<Core>, main: F, place: Place) -> Result<F::Output, RunError>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let Some(state) = core.event_loop() else { return Err(RunError::Stopped) };
    let mut main = spawn_on(core, "main".into(), place, main);
    let told = Waker::from(Arc::new(CallbackWaker(Arc::new(MainEnded))));
    let before_its_first_poll = main.poll_ended(&mut Context::from_waker(&told));
    debug_assert!(before_its_first_poll.is_pending(), "a task runs only in an iteration");
    let end = match core.clock {
        Clock::Virtual(_) => drive_virtual(core, state),
        Clock::Real(start) => drive_real(core, state, start),
    };
    let result = match end {
        End::MainDone => take_output(&mut main),
        End::Deadlock => Err(RunError::Deadlock { waiting: state.live.names() }),
        End::NeedsRealClock => Err(RunError::NeedsRealClock { waiting: state.live.names_of_outsiders() }),
        End::Stopped => Err(RunError::Stopped),
    };
    let outcome = outcome(&result);
    let is_certain = outcome.clone();
    core.emit(|| EventKind::CleanUpBegan { outcome: is_certain });
    let of_jobs = drop_the_rest(core, state, main);
    if !matches!(result, Err(RunError::Stopped)) {
        finish_jobs(core, state, of_jobs);
    }
    core.emit(|| EventKind::RunEnded { outcome });
    core.flush();
    core.run.control.outlet().end();
    core.run.control.show(core.now());
    result
}

/// The loop's own callback: it learns that the main task has ended a turn after it did.
struct MainEnded;

impl Callback for MainEnded {
    fn call(&self, core: &Core) {
        if let Some(state) = core.event_loop() {
            state.main_done.set(true);
        }
    }
}

/// Drops the tasks that have not ended, oldest first. What their destructors wake or spawn is dropped too. Gives back what
/// was in the queue of jobs.
fn drop_the_rest<T>(core: &Core, state: &LoopState, main: Task<T>) -> Vec<Ready> {
    core.set_doing(Doing::Ending);
    drop(main);
    let mut of_jobs = Vec::new();
    loop {
        core.take_left();
        while let Some(entry) = state.pop() {
            match &entry {
                // A timer that no task has set.
                Ready::Timer(None, _) => of_jobs.push(entry),
                Ready::Callback(callback) if callback.is_of_a_job() => of_jobs.push(entry),
                Ready::Timer(..) | Ready::Callback(_) | Ready::Task(..) => drop(entry),
            }
        }
        match state.live.take_oldest() {
            Some(oldest) => oldest.wake(), // puts it into the queue, unless it has just been dropped
            // Another thread is in the middle of waking one, and will leave it here.
            None if state.live.has_undropped() => core.run.wait_for_left(),
            None => return of_jobs,
        }
    }
}

/// Waits for the running jobs, as `asyncio.run` does. A stop ends the wait.
fn finish_jobs(core: &Core, state: &LoopState, queued: Vec<Ready>) {
    if let Clock::Real(_) = core.clock {
        if core.run.has_jobs() {
            core.fall_asleep();
            core.run.wait_for_jobs();
            core.wake_up();
            core.set_doing(Doing::Ending);
        }
        return;
    }
    // Every task is gone, and its timers with it: what is left belongs to jobs.
    queued.into_iter().for_each(|entry| state.push(entry));
    loop {
        core.take_due_timers();
        while let Some(entry) = state.pop() {
            match entry {
                Ready::Timer(_, cell) => cell.fire().into_iter().for_each(|told| told.tell(None)),
                Ready::Callback(callback) => callback.call(core),
                Ready::Task(..) => {}
            }
        }
        let Some(deadline) = state.next_deadline() else { return };
        if pass_idle_time(core, deadline) == Waited::Stopped {
            return;
        }
    }
}

/// Lets virtual time pass up to the next deadline.
fn pass_idle_time(core: &Core, deadline: Nanos) -> Waited {
    core.emit(|| EventKind::LoopIdle { until: Some(deadline) });
    let waited = core.holding(|before| core.run.control.pass_time(core.now(), deadline, before));
    core.advance_to(if waited == Waited::Reached { deadline } else { core.run.control.now() });
    core.emit(|| EventKind::LoopAwake);
    waited
}

/// Holds while paused; whether the run was stopped.
fn is_stopped_before(core: &Core) -> bool {
    core.holding(|before| core.run.control.admit(before)) == Admission::Stop
}

/// Runs one iteration's batch; none if the loop is to go on after it.
fn run_batch(core: &Core, state: &LoopState) -> Option<End> {
    core.look_who_listens();
    let batch = state.ready_len();
    core.emit_at_stamp(|| EventKind::IterationStarted { batch: batch as u32 });
    for _ in 0..batch {
        core.look_who_listens();
        let Some(entry) = state.pop() else { break };
        if !matches!(entry, Ready::Callback(_)) && is_stopped_before(core) {
            core.set_doing(Doing::Ending);
            drop(entry);
            return Some(End::Stopped);
        }
        match entry {
            Ready::Task(_, runnable) => {
                runnable.run();
                if core.run.control.is_stopped() {
                    return Some(End::Stopped);
                }
            }
            Ready::Timer(timer, cell) => {
                let Some(told) = cell.fire() else { continue };
                match timer {
                    Some(timer) => {
                        if cell.is_told_to(core.epoch()) {
                            core.emit(|| EventKind::TimerFired { timer });
                        }
                        core.telling(EnqueueCause::Timer(timer), || guarded(core, || told.tell(Some(timer))));
                        core.run.control.timer_done();
                    }
                    None => told.tell(None),
                }
            }
            Ready::Callback(callback) => guarded(core, || callback.call(core)),
        }
    }
    state.main_done.get().then_some(End::MainDone)
}

/// Runs what wakes tasks. A waker that is not the loop's own may panic: the loop reports it and goes on.
fn guarded(core: &Core, wake: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(wake)) {
        core.emit(|| {
            let text = format!("a waker panicked: {}", panics::message(payload.as_ref())).into();
            EventKind::Printed { task: None, site: None, text }
        });
    }
}

fn drive_virtual(core: &Core, state: &LoopState) -> End {
    loop {
        core.take_left();
        core.take_due_timers();
        if state.ready_len() > 0 {
            match run_batch(core, state) {
                Some(end) => return end,
                None => continue,
            }
        }
        let Some(deadline) = state.next_deadline() else {
            if core.run.has_left() {
                continue;
            }
            if state.live.some_wait_for_the_user() {
                core.emit(|| EventKind::LoopIdle { until: None });
                let waited = core.holding(|before| {
                    before();
                    core.run.control.wait_for_kick()
                });
                core.emit(|| EventKind::LoopAwake);
                if waited == Waited::Stopped {
                    return End::Stopped;
                }
                continue;
            }
            return if state.live.all_wait_for_each_other() { End::Deadlock } else { End::NeedsRealClock };
        };
        if pass_idle_time(core, deadline) == Waited::Stopped {
            return End::Stopped;
        }
    }
}

fn drive_real(core: &Core, state: &LoopState, start: Wall) -> End {
    let mut alarm = Alarm { deadline: None, timer: smol::Timer::never() };
    let mut asleep = false;
    smol::block_on(poll_fn(|cx| {
        let control = &core.run.control;
        control.set_root(cx.waker());
        if core.is_asleep() {
            core.wake_up();
        }
        core.now(); // the reactor may have slept
        for _ in 0..TURNS_PER_REACTOR_LOOK {
            if control.is_stopped() {
                if asleep {
                    core.emit(|| EventKind::LoopAwake);
                }
                return Poll::Ready(End::Stopped);
            }
            core.take_left();
            core.take_due_timers();
            if state.ready_len() > 0 {
                if std::mem::take(&mut asleep) {
                    core.emit(|| EventKind::LoopAwake);
                }
                if let Some(end) = run_batch(core, state) {
                    return Poll::Ready(end);
                }
                continue;
            }
            // Only another thread could still wake one of them, and none has.
            if state.all_wait_for_each_other() && !core.run.has_jobs() && !core.run.has_left() {
                return Poll::Ready(End::Deadlock);
            }
            let deadline = state.next_deadline();
            if alarm.poll(start, deadline, cx).is_ready() {
                continue;
            }
            if !std::mem::replace(&mut asleep, true) {
                core.emit(|| EventKind::LoopIdle { until: deadline });
            }
            core.set_doing(Doing::Reactor);
            core.fall_asleep();
            return Poll::Pending;
        }
        core.set_doing(Doing::Reactor);
        cx.waker().wake_by_ref();
        Poll::Pending
    }))
}

/// Wakes the loop out of the reactor when its next timer is due.
struct Alarm {
    deadline: Option<Nanos>,
    timer: smol::Timer,
}

impl Alarm {
    fn poll(&mut self, start: Wall, deadline: Option<Nanos>, cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline != deadline {
            self.deadline = deadline;
            match deadline.and_then(|deadline| start.after(deadline)) {
                Some(at) => self.timer.set_at(at),
                None => self.timer = smol::Timer::never(),
            }
        }
        let due = Pin::new(&mut self.timer).poll(cx).map(drop);
        if due.is_ready() {
            self.deadline = None;
        }
        due
    }
}
