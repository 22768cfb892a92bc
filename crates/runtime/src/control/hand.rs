//! The hand of a run's clock, for those who watch from other threads.

use super::speed::Speed;
use crate::event::Nanos;
use crate::probe::clock::Wall;

/// Where the clock's hand is, for those who watch.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hand {
    Still(Nanos),
    /// Virtual time on its way to the next deadline at the chosen speed; without `since` it is held.
    Paced {
        from: Nanos,
        since: Option<Wall>,
        until: Nanos,
    },
    Real {
        start: Wall,
    },
}

impl Hand {
    pub(crate) fn now(self, speed: Speed) -> Nanos {
        match self {
            Self::Still(at) | Self::Paced { from: at, since: None, .. } => at,
            Self::Paced { until, .. } if speed.is_max() => until,
            Self::Paced { from, since: Some(since), until } => {
                let passed = Nanos::from_secs_f64(since.elapsed().as_secs_f64() * speed.factor());
                (from + passed).min(until)
            }
            Self::Real { start } => start.elapsed(),
        }
    }
}

impl Default for Hand {
    fn default() -> Self {
        Self::Still(Nanos::ZERO)
    }
}
