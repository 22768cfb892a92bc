//! What the commands of the timeline's tools do.

use crate::app::App;
use crate::app::timeline::{Measure, Range, ToolCommand, find_field};
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
        self.tools.measure.take().is_some()
    }
}
