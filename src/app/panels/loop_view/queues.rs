//! Tasks in a row: the ready queue, first to run first, and who has ended, the last one first.
//!
//! A row that is longer than its box goes on in the next column, and what there is no room for is counted.

use super::chip::{BELOW, CHIP, chip_width};
use super::moves::Place;
use super::{LoopView, MOST_CHIPS, Scene, grouped};
use crate::app::panels::describe;
use crate::app::theme::text;
use crate::event::TaskId;
use crate::trace::{Ending, RunPhase, TaskStatus, woken_words};
use egui::{RichText, ScrollArea, Ui};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who has ended last is looked for among so many tasks, those spawned last.
const MOST_LOOKED_AT: usize = 20_000;
/// Height of the line that counts what there is no room for.
const MORE: f32 = 16.0;
/// Space between columns, in points.
const APART: f32 = 6.0;

/// Something in a row.
pub(super) enum Item {
    Task(TaskId, Option<String>),
    /// A word between tasks.
    Word(&'static str),
}

impl Scene<'_> {
    /// Who can go on, first to run first; who became ready during this iteration runs in the next.
    pub(super) fn ready(&mut self, ui: &mut Ui) {
        let LoopView { state, .. } = *self.view;
        if state.ready.is_empty() {
            let words = match state.phase {
                RunPhase::NotStarted => "Tasks that can run stand here, in order, until the loop runs them.",
                RunPhase::Idle(_) => "empty: no task can go on",
                _ => "empty",
            };
            return self.hint(ui, words);
        }
        let items = self.ready_items();
        // With room for it, each says why it is ready.
        let needs = items.len() as f32 * (CHIP + BELOW + MORE + BELOW);
        if needs <= ui.available_height() && self.column(ui, &items) <= ui.available_width() {
            return self.with_causes(ui, &items);
        }
        self.list(ui, items, state.ready.len(), Place::Ready);
    }

    fn ready_items(&self) -> Vec<Item> {
        let LoopView { record, state, .. } = *self.view;
        let mut was_in_batch = true;
        let mut items = Vec::new();
        for (place, task) in state.ready.iter().take(MOST_CHIPS).enumerate() {
            let in_batch = self.iteration.as_ref().is_none_or(|found| found.has(state, task));
            if was_in_batch && !in_batch {
                items.push(Item::Word("next iteration"));
            }
            was_in_batch = in_batch;
            let is_next = place == 0 && record.host().has_one_queue();
            items.push(Item::Task(task, is_next.then(|| "next".to_owned())));
        }
        items
    }

    /// Who has ended, the last one first, each with how.
    pub(super) fn done(&mut self, ui: &mut Ui) {
        let LoopView { state, .. } = *self.view;
        let count = state.ended_in_all();
        if count == 0 {
            let words = if state.phase == RunPhase::NotStarted { "Tasks that have ended." } else { "none yet" };
            return self.hint(ui, words);
        }
        let others = [
            (state.ended(Ending::Failed) + state.ended(Ending::Panicked), "failed"),
            (state.ended(Ending::Cancelled), "cancelled"),
            (state.ended(Ending::CutOff) + state.ended(Ending::Dropped), "dropped"),
        ];
        let others = others.into_iter().filter(|(count, _)| *count > 0);
        let mut words: Vec<String> = others.map(|(count, how)| format!("{} {how}", grouped(count))).collect();
        if count > 1 {
            words.push("last first".to_owned());
        }
        if !words.is_empty() {
            self.hint(ui, &words.join(", "));
        }
        let items = std::mem::take(&mut self.ended);
        self.list(ui, items, count, Place::Done);
    }

    /// Looks once in a frame for who has ended: among many tasks that takes time.
    pub(super) fn find_ended(&mut self) {
        self.ended = self.done_items();
    }

    fn done_items(&self) -> Vec<Item> {
        let LoopView { record, state, point, file, .. } = *self.view;
        if state.ended_in_all() == 0 {
            return Vec::new();
        }
        let mut latest = BinaryHeap::new();
        for lane in record.lanes().iter().rev().take(MOST_LOOKED_AT) {
            let Some((ended, ..)) = lane.end().filter(|(ended, ..)| *ended < state.events) else { continue };
            latest.push(Reverse((ended, Reverse(lane.task()))));
            if latest.len() > MOST_CHIPS {
                latest.pop();
            }
        }
        let item = |Reverse((_, Reverse(task)))| {
            // What is said of it, without its name.
            let told = describe(record, state, point.at, task, self.view.wording);
            let how = told.get(record.catalog().task_name(task).len()..).map(|how| how.trim_start_matches(", "));
            // That it returned, its sign says.
            let how = how.filter(|how| *how != Ending::Returned.word());
            Item::Task(task, how.map(str::to_owned))
        };
        // What the program is about stands first, and what serves it from another file comes after that.
        let latest = latest.into_sorted_vec().into_iter();
        let (own, others): (Vec<_>, Vec<_>) =
            latest.partition(|Reverse((_, Reverse(task)))| record.catalog().is_spawned_in(*task, file));
        let word = (!own.is_empty() && !others.is_empty()).then_some(Item::Word("of other files"));
        own.into_iter().map(item).chain(word).chain(others.into_iter().map(item)).collect()
    }

    /// How wide the ready queue would have to be to show all of it in this height, in points.
    pub(super) fn ready_width(&self, ui: &Ui, height: f32) -> f32 {
        self.width_of(ui, &self.ready_items(), height)
    }

    /// How wide it would have to be to show two columns of it where it takes more than one.
    pub(super) fn two_columns(&self, ui: &Ui, height: f32) -> f32 {
        let items = self.ready_items();
        let columns = items.len().div_ceil(rows_in(height)).min(2) as f32;
        columns * (self.column(ui, &items) + APART) + MARGINS
    }

    /// The same of who has ended.
    pub(super) fn done_width(&self, ui: &Ui, height: f32) -> f32 {
        if self.view.state.ended_in_all() == 0 {
            return 0.0;
        }
        self.width_of(ui, &self.ended, height - MORE)
    }

    fn width_of(&self, ui: &Ui, items: &[Item], height: f32) -> f32 {
        let columns = items.len().div_ceil(rows_in(height)) as f32;
        columns * (self.column(ui, items) + APART) + MARGINS
    }

    /// The width of a column that shows each item whole.
    fn column(&self, ui: &Ui, items: &[Item]) -> f32 {
        let width = |item: &Item| match item {
            Item::Task(task, note) => chip_width(ui, self.view.record.catalog().task_name(*task), note.as_deref()),
            Item::Word(_) => 0.0,
        };
        items.iter().map(width).fold(0.0, f32::max)
    }

    /// Items in as many columns as there is room for; the rest is scrolled to, and counted.
    fn list(&mut self, ui: &mut Ui, items: Vec<Item>, count: usize, place: Place) {
        let (width, height) = (ui.available_width(), ui.available_height());
        if place == Place::Done && self.column(ui, &items) > width {
            return self.stacked(ui, &items, count);
        }
        let column = self.column(ui, &items).min(width);
        let columns = ((width + APART) / (column + APART).max(1.0)).floor().max(1.0) as usize;
        let fit = rows_in(height);
        let fits_all = items.len() <= fit * columns && count <= MOST_CHIPS;
        let rows = if fits_all { fit } else { items.len().div_ceil(columns).max(1) };
        let room = if fits_all { height } else { (height - MORE).max(CHIP) };
        let mut middles = Vec::new();
        let shown = scrolled(room).show(ui, |ui| {
            let origin = ui.max_rect().min;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = APART;
                for column_of in items.chunks(rows) {
                    ui.vertical(|ui| {
                        ui.set_width(column);
                        for item in column_of {
                            match item {
                                Item::Word(word) => self.hint(ui, word),
                                Item::Task(task, note) => {
                                    let name = self.view.record.catalog().task_name(*task);
                                    // A word that is cut tells nothing.
                                    let whole = chip_width(ui, name, note.as_deref()) <= ui.available_width() + 1.0;
                                    let note = note.as_deref().filter(|_| whole);
                                    middles.push(ui.cursor().top() + CHIP / 2.0);
                                    self.chip(ui, *task, note, place, origin);
                                }
                            }
                        }
                    });
                }
            });
        });
        if fits_all {
            return;
        }
        self.count_hidden(ui, count, &middles, shown.inner_rect.bottom());
    }

    /// Says how many there are beyond the chips whose middles are above the lower edge.
    fn count_hidden(&self, ui: &mut Ui, count: usize, middles: &[f32], bottom: f32) {
        let seen = middles.iter().filter(|middle| **middle <= bottom).count();
        let below = count.saturating_sub(seen);
        if below > 0 {
            self.hint(ui, &format!("+{} more", grouped(below)));
        }
    }
}

impl Scene<'_> {
    /// Who is ready, each with what made it so.
    fn with_causes(&mut self, ui: &mut Ui, items: &[Item]) {
        let LoopView { record, state, .. } = *self.view;
        let origin = ui.max_rect().min;
        for item in items {
            match item {
                Item::Word(word) => self.hint(ui, word),
                Item::Task(task, note) => {
                    self.chip(ui, *task, note.as_deref(), Place::Ready, origin);
                    if let Some(TaskStatus::Ready(cause)) = state.task(*task).map(|known| known.status) {
                        let words = woken_words(record, *task, cause);
                        ui.add(
                            egui::Label::new(RichText::new(words).font(text(12.0)).color(self.palette.weak)).truncate(),
                        );
                    }
                }
            }
        }
    }

    /// Who has ended, one below another, each with how: on lines of its own where it is too long to stand beside the name.
    fn stacked(&mut self, ui: &mut Ui, items: &[Item], count: usize) {
        let width = ui.available_width();
        let record = self.view.record;
        let is_beside = |ui: &Ui, task: &TaskId, note: Option<&str>| {
            chip_width(ui, record.catalog().task_name(*task), note) <= width
        };
        let weak = self.palette.weak;
        let hint_height = |ui: &Ui, words: &str| {
            ui.painter().layout(words.to_owned(), text(12.0), weak, width).size().y.max(ui.spacing().interact_size.y)
        };
        let heights = items.iter().map(|item| match item {
            Item::Word(word) => hint_height(ui, word),
            Item::Task(task, note) => match note.as_deref().filter(|note| !is_beside(ui, task, Some(note))) {
                Some(note) => CHIP + BELOW + hint_height(ui, note),
                None => CHIP,
            },
        });
        let needs: f32 = heights.map(|height| height + BELOW).sum();
        let height = ui.available_height();
        // Where all fits nothing is to be counted.
        let fits_all = needs <= height + BELOW && count <= items.len();
        let room = if fits_all { height } else { (height - MORE).max(CHIP) };
        let mut middles = Vec::new();
        let shown = scrolled(room).show(ui, |ui| {
            let origin = ui.max_rect().min;
            for item in items {
                match item {
                    Item::Word(word) => self.hint(ui, word),
                    Item::Task(task, note) => {
                        let is_beside = is_beside(ui, task, note.as_deref());
                        middles.push(ui.cursor().top() + CHIP / 2.0);
                        self.chip(ui, *task, note.as_deref().filter(|_| is_beside), Place::Done, origin);
                        if let Some(note) = note.as_deref().filter(|_| !is_beside) {
                            self.hint(ui, note);
                        }
                    }
                }
            }
        });
        self.count_hidden(ui, count, &middles, shown.inner_rect.bottom());
    }
}

/// A list that is scrolled, no higher than that.
fn scrolled(height: f32) -> ScrollArea {
    ScrollArea::vertical().max_height(height).min_scrolled_height(0.0).auto_shrink(false)
}

/// The margins of a box, in points.
const MARGINS: f32 = 16.0;

/// How many chips stand whole below one another in this height.
fn rows_in(height: f32) -> usize {
    ((height + BELOW) / (CHIP + BELOW)).floor().max(1.0) as usize
}
