//! The record of one `.await`: from the poll that found nothing to the poll that went on.

use crate::core::Core;
use crate::core::cancel::{Awaited, Awaiting};
use crate::core::live::Outside;
use crate::event::{EventKind, TaskId, WaitId, WaitOn};
use crate::probe::outlet::Epoch;
use crate::probe::place::Place;
use std::panic::Location;
use std::sync::Arc;
use std::task::Poll;

/// Kept in a future, it records when the future begins and ends to hold its task up. It ends the wait when dropped.
#[derive(Debug)]
pub(crate) struct WaitPoint {
    /// Where the future was made: what is shown when the poll comes from library code.
    made_at: Option<Place>,
    open: Option<Open>,
    /// How many waits are open that a future inside has begun.
    inner_waits: i64,
    /// The tasks that this waits for.
    awaiting: Option<Awaiting>,
}

/// A wait that began.
#[derive(Debug, Clone, Copy)]
struct Open {
    task: TaskId,
    wait: WaitId,
    outside: Outside,
    /// The epoch in which its beginning was recorded.
    epoch: Epoch,
}

impl WaitPoint {
    /// A point in a future that the caller makes.
    #[track_caller]
    pub(crate) fn new() -> Self {
        Self { made_at: Some(Location::caller()), open: None, inner_waits: 0, awaiting: None }
    }

    /// A point in a future that was made at that place.
    pub(crate) fn made(made_at: Option<Place>) -> Self {
        Self { made_at, open: None, inner_waits: 0, awaiting: None }
    }

    /// Where the future was made.
    pub(crate) fn made_at(&self) -> Option<Place> {
        self.made_at
    }

    /// A point whose place is known only from the poll.
    pub(crate) fn unrecorded() -> Self {
        Self { made_at: None, open: None, inner_waits: 0, awaiting: None }
    }

    /// Whether it holds its task up.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Notes the result of a poll that came from `polled_at`.
    pub(crate) fn record<T>(&mut self, poll: &Poll<T>, polled_at: Place, on: impl FnOnce() -> WaitOn) {
        match poll {
            Poll::Pending => self.begin(polled_at, None, on),
            Poll::Ready(_) => self.end(),
        }
    }

    /// Polls a future of any library, and records the wait, unless the future records a more precise one itself. `on` is
    /// called only while a record is kept.
    pub(crate) fn record_other<T>(
        &mut self,
        poll: impl FnOnce() -> Poll<T>,
        polled_at: Place,
        outside: Outside,
        on: impl FnOnce() -> WaitOn,
    ) -> Poll<T> {
        let open_waits = || Core::try_with(Core::open_waits).unwrap_or_default();
        let before = open_waits() - i64::from(self.open.is_some());
        let poll = poll();
        let own = i64::from(self.open.is_some());
        self.inner_waits += open_waits() - own - before;
        if poll.is_pending() && self.inner_waits > 0 {
            self.end(); // in case it began before the future recorded its own
        } else if poll.is_pending() {
            self.begin(polled_at, Some(outside), on);
        } else {
            self.end();
        }
        poll
    }

    /// Without `outside`, what the wait is for says so itself.
    fn begin(&mut self, polled_at: Place, outside: Option<Outside>, on: impl FnOnce() -> WaitOn) {
        if self.open.is_some() {
            return;
        }
        self.open = Core::try_with(|core| {
            let task = core.current_task()?;
            let site = core.await_site(polled_at, self.made_at);
            let (wait, frame) = (core.run.ids.waits.issue(), core.frame());
            let on = (core.is_on() || outside.is_none()).then(on);
            let outside = outside.or(on.as_ref().map(Outside::of)).unwrap_or(Outside::World);
            if let Some(state) = core.event_loop() {
                state.live.wait_began(task, outside);
            }
            core.note_wait_began();
            if let Some(on) = on {
                core.emit(|| EventKind::WaitBegan { task, wait, on, site, frame });
            }
            Some(Open { task, wait, outside, epoch: core.epoch() })
        })
        .flatten();
    }

    /// While the task waits here, a cancellation of it goes to those tasks.
    pub(crate) fn awaits<T>(&mut self, poll: &Poll<T>, tasks: impl FnOnce() -> Arc<Awaited>) {
        match poll {
            Poll::Pending if self.awaiting.is_none() => self.awaiting = Awaiting::new(tasks()),
            Poll::Pending => {}
            Poll::Ready(_) => self.awaiting = None,
        }
    }

    /// Whether a cancellation went to the tasks that are waited for.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.awaiting.as_ref().is_some_and(Awaiting::is_cancelled)
    }

    /// Notes that the task gives up its turn at this point.
    pub(crate) fn record_yield(&self, polled_at: Place) {
        Core::with_at(self.made_at.unwrap_or(polled_at), |core| {
            core.note_yield(core.await_site(polled_at, self.made_at))
        });
    }

    /// Notes that the task goes on from here, or leaves.
    pub(crate) fn end(&mut self) {
        if let Some(Open { task, wait, outside, epoch }) = self.open.take() {
            Core::try_with(|core| {
                core.note_wait_ended();
                if let Some(state) = core.event_loop() {
                    state.live.wait_ended(task, outside);
                }
                if core.epoch() == epoch {
                    core.emit(|| EventKind::WaitEnded { task, wait });
                }
            });
        }
    }
}

/// Records that the task that runs sees how another one failed or panicked, for which it need not wait any more. Without
/// this the record would not show that anybody saw it.
#[track_caller]
pub(crate) fn saw_bad_end(of: TaskId) {
    let mut wait = WaitPoint::unrecorded();
    wait.begin(Location::caller(), None, || WaitOn::Join(of));
    wait.end();
}

impl Drop for WaitPoint {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventLoop;
    use crate::event::Event;
    use std::future::poll_fn;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn what_a_wait_is_for_is_put_into_words_only_where_somebody_listens() {
        for (event_loop, expected) in
            [(EventLoop::new(), 0), (EventLoop::new().sink(|events: &mut Vec<Event>| events.clear()), 1)]
        {
            let times = Arc::new(AtomicUsize::new(0));
            let (counted, mut is_first, mut wait) = (Arc::clone(&times), true, WaitPoint::unrecorded());
            let main = poll_fn(move |cx| {
                let poll = if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) };
                cx.waker().wake_by_ref();
                wait.record_other(
                    || poll,
                    Location::caller(),
                    Outside::World,
                    || {
                        counted.fetch_add(1, Ordering::Relaxed);
                        WaitOn::Io("a peer".into())
                    },
                )
            });
            assert_eq!(event_loop.run(main), Ok(()));
            assert_eq!(times.load(Ordering::Relaxed), expected);
        }
    }
}
