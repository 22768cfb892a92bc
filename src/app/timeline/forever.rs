//! The end of a run that nothing can bring on: its waits reach past the last event, and tasks that wait for each other are
//! joined by arrows in a circle.

use super::lanes::Lanes;
use super::layer::Paint;
use super::signs::Sign;
use super::{LaneOrder, Timeline};
use crate::app::theme::Palette;
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Hold, Holds, Record, WaitKind, wait_label};
use egui::{Rangef, Rect, Shape, Ui, pos2, vec2};
use egui_plot::PlotTransform;
use std::collections::HashMap;

/// How a run came to stand still for ever.
#[derive(Debug, Clone)]
pub(crate) struct Standstill {
    /// The index after the last event before it.
    pub(super) index: EventIndex,
    at: Nanos,
    /// Who waits then, for what sort of thing, and for what in words, the longest first.
    waits: HashMap<TaskId, (WaitKind, Vec<String>)>,
    /// Tasks that wait for each other in a circle, each with what it waits for.
    circle: HashMap<TaskId, Hold>,
}

impl Standstill {
    /// That of a run; none where it did not end so. It reads the state at one point of the record.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let index = record.standstill()?;
        let state = record.state_at(index);
        let holds = Holds::at(record, &state);
        let waits = state.waiting().map(|(task, known)| {
            let wait = known.waits.back().and_then(|wait| record.wait(*wait));
            let kind = wait.as_ref().map_or(WaitKind::Other, |wait| WaitKind::of(&wait.on));
            let words = match holds.of(task) {
                Some(Hold::Lock(lock, by)) => {
                    let (lock, by) = (record.catalog().resource_name(lock), record.catalog().task_name(by));
                    vec![format!("{lock}: held by {by}"), format!("held by {by}"), "never free".to_owned()]
                }
                _ => {
                    let what = wait.map(|wait| wait_label(record.catalog(), &wait.on));
                    let why = match kind {
                        WaitKind::Task => "what it waits for never ends",
                        WaitKind::Shared => "no task is left to bring it",
                        _ => "nothing is left to end it",
                    };
                    let what = what.as_deref().unwrap_or("something");
                    vec![
                        format!("{what}: {why}"),
                        format!("{what}: never ends"),
                        why.to_owned(),
                        "never ends".to_owned(),
                    ]
                }
            };
            (task, (kind, words))
        });
        let circle = holds.circles().into_iter().next().into_iter().flatten().collect();
        let waits = waits.collect();
        Some(Self { index, at: record.log().time_at(index), waits, circle })
    }

    /// What is to be said of a task that waits for ever: the longest words first, from where on, and in which range.
    pub(super) fn callout(
        &self,
        task: TaskId,
        lanes: &Lanes<'_>,
        transform: &PlotTransform,
    ) -> Option<(WaitKind, Vec<String>, f32, Rangef)> {
        // The end of the run has dropped it.
        lanes.state.task(task)?;
        let (kind, words) = self.waits.get(&task)?;
        let frame = transform.frame();
        let from = self.begin(lanes, transform);
        // The arrows of a circle have the room before the sign.
        let beside = if self.circle.contains_key(&task) { FROM_RIGHT + SWING } else { SIGN };
        let room = Rangef::new(frame.left(), frame.right() - beside);
        (from <= frame.right() - SIGN).then(|| (*kind, words.clone(), from.max(frame.left()), room))
    }

    /// Where it begins, on the screen.
    fn begin(&self, lanes: &Lanes<'_>, transform: &PlotTransform) -> f32 {
        transform.position_from_point_x(lanes.place(self.index.saturating_sub(1), self.at))
    }

    /// Whether a task waits for ever.
    pub(super) fn has(&self, task: TaskId) -> bool {
        self.waits.contains_key(&task)
    }
}

/// How far the arrows of a circle lie from the right end, and how far they swing out, in points.
const FROM_RIGHT: f32 = 54.0;
const SWING: f32 = 28.0;
/// The room for the sign of what has no end, at the right, in points.
const SIGN: f32 = 20.0;
/// Width of an arrow of a circle, in points.
const WEIGHT: f32 = 2.5;

/// What is drawn of it: over what is pale, where the cursor has come to it.
pub(super) struct ForEver<'a> {
    standstill: Option<&'a Standstill>,
    lanes: Lanes<'a>,
    order: &'a LaneOrder,
    palette: &'static Palette,
}

impl<'a> ForEver<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, lanes: Lanes<'a>, palette: &'static Palette) -> Self {
        let standstill = timeline.tools.standstill.as_ref().filter(|still| timeline.point.index >= still.index);
        Self { standstill, lanes, order: timeline.order, palette }
    }

    /// Whether a task waits still: the end of the run has not dropped it.
    fn waits(&self, task: TaskId) -> bool {
        self.lanes.state.task(task).is_some()
    }

    /// An arrow for each task of the circle to the one that it waits for: those that go down swing to the right, those that go
    /// up to the left.
    fn circle(&self, still: &Standstill, frame: Rect, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        for (lane, from) in self.lanes.in_view(transform) {
            let Some(hold) =
                still.circle.get(&lane.task()).filter(|hold| self.waits(lane.task()) && self.waits(hold.by()))
            else {
                continue;
            };
            let Some(to) = self.order.middle(hold.by(), transform) else { continue };
            let down = (to - from).signum();
            let x = frame.right() - FROM_RIGHT;
            let swing = vec2(down * (SWING + (to - from).abs().sqrt()), 0.0);
            let (start, tip) = (pos2(x + down * 3.0, from + down * 2.0), pos2(x + down * 3.0, to - down * 3.0));
            let curve = [start, start + swing, tip + swing, tip];
            Sign::Cycle.curve(curve, self.palette.bad, WEIGHT, shapes);
        }
    }
}

impl Paint for ForEver<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Some(still) = self.standstill else { return };
        let frame = *transform.frame();
        let from = still.begin(&self.lanes, transform);
        if from > frame.right() - SIGN {
            return;
        }
        let mut bars = self.lanes.bars();
        let waiting = self.lanes.in_view(transform).filter(|(lane, _)| self.waits(lane.task()));
        let shown = waiting.filter_map(|(lane, y)| {
            let (kind, _) = still.waits.get(&lane.task()).filter(|_| frame.y_range().contains(y))?;
            Some((y, *kind))
        });
        let shown: Vec<_> = shown.collect();
        for (y, kind) in &shown {
            let bar = Rangef::point(*y).expand(self.lanes.rows.half_bar());
            bars.add(Sign::Waiting(*kind), Rect::from_x_y_ranges(from.max(frame.left())..=frame.right(), bar));
        }
        shapes.extend(bars.shapes());
        self.circle(still, frame, transform, shapes);
        for (y, kind) in shown {
            let sign = pos2(frame.right() - SIGN + 2.0, y);
            let plate = Rect::from_center_size(sign + vec2(6.0, 0.0), vec2(18.0, 16.0));
            shapes.push(Shape::rect_filled(plate, 2.0, self.palette.wait(kind).fill));
            Sign::ForEver.write(ui, sign, "", self.palette, shapes);
        }
        for callout in self.lanes.places.callouts().iter().filter(|callout| callout.is_for_ever) {
            callout.paint(&self.lanes, shapes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::run;
    use super::*;
    use crate::scenarios;

    fn still(lesson: &str) -> (Vec<String>, Vec<(String, String)>) {
        let session = run(scenarios::find(lesson).unwrap());
        let Some(still) = Standstill::of(session.record()) else { return Default::default() };
        let name = |task| session.record().catalog().task_name(task).to_owned();
        let mut waits: Vec<TaskId> = still.waits.keys().copied().collect();
        waits.sort();
        let waits = waits.into_iter().map(name).collect();
        (waits, still.circle.iter().map(|(task, hold)| (name(*task), name(hold.by()))).collect())
    }

    #[test]
    fn those_who_wait_for_each_other_are_a_circle_and_those_who_wait_for_them_are_none() {
        let (waits, mut circle) = still("deadlock");
        assert_eq!(waits, ["main", "ann-to-bob", "bob-to-ann"]);
        circle.sort();
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(circle, [pair("ann-to-bob", "bob-to-ann"), pair("bob-to-ann", "ann-to-bob")]);
    }

    #[test]
    fn who_waits_for_what_nobody_does_is_in_no_circle() {
        let (waits, circle) = still("lost-wakeup");
        assert!(!waits.is_empty() && circle.is_empty(), "{waits:?} {circle:?}");
    }

    #[test]
    fn a_run_that_ends_by_itself_has_no_standstill() {
        assert_eq!(still("create-task"), Default::default());
    }
}
