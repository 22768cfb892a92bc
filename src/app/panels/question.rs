//! The question of a lesson: what to guess with, before the run, and what the run says to the guess.
//!
//! What kind of answer there is, and what to choose from, is known without any run; which it is, only the run says.

use crate::app::command::Command;
use crate::app::theme::{Palette, bold};
use crate::event::Nanos;
use crate::scenarios::{Answer, Outline, Scenario};
use egui::{Button, Color32, Key, RichText, Role, TextEdit, TextStyle, Ui, WidgetInfo};

/// Where the lesson's question stands.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) guess: Option<&'a str>,
    /// The answer; known once the run is over.
    pub(crate) answer: Option<&'a Answer>,
}

impl Question<'_> {
    /// Whether the run has answered.
    pub(super) fn is_told(&self) -> bool {
        self.answer.is_some()
    }

    /// The guess before the run, and what the run says to it.
    pub(super) fn show(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        if let Some((words, color)) = self.verdict(palette) {
            ui.label(RichText::new(words).font(bold(13.0)).color(color));
        } else if let Some(guess) = self.guess {
            ui.label(RichText::new(format!("You say: {guess}. Run it to see.")).color(palette.weak));
        } else {
            return self.guess_ui(ui);
        }
        None
    }

    /// What the run says, once it is over.
    pub(super) fn verdict(&self, palette: &Palette) -> Option<(String, Color32)> {
        let answer = self.answer?;
        Some(match self.guess {
            Some(guess) if is_right(guess, answer) => (format!("Yes: {answer}."), palette.good),
            Some(guess) => (format!("The run says: {answer}. You said: {guess}."), palette.bad),
            None => (format!("The run says: {answer}."), palette.text),
        })
    }

    /// A field or buttons to guess with; the guess when it is made.
    pub(super) fn guess_ui(&self, ui: &mut Ui) -> Option<Command> {
        let kind = (self.scenario.predict.answer)(&Outline::default());
        let guess = match &kind {
            Answer::Choice { of, .. } => {
                ui.horizontal_wrapped(|ui| of.iter().find(|choice| ui.button(choice.as_str()).clicked()).cloned()).inner
            }
            Answer::Time(_) => self.field(ui, "seconds", &kind),
            Answer::Count(_) => self.field(ui, "a number", &kind),
        };
        guess.map(Command::Guess)
    }

    fn field(&self, ui: &mut Ui, hint: &str, kind: &Answer) -> Option<String> {
        let place = ui.scope_id().with(("guess", self.scenario.id));
        let (mut typed, mut refused): (String, bool) = ui.data_mut(|data| data.get_temp(place).unwrap_or_default());
        // Room for the hint, however large the words around it are.
        let wide = ui.text_style_height(&TextStyle::Body) * 6.0;
        let made = ui.horizontal(|ui| {
            let field = ui.add(TextEdit::singleline(&mut typed).hint_text(hint).desired_width(wide));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Your guess"));
            refused &= !field.changed();
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let pressed = ui.add_enabled(!typed.trim().is_empty(), Button::new("Guess")).clicked();
            entered || pressed
        });
        let guess = Some(typed.trim().to_owned()).filter(|guess| made.inner && !guess.is_empty());
        refused |= guess.as_deref().is_some_and(|guess| value(guess, kind).is_none());
        if refused {
            let words = match kind {
                Answer::Time(_) => "Say it in seconds, such as 1.5, or with a unit: 200 ms.",
                _ => "Say it as a number, such as 3.",
            };
            ui.label(RichText::new(words).color(Palette::of(ui).bad));
        }
        ui.data_mut(|data| data.insert_temp(place, (typed, refused)));
        guess.filter(|_| !refused)
    }
}

/// What a guess means: seconds for a time, else a number. A comma may stand for the point.
fn value(guess: &str, kind: &Answer) -> Option<f64> {
    let guess = guess.trim();
    let end = guess.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(guess.len());
    let (digits, unit) = guess.split_at(end);
    let number: f64 = digits.replace(',', ".").parse().ok()?;
    if !matches!(kind, Answer::Time(_)) {
        return Some(number);
    }
    Some(match unit.trim().to_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => number,
        "ms" | "msec" | "millisecond" | "milliseconds" => number / 1e3,
        "µs" | "us" | "microsecond" | "microseconds" => number / 1e6,
        "min" | "minute" | "minutes" => number * 60.0,
        _ => return None,
    })
}

/// Whether a guess is what the run says: a time to a hundredth of a second.
fn is_right(guess: &str, answer: &Answer) -> bool {
    match answer {
        Answer::Time(time) => value(guess, answer).is_some_and(|guess| {
            let guess = Nanos::from_secs_f64(guess);
            guess.0.abs_diff(time.0) <= Nanos::from_millis(5).0
        }),
        Answer::Count(count) => value(guess, answer).is_some_and(|guess| guess == *count as f64),
        Answer::Choice { .. } => guess == answer.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;

    #[test]
    fn a_guess_is_right_where_it_says_the_same() {
        let time = Answer::Time(Nanos::from_millis(3000));
        for guess in ["3", "3 s", "3.0", "3 seconds", "3.001", "3,0", "3000 ms", "3000ms", "0.05 min"] {
            assert!(is_right(guess, &time), "{guess}");
        }
        for guess in ["6", "", "s", "3.1", "3 ms", "3 apples", "-3"] {
            assert!(!is_right(guess, &time), "{guess}");
        }
        assert!(is_right("4", &Answer::Count(4)) && !is_right("4.5", &Answer::Count(4)));
        assert!(is_right("4 times", &Answer::Count(4)));
        let choice = Answer::choice(&["yes", "no"], "no");
        assert!(is_right("no", &choice) && !is_right("yes", &choice));
    }

    #[test]
    fn every_question_has_something_to_choose_from_before_any_run() {
        for scenario in scenarios::all() {
            if let Answer::Choice { of, .. } = (scenario.predict.answer)(&Outline::default()) {
                assert!(of.len() >= 2, "{}: {of:?}", scenario.id);
            }
        }
    }
}
