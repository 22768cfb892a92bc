//! Where words stand in the lanes, so that no two lie over each other.
//!
//! Each lane keeps to its own row. Callouts come first, as what is at the cursor is looked for first; words on bars take what
//! is left. Nothing is kept from one frame to the next.

use super::Timeline;
use super::forever::Standstill;
use super::lanes::Lanes;
use super::layer::Paint;
use super::signs::{Sign, note_label};
use crate::app::theme::{BAR, text};
use crate::event::TaskId;
use crate::trace::WaitKind;
use egui::{Galley, Pos2, Rangef, Rect, Shape, Ui, pos2, vec2};
use egui_plot::PlotTransform;
use std::cell::{Ref, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// The room between the cursor and a callout, and around its words, in points.
const BESIDE: f32 = 7.0;
const AROUND: egui::Vec2 = vec2(5.0, 2.0);
/// How far a sign on the upper edge of a bar reaches above it, in points.
const SIGN: f32 = 7.0;
/// How much of a callout is seen that lies over other bars.
const OVER_BARS: f32 = 0.86;

/// What is taken in the rows of this frame, and the callouts.
#[derive(Default)]
pub(super) struct Places {
    rows: RefCell<HashMap<TaskId, Vec<Rect>>>,
    callouts: RefCell<Vec<Callout>>,
}

impl Places {
    /// Whether nothing stands there yet.
    pub(super) fn is_free(&self, task: TaskId, place: Rect) -> bool {
        self.rows.borrow().get(&task).is_none_or(|taken| taken.iter().all(|other| !overlap(*other, place)))
    }

    /// Takes a place for words or a sign of that lane.
    pub(super) fn take(&self, task: TaskId, place: Rect) {
        #[cfg(test)]
        super::signs::drawn::place(task, place);
        self.rows.borrow_mut().entry(task).or_default().push(place);
    }

    /// Takes it if it is free; whether it was.
    pub(super) fn take_if_free(&self, task: TaskId, place: Rect) -> bool {
        let is_free = self.is_free(task, place);
        if is_free {
            self.take(task, place);
        }
        is_free
    }

    pub(super) fn callouts(&self) -> Ref<'_, Vec<Callout>> {
        self.callouts.borrow()
    }
}

/// Whether two places share more than an edge.
fn overlap(one: Rect, other: Rect) -> bool {
    one.shrink(0.5).intersects(other.shrink(0.5))
}

/// What a task waits for, beside the cursor or where its last wait begins.
pub(super) struct Callout {
    pub(super) task: TaskId,
    kind: WaitKind,
    plate: Rect,
    galley: Arc<Galley>,
    /// What it is said of.
    at: Pos2,
    /// How much of its plate is seen.
    strength: f32,
    /// Whether it is said of a wait without an end.
    pub(super) is_for_ever: bool,
}

impl Callout {
    pub(super) fn paint(&self, lanes: &Lanes<'_>, shapes: &mut Vec<Shape>) {
        let palette = lanes.palette;
        let side = if self.plate.center().x >= self.at.x { 1.0 } else { -1.0 };
        let near = pos2(if side > 0.0 { self.plate.left() } else { self.plate.right() }, self.at.y);
        let near = pos2(near.x, near.y.clamp(self.plate.top() + 4.0, self.plate.bottom() - 4.0));
        let look = palette.wait(self.kind);
        if !self.plate.x_range().contains(self.at.x) {
            let tip = vec![near - vec2(0.0, 4.0), near + vec2(0.0, 4.0), pos2(self.at.x + side, near.y)];
            shapes.push(Shape::convex_polygon(tip, look.lines, egui::Stroke::NONE));
        }
        let before = shapes.len();
        Sign::Callout(self.kind).paint(palette, self.plate, shapes);
        for shape in &mut shapes[before..] {
            if let Shape::Rect(plate) = shape {
                plate.fill = plate.fill.gamma_multiply(self.strength);
            }
        }
        shapes.push(Shape::galley(self.plate.min + AROUND, Arc::clone(&self.galley), palette.text));
    }

    /// How far to the right it reaches.
    pub(super) fn reach(&self) -> f32 {
        self.plate.right().max(self.at.x)
    }
}

/// Finds the places of callouts, before anything else takes any.
pub(super) struct Placing<'a> {
    lanes: Lanes<'a>,
    /// How the run came to stand still, where the cursor has come to it.
    standstill: Option<&'a Standstill>,
    cursor: f64,
}

impl<'a> Placing<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, lanes: Lanes<'a>) -> Self {
        let point = timeline.point;
        let standstill = timeline.tools.standstill.as_ref().filter(|still| point.index >= still.index);
        Self { lanes, standstill, cursor: timeline.scale().point(point.index, point.at) }
    }

    /// Finds a place for one of these words, the longest first, beside `at` and within a range.
    ///
    /// To the right, in what is to come; where there is no room, over what was. Over other bars of the lane only the
    /// shortest words lie, at the foot of the bars and in the gap below them, so that the bars are still seen.
    fn find(&self, ui: &Ui, wanted: Wanted, transform: &PlotTransform) {
        let Wanted { task, kind, choices, at, within, is_for_ever } = wanted;
        let Lanes { palette, places, rows, .. } = self.lanes;
        let galleys: Vec<Arc<Galley>> =
            choices.into_iter().map(|words| ui.painter().layout_no_wrap(words, text(12.0), palette.text)).collect();
        let height = rows.height;
        let low = at.y + height / 2.0 - (SIGN - height * (1.0 - BAR) / 2.0).max(0.0);
        let plate = |galley: &Galley, is_right: bool, is_low: bool| {
            let size = galley.size() + 2.0 * AROUND;
            let left = if is_right { at.x + BESIDE } else { at.x - BESIDE - size.x };
            let top = if is_low { (low - size.y).max(at.y - size.y / 2.0) } else { at.y - size.y / 2.0 };
            Rect::from_min_size(pos2(left, top), size)
        };
        let fits = |plate: Rect| plate.left() >= within.min && plate.right() <= within.max;
        let covers = |plate: Rect| self.lanes.has_other_bars(task, plate.x_range(), transform);
        let is_free = |plate: Rect| fits(plate) && places.is_free(task, plate);
        let clear = galleys.iter().find_map(|galley| {
            let places = [true, false].map(|is_right| plate(galley, is_right, false));
            places.into_iter().find(|plate| is_free(*plate) && !covers(*plate)).map(|plate| (plate, galley, 1.0))
        });
        let over = || {
            galleys.iter().rev().find_map(|galley| {
                let places = [(true, true), (false, true), (true, false), (false, false)];
                let mut places = places.into_iter().map(|(is_right, is_low)| plate(galley, is_right, is_low));
                places.find(|plate| is_free(*plate)).map(|plate| (plate, galley, OVER_BARS))
            })
        };
        // In next to no room it lies over both sides.
        let anyhow = || {
            let galley = galleys.last()?;
            let plate = plate(galley, true, true);
            let by = (within.max - plate.right()).min(0.0);
            Some((plate.translate(vec2(by, 0.0)), galley, OVER_BARS))
        };
        let Some((plate, galley, strength)) = clear.or_else(over).or_else(anyhow) else { return };
        places.take(task, plate);
        let galley = Arc::clone(galley);
        places.callouts.borrow_mut().push(Callout { task, kind, plate, galley, at, strength, is_for_ever });
    }
}

/// A callout that has no place yet.
struct Wanted {
    task: TaskId,
    kind: WaitKind,
    choices: Vec<String>,
    at: Pos2,
    within: Rangef,
    is_for_ever: bool,
}

impl Paint for Placing<'_> {
    /// Paints nothing: what it finds is drawn over what is pale.
    fn paint(&self, ui: &Ui, transform: &PlotTransform, _: &mut Vec<Shape>) {
        let frame = *transform.frame();
        let x = transform.position_from_point_x(self.cursor);
        for (lane, y) in self.lanes.in_view(transform) {
            let task = lane.task();
            #[cfg(test)]
            super::signs::drawn::row(task, y, self.lanes.rows.height);
            if let Some(still) = self.standstill.filter(|still| still.has(task)) {
                let wanted = still.callout(task, &self.lanes, transform);
                if let Some((kind, choices, from, within)) = wanted.filter(|_| frame.y_range().contains(y)) {
                    let at = pos2(from, y);
                    self.find(ui, Wanted { task, kind, choices, at, within, is_for_ever: true }, transform);
                    note_label(task);
                }
            } else if frame.x_range().contains(x)
                && let Some((kind, choices)) = self.lanes.callout(ui, lane, transform)
            {
                let (at, within) = (pos2(x, y), frame.x_range());
                self.find(ui, Wanted { task, kind, choices, at, within, is_for_ever: false }, transform);
                note_label(task);
            }
        }
    }
}
