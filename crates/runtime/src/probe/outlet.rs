//! Where the events of a run leave it: one sink, in one order, whichever threads they come from.
//!
//! Each thread that polls tasks collects its events in a vector of its own, and hands it over when it is full or when the
//! thread is about to sleep. A thread that is in a long poll does neither. So the vectors are [`watched_vec`]s, and
//! while a thread is at work a flusher looks into them every few milliseconds. The sink is some [`TICK`] and [`LAG`] behind.
//!
//! # One order
//!
//! The threads' clocks agree, and what one thread does to a task that another polls is stamped later than what it goes by.
//! So sorting by time gives an order of cause and effect, as soon as no earlier event can come. A thread that hands over
//! says up to when that is so, its floor. The flusher raises the floor of a thread that does not: it looks into all vectors
//! again and again until none has a new event from before the look began. Everything that an event goes by was published
//! before that event, so the last look has found it.
//!
//! An event may still come late: a thread may be suspended between reading the clock and publishing. Nothing goes by that
//! event yet. It gets the time that the record has reached.
//!
//! This module never waits for a thread that polls.

mod merging;

use super::clock::Wall;
use super::watcher::SharedWatcher;
use crate::event::{
    ClockKind, Event, EventKind, Language, Nanos, Origin, Outcome, Provenance, ScenarioRun, Sink, WorkerId,
};
use merging::{State, Worker, give};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use watched_vec::{Writer, watched_vec};

/// Events in a full vector.
const CHUNK: usize = 1024;
/// The time between two looks of the flusher.
const TICK: Duration = Duration::from_millis(15);
/// The flusher leaves what is younger than this, so that few events come late.
const LAG: Nanos = Nanos::from_millis(5);
/// How long no thread runs an executor before that is recorded.
const PATIENCE: Duration = Duration::from_millis(100);
/// The most events that wait to be merged. Beyond that, the thread that hands over reads the other threads' vectors itself.
/// So memory stays bounded without the flusher, too.
const MOST_WAITING: usize = 1 << 16;

/// Bumped on every attach and detach; odd while a sink is attached. Each attachment gets the definitions again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Epoch(pub(crate) u32);

impl Epoch {
    /// Whether a sink is attached.
    pub(crate) fn is_on(self) -> bool {
        self.0 % 2 == 1
    }
}

/// Counts who watches the events, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Watchers(u32);

impl Watchers {
    /// Of a thread that has not looked yet who watches.
    pub(crate) const UNKNOWN: Self = Self(u32::MAX);
}

/// Who polls the tasks of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Attendance {
    /// Threads of the run.
    Own,
    /// The program's threads, as long as they like; whether one of them runs an executor now.
    Guests(fn() -> bool),
}

/// What the first event of a record says, and the clock.
#[derive(Debug, Clone)]
pub(crate) struct RunInfo {
    pub(crate) attendance: Attendance,
    /// When a run on the machine's clock started; none on the virtual clock.
    pub(crate) start: Option<Wall>,
    pub(crate) seed: u64,
    pub(crate) origin: Arc<Origin>,
}

/// Where a record comes from that is made here, of a program with that title.
pub(crate) fn origin(title: &str, scenario: Option<ScenarioRun>) -> Arc<Origin> {
    let producer = concat!("loopscope ", env!("CARGO_PKG_VERSION")).into();
    let provenance = Some(Provenance { producer, language: Language::Rust, scenario });
    Arc::new(Origin { title: title.into(), provenance })
}

impl RunInfo {
    fn started(&self, at: Nanos) -> Event {
        let clock = if self.start.is_some() { ClockKind::Real } else { ClockKind::Virtual };
        let kind = EventKind::RunStarted { clock, seed: self.seed, origin: Arc::clone(&self.origin) };
        Event { at, worker: WorkerId(0), kind }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Outlet {
    epoch: AtomicU32,
    /// Changes when another watches the events.
    watchers: AtomicU32,
    /// Who is to watch. It has a lock of its own, so that who sets it never waits for a sink that is full.
    next_watcher: Mutex<Option<SharedWatcher>>,
    state: Mutex<State>,
    /// Wakes the flusher when a thread goes to work, or the sink is gone.
    for_flusher: Condvar,
}

/// The place of a thread in the outlet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot(usize);

impl Slot {
    /// The thread's number in the record.
    pub(crate) fn worker(self) -> WorkerId {
        WorkerId(self.0.min(usize::from(WorkerId::OUTSIDE.0) - 1) as u16)
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Flusher {
    #[default]
    Gone,
    /// It looks, and will again.
    Ticking,
    /// It waits for a thread to go to work.
    Waiting,
    /// It has recorded that no thread runs the executors, and waits.
    ToldUnattended,
}

impl Flusher {
    /// As it is while no thread is at work.
    fn at_rest(self) -> Self {
        if self == Self::ToldUnattended { self } else { Self::Waiting }
    }
}

impl Outlet {
    /// The current attachment.
    #[inline]
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.epoch.load(Ordering::Relaxed))
    }

    /// Attaches a sink in place of any other, to a run that is under way if `run` says which. Returns the new epoch.
    pub(crate) fn attach(self: &Arc<Self>, sink: Box<dyn Sink>, now: Nanos, run: Option<RunInfo>) -> Epoch {
        let mut state = self.lock();
        self.let_go(&mut state, Some(Outcome::Detached));
        if run.is_some() {
            state.run = run;
        }
        state.sink = Some(sink);
        let epoch = Epoch(self.epoch().0 + 1);
        self.epoch.store(epoch.0, Ordering::Relaxed);
        state.begin(now);
        if state.is_at_work() || !state.is_attended() {
            self.need_flusher(&mut state);
        }
        epoch
    }

    /// Detaches the sink, which gets everything that has happened and then the end of its record.
    pub(crate) fn detach(&self) {
        self.let_go(&mut self.lock(), Some(Outcome::Detached));
    }

    /// Detaches the sink, if it is still that of `epoch`, and does what goes with that before another can be attached.
    pub(crate) fn detach_from(&self, epoch: Epoch, and: impl FnOnce()) {
        let mut state = self.lock();
        if self.epoch() == epoch {
            self.let_go(&mut state, Some(Outcome::Detached));
            and();
        }
    }

    /// The run is over, and its end was recorded. The control may serve another run.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        self.let_go(&mut state, None);
        (state.run, state.released) = (None, Nanos::ZERO);
        state.workers.clear();
        state.outside.clear();
    }

    /// Gives the sink what there is for it, and the end of its record; `None` if that was recorded.
    fn let_go(&self, state: &mut State, end: Option<Outcome>) {
        let epoch = self.epoch();
        if !epoch.is_on() {
            return;
        }
        // Threads stop to record for it. What they publish from now on is dropped.
        self.epoch.store(epoch.0 + 1, Ordering::Relaxed);
        let end_at = state.release_all(epoch);
        if let (Some(outcome), Some(_)) = (end, &state.run) {
            let at = end_at.unwrap_or_default().max(state.released);
            let end = Event { at, worker: WorkerId::OUTSIDE, kind: EventKind::RunEnded { outcome } };
            state.show(&end);
            state.give(&mut vec![end]);
        }
        // Who watched, watched this record.
        self.watch(None);
        (state.sink, state.watcher) = (None, None);
        state.outside.clear();
        state.workers.iter_mut().for_each(|worker| worker.events.clear());
        self.for_flusher.notify_all();
    }

    /// The run starts.
    pub(crate) fn begin(&self, run: RunInfo) {
        let mut state = self.lock();
        state.run = Some(run);
        state.begin(Nanos::ZERO);
    }

    /// Adds a thread that polls tasks, asleep.
    pub(crate) fn add_worker(&self) -> (Slot, Writer<Event>) {
        let (writer, log) = watched_vec(0);
        let worker = Worker {
            log,
            epoch: Epoch::default(),
            floor: None,
            watchers: Watchers::UNKNOWN,
            events: VecDeque::new(),
            is_gone: false,
        };
        let mut state = self.lock();
        // A number is reused once all that its last thread did was released.
        let place = state.workers.iter().position(|worker| worker.is_gone && worker.events.is_empty());
        let place = place.unwrap_or(state.workers.len());
        match state.workers.get_mut(place) {
            Some(free) => *free = worker,
            None => state.workers.push(worker),
        }
        (Slot(place), writer)
    }

    /// A thread polls no more tasks; another may take its number.
    pub(crate) fn remove_worker(&self, slot: Slot) {
        if let Some(worker) = self.lock().workers.get_mut(slot.0) {
            worker.floor = None;
            worker.is_gone = true;
        }
    }

    /// A thread records for `epoch` from now on. The time from which it may.
    pub(super) fn begin_worker(
        self: &Arc<Self>,
        slot: Slot,
        epoch: Epoch,
        log: &mut Writer<Event>,
        floor: Option<Nanos>,
    ) -> Nanos {
        let mut state = self.lock();
        let released = state.released;
        if let Some(worker) = state.workers.get_mut(slot.0) {
            // The sink before has got all it was to get.
            worker.log.with_vec(log, |events, _| make_room(events, epoch));
            (worker.epoch, worker.watchers) = (epoch, Watchers::UNKNOWN);
            worker.floor = floor.map(|floor| floor.max(released));
        }
        if state.is_at_work() {
            self.need_flusher(&mut state);
        }
        floor.unwrap_or_default().max(released)
    }

    /// A thread is at work from now on, and records nothing earlier. The time from which it may.
    pub(crate) fn wake(self: &Arc<Self>, slot: Slot, now: Nanos) -> Nanos {
        let mut state = self.lock();
        let floor = now.max(state.released);
        if let Some(worker) = state.workers.get_mut(slot.0) {
            worker.floor = Some(floor);
        }
        self.need_flusher(&mut state);
        floor
    }

    /// Takes what a thread has recorded for `epoch`. It records nothing earlier than `floor` after that; none if it is about
    /// to sleep.
    pub(crate) fn take(&self, slot: Slot, epoch: Epoch, log: &mut Writer<Event>, floor: Option<Nanos>) {
        let mut state = self.lock();
        let is_current = epoch == self.epoch();
        let is_alone = state.workers.len() <= 1 && state.outside.is_empty();
        let State { sink, workers, released, watcher, watchers, .. } = &mut *state;
        let Some(worker) = workers.get_mut(slot.0) else { return };
        let learns = watcher.as_ref().filter(|_| is_current && worker.watchers != *watchers);
        let settled = std::mem::replace(&mut worker.floor, floor);
        let Worker { log: reader, events: waiting, .. } = worker;
        let taken = reader.with_vec(log, |events, read| {
            let mut taken = Taken::Nothing;
            if let Some(watcher) = learns {
                events.iter().skip(read).for_each(|event| watcher.learn(event));
            }
            if is_current && is_alone {
                // Nothing to merge with.
                give(sink, released, &mut waiting.drain(..).collect());
                events.drain(..read);
                give(sink, released, events);
            } else if is_current {
                let first = events.get(read).map(|event| event.at);
                taken = if first < settled && first.is_some() { Taken::Late } else { Taken::InTime };
                waiting.extend(events.drain(..).skip(read));
            }
            make_room(events, epoch);
            taken
        });
        match taken {
            Some(Taken::Nothing) | None => {}
            Some(Taken::InTime) => state.release_what_is_settled(epoch),
            // What it goes by may have been published after the last look.
            Some(Taken::Late) => state.tick(epoch),
        }
    }

    /// Records for `epoch` what a thread does that polls no task, or a worker that sleeps, not earlier than `floor`. Returns
    /// when it was, and who asks that the run hold there.
    pub(crate) fn outside(
        &self,
        worker: WorkerId,
        epoch: Epoch,
        floor: Nanos,
        kind: EventKind,
    ) -> (Nanos, Option<SharedWatcher>) {
        let mut state = self.lock();
        let mut holds_for = None;
        let last = state.outside.back().map_or(state.released, |event| event.at);
        let at = state.now().unwrap_or_default().max(last).max(floor);
        // The sink may have been replaced since the caller looked.
        if epoch.is_on() && epoch == self.epoch() {
            self.let_watcher_begin(&mut state, epoch);
            let event = Event { at, worker, kind };
            holds_for = state.show(&event).cloned();
            state.outside.push_back(event);
            state.release_what_is_settled(epoch);
        }
        (at, holds_for)
    }

    // --- Who watches.

    /// Has somebody see each event from now on, in place of who did so before. It begins on the next thread that has an event
    /// to tell.
    pub(crate) fn watch(&self, watcher: Option<SharedWatcher>) {
        let mut next = self.next_watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *next, watcher);
        self.watchers.fetch_add(1, Ordering::Release);
        drop(next);
        before.iter().for_each(SharedWatcher::end);
    }

    /// Changes when another watches.
    #[inline]
    pub(crate) fn watchers(&self) -> Watchers {
        Watchers(self.watchers.load(Ordering::Acquire))
    }

    /// A thread that records for `epoch` shows what it tells from now on to who watches; who that is, and its number.
    pub(super) fn adopt_watcher(&self, slot: Slot, epoch: Epoch) -> (Option<SharedWatcher>, Watchers) {
        let mut state = self.lock();
        if epoch != self.epoch() {
            return (None, self.watchers()); // what it tells comes into no record
        }
        self.let_watcher_begin(&mut state, epoch);
        let State { workers, watcher, watchers, .. } = &mut *state;
        if let Some(worker) = workers.get_mut(slot.0) {
            // What it told since that has begun, before it noticed.
            worker.look(Nanos::MAX, watcher.as_ref().filter(|_| worker.watchers != *watchers));
            worker.watchers = *watchers;
        }
        (watcher.clone(), *watchers)
    }

    /// Whoever is to watch begins, if it has not.
    fn let_watcher_begin(&self, state: &mut State, epoch: Epoch) {
        if self.watchers() == state.watchers {
            return;
        }
        let next = self.next_watcher.lock().unwrap_or_else(PoisonError::into_inner);
        (state.watcher, state.watchers) = (next.clone(), self.watchers());
        drop(next);
        state.begin_watcher(epoch);
    }

    /// Gives the sink what every thread has told for `epoch` until now.
    pub(crate) fn settle(&self, epoch: Epoch) {
        let mut state = self.lock();
        if epoch.is_on() && epoch == self.epoch() {
            state.release_all(epoch);
        }
    }

    /// Makes sure that somebody looks into the logs of threads that are at work.
    fn need_flusher(self: &Arc<Self>, state: &mut State) {
        if state.sink.is_none() {
            return;
        }
        match state.flusher {
            Flusher::Ticking => {}
            Flusher::Waiting | Flusher::ToldUnattended => {
                state.flusher = Flusher::Ticking;
                self.for_flusher.notify_all();
            }
            Flusher::Gone => {
                let outlet = Arc::clone(self);
                let flusher = std::thread::Builder::new().name("loopscope-flush".into()).spawn(move || outlet.flush());
                // Where the system has no thread left the record is as exact, only later.
                if flusher.is_ok() {
                    state.flusher = Flusher::Ticking;
                }
            }
        }
    }

    /// What the flusher does.
    fn flush(&self) {
        let mut state = self.lock();
        while state.sink.is_some() {
            if state.is_at_work() {
                state = self.for_flusher.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
                state.tick(self.epoch());
            } else if state.is_attended() || state.flusher == Flusher::ToldUnattended {
                state.flusher = state.flusher.at_rest();
                state = self.for_flusher.wait(state).unwrap_or_else(PoisonError::into_inner);
            } else {
                state.flusher = Flusher::Waiting;
                let (next, waited) =
                    self.for_flusher.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
                state = next;
                if waited.timed_out() && !state.is_at_work() && !state.is_attended() {
                    state.flusher = Flusher::ToldUnattended;
                    state.tell_unattended(self.epoch());
                }
            }
        }
        state.flusher = Flusher::Gone;
    }

    /// A thread no longer runs an executor: whether another does is to be looked at.
    pub(crate) fn look_at_attendance(&self) {
        let _state = self.lock();
        self.for_flusher.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was added to the events that are to be merged.
enum Taken {
    Nothing,
    InTime,
    /// Some are earlier than what the thread was taken to be done with.
    Late,
}

/// Empties a log, and gives it the room that it needs while somebody listens.
fn make_room(events: &mut Vec<Event>, epoch: Epoch) {
    events.clear();
    if epoch.is_on() {
        events.reserve(CHUNK);
    }
}
