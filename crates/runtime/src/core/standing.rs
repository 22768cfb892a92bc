//! Where in a task the code that runs stands.

use crate::event::FrameId;
use crate::probe::place::Place;

/// Where in a task the code that runs stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// The named function.
    pub(crate) frame: FrameId,
    /// The `.await` in there whose future polls the code that runs. What that polls through a box knows no better place.
    pub(crate) awaits_at: Option<Place>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { frame: FrameId::TASK, awaits_at: None }
    }
}
