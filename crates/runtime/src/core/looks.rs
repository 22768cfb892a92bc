//! When a thread is at work, and when it sleeps or holds: what it records is collected while it works and handed over when it
//! does not.

use super::Core;
use super::surroundings::Surroundings;
use super::wakes::Doing;
use std::rc::Rc;

impl Core {
    /// Holds where it is, if a step ends with this event.
    #[cold]
    pub(super) fn may_hold(&self) {
        let Some(watcher) = self.recorder.borrow_mut().take_hold() else {
            return self.holding(|before| self.run.control.event_done(before));
        };
        self.holding(|before| {
            self.run.control.hold_here(|| {
                before();
                self.run.control.outlet().settle(self.epoch());
                watcher.held();
            });
        });
    }

    /// Another watches the events from now on.
    #[cold]
    pub(super) fn look_who_watches(&self) {
        self.watchers.set(self.recorder.borrow_mut().look_who_watches(&*self.run));
    }

    /// Hands over what was recorded, and goes on.
    pub(crate) fn flush(&self) {
        let mut recorder = self.recorder.borrow_mut();
        if !recorder.is_empty() {
            recorder.flush(&*self.run, Some(self.stamp.get()));
        }
    }

    /// Runs `hold`, which calls its argument before it blocks. The thread counts as asleep while it blocks.
    pub(crate) fn holding<R>(&self, hold: impl FnOnce(&dyn Fn()) -> R) -> R {
        let was_asleep = self.is_asleep.get();
        let result = hold(&|| self.fall_asleep());
        if !was_asleep && self.is_asleep.get() {
            self.go_on();
        }
        result
    }

    /// Runs `f`, which looks at the executor, as this worker: what it does is collected, and handed over at the end.
    pub(crate) fn look<R>(self: &Rc<Self>, f: impl FnOnce() -> R) -> R {
        struct FallAsleep<'a>(&'a Core);
        impl Drop for FallAsleep<'_> {
            fn drop(&mut self) {
                self.0.set_doing(Doing::Reactor);
                self.0.fall_asleep();
                Surroundings::note_look();
            }
        }
        if !self.is_asleep.get() {
            return self.enter(f); // an executor within an executor
        }
        self.wake_up();
        let _fall_asleep = FallAsleep(self);
        self.set_doing(Doing::Executor);
        self.enter(f)
    }

    /// A worker is at work: what it does from now on is collected.
    pub(crate) fn wake_up(&self) {
        self.look_who_listens();
        self.go_on();
    }

    /// A worker is at work again, in the middle of a poll: who listens is not looked at.
    pub(crate) fn go_on(&self) {
        self.now();
        self.stamp.set(self.run.control.outlet().wake(self.slot(), self.stamp.get()));
        self.is_asleep.set(false);
    }

    /// A worker is about to sleep: what it did is handed over.
    pub(crate) fn fall_asleep(&self) {
        self.recorder.borrow_mut().flush(&*self.run, None);
        self.is_asleep.set(true);
    }
}
