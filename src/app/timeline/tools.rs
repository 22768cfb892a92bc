//! What one does with the timeline beside looking at it, and what is kept of that while a run is shown.
//!
//! Nothing here is drawn and nothing here moves the cursor: the timeline reads it, the app changes it.

use super::measure::Measure;
use super::order::Sort;
use crate::app::command::Command;
use crate::app::view::Hand;
use crate::event::{Nanos, TaskId};
use crate::trace::Record;

/// What the tools of the timeline hold.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    pub(crate) measure: Option<Measure>,
}

/// What a tool is asked for. Positions are those of the axis that is shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ToolCommand {
    /// Measure what lies between two positions.
    Measure(f64, f64),
    /// Take the measured range away.
    ForgetMeasure,
    /// Show what lies between two positions.
    ShowRange(f64, f64, Hand),
    /// Show what is measured.
    ShowMeasure,
    /// Show only the lanes of tasks with these letters in their name; all again where there are none.
    Find(Option<String>),
    /// Select the task of the next lane.
    FindNext,
    /// What comes first among the tasks that one task spawned.
    Sort(Sort),
    /// Fold away what is below a task, or bring it back.
    Fold(TaskId),
    /// The same for the selected task.
    FoldSelected,
    /// The same for all.
    FoldAll,
}

impl From<ToolCommand> for Command {
    fn from(command: ToolCommand) -> Self {
        Self::Tool(command)
    }
}

impl Tools {
    /// Brings up to date what they derive from the record.
    pub(crate) fn look(&mut self, record: &Record, selected: Option<TaskId>, now: Nanos) {
        if let Some(measure) = &mut self.measure {
            measure.look(record, selected, now);
        }
    }
}
