//! The stock executor: `async_executor::Executor`, unmodified, on as many threads as one likes.
//!
//! Its order is its own: tasks move between threads, and a thread that has nothing to do steals from another. What is
//! recorded comes from the wrapper around each task and from its waker; the executor knows nothing of it.

use super::outcome::{RunError, outcome, take_output};
use crate::control::Control;
use crate::core::run::{Run, RunKind};
use crate::core::wakes::Doing;
use crate::core::{Clock, Core, Host};
use crate::event::{EventKind, Nanos, ScenarioRun, Sink};
use crate::io::describe_outputs;
use crate::probe::clock::Wall;
use crate::probe::outlet::{Attendance, RunInfo, origin};
use crate::task::{Task, spawn_at};
use async_executor::Executor;
use std::fmt;
use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::panic::Location;
use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::thread::JoinHandle;

/// The executor of smol on several threads, with a record. Its clock is the real one.
#[must_use = "nothing runs until `run`"]
pub struct Smol {
    threads: NonZeroUsize,
    seed: u64,
    title: Arc<str>,
    scenario: Option<ScenarioRun>,
    control: Option<Control>,
    sink: Option<Box<dyn Sink>>,
}

impl Smol {
    /// The executor on that many threads, the caller's among them.
    pub fn new(threads: NonZeroUsize) -> Self {
        Self { threads, seed: 0, title: "".into(), scenario: None, control: None, sink: None }
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

    /// Lets `control` steer the run: a pause holds every thread before its next poll, a step lets one poll through.
    pub fn control(mut self, control: Control) -> Self {
        self.control = Some(control);
        self
    }

    /// Sends the run's events to `sink`, from all threads in one order.
    pub fn sink(mut self, sink: impl Sink + 'static) -> Self {
        self.sink = Some(Box::new(sink));
        self
    }

    /// Runs `main` as the task of that name until it returns. The other tasks are dropped then, and jobs that are still
    /// under way are waited for, unless the run is stopped.
    ///
    /// # Errors
    /// When there is no result: a stop, a panic of the main task, or no thread to be had.
    #[track_caller]
    pub fn run<F>(self, main: F) -> Result<F::Output, RunError>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let place = Location::caller();
        let control = self.control.unwrap_or_else(|| {
            let control = Control::new();
            control.end_input();
            control
        });
        let start = Wall::now();
        control.show_real(start);
        if let Some(sink) = self.sink {
            control.outlet().attach(sink, Nanos::ZERO, None);
        }
        control.outlet().begin(RunInfo {
            attendance: Attendance::Own,
            start: Some(start),
            seed: self.seed,
            origin: origin(&self.title, self.scenario),
        });
        describe_outputs();
        let run = Run::new(control, RunKind::Threads, Some(start));
        let executor = Arc::new(Executor::new());
        let core = new_core(&run, start, &executor);
        let others = Others::start(self.threads.get() - 1, &run, start, &executor);
        let mut main: Task<F::Output> = core.look(|| spawn_at(&core, "main".into(), place, main));
        let is_stopped = others.is_err() || core.enter(|| drive(&core, &executor, &mut main));
        let result = match others {
            Ok(others) => {
                others.end();
                if is_stopped { Err(RunError::Stopped) } else { take_output(&mut main) }
            }
            Err(error) => Err(RunError::NoThread { reason: error.to_string().into() }),
        };
        let outcome = outcome(&result);
        let is_certain = outcome.clone();
        core.look(|| {
            core.emit(|| EventKind::CleanUpBegan { outcome: is_certain });
            core.set_doing(Doing::Ending);
            drop(main);
            drop(executor);
        });
        if !matches!(result, Err(RunError::Stopped | RunError::NoThread { .. })) {
            run.wait_for_jobs();
        }
        let now = core.now();
        core.look(|| core.emit(|| EventKind::RunEnded { outcome }));
        run.control.outlet().end();
        run.control.show(now);
        result
    }
}

impl fmt::Debug for Smol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smol").field("threads", &self.threads).field("seed", &self.seed).finish_non_exhaustive()
    }
}

fn new_core(run: &Arc<Run>, start: Wall, executor: &Arc<Executor<'static>>) -> Rc<Core> {
    Core::new(Arc::clone(run), Clock::Real(start), Host::Worker(Arc::downgrade(executor)))
}

/// Looks at the executor from the caller's thread until the main task has ended; whether it was stopped before.
fn drive<T>(core: &Rc<Core>, executor: &Executor<'static>, main: &mut Task<T>) -> bool {
    let until_the_end = poll_fn(|cx| {
        core.run.control.set_root(cx.waker());
        if core.run.control.is_stopped() {
            return Poll::Ready(true);
        }
        main.poll_ended(cx).map(|()| false)
    });
    let mut looking = pin!(executor.run(until_the_end));
    ::smol::block_on(poll_fn(|cx| core.look(|| looking.as_mut().poll(cx))))
}

/// The other threads.
struct Others {
    /// They end when this is dropped.
    go_on: ::smol::channel::Sender<()>,
    threads: Vec<JoinHandle<()>>,
}

impl Others {
    fn start(count: usize, run: &Arc<Run>, start: Wall, executor: &Arc<Executor<'static>>) -> std::io::Result<Self> {
        let (go_on, ended) = ::smol::channel::bounded::<()>(1);
        let mut threads = Vec::with_capacity(count);
        for number in 1..=count {
            let (run, executor, ended) = (Arc::clone(run), Arc::clone(executor), ended.clone());
            let work = move || {
                let core = new_core(&run, start, &executor);
                core.enter(|| {
                    let mut looking = pin!(executor.run(ended.recv()));
                    let _ended = ::smol::block_on(poll_fn(|cx| core.look(|| looking.as_mut().poll(cx))));
                });
            };
            match std::thread::Builder::new().name(format!("smol-{number}")).spawn(work) {
                Ok(thread) => threads.push(thread),
                Err(error) => {
                    Self { go_on, threads }.end();
                    return Err(error);
                }
            }
        }
        Ok(Self { go_on, threads })
    }

    fn end(self) {
        drop(self.go_on);
        for thread in self.threads {
            // A thread's own panic would be one of the executor; its tasks' panics are theirs.
            drop(thread.join());
        }
    }
}

/// A worker that no run of its own may be spawned on.
pub(crate) fn guest_core(run: &Arc<Run>) -> Option<Rc<Core>> {
    let start = run.start()?;
    Some(Core::new(Arc::clone(run), Clock::Real(start), Host::Worker(Weak::new())))
}
