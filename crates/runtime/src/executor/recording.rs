//! The record of the program's own executors: one for the process, while somebody listens.

use crate::control::Control;
use crate::core::Core;
use crate::core::cell::{Origin, TaskCell};
use crate::core::run::{Run, RunKind};
use crate::core::surroundings::Surroundings;
use crate::event::{EnqueueCause, Sink, TaskId};
use crate::probe::clock::Wall;
use crate::probe::outlet::{Attendance, Epoch, RunInfo, origin};
use crate::probe::place::Place;
use crate::probe::task_name::TaskName;
use crate::sched::pool::guest_core;
use crate::task::output::ByName;
use crate::task::recorded::Recorded;
use pin_project_lite::pin_project;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

/// Set when somebody first listens; the ids of a process are never given out twice.
static RUN: OnceLock<Arc<Run>> = OnceLock::new();

thread_local! {
    static WORKER: RefCell<Option<Rc<Core>>> = const { RefCell::new(None) };
}

/// The record of the process's executors, while it is kept. Dropping it ends the record.
#[derive(Debug)]
#[must_use = "the record ends when this is dropped"]
pub struct Recording {
    control: Control,
    epoch: Epoch,
}

/// Sends what the process's executors do to `sink` from now on, in place of any other sink; `title` names the record, for people. A
/// task that was spawned before is recorded when it is polled next.
pub fn record(title: impl Into<Arc<str>>, sink: impl Sink + 'static) -> Recording {
    let run = RUN.get_or_init(|| Run::new(Control::new(), RunKind::Guests, Some(Wall::now())));
    let control = run.control.clone();
    if let Some(start) = run.start() {
        control.show_real(start);
    }
    control.reset();
    let origin = origin(&title.into(), None);
    let info = RunInfo { attendance: Attendance::Guests(is_attended), start: run.start(), seed: 0, origin };
    let epoch = control.outlet().attach(Box::new(sink), control.now(), Some(info));
    Recording { control, epoch }
}

impl Recording {
    /// The hand on the executors: a pause holds each thread before its next poll. A stop does nothing: the program is not
    /// ours to end.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // Where another record has taken its place, the sink had its end then.
        self.control.outlet().detach_from(self.epoch, || self.control.reset());
    }
}

/// The run, if somebody has ever listened.
pub(super) fn run() -> Option<&'static Arc<Run>> {
    RUN.get()
}

/// The run, while somebody listens.
#[inline]
fn listening() -> Option<&'static Arc<Run>> {
    RUN.get().filter(|run| run.control.outlet().epoch().is_on())
}

pin_project! {
    /// A task's future; it gives the future's own output.
    pub(super) struct Observed<F> {
        // There until it is dropped.
        #[pin]
        recorded: Option<Recorded<F, ByName>>,
    }

    impl<F> PinnedDrop for Observed<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut recorded = this.project().recorded;
            let is_known = recorded.as_ref().get_ref().as_ref().is_some_and(Recorded::is_told);
            match listening() {
                // Outside of every look at an executor, as where the executor itself is dropped: what its destructors do
                // is recorded all the same.
                Some(run) if is_known && !Core::is_of(run) => {
                    Surroundings::unchanged(|| while_looking(|| recorded.set(None)));
                }
                _ => recorded.set(None),
            }
        }
    }
}

impl<F> Observed<F> {
    fn new(recorded: Recorded<F, ByName>) -> Self {
        Self { recorded: Some(recorded) }
    }
}

impl<F: Future> Future for Observed<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(recorded) = self.project().recorded.as_pin_mut() else { return Poll::Pending };
        // A look that began while nobody listened polls recorded tasks all the same once somebody does.
        let polled = match listening() {
            Some(run) if !Core::is_of(run) => while_looking(|| recorded.poll(cx)),
            _ => recorded.poll(cx),
        };
        match polled {
            Poll::Ready(Some(output)) => Poll::Ready(output),
            // Cancelled through its cell, which tasks of stock executors are not.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

/// Wraps the future of a task that is about to be spawned at `place`.
pub(super) fn observe<F: Future>(future: F, place: Place) -> Observed<F> {
    let Some(run) = listening() else {
        return Observed::new(Recorded::untold(place, None, future));
    };
    let here = Core::current().filter(|core| Arc::ptr_eq(&core.run, run));
    let parent: Option<TaskId> = here.as_ref().and_then(|core| core.current_task());
    let name = TaskName::Type(std::any::type_name::<F>(), place.line());
    let cell = TaskCell::new(Origin { task: run.ids.tasks.issue(), name, parent, place }, run);
    match here {
        // Nobody else knows of it yet.
        Some(core) => core.announce_while_telling(&cell, EnqueueCause::Spawned),
        None => run.announce_outside(run.epoch(), &cell, EnqueueCause::Spawned),
    }
    Observed::new(Recorded::new(&cell, future))
}

/// Runs `look`, which polls tasks, as a worker of the run; as it is while nobody listens.
pub(super) fn while_looking<R>(look: impl FnOnce() -> R) -> R {
    let Some(run) = listening() else { return Surroundings::unrecorded_look(look) };
    let core = WORKER.try_with(|worker| {
        let mut worker = worker.borrow_mut();
        if worker.is_none() {
            *worker = guest_core(run);
        }
        worker.clone()
    });
    match core {
        Ok(Some(core)) => core.look(look),
        _ => look(), // the thread is ending
    }
}

/// Futures that run executors and wait for a task to be ready.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Whether a thread waits in an executor's `run` or `tick`.
fn is_attended() -> bool {
    RUNNING.load(Ordering::Relaxed) > 0
}

/// Counts a future that runs an executor, from when it first waits until it is dropped.
#[derive(Default)]
struct Attends {
    is_counted: bool,
}

impl Attends {
    fn waits(&mut self) {
        if !std::mem::replace(&mut self.is_counted, true) {
            RUNNING.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Attends {
    fn drop(&mut self) {
        if self.is_counted && RUNNING.fetch_sub(1, Ordering::Relaxed) == 1 {
            listening().into_iter().for_each(|run| run.control.outlet().look_at_attendance());
        }
    }
}

pin_project! {
    /// A future that polls tasks.
    struct Looking<F> {
        #[pin]
        future: F,
        attends: Attends,
    }
}

impl<F: Future> Future for Looking<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let poll = while_looking(|| this.future.poll(cx));
        if poll.is_pending() {
            this.attends.waits();
        }
        poll
    }
}

/// [`while_looking`] at each poll of a future.
pub(super) fn while_looking_at<F: Future>(future: F) -> impl Future<Output = F::Output> {
    Looking { future, attends: Attends::default() }
}
