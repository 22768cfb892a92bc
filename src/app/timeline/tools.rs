//! What one does with the timeline beside looking at it, and what is kept of that while a run is shown.
//!
//! Nothing here is drawn and nothing here moves the cursor: the timeline reads it, the app changes it.

use super::bookmarks::Bookmarks;
use super::chart_choice::ChartChoice;
use super::charts::Chart;
use super::forever::Standstill;
use super::measure::Measure;
use super::order::Sort;
use super::playback::Playback;
use super::range::Spot;
use crate::app::asked::Patience;
use crate::app::command::Command;
use crate::app::explained::Explained;
use crate::app::view::Hand;
use crate::event::{Nanos, TaskId};
use crate::trace::Record;
use egui::Context;
use std::sync::Arc;

/// What the tools of the timeline hold.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    pub(crate) measure: Option<Measure>,
    pub(crate) bookmarks: Bookmarks,
    /// The cursor that runs through the record; none while it stands, or stays at the live edge.
    pub(crate) playback: Option<Playback>,
    pub(crate) arrows: Arrows,
    pub(crate) charts: ChartChoice,
    pub(crate) explained: Explained,
    /// The place of the lesson's moment whose note was dismissed.
    pub(crate) dismissed: Option<usize>,
    /// How the run came to stand still for ever, if it did.
    pub(super) standstill: Option<Standstill>,
}

/// Which wakes are drawn as arrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Arrows {
    /// All or, where they are too many to be told apart, those of the selected task.
    #[default]
    All,
    /// Those from and to the selected task.
    OfSelected,
    /// None.
    Hidden,
}

impl Arrows {
    pub(crate) const ALL: [Self; 3] = [Self::All, Self::OfSelected, Self::Hidden];

    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all wakes",
            Self::OfSelected => "wakes of the selected task",
            Self::Hidden => "no wakes",
        }
    }

    /// The one after it, and after the last the first.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::All => Self::OfSelected,
            Self::OfSelected => Self::Hidden,
            Self::Hidden => Self::All,
        }
    }
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
    /// Play what is measured again and again; or stop that.
    Loop,
    /// Mark the moment at the cursor, or take its mark away.
    Bookmark,
    /// Go to a moment.
    GoTo(Spot),
    /// Go to the bookmark after the cursor, or before it.
    NextBookmark,
    PreviousBookmark,
    /// Begin to name the bookmark at this place, or leave that.
    BeginName(Option<usize>),
    /// Name it.
    Name(usize, String),
    /// Which wakes are drawn.
    Arrows(Arrows),
    NextArrows,
    /// Show a chart, or leave it out.
    Chart(Chart),
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
    /// Take the note away of the lesson's moment at this place.
    Dismiss(usize),
}

impl From<ToolCommand> for Command {
    fn from(command: ToolCommand) -> Self {
        Self::Tool(command)
    }
}

impl Tools {
    /// Another run is shown: what belongs to the last one is gone.
    pub(crate) fn forget_run(&mut self) {
        let Self { measure, bookmarks, playback, arrows: _, charts, explained, dismissed, standstill } = self;
        (*dismissed, *standstill) = (None, None);
        (*measure, *bookmarks, *playback, *explained) = (None, Bookmarks::default(), None, Explained::default());
        charts.forget_run();
    }

    /// Brings up to date what they derive from the record; `is_whole` says that it will not grow. Whether there is more to read.
    pub(crate) fn look(
        &mut self,
        record: &Arc<Record>,
        selected: Option<TaskId>,
        now: Nanos,
        is_whole: bool,
        asks: (&Context, Patience),
    ) -> bool {
        self.charts.look(record, selected, is_whole, asks);
        if self.standstill.is_none() {
            self.standstill = Standstill::of(record);
        }
        if let Some(measure) = &mut self.measure {
            measure.look(record, selected, now);
        }
        self.charts.count(record)
    }
}
