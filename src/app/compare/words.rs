//! What is different between two runs, in words and numbers.

use super::{Compare, Found};
use crate::app::theme::{Palette, bold, mono, text};
use crate::event::Nanos;
use crate::trace::{Comparison, Ending, Shift, SpanState};
use egui::{Align, Grid, Layout, RichText, ScrollArea, Ui, vec2};
use std::collections::HashSet;

/// Less width than this, in points, is not divided between numbers and words.
const ROOM_FOR_BOTH: f32 = 700.0;

impl Compare {
    /// The numbers at the left, the words at the right.
    pub(super) fn words(&self, ui: &mut Ui) {
        let Some(found) = self.found() else { return };
        if ui.available_width() < ROOM_FOR_BOTH {
            ScrollArea::vertical().id_salt("differences").auto_shrink(false).show(ui, |ui| {
                found.words(ui);
                ui.add_space(8.0);
                found.numbers(ui);
            });
            return;
        }
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 32.0;
            ScrollArea::vertical().id_salt("numbers").auto_shrink([true, false]).show(ui, |ui| found.numbers(ui));
            ScrollArea::vertical().id_salt("words").auto_shrink(false).show(ui, |ui| {
                ui.vertical(|ui| found.words(ui));
            });
        });
    }
}

impl Found {
    fn words(&self, ui: &mut Ui) {
        let palette = Palette::of(ui);
        ui.spacing_mut().item_spacing.y = 7.0;
        let names = self.names();
        for (place, sentence) in self.sentences.iter().enumerate() {
            let font = if place == 0 { bold(17.0) } else { text(14.5) };
            ui.label(RichText::new(as_sentence(sentence, &names)).font(font).color(palette.text));
        }
    }

    /// The names of the tasks of both runs.
    fn names(&self) -> HashSet<&str> {
        let Comparison { first, second, pairs, .. } = &self.comparison;
        let alone = first.alone.iter().chain(&second.alone);
        pairs.iter().map(|pair| &*pair.name).chain(alone.map(|name| &**name)).collect()
    }

    fn numbers(&self, ui: &mut Ui) {
        let palette = Palette::of(ui);
        let (first, second) = (&self.comparison.first, &self.comparison.second);
        let heading = |words: &str| RichText::new(words).font(bold(13.0)).color(palette.weak);
        let right = |ui: &mut Ui, words: RichText| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(words));
        };
        ui.spacing_mut().interact_size.y = 20.0;
        Grid::new("numbers").num_columns(4).min_col_width(64.0).spacing(vec2(22.0, 6.0)).show(ui, |ui| {
            ui.label("");
            right(ui, heading("First run"));
            right(ui, heading("Second run"));
            ui.label(heading("Difference"));
            ui.end_row();
            let mut row = |name: &str, one: String, two: String, difference: String| {
                ui.label(RichText::new(name).font(text(14.0)).color(palette.text));
                for number in [one, two] {
                    right(ui, RichText::new(number).font(mono(14.0)).color(palette.text));
                }
                ui.label(RichText::new(difference).font(text(14.0)).color(palette.text));
                ui.end_row();
            };
            let mut time = |name: &str, one: Nanos, two: Nanos, less: &str, more: &str| {
                let difference = match Shift::between(one, two) {
                    Shift::Same => "same".to_owned(),
                    shift => shift.in_words(less, more),
                };
                let [one, two] = one.apart(two);
                row(name, one, two, difference);
            };
            time("Ends at", first.elapsed, second.elapsed, "sooner", "later");
            for (name, state) in [
                ("Tasks wait", SpanState::Waiting),
                ("Tasks are ready", SpanState::Ready),
                ("Tasks run", SpanState::Running),
            ] {
                time(name, first.times[state as usize], second.times[state as usize], "less", "more");
            }
            time("Waits that overlap", first.overlap, second.overlap, "less", "more");
            let mut count = |name: &str, one: usize, two: usize| {
                let difference = match one.cmp(&two) {
                    std::cmp::Ordering::Equal => "same".to_owned(),
                    std::cmp::Ordering::Greater => format!("{} fewer", one - two),
                    std::cmp::Ordering::Less => format!("{} more", two - one),
                };
                row(name, one.to_string(), two.to_string(), difference);
            };
            count("Tasks", first.tasks, second.tasks);
            for ending in Ending::ALL {
                let [one, two] = [first, second].map(|side| side.ended[ending.place()]);
                if one + two > 0 {
                    count(&format!("… {}", ending.word()), one, two);
                }
            }
            count("Lines printed", first.lines, second.lines);
        });
    }
}

/// A sentence begins with a capital, where it does not begin with a task's name, and ends with a full stop.
fn as_sentence(words: &str, names: &HashSet<&str>) -> String {
    let first = words.split([' ', ',']).next().unwrap_or_default();
    if names.contains(first) {
        return format!("{words}.");
    }
    let mut rest = words.chars();
    let capital: String = rest.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{capital}{}.", rest.as_str())
}
