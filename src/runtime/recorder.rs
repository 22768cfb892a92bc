//! Collects the events of one thread.
//!
//! A push into a thread's own vector costs a few nanoseconds; a channel costs several times that for each event. So
//! events stay with the thread until there are 1,024, or it is about to sleep or hold. Until then the [outlet](super::outlet)
//! can look into the vector.

use super::outlet::{Epoch, Slot};
use super::run::{Run, site_defined};
use crate::event::{Event, EventKind, Nanos, SiteId, WorkerId};
use std::collections::HashMap;
use std::panic::Location;
use watched_vec::Writer;

/// A place in the source, as the compiler keeps it.
pub(super) type Place = &'static Location<'static>;

#[derive(Debug)]
pub(super) struct Recorder {
    slot: Slot,
    worker: WorkerId,
    log: Writer<Event>,
    /// For whom it records.
    epoch: Epoch,
    /// Places whose definition they have.
    sites: HashMap<*const Location<'static>, SiteId>,
    /// The `.await` asked for last: a task in a loop asks for the same one again and again.
    last_await: Option<(Place, Option<Place>, SiteId)>,
}

impl Recorder {
    pub(super) fn new(slot: Slot, log: Writer<Event>) -> Self {
        let (worker, epoch) = (slot.worker(), Epoch::default());
        Self { slot, worker, log, epoch, sites: HashMap::new(), last_await: None }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, run: &Run, at: Nanos, kind: impl FnOnce() -> EventKind) {
        if self.log.is_full() {
            self.flush(run, Some(at));
        }
        let worker = self.worker;
        // Made in its place: an event that is made elsewhere and copied stalls on the copy.
        self.log.push_with(|| Event { at, worker, kind: kind() });
    }

    /// Hands over what there is. Nothing earlier than `floor` will follow; none if the thread is about to sleep.
    #[cold]
    pub(super) fn flush(&mut self, run: &Run, floor: Option<Nanos>) {
        run.control.outlet().take(self.slot, self.epoch, &mut self.log, floor);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    pub(super) fn slot(&self) -> Slot {
        self.slot
    }

    /// Records for `epoch` from now on, nothing earlier than `floor`; none if the thread sleeps. Returns the time from which
    /// it may.
    pub(super) fn begin(&mut self, run: &Run, epoch: Epoch, floor: Option<Nanos>) -> Nanos {
        self.epoch = epoch;
        self.sites.clear();
        self.last_await = None;
        run.control.outlet().begin_worker(self.slot, epoch, &mut self.log, floor)
    }

    /// The id of a place, defined in the record on first use; and when another thread defined it, if one did.
    pub(super) fn site(&mut self, run: &Run, at: Nanos, place: Place) -> (SiteId, Option<Nanos>) {
        if let Some(site) = self.sites.get(&std::ptr::from_ref(place)) {
            return (*site, None);
        }
        let (site, defined) = run.site(place, self.epoch, at, |site| {
            self.push(run, at, || site_defined(site, place));
            at
        });
        self.sites.insert(place, site);
        (site, defined)
    }

    /// The id of an `.await`.
    ///
    /// `#[track_caller]` on `poll` gives its exact place where an `async` block polls the future itself; through a
    /// `Box` or a combinator it gives that library's own line, and the place where the future was made serves.
    #[inline]
    pub(super) fn await_site(
        &mut self,
        run: &Run,
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

/// Where this part's own sources are, as the compiler names them.
const OWN_FOLDER: &str = file!().split_at(file!().len() - "recorder.rs".len()).0;

/// Whether a place is in this part, in the standard library or a crate of the registry, and not in code that a learner reads.
fn is_library(place: Place) -> bool {
    let file = place.file();
    file.starts_with(OWN_FOLDER)
        || file.starts_with("/rustc/")
        || file.contains("/registry/src/")
        || file.contains("/lib/rustlib/src/")
}
