//! Texts with values in them: `{requests} requests take {elapsed}`. They are read once and written for each run.
//!
//! - `{EXPR}`: what the expression gives.
//! - `{count EXPR "request"}`: `1 request`, `10 requests`; `{count EXPR "child" "children"}` where an s is not enough.
//! - `{if EXPR}…{else if EXPR}…{else}…{end}`: one of several texts.
//! - `{{` and `}}`: braces.
//!
//! An expression may have parameters in braces inside its moments: `{time of (printed "fetched {requests - 1}")}`.

use super::error::MomentError;
use super::expr::Expr;
use super::facts::{Fact, Facts};
use super::value::Value;
use std::sync::Arc;

/// A text with values in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Value(Source),
    /// A number and its noun, for one and for several.
    Count(Source, String, String),
    /// The first text whose condition is true.
    Choice(Vec<(Source, Template)>, Template),
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
enum Source {
    Ready(Expr),
    /// One with parameters inside its moments: they are written first, then it is read.
    Nested(Template, Arc<[String]>),
}

impl Source {
    /// The expression, for these parameters; none where it cannot be read with them.
    fn expr(&self, facts: &Facts) -> Option<Expr> {
        match self {
            Self::Ready(expr) => Some(expr.clone()),
            Self::Nested(template, known) => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                Expr::parse(&template.render(facts), &known).ok()
            }
        }
    }

    fn value(&self, facts: &Facts) -> Value {
        match self {
            Self::Ready(expr) => expr.value(facts),
            Self::Nested(..) => self.expr(facts).map_or(Value::Unknown, |expr| expr.value(facts)),
        }
    }
}

/// Nothing is nested deeper than this.
const DEEPEST: usize = 20;

impl Template {
    /// Reads a text. `known` are the names of the parameters and the words that they take.
    ///
    /// # Errors
    /// Says what is wrong, where, and what may have been meant.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, MomentError> {
        let mut reader = Reader { text, known, at: 0, depth: 0 };
        let (template, stop) = reader.parts()?;
        match stop {
            None => Ok(template),
            Some(stop) => Err(reader.wrong(stop.start, "this belongs to an `{if …}`, and there is none before it")),
        }
    }

    /// A text without values, as it is.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self { parts: vec![Part::Text(text.to_owned())] }
    }

    /// The text for what is known.
    #[must_use]
    pub fn render(&self, facts: &Facts) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Value(source) => text.push_str(&source.value(facts).to_string()),
                Part::Count(source, one, several) => {
                    let count = source.value(facts);
                    let noun = if count == Value::Number(1.0) { one } else { several };
                    text.push_str(&format!("{count} {noun}"));
                }
                Part::Choice(choices, otherwise) => {
                    let chosen = choices.iter().find(|(condition, _)| condition.value(facts).is_true());
                    text.push_str(&chosen.map_or(otherwise, |(_, chosen)| chosen).render(facts));
                }
            }
        }
        text
    }

    /// What it asks of the run, for these parameters.
    #[must_use]
    pub fn asks(&self, facts: &Facts) -> Vec<Fact> {
        let of = |source: &Source| source.expr(facts).map_or_else(Vec::new, |expr| expr.asks());
        let mut asks = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(_) => {}
                Part::Value(source) | Part::Count(source, ..) => asks.extend(of(source)),
                Part::Choice(choices, otherwise) => {
                    for (condition, text) in choices {
                        asks.extend(of(condition));
                        asks.extend(text.asks(facts));
                    }
                    asks.extend(otherwise.asks(facts));
                }
            }
        }
        asks
    }
}

struct Reader<'t> {
    text: &'t str,
    known: &'t [&'t str],
    at: usize,
    depth: usize,
}

/// What ends a part of a choice, and where it begins.
struct Stop {
    start: usize,
    how: How,
}

enum How {
    ElseIf(Source),
    Else,
    End,
}

impl<'t> Reader<'t> {
    fn wrong(&self, start: usize, message: &str) -> MomentError {
        MomentError::new(self.text, start..self.at.max(start), message)
    }

    /// The parts up to the end of the text, or to what ends a part of a choice.
    fn parts(&mut self) -> Result<(Template, Option<Stop>), MomentError> {
        let mut template = Template::default();
        let mut plain = String::new();
        while let Some(next) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            let rest = &self.text[self.at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push(next);
                self.at += 2;
            } else if next == '}' {
                return Err(MomentError::new(
                    self.text,
                    self.at..self.at + 1,
                    "this brace closes none; a brace is `}}`",
                ));
            } else if next == '{' {
                template.push_text(&mut plain);
                let start = self.at;
                let inside = self.inside()?;
                let (from, words) = (start + 1, inside.trim());
                if let Some(condition) = words.strip_prefix("if ") {
                    let condition = self.source(condition, from)?;
                    template.parts.push(self.choice(start, condition)?);
                } else if let Some(condition) = words.strip_prefix("else if ") {
                    let how = How::ElseIf(self.source(condition, from)?);
                    return Ok((template, Some(Stop { start, how })));
                } else if words == "else" || words == "end" {
                    let how = if words == "end" { How::End } else { How::Else };
                    return Ok((template, Some(Stop { start, how })));
                } else if let Some((expr, one, several)) = counted(words) {
                    template.parts.push(Part::Count(self.source(expr, from)?, one, several));
                } else {
                    template.parts.push(Part::Value(self.source(inside, from)?));
                }
            } else {
                plain.push(next);
                self.at += next.len_utf8();
            }
        }
        template.push_text(&mut plain);
        Ok((template, None))
    }

    /// What stands between the brace here and the one that closes it.
    fn inside(&mut self) -> Result<&'t str, MomentError> {
        let (start, mut depth) = (self.at, 0_usize);
        for (place, letter) in self.text.get(start..).unwrap_or_default().char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = start + place + 1;
                return Ok(self.text.get(start + 1..start + place).unwrap_or_default());
            }
        }
        self.at = self.text.len();
        Err(self.wrong(start, "this brace is never closed; a brace itself is `{{`"))
    }

    /// An expression that stands after byte `from`.
    fn source(&self, text: &'t str, from: usize) -> Result<Source, MomentError> {
        // Where it stands is shown in the whole text.
        let offset = self.text.get(from..).and_then(|rest| rest.find(text)).map_or(from, |place| from + place);
        let placed = |error: MomentError| MomentError {
            span: offset + error.span.start..offset + error.span.end,
            text: self.text.to_owned(),
            ..error
        };
        if text.contains('{') {
            let template = Template::parse(text, self.known).map_err(placed)?;
            return Ok(Source::Nested(template, self.known.iter().map(|&name| name.to_owned()).collect()));
        }
        Expr::parse(text, self.known).map(Source::Ready).map_err(placed)
    }

    /// The rest of a choice, of which the first condition has been read.
    fn choice(&mut self, start: usize, condition: Source) -> Result<Part, MomentError> {
        if self.depth == DEEPEST {
            return Err(self.wrong(start, "this is nested too deep"));
        }
        self.depth += 1;
        let mut choices = Vec::new();
        let mut condition = Some(condition);
        loop {
            let (text, stop) = self.parts()?;
            let has_otherwise = condition.is_none();
            let otherwise = match condition.take() {
                Some(condition) => {
                    choices.push((condition, text));
                    Template::default()
                }
                None => text,
            };
            match stop.map(|stop| stop.how) {
                Some(How::End) => {
                    self.depth -= 1;
                    return Ok(Part::Choice(choices, otherwise));
                }
                Some(How::Else) if !has_otherwise => {}
                Some(How::ElseIf(next)) if !has_otherwise => condition = Some(next),
                Some(_) => return Err(self.wrong(start, "nothing but `{end}` comes after `{else}`")),
                None => return Err(self.wrong(start, "this `{if …}` has no `{end}`")),
            }
        }
    }
}

impl Template {
    fn push_text(&mut self, plain: &mut String) {
        if !plain.is_empty() {
            self.parts.push(Part::Text(std::mem::take(plain)));
        }
    }
}

/// The parts of `count EXPR "noun" ["nouns"]`.
fn counted(words: &str) -> Option<(&str, String, String)> {
    let rest = words.strip_prefix("count ")?.trim_end().strip_suffix('"')?;
    let (before, last) = rest.rsplit_once('"')?;
    match before.trim_end().strip_suffix('"').and_then(|before| before.rsplit_once('"')) {
        Some((expr, one)) => Some((expr.trim(), one.to_owned(), last.to_owned())),
        None => Some((before.trim(), last.to_owned(), format!("{last}s"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let params = [
            ("permits", Value::Number(3.0)),
            ("requests", Value::Number(1.0)),
            ("delay", Value::Time(1_500_000_000)),
            ("where", Value::Text("loop".to_owned())),
        ];
        Facts::new(params.map(|(name, value)| (name.to_owned(), value)))
    }

    const KNOWN: [&str; 6] = ["permits", "requests", "delay", "where", "loop", "thread"];

    fn render(text: &str) -> String {
        Template::parse(text, &KNOWN).unwrap_or_else(|error| panic!("{error}")).render(&facts())
    }

    #[test]
    fn values_are_written_as_the_app_writes_them() {
        for (text, written) in [
            ("plain", "plain"),
            ("{permits} at {delay}", "3 at 1.5 s"),
            ("{permits * delay} and {delay / permits}", "4.5 s and 0.5 s"),
            ("{{not a value}}", "{not a value}"),
            ("{count permits \"request\"}, {count requests \"request\"}", "3 requests, 1 request"),
            ("{count permits + 1 \"child\" \"children\"}", "4 children"),
            ("{words(permits)}", "three"),
            ("{if where = thread}on time{else if permits > 2}late{else}early{end}!", "late!"),
            ("{if permits > 5}a{if requests = 1}b{end}{end}c", "c"),
            ("takes {elapsed}", "takes …"),
            ("{time of (printed \"fetched {requests - 1}\")}", "…"),
            ("é {delay}", "é 1.5 s"),
        ] {
            assert_eq!(render(text), written, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_shown_at_its_place() {
        for (text, place) in [
            ("takes {permit} s", "permit"),
            ("a {permits", "{permits"),
            ("a } b", "}"),
            ("{if permits > 1}x", "{if permits > 1}x"),
            ("x{end}", "{end}"),
            ("{if where = thread}a{else}b{else}c{end}", "{if where = thread}a{else}b{else}"),
            ("{time of (printed x)}", "x"),
        ] {
            let error = Template::parse(text, &KNOWN).expect_err(text);
            assert_eq!(&text[error.span.clone()], place, "{error}");
        }
    }
}
