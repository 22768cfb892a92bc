//! Every command that has a name: one table, from which keys are read, the help is written and commands are found.
//!
//! It says what there is; `keys` reads the keyboard, and `obey` does what is asked for.

use super::command::{Command, Pace, Resize, Stride};
use super::compare::Ask;
use super::cursor::Cursor;
use super::files::{Export, FileCommand, Purpose, Stretch};
use super::focus::Way;
use super::panes::{Pane, Place};
use super::planned::PlanCommand;
use super::present::{TalkCommand, Turn};
use super::seek::SeekCommand;
use super::still::Part;
use super::timeline::ToolCommand;
use super::tour::TourCommand;
use super::view::Hand;
use crate::event::ClockKind;
use egui::{Key, KeyboardShortcut, Modifiers};

/// What commands are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Run,
    Moment,
    Timeline,
    Window,
    /// Turning the pages of a lecture. While one presents its keys come first.
    Presenting,
}

impl Group {
    /// All, in the order in which they are explained.
    pub(crate) const ALL: [Self; 5] = [Self::Run, Self::Moment, Self::Timeline, Self::Window, Self::Presenting];

    /// What a group is called.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Run => "The run",
            Self::Moment => "Moving through the run",
            Self::Timeline => "The timeline",
            Self::Window => "The window",
            Self::Presenting => "While presenting",
        }
    }
}

/// A command by its name, with the keys that give it.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) group: Group,
    /// What it does, which is also its name.
    pub(crate) does: &'static str,
    /// Its keys for people; nothing where it has none.
    pub(crate) shown: &'static str,
    pub(crate) keys: &'static [KeyboardShortcut],
    pub(crate) command: fn() -> Command,
}

impl Binding {
    /// Whether it makes sense to look for it by its name.
    pub(crate) fn is_for_finder(&self) -> bool {
        !matches!((self.command)(), Command::ToggleFinder | Command::Leave)
    }
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

/// A command about the window.
const fn window(
    does: &'static str,
    shown: &'static str,
    keys: &'static [KeyboardShortcut],
    command: fn() -> Command,
) -> Binding {
    Binding { group: Group::Window, does, shown, keys, command }
}

/// A command by its name, with its keys for people and its keys.
const fn named(
    group: Group,
    does: &'static str,
    shown: &'static str,
    keys: &'static [KeyboardShortcut],
    command: fn() -> Command,
) -> Binding {
    Binding { group, does, shown, keys, command }
}

fn export(export: Export) -> Command {
    Command::File(FileCommand::Choose(Purpose::Export(export)))
}

/// How much a key zooms.
const ZOOM: f64 = 1.4;
/// How much of the window a key pans.
const PAN: f64 = 0.15;

/// Every named command.
pub(crate) static BINDINGS: &[Binding] = &[
    named(Group::Run, "Run, pause or resume", "Space", &[plain(Key::Space)], || Command::RunOrPause),
    named(Group::Run, "Run again from the start", "R", &[plain(Key::R)], || Command::Restart),
    named(Group::Run, "Guess: go to the lesson's question", "G", &[plain(Key::G)], || Command::GoToGuess),
    named(Group::Run, "Next lesson", "Shift N", &[shift(Key::N)], || Command::NextLesson),
    named(Group::Run, "Stop the run", "", &[], || Command::Stop),
    named(Group::Run, "Slower", "[", &[plain(Key::OpenBracket)], || Command::ChangeSpeed(Pace::Slower)),
    named(Group::Run, "Faster", "]", &[plain(Key::CloseBracket)], || Command::ChangeSpeed(Pace::Faster)),
    named(Group::Run, "Run on the virtual clock", "", &[], || Command::SetClock(ClockKind::Virtual)),
    named(Group::Run, "Run on the real clock", "", &[], || Command::SetClock(ClockKind::Real)),
    named(Group::Moment, "Step one event forward", "→", &[plain(Key::ArrowRight)], || {
        Command::StepForward(Stride::Event)
    }),
    named(Group::Moment, "Step one event back", "←", &[plain(Key::ArrowLeft)], || Command::StepBack(Stride::Event)),
    named(
        Group::Moment,
        "Step one poll forward",
        "Shift →, Page down",
        &[shift(Key::ArrowRight), plain(Key::PageDown)],
        || Command::StepForward(Stride::Poll),
    ),
    named(
        Group::Moment,
        "Step one poll back",
        "Shift ←, Page up",
        &[shift(Key::ArrowLeft), plain(Key::PageUp)],
        || Command::StepBack(Stride::Poll),
    ),
    named(Group::Moment, "Go to the start", "Home", &[plain(Key::Home)], || Command::MoveCursor(Cursor::After(0))),
    named(Group::Moment, "Go to the live edge", "End", &[plain(Key::End)], || Command::MoveCursor(Cursor::Live)),
    named(Group::Moment, "Select the task above", "↑", &[plain(Key::ArrowUp)], || Command::SelectBy(-1)),
    named(Group::Moment, "Select the task below", "↓", &[plain(Key::ArrowDown)], || Command::SelectBy(1)),
    named(Group::Timeline, "Time axis or steps axis", "X", &[plain(Key::X)], || Command::SwitchAxis),
    named(
        Group::Timeline,
        "Zoom in",
        "+ or W",
        &[plain(Key::Plus), plain(Key::Equals), shift(Key::Plus), shift(Key::Equals), plain(Key::W)],
        || Command::Zoom(ZOOM, None, Hand::Key),
    ),
    named(Group::Timeline, "Zoom out", "− or S", &[plain(Key::Minus), plain(Key::S)], || {
        Command::Zoom(1.0 / ZOOM, None, Hand::Key)
    }),
    named(Group::Timeline, "Pan left", "A", &[plain(Key::A)], || Command::Pan(-PAN, Hand::Key)),
    named(Group::Timeline, "Pan right", "D", &[plain(Key::D)], || Command::Pan(PAN, Hand::Key)),
    named(
        Group::Timeline,
        "Fit the measured range or the selection; again, the whole run",
        "F",
        &[plain(Key::F)],
        || Command::Fit,
    ),
    named(Group::Timeline, "Undo a pan or zoom", "Ctrl Z", &[ctrl(Key::Z)], || Command::UndoView),
    named(Group::Moment, "Set or remove a bookmark at the cursor", "B", &[plain(Key::B)], || {
        ToolCommand::Bookmark.into()
    }),
    named(
        Group::Moment,
        "Go to the previous bookmark",
        ", or Ctrl ←",
        &[plain(Key::Comma), ctrl(Key::ArrowLeft)],
        || ToolCommand::PreviousBookmark.into(),
    ),
    named(
        Group::Moment,
        "Go to the next bookmark",
        ". or Ctrl →",
        &[plain(Key::Period), ctrl(Key::ArrowRight)],
        || ToolCommand::NextBookmark.into(),
    ),
    named(Group::Moment, "Loop the measured range", "L", &[plain(Key::L)], || ToolCommand::Loop.into()),
    named(Group::Timeline, "Wake arrows: all, of the selected task, none", "V", &[plain(Key::V)], || {
        ToolCommand::NextArrows.into()
    }),
    named(Group::Timeline, "Find next or previous moment …", "Ctrl /", &[ctrl(Key::Slash)], || {
        SeekCommand::Open.into()
    }),
    named(Group::Timeline, "Pause when a moment comes …", "", &[], || SeekCommand::Open.into()),
    named(Group::Timeline, "Find lanes by name", "/", &[plain(Key::Slash)], || {
        ToolCommand::Find(Some(String::new())).into()
    }),
    named(Group::Timeline, "Fold or unfold what the selected task spawned", "O", &[plain(Key::O)], || {
        ToolCommand::FoldSelected.into()
    }),
    Binding {
        group: Group::Timeline,
        does: "Fold or unfold all lanes",
        shown: "Shift O",
        keys: &[shift(Key::O)],
        command: || ToolCommand::FoldAll.into(),
    },
    window("Find a command, lesson, task or bookmark", "Ctrl P", &[ctrl(Key::P)], || Command::ToggleFinder),
    window("Compare two runs on one axis, or go back", "C", &[plain(Key::C)], || Command::Compare(Ask::Toggle)),
    window("Present the lesson, or go back to the window", "P or F5", &[plain(Key::P), plain(Key::F5)], || {
        Command::Present
    }),
    window("Plan a course: choose lessons to present", "", &[], || PlanCommand::Toggle.into()),
    named(
        Group::Presenting,
        "Next page",
        "Page down, →, N",
        &[plain(Key::PageDown), plain(Key::ArrowRight), plain(Key::N)],
        || TalkCommand::Turn(Turn::Forward).into(),
    ),
    named(Group::Presenting, "Previous page", "Page up, ←", &[plain(Key::PageUp), plain(Key::ArrowLeft)], || {
        TalkCommand::Turn(Turn::Back).into()
    }),
    named(Group::Presenting, "This page as it was", "F5", &[plain(Key::F5), shift(Key::F5)], || {
        TalkCommand::Turn(Turn::Again).into()
    }),
    named(Group::Presenting, "Black screen, and back", "B or .", &[plain(Key::B), plain(Key::Period)], || {
        TalkCommand::Blacken.into()
    }),
    named(Group::Presenting, "Open or close the lecturer's window", "L", &[plain(Key::L)], || {
        TalkCommand::ToggleLecturer.into()
    }),
    window("Switch between light and dark", "T", &[plain(Key::T)], || Command::SwitchTheme),
    window("Switch high contrast on or off", "", &[], || Command::SwitchContrast),
    window("Switch reduced motion on or off", "", &[], || Command::SwitchMotion),
    window(
        "Make everything larger",
        "Ctrl +",
        &[ctrl(Key::Plus), ctrl(Key::Equals), ctrl_shift(Key::Plus), ctrl_shift(Key::Equals)],
        || Command::Resize(Resize::Larger),
    ),
    window("Make everything smaller", "Ctrl −", &[ctrl(Key::Minus)], || Command::Resize(Resize::Smaller)),
    window("Make everything its usual size", "Ctrl 0", &[ctrl(Key::Num0)], || Command::Resize(Resize::Usual)),
    window("Full screen", "F11", &[plain(Key::F11)], || Command::SwitchFullScreen),
    window("Go to the next part of the window", "F6", &[plain(Key::F6)], || Command::GoOn(Way::Forward)),
    window("Go to the part before", "Shift F6", &[shift(Key::F6)], || Command::GoOn(Way::Back)),
    window("Show or hide the lessons", "Ctrl 1", &[ctrl(Key::Num1)], || Command::TogglePane(Pane::Lessons)),
    window("Show or hide the code", "Ctrl 2", &[ctrl(Key::Num2)], || Command::TogglePane(Pane::Code)),
    window("Show or hide the story", "Ctrl 3", &[ctrl(Key::Num3)], || Command::TogglePane(Pane::Story)),
    window("Show or hide the loop", "Ctrl 4", &[ctrl(Key::Num4)], || Command::TogglePane(Pane::Loop)),
    window("Code in a window of its own", "", &[], || Command::Put(Pane::Code, Place::Apart)),
    window("Story in a window of its own", "", &[], || Command::Put(Pane::Story, Place::Apart)),
    window("Start over: forget which lessons you have finished", "", &[], || Command::StartOver),
    window("Show the tour", "", &[], || Command::Tour(TourCommand::Show)),
    window("Open a saved run", "Ctrl O", &[ctrl(Key::O)], || Command::File(FileCommand::Choose(Purpose::Open))),
    window("Save this run", "Ctrl S", &[ctrl(Key::S)], || Command::File(FileCommand::Choose(Purpose::Save))),
    window("Export a picture of the window (PNG)", "", &[], || export(Export::Picture(Part::Window))),
    window("Export a picture of the timeline (PNG)", "", &[], || export(Export::Picture(Part::Timeline))),
    window("Export a picture of the loop (PNG)", "", &[], || export(Export::Picture(Part::Loop))),
    window("Export the whole timeline (SVG)", "", &[], || export(Export::Svg(Stretch::Whole))),
    window("Export the shown part of the timeline (SVG)", "", &[], || export(Export::Svg(Stretch::Shown))),
    window("Export a Chrome trace, for Perfetto and speedscope (JSON)", "", &[], || export(Export::Chrome)),
    window("Export a table of spans (CSV)", "", &[], || export(Export::Csv)),
    window("Copy a picture of the window", "", &[], || Command::File(FileCommand::Copy(Part::Window))),
    window("Copy a picture of the timeline", "", &[], || Command::File(FileCommand::Copy(Part::Timeline))),
    window("Copy a picture of the loop", "", &[], || Command::File(FileCommand::Copy(Part::Loop))),
    window(
        "Show or hide the keys",
        "?",
        &[plain(Key::Questionmark), shift(Key::Questionmark), shift(Key::Slash)],
        || Command::ToggleHelp,
    ),
    window("Close what is open, clear the selection", "Esc", &[plain(Key::Escape)], || Command::Leave),
    window("Close the window and end its run", "Ctrl Q", &[ctrl(Key::Q)], || Command::Close),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        // While one presents some keys do something else.
        for presents in [false, true] {
            let bindings = BINDINGS.iter().filter(|binding| (binding.group == Group::Presenting) == presents);
            let keys: Vec<_> =
                bindings.flat_map(|binding| binding.keys.iter().map(|key| (key, binding.does))).collect();
            for (place, (key, does)) in keys.iter().enumerate() {
                let again = keys[place + 1..].iter().find(|(other, _)| other == key);
                assert!(again.is_none(), "{key:?} does '{does}' and {again:?}");
            }
        }
    }

    #[test]
    fn each_name_stands_for_one_command() {
        for (place, binding) in BINDINGS.iter().enumerate() {
            assert_eq!(binding.shown.is_empty(), binding.keys.is_empty(), "{}", binding.does);
            assert!(BINDINGS[place + 1..].iter().all(|other| other.does != binding.does), "{}", binding.does);
        }
    }
}
