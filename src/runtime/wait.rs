//! The record of one `.await`: from the poll that found nothing to the poll that went on.

use super::core::Core;
use super::recorder::Place;
use crate::event::{EventKind, TaskId, WaitId, WaitOn};
use std::panic::Location;
use std::task::Poll;

/// Kept in a future, it records when the future begins and ends to hold its task up. It ends the wait when dropped.
#[derive(Debug)]
pub(super) struct WaitPoint {
    /// Where the future was made: what is shown when the poll comes from library code.
    made_at: Option<Place>,
    open: Option<(TaskId, WaitId)>,
}

impl WaitPoint {
    /// A point in a future that the caller makes.
    #[track_caller]
    pub(super) fn new() -> Self {
        Self { made_at: Some(Location::caller()), open: None }
    }

    /// A point whose place is known only from the poll.
    pub(super) fn unrecorded() -> Self {
        Self { made_at: None, open: None }
    }

    /// Notes the result of a poll that came from `polled_at`.
    pub(super) fn record<T>(&mut self, poll: &Poll<T>, polled_at: Place, on: impl FnOnce() -> WaitOn) {
        match (poll, self.open) {
            (Poll::Pending, None) => {
                self.open = Core::try_with(|core| {
                    let task = core.current_task()?;
                    let site = core.await_site(polled_at, self.made_at);
                    let wait = core.ids(|recorder| recorder.waits.issue());
                    core.live.wait_began(task);
                    core.emit(|| EventKind::WaitBegan { task, wait, on: on(), site });
                    Some((task, wait))
                })
                .flatten();
            }
            (Poll::Ready(_), Some(_)) => self.end(),
            _ => {}
        }
    }

    /// Notes that the task gives up its turn at this point.
    pub(super) fn record_yield(&self, polled_at: Place) {
        Core::with(|core| core.note_yield(core.await_site(polled_at, self.made_at)));
    }

    fn end(&mut self) {
        if let Some((task, wait)) = self.open.take() {
            Core::try_with(|core| {
                core.live.wait_ended(task);
                core.emit(|| EventKind::WaitEnded { task, wait });
            });
        }
    }
}

impl Drop for WaitPoint {
    fn drop(&mut self) {
        self.end();
    }
}
