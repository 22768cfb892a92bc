//! Who looks at each event of a run, and holding where they ask for it.

use super::{Control, Mode};
use crate::probe::watcher::{SharedWatcher, Watcher};

impl Control {
    /// Has each event from now on looked at as it happens, in place of who did so before; by nobody if there is none.
    pub fn watch(&self, watcher: Option<Box<dyn Watcher>>) {
        self.0.outlet.watch(watcher.map(SharedWatcher::new));
        // Who did so before may be about to have the run hold: it has done so now, or never will.
        drop(self.lock());
    }

    /// Has the run hold where it is, as this watcher asks.
    #[cold]
    pub(crate) fn pause_here(&self, watcher: &SharedWatcher) {
        self.update(|state| {
            if state.mode != Mode::Stop && !watcher.is_over() {
                state.mode = Mode::PauseHere;
            }
        });
    }

    /// Holds in the middle of a poll for as long as that is asked for. `flush` runs first.
    pub(crate) fn hold_here(&self, flush: impl FnOnce()) {
        flush();
        let mut state = self.lock();
        while state.mode == Mode::PauseHere {
            state = self.wait(state);
        }
    }
}
