//! Where the events of a run leave it: one sink, in one order, whichever threads they come from.
//!
//! Each thread collects events on its own and hands them over in chunks. The threads' clocks agree, and what one thread
//! does to a task that another will poll is stamped so that the order of times is the order of cause and effect. So the
//! chunks are merged by time, up to the time that every thread at work has reached.

use crate::event::{ClockKind, Event, EventKind, Nanos, Sink, WorkerId};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts the attachments of a sink: odd while one is attached. Definitions are told anew in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Epoch(pub(super) u32);

impl Epoch {
    /// Whether somebody listens.
    pub(super) fn is_on(self) -> bool {
        self.0 % 2 == 1
    }
}

/// What the first event of a record says.
#[derive(Debug, Clone)]
pub(super) struct RunInfo {
    pub(super) clock: ClockKind,
    pub(super) seed: u64,
    pub(super) title: Arc<str>,
}

impl RunInfo {
    fn started(&self, at: Nanos) -> Event {
        let kind = EventKind::RunStarted { clock: self.clock, seed: self.seed, title: Arc::clone(&self.title) };
        Event { at, worker: WorkerId(0), kind }
    }
}

#[derive(Debug, Default)]
pub(super) struct Outlet {
    epoch: AtomicU32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sink: Option<Box<dyn Sink>>,
    /// A sink that was detached and has yet to get what the threads hold for it.
    leaving: Option<Leaving>,
    /// None before the run has started.
    run: Option<RunInfo>,
    workers: Vec<Worker>,
    /// From threads that poll no task; in order.
    outside: VecDeque<Event>,
    /// The time of the last event that went out.
    released: Nanos,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("run", &self.run).field("workers", &self.workers).finish_non_exhaustive()
    }
}

struct Leaving {
    epoch: Epoch,
    sink: Box<dyn Sink>,
    events: Vec<Event>,
    /// Threads at work that hold some.
    held_by: Vec<WorkerId>,
    /// What is told last, and when it was.
    last: Option<(Nanos, EventKind)>,
}

impl Leaving {
    fn finish(mut self) {
        self.events.sort_by_key(|event| event.at);
        if let Some((at, kind)) = self.last {
            let at = self.events.last().map_or(at, |event| event.at.max(at));
            self.events.push(Event { at, worker: WorkerId::OUTSIDE, kind });
        }
        if !self.events.is_empty() {
            self.sink.take(&mut self.events);
        }
    }
}

/// A thread that polls tasks.
#[derive(Debug, Default)]
struct Worker {
    /// It will send nothing earlier than this; none while it sleeps.
    floor: Option<Nanos>,
    events: VecDeque<Event>,
    is_gone: bool,
}

impl Outlet {
    /// Whether somebody listens now, and since which attachment.
    #[inline]
    pub(super) fn epoch(&self) -> Epoch {
        Epoch(self.epoch.load(Ordering::Relaxed))
    }

    /// Attaches a sink in place of any other, to a run that is under way if `run` says which; since which attachment.
    pub(super) fn attach(&self, sink: Box<dyn Sink>, now: Nanos, run: Option<RunInfo>) -> Epoch {
        self.detach(None);
        let mut state = self.lock();
        if run.is_some() {
            state.run = run;
        }
        state.leaving.take().into_iter().for_each(Leaving::finish);
        state.sink = Some(sink);
        let current = self.epoch.load(Ordering::Relaxed);
        self.epoch.store(current + 1 + current % 2, Ordering::Relaxed);
        state.forget();
        state.begin(now);
        self.epoch()
    }

    /// Detaches the sink. It still gets what the threads have recorded for it, when they next look who listens, and then
    /// what is to be told last.
    pub(super) fn detach(&self, last: Option<(Nanos, EventKind)>) {
        let mut state = self.lock();
        let current = self.epoch.load(Ordering::Relaxed);
        self.epoch.store(current + current % 2, Ordering::Relaxed);
        let Some(sink) = state.sink.take() else { return };
        let at_work = |(place, worker): (usize, &Worker)| worker.floor.is_some().then_some(WorkerId(place as u16));
        let held_by: Vec<WorkerId> = state.workers.iter().enumerate().filter_map(at_work).collect();
        let mut events: Vec<Event> = state.workers.iter_mut().flat_map(|worker| worker.events.drain(..)).collect();
        events.extend(state.outside.drain(..));
        let leaving = Leaving { epoch: Epoch(current), sink, events, held_by, last };
        if leaving.held_by.is_empty() { leaving.finish() } else { state.leaving = Some(leaving) }
    }

    /// The run is over: its sink is let go.
    pub(super) fn end(&self) {
        self.detach(None);
        let mut state = self.lock();
        state.leaving.take().into_iter().for_each(Leaving::finish);
        // The control may serve another run.
        (state.run, state.released) = (None, Nanos::ZERO);
        state.workers.clear();
        state.outside.clear();
    }

    /// The run starts.
    pub(super) fn begin(&self, run: RunInfo) {
        let mut state = self.lock();
        state.run = Some(run);
        state.begin(Nanos::ZERO);
    }

    /// Adds a thread that polls tasks, asleep.
    pub(super) fn add_worker(&self) -> WorkerId {
        let mut state = self.lock();
        let place = state.workers.iter().position(|worker| worker.is_gone).unwrap_or(state.workers.len());
        if place == state.workers.len() {
            state.workers.push(Worker::default());
        }
        state.workers[place].is_gone = false;
        WorkerId(place.min(usize::from(WorkerId::OUTSIDE.0) - 1) as u16)
    }

    /// A thread polls no more tasks; another may take its number.
    pub(super) fn remove_worker(&self, worker: WorkerId) {
        if let Some(worker) = self.lock().workers.get_mut(usize::from(worker.0)) {
            worker.floor = None;
            worker.is_gone = true;
        }
    }

    /// A thread is at work from now on: it will send nothing earlier. The time from which it may.
    pub(super) fn wake(&self, worker: WorkerId, now: Nanos) -> Nanos {
        let mut state = self.lock();
        let floor = now.max(state.released);
        if let Some(worker) = state.workers.get_mut(usize::from(worker.0)) {
            worker.floor = Some(floor);
        }
        floor
    }

    /// Takes a thread's events. It will send nothing earlier than `floor` after them; none if it is about to sleep.
    pub(super) fn take(&self, worker: WorkerId, epoch: Epoch, chunk: &mut Vec<Event>, floor: Option<Nanos>) {
        let mut state = self.lock();
        if epoch != self.epoch() {
            state.give_leaving(worker, epoch, chunk);
        }
        let is_alone = state.workers.len() <= 1 && state.outside.is_empty();
        if let Some(worker) = state.workers.get_mut(usize::from(worker.0)) {
            worker.floor = floor;
            if !is_alone {
                worker.events.extend(chunk.drain(..));
            }
        }
        if is_alone {
            return state.give(chunk); // nothing to merge with
        }
        let reached = state.workers.iter().filter_map(|worker| worker.floor).min();
        state.release(reached.unwrap_or(Nanos::MAX));
    }

    /// Records what a thread does that polls no task, or a worker that sleeps, not earlier than `floor`; when it was.
    pub(super) fn outside(
        &self,
        worker: WorkerId,
        floor: Nanos,
        now: impl FnOnce() -> Nanos,
        kind: EventKind,
    ) -> Nanos {
        let mut state = self.lock();
        let last = state.outside.back().map_or(state.released, |event| event.at);
        let at = now().max(last).max(floor);
        if self.epoch().is_on() {
            state.outside.push_back(Event { at, worker, kind });
            let reached = state.workers.iter().filter_map(|worker| worker.floor).min();
            state.release(reached.unwrap_or(Nanos::MAX));
        }
        at
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first event for a sink that was attached.
    fn begin(&mut self, at: Nanos) {
        if let (Some(sink), Some(run)) = (&mut self.sink, &self.run) {
            self.released = self.released.max(at);
            sink.take(&mut vec![run.started(self.released)]);
        }
    }

    /// Takes a thread's events for a sink that was detached; drops them if it is gone.
    fn give_leaving(&mut self, worker: WorkerId, epoch: Epoch, chunk: &mut Vec<Event>) {
        if let Some(mut leaving) = self.leaving.take_if(|leaving| leaving.epoch == epoch) {
            leaving.events.append(chunk);
            leaving.held_by.retain(|holder| *holder != worker);
            if leaving.held_by.is_empty() { leaving.finish() } else { self.leaving = Some(leaving) }
        }
        chunk.clear();
    }

    fn forget(&mut self) {
        self.outside.clear();
        self.workers.iter_mut().for_each(|worker| worker.events.clear());
    }

    /// Gives every event that is not later than `reached`, in the order of time.
    fn release(&mut self, reached: Nanos) {
        let mut out: Vec<Event> = Vec::new();
        let queues = self.workers.iter_mut().map(|worker| &mut worker.events).chain([&mut self.outside]);
        for queue in queues {
            let count = queue.partition_point(|event| event.at <= reached);
            out.extend(queue.drain(..count));
        }
        out.sort_by_key(|event| event.at); // stable, and the parts are in order
        self.give(&mut out);
    }

    fn give(&mut self, chunk: &mut Vec<Event>) {
        let Some(last) = chunk.last() else { return };
        let last = last.at;
        for event in chunk.iter_mut().take_while(|event| event.at < self.released) {
            event.at = self.released; // a clock read just before a sink was attached
        }
        self.released = self.released.max(last);
        if let Some(sink) = &mut self.sink {
            sink.take(chunk);
        }
        chunk.clear();
    }
}
