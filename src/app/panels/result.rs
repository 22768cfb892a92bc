//! What follows from a run that is over: the guess and the answer, the point, what to try next, and the next lesson.

use super::lesson::heading;
use super::markdown::{marked_up, paragraphs};
use super::question::Question;
use crate::app::command::Command;
use crate::app::theme::{Palette, bold};
use crate::scenarios::{Scenario, Told, Value};
use egui::{Button, RichText, Ui};

pub(super) struct ResultPart<'a> {
    pub(super) scenario: &'static Scenario,
    pub(super) lesson: Told<'a>,
    pub(super) question: Question<'a>,
    /// What the lesson proposes to try, and was not tried yet.
    pub(super) to_try: &'a [&'static str],
}

/// More than so many proposals at once are no help.
const MOST_TRIES: usize = 3;

impl ResultPart<'_> {
    pub(super) fn show(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let lesson = self.lesson;
        if let (false, Some((words, color))) = (lesson.question().is_empty(), self.question.verdict(palette)) {
            ui.add_space(6.0);
            ui.label(marked_up(&lesson.question(), palette.weak, ui.available_width(), 12.0));
            ui.label(RichText::new(words).font(bold(15.0)).color(color));
        }
        if !lesson.so_what().is_empty() {
            let of = if self.question.looks_back { "The point (whole run)" } else { "The point" };
            heading(ui, of, palette);
            paragraphs(ui, &lesson.so_what(), palette);
        }
        let mut command = None;
        if !self.to_try.is_empty() {
            heading(ui, "Try this", palette);
            ui.horizontal_wrapped(|ui| {
                for set in self.to_try.iter().take(MOST_TRIES) {
                    if ui.add(Button::new(format!("Try {}", self.words(set))).wrap()).clicked() {
                        command = Some(Command::Try(set));
                    }
                }
            });
        }
        match self.scenario.next() {
            Some(next) => {
                let words = RichText::new(format!("Next lesson: {}", next.title)).color(palette.on_running);
                let button = Button::new(words).fill(palette.running).wrap();
                if ui.add(button).on_hover_text("Shift N").clicked() {
                    command = Some(Command::Load(next));
                }
            }
            // A program of one's own stands in no course.
            None if self.scenario.chapter().is_some() => {
                ui.label(RichText::new("This is the last lesson of the course.").color(palette.weak));
            }
            None => {}
        }
        command
    }

    /// The values of a proposal, for people.
    fn words(&self, set: &str) -> String {
        let words = set.split(' ').filter_map(|assignment| {
            let (name, value) = assignment.split_once('=')?;
            let param = self.scenario.params.iter().find(|param| param.name == name)?;
            Some(match param.bounds.parse(value)? {
                Value::Choice(word) => word.to_owned(),
                value => format!("{}: {value}", param.label),
            })
        });
        words.collect::<Vec<_>>().join(", ")
    }
}
