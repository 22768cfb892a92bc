//! The values of a run in the text of its program.
//!
//! Python names the defaults of `main` in its head: there stands the run's value instead. Rust has no defaults: what was
//! set stands in a comment behind the head of `main`. No line moves, and the files stay as they are.

use super::{Language, Line, Params, Value};
use crate::event::Nanos;
use std::ops::Range;

/// A value of a run in a line, where another one stands unless it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetValue {
    /// What the program calls it.
    pub name: &'static str,
    /// Where in the line the run's value stands.
    pub place: Range<usize>,
    /// The default, as the language writes it.
    pub default: String,
}

/// What the program calls a parameter, where it is not the parameter's name.
pub(super) type Names = &'static [(&'static str, &'static str)];

/// Puts the values of a run into the line that begins `main`.
pub(super) fn put(language: Language, names: Names, line: &mut Line, params: &Params) {
    for (param, value) in params.iter() {
        let default = param.bounds.default();
        if value == default {
            continue;
        }
        let name = names.iter().find(|(of, _)| *of == param.name).map_or(param.name, |(_, name)| name);
        let write = |value| written(language, value, name, is_flag(language, &line.text, name));
        let (default, value) = (write(&default), write(&value));
        let place = match language {
            Language::Python => {
                // Where the text has something else, nothing is said.
                let Some(at) = argument(&line.text, name).filter(|at| line.text[at.clone()] == default) else {
                    continue;
                };
                at
            }
            Language::Rust => {
                let text = line.text.to_mut();
                text.push_str(if line.values.is_empty() { " // this run: " } else { ", " });
                text.push_str(name);
                text.push_str(" = ");
                text.len()..text.len()
            }
        };
        line.text.to_mut().replace_range(place.clone(), &value);
        let (removed, added) = (place.len(), value.len());
        for other in line.values.iter_mut().filter(|other| other.place.start > place.start) {
            other.place = other.place.start + added - removed..other.place.end + added - removed;
        }
        line.values.push(SetValue { name, place: place.start..place.start + added, default });
    }
}

/// Whether a line begins `main`.
pub(super) fn begins_main(line: &str) -> bool {
    line.starts_with("async fn main(") || line.starts_with("async def main(")
}

/// Where the default of an argument stands in the head of a function: `3` of `main(count=3, step=1)`.
fn argument(head: &str, name: &str) -> Option<Range<usize>> {
    let begin = head.find('(')? + 1;
    let end = head.rfind(')')?;
    let mut at = begin;
    for argument in head.get(begin..end)?.split(", ") {
        if let Some(default) = argument.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            return Some(at + argument.len() - default.len()..at + argument.len());
        }
        at += argument.len() + ", ".len();
    }
    None
}

/// Whether an argument is a truth: a word that is chosen is one where it has the argument's name.
fn is_flag(language: Language, head: &str, name: &str) -> bool {
    match language {
        Language::Python => argument(head, name).is_some_and(|at| matches!(&head[at], "True" | "False")),
        Language::Rust => head.contains(&format!("{name}: bool")),
    }
}

/// A value as the language writes it.
fn written(language: Language, value: &Value, name: &str, is_flag: bool) -> String {
    match (value, language) {
        (Value::Count(count), _) => grouped(*count),
        (Value::Millis(millis), Language::Python) => (f64::from(*millis) / 1000.0).to_string(),
        (Value::Millis(millis), Language::Rust) => Nanos::from_millis(u64::from(*millis)).to_string(),
        (Value::Choice(word), Language::Python) if is_flag => if *word == name { "True" } else { "False" }.to_owned(),
        (Value::Choice(word), Language::Rust) if is_flag => (*word == name).to_string(),
        (Value::Choice(word), _) => format!("\"{word}\""),
        // Without its secrets, as it is shown everywhere.
        (Value::Text(text), _) => format!("{:?}", text.to_string()),
    }
}

/// A number as it is written in both languages: `150_000`.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    if number < 10_000 {
        return digits;
    }
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::{self, Bounds, Param, Source};

    static PARAMS: &[Param] = &[
        Param { name: "items", label: "items", bounds: Bounds::Count { min: 1, max: 200_000, default: 5 } },
        Param { name: "pause", label: "pause", bounds: Bounds::millis(1000) },
        Param { name: "where", label: "where", bounds: Bounds::Choice { of: &["loop", "thread"] } },
        Param { name: "how", label: "how", bounds: Bounds::Choice { of: &["await", "block"] } },
        Param { name: "url", label: "url", bounds: Bounds::Text { default: "" } },
    ];
    const NAMES: Names = &[("where", "place"), ("how", "block")];

    fn params(set: &[&str]) -> Params {
        let mut params = Params::defaults(PARAMS);
        set.iter().for_each(|assignment| params.assign(assignment).unwrap());
        params
    }

    fn shown(source: &Source, set: &[&str]) -> (String, Vec<(String, String)>) {
        let line = source.lines_of(&params(set)).remove(0);
        let values = line.values.iter().map(|set| (line.text[set.place.clone()].to_owned(), set.default.clone()));
        let values = values.collect();
        (line.text.into_owned(), values)
    }

    #[test]
    fn python_has_the_values_of_the_run_where_it_has_defaults() {
        let python =
            Source::python("a.py", "async def main(items=5, pause=1, place=\"loop\", block=False):").naming(NAMES);
        assert_eq!(shown(&python, &[]).0, python.text);
        let (text, values) = shown(&python, &["how=block", "where=thread", "items=150000", "pause=300ms"]);
        assert_eq!(text, "async def main(items=150_000, pause=0.3, place=\"thread\", block=True):");
        let pairs = [("150_000", "5"), ("0.3", "1"), ("\"thread\"", "\"loop\""), ("True", "False")];
        assert_eq!(values, pairs.map(|(now, default)| (now.to_owned(), default.to_owned())));
        // What it does not name, or names with another value than the default, stays.
        let other = Source::python("a.py", "async def main(items=7, more_items=5):");
        assert_eq!(shown(&other, &["items=9", "pause=300ms", "url=me"]).0, other.text);
    }

    #[test]
    fn rust_has_what_was_set_in_a_comment() {
        let rust = Source::rust("a.rs", "async fn main(items: u32, block: bool) {").naming(NAMES);
        assert_eq!(shown(&rust, &[]).0, rust.text);
        let (text, values) =
            shown(&rust, &["how=block", "where=thread", "pause=1.5s", "url=postgres://me:secret@host/db"]);
        let comment =
            "// this run: pause = 1.5 s, place = \"thread\", block = true, url = \"postgres://me:***@host/db\"";
        assert_eq!(text, format!("async fn main(items: u32, block: bool) {{ {comment}"));
        assert_eq!(values[0], ("1.5 s".to_owned(), "1 s".to_owned()));
        assert_eq!(values[2], ("true".to_owned(), "false".to_owned()));
    }

    /// Each parameter of a lesson at its ends, by itself and all together.
    fn corners(params: &'static [Param]) -> Vec<Params> {
        let ends = |param: &Param| match param.bounds {
            Bounds::Count { min, max, .. } => vec![Value::Count(min), Value::Count(max)],
            Bounds::Millis { max, .. } => [0, 1, max].map(Value::Millis).to_vec(),
            Bounds::Choice { of } => of.iter().map(|word| Value::Choice(word)).collect(),
            Bounds::Text { .. } => vec![Value::Text("word".into())],
        };
        let mut corners = vec![Params::defaults(params)];
        for end in 0..3 {
            let mut all = Params::defaults(params);
            for param in params {
                let mut alone = Params::defaults(params);
                if let Some(value) = ends(param).get(end) {
                    alone.set(param, value.clone());
                    all.set(param, value.clone());
                }
                corners.push(alone);
            }
            corners.push(all);
        }
        corners
    }

    #[test]
    fn every_lesson_shows_the_values_of_its_run_and_moves_no_line() {
        let mut seen = 0;
        for scenario in scenarios::all() {
            for params in corners(scenario.params) {
                for source in [&scenario.rust, &scenario.python] {
                    let (file, shown) = (source.lines().collect::<Vec<_>>(), source.lines_of(&params));
                    assert_eq!(file.len(), shown.len());
                    for (file, shown) in file.iter().zip(&shown) {
                        assert_eq!((file.number, file.mark), (shown.number, shown.mark));
                        assert!(file.text == shown.text || begins_main(&file.text), "{}", shown.text);
                        // With the defaults put back it is the line of the file.
                        let mut text = shown.text.clone().into_owned();
                        let mut values = shown.values.clone();
                        values.sort_by_key(|value| value.place.start);
                        for value in values.iter().rev() {
                            text.replace_range(value.place.clone(), &value.default);
                            seen += 1;
                        }
                        let text = text.split(" // this run: ").next().unwrap_or_default();
                        assert_eq!(file.text, text, "{}", scenario.id);
                    }
                    let head = shown.iter().find(|line| begins_main(&line.text)).unwrap();
                    let changed = params.iter().filter(|(param, value)| *value != param.bounds.default());
                    for (param, _) in changed {
                        let name =
                            source.names.iter().find(|(of, _)| *of == param.name).map_or(param.name, |(_, name)| name);
                        let is_named = source.language == Language::Rust || argument(&head.text, name).is_some();
                        let is_set = head.values.iter().any(|value| value.name == name);
                        assert_eq!(is_named, is_set, "{} {:?} {name}: {}", scenario.id, source.language, head.text);
                    }
                }
            }
        }
        assert!(seen > 1000, "{seen}");
    }

    #[test]
    fn every_default_of_a_twin_is_that_of_a_parameter() {
        for scenario in scenarios::all() {
            let python = &scenario.python;
            let head = python.lines().find(|line| begins_main(&line.text)).unwrap();
            let arguments = head.text[head.text.find('(').unwrap() + 1..].trim_end_matches("):").split(", ");
            for argument in arguments {
                let (name, default) = argument.split_once('=').unwrap();
                let of = python.names.iter().find(|(_, called)| *called == name).map_or(name, |(of, _)| of);
                let param = scenario.params.iter().find(|param| param.name == of);
                let param = param.unwrap_or_else(|| panic!("{}: {name}", scenario.id));
                let is_flag = is_flag(Language::Python, &head.text, name);
                let wanted = written(Language::Python, &param.bounds.default(), name, is_flag);
                assert_eq!(default, wanted, "{}: {name}", scenario.id);
            }
            for (of, called) in python.names.iter().chain(scenario.rust.names) {
                assert!(scenario.params.iter().any(|param| param.name == *of), "{}: {of}", scenario.id);
                assert!(scenario.rust.text.contains(called) || python.text.contains(called), "{called}");
            }
        }
    }
}
