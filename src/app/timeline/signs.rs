//! Every sign that the timeline draws: one table, from which the lanes take their shapes and the legend its rows.
//!
//! A sign is drawn by [`Sign::paint`], [`Sign::curve`], or [`Bars`](super::bars::Bars), and by nothing else: so that what
//! is drawn is in the table.

use crate::app::theme::{Palette, bold};
use crate::event::{EnqueueCause, TaskId};
use crate::trace::{Ending, TaskStatus, WaitKind};
use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

/// What a sign stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A bar: the task runs.
    Running,
    /// A bar: it is ready.
    Ready,
    /// A bar: it waits.
    Waiting(WaitKind),
    /// Bars too close together to be told apart.
    Merged,
    /// A strip on a poll that blocks the loop.
    Blocks,
    /// A strip from when a timer was due to when the loop came to it.
    Late,
    /// The line in the code at which a task waits.
    Line,
    /// The thread on which a poll ran.
    Thread,
    /// A timer that is set, from the cursor to when it is due.
    UntilDue,
    /// When a timer is due that is set.
    Due,
    /// When a time limit is up that is set.
    Limit,
    /// A timer that is due, and that the loop has not come to.
    Overdue,
    /// A timer that fired.
    Fired,
    /// A time limit that was up.
    LimitFired,
    /// A task made another ready.
    Wake,
    /// How a task ended.
    End(Ending),
    /// Tasks that wait for each other.
    Cycle,
    /// A wait that nothing can end.
    ForEver,
    /// The cursor.
    Cursor,
    /// What comes after the cursor.
    Future,
    /// What the task waits for at the cursor, where its bar has no room for it.
    Callout(WaitKind),
    /// A moment that the lesson tells to look for.
    Moment,
    /// The last of them before the cursor.
    LatestMoment,
    /// A bookmark.
    Bookmark,
    /// A sleep of the loop, on the steps axis.
    Slept,
    /// Events that are missing.
    Missing,
    /// A step: a number of the steps axis.
    Step,
    /// A measured range.
    Measured,
    /// The letter beside a name.
    Letter(TaskStatus),
    /// A task's colour.
    Dot,
    /// A place of something shared that is taken: a permit that a task holds, an item in a queue.
    Taken,
    /// One that is free.
    Free,
    /// A bar beside a timer: what is left of it.
    Left,
    /// The triangle that folds away what a task spawned, or brings it back.
    Fold { is_folded: bool },
}

/// Some of the signs, under a heading.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) signs: &'static [Sign],
}

/// All of them, as the legend has them.
pub(crate) const ALL: [Group; 7] = [
    Group {
        name: "What a task does",
        signs: &[
            Sign::Running,
            Sign::Ready,
            Sign::Waiting(WaitKind::Timer),
            Sign::Waiting(WaitKind::Shared),
            Sign::Waiting(WaitKind::Task),
            Sign::Waiting(WaitKind::Io),
            Sign::Waiting(WaitKind::Job),
            Sign::Waiting(WaitKind::Input),
            Sign::Waiting(WaitKind::Other),
            Sign::Merged,
        ],
    },
    Group {
        name: "On the bars",
        signs: &[Sign::Line, Sign::Callout(WaitKind::Timer), Sign::Thread, Sign::Blocks, Sign::Late],
    },
    Group { name: "In the loop", signs: &[Sign::Taken, Sign::Free, Sign::Left] },
    Group {
        name: "Timers",
        signs: &[Sign::UntilDue, Sign::Due, Sign::Limit, Sign::Overdue, Sign::Fired, Sign::LimitFired],
    },
    Group {
        name: "Beside the names, at the cursor",
        signs: &[
            Sign::Letter(TaskStatus::Running),
            Sign::Letter(TaskStatus::Ready(EnqueueCause::Spawned)),
            Sign::Letter(TaskStatus::Waiting),
            Sign::Letter(TaskStatus::Ended(Ending::Returned)),
            Sign::Letter(TaskStatus::Ended(Ending::Failed)),
            Sign::Letter(TaskStatus::Ended(Ending::Panicked)),
            Sign::Letter(TaskStatus::Ended(Ending::Cancelled)),
            Sign::Letter(TaskStatus::Ended(Ending::CutOff)),
            Sign::Letter(TaskStatus::Ended(Ending::Dropped)),
            Sign::Dot,
            Sign::Fold { is_folded: false },
            Sign::Fold { is_folded: true },
        ],
    },
    Group {
        name: "Along the axis",
        signs: &[
            Sign::Cursor,
            Sign::Future,
            Sign::Moment,
            Sign::LatestMoment,
            Sign::Bookmark,
            Sign::Step,
            Sign::Slept,
            Sign::Measured,
            Sign::Missing,
        ],
    },
    Group {
        name: "Between lanes, and at their ends",
        signs: &[
            Sign::Wake,
            Sign::End(Ending::Returned),
            Sign::End(Ending::Failed),
            Sign::End(Ending::Panicked),
            Sign::End(Ending::Cancelled),
            Sign::End(Ending::CutOff),
            Sign::End(Ending::Dropped),
            Sign::Cycle,
            Sign::ForEver,
        ],
    },
];

impl Sign {
    /// What it says, in words.
    pub(crate) fn meaning(self) -> String {
        let words = match self {
            Self::Running => "running",
            Self::Ready => "ready: in the queue, and waits for its turn",
            Self::Waiting(kind) => return format!("waits for {}", kind.name()),
            Self::Merged => "too much at once: running below, ready above; zoom in",
            Self::Blocks => "blocks the loop: nothing else runs meanwhile",
            Self::Late => "late: from when the timer was due to when it fired",
            Self::Line => "the line in the code at which it waits",
            Self::Thread => "the thread on which it runs",
            Self::UntilDue => "until a timer is due that is set",
            Self::Due => "a timer is due then",
            Self::Limit => "a time limit is up then",
            Self::Overdue => "a timer is due, and has not fired yet",
            Self::Fired => "a timer fired",
            Self::LimitFired => "a time limit was up",
            Self::Wake => "a task makes another ready",
            Self::End(ending) => return format!("it {}", ending.verb()),
            Self::Cycle => "waits for what the other holds: a deadlock",
            Self::ForEver => "nothing can end this wait",
            Self::Cursor => "the cursor",
            Self::Future => "pale: after the cursor",
            Self::Callout(_) => "what it waits for at the cursor, and for how long",
            Self::Moment => "a moment to look for; a click goes there",
            Self::LatestMoment => "the last of them before the cursor",
            Self::Bookmark => "a bookmark of yours",
            Self::Slept => "the loop sleeps, and for how long; one step wide",
            Self::Missing => "events are missing",
            Self::Step => "a step: a poll or a sleep; what begins inside happened during it",
            Self::Measured => "the range that is measured",
            Self::Taken => "taken: a permit that a task holds, in its colour; or an item in a queue",
            Self::Free => "a free place: a permit, or room in a queue",
            Self::Left => "what is left of a timer",
            Self::Dot => "the task's colour, here and in the code",
            Self::Fold { is_folded: false } => "a click folds away what the task spawned",
            Self::Fold { is_folded: true } => "a click brings it back; the number says how many",
            Self::Letter(TaskStatus::Running) => "is running",
            Self::Letter(TaskStatus::Ready(_)) => "is ready, in the queue",
            Self::Letter(TaskStatus::Waiting) => "is waiting",
            Self::Letter(TaskStatus::Ended(ending)) => return ending.verb().to_owned(),
        };
        words.to_owned()
    }

    /// What it says, in a word or two; none where words or letters stand beside it, or what it means shows by itself.
    pub(crate) fn in_short(self) -> Option<&'static str> {
        Some(match self {
            Self::Blocks => "blocks the loop",
            Self::Late => "late",
            Self::Cycle => "deadlock",
            Self::ForEver => "nothing ends it",
            Self::Slept => "the loop sleeps",
            Self::Due => "timer due",
            Self::Overdue => "timer overdue",
            Self::Fired => "timer fired",
            Self::Limit => "limit up then",
            Self::LimitFired => "limit was up",
            Self::UntilDue => "until due",
            Self::Wake => "wakes",
            Self::End(Ending::Returned) => "returned",
            Self::Merged => "too much at once",
            Self::Thread => "thread",
            Self::Taken => "item, or taken",
            Self::Free => "free",
            Self::Moment => "look for",
            Self::LatestMoment => "seen last",
            Self::Future => "later",
            Self::Line => "line",
            Self::Bookmark => "bookmark",
            Self::Measured => "measured",
            Self::Running
            | Self::Ready
            | Self::Waiting(_)
            | Self::End(_)
            | Self::Cursor
            | Self::Callout(_)
            | Self::Missing
            | Self::Step
            | Self::Letter(_)
            | Self::Dot
            | Self::Left
            | Self::Fold { .. } => return None,
        })
    }

    /// Draws it in a place: as large as it says, or in its middle.
    pub(super) fn paint(self, palette: &Palette, place: Rect, shapes: &mut Vec<Shape>) {
        self.note();
        let middle = place.center();
        match self {
            Self::Late => {
                shapes.push(Shape::rect_filled(place, 0.0, palette.blocking));
            }
            Self::UntilDue => {
                let line = Stroke::new(1.0, palette.weak);
                let ends = [place.left_center(), place.right_center()];
                shapes.extend(Shape::dashed_line(&ends, line, 3.0, 4.0));
            }
            Self::Due => shapes.push(hourglass(middle, 6.0, palette.text, Glass::Full)),
            Self::Limit => shapes.push(hourglass(middle, 6.0, palette.text, Glass::Empty)),
            Self::Fired => shapes.push(hourglass(middle, 4.0, palette.text, Glass::Full)),
            Self::LimitFired => shapes.push(hourglass(middle, 4.0, palette.text, Glass::Empty)),
            Self::Overdue => {
                shapes.push(hourglass(middle, 4.0, palette.bad, Glass::Full));
            }
            Self::End(Ending::Returned) => {
                shapes.push(Shape::circle_stroke(middle, 3.5, Stroke::new(1.6, palette.good)));
            }
            Self::Cursor => {
                shapes.push(Shape::vline(middle.x, place.y_range(), Stroke::new(1.5, palette.running)));
            }
            Self::Future => shapes.push(Shape::rect_filled(place, 0.0, palette.veil)),
            Self::Callout(kind) => {
                let look = palette.wait(kind);
                let (fill, stroke) = (look.fill, Stroke::new(1.0, look.lines));
                shapes.push(Shape::Rect(egui::epaint::RectShape::new(place, 3.0, fill, stroke, StrokeKind::Inside)));
            }
            Self::Moment | Self::LatestMoment => {
                let fill = if self == Self::LatestMoment { palette.running } else { palette.raised };
                let stroke = Stroke::new(1.0, palette.weak);
                let round = place.height() / 2.0;
                shapes.push(Shape::Rect(egui::epaint::RectShape::new(place, round, fill, stroke, StrokeKind::Inside)));
            }
            Self::Bookmark => shapes.push(Shape::rect_filled(place, 2.0, palette.text)),
            Self::Slept => {
                let line = Stroke::new(1.0, palette.weak);
                let ends = [pos2(middle.x, place.top()), pos2(middle.x, place.bottom())];
                shapes.extend(Shape::dashed_line(&ends, line, 3.0, 4.0));
            }
            Self::Missing => {
                shapes.push(Shape::rect_filled(place, 0.0, palette.panel));
                for x in [place.left(), place.right()] {
                    shapes.push(Shape::vline(x, place.y_range(), Stroke::new(1.0, palette.bad)));
                }
            }
            Self::Measured => {
                shapes.push(Shape::rect_filled(place, 0.0, palette.running.gamma_multiply(0.16)));
            }
            Self::Taken | Self::Free => {
                let taken = Some(palette.text).filter(|_| self == Self::Taken);
                shapes.push(place_of(Rect::from_center_size(middle, vec2(8.0, 8.0)), taken, palette));
            }
            Self::Left => {
                let bar = Rect::from_center_size(middle, vec2(place.width(), 3.5));
                shapes.extend(what_is_left(bar, 0.6, palette));
            }
            Self::Fold { is_folded } => {
                let corners = if is_folded {
                    [vec2(-2.5, -4.5), vec2(3.0, 0.0), vec2(-2.5, 4.5)]
                } else {
                    [vec2(-4.5, -2.5), vec2(4.5, -2.5), vec2(0.0, 3.0)]
                };
                let corners = corners.map(|by| middle + by).to_vec();
                shapes.push(Shape::convex_polygon(corners, palette.weak, Stroke::NONE));
            }
            // Bars go into meshes, arrows are curves, and the rest is words.
            Self::Running
            | Self::Ready
            | Self::Waiting(_)
            | Self::Merged
            | Self::Blocks
            | Self::Wake
            | Self::Cycle
            | Self::Line
            | Self::Thread
            | Self::Step
            | Self::Dot
            | Self::ForEver
            | Self::End(_)
            | Self::Letter(_) => {}
        }
    }

    /// Draws an arrow along a curve; `weight` is the width of its line, in points.
    pub(super) fn curve(self, curve: [Pos2; 4], color: Color32, weight: f32, shapes: &mut Vec<Shape>) {
        self.note();
        let stroke = Stroke::new(weight, color);
        shapes.push(CubicBezierShape::from_points_stroke(curve, false, Color32::TRANSPARENT, stroke).into());
        let [.., before, tip] = curve;
        let back = tip - (tip - before).normalized() * (5.0 + weight * 1.5);
        let across = (tip - before).normalized().rot90() * (2.0 + weight);
        shapes.push(Shape::convex_polygon(vec![tip, back + across, back - across], color, Stroke::NONE));
    }

    /// The words that it is, where it is words; with their colour.
    pub(super) fn words(self, palette: &Palette) -> Option<(&'static str, Color32)> {
        let words = match self {
            Self::Line => (":19", palette.text),
            Self::Step => ("3", palette.weak),
            Self::Thread => ("T1", palette.on_running),
            Self::ForEver => ("∞", palette.bad),
            // That it returned is a ring.
            Self::End(ending) if ending != Ending::Returned => palette.ending(ending),
            _ => return None,
        };
        Some(words)
    }

    /// Draws the words that it is, with what is to be said beside; how far they reach to the right.
    pub(super) fn write(self, ui: &Ui, left: Pos2, beside: &str, palette: &Palette, shapes: &mut Vec<Shape>) -> f32 {
        self.note();
        let Some((words, color)) = self.words(palette) else { return left.x };
        let words = if beside.is_empty() { words.to_owned() } else { format!("{words} {beside}") };
        let size = if self == Self::ForEver { 18.0 } else { 12.0 };
        let galley = ui.painter().layout_no_wrap(words, bold(size), color);
        let place = egui::Align2::LEFT_CENTER.anchor_size(left, galley.size());
        shapes.push(Shape::galley(place.min, galley, color));
        place.right()
    }
}

/// How an hourglass is drawn.
#[derive(Clone, Copy)]
enum Glass {
    Full,
    Empty,
}

/// Draws a place of something shared: with the colour that it is taken in, or free.
pub(crate) fn paint_place(painter: &Painter, place: Rect, taken: Option<Color32>, palette: &Palette) {
    if taken.is_some() { Sign::Taken } else { Sign::Free }.note();
    painter.add(place_of(place, taken, palette));
}

fn place_of(place: Rect, taken: Option<Color32>, palette: &Palette) -> Shape {
    match taken {
        Some(color) => Shape::rect_filled(place, 2.0, color),
        None => Shape::rect_stroke(place, 2.0, Stroke::new(1.0, palette.weak), StrokeKind::Inside),
    }
}

/// Draws what is left of a timer: a share of all of it.
pub(crate) fn paint_left(painter: &Painter, bar: Rect, share: f32, palette: &Palette) {
    Sign::Left.note();
    painter.extend(what_is_left(bar, share, palette));
}

fn what_is_left(bar: Rect, share: f32, palette: &Palette) -> [Shape; 2] {
    let filled = bar.with_max_x(bar.left() + bar.width() * share.clamp(0.0, 1.0));
    [Shape::rect_filled(bar, 2.0, palette.raised), Shape::rect_filled(filled, 2.0, palette.running)]
}

/// Two triangles, tip to tip.
fn hourglass(center: Pos2, half: f32, color: Color32, glass: Glass) -> Shape {
    let triangle = |up: f32| {
        let corners = vec![center, center + vec2(-half * 0.8, up * half), center + vec2(half * 0.8, up * half)];
        match glass {
            Glass::Full => Shape::convex_polygon(corners, color, Stroke::NONE),
            Glass::Empty => Shape::closed_line(corners, Stroke::new(1.2, color)),
        }
    };
    Shape::Vec(vec![triangle(-1.0), triangle(1.0)])
}

impl Sign {
    /// Tells the legend, and a test, that it is drawn.
    #[inline]
    pub(super) fn note(self) {
        in_view::add(self);
        #[cfg(test)]
        drawn::add(self);
    }
}

/// Which signs are drawn in a frame: the legend tells those that are in view.
pub(super) mod in_view {
    use super::Sign;
    use std::cell::RefCell;

    thread_local! {
        static SIGNS: RefCell<Vec<Sign>> = const { RefCell::new(Vec::new()) };
    }

    #[inline]
    pub(super) fn add(sign: Sign) {
        SIGNS.with_borrow_mut(|signs| {
            // Mostly it is the one that was drawn before.
            if signs.last() != Some(&sign) && !signs.contains(&sign) {
                signs.push(sign);
            }
        });
    }

    /// Those that were drawn on this thread since it was asked last.
    pub(crate) fn take() -> Vec<Sign> {
        SIGNS.take()
    }

    /// Brings back what was taken, and forgets what was drawn since.
    pub(crate) fn put_back(signs: Vec<Sign>) {
        SIGNS.set(signs);
    }
}

/// Tells a test that it is said what a task waits for at the cursor.
#[inline]
pub(super) fn note_label(task: TaskId) {
    #[cfg(test)]
    drawn::label(task);
    #[cfg(not(test))]
    let _ = task;
}

/// What a test learns of what was drawn.
#[cfg(test)]
pub(super) mod drawn {
    use super::Sign;
    use crate::event::TaskId;
    use egui::Rect;
    use std::cell::RefCell;

    thread_local! {
        static SIGNS: RefCell<Vec<Sign>> = const { RefCell::new(Vec::new()) };
        static LABELLED: RefCell<Vec<TaskId>> = const { RefCell::new(Vec::new()) };
        static PLACES: RefCell<Vec<(TaskId, Rect)>> = const { RefCell::new(Vec::new()) };
        static ROWS: RefCell<Vec<(TaskId, f32, f32)>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn add(sign: Sign) {
        SIGNS.with_borrow_mut(|signs| {
            if !signs.contains(&sign) {
                signs.push(sign);
            }
        });
    }

    /// It is said what a task waits for at the cursor.
    pub(crate) fn label(task: TaskId) {
        LABELLED.with_borrow_mut(|tasks| tasks.push(task));
    }

    /// Words stand there, in the lane of that task.
    pub(crate) fn place(task: TaskId, place: Rect) {
        PLACES.with_borrow_mut(|places| places.push((task, place)));
    }

    /// The row of a task has its middle there, and is so high.
    pub(crate) fn row(task: TaskId, middle: f32, height: f32) {
        ROWS.with_borrow_mut(|rows| rows.push((task, middle, height)));
    }

    /// The rows that were drawn on this thread since it was asked last.
    pub(crate) fn take_rows() -> Vec<(TaskId, f32, f32)> {
        ROWS.take()
    }

    /// Where words stood on this thread since it was asked last.
    pub(crate) fn take_places() -> Vec<(TaskId, Rect)> {
        PLACES.take()
    }

    /// The signs that were drawn on this thread since it was asked last.
    pub(crate) fn take() -> Vec<Sign> {
        SIGNS.take()
    }

    /// The tasks of which it was said what they wait for at the cursor, since it was asked last.
    pub(crate) fn take_labelled() -> Vec<TaskId> {
        LABELLED.take()
    }
}
