//! The keyboard: one table, from which keys are read and the help is written.

use super::command::{Command, Pace, Stride};
use super::cursor::Cursor;
use super::view::Hand;
use egui::{Event, EventFilter, Key, KeyboardShortcut, Modifiers};

/// Keys that do one thing.
pub(crate) struct Binding {
    keys: &'static [KeyboardShortcut],
    /// The keys for people.
    pub(crate) shown: &'static str,
    /// What they do.
    pub(crate) does: &'static str,
    command: fn(usize) -> Command,
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

/// How much a key zooms.
const ZOOM: f64 = 1.4;
/// How much of the window a key pans.
const PAN: f64 = 0.15;

/// Every key. `command` is given the place of the pressed one in `keys`.
pub(crate) static BINDINGS: &[Binding] = &[
    Binding { keys: &[plain(Key::Space)], shown: "Space", does: "run, pause, go on", command: |_| Command::RunOrPause },
    Binding {
        keys: &[plain(Key::ArrowRight)],
        shown: "→",
        does: "one event forward; at the live edge the loop does one poll",
        command: |_| Command::StepForward(Stride::Event),
    },
    Binding {
        keys: &[plain(Key::ArrowLeft)],
        shown: "←",
        does: "one event back",
        command: |_| Command::StepBack(Stride::Event),
    },
    Binding {
        keys: &[shift(Key::ArrowRight), plain(Key::PageDown)],
        shown: "Shift →, Page down",
        does: "one poll forward",
        command: |_| Command::StepForward(Stride::Poll),
    },
    Binding {
        keys: &[shift(Key::ArrowLeft), plain(Key::PageUp)],
        shown: "Shift ←, Page up",
        does: "one poll back",
        command: |_| Command::StepBack(Stride::Poll),
    },
    Binding {
        keys: &[plain(Key::Home), plain(Key::End)],
        shown: "Home, End",
        does: "to the start, to the live edge",
        command: |which| Command::MoveCursor(if which == 0 { Cursor::After(0) } else { Cursor::Live }),
    },
    Binding { keys: &[plain(Key::R)], shown: "R", does: "restart", command: |_| Command::Restart },
    Binding {
        keys: &[plain(Key::OpenBracket), plain(Key::CloseBracket)],
        shown: "[ and ]",
        does: "slower, faster",
        command: |which| Command::ChangeSpeed(if which == 0 { Pace::Slower } else { Pace::Faster }),
    },
    Binding {
        keys: &[plain(Key::X)],
        shown: "X",
        does: "switch between the time axis and the steps axis",
        command: |_| Command::SwitchAxis,
    },
    Binding {
        keys: &[
            plain(Key::Plus),
            plain(Key::Equals),
            shift(Key::Plus),
            shift(Key::Equals),
            plain(Key::W),
            plain(Key::Minus),
            plain(Key::S),
        ],
        shown: "+ and −, W and S",
        does: "zoom in and out at the cursor; Ctrl+wheel at the pointer",
        command: |which| Command::Zoom(if which < 5 { ZOOM } else { 1.0 / ZOOM }, None, Hand::Key),
    },
    Binding {
        keys: &[plain(Key::A), plain(Key::D)],
        shown: "A and D",
        does: "pan left and right; or drag",
        command: |which| Command::Pan(if which == 0 { -PAN } else { PAN }, Hand::Key),
    },
    Binding { keys: &[plain(Key::F)], shown: "F", does: "fit the whole run", command: |_| Command::Fit },
    Binding {
        keys: &[KeyboardShortcut::new(Modifiers::COMMAND, Key::Z)],
        shown: "Ctrl Z",
        does: "undo a pan or zoom",
        command: |_| Command::UndoView,
    },
    Binding {
        keys: &[plain(Key::ArrowUp), plain(Key::ArrowDown)],
        shown: "↑ and ↓",
        does: "select the task above or below",
        command: |which| Command::SelectBy(if which == 0 { -1 } else { 1 }),
    },
    Binding {
        keys: &[plain(Key::P)],
        shown: "P",
        does: "present: large, light, without the panels at the sides; Esc leaves",
        command: |_| Command::Present,
    },
    Binding {
        keys: &[plain(Key::T)],
        shown: "T",
        does: "switch between light and dark",
        command: |_| Command::SwitchTheme,
    },
    Binding {
        keys: &[KeyboardShortcut::new(Modifiers::COMMAND, Key::Q)],
        shown: "Ctrl Q",
        does: "close the window; a run ends with it",
        command: |_| Command::Close,
    },
    Binding {
        keys: &[plain(Key::Questionmark), shift(Key::Questionmark), shift(Key::Slash)],
        shown: "?",
        does: "show or hide these keys",
        command: |_| Command::ToggleHelp,
    },
    Binding {
        keys: &[plain(Key::Escape)],
        shown: "Esc",
        does: "leave the help, clear the selection",
        command: |_| Command::Leave,
    },
];

/// Whether a key that is held down does its thing again and again.
fn repeats(command: &Command) -> bool {
    matches!(
        command,
        Command::StepForward(_) | Command::StepBack(_) | Command::Pan(..) | Command::Zoom(..) | Command::SelectBy(_)
    )
}

/// The commands of the keys pressed now, in order. While a text is edited it keeps its keys; a control that has the
/// focus keeps those that work it, and an open list the one that closes it.
pub(crate) fn pressed(ctx: &egui::Context) -> Vec<Command> {
    if ctx.text_edit_focused() {
        return Vec::new();
    }
    let focused = ctx.memory(egui::Memory::focused);
    if let Some(id) = focused {
        // egui would move the focus with them; here they step.
        let ours = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(id, ours));
    }
    let has_focus = focused.is_some();
    let has_list = egui::Popup::is_any_open(ctx);
    ctx.input_mut(|input| {
        let mut commands = Vec::new();
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, repeat, .. } = event else { return true };
            if has_list && *key == Key::Escape {
                return true;
            }
            if has_focus && matches!(key, Key::Space | Key::Enter | Key::Tab | Key::ArrowUp | Key::ArrowDown) {
                return true;
            }
            let command = command_of(*key, *modifiers);
            let is_ours = command.is_some();
            commands.extend(command.filter(|command| !repeat || repeats(command)));
            !is_ours
        });
        commands
    })
}

fn command_of(key: Key, modifiers: Modifiers) -> Option<Command> {
    BINDINGS.iter().find_map(|binding| {
        let is_it =
            |shortcut: &KeyboardShortcut| shortcut.logical_key == key && modifiers.matches_exact(shortcut.modifiers);
        binding.keys.iter().position(is_it).map(binding.command)
    })
}
