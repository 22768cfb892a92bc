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
    ///
    /// `#[track_caller]` on `poll` gives the exact `.await` where an `async` block polls the future itself; through a
    /// `Box` or a combinator it gives that library's own line, and the place where the future was made serves.
    pub(super) fn record<T>(&mut self, poll: &Poll<T>, polled_at: Place, on: impl FnOnce() -> WaitOn) {
        match (poll, self.open) {
            (Poll::Pending, None) => {
                let place = self.made_at.filter(|_| is_library(polled_at)).unwrap_or(polled_at);
                self.open = Core::try_with(|core| {
                    let task = core.current_task()?;
                    let site = core.site(place);
                    let wait = core.ids(|recorder| recorder.waits.issue());
                    core.emit(|| EventKind::WaitBegan { task, wait, on: on(), site });
                    Some((task, wait))
                })
                .flatten();
            }
            (Poll::Ready(_), Some(_)) => self.end(),
            _ => {}
        }
    }

    /// The place to show for an event of this point's future.
    pub(super) fn place(&self, polled_at: Place) -> Place {
        self.made_at.filter(|_| is_library(polled_at)).unwrap_or(polled_at)
    }

    fn end(&mut self) {
        if let Some((task, wait)) = self.open.take() {
            Core::try_with(|core| core.emit(|| EventKind::WaitEnded { task, wait }));
        }
    }
}

impl Drop for WaitPoint {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether a place is in the standard library or a crate of the registry, not in code that a learner reads.
fn is_library(place: Place) -> bool {
    let file = place.file();
    file.starts_with("/rustc/") || file.contains("/registry/src/") || file.contains("/lib/rustlib/src/")
}
