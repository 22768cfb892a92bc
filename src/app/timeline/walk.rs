//! Walks the timeline through every lesson, on both axes, from the beginning of the run to its end.

#![cfg(test)]

use super::ToolCommand;
use super::signs::{self, Sign, drawn};
use crate::app::cursor::Cursor;
use crate::app::still::Part;
use crate::app::theme::BAR;
use crate::app::view::{Axis, View};
use crate::app::{App, Show};
use crate::event::{ClockKind, WaitId};
use crate::runtime::Speed;
use crate::scenarios::{self, Scenario};
use crate::session::{Plan, Session, Start};
use crate::trace::{Ending, EventIndex, SpanState, TaskStatus, WaitKind};
use egui::{Context, Pos2, RawInput, Rect, Vec2, vec2};

/// Moments of each run at which it is looked at.
const MOMENTS: usize = 12;

/// A lesson that was run to its end, as fast as it goes.
pub(super) fn run(scenario: &'static Scenario) -> Session {
    let plan = Plan { speed: Speed::MAX, ..Plan::new(scenario) };
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    let mut answered = 0;
    while session.pump_wait() {
        let record = session.record();
        let asked = |wait: &WaitId| record.catalog().wait_kind(*wait) == Some(WaitKind::Input);
        let asks = record.edge().waiting().filter(|(_, known)| known.waits.back().is_some_and(asked)).count();
        if asks > answered {
            session.answer("Ada");
            answered += 1;
        }
    }
    session
}

/// The timeline alone, of a run that is over, with room for all its lanes.
pub(super) struct Walk {
    ctx: Context,
    pub(super) app: App,
    size: Vec2,
    frames: u32,
}

/// Room for all lanes of every lesson.
const TALL: Vec2 = vec2(1440.0, 4000.0);

impl Walk {
    fn new(session: Session, size: Vec2) -> Self {
        let ctx = Context::default();
        let mut app = App::new(&ctx, Show::Run(Box::new(session)));
        app.part = Part::Timeline;
        let mut walk = Self { ctx, app, size, frames: 0 };
        walk.frame();
        walk
    }

    fn frame(&mut self) {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(f64::from(self.frames) / 60.0),
            ..RawInput::default()
        };
        self.frames += 1;
        self.ctx.run_ui(input, |ui| self.app.frame(ui)).textures_delta.clear();
    }

    /// Looks at the run as it was after so many events.
    fn look(&mut self, axis: Axis, index: EventIndex) {
        self.app.view = View::on(axis);
        self.app.cursor = Cursor::After(index);
        self.frame();
        drop(drawn::take());
        // The loop has signs of its own.
        self.app.part = Part::Loop;
        self.frame();
        self.app.part = Part::Timeline;
        drop((drawn::take_labelled(), drawn::take_places(), drawn::take_rows()));
        self.frame();
    }
}

/// A lesson's run, a few moments of it, each on both axes.
fn walk(scenario: &'static Scenario, mut see: impl FnMut(&Walk)) {
    let session = run(scenario);
    let events = session.record().log().len();
    let mut walk = Walk::new(session, TALL);
    walk.app.obey(ToolCommand::Bookmark.into());
    walk.app.obey(ToolCommand::Measure(0.0, 1.0).into());
    for axis in [Axis::Time, Axis::Steps] {
        for moment in 1..=MOMENTS {
            walk.look(axis, events * moment / MOMENTS);
            see(&walk);
        }
    }
    walk.app.obey(ToolCommand::FoldAll.into());
    walk.look(Axis::Time, events);
    see(&walk);
}

#[test]
fn every_sign_that_is_drawn_is_in_the_legend_and_every_wait_at_the_cursor_has_its_words() {
    let legend: Vec<String> = signs::ALL.iter().flat_map(|group| group.signs).map(|sign| sign.meaning()).collect();
    let mut seen: Vec<String> = Vec::new();
    let mut looked_at = 0;
    for scenario in scenarios::all() {
        walk(scenario, |walk| {
            let labelled = drawn::take_labelled();
            for meaning in drawn::take().into_iter().map(Sign::meaning) {
                assert!(legend.contains(&meaning), "{}: {meaning}", scenario.id);
                if !seen.contains(&meaning) {
                    seen.push(meaning);
                }
            }
            let (record, state) = (walk.app.record(), walk.app.state());
            let index = walk.app.point().index;
            for known in state.tasks().filter(|known| known.status == TaskStatus::Waiting) {
                // One that yields is ready from the end of its poll on, which the next event tells.
                let span = record.lane(known.task).and_then(|lane| lane.span_at(index));
                if span.is_none_or(|span| span.state != SpanState::Waiting) {
                    continue;
                }
                looked_at += 1;
                let name = record.catalog().task_name(known.task);
                let at = walk.app.point();
                assert!(
                    labelled.contains(&known.task),
                    "{}, {:?}, {at:?}: the wait of {name} has no words",
                    scenario.id,
                    walk.app.view.axis
                );
            }
        });
    }
    assert!(looked_at > 1000, "{looked_at}");
    // Nothing is missing in the record of a lesson, and nothing waits there for what has no name.
    let unseen: Vec<&String> = legend.iter().filter(|meaning| !seen.contains(meaning)).collect();
    // Of tasks that are dropped, lessons know why.
    let dropped = Ending::Dropped;
    let rare =
        [Sign::Missing, Sign::Waiting(WaitKind::Other), Sign::End(dropped), Sign::Letter(TaskStatus::Ended(dropped))];
    let rare = rare.map(Sign::meaning);
    assert!(unseen.iter().all(|meaning| rare.contains(meaning)), "{unseen:?}");
}

/// How far the words of a late timer reach above its row, in points.
const ABOVE: f32 = 5.0;
/// How far a sign on the upper edge of a bar reaches above it.
const SIGN: f32 = 7.0;

/// What lies over something else in the lanes, as they are now.
fn covered(walk: &Walk) -> Vec<String> {
    let (places, rows) = (drawn::take_places(), drawn::take_rows());
    let name = |task| walk.app.record().catalog().task_name(task);
    let mut found = Vec::new();
    for (place, (task, rect)) in places.iter().enumerate() {
        for (other, over) in &places[..place] {
            let both = rect.intersect(*over);
            if both.width() > 1.0 && both.height() > 1.0 {
                found.push(format!("{} at {rect} lies over {} at {over}", name(*task), name(*other)));
            }
        }
        let Some((_, middle, height)) = rows.iter().find(|(of, ..)| of == task) else { continue };
        let gap = height * (1.0 - BAR) / 2.0;
        let (top, bottom) = (middle - height / 2.0, middle + height / 2.0 + (gap - SIGN).min(0.0));
        if rect.top() < top - ABOVE || rect.bottom() > bottom.max(middle + 10.0) + 0.5 {
            found.push(format!("{} at {rect} leaves its row, {top} to {bottom}", name(*task)));
        }
    }
    found
}

#[test]
fn no_words_lie_over_others_or_over_the_signs_of_another_lane() {
    let mut found = Vec::new();
    let mut looked_at = 0;
    // Where time is real, bars lie elsewhere each time.
    for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual) {
        // As in a large window, in a usual one, and in a small one.
        for size in [vec2(1100.0, 700.0), vec2(680.0, 340.0), vec2(460.0, 260.0)] {
            let mut walk = Walk::new(run(scenario), size);
            let events = walk.app.record().log().len();
            let last = walk.app.record().standstill().unwrap_or(events);
            let steps: Vec<_> = walk.app.progress.steps().iter().filter_map(|step| Some(step.event()? + 1)).collect();
            let moments = (1..MOMENTS).map(|moment| events * moment / MOMENTS);
            let instants: Vec<_> = [0, last, events].into_iter().chain(steps).chain(moments).collect();
            for axis in [Axis::Time, Axis::Steps] {
                for index in &instants {
                    walk.look(axis, *index);
                    looked_at += 1;
                    let covered = covered(&walk);
                    let told = |what| format!("{} at {size}, {axis:?} after {index}: {what}", scenario.id);
                    found.extend(covered.into_iter().map(told));
                }
            }
        }
    }
    assert!(looked_at > 1000, "{looked_at}");
    assert!(found.is_empty(), "{}: {:#?}", found.len(), &found[..found.len().min(40)]);
}

#[test]
fn the_line_of_signs_in_view_has_every_sign_that_is_worth_a_word() {
    for sign in signs::ALL.iter().flat_map(|group| group.signs) {
        assert_eq!(sign.in_short().is_some(), super::legend::WORTH_TELLING.contains(sign), "{}", sign.meaning());
    }
}

#[test]
fn the_legend_tells_each_sign_once() {
    let mut meanings: Vec<String> =
        signs::ALL.iter().flat_map(|group| group.signs).map(|sign| sign.meaning()).collect();
    let all = meanings.len();
    meanings.sort();
    meanings.dedup();
    assert_eq!(meanings.len(), all);
}
