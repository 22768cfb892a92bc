//! The only place that reads the machine's clock.

use crate::event::Nanos;
use std::time::{Duration, Instant};

/// A point on the machine's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wall(Instant);

impl Wall {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }

    /// How long ago this point was.
    pub(super) fn elapsed(self) -> Nanos {
        self.0.elapsed().into()
    }

    /// The machine's time at `offset` after this point; none where the clock cannot reach it.
    pub(super) fn after(self, offset: Nanos) -> Option<Instant> {
        self.0.checked_add(Duration::from(offset))
    }
}
