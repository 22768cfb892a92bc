//! Values: numbers, times, texts, yes and no, and what is not known yet. Nothing here fails: what makes no sense is unknown.

use crate::event::Nanos;
use std::cmp::Ordering;
use std::fmt;

/// A value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A length of time in nanoseconds, or a time since the start. A difference may be less than nothing.
    Time(i128),
    /// A text, or one of several words.
    Text(String),
    /// Yes or no.
    Truth(bool),
    /// It is not known: not before the run is over, or because something that it is made of did not happen.
    Unknown,
}

impl Value {
    /// A time.
    #[must_use]
    pub fn time(time: Nanos) -> Self {
        Self::Time(i128::from(time.0))
    }

    /// A count.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    /// Whether it is yes.
    #[must_use]
    pub fn is_true(&self) -> bool {
        *self == Self::Truth(true)
    }

    /// As a time; none for anything else.
    #[must_use]
    pub fn as_time(&self) -> Option<Nanos> {
        match self {
            Self::Time(nanos) => Some(Nanos(u64::try_from((*nanos).max(0)).unwrap_or(u64::MAX))),
            _ => None,
        }
    }

    /// As a whole number of things, rounded; none for anything else.
    #[must_use]
    pub fn as_count(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number.round() as u64), // a cast saturates
            _ => None,
        }
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Self::Number(one + other),
            (Self::Time(one), Self::Time(other)) => Self::Time(one.saturating_add(*other)),
            _ => Self::Unknown,
        }
    }

    pub(super) fn negative(&self) -> Self {
        match self {
            Self::Number(number) => Self::Number(-number),
            Self::Time(time) => Self::Time(time.saturating_neg()),
            _ => Self::Unknown,
        }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Self::Number(one * other),
            (Self::Time(time), Self::Number(by)) | (Self::Number(by), Self::Time(time)) => scaled(*time, *by),
            _ => Self::Unknown,
        }
    }

    pub(super) fn divided_by(&self, other: &Self) -> Self {
        match (self, other) {
            (_, Self::Number(0.0) | Self::Time(0)) => Self::Unknown,
            (Self::Number(one), Self::Number(other)) => Self::Number(one / other),
            (Self::Time(time), Self::Number(by)) => scaled(*time, 1.0 / by),
            (Self::Time(one), Self::Time(other)) => Self::Number(*one as f64 / *other as f64),
            _ => Self::Unknown,
        }
    }

    pub(super) fn rest_of(&self, other: &Self) -> Self {
        match (self, other) {
            (_, Self::Number(0.0) | Self::Time(0)) => Self::Unknown,
            (Self::Number(one), Self::Number(other)) => Self::Number(one.rem_euclid(*other)),
            (Self::Time(one), Self::Time(other)) => one.checked_rem_euclid(*other).map_or(Self::Unknown, Self::Time),
            _ => Self::Unknown,
        }
    }

    /// How two values of one kind compare.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.partial_cmp(other),
            (Self::Time(one), Self::Time(other)) => Some(one.cmp(other)),
            // Nothing needs no unit.
            (Self::Time(one), Self::Number(0.0)) => Some(one.cmp(&0)),
            (Self::Number(0.0), Self::Time(other)) => Some(0.cmp(other)),
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            (Self::Truth(one), Self::Truth(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}

fn scaled(time: i128, by: f64) -> Value {
    let scaled = time as f64 * by;
    // A whole factor keeps every nanosecond.
    let is_whole = by.fract() == 0.0 && by.abs() < 1e15;
    if is_whole { Value::Time(time.saturating_mul(by as i128)) } else { Value::Time(scaled.round() as i128) }
}

/// As the app writes values everywhere; what is not known as `…`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => write!(f, "{}", *number as i64),
            Self::Number(number) => {
                let digits = format!("{number:.2}");
                f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
            }
            Self::Time(time) => {
                let sign = if *time < 0 { "−" } else { "" };
                let length = Nanos(u64::try_from(time.unsigned_abs()).unwrap_or(u64::MAX));
                write!(f, "{sign}{length}")
            }
            Self::Text(text) => f.write_str(text),
            Self::Truth(true) => f.write_str("yes"),
            Self::Truth(false) => f.write_str("no"),
            Self::Unknown => f.write_str("…"),
        }
    }
}

/// Numbers that have a word.
const WORDS: [&str; 13] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// A small whole number as a word, another one in digits.
pub(super) fn in_words(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.fract() == 0.0 && *number >= 0.0 => {
            let word = WORDS.get(*number as usize).map(|word| (*word).to_owned());
            Value::Text(word.unwrap_or_else(|| value.to_string()))
        }
        value => value.clone(),
    }
}
