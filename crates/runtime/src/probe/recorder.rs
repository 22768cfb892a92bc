//! Collects the events of one thread.
//!
//! A push into a thread's own vector costs a few nanoseconds; a channel costs several times that for each event. So
//! events stay with the thread until there are 1,024, or it is about to sleep or hold. Until then the [outlet](super::outlet)
//! can look into the vector.

use super::outlet::{Epoch, Outlet, Slot, Watchers};
use super::place::{Place, is_library};
use super::sites::{Sites, site_defined};
use super::task_name::TaskName;
use super::watcher::SharedWatcher;
use crate::event::{Event, EventKind, Nanos, SiteId, WorkerId};
use std::collections::HashMap;
use std::panic::Location;
use std::sync::Arc;
use watched_vec::Writer;

/// What the threads of a run share that record its events.
pub(crate) trait Shared {
    /// Where the events go.
    fn outlet(&self) -> &Arc<Outlet>;

    /// The places that have an id.
    fn sites(&self) -> &Sites;

    /// Holds the run, as a watcher of its events asks.
    fn pause_here(&self, watcher: &SharedWatcher);
}

#[derive(Debug)]
pub(crate) struct Recorder {
    slot: Slot,
    worker: WorkerId,
    log: Writer<Event>,
    /// For whom it records.
    epoch: Epoch,
    /// Places whose definition they have, by address, which is quick to look up. The run knows them by what they say.
    sites: HashMap<*const Location<'static>, SiteId>,
    /// The texts of names of tasks that have only a type, by type and line. A program that spawns at one line spawns there
    /// again and again.
    names: HashMap<(*const str, u32), Arc<str>>,
    /// The `.await` asked for last: a task in a loop asks for the same one again and again.
    last_await: Option<(Place, Option<Place>, SiteId)>,
    /// Who looks at each event.
    watcher: Option<SharedWatcher>,
    /// The kinds of events that are looked at; none where nobody looks.
    watched: u64,
    /// Who asks that the run hold after the last event.
    holds_for: Option<SharedWatcher>,
}

impl Recorder {
    pub(crate) fn new(slot: Slot, log: Writer<Event>) -> Self {
        let (worker, epoch) = (slot.worker(), Epoch::default());
        let (sites, names) = (HashMap::new(), HashMap::new());
        Self { slot, worker, log, epoch, sites, names, last_await: None, watcher: None, watched: 0, holds_for: None }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, run: &impl Shared, at: Nanos, kind: impl FnOnce() -> EventKind) {
        if self.log.is_full() {
            self.flush(run, Some(at));
        }
        let (worker, watched) = (self.worker, self.watched);
        // Made in its place: an event that is made elsewhere and copied stalls on the copy. Where it is made, its kind is known
        // as the program is compiled, so that an event that nobody looks at costs one test of a bit.
        let is_watched = self
            .log
            .push_with(|| Event { at, worker, kind: kind() }, |event| watched & event.kind.bit() != 0)
            .unwrap_or_default();
        if is_watched {
            self.show_last(run);
        }
    }

    /// Has the event looked at that was recorded last.
    #[cold]
    fn show_last(&mut self, run: &impl Shared) {
        if let (Some(event), Some(watcher)) = (self.log.last(), &self.watcher)
            && watcher.look(event)
        {
            run.pause_here(watcher);
            self.holds_for = Some(watcher.clone());
        }
    }

    /// The run is to hold after the last event, as this watcher asks.
    pub(crate) fn hold_for(&mut self, watcher: SharedWatcher) {
        self.holds_for = Some(watcher);
    }

    /// Looks who watches: whatever is recorded from now on is shown to it. Returns its number.
    pub(crate) fn look_who_watches(&mut self, run: &impl Shared) -> Watchers {
        let (watcher, number) = run.outlet().adopt_watcher(self.slot, self.epoch);
        self.watched = watcher.as_ref().map_or(0, SharedWatcher::kinds);
        self.watcher = watcher;
        number
    }

    /// Who asks that the run hold after the last event, if somebody does; asked once.
    pub(crate) fn take_hold(&mut self) -> Option<SharedWatcher> {
        self.holds_for.take()
    }

    /// Hands over what there is. Nothing earlier than `floor` will follow; none if the thread is about to sleep.
    #[cold]
    pub(crate) fn flush(&mut self, run: &impl Shared, floor: Option<Nanos>) {
        run.outlet().take(self.slot, self.epoch, &mut self.log, floor);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    pub(crate) fn slot(&self) -> Slot {
        self.slot
    }

    /// Records for `epoch` from now on, nothing earlier than `floor`; none if the thread sleeps. Returns the time from which
    /// it may.
    pub(crate) fn begin(&mut self, run: &impl Shared, epoch: Epoch, floor: Option<Nanos>) -> Nanos {
        self.epoch = epoch;
        self.sites.clear();
        self.names.clear();
        self.last_await = None;
        run.outlet().begin_worker(self.slot, epoch, &mut self.log, floor)
    }

    /// The id of a place, defined in the record on first use; and when another thread defined it, if one did.
    pub(crate) fn site(&mut self, run: &impl Shared, at: Nanos, place: Place) -> (SiteId, Option<Nanos>) {
        if let Some(site) = self.sites.get(&std::ptr::from_ref(place)) {
            return (*site, None);
        }
        let (site, defined) = run.sites().site(place, self.epoch, at, |site| {
            self.push(run, at, || site_defined(site, place));
            at
        });
        self.sites.insert(place, site);
        (site, defined)
    }

    /// A task's name as text.
    pub(crate) fn task_name(&mut self, name: &TaskName) -> Arc<str> {
        match name {
            TaskName::Given(text) => Arc::clone(text),
            TaskName::Type(path, line) => {
                Arc::clone(self.names.entry((std::ptr::from_ref(*path), *line)).or_insert_with(|| name.text()))
            }
        }
    }

    /// The id of an `.await`.
    ///
    /// `#[track_caller]` on `poll` gives its exact place where an `async` block polls the future itself; through a
    /// `Box` or a combinator it gives that library's own line, and the place where the future was made serves.
    #[inline]
    pub(crate) fn await_site(
        &mut self,
        run: &impl Shared,
        at: Nanos,
        polled_at: Place,
        made_at: Option<Place>,
    ) -> (SiteId, Option<Nanos>) {
        let is_same = |a: Option<Place>, b: Option<Place>| a.map(std::ptr::from_ref) == b.map(std::ptr::from_ref);
        match self.last_await {
            Some((polled, made, site)) if std::ptr::eq(polled, polled_at) && is_same(made, made_at) => (site, None),
            _ => {
                let place = made_at.filter(|_| is_library(polled_at)).unwrap_or(polled_at);
                let (site, defined) = self.site(run, at, place);
                self.last_await = Some((polled_at, made_at, site));
                (site, defined)
            }
        }
    }
}
