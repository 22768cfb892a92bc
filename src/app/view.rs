//! Which part of the record the timeline shows, on which axis.

use super::cursor::Cursor;
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Record, RunPhase};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// What the timeline's horizontal axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Seconds.
    #[default]
    Time,
    /// Polls and sleeps of the loop, one column each.
    Steps,
}

impl Axis {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Time => Self::Steps,
            Self::Steps => Self::Time,
        }
    }
}

/// Positions on an axis of a record: seconds or columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale<'a> {
    pub(crate) axis: Axis,
    pub(crate) record: &'a Record,
    /// Where the run's clock stands.
    pub(crate) now: Nanos,
}

impl Scale<'_> {
    /// Where an event lies.
    pub(crate) fn event(&self, index: EventIndex, at: Nanos) -> f64 {
        match self.axis {
            Axis::Time => at.as_secs_f64(),
            Axis::Steps => self.record.steps().position(index),
        }
    }

    /// Where the point `at` after `index` events lies.
    pub(crate) fn point(&self, index: EventIndex, at: Nanos) -> f64 {
        match self.axis {
            Axis::Time => at.as_secs_f64(),
            Axis::Steps if index == self.record.log().len() => self.edge_at(at),
            Axis::Steps => self.record.steps().position_of(index, at),
        }
    }

    /// Where the live edge lies.
    pub(crate) fn edge(&self) -> f64 {
        self.edge_at(self.now)
    }

    /// Where a time after the last event lies.
    fn edge_at(&self, at: Nanos) -> f64 {
        match (self.axis, self.sleep()) {
            (Axis::Time, _) => at.as_secs_f64(),
            (Axis::Steps, Some((column, from, until))) => {
                let within = (at - from).0 as f64 / (until - from).0.max(1) as f64;
                column + within.min(1.0)
            }
            (Axis::Steps, None) => self.record.steps().position_of(self.record.log().len(), at),
        }
    }

    /// The sleep of the loop that is under way: its column, which fills as time passes, and its ends.
    fn sleep(&self) -> Option<(f64, Nanos, Nanos)> {
        let RunPhase::Idle(Some(until)) = self.record.edge().phase else { return None };
        let column = self.record.steps().len().checked_sub(1)?;
        Some((column as f64, self.record.log().end(), until))
    }

    /// The cursor at a position; past the live edge it follows what comes.
    pub(crate) fn cursor_at(&self, position: f64) -> Cursor {
        match self.axis {
            _ if position >= self.edge() => Cursor::Live,
            Axis::Time => Cursor::Time(Nanos::from_secs_f64(position)),
            Axis::Steps => match (self.record.steps().point_at(position), self.sleep()) {
                (_, Some((column, from, until))) if position > column => {
                    Cursor::Time(from + Nanos(((until - from).0 as f64 * (position - column)) as u64))
                }
                ((_, Some(time)), _) => Cursor::Time(time),
                ((index, None), _) => Cursor::After(index),
            },
        }
    }

    /// All there is and is known to come, with a little room.
    fn all(&self) -> RangeInclusive<f64> {
        let end = match self.axis {
            Axis::Time => {
                let due = self.record.edge().timers.keys().next_back().map_or(Nanos::ZERO, |(deadline, _)| *deadline);
                match self.now.max(due) {
                    _ if self.record.log().is_empty() => 5.0,
                    // A virtual run that takes no time at all: a scale that one knows.
                    Nanos::ZERO => 1.0,
                    end => end.as_secs_f64().max(1e-6),
                }
            }
            Axis::Steps if self.record.log().is_empty() => 12.0,
            Axis::Steps => self.edge().max(LEAST_STEPS),
        };
        let after = if self.record.standstill().is_some() { FOR_EVER } else { AFTER };
        -BEFORE * end..=end * (1.0 + after)
    }

    /// The first event that lies in a range of positions, and the first after it.
    pub(crate) fn events_in(&self, range: RangeInclusive<f64>) -> (EventIndex, EventIndex) {
        let (start, end) = range.into_inner();
        match self.axis {
            Axis::Time => {
                let (start, end) = (Nanos::from_secs_f64(start), Nanos::from_secs_f64(end));
                let log = self.record.log();
                (log.index_after(Nanos(start.0.saturating_sub(1))), log.index_after(end))
            }
            Axis::Steps => {
                let steps = self.record.steps();
                (steps.point_at(start).0, steps.point_at(end + 1.0).0.saturating_add(1))
            }
        }
    }

    /// Where the life of a task begins and ends; none for a task that never was.
    pub(crate) fn life_of(&self, task: TaskId) -> Option<(f64, f64)> {
        let lane = self.record.lane(task)?;
        let first = lane.spans().next()?;
        let end = lane.end().map_or_else(|| self.edge(), |(index, at, _)| self.event(index, at));
        Some((self.event(first.first, first.start), end))
    }

    /// All there is, as [`View`] shows it when everything is shown.
    pub(crate) fn whole(&self) -> RangeInclusive<f64> {
        self.all()
    }

    /// The narrowest range that still makes sense: a microsecond, or two columns.
    fn narrowest(&self) -> f64 {
        match self.axis {
            Axis::Time => 1e-6,
            Axis::Steps => 2.0,
        }
    }
}

/// The room before all there is and after it, as a share of its length; and after it where tasks wait for ever.
const BEFORE: f64 = 0.012;
const AFTER: f64 = 0.09;
const FOR_EVER: f64 = 0.95;
/// Fewer columns than this do not fill the window.
const LEAST_STEPS: f64 = 3.0;

/// A range of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Window {
    /// Everything, whatever comes.
    All,
    /// From the first to the second position.
    Fixed(f64, f64),
    /// As wide as this, with the live edge near its right end.
    Follow(f64),
}

/// What the timeline shows.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) axis: Axis,
    time: Window,
    steps: Window,
    /// Rows scrolled out at the top.
    pub(crate) first_row: f32,
    /// The row that stays in sight until one scrolls, however few there is room for.
    pub(crate) kept_row: Option<usize>,
    /// What was shown before, for undo: axis and window, the latest last.
    past: Vec<(Axis, Window)>,
    /// When the pointer changed it last, in seconds of the window's time: what follows at once is the same gesture.
    last_gesture: f64,
}

/// What stays where it is while one zooms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Around {
    LiveEdge,
    Position(f64),
}

/// What moves the view. All movements of one gesture of the pointer are undone together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Hand {
    Key,
    /// At this time of the window, in seconds.
    Pointer(f64),
}

/// A pause of the pointer that ends a gesture, in seconds.
const GESTURE: f64 = 0.4;
/// The room beside a part that is fitted, as a share of its length.
const FIT_ROOM: f64 = 0.05;
/// A part that takes this share of all is all, for fitting.
const ALMOST_ALL: f64 = 0.9;
/// How many navigations can be undone.
const UNDO: usize = 100;
/// How much of a window that follows the live edge lies before it.
const BEFORE_EDGE: f64 = 0.9;

impl View {
    /// All of a run, on that axis.
    pub(crate) fn on(axis: Axis) -> Self {
        Self {
            axis,
            time: Window::All,
            steps: Window::All,
            first_row: 0.0,
            kept_row: None,
            past: Vec::new(),
            last_gesture: f64::NEG_INFINITY,
        }
    }

    /// These positions of an axis, with so many rows scrolled out at the top.
    pub(crate) fn showing(axis: Axis, range: RangeInclusive<f64>, first_row: f32) -> Self {
        let mut view = Self { first_row, ..Self::on(axis) };
        view.restore(axis, Window::Fixed(*range.start(), *range.end()));
        view
    }

    /// The positions at the left and right end.
    pub(crate) fn range(&self, scale: &Scale<'_>) -> RangeInclusive<f64> {
        match self.window() {
            Window::All => scale.all(),
            Window::Fixed(start, end) => start..=end,
            Window::Follow(width) => {
                // Nothing lies before the beginning.
                let start = (scale.edge() - width * BEFORE_EDGE).max(*scale.all().start());
                start..=start + width
            }
        }
    }

    fn window(&self) -> Window {
        match self.axis {
            Axis::Time => self.time,
            Axis::Steps => self.steps,
        }
    }

    fn set(&mut self, window: Window, hand: Hand) {
        let axis = self.axis;
        let is_same = match hand {
            Hand::Key => false,
            Hand::Pointer(time) => time - std::mem::replace(&mut self.last_gesture, time) < GESTURE,
        };
        if !is_same {
            self.past.push((axis, self.window()));
        }
        if self.past.len() > UNDO {
            self.past.remove(0);
        }
        self.restore(axis, window);
    }

    fn restore(&mut self, axis: Axis, window: Window) {
        self.axis = axis;
        match axis {
            Axis::Time => self.time = window,
            Axis::Steps => self.steps = window,
        }
    }

    /// Moves by a share of the window's width. Where there is nothing yet, its beginning stays in view.
    pub(crate) fn pan(&mut self, share: f64, hand: Hand, scale: &Scale<'_>) {
        if scale.record.log().is_empty() {
            return;
        }
        let (start, end) = self.range(scale).into_inner();
        let by = (end - start) * share;
        self.set(Window::Fixed(start + by, end + by), hand);
    }

    /// Divides the window's width by `factor` around a position; around the live edge it goes on following it.
    pub(crate) fn zoom(&mut self, factor: f64, around: Around, hand: Hand, scale: &Scale<'_>) {
        let (start, end) = self.range(scale).into_inner();
        let all = scale.all();
        let leftmost = all.start().min(start);
        let widest = (all.end() - all.start()) * 4.0;
        let width = ((end - start) / factor).clamp(scale.narrowest(), widest.max(scale.narrowest()));
        let window = match around {
            Around::LiveEdge => Window::Follow(width),
            Around::Position(around) => {
                let start = around - (around - start) * width / (end - start);
                // Before the beginning there is nothing: zooming out does not bring it into view.
                let start = start.max(leftmost);
                Window::Fixed(start, start + width)
            }
        };
        self.set(window, hand);
    }

    /// Shows what lies between two positions.
    pub(crate) fn show(&mut self, from: f64, to: f64, hand: Hand, scale: &Scale<'_>) {
        let short = (scale.narrowest() - (to - from)).max(0.0) / 2.0;
        self.set(Window::Fixed(from - short, to + short), hand);
    }

    /// Shows a part, with a little room around it. Where there is none, where it is shown already and where it is all
    /// there is: everything, and goes on doing so.
    pub(crate) fn fit(&mut self, part: Option<(f64, f64)>, scale: &Scale<'_>) {
        let part = part.map(|(from, to)| {
            let room = ((to - from) * FIT_ROOM).max(scale.narrowest() / 2.0);
            (from - room, to + room)
        });
        let all = scale.all();
        match part {
            Some((from, to))
                if self.window() != Window::Fixed(from, to) && (to - from) < (all.end() - all.start()) * ALMOST_ALL =>
            {
                self.set(Window::Fixed(from, to), Hand::Key);
            }
            _ => {
                (self.first_row, self.kept_row) = (0.0, None);
                self.set(Window::All, Hand::Key);
            }
        }
    }

    /// Whether everything is shown, whatever comes.
    pub(crate) fn is_all(&self) -> bool {
        self.window() == Window::All
    }

    /// Keeps the live edge in the window.
    pub(crate) fn follow(&mut self) {
        if let Window::Fixed(start, end) = self.window() {
            self.restore(self.axis, Window::Follow(end - start));
        }
    }

    /// Brings a position into the window if it has left it.
    pub(crate) fn reveal(&mut self, position: f64, scale: &Scale<'_>) {
        let (start, end) = self.range(scale).into_inner();
        let width = end - start;
        if self.window() != Window::All && !(start..=end).contains(&position) {
            self.restore(self.axis, Window::Fixed(position - width / 2.0, position + width / 2.0));
        }
    }

    /// Back to what was shown before the last pan, zoom or fit.
    pub(crate) fn undo(&mut self) {
        if let Some((axis, window)) = self.past.pop() {
            self.restore(axis, window);
        }
    }
}
