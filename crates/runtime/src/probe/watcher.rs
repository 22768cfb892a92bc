//! Somebody who looks at each event on the thread that tells it, and may have the run hold there.
//!
//! Events go to the sink in chunks; who pauses at one cannot wait for them. The run never knows what is looked for.

use crate::event::Event;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Looks at each event of a run before anything else happens. Where several threads tell events, it sees them in the order in
/// which it gets them.
///
/// It sees each event of the record once: those that the sink has when it [begins](Self::begin) it reads where the sink left
/// them, those that are on their way to the sink it [learns](Self::learn), and those that follow it
/// [looks at](Self::look). Events that come before it begins it can only know as what has been; at any other it may have the
/// run hold.
pub trait Watcher: Send {
    /// Called once, before it sees any event. The sink gets nothing during the call.
    fn begin(&mut self);

    /// An event of the time before it was set to watch, which the sink did not have yet when it began.
    fn learn(&mut self, event: &Event);

    /// The kinds of events that it looks at, as the set of their [bits](crate::event::EventKind::bit): each thread asks once,
    /// after it has begun. Another event costs a run next to nothing.
    fn kinds(&self) -> u64;

    /// Whether the run is to hold after this event. A thread that polls tasks holds there. Any other thread goes on, and those
    /// that poll tasks hold before their next poll.
    fn look(&mut self, event: &Event) -> bool;

    /// The run holds, and the sink has the event.
    fn held(&mut self);
}

/// A watcher that the threads of a run share.
#[derive(Clone)]
pub(crate) struct SharedWatcher(Arc<Shared>);

struct Shared {
    /// Another has taken its place, or the record is over.
    is_over: AtomicBool,
    watcher: Mutex<Box<dyn Watcher>>,
}

impl SharedWatcher {
    pub(crate) fn new(watcher: Box<dyn Watcher>) -> Self {
        Self(Arc::new(Shared { is_over: AtomicBool::new(false), watcher: Mutex::new(watcher) }))
    }

    /// It sees nothing from now on, also by threads that have not noticed yet.
    pub(crate) fn end(&self) {
        self.0.is_over.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_over.load(Ordering::SeqCst)
    }

    pub(crate) fn begin(&self) {
        self.lock().begin();
    }

    pub(super) fn kinds(&self) -> u64 {
        self.lock().kinds()
    }

    pub(crate) fn learn(&self, event: &Event) {
        if !self.is_over() {
            self.lock().learn(event);
        }
    }

    /// Whether the run is to hold after this event.
    pub(crate) fn look(&self, event: &Event) -> bool {
        !self.is_over() && self.lock().look(event)
    }

    /// Also where it is over by now: who is to let the run go on has to know.
    pub(crate) fn held(&self) {
        self.lock().held();
    }

    fn lock(&self) -> MutexGuard<'_, Box<dyn Watcher>> {
        self.0.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedWatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedWatcher")
    }
}
