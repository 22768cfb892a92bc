//! Movement: a chip that stands elsewhere than in the frame before glides there.
//!
//! Where each chip stands is decided without this: here is only remembered where it was drawn last. What is under the
//! pointer, and what is read aloud, is at its place at once.

use crate::event::TaskId;
use egui::{Context, Id, Pos2, Rect, Ui, Vec2};
use std::collections::HashMap;
use std::time::Duration;

/// How long a chip glides, in seconds.
const DURATION: f64 = 0.15;
/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(8);
/// Less than this, in points, is no movement: sizes of text differ by a fraction from frame to frame.
const LEAST: f32 = 2.0;

/// Whether chips glide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moves {
    Glide,
    /// They are where they belong at once: things change faster than one can follow, or nothing is to move.
    AtOnce,
}

/// The part of the loop that a chip stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Ready,
    Running,
    Waiting,
    Done,
}

/// Where a chip was drawn.
#[derive(Debug, Clone, Copy)]
struct Stand {
    place: Place,
    /// Its corner within what its box holds, so that scrolling is no movement.
    within: Vec2,
    /// Its corner on the screen, as drawn.
    drawn: Pos2,
    flight: Option<Flight>,
}

/// A way that a chip is on.
#[derive(Debug, Clone, Copy)]
struct Flight {
    from: Pos2,
    /// When it began, in seconds of the window's time.
    since: f64,
    path: Path,
}

/// Where a chip's way leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// Nowhere: it stands.
    Rest,
    /// To another place in the same box.
    Within,
    /// To another box, above whatever lies between.
    Across,
}

#[derive(Debug, Clone, Default)]
struct Memory {
    stands: HashMap<TaskId, Stand>,
    /// The size of the whole: a change of it moves everything, and is no movement of the tasks.
    size: Vec2,
}

/// The chips of this frame and of the one before.
pub(super) struct Stage {
    id: Id,
    ctx: Context,
    time: f64,
    glides: bool,
    before: Memory,
    now: Memory,
}

impl Stage {
    pub(super) fn begin(ui: &Ui, area: Rect, moves: Moves) -> Self {
        let id = ui.scope_id().with("chips");
        let before: Memory = ui.data_mut(|data| std::mem::take(data.get_temp_mut_or_default(id)));
        Self {
            id,
            ctx: ui.ctx().clone(),
            time: ui.input(|input| input.time),
            glides: moves == Moves::Glide && before.size == area.size(),
            before,
            now: Memory { stands: HashMap::new(), size: area.size() },
        }
    }

    /// Where to draw the chip of a task that stands at `rect`, in a box whose contents begin at `origin`. A task that was
    /// not there before comes from where its parent stood.
    pub(super) fn drawn_at(
        &mut self,
        task: TaskId,
        parent: Option<TaskId>,
        place: Place,
        rect: Rect,
        origin: Pos2,
    ) -> (Rect, Path) {
        let within = rect.min - origin;
        let before = self.before.stands.get(&task);
        let begin = |from: &Stand, path| Some(Flight { from: from.drawn, since: self.time, path });
        let flight = match before {
            _ if !self.glides => None,
            None => parent.and_then(|parent| self.before.stands.get(&parent)).and_then(|it| begin(it, Path::Across)),
            Some(before) if before.place != place => begin(before, Path::Across),
            Some(before) if (before.within - within).length() > LEAST => {
                // Who comes from another box and is pushed aside on the way still comes from there.
                let way = before.flight.map_or(Path::Within, |flight| flight.path);
                begin(before, way)
            }
            Some(before) => before.flight,
        };
        let flight = flight.filter(|flight| self.time - flight.since < DURATION);
        let drawn = flight.map_or(rect.min, |flight| {
            let left = 1.0 - ((self.time - flight.since) / DURATION) as f32;
            rect.min + (flight.from - rect.min) * left.powi(3)
        });
        self.now.stands.insert(task, Stand { place, within, drawn, flight });
        (Rect::from_min_size(drawn, rect.size()), flight.map_or(Path::Rest, |flight| flight.path))
    }

    /// Keeps the places for the next frame, which comes at once while anything moves.
    pub(super) fn end(self) {
        if self.now.stands.values().any(|stand| stand.flight.is_some()) {
            self.ctx.request_repaint_after(FRAME);
        }
        self.ctx.data_mut(|data| data.insert_temp(self.id, self.now));
    }
}
