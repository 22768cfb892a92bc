//! Work on a thread that may block, beside the tasks.
//!
//! On the real clock a job runs on smol's pool of threads. On the virtual clock it runs there too, but the run waits for
//! it, so that it is the same every time: it takes as much virtual time as it was [`busy`](crate::busy), during which
//! the tasks go on.

use crate::core::loop_state::Callback;
use crate::core::run::Run;
use crate::core::timers::Alarm;
use crate::core::{Clock, Core};
use crate::event::{EnqueueCause, EventKind, JobEnd, JobId, Nanos, SiteId, TaskId, WaitOn};
use crate::probe::place::Place;
use crate::task::output::failure;
use crate::task::panics::{self, StopRequest};
use crate::task::wait::WaitPoint;
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

thread_local! {
    /// The job that this thread works at.
    static WORK: RefCell<Option<Work>> = const { RefCell::new(None) };
}

/// A job as the thread sees it that works at it.
struct Work {
    run: Arc<Run>,
    task: Option<TaskId>,
    spent: Spent,
}

enum Spent {
    /// On the virtual clock: the time that it was busy, and what it printed when.
    Virtual {
        busy: Nanos,
        lines: Vec<(Nanos, Place, String)>,
    },
    Real,
}

/// A job under way.
struct Shared<T> {
    job: JobId,
    state: Mutex<State<T>>,
}

struct State<T> {
    output: Option<std::thread::Result<T>>,
    is_done: bool,
    waker: Option<Waker>,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks the job done; who waits for it.
    fn done(&self) -> Option<Waker> {
        let mut state = self.lock();
        state.is_done = true;
        state.waker.take()
    }
}

/// Runs `work` on a thread that may block, at once. It goes on when this is dropped, and the run is over only when it is
/// done, as with `asyncio.run`; a run that is stopped does not wait for it.
///
/// Inside `work`, [`busy`](crate::busy) and [`say!`](crate::say!) do what they do in a task.
///
/// # Panics
/// Outside a run. A panic of `work` comes to who awaits it.
#[track_caller]
pub fn spawn_blocking<T: Send + 'static>(
    name: impl Into<Arc<str>>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Job<T> {
    spawn_blocking_at(Location::caller(), || name.into(), work)
}

/// [`spawn_blocking`] for who asked for it at that place. The name is asked for only where somebody listens.
#[track_caller]
pub(super) fn spawn_blocking_at<T: Send + 'static>(
    place: Place,
    name: impl FnOnce() -> Arc<str>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Job<T> {
    let Some(core) = Core::current() else {
        panic!("{place}: this works only inside a run: EventLoop::run or Smol::run")
    };
    let (job, task) = (core.run.ids.jobs.issue(), core.current_task());
    core.emit(|| EventKind::JobQueued { job, task, name: name() });
    let state = Mutex::new(State { output: None, is_done: false, waker: None });
    let shared = Arc::new(Shared { job, state });
    match core.clock {
        Clock::Virtual(_) => run_in_virtual_time(&core, task, work, &shared),
        Clock::Real(_) => {
            let (run, shared) = (Arc::clone(&core.run), Arc::clone(&shared));
            run.job_begins();
            ::smol::unblock(move || {
                run.emit_outside(run.epoch(), Nanos::ZERO, EventKind::JobStarted { job });
                let output = at_work(Work { run: Arc::clone(&run), task, spent: Spent::Real }, work).0;
                let epoch = run.epoch();
                if epoch.is_on() {
                    run.emit_outside(epoch, Nanos::ZERO, EventKind::JobFinished { job, end: end_of(&output) });
                }
                shared.lock().output = Some(output);
                if let Some(waker) = shared.done() {
                    Run::with_outside_cause(EnqueueCause::JobDone(job), || waker.wake());
                }
                run.job_is_done();
            })
            .detach();
        }
    }
    Job { shared, wait: WaitPoint::new() }
}

/// Runs `work` as a job of this thread; what it gives, and the job's account.
fn at_work<T>(job: Work, work: impl FnOnce() -> T) -> (std::thread::Result<T>, Option<Work>) {
    WORK.set(Some(job));
    let output = catch_unwind(AssertUnwindSafe(work));
    (output, WORK.take())
}

/// How a job ended that gave this.
fn end_of<T: 'static>(output: &std::thread::Result<T>) -> JobEnd {
    match output {
        Ok(output) => failure(output).map_or(JobEnd::Returned, JobEnd::Failed),
        Err(payload) if is_stop(payload.as_ref()) => JobEnd::Stopped,
        Err(payload) => JobEnd::Panicked(panics::message(payload.as_ref())),
    }
}

fn run_in_virtual_time<T: Send + 'static>(
    core: &Core,
    task: Option<TaskId>,
    work: impl FnOnce() -> T + Send + 'static,
    shared: &Arc<Shared<T>>,
) {
    let job = shared.job;
    core.emit(|| EventKind::JobStarted { job });
    core.flush();
    let spent = Spent::Virtual { busy: Nanos::ZERO, lines: Vec::new() };
    let account = Work { run: Arc::clone(&core.run), task, spent };
    let thread = ::smol::unblock(move || {
        let (output, account) = at_work(account, work);
        let spent = match account.map(|account| account.spent) {
            Some(Spent::Virtual { busy, lines }) => (busy, lines),
            Some(Spent::Real) | None => (Nanos::ZERO, Vec::new()),
        };
        (output, spent)
    });
    let (output, (busy, lines)) = ::smol::block_on(thread);
    shared.lock().output = Some(output);
    let now = core.now();
    for (after, place, text) in lines {
        let said = Said { task, site: core.site(place), text: text.into() };
        Alarm::set(core, now + after, said);
    }
    Alarm::set(core, now + busy, Done { shared: Arc::clone(shared) });
}

/// A line that a job prints at its time.
struct Said {
    task: Option<TaskId>,
    site: SiteId,
    text: Arc<str>,
}

impl Callback for Said {
    fn call(&self, core: &Core) {
        core.emit(|| EventKind::Printed { task: self.task, site: Some(self.site), text: Arc::clone(&self.text) });
    }

    fn is_of_a_job(&self) -> bool {
        true
    }
}

/// The end of a job in virtual time.
struct Done<T> {
    shared: Arc<Shared<T>>,
}

impl<T: Send + 'static> Callback for Done<T> {
    fn call(&self, core: &Core) {
        let job = self.shared.job;
        core.emit(|| {
            let end = self.shared.lock().output.as_ref().map_or(JobEnd::Returned, end_of);
            EventKind::JobFinished { job, end }
        });
        if let Some(waker) = self.shared.done() {
            core.telling(EnqueueCause::JobDone(job), || waker.wake());
        }
    }

    fn is_of_a_job(&self) -> bool {
        true
    }
}

/// What [`busy`](crate::busy) does in a job: whether this thread works at one, and on which clock.
pub(super) enum JobTime {
    /// Virtual time was taken into account.
    Counted,
    /// The processor is to be kept at work, unless the run is stopped.
    Spin(Arc<Run>),
}

/// Takes `length` of a job's time, if this thread works at one.
pub(super) fn pass_in_job(length: Nanos) -> Option<JobTime> {
    WORK.with_borrow_mut(|work| {
        let work = work.as_mut()?;
        Some(match &mut work.spent {
            Spent::Virtual { busy, .. } => {
                *busy = *busy + length;
                JobTime::Counted
            }
            Spent::Real => JobTime::Spin(Arc::clone(&work.run)),
        })
    })
}

/// Whether somebody hears what the job prints that this thread works at; none where it works at none.
pub(super) fn is_heard_in_job() -> Option<bool> {
    WORK.with_borrow(|work| work.as_ref().map(|work| work.run.epoch().is_on()))
}

/// Prints a line of a job, if this thread works at one; whether it does.
pub(super) fn say_in_job(place: Place, text: &str) -> bool {
    WORK.with_borrow_mut(|work| {
        let Some(work) = work.as_mut() else { return false };
        match &mut work.spent {
            Spent::Virtual { busy, lines } => lines.push((*busy, place, text.to_owned())),
            Spent::Real => work.run.say_outside(work.task, place, text),
        }
        true
    })
}

/// The future of [`spawn_blocking`].
#[must_use = "a job's output comes when this is awaited"]
pub struct Job<T> {
    shared: Arc<Shared<T>>,
    wait: WaitPoint,
}

impl<T> Job<T> {
    /// The job's id in the record.
    #[must_use]
    pub fn id(&self) -> JobId {
        self.shared.job
    }
}

impl<T> Future for Job<T> {
    type Output = T;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let place = Location::caller();
        let Self { shared, wait } = &mut *self;
        let mut state = shared.lock();
        if !state.is_done {
            state.waker = Some(cx.waker().clone());
            drop(state);
            wait.record(&Poll::<()>::Pending, place, || WaitOn::Job(shared.job));
            return Poll::Pending;
        }
        let output = state.output.take();
        drop(state);
        wait.end();
        match output {
            Some(Ok(output)) => Poll::Ready(output),
            Some(Err(payload)) if is_stop(payload.as_ref()) => Poll::Pending,
            Some(Err(payload)) => resume_unwind(payload),
            None => panic!("{place}: {:?} was awaited after its output was taken", shared.job),
        }
    }
}

fn is_stop(payload: &(dyn Any + Send)) -> bool {
    payload.is::<StopRequest>()
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        // The job goes on, and its end wakes nobody who has let it go.
        self.shared.lock().waker = None;
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("id", &self.id()).field("done", &self.shared.lock().is_done).finish()
    }
}
