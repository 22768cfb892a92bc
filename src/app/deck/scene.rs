//! What the window shows on a page: where the cursor is, on which axis, how much of it, and whose lane is marked.

use super::Page;
use crate::app::cursor::Cursor;
use crate::app::view::Axis;
use crate::event::{Nanos, TaskId};
use crate::scenarios::{Hints, StepAxis, Zoom};
use crate::trace::{EventIndex, Record};

/// Whether, and where, a run has come to a thing to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reached {
    /// It may still come.
    NotYet,
    /// At this event.
    At(EventIndex),
    /// It is over, and did not.
    Never,
}

/// What a page shows of its run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scene {
    pub(crate) cursor: Cursor,
    pub(crate) axis: Axis,
    /// The positions at the ends; all of the run unless given.
    pub(crate) range: Option<(f64, f64)>,
    /// Whose lane is marked, and whose line of code.
    pub(crate) selected: Option<TaskId>,
}

/// Two moments that are nearer than this share of the run cannot be told apart on the axis of time.
const APART: f64 = 0.03;
/// Columns of the steps axis that are seen before and after a moment. No more fit with their words.
const BEFORE: f64 = 14.0;
const AFTER: f64 = 8.0;

impl Scene {
    /// The scene of a page. `steps` says of each thing to look for whether the run has come to it; `hints`, how the lesson
    /// wants the page's own to be seen; `is_over`, whether the run is.
    pub(crate) fn of(page: Page, record: &Record, steps: &[Reached], hints: Hints, is_over: bool) -> Self {
        let end = record.log().end();
        // A run that took no time is one line on the axis of time.
        let usual = if is_over && end == Nanos::ZERO { Axis::Steps } else { Axis::Time };
        let whole = |cursor| Self { cursor, axis: usual, range: None, selected: None };
        let step = match page {
            Page::Look(_, step) => step,
            // The code tells nothing of a run yet.
            Page::Title | Page::Guess(_) => return whole(Cursor::After(0)),
            _ => return whole(if is_over { Cursor::at_end_of(record) } else { Cursor::Live }),
        };
        match steps.get(step) {
            Some(Reached::At(index)) => Self::at(*index, before(step, steps), record, usual, hints),
            // What comes before it has been seen: it is looked for from there on.
            Some(Reached::Never) if is_over => whole(Cursor::at_end_of(record)),
            _ => whole(Cursor::Live),
        }
    }

    /// The moment of an event; `before` is the event of the last moment before it.
    fn at(index: EventIndex, before: Option<EventIndex>, record: &Record, usual: Axis, hints: Hints) -> Self {
        let log = record.log();
        let (at, end) = (log.time_at(index + 1), log.end());
        let since = at - before.map_or(Nanos::ZERO, |before| log.time_at(before + 1));
        let is_apart = since.0 as f64 >= end.0 as f64 * APART;
        let axis = match hints.axis {
            Some(StepAxis::Time) => usual,
            Some(StepAxis::Steps) => Axis::Steps,
            None if is_apart => usual,
            None => Axis::Steps,
        };
        let range = match (hints.zoom, axis) {
            (Some(Zoom::Run), _) | (None, Axis::Time) => None,
            (Some(Zoom::Around) | None, Axis::Steps) => around(index, record),
            (Some(Zoom::Around), Axis::Time) => Some(near(at, since, end)),
        };
        let selected = log.get(index).and_then(|event| record.task_of(&event.kind));
        Self { cursor: Cursor::After(index + 1), axis, range, selected }
    }
}

/// The event of the last thing to look for before one.
fn before(step: usize, steps: &[Reached]) -> Option<EventIndex> {
    steps[..step].iter().rev().find_map(|reached| match reached {
        Reached::At(index) => Some(*index),
        _ => None,
    })
}

/// The columns around an event; none where all of them fit.
fn around(index: EventIndex, record: &Record) -> Option<(f64, f64)> {
    let steps = record.steps();
    let all = steps.len() as f64;
    if all <= BEFORE + AFTER {
        return None;
    }
    let from = (steps.position(index) - BEFORE).clamp(0.0, all - BEFORE - AFTER);
    Some((from - 0.3, from + BEFORE + AFTER + 0.3))
}

/// The time around a moment that comes so long after the one before it.
fn near(at: Nanos, since: Nanos, end: Nanos) -> (f64, f64) {
    let (at, end) = (at.as_secs_f64(), end.as_secs_f64());
    let beside = since.as_secs_f64().max(end * APART);
    ((at - 1.5 * beside).max(-0.02 * end), (at + beside).min(end * 1.05))
}
