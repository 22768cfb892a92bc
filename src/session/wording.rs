//! How places in the programs of the course are named: the lines that both languages of a program mark alike.

use crate::scenarios::Scenario;
use crate::trace::{Languages, TwinLines, Wording};
use std::collections::BTreeSet;

/// A wording for somebody who looks at these languages of these programs.
#[must_use]
pub fn wording<'a>(languages: Languages, programs: impl IntoIterator<Item = &'a Scenario>) -> Wording {
    Wording::new(languages, programs.into_iter().map(twins).collect())
}

fn twins(scenario: &Scenario) -> TwinLines {
    let python = |line: crate::scenarios::Line| scenario.python.marked(line.mark?).map(|twin| twin.number);
    TwinLines {
        rust_file: scenario.rust.file.to_owned(),
        has_python: !scenario.python.text.is_empty(),
        python: scenario.rust.lines().filter_map(|line| Some((line.number, python(line)?))).collect(),
        exception: exception(scenario.python.text),
    }
}

/// The exception that a Python program raises, where all that it raises are of one kind.
fn exception(python: &str) -> Option<String> {
    let raised = |line: &str| {
        let name = line.trim_start().strip_prefix("raise ")?;
        let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
        Some(name[..end].to_owned()).filter(|name| !name.is_empty())
    };
    let kinds: BTreeSet<String> = python.lines().filter_map(raised).collect();
    let mut kinds = kinds.into_iter();
    kinds.next().filter(|_| kinds.next().is_none())
}
