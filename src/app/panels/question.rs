//! The question of a lesson: what to guess with, before the run, and what the run says to the guess.
//!
//! What kind of answer there is, and what to choose from, is known without any run; which it is, only the run says.

use crate::app::command::Command;
use crate::app::focus::{self, Landing, Region};
use crate::app::guess::{Guess, is_right, means_something};
use crate::app::theme::Palette;
use crate::scenarios::{Answer, Told};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Button, Color32, Id, Key, RichText, Role, TextEdit, TextStyle, Ui, WidgetInfo};

/// Where the lesson's question stands.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) lesson: Told<'a>,
    /// The guess, once it is made.
    pub(crate) guess: Option<&'a str>,
    /// What is being typed.
    pub(crate) typed: &'a Guess,
    /// The answer; known once the run is over.
    pub(crate) answer: Option<&'a Answer>,
    /// Whether the cursor is before the end of the run that answers.
    pub(crate) looks_back: bool,
}

impl Question<'_> {
    /// Whether the run has answered.
    pub(super) fn is_told(&self) -> bool {
        self.answer.is_some()
    }

    /// Whether a guess is right, once the run has answered.
    pub(super) fn is_right(&self, guess: &str) -> Option<bool> {
        self.answer.map(|answer| is_right(guess, answer))
    }

    /// What the run says, once it is over.
    pub(super) fn verdict(&self, palette: &Palette) -> Option<(String, Color32)> {
        let answer = self.answer?;
        // Before the end it is not the answer yet.
        let of = if self.looks_back { " (whole run)" } else { "" };
        Some(match self.guess {
            Some(guess) if is_right(guess, answer) => (format!("Yes{of}: {answer}."), palette.good),
            Some(guess) => (format!("Answer{of}: {answer}. You guessed {guess}."), palette.bad),
            None => (format!("Answer{of}: {answer}."), palette.text),
        })
    }

    /// A field or buttons to guess with; what is done there.
    pub(super) fn guess_ui(&self, ui: &mut Ui) -> Option<Command> {
        match self.lesson.kind_of_answer() {
            Answer::Choice { of, .. } => {
                let choices = ui.horizontal_wrapped(|ui| {
                    let mut chosen = None;
                    for (place, choice) in of.iter().enumerate() {
                        let button = ui.button(choice.as_str());
                        if place == 0 {
                            land(ui, button.id);
                        }
                        chosen = chosen.or(button.clicked().then(|| Command::Guess(choice.clone())));
                    }
                    chosen
                });
                choices.inner
            }
            Answer::Time(_) => {
                self.field(ui, "seconds", "Type seconds, such as 1.5, or a time with a unit, such as 200 ms.")
            }
            Answer::Count(_) | Answer::Nothing => self.field(ui, "a number", "Type a number, such as 3."),
        }
    }

    fn field(&self, ui: &mut Ui, hint: &str, help: &str) -> Option<Command> {
        let mut typed = self.typed.typed().to_owned();
        // Room for the hint, however large the words around it are.
        let wide = ui.text_style_height(&TextStyle::Body) * 6.0;
        let command = ui.horizontal(|ui| {
            let field = ui.add(TextEdit::singleline(&mut typed).hint_text(hint).desired_width(wide));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Your guess"));
            land(ui, field.id);
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let pressed = ui.add_enabled(!typed.trim().is_empty(), Button::new("Guess")).clicked();
            if entered || pressed {
                if !means_something(typed.trim(), &self.lesson.kind_of_answer()) {
                    keep(ui, field.id, &typed);
                }
                Some(Command::Guess(typed.clone()))
            } else {
                field.changed().then(|| Command::TypeGuess(typed.clone()))
            }
        });
        if self.typed.is_refused() {
            ui.label(RichText::new(help).color(Palette::of(ui).bad));
        }
        command.inner
    }
}

/// A guess that is refused is to be corrected at once: the keyboard stays in the field, with all of it selected.
fn keep(ui: &Ui, field: Id, typed: &str) {
    let mut state = TextEditState::load(ui.ctx(), field).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(typed.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), field);
    ui.memory_mut(|memory| memory.request_focus(field));
}

/// The keyboard comes here by the key for the guess, and by that for the lesson.
fn land(ui: &Ui, control: Id) {
    focus::land(ui, Landing::Guess, control);
    focus::land(ui, Landing::Region(Region::Lesson), control);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::{self, Params};

    #[test]
    fn every_question_has_something_to_choose_from_before_any_run() {
        for scenario in scenarios::all() {
            match scenario.kind_of_answer(&Params::defaults(scenario.params)) {
                Answer::Choice { of, .. } => assert!(of.len() >= 2, "{}: {of:?}", scenario.id),
                Answer::Nothing => panic!("{}: no answer is possible", scenario.id),
                Answer::Time(_) | Answer::Count(_) => {}
            }
        }
    }
}
