//! A place in a text's words, and the steps that both grammars take over it. It knows neither grammar.

use super::error::{MomentError, nearest};
use super::lex::{Token, TokenKind, lex};
use super::tree::Compare;
use crate::event::Nanos;

/// Nothing is nested deeper than this.
const DEEPEST: usize = 40;
/// A text of more words is no sentence of anybody's.
const MOST_WORDS: usize = 1000;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
    /// What else a bare word may be, in a value: parameters, and words that they take.
    pub(super) known: &'t [&'t str],
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, known: &'t [&'t str]) -> Result<Self, MomentError> {
        let tokens = lex(text)?;
        if let Some(surplus) = tokens.get(MOST_WORDS) {
            return Err(MomentError::new(text, surplus.span.clone(), format!("this has more than {MOST_WORDS} words")));
        }
        Ok(Self { text, tokens, at: 0, depth: 0, known })
    }

    pub(super) fn peek(&self) -> Option<&TokenKind> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<&TokenKind> {
        self.tokens.get(self.at + by).map(|token| &token.kind)
    }

    /// The bare word that comes next.
    pub(super) fn word(&self) -> Option<&str> {
        self.word_ahead(0)
    }

    pub(super) fn word_ahead(&self, by: usize) -> Option<&str> {
        match self.ahead(by) {
            Some(TokenKind::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// Takes the words if they come next, all of them.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let comes = words.iter().enumerate().all(|(by, word)| self.word_ahead(by) == Some(*word));
        if comes {
            self.at += words.len();
        }
        comes
    }

    /// Takes the bare word that comes next if it is one of these; which.
    pub(super) fn take_one<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        let word = self.word()?;
        let found = words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning);
        self.at += usize::from(found.is_some());
        found
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let comes = matches!(self.peek(), Some(TokenKind::Sign(next)) if *next == sign);
        self.at += usize::from(comes);
        comes
    }

    pub(super) fn take_quoted(&mut self) -> Option<String> {
        let Some(TokenKind::Quoted(text)) = self.peek() else { return None };
        let text = text.clone();
        self.at += 1;
        Some(text)
    }

    /// A name, bare or quoted.
    pub(super) fn take_name(&mut self) -> Option<String> {
        let name = match self.peek()? {
            TokenKind::Word(name) | TokenKind::Quoted(name) => name.clone(),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    pub(super) fn name(&mut self, what: &str) -> Result<String, MomentError> {
        self.take_name().ok_or_else(|| self.wrong(format!("here comes {what}")))
    }

    pub(super) fn take_compare(&mut self) -> Option<Compare> {
        let Some(TokenKind::Sign(sign)) = self.peek() else { return None };
        let compare = Compare::of_sign(sign)?;
        self.at += 1;
        Some(compare)
    }

    pub(super) fn compare(&mut self) -> Result<Compare, MomentError> {
        self.take_compare().ok_or_else(|| self.wrong("here comes a comparison: `>`, `>=`, `<`, `<=` or `=`"))
    }

    pub(super) fn number(&mut self) -> Result<f64, MomentError> {
        let Some(TokenKind::Number(number)) = self.peek() else {
            return Err(self.wrong("here comes a number, such as `3`"));
        };
        let number = *number;
        self.at += 1;
        Ok(number)
    }

    /// A time; only nothing needs no unit.
    pub(super) fn time(&mut self) -> Result<Nanos, MomentError> {
        let time = match self.peek() {
            Some(TokenKind::Time(time)) => *time,
            Some(TokenKind::Number(number)) if *number == 0.0 => Nanos::ZERO,
            Some(TokenKind::Number(number)) => {
                let proposal = format!("{number} ms");
                return Err(self.wrong("a time needs a unit").proposing(Some(proposal)));
            }
            _ => return Err(self.wrong("here comes a time, such as `500 ms` or `2.5 s`")),
        };
        self.at += 1;
        Ok(time)
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Result<(), MomentError> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.wrong(format!("a `{sign}` is missing here"))) }
    }

    /// Goes one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, MomentError>,
    ) -> Result<T, MomentError> {
        if self.depth == DEEPEST {
            return Err(self.wrong("this is nested too deep"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// That nothing more comes.
    pub(super) fn end(&self) -> Result<(), MomentError> {
        match self.peek() {
            None => Ok(()),
            Some(TokenKind::Word(word)) => {
                let proposal = nearest(word, ["and", "or", "then", "for", "at", "by"]).map(str::to_owned);
                Err(self.wrong(format!("`{word}` makes no sense here")).proposing(proposal))
            }
            Some(_) => Err(self.wrong("this makes no sense here")),
        }
    }

    /// The bytes of what comes next; the end of the text where nothing does.
    pub(super) fn span(&self) -> std::ops::Range<usize> {
        self.tokens.get(self.at).map_or(self.text.len()..self.text.len(), |token| token.span.clone())
    }

    /// The bytes from the word at `start` to the one before the place.
    pub(super) fn span_from(&self, start: usize) -> std::ops::Range<usize> {
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        match (self.tokens.get(start), last) {
            (Some(first), Some(last)) if first.span.start < last.span.end => first.span.start..last.span.end,
            _ => self.span(),
        }
    }

    /// What comes next is wrong.
    pub(super) fn wrong(&self, message: impl Into<String>) -> MomentError {
        MomentError::new(self.text, self.span(), message)
    }
}
