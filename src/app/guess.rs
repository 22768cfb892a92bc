//! The guess at a lesson's question: what is being typed, what was made of it, and whether it is right.
//!
//! It knows what a guess means, and never what the answer is: only a run says that.

use crate::event::Nanos;
use crate::scenarios::Answer;

/// What the reader has typed so far, and the guess that was made of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Guess {
    typed: String,
    is_refused: bool,
    made: Option<String>,
}

impl Guess {
    /// A guess that was made elsewhere than in the field, or none.
    pub(crate) fn of(made: Option<&str>) -> Self {
        Self { made: made.map(str::to_owned), ..Self::default() }
    }

    /// What stands in the field.
    pub(crate) fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether what stands in the field was sent and means nothing.
    pub(crate) fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// The guess, once it is made.
    pub(crate) fn made(&self) -> Option<&str> {
        self.made.as_deref()
    }

    /// Takes what stands in the field now.
    pub(crate) fn type_in(&mut self, typed: String) {
        self.is_refused &= typed == self.typed;
        self.typed = typed;
    }

    /// Makes a guess at a question with answers of this kind. One that means nothing is refused.
    pub(crate) fn make(&mut self, guess: &str, kind: &Answer) {
        let guess = guess.trim();
        if guess.is_empty() {
            return;
        }
        guess.clone_into(&mut self.typed);
        self.is_refused = !means_something(guess, kind);
        if !self.is_refused {
            self.made = Some(guess.to_owned());
        }
    }

    /// A run begins: what stands in the field counts, if it means something.
    pub(crate) fn settle(&mut self, kind: &Answer) {
        if self.made.is_none() && means_something(&self.typed, kind) {
            self.made = Some(self.typed.trim().to_owned());
        }
    }
}

/// Whether a guess can be one at a question with answers of this kind.
pub(crate) fn means_something(guess: &str, kind: &Answer) -> bool {
    match kind {
        Answer::Choice { of, .. } => of.iter().any(|choice| choice == guess),
        Answer::Time(_) | Answer::Count(_) | Answer::Nothing => value(guess, kind).is_some(),
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
pub(crate) fn is_right(guess: &str, answer: &Answer) -> bool {
    match answer {
        Answer::Time(time) => value(guess, answer).is_some_and(|guess| {
            let guess = Nanos::from_secs_f64(guess);
            guess.0.abs_diff(time.0) <= Nanos::from_millis(5).0
        }),
        Answer::Count(count) => value(guess, answer).is_some_and(|guess| guess == *count as f64),
        Answer::Choice { .. } | Answer::Nothing => guess == answer.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_is_typed_counts_once_a_run_begins_if_it_means_something() {
        let (time, choice) = (Answer::Time(Nanos::ZERO), Answer::choice(&["yes", "no"], "no"));
        let settled = |typed: &str, kind: &Answer| {
            let mut guess = Guess::default();
            guess.type_in(typed.to_owned());
            guess.settle(kind);
            guess.made().map(str::to_owned)
        };
        assert_eq!(settled(" 5 s ", &time).as_deref(), Some("5 s"));
        assert_eq!([settled("soon", &time), settled("", &time), settled("3", &choice)], [None, None, None]);
        let mut guess = Guess::default();
        guess.make("5", &time);
        guess.type_in("6".to_owned());
        guess.settle(&time);
        assert_eq!(guess.made(), Some("5"), "one that was made stays");
    }

    #[test]
    fn what_means_nothing_is_refused_until_something_else_is_typed() {
        let time = Answer::Time(Nanos::ZERO);
        let mut guess = Guess::default();
        guess.make("soon", &time);
        assert!(guess.is_refused() && guess.made().is_none());
        guess.type_in("soon".to_owned());
        assert!(guess.is_refused(), "it still stands there");
        guess.type_in("soo".to_owned());
        assert!(!guess.is_refused());
        guess.make("2 s", &time);
        assert_eq!((guess.made(), guess.is_refused()), (Some("2 s"), false));
    }
}
