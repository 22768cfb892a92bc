//! Places on the steps axis, found once for all lanes of a frame.

use crate::app::view::{Axis, Scale};
use crate::event::Nanos;
use crate::trace::{EventIndex, StepWindow};

/// More columns than this are not taken out at each frame.
const MOST: usize = 20_000;

/// The columns of the steps axis in view, where they are few enough to be taken out.
#[derive(Default)]
pub(super) struct Near {
    window: StepWindow,
    /// There are too many columns for that.
    pub(super) is_far: bool,
}

impl Near {
    /// Those between two positions; of the axis of time none.
    pub(super) fn between(scale: &Scale<'_>, start: f64, end: f64) -> Self {
        if scale.axis == Axis::Time {
            return Self::default();
        }
        let columns = start.max(0.0) as usize..(end.max(0.0) as usize).saturating_add(2);
        let is_far = columns.len() > MOST;
        Self { window: scale.record.steps().window(if is_far { 0..0 } else { columns }), is_far }
    }

    /// Where an event lies, on whichever axis.
    pub(super) fn place(&self, scale: &Scale<'_>, index: EventIndex, at: Nanos) -> f64 {
        self.window.position(index).unwrap_or_else(|| scale.event(index, at))
    }
}
