//! The only place that reads the machine's clock.

use crate::event::Nanos;
use std::time::{Duration, Instant};

/// A point on the machine's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wall(Instant);

impl Wall {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// How long ago this point was.
    pub(crate) fn elapsed(self) -> Nanos {
        self.0.elapsed().into()
    }

    /// Whether `time` is not after this point.
    pub(crate) fn has_passed(self, time: Instant) -> bool {
        time <= self.0
    }

    /// How long after this point the machine's clock shows `time`; nothing if that was before.
    pub(crate) fn until(self, time: Instant) -> Nanos {
        time.saturating_duration_since(self.0).into()
    }

    /// The machine's time at `offset` after this point; none where the clock cannot reach it.
    pub(crate) fn after(self, offset: Nanos) -> Option<Instant> {
        self.0.checked_add(Duration::from(offset))
    }
}
