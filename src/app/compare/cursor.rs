//! The one cursor of two runs.
//!
//! It belongs to the run that was clicked last; in the other it stands at the same place of the axis: the same time, or
//! the same number of steps. Where a run is over before, it stays at its end.

use super::{Compare, Which};
use crate::app::command::Stride;
use crate::app::cursor::{Cursor, Point};
use crate::app::timeline::{Extent, Playback};
use crate::app::view::Axis;
use egui::Context;

impl Compare {
    /// Plays both runs from the cursor on, at their end from their beginning; or holds the cursor.
    pub(super) fn play_or_halt(&mut self) {
        if self.playback.take().is_some() || !self.is_ready() {
            return;
        }
        if self.cursor == Cursor::Live {
            self.move_cursor(self.longer(), Cursor::After(0));
        }
        // The longer run has a place for all that either does.
        let longer = self.longer();
        let scale = self.side(longer).scale(self.view.axis);
        self.playback = Some(Playback::new(Extent::ToTheEnd, self.point(longer), &scale));
    }

    /// Moves the cursor on where both are played, by the time since the last frame.
    pub(super) fn play_on(&mut self, ctx: &Context) {
        let Some(mut playback) = self.playback.take() else { return };
        let longer = self.longer();
        let scale = self.side(longer).scale(self.view.axis);
        let seconds = ctx.input(|input| f64::from(input.stable_dt));
        let cursor = playback.advance(self.point(longer), &scale, self.speed, seconds);
        self.move_cursor(longer, cursor.unwrap_or(Cursor::Live));
        self.playback = cursor.map(|_| playback);
        ctx.request_repaint();
    }

    /// The run that the cursor belongs to: at the end of both, the longer one.
    pub(super) fn lead(&self) -> Which {
        if self.cursor == Cursor::Live { self.longer() } else { self.lead }
    }

    /// The cursor's place on the axis.
    pub(super) fn position(&self) -> f64 {
        let lead = self.lead();
        let point = self.point(lead);
        self.side(lead).scale(self.view.axis).point(point.index, point.at)
    }

    /// The cursor's point in one of the runs.
    pub(super) fn point(&self, which: Which) -> Point {
        let lead = self.side(self.lead());
        let point = self.cursor.point(lead.run.record(), lead.run.now());
        if which == self.lead() {
            return point;
        }
        let (lead, here) = (lead.scale(self.view.axis), self.side(which).scale(self.view.axis));
        if point.index == 0 {
            return Cursor::After(0).point(here.record, here.now);
        }
        match self.view.axis {
            // It is over, and time goes on.
            Axis::Time if point.at >= here.now => Point { index: here.record.log().len(), at: point.at, is_live: true },
            Axis::Time => Cursor::Time(point.at).point(here.record, here.now),
            Axis::Steps => here.cursor_at(lead.point(point.index, point.at)).point(here.record, here.now),
        }
    }

    /// The next event or poll of either run, whichever comes first.
    pub(super) fn next(&self, stride: Stride) -> (Which, Cursor) {
        let lead = self.lead();
        let after = |which: Which| {
            let (point, record) = (self.point(which), self.side(which).run.record());
            let cursor = match stride {
                Stride::Event => point.next_event(record.log()),
                Stride::Poll => point.next_poll(record),
            };
            Some((which, cursor?))
        };
        let (here, there) = (after(lead), after(lead.other()));
        match (here, there) {
            (Some(here), Some(there)) if self.place(there) < self.place(here) => there,
            (Some(here), _) => here,
            (None, Some(there)) => there,
            (None, None) => (lead, Cursor::Live),
        }
    }

    /// The event or poll before, of either run, whichever comes last.
    pub(super) fn previous(&self, stride: Stride) -> (Which, Cursor) {
        let lead = self.lead();
        let before = |which: Which| {
            let (point, record) = (self.point(which), self.side(which).run.record());
            let cursor = match stride {
                Stride::Event => point.previous_event(record.log()),
                Stride::Poll => point.previous_poll(record),
            };
            (which, cursor)
        };
        let (here, there) = (before(lead), before(lead.other()));
        // What the other run did in the same instant counts as done with it: only what was before is a step back.
        let is_back = self.place(there) < self.position() && self.place(there) > self.place(here);
        if is_back { there } else { here }
    }

    /// Where a cursor of one of the runs lies on the axis.
    fn place(&self, (which, cursor): (Which, Cursor)) -> f64 {
        let scale = self.side(which).scale(self.view.axis);
        let point = cursor.point(scale.record, scale.now);
        scale.point(point.index, point.at)
    }
}
