//! The words and signs of a text, each with its place. It knows no grammar.

use super::error::MomentError;
use crate::event::Nanos;
use std::ops::Range;

/// A word or sign, with its bytes in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A bare word: a keyword, or a name.
    Word(String),
    /// A text in quotes.
    Quoted(String),
    Number(f64),
    Time(Nanos),
    /// `1st`, `2nd`, `3rd`, `4th`
    Ordinal(u32),
    Sign(&'static str),
}

/// Signs, the longer before those that they begin with.
const SIGNS: [&str; 14] = [">=", "<=", "!=", ">", "<", "=", "(", ")", ",", "+", "%", "-", "*", "/"];

/// Units of time in nanoseconds.
const UNITS: [(&str, f64); 6] = [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 6e10)];

/// Reads a text into words and signs.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, MomentError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        if next.is_whitespace() {
            at += next.len_utf8();
        } else if next == '"' {
            let Some(length) = rest[1..].find('"') else {
                return Err(MomentError::new(text, at..text.len(), "this quotation has no end: a `\"` is missing"));
            };
            let end = at + length + 2;
            tokens.push(Token { kind: TokenKind::Quoted(rest[1..=length].to_owned()), span: at..end });
            at = end;
        } else if let Some(length) = word_length(rest) {
            let word = &rest[..length];
            match tokens.last_mut() {
                // A number and its unit, apart.
                Some(Token { kind, span }) if unit(word).is_some() && matches!(kind, TokenKind::Number(_)) => {
                    if let (TokenKind::Number(number), Some(unit)) = (&*kind, unit(word)) {
                        *kind = TokenKind::Time(time(*number, unit));
                        span.end = at + length;
                    }
                }
                _ => tokens.push(Token { kind: kind_of(word), span: at..at + length }),
            }
            at += length;
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token { kind: TokenKind::Sign(sign), span: at..at + sign.len() });
            at += sign.len();
        } else {
            let message = format!("`{}` means nothing here; a name with it goes in quotes", next.escape_debug());
            return Err(MomentError::new(text, at..at + next.len_utf8(), message));
        }
    }
    Ok(tokens)
}

/// How long the word is that a text begins with. `-`, `*`, `/` and `:` are part of a word where they touch it.
fn word_length(text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || "-_./*:#".contains(c);
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let word = text[..end].trim_end_matches(':');
    let (first, is_more) = (word.chars().next()?, word.chars().count() > 1);
    let begins = first.is_alphanumeric() || "_#".contains(first) || (is_more && "*/.".contains(first));
    (begins && word.contains(char::is_alphanumeric)).then_some(word.len())
}

fn unit(word: &str) -> Option<f64> {
    UNITS.iter().find(|(name, _)| *name == word).map(|(_, nanos)| *nanos)
}

fn time(number: f64, unit: f64) -> Nanos {
    Nanos((number * unit).round() as u64) // a cast saturates
}

fn kind_of(word: &str) -> TokenKind {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
    let (digits, rest) = word.split_at(end);
    if let Ok(number) = digits.parse::<f64>() {
        if rest.is_empty() {
            return TokenKind::Number(number);
        }
        if let Some(unit) = unit(rest) {
            return TokenKind::Time(time(number, unit));
        }
        if let (true, Ok(ordinal)) = (["st", "nd", "rd", "th"].contains(&rest), digits.parse()) {
            return TokenKind::Ordinal(ordinal);
        }
    }
    TokenKind::Word(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn words_numbers_times_and_signs_are_told_apart() {
        use TokenKind::{Number, Ordinal, Quoted, Sign, Time, Word};
        let word = |text: &str| Word(text.to_owned());
        assert_eq!(kinds("fetch-* waits"), [word("fetch-*"), word("waits")]);
        assert_eq!(
            kinds("500 ms 2.5s 3"),
            [Time(Nanos::from_millis(500)), Time(Nanos::from_millis(2500)), Number(3.0)]
        );
        assert_eq!(kinds("the 4th"), [word("the"), Ordinal(4)]);
        assert_eq!(kinds("a - 1*b"), [word("a"), Sign("-"), word("1*b")]);
        assert_eq!(kinds("\"a b\">=1"), [Quoted("a b".to_owned()), Sign(">="), Number(1.0)]);
        assert_eq!(
            kinds("a/b.txt /page-1 x * 2"),
            [word("a/b.txt"), word("/page-1"), word("x"), Sign("*"), Number(2.0)]
        );
        assert_eq!(kinds("16 ns 120 µs"), [Time(Nanos(16)), Time(Nanos(120_000))]);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        assert_eq!(lex("a \"b").unwrap_err().span, 2..4);
        assert_eq!(lex("é & b").unwrap_err().span, 3..4);
    }
}
