//! Finding by a few letters: every command, every lesson, every pair of runs to compare, every task of the run, every
//! bookmark in it, and the moments that were looked for last. Lessons are also found by their texts and by the names that their programs use in Python.
//!
//! It is an overlay with a field and a list. What is typed and which entry is chosen is kept by the app, and changed by
//! commands like everything else.

mod lessons;
mod score;

use super::bindings::BINDINGS;
use super::command::Command;
use super::compare::{Ask, PAIRS};
use super::cursor::Cursor;
use super::seek::SeekCommand;
use super::theme::{Palette, bold, mono, text};
use super::timeline::ToolCommand;
use crate::scenarios::{CHAPTERS, Scenario};
use crate::trace::{Bookmark, Record};
use egui::text::LayoutJob;
use egui::{Context, Key, Modal, Modifiers, Rect, Role, ScrollArea, Sense, TextEdit, TextFormat, Ui, WidgetInfo};
use egui::{Id, RichText, pos2, vec2};
use lessons::lessons_with;
use score::{Fit, fit};
use std::borrow::Cow;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Finder {
    typed: String,
    /// The place of the chosen entry in the list.
    chosen: usize,
}

/// More entries than this are not listed; a further letter tells them apart.
const MOST: usize = 60;
/// Height of an entry, in points.
const ROW: f32 = 26.0;
/// The width of the list, in points.
const WIDTH: f32 = 560.0;

/// What stands at the right of a name.
enum Beside {
    /// The keys that do the same, if any do.
    Keys(&'static str),
    /// What it is.
    Words(String),
}

impl Beside {
    fn words(&self) -> &str {
        match self {
            Self::Keys(keys) => keys,
            Self::Words(words) => words,
        }
    }
}

/// Something that can be found.
struct Entry<'a> {
    name: Cow<'a, str>,
    beside: Beside,
    command: Command,
    fit: Fit,
    rank: Rank,
    /// How long ago it was found last, in findings; none if it is not remembered.
    last: Option<usize>,
}

/// How what is typed stands in an entry, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Its name has every typed word.
    Words,
    /// It stands in a lesson.
    Lesson(lessons::Place),
    /// The letters stand in its name, in order, with gaps.
    Letters,
}

impl Rank {
    fn of(typed: &str, name: &str) -> Self {
        let name = name.to_lowercase();
        let has_all = typed.to_lowercase().split_whitespace().all(|word| name.contains(word));
        if has_all { Self::Words } else { Self::Letters }
    }
}

/// Where things are looked for.
pub(crate) struct Among<'a> {
    pub(crate) record: &'a Record,
    pub(crate) bookmarks: &'a [Bookmark],
    pub(crate) cursor: Cursor,
    /// The names found last, the latest first.
    pub(crate) found: &'a [String],
    /// The moments that were looked for last, the latest first.
    pub(crate) moments: &'a [String],
}

impl Finder {
    /// Shows it. Whatever changes it, closes it or is found comes back as a command.
    pub(crate) fn show(&self, ctx: &Context, among: &Among<'_>) -> Vec<Command> {
        let entries = self.entries(among);
        let modal = Modal::new(Id::unique("finder")).show(ctx, |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 48.0));
            let mut commands = Vec::new();
            let (moved, is_taken) = ui.input_mut(|input| {
                let mut count = |key| input.count_and_consume_key(Modifiers::NONE, key);
                let moved = count(Key::ArrowDown) as isize - count(Key::ArrowUp) as isize;
                (moved, count(Key::Enter) > 0)
            });
            let last = entries.len().saturating_sub(1);
            let chosen = self.chosen.min(last).saturating_add_signed(moved).min(last);
            let mut typed = self.typed.clone();
            let field = TextEdit::singleline(&mut typed)
                .hint_text("A command, a lesson, a task or a bookmark")
                .desired_width(f32::INFINITY);
            let field = ui.add(field);
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Find"));
            field.request_focus();
            let has_changed = typed != self.typed;
            if has_changed || chosen != self.chosen {
                let chosen = if has_changed { 0 } else { chosen };
                commands.push(Command::LookFor(Self { typed, chosen }));
            }
            ui.add_space(2.0);
            let clicked = self.list(ui, &entries, chosen, moved != 0, field.id);
            let found = clicked.or(is_taken.then_some(chosen)).and_then(|place| entries.get(place));
            commands.extend(found.map(|entry| Command::Found(entry.name.to_string(), Box::new(entry.command.clone()))));
            commands
        });
        let mut commands = modal.inner.clone();
        if modal.should_close() && !commands.iter().any(|command| matches!(command, Command::Found(..))) {
            commands.push(Command::ToggleFinder);
        }
        commands
    }

    /// The list; the entry that was clicked.
    fn list(&self, ui: &mut Ui, entries: &[Entry<'_>], chosen: usize, has_moved: bool, field: Id) -> Option<usize> {
        let palette = Palette::of(ui);
        if entries.is_empty() {
            let words = format!("Nothing here is called “{}”.", self.typed.trim());
            ui.label(RichText::new(words).color(palette.weak));
            return None;
        }
        let mut clicked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let room = (ui.ctx().content_rect().height() - 140.0).clamp(ROW, 13.0 * ROW);
        ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| {
            let list = ui.unique_id();
            ui.ctx().accesskit_node_builder(list, |node| {
                node.set_role(Role::ListBox);
                node.set_label("Found");
            });
            for (place, entry) in entries.iter().enumerate() {
                let is_chosen = place == chosen;
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
                let spoken = format!("{}, {}", entry.name, entry.beside.words());
                response.widget_info(|| {
                    WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, spoken.trim_end_matches(", "))
                });
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(is_chosen));
                if is_chosen {
                    ui.painter().rect_filled(rect, 4.0, palette.selection);
                    ui.ctx()
                        .accesskit_node_builder(field, |node| node.set_active_descendant(response.id.accesskit_id()));
                    if has_moved {
                        response.scroll_to_me(None);
                    }
                } else if response.hovered() {
                    ui.painter().rect_filled(rect, 4.0, palette.raised);
                }
                entry.paint(ui, rect, palette);
                if response.clicked() {
                    clicked = Some(place);
                }
            }
        });
        clicked
    }

    /// What fits, the best first: with nothing typed what was found last, then all in its order.
    fn entries<'a>(&self, among: &Among<'a>) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        let mut add = |name: Cow<'a, str>, beside: &dyn Fn() -> Beside, command: &dyn Fn() -> Command| {
            let Some(fit) = fit(&self.typed, &name) else { return };
            let last = among.found.iter().position(|found| *found == name);
            let rank = Rank::of(&self.typed, &name);
            entries.push(Entry { name, beside: beside(), command: command(), fit, rank, last });
        };
        let commands = BINDINGS.iter().filter(|binding| binding.is_for_finder());
        commands.for_each(|binding| add(binding.does.into(), &|| Beside::Keys(binding.shown), &|| (binding.command)()));
        for chapter in CHAPTERS {
            for scenario in chapter.scenarios {
                add(scenario.title.into(), &|| Beside::Words(format!("lesson · {}", chapter.title)), &|| {
                    Command::Load(scenario)
                });
            }
        }
        for pair in PAIRS {
            let beside = || Beside::Words("compare two runs".to_owned());
            add(pair.name.into(), &beside, &|| Command::Compare(Ask::Pair(pair)));
        }
        for (bookmark, number) in among.bookmarks.iter().zip(1..) {
            let at = format!("at {}", bookmark.at);
            let name =
                if bookmark.name.is_empty() { format!("bookmark {at}").into() } else { (&*bookmark.name).into() };
            let beside = || Beside::Words(format!("bookmark {number} · {at}"));
            add(name, &beside, &|| ToolCommand::GoTo(bookmark.into()).into());
        }
        for moment in among.moments {
            let beside = || Beside::Words("moment".to_owned());
            add(format!("Find next: {moment}").into(), &beside, &|| SeekCommand::FindNext(moment.clone()).into());
            add(format!("Pause when: {moment}").into(), &beside, &|| SeekCommand::PauseWhen(moment.clone()).into());
        }
        // A run may have as many tasks as it likes: they are looked through once something is typed.
        if !self.typed.trim().is_empty() {
            for (info, number) in among.record.catalog().tasks().iter().zip(0..) {
                let task = crate::event::TaskId(number);
                let beside = || Beside::Words(format!("task {number}"));
                add((&*info.name).into(), &beside, &|| Command::Show(task, among.cursor));
            }
        }
        let about = self.lessons_about(&entries);
        entries.extend(about);
        entries.sort_by_key(|entry| (entry.rank, -entry.fit.score, entry.last.unwrap_or(usize::MAX)));
        let mut seen = std::collections::HashSet::new();
        entries.retain(|entry| match &entry.command {
            Command::Load(scenario) => seen.insert(scenario.id),
            _ => true,
        });
        if self.typed.trim().is_empty() {
            entries.sort_by_key(|entry| entry.last.unwrap_or(usize::MAX));
        }
        entries.truncate(MOST);
        entries
    }

    /// The lessons in which what is typed stands, but for those whose titles have its words.
    fn lessons_about<'a>(&self, found: &[Entry<'_>]) -> Vec<Entry<'a>> {
        let is_found = |title: &str| found.iter().any(|entry| entry.rank == Rank::Words && entry.name == title);
        let lessons = lessons_with(&self.typed).into_iter().filter(|(scenario, _)| !is_found(scenario.title));
        let entry = |(scenario, place): (&'static Scenario, lessons::Place)| Entry {
            name: scenario.title.into(),
            beside: Beside::Words(place.words(scenario)),
            command: Command::Load(scenario),
            fit: Fit { score: 0, letters: Vec::new() },
            rank: Rank::Lesson(place),
            last: None,
        };
        lessons.map(entry).collect()
    }
}

impl Entry<'_> {
    /// The name, with the letters that were typed in bold, and what it is at the right.
    fn paint(&self, ui: &Ui, rect: Rect, palette: &Palette) {
        let mut words = LayoutJob::default();
        for (place, letter) in self.name.chars().enumerate() {
            let is_typed = self.fit.letters.binary_search(&place).is_ok();
            let font = if is_typed { bold(13.5) } else { text(13.5) };
            words.append(letter.encode_utf8(&mut [0; 4]), 0.0, TextFormat::simple(font, palette.text));
        }
        let name = ui.fonts_mut(|fonts| fonts.layout_job(words));
        let font = match self.beside {
            Beside::Keys(_) => mono(12.0),
            Beside::Words(_) => text(12.0),
        };
        let beside = ui.painter().layout_no_wrap(self.beside.words().to_owned(), font, palette.weak);
        let middle = |height: f32| rect.center().y - height / 2.0;
        let place = pos2(rect.right() - 8.0 - beside.size().x, middle(beside.size().y));
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        painter.galley(place, beside, palette.weak);
        painter.galley(pos2(rect.left() + 8.0, middle(name.size().y)), name, palette.text);
    }
}
