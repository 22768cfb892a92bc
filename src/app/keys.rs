//! The keyboard: which commands the keys pressed now give.
//!
//! What each key does stands in `bindings`. While a text is edited it keeps its keys, and so does a control that has the
//! focus.

use super::bindings::{BINDINGS, Binding, Group};
use super::command::Command;
use super::timeline::{strip_field, works_strip};
use egui::{Event, EventFilter, Key, KeyboardShortcut, Modifiers};

/// Whether a key that is held down does its thing again and again.
fn repeats(command: &Command) -> bool {
    matches!(
        command,
        Command::StepForward(_) | Command::StepBack(_) | Command::Pan(..) | Command::Zoom(..) | Command::SelectBy(_)
    )
}

/// The commands of the keys pressed now, in order. While a text is edited it keeps its keys; a control that has the
/// focus keeps those that work it, and an open list or dialog the one that closes it.
/// `is_on_deck` says whether a page of a lecture is shown, which has keys of its own.
pub(crate) fn pressed(ctx: &egui::Context, is_on_deck: bool) -> Vec<Command> {
    let is_typing = ctx.text_edit_focused();
    let focused = ctx.memory(egui::Memory::focused);
    let is_on_strip = focused == Some(strip_field());
    if let Some(id) = focused.filter(|_| !is_typing) {
        // egui would move the focus with them; here they step.
        let ours = EventFilter { horizontal_arrows: true, vertical_arrows: is_on_strip, ..EventFilter::default() };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(id, ours));
    }
    let has_focus = focused.is_some();
    let has_dialog = ctx.memory(|memory| memory.top_modal_layer().is_some());
    let has_list = has_dialog || egui::Popup::is_any_open(ctx);
    ctx.input_mut(|input| {
        let mut commands = Vec::new();
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, repeat, .. } = event else { return true };
            let turns = is_on_deck && matches!(key, Key::PageDown | Key::PageUp | Key::F5);
            if is_typing && !turns && is_for_text(*key, *modifiers) || has_list && *key == Key::Escape {
                return true;
            }
            if has_focus && matches!(key, Key::Space | Key::Enter | Key::Tab | Key::ArrowUp | Key::ArrowDown) {
                return true;
            }
            if is_on_strip && !modifiers.command && works_strip(*key) {
                return true;
            }
            let command = command_of(*key, *modifiers, is_on_deck);
            let is_ours = command.is_some();
            commands.extend(command.filter(|command| !repeat || repeats(command)));
            !is_ours
        });
        commands
    })
}

/// Whether a field of text has a use for a key.
fn is_for_text(key: Key, modifiers: Modifiers) -> bool {
    use Key::{
        A, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Backspace, C, Delete, End, F6, F11, Home, K, U, V, W, X, Y, Z,
    };
    let edits = [A, C, K, U, V, W, X, Y, Z, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Backspace, Delete, End, Home];
    !matches!(key, F6 | F11) && (!modifiers.command || edits.contains(&key))
}

fn command_of(key: Key, modifiers: Modifiers, is_on_deck: bool) -> Option<Command> {
    let is_it =
        |shortcut: &KeyboardShortcut| shortcut.logical_key == key && modifiers.matches_exact(shortcut.modifiers);
    let bound = |presents: bool| {
        let mut those = BINDINGS.iter().filter(move |binding| (binding.group == Group::Presenting) == presents);
        those.find(|binding: &&Binding| binding.keys.iter().any(is_it))
    };
    let binding = is_on_deck.then(|| bound(true)).flatten().or_else(|| bound(false))?;
    Some((binding.command)())
}
