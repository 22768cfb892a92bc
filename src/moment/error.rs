//! What is wrong with a text, at which place, and what may have been meant. It never guesses: it says and proposes.

use std::fmt;
use std::ops::Range;

/// Why a text is no moment, no value or no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MomentError {
    /// The text as it was given.
    pub text: String,
    /// The bytes of it that are wrong; empty at the end where something is missing.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub message: String,
    /// What may have been meant.
    pub proposal: Option<String>,
}

impl MomentError {
    pub(super) fn new(text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { text: text.to_owned(), span, message: message.into(), proposal: None }
    }

    /// With what may have been meant, if there is something.
    pub(super) fn proposing(self, proposal: Option<impl Into<String>>) -> Self {
        Self { proposal: proposal.map(Into::into), ..self }
    }

    /// What is wrong and what may have been meant, on one line, without the place.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.proposal {
            Some(proposal) => format!("{}; did you mean `{proposal}`?", self.message),
            None => self.message.clone(),
        }
    }

    /// How many letters come before the place, and how many it has, at least one: for a caret below it.
    #[must_use]
    pub fn letters(&self) -> (usize, usize) {
        let count = |range: Range<usize>| self.text.get(range).map_or(0, |part| part.chars().count());
        (count(0..self.span.start), count(self.span.clone()).max(1))
    }
}

/// The sentence, and below it the text with carets under the place.
impl fmt::Display for MomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, length) = self.letters();
        // A line each: line breaks and tabs within the text would move the carets.
        let text: String = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        write!(f, "{}\n  {text}\n  {}{}", self.sentence(), " ".repeat(before), "^".repeat(length))
    }
}

impl std::error::Error for MomentError {}

/// Words less alike than this are not proposed.
const ALIKE: f64 = 0.8;

/// The one of `words` that is most like `word`, if one is.
pub(super) fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let likeness = |other: &str| {
        // Two letters swapped in a short word count for little elsewhere.
        let is_slip = word.len() > 2 && strsim::osa_distance(&word, other) == 1;
        strsim::jaro_winkler(&word, other).max(if is_slip { ALIKE } else { 0.0 })
    };
    let alike = words.into_iter().map(|other| (likeness(other), other));
    alike
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word)
}
