//! What can be set in a scenario.

use super::address::{Address, hide};
use crate::event::Nanos;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Something that can be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it means, for people.
    pub label: &'static str,
    /// Its bounds and default.
    pub bounds: Bounds,
}

/// What values there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds {
    /// A number of things.
    Count {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
        /// Unless set.
        default: u32,
    },
    /// A length of time, by whole milliseconds.
    Millis {
        /// The longest.
        max: u32,
        /// Unless set.
        default: u32,
    },
    /// One of several words.
    Choice {
        /// The words; the first unless set.
        of: &'static [&'static str],
    },
    /// Any text without spaces, such as an address.
    Text {
        /// Unless set.
        default: &'static str,
    },
}

/// The longest time a parameter can be: an hour.
const LONGEST_MILLIS: u32 = 3_600_000;

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number of things.
    Count(u32),
    /// A length of time, in milliseconds.
    Millis(u32),
    /// One of several words.
    Choice(&'static str),
    /// A text.
    Text(Address),
}

impl Value {
    /// As on the command line, where it is one word: `1.5s`.
    #[must_use]
    pub fn word(&self) -> String {
        self.to_string().replace(' ', "")
    }
}

/// A value for each parameter of a scenario; always within bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    known: &'static [Param],
    set: BTreeMap<&'static str, Value>,
}

/// A parameter cannot be set so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// Not of the form `name=value`.
    #[error("'{0}' sets nothing; write name=value")]
    NotAnAssignment(String),
    /// The scenario has no parameter of that name.
    #[error("this lesson has no parameter '{name}'; {}", known_names(.known))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names that it has.
        known: Vec<&'static str>,
    },
    /// The value does not fit.
    #[error("'{value}' does not fit {name}: it takes {takes}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        takes: String,
    },
}

fn known_names(known: &[&'static str]) -> String {
    if known.is_empty() { "it has none".into() } else { format!("it has: {}", known.join(", ")) }
}

impl Bounds {
    /// A length of time from nothing to an hour, in milliseconds.
    #[must_use]
    pub const fn millis(default: u32) -> Self {
        Self::Millis { max: LONGEST_MILLIS, default }
    }

    /// The value unless set.
    #[must_use]
    pub fn default(self) -> Value {
        match self {
            Self::Count { default, .. } => Value::Count(default),
            Self::Millis { default, .. } => Value::Millis(default),
            Self::Choice { of } => Value::Choice(of.first().copied().unwrap_or_default()),
            Self::Text { default } => Value::Text(default.into()),
        }
    }

    fn contains(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Count { min, max, .. }, Value::Count(count)) => (min..=max).contains(count),
            (Self::Millis { max, .. }, Value::Millis(millis)) => *millis <= max,
            (Self::Choice { of }, Value::Choice(word)) => of.contains(word),
            (Self::Text { .. }, Value::Text(text)) => !text.reveal().contains(char::is_whitespace),
            _ => false,
        }
    }

    /// Reads a value: a count as a whole number, a time in seconds, e.g. `1.5` or `1.5s`, or in milliseconds, `300ms`.
    #[must_use]
    pub fn parse(self, text: &str) -> Option<Value> {
        let value = match self {
            Self::Count { .. } => Value::Count(text.parse().ok()?),
            Self::Millis { max, .. } => {
                let length = Nanos::parse(text).filter(|length| *length <= Nanos::from_millis(u64::from(max)))?;
                Value::Millis((length.as_secs_f64() * 1000.0).round() as u32)
            }
            Self::Choice { of } => Value::Choice(of.iter().find(|word| **word == text)?),
            Self::Text { .. } => Value::Text(text.into()),
        };
        self.contains(&value).then_some(value)
    }
}

/// What is taken, for a message.
impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { min, max, .. } => write!(f, "a whole number from {min} to {max}"),
            Self::Millis { max, .. } => {
                write!(
                    f,
                    "a time from 0 s to {}, in whole milliseconds, such as 1.5s or 300ms",
                    Nanos::from_millis(u64::from(*max))
                )
            }
            Self::Choice { of } => write!(f, "one of: {}", of.join(", ")),
            Self::Text { .. } => f.write_str("text without spaces"),
        }
    }
}

/// For people, without the secrets of an address: this goes into records, which are shown and sent.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Millis(millis) => Nanos::from_millis(u64::from(*millis)).fmt(f),
            Self::Choice(word) => f.write_str(word),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl Params {
    /// The defaults.
    #[must_use]
    pub fn defaults(known: &'static [Param]) -> Self {
        Self { known, set: known.iter().map(|param| (param.name, param.bounds.default())).collect() }
    }

    /// Sets one from `name=value`.
    ///
    /// # Errors
    /// Names what does not fit and what would.
    pub fn assign(&mut self, assignment: &str) -> Result<(), ParamError> {
        let (name, text) = assignment.split_once('=').ok_or_else(|| ParamError::NotAnAssignment(hide(assignment)))?;
        let param = self.known.iter().find(|param| param.name == name).ok_or_else(|| ParamError::Unknown {
            name: hide(name),
            known: self.known.iter().map(|param| param.name).collect(),
        })?;
        let value = param.bounds.parse(text.trim()).ok_or_else(|| ParamError::Value {
            name: param.name,
            value: hide(text),
            takes: param.bounds.to_string(),
        })?;
        self.set.insert(param.name, value);
        Ok(())
    }

    /// Sets one; a value out of bounds is not taken.
    pub fn set(&mut self, param: &Param, value: Value) {
        if param.bounds.contains(&value) {
            self.set.insert(param.name, value);
        }
    }

    /// Whether there is nothing to set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Every parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Param, Value)> {
        self.known.iter().map(|param| (param, self.value(param)))
    }

    fn value(&self, param: &Param) -> Value {
        self.set.get(param.name).cloned().unwrap_or_else(|| param.bounds.default())
    }

    fn of(&self, name: &str) -> Option<Value> {
        self.known.iter().find(|param| param.name == name).map(|param| self.value(param))
    }

    /// The count of that name; 0 where there is none, which a test of every scenario rules out.
    #[must_use]
    pub fn count(&self, name: &str) -> u32 {
        match self.of(name) {
            Some(Value::Count(count)) => count,
            _ => 0,
        }
    }

    /// The time of that name; nothing where there is none, which a test of every scenario rules out.
    #[must_use]
    pub fn time(&self, name: &str) -> Duration {
        match self.of(name) {
            Some(Value::Millis(millis)) => Duration::from_millis(u64::from(millis)),
            _ => Duration::ZERO,
        }
    }

    /// The word chosen for that name; nothing where there is none, which a test of every scenario rules out.
    #[must_use]
    pub fn choice(&self, name: &str) -> &'static str {
        match self.of(name) {
            Some(Value::Choice(word)) => word,
            _ => "",
        }
    }

    /// The text of that name; nothing where there is none, which a test of every scenario rules out.
    #[must_use]
    pub fn text(&self, name: &str) -> Address {
        match self.of(name) {
            Some(Value::Text(text)) => text,
            _ => Address::default(),
        }
    }
}

/// As on the command line: `items=5 produce=1s`.
impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (param, value)) in self.iter().enumerate() {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{}={}", param.name, value.word())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static KNOWN: &[Param] = &[
        Param { name: "items", label: "items", bounds: Bounds::Count { min: 1, max: 10, default: 5 } },
        Param { name: "delay", label: "delay", bounds: Bounds::millis(1500) },
    ];

    #[test]
    fn values_read_as_they_are_shown() {
        let mut params = Params::defaults(KNOWN);
        assert_eq!(params.to_string(), "items=5 delay=1.5s");
        params.assign("items=7").unwrap();
        params.assign("delay=50ms").unwrap();
        assert_eq!(params.to_string(), "items=7 delay=50ms");
        let mut again = Params::defaults(KNOWN);
        params.to_string().split(' ').for_each(|assignment| again.assign(assignment).unwrap());
        assert_eq!(again, params);
        assert_eq!(params.time("delay"), Duration::from_millis(50));
    }

    #[test]
    fn words_are_chosen_from_those_there_are() {
        static KNOWN: &[Param] = &[Param { name: "how", label: "how", bounds: Bounds::Choice { of: &["one", "two"] } }];
        let mut params = Params::defaults(KNOWN);
        assert_eq!(params.choice("how"), "one");
        params.assign("how=two").unwrap();
        assert_eq!(params.choice("how"), "two");
        let message = params.assign("how=three").expect_err("no such word").to_string();
        assert!(message.contains("one of: one, two"), "{message}");
    }

    #[test]
    fn a_secret_is_not_shown_nor_repeated() {
        static KNOWN: &[Param] = &[Param { name: "url", label: "url", bounds: Bounds::Text { default: "" } }];
        let mut params = Params::defaults(KNOWN);
        params.assign("url=postgres://me:geheim:@x@host:5432/db?password=geheim").unwrap();
        assert_eq!(params.to_string(), "url=postgres://me:***@host:5432/db?password=***");
        assert_eq!(params.text("url").reveal(), "postgres://me:geheim:@x@host:5432/db?password=geheim");
        assert!(!format!("{params:?}").contains("geheim"), "{params:?}");
        for bad in [
            "postgres://me:geheim@host",
            "postgres://me:geheim@host/db?a=b",
            "postgres://host/db?password=geheim",
            "uri=me:geheim@host",
            "url=host=h password='a geheim'",
            "password=geheim",
        ] {
            let message = params.assign(bad).expect_err(bad).to_string();
            assert!(!message.contains("geheim"), "{message}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let mut params = Params::defaults(KNOWN);
        for bad in
            ["items", "items=", "items=0", "items=11", "items=x", "item=1", "delay=-1", "delay=3601", "delay=NaN"]
        {
            let message = params.assign(bad).expect_err(bad).to_string();
            assert!(!message.contains('\n'), "{message}");
            assert!(message.contains(bad.split_once('=').map_or(bad, |(name, _)| name)), "{bad}: {message}");
        }
        assert_eq!(params, Params::defaults(KNOWN));
    }
}
