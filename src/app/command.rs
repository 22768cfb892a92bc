//! What a panel asks for. Panels change nothing themselves: they return commands, and the app obeys.

use super::compare::Ask;
use super::cursor::Cursor;
use super::files::FileCommand;
use super::finder::Finder;
use super::focus::Way;
use super::messages::MessageId;
use super::panels::StoryTab;
use super::panes::{Edge, Pane, Place};
use super::planned::PlanCommand;
use super::present::TalkCommand;
use super::seek::SeekCommand;
use super::selection::Selection;
use super::telling::Told;
use super::timeline::ToolCommand;
use super::tour::TourCommand;
use super::view::Hand;
use super::window_place::WindowPlace;
use crate::event::{ClockKind, TaskId};
use crate::runtime::Speed;
use crate::scenarios::{Param, Scenario, Value};
use crate::trace::Languages;

/// How far a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stride {
    Event,
    Poll,
}

/// Which way to change the speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    Slower,
    Faster,
}

/// Which way everything changes its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resize {
    Larger,
    Smaller,
    Usual,
}

#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// Load a scenario; the run of another one ends.
    Load(&'static Scenario),
    /// Load a scenario and run it.
    LoadAndRun(&'static Scenario),
    /// Run, pause, go on, or run again: whatever comes next.
    RunOrPause,
    /// Begin anew with the parameters as they are now set.
    Restart,
    /// End the run.
    Stop,
    StepForward(Stride),
    StepBack(Stride),
    SetSpeed(Speed),
    ChangeSpeed(Pace),
    SetClock(ClockKind),
    SetParam(&'static Param, Value),
    /// Set parameters as on the command line, and begin the lesson anew with them, before its question.
    Try(&'static str),
    /// Answer what the run asks.
    Answer(String),
    /// Give the run no answer, now and later.
    EndInput,
    /// This stands in the field for a guess now.
    TypeGuess(String),
    /// Answer the lesson's question.
    Guess(String),
    /// Give the keyboard to what to guess with.
    GoToGuess,
    /// Give the keyboard to the next part of the window.
    GoOn(Way),
    /// Load the lesson that comes next in the course.
    NextLesson,
    /// Forget how far one is in the course; or take that back.
    StartOver,
    UndoStartOver,
    MoveCursor(Cursor),
    /// Select something, or nothing.
    Select(Selection),
    /// Select the task of the next or previous lane.
    SelectBy(i32),
    SwitchAxis,
    /// Move the timeline by a share of its width.
    Pan(f64, Hand),
    /// Show this row at the top of the timeline.
    ScrollTo(f32),
    /// Zoom the timeline by a factor around a position, or around the cursor.
    Zoom(f64, Option<f64>, Hand),
    /// Show what is measured or selected; where that is shown already, all of the run.
    Fit,
    /// What a tool of the timeline is asked for.
    Tool(ToolCommand),
    /// Something about moments.
    Seek(SeekCommand),
    UndoView,
    ShowCode(Languages),
    ShowStory(StoryTab),
    /// Tell the story of everybody, or of the selected task alone.
    Tell(Told),
    /// Select a task and go to a moment of it.
    Show(TaskId, Cursor),
    /// Something about comparing two runs.
    Compare(Ask),
    /// Present the lesson, page by page; or show the window again.
    Present,
    /// Something about the course plan.
    Plan(PlanCommand),
    /// Something about a talk.
    Talk(TalkCommand),
    SwitchTheme,
    /// To high contrast, or back.
    SwitchContrast,
    /// To less motion, or back.
    SwitchMotion,
    Resize(Resize),
    /// To the full screen, or back.
    SwitchFullScreen,
    ToggleHelp,
    /// Open the finder, or leave it.
    ToggleFinder,
    /// Look for something else in the finder.
    LookFor(Finder),
    /// Leave the finder with what was found, by its name, and do it.
    Found(String, Box<Command>),
    /// Close the window.
    Close,
    /// Put a panel away, or back.
    TogglePane(Pane),
    Put(Pane, Place),
    /// The user has moved the window of a panel, or changed its size.
    MoveWindow(Pane, WindowPlace),
    /// The user has changed the size of a panel, in points.
    ResizePane(Edge, f32),
    Tour(TourCommand),
    /// Open, save or export a run.
    File(FileCommand),
    /// Take a message away.
    Dismiss(MessageId),
    /// Leave what is open: the help, a message, the selection.
    Leave,
}
