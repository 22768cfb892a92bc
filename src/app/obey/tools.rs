//! What the commands of the timeline's tools do.

use crate::app::App;
use crate::app::cursor::Cursor;
use crate::app::timeline::{Extent, Measure, Playback, Range, Spot, ToolCommand, find_field, name_field};
use crate::app::view::{Hand, Scale};

impl App {
    pub(super) fn obey_tool(&mut self, command: ToolCommand) {
        match command {
            ToolCommand::Measure(from, to) => {
                let range = Range::between(&self.scale(), from, to);
                self.tools.measure = Some(Measure::of(range));
            }
            ToolCommand::ForgetMeasure => self.tools.measure = None,
            ToolCommand::ShowRange(from, to, hand) => self.change_view(|view, scale| view.show(from, to, hand, scale)),
            ToolCommand::Find(words) => {
                if words.is_some() && self.order.sought().is_none() {
                    self.ctx.memory_mut(|memory| memory.request_focus(find_field()));
                }
                self.order.find(words);
            }
            ToolCommand::FindNext => {
                self.selected = self.order.next(self.selected.about(self.record())).into();
                self.reveal_lane();
                self.ctx.memory_mut(|memory| memory.request_focus(find_field()));
            }
            ToolCommand::Sort(sort) => self.order.sort_by(sort),
            ToolCommand::Fold(task) => self.order.fold(task),
            ToolCommand::FoldSelected => {
                if let Some(task) = self.selected.about(self.record()) {
                    self.order.fold(task);
                }
            }
            ToolCommand::FoldAll => self.order.fold_all(),
            ToolCommand::Dismiss(moment) => self.tools.dismissed = Some(moment),
            ToolCommand::Loop => {
                let is_loop = self.tools.playback.take().is_some_and(|playback| playback.is_loop());
                if let (Some(measure), false) = (&self.tools.measure, is_loop) {
                    self.play(Extent::Again(measure.range));
                }
            }
            ToolCommand::Bookmark => {
                let spot = self.spot();
                if !self.record().log().is_empty() && self.tools.bookmarks.toggle(spot).is_err() {
                    self.messages.problem("A run cannot have more bookmarks. Remove one first.");
                }
            }
            ToolCommand::GoTo(spot) => self.go_to(spot),
            ToolCommand::NextBookmark => {
                let next = self.tools.bookmarks.after(self.spot());
                next.into_iter().for_each(|spot| self.go_to(spot));
            }
            ToolCommand::PreviousBookmark => {
                let previous = self.tools.bookmarks.before(self.spot());
                previous.into_iter().for_each(|spot| self.go_to(spot));
            }
            ToolCommand::BeginName(place) => {
                self.tools.bookmarks.begin_name(place);
                if self.tools.bookmarks.named().is_some() {
                    self.ctx.memory_mut(|memory| memory.request_focus(name_field()));
                }
            }
            ToolCommand::Name(place, name) => self.tools.bookmarks.name(place, &name),
            ToolCommand::Arrows(arrows) => self.tools.arrows = arrows,
            ToolCommand::NextArrows => self.tools.arrows = self.tools.arrows.next(),
            ToolCommand::Chart(chart) => self.tools.charts.toggle(chart),
            ToolCommand::ShowMeasure => {
                if let Some(measure) = &self.tools.measure {
                    let (from, to) = measure.range.on(&self.scale());
                    self.change_view(|view, scale| view.show(from, to, Hand::Key, scale));
                }
            }
        }
    }

    fn scale(&self) -> Scale<'_> {
        Scale { axis: self.view.axis, record: self.record(), now: self.now() }
    }

    /// Begins to play what has been recorded.
    pub(in crate::app) fn play(&mut self, extent: Extent) {
        let playback = Playback::new(extent, self.point(), &self.scale());
        self.tools.playback = Some(playback);
    }

    /// Moves the cursor on where it plays the record, by the time since the last frame.
    pub(in crate::app) fn play_on(&mut self) {
        let Some(mut playback) = self.tools.playback.take() else { return };
        let seconds = self.ctx.input(|input| f64::from(input.stable_dt));
        let cursor = playback.advance(self.point(), &self.scale(), self.plan.speed, seconds);
        self.cursor = cursor.unwrap_or(Cursor::Live);
        self.tools.playback = cursor.map(|_| playback);
        self.reveal_cursor();
    }

    /// The point of the record at the cursor.
    fn spot(&self) -> Spot {
        let point = self.point();
        Spot { index: point.index, at: point.at }
    }

    fn go_to(&mut self, spot: Spot) {
        let is_later = spot.at > self.record().log().time_at(spot.index);
        self.move_cursor(if is_later { Cursor::Time(spot.at) } else { Cursor::After(spot.index) });
    }

    /// Fits what is measured, else the life of the selected task; where that is shown already, all of the run.
    pub(super) fn fit(&mut self) {
        let scale = self.scale();
        let part = match (&self.tools.measure, self.selected.about(scale.record)) {
            (Some(measure), _) => Some(measure.range.on(&scale)),
            (None, Some(task)) => scale.life_of(task),
            (None, None) => None,
        };
        self.change_view(|view, scale| view.fit(part, scale));
    }

    /// Leaves the tool that was taken up last; whether there was one.
    pub(super) fn leave_tool(&mut self) -> bool {
        if self.order.sought().is_some() {
            self.order.find(None);
            return true;
        }
        if self.seek.is_open {
            self.seek.is_open = false;
            return true;
        }
        if self.tools.playback.take().is_some() {
            return true;
        }
        self.tools.measure.take().is_some()
    }
}
