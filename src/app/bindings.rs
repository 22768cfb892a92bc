//! Every command that has a name: one table, from which keys are read, the help is written and commands are found.
//!
//! It says what there is; `keys` reads the keyboard, and `obey` does what is asked for.

use super::command::{Command, Pace, Resize, Stride};
use super::cursor::Cursor;
use super::files::{FileCommand, Purpose};
use super::panes::{Pane, Place};
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
}

impl Group {
    /// All, in the order in which they are explained.
    pub(crate) const ALL: [Self; 4] = [Self::Run, Self::Moment, Self::Timeline, Self::Window];

    /// What a group is called.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Run => "The run",
            Self::Moment => "Through the run",
            Self::Timeline => "The timeline",
            Self::Window => "The window",
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

/// How much a key zooms.
const ZOOM: f64 = 1.4;
/// How much of the window a key pans.
const PAN: f64 = 0.15;

/// Every named command.
pub(crate) static BINDINGS: &[Binding] = &[
    Binding {
        group: Group::Run,
        does: "Run, pause, go on",
        shown: "Space",
        keys: &[plain(Key::Space)],
        command: || Command::RunOrPause,
    },
    Binding {
        group: Group::Run,
        does: "Restart the run",
        shown: "R",
        keys: &[plain(Key::R)],
        command: || Command::Restart,
    },
    Binding { group: Group::Run, does: "Stop the run", shown: "", keys: &[], command: || Command::Stop },
    Binding {
        group: Group::Run,
        does: "Slower",
        shown: "[",
        keys: &[plain(Key::OpenBracket)],
        command: || Command::ChangeSpeed(Pace::Slower),
    },
    Binding {
        group: Group::Run,
        does: "Faster",
        shown: "]",
        keys: &[plain(Key::CloseBracket)],
        command: || Command::ChangeSpeed(Pace::Faster),
    },
    Binding {
        group: Group::Run,
        does: "Run on the virtual clock",
        shown: "",
        keys: &[],
        command: || Command::SetClock(ClockKind::Virtual),
    },
    Binding {
        group: Group::Run,
        does: "Run on the real clock",
        shown: "",
        keys: &[],
        command: || Command::SetClock(ClockKind::Real),
    },
    Binding {
        group: Group::Moment,
        does: "Step one event forward",
        shown: "→",
        keys: &[plain(Key::ArrowRight)],
        command: || Command::StepForward(Stride::Event),
    },
    Binding {
        group: Group::Moment,
        does: "Step one event back",
        shown: "←",
        keys: &[plain(Key::ArrowLeft)],
        command: || Command::StepBack(Stride::Event),
    },
    Binding {
        group: Group::Moment,
        does: "Step one poll forward",
        shown: "Shift →, Page down",
        keys: &[shift(Key::ArrowRight), plain(Key::PageDown)],
        command: || Command::StepForward(Stride::Poll),
    },
    Binding {
        group: Group::Moment,
        does: "Step one poll back",
        shown: "Shift ←, Page up",
        keys: &[shift(Key::ArrowLeft), plain(Key::PageUp)],
        command: || Command::StepBack(Stride::Poll),
    },
    Binding {
        group: Group::Moment,
        does: "Go to the start",
        shown: "Home",
        keys: &[plain(Key::Home)],
        command: || Command::MoveCursor(Cursor::After(0)),
    },
    Binding {
        group: Group::Moment,
        does: "Go to the live edge",
        shown: "End",
        keys: &[plain(Key::End)],
        command: || Command::MoveCursor(Cursor::Live),
    },
    Binding {
        group: Group::Moment,
        does: "Select the task above",
        shown: "↑",
        keys: &[plain(Key::ArrowUp)],
        command: || Command::SelectBy(-1),
    },
    Binding {
        group: Group::Moment,
        does: "Select the task below",
        shown: "↓",
        keys: &[plain(Key::ArrowDown)],
        command: || Command::SelectBy(1),
    },
    Binding {
        group: Group::Timeline,
        does: "Time axis or steps axis",
        shown: "X",
        keys: &[plain(Key::X)],
        command: || Command::SwitchAxis,
    },
    Binding {
        group: Group::Timeline,
        does: "Zoom in",
        shown: "+ or W",
        keys: &[plain(Key::Plus), plain(Key::Equals), shift(Key::Plus), shift(Key::Equals), plain(Key::W)],
        command: || Command::Zoom(ZOOM, None, Hand::Key),
    },
    Binding {
        group: Group::Timeline,
        does: "Zoom out",
        shown: "− or S",
        keys: &[plain(Key::Minus), plain(Key::S)],
        command: || Command::Zoom(1.0 / ZOOM, None, Hand::Key),
    },
    Binding {
        group: Group::Timeline,
        does: "Pan left",
        shown: "A",
        keys: &[plain(Key::A)],
        command: || Command::Pan(-PAN, Hand::Key),
    },
    Binding {
        group: Group::Timeline,
        does: "Pan right",
        shown: "D",
        keys: &[plain(Key::D)],
        command: || Command::Pan(PAN, Hand::Key),
    },
    Binding {
        group: Group::Timeline,
        does: "Fit what is measured or selected; again, the whole run",
        shown: "F",
        keys: &[plain(Key::F)],
        command: || Command::Fit,
    },
    Binding {
        group: Group::Timeline,
        does: "Undo a pan or zoom",
        shown: "Ctrl Z",
        keys: &[ctrl(Key::Z)],
        command: || Command::UndoView,
    },
    Binding {
        group: Group::Moment,
        does: "Set or take away a bookmark at the cursor",
        shown: "B",
        keys: &[plain(Key::B)],
        command: || ToolCommand::Bookmark.into(),
    },
    Binding {
        group: Group::Moment,
        does: "To the bookmark before",
        shown: ", or Ctrl ←",
        keys: &[plain(Key::Comma), ctrl(Key::ArrowLeft)],
        command: || ToolCommand::PreviousBookmark.into(),
    },
    Binding {
        group: Group::Moment,
        does: "To the next bookmark",
        shown: ". or Ctrl →",
        keys: &[plain(Key::Period), ctrl(Key::ArrowRight)],
        command: || ToolCommand::NextBookmark.into(),
    },
    Binding {
        group: Group::Moment,
        does: "Play what is measured again and again",
        shown: "L",
        keys: &[plain(Key::L)],
        command: || ToolCommand::Loop.into(),
    },
    Binding {
        group: Group::Timeline,
        does: "Arrows of all wakes, of the selected task, of none",
        shown: "V",
        keys: &[plain(Key::V)],
        command: || ToolCommand::NextArrows.into(),
    },
    Binding {
        group: Group::Timeline,
        does: "Find lanes by name",
        shown: "/",
        keys: &[plain(Key::Slash)],
        command: || ToolCommand::Find(Some(String::new())).into(),
    },
    Binding {
        group: Group::Timeline,
        does: "Fold or unfold what the selected task spawned",
        shown: "O",
        keys: &[plain(Key::O)],
        command: || ToolCommand::FoldSelected.into(),
    },
    Binding {
        group: Group::Timeline,
        does: "Fold or unfold all lanes",
        shown: "Shift O",
        keys: &[shift(Key::O)],
        command: || ToolCommand::FoldAll.into(),
    },
    window("Find a command, a lesson or a task", "Ctrl P", &[ctrl(Key::P)], || Command::ToggleFinder),
    window("Present: large, light, the essential panels", "P", &[plain(Key::P)], || Command::Present),
    window("Light or dark", "T", &[plain(Key::T)], || Command::SwitchTheme),
    window("High contrast or usual contrast", "", &[], || Command::SwitchContrast),
    window("Less motion or usual motion", "", &[], || Command::SwitchMotion),
    window(
        "Everything larger",
        "Ctrl +",
        &[ctrl(Key::Plus), ctrl(Key::Equals), ctrl_shift(Key::Plus), ctrl_shift(Key::Equals)],
        || Command::Resize(Resize::Larger),
    ),
    window("Everything smaller", "Ctrl −", &[ctrl(Key::Minus)], || Command::Resize(Resize::Smaller)),
    window("Everything in its usual size", "Ctrl 0", &[ctrl(Key::Num0)], || Command::Resize(Resize::Usual)),
    window("Full screen", "F11", &[plain(Key::F11)], || Command::SwitchFullScreen),
    window("Show or hide the lessons", "Ctrl 1", &[ctrl(Key::Num1)], || Command::TogglePane(Pane::Lessons)),
    window("Show or hide the code", "Ctrl 2", &[ctrl(Key::Num2)], || Command::TogglePane(Pane::Code)),
    window("Show or hide the story", "Ctrl 3", &[ctrl(Key::Num3)], || Command::TogglePane(Pane::Story)),
    window("Show or hide the loop", "Ctrl 4", &[ctrl(Key::Num4)], || Command::TogglePane(Pane::Loop)),
    window("Code in a window of its own", "", &[], || Command::Put(Pane::Code, Place::Apart)),
    window("Story in a window of its own", "", &[], || Command::Put(Pane::Story, Place::Apart)),
    window("Show the tour", "", &[], || Command::Tour(TourCommand::Show)),
    window("Open a saved run", "Ctrl O", &[ctrl(Key::O)], || Command::File(FileCommand::Choose(Purpose::Open))),
    window("Save this run", "Ctrl S", &[ctrl(Key::S)], || Command::File(FileCommand::Choose(Purpose::Save))),
    window(
        "Show or hide these keys",
        "?",
        &[plain(Key::Questionmark), shift(Key::Questionmark), shift(Key::Slash)],
        || Command::ToggleHelp,
    ),
    window("Leave what is open, clear the selection", "Esc", &[plain(Key::Escape)], || Command::Leave),
    window("Close the window, and end its run", "Ctrl Q", &[ctrl(Key::Q)], || Command::Close),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let keys: Vec<_> =
            BINDINGS.iter().flat_map(|binding| binding.keys.iter().map(move |key| (key, binding.does))).collect();
        for (place, (key, does)) in keys.iter().enumerate() {
            let again = keys[place + 1..].iter().find(|(other, _)| other == key);
            assert!(again.is_none(), "{key:?} does '{does}' and {again:?}");
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
