//! Collects a run's events on its own thread and hands them to the sink in chunks.
//!
//! A push into a thread's own vector costs a few nanoseconds; a channel costs several times that for each event. So
//! events leave the thread 1,024 at a time, or when the loop is about to sleep or hold.

use crate::event::{Event, EventKind, IdSequence, Nanos, ResourceId, Sink, SiteId, TaskId, TimerId, WaitId, WorkerId};
use std::collections::HashMap;
use std::panic::Location;

/// Events in a full chunk.
const CHUNK: usize = 1024;

/// A place in the source, as the compiler keeps it.
pub(super) type Place = &'static Location<'static>;

pub(super) struct Recorder {
    chunk: Vec<Event>,
    /// None while nobody listens: ids are still given out, events are not made.
    sink: Option<Box<dyn Sink>>,
    sites: HashMap<*const Location<'static>, SiteId>,
    /// The `.await` asked for last: a task in a loop asks for the same one again and again.
    last_await: Option<(Place, Option<Place>, SiteId)>,
    pub(super) tasks: IdSequence<TaskId>,
    pub(super) timers: IdSequence<TimerId>,
    pub(super) waits: IdSequence<WaitId>,
    pub(super) resources: IdSequence<ResourceId>,
}

impl Recorder {
    pub(super) fn new(sink: Option<Box<dyn Sink>>) -> Self {
        let capacity = if sink.is_some() { CHUNK } else { 0 };
        Self {
            chunk: Vec::with_capacity(capacity),
            sink,
            sites: HashMap::new(),
            last_await: None,
            tasks: IdSequence::default(),
            timers: IdSequence::default(),
            waits: IdSequence::default(),
            resources: IdSequence::default(),
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.sink.is_some()
    }

    #[inline]
    pub(super) fn push(&mut self, at: Nanos, kind: EventKind) {
        self.chunk.push(Event { at, worker: WorkerId(0), kind });
        if self.chunk.len() >= CHUNK {
            self.flush();
        }
    }

    #[cold]
    pub(super) fn flush(&mut self) {
        if self.chunk.is_empty() {
            return;
        }
        if let Some(sink) = &mut self.sink {
            sink.take(&mut self.chunk);
        }
        self.chunk.clear();
        self.chunk.reserve(CHUNK);
    }

    /// The id of a place, defined in the record on first use.
    pub(super) fn site(&mut self, at: Nanos, place: Place) -> SiteId {
        let next = SiteId(self.sites.len() as u32);
        let site = *self.sites.entry(place).or_insert(next);
        if site == next && self.is_on() {
            let (file, line, column) = (place.file().into(), place.line(), place.column());
            self.push(at, EventKind::SiteDefined { site, file, line, column });
        }
        site
    }

    /// The id of an `.await`.
    ///
    /// `#[track_caller]` on `poll` gives its exact place where an `async` block polls the future itself; through a
    /// `Box` or a combinator it gives that library's own line, and the place where the future was made serves.
    #[inline]
    pub(super) fn await_site(&mut self, at: Nanos, polled_at: Place, made_at: Option<Place>) -> SiteId {
        let is_same = |a: Option<Place>, b: Option<Place>| a.map(std::ptr::from_ref) == b.map(std::ptr::from_ref);
        match self.last_await {
            Some((polled, made, site)) if std::ptr::eq(polled, polled_at) && is_same(made, made_at) => site,
            _ => {
                let site = self.site(at, made_at.filter(|_| is_library(polled_at)).unwrap_or(polled_at));
                self.last_await = Some((polled_at, made_at, site));
                site
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
