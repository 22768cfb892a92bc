//! The events of all threads, merged into one order; what the outlet holds under its lock.
//!
//! This module starts no thread and takes no lock.

use super::{Attendance, Epoch, Flusher, LAG, MOST_WAITING, RunInfo, Watchers};
use crate::event::{Event, EventKind, Nanos, Sink, WorkerId};
use crate::probe::clock::Wall;
use crate::probe::watcher::SharedWatcher;
use std::collections::VecDeque;
use watched_vec::Reader;

#[derive(Default)]
pub(super) struct State {
    pub(super) sink: Option<Box<dyn Sink>>,
    /// None before the run has started.
    pub(super) run: Option<RunInfo>,
    pub(super) workers: Vec<Worker>,
    /// From threads that poll no task; in order.
    pub(super) outside: VecDeque<Event>,
    /// The time of the last event that went out.
    pub(super) released: Nanos,
    pub(super) flusher: Flusher,
    /// Who watches, and has begun.
    pub(super) watcher: Option<SharedWatcher>,
    /// Its number.
    pub(super) watchers: Watchers,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("run", &self.run).field("workers", &self.workers).finish_non_exhaustive()
    }
}

/// A thread that polls tasks.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) log: Reader<Event>,
    /// For whom it records.
    pub(super) epoch: Epoch,
    /// Nothing earlier comes from it; none while it sleeps.
    pub(super) floor: Option<Nanos>,
    /// The watcher to which the thread itself shows what it tells.
    pub(super) watchers: Watchers,
    /// Taken from its log, and not released yet.
    pub(super) events: VecDeque<Event>,
    pub(super) is_gone: bool,
}

impl Worker {
    /// The time of the last event in its log, if it has one.
    pub(super) fn newest(&self) -> Option<Nanos> {
        self.log.unread().last().map(|event| event.at)
    }

    /// Takes what it has published, of which somebody may have to learn; whether something of it is earlier than `limit`.
    pub(super) fn look(&mut self, limit: Nanos, learns: Option<&SharedWatcher>) -> bool {
        let unread = self.log.unread();
        if let Some(watcher) = learns {
            unread.iter().for_each(|event| watcher.learn(event));
        }
        let is_early = unread.first().is_some_and(|event| event.at < limit);
        let count = unread.len();
        self.events.extend(unread.iter().cloned());
        self.log.mark_read(count);
        is_early
    }
}

impl State {
    /// The time, on a run on the machine's clock.
    pub(super) fn now(&self) -> Option<Nanos> {
        self.run.as_ref().and_then(|run| run.start).map(Wall::elapsed)
    }

    /// Whether a thread runs the tasks, or will.
    pub(super) fn is_attended(&self) -> bool {
        match self.run.as_ref().map(|run| run.attendance) {
            Some(Attendance::Guests(is_attended)) => is_attended(),
            Some(Attendance::Own) | None => true,
        }
    }

    pub(super) fn tell_unattended(&mut self, epoch: Epoch) {
        if epoch.is_on() {
            let at = self.now().unwrap_or_default().max(self.released);
            let event = Event { at, worker: WorkerId::OUTSIDE, kind: EventKind::Unattended };
            self.show(&event); // nobody is there to hold
            self.outside.push_back(event);
            self.release_up_to_the_floors(epoch);
        }
    }

    /// Shows an event to who watches; who asks that the run hold there.
    pub(super) fn show(&self, event: &Event) -> Option<&SharedWatcher> {
        self.watcher.as_ref().filter(|watcher| watcher.kinds() & event.kind.bit() != 0 && watcher.look(event))
    }

    /// Whoever watches from now on learns what is on its way to the sink.
    pub(super) fn begin_watcher(&mut self, epoch: Epoch) {
        let Some(watcher) = &self.watcher else { return };
        watcher.begin();
        let mut on_their_way: Vec<&Event> = Vec::new();
        for worker in self.workers.iter_mut().filter(|worker| worker.epoch == epoch) {
            worker.look(Nanos::MAX, None);
            on_their_way.extend(&worker.events);
        }
        on_their_way.extend(&self.outside);
        on_their_way.sort_by_key(|event| event.at); // stable, and the parts are in order
        on_their_way.into_iter().for_each(|event| watcher.learn(event));
    }

    pub(super) fn is_at_work(&self) -> bool {
        self.workers.iter().any(|worker| worker.floor.is_some())
    }

    /// The first event for a sink that was attached.
    pub(super) fn begin(&mut self, at: Nanos) {
        let Some(run) = self.run.as_ref().filter(|_| self.sink.is_some()) else { return };
        let at = at.max(self.released);
        let started = run.started(at);
        self.show(&started);
        self.give(&mut vec![started]);
    }

    /// One look of the flusher.
    pub(super) fn tick(&mut self, epoch: Epoch) {
        // One thread keeps virtual time, so that its events have their order.
        let limit = self.now().map_or(Nanos::MAX, |now| now.since(LAG));
        self.collect(epoch, limit);
        self.release_up_to_the_floors(epoch);
    }

    /// Takes what the threads have published. Nothing earlier than `limit` comes after that, but for late events.
    pub(super) fn collect(&mut self, epoch: Epoch, limit: Nanos) {
        loop {
            let mut has_found = false;
            for worker in self.workers.iter_mut().filter(|worker| worker.epoch == epoch) {
                let learns = self.watcher.as_ref().filter(|_| worker.watchers != self.watchers);
                has_found |= worker.look(limit, learns);
            }
            // Otherwise the round may have found an effect, and its cause was published after the look.
            if !has_found {
                break;
            }
        }
        for worker in self.workers.iter_mut().filter(|worker| worker.epoch == epoch) {
            worker.floor = worker.floor.map(|floor| floor.max(limit));
        }
    }

    /// Gives what nothing earlier can follow; looks for more where too much waits for that.
    pub(super) fn release_what_is_settled(&mut self, epoch: Epoch) {
        self.release_up_to_the_floors(epoch);
        let waiting: usize = self.workers.iter().map(|worker| worker.events.len()).sum();
        if waiting + self.outside.len() > MOST_WAITING {
            self.tick(epoch);
        }
    }

    pub(super) fn release_up_to_the_floors(&mut self, epoch: Epoch) {
        // A thread that has yet to notice the sink records nothing for it.
        let at_work = self.workers.iter().filter(|worker| worker.epoch == epoch);
        self.release(at_work.filter_map(|worker| worker.floor).min());
    }

    /// Gives all that was published until now; when that is, on a run on the machine's clock.
    pub(super) fn release_all(&mut self, epoch: Epoch) -> Option<Nanos> {
        // What was published before this call is stamped no later than the clock, or a hair after it.
        let at_work = self.workers.iter().filter(|worker| worker.epoch == epoch);
        let newest = at_work.filter_map(Worker::newest).max().unwrap_or_default();
        let now = self.now().map(|now| now.max(newest));
        let limit = now.map(|at| at + Nanos(1));
        self.collect(epoch, limit.unwrap_or(Nanos::MAX));
        self.release(limit);
        now
    }

    /// Gives every event that is earlier than `limit`, in the order of time; all where there is no limit.
    pub(super) fn release(&mut self, limit: Option<Nanos>) {
        let mut out: Vec<Event> = Vec::new();
        let queues = self.workers.iter_mut().map(|worker| &mut worker.events).chain([&mut self.outside]);
        for queue in queues {
            let count = limit.map_or(queue.len(), |limit| queue.partition_point(|event| event.at < limit));
            out.extend(queue.drain(..count));
        }
        out.sort_by_key(|event| event.at); // stable, and the parts are in order
        self.give(&mut out);
    }

    pub(super) fn give(&mut self, chunk: &mut Vec<Event>) {
        give(&mut self.sink, &mut self.released, chunk);
    }
}

/// Gives a chunk to the sink. What is late gets the time that the record has reached.
pub(super) fn give(sink: &mut Option<Box<dyn Sink>>, released: &mut Nanos, chunk: &mut Vec<Event>) {
    let Some(last) = chunk.last() else { return };
    let last = last.at;
    for event in chunk.iter_mut().take_while(|event| event.at < *released) {
        event.at = *released;
    }
    *released = last.max(*released);
    if let Some(sink) = sink {
        sink.take(chunk);
    }
    chunk.clear();
}
