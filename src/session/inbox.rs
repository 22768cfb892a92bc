//! Where the run's thread leaves what the watcher has not taken yet. It knows no record.

use crate::event::Event;
use crate::trace::Bookmark;
use crate::trace::file::Damage;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// Events that wait in one chunk, at least where more come: many small chunks wait as few.
pub(super) const CHUNK: usize = 1024;
/// Chunks that may wait to be taken, some 60 MB; then the run waits. More would be no help to a watcher that is slower than
/// the run: what it shows would only be older.
pub(super) const MOST_CHUNKS: usize = 1024;

/// Where the run's thread leaves what the watcher has not taken yet.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<InboxState>,
    pub(super) filled: Condvar,
    pub(super) taken: Condvar,
    pub(super) notify: OnceLock<Notify>,
}

/// Called when there is something to take.
pub(super) struct Notify(pub(super) Box<dyn Fn() + Send + Sync>);

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notify")
    }
}

#[derive(Debug, Default)]
pub(super) struct InboxState {
    pub(super) chunks: VecDeque<Vec<Event>>,
    pub(super) is_over: bool,
    pub(super) is_abandoned: bool,
    pub(super) damage: Option<Damage>,
    pub(super) bookmarks: Vec<Bookmark>,
}

impl Inbox {
    pub(super) fn lock(&self) -> MutexGuard<'_, InboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a chunk, once there is room for it; false where nobody will take it. The chunk is empty then.
    pub(super) fn put(&self, events: &mut Vec<Event>) -> bool {
        let is_full = |state: &mut InboxState| state.chunks.len() >= MOST_CHUNKS && !state.is_abandoned;
        let mut state = self.taken.wait_while(self.lock(), is_full).unwrap_or_else(PoisonError::into_inner);
        let is_wanted = !state.is_abandoned;
        match state.chunks.back_mut() {
            _ if !is_wanted => events.clear(),
            Some(last) if last.len() + events.len() <= CHUNK => last.append(events),
            _ => {
                // A small one moves into a chunk of its size, so that it keeps no empty room.
                let mut next = Vec::new();
                if events.len() * 2 < events.capacity() {
                    next.append(events)
                } else {
                    std::mem::swap(&mut next, events)
                }
                state.chunks.push_back(next);
            }
        }
        drop(state);
        self.tell();
        is_wanted
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut InboxState)) {
        change(&mut self.lock());
        self.tell();
    }

    pub(super) fn tell(&self) {
        self.filled.notify_all();
        if let Some(Notify(notify)) = self.notify.get() {
            notify();
        }
    }

    /// Nobody will take what comes.
    pub(super) fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.taken.notify_all();
    }
}
