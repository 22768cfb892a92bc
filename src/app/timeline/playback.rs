//! Playing a record: the cursor runs through what has happened, at the chosen speed. Nothing runs anew.
//!
//! On the axis of time a second of the record takes a second at speed 1×; on the steps axis, where most columns take no
//! time, a column takes a quarter of one.

use super::range::Range;
use crate::app::cursor::{Cursor, Point};
use crate::app::view::{Axis, Scale};
use crate::runtime::Speed;

/// Columns of the steps axis in a second, at speed 1×.
const STEPS: f64 = 4.0;
/// At the greatest speed what is played takes this many seconds.
const AT_MOST: f64 = 2.0;

/// A longer wait for a frame, in seconds, does not make what is played jump.
const LONGEST_FRAME: f64 = 0.1;

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// From where the cursor is to the end of the record.
    ToTheEnd,
    /// A range, again and again.
    Again(Range),
}

/// The cursor on its way.
#[derive(Debug)]
pub(crate) struct Playback {
    extent: Extent,
    /// Where it is, and on which axis that is so.
    position: f64,
    axis: Axis,
}

impl Playback {
    /// Begins at a point of the record; a range at its beginning, unless the point lies in it.
    pub(crate) fn new(extent: Extent, point: Point, scale: &Scale<'_>) -> Self {
        let mut position = scale.point(point.index, point.at);
        if let Extent::Again(range) = extent {
            let (from, to) = range.on(scale);
            if !(from..to).contains(&position) {
                position = from;
            }
        }
        Self { extent, position, axis: scale.axis }
    }

    /// Whether a range is played again and again.
    pub(crate) fn is_loop(&self) -> bool {
        matches!(self.extent, Extent::Again(_))
    }

    /// Goes on for the seconds since the last frame from `point`, where the cursor is now; none at the end.
    pub(crate) fn advance(&mut self, point: Point, scale: &Scale<'_>, speed: Speed, seconds: f64) -> Option<Cursor> {
        if self.axis != scale.axis {
            (self.position, self.axis) = (scale.point(point.index, point.at), scale.axis);
        }
        let (from, to) = match self.extent {
            Extent::ToTheEnd => (0.0, scale.edge()),
            Extent::Again(range) => range.on(scale),
        };
        let rate = match (speed.is_max(), scale.axis) {
            (true, _) => (to - from) / AT_MOST,
            (false, Axis::Time) => speed.factor(),
            (false, Axis::Steps) => speed.factor() * STEPS,
        };
        self.position += rate * seconds.min(LONGEST_FRAME);
        match self.extent {
            Extent::ToTheEnd if self.position >= to => return None,
            Extent::Again(_) if self.position >= to => {
                let over = (self.position - to) % (to - from);
                self.position = from + if over.is_finite() { over } else { 0.0 };
            }
            _ => {}
        }
        Some(scale.cursor_at(self.position))
    }
}
