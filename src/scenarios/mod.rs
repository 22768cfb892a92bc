//! The course: programs that run on the real runtime, each with the lesson it teaches.
//!
//! A scenario is one file. What a learner reads in the code panel is that file, up to the line
//! `// --- end of the lesson's code ---`, and it is what runs. Its Python twin is in `assets/python`, its lesson in
//! `assets/lessons`. Lines that belong together end in the same mark, `//~ name` in Rust and `#~ name` in Python; marks
//! are not shown.
//!
//! A scenario knows the runtime it runs on; it never knows the record or the window.

mod create_task;
mod gather;
mod params;
mod queue;
mod say_hello;
mod semaphore;
mod sequential_await;
mod source;

pub use params::{Bounds, Param, ParamError, Params, Value};
pub use source::{Language, Line, Source};

use std::future::Future;
use std::pin::Pin;

/// A scenario's main task.
pub type Main = Pin<Box<dyn Future<Output = ()>>>;

/// A program of the course.
#[derive(Debug)]
pub struct Scenario {
    /// The name on the command line.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The part of the course it belongs to.
    pub chapter: &'static str,
    /// What it shows, in a few words.
    pub promise: &'static str,
    /// The lesson, in Markdown.
    pub lesson: &'static str,
    /// What can be set, with its bounds.
    pub params: &'static [Param],
    /// The Rust that runs.
    pub rust: Source,
    /// The same program in Python.
    pub python: Source,
    /// Makes the main task.
    pub main: fn(&Params) -> Main,
}

/// Every scenario, in the order of the course.
pub static SCENARIOS: &[&Scenario] = &[
    &say_hello::SCENARIO,
    &sequential_await::SCENARIO,
    &create_task::SCENARIO,
    &gather::SCENARIO,
    &queue::SCENARIO,
    &semaphore::SCENARIO,
];

/// There is no scenario of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no scenario '{id}'; the nearest are: {}", .nearest.join(", "))]
pub struct UnknownScenario {
    /// What was asked for.
    pub id: String,
    /// The ids most like it, the most alike first.
    pub nearest: Vec<&'static str>,
}

/// The scenario of that id.
///
/// # Errors
/// Names the ids that are most like it.
pub fn find(id: &str) -> Result<&'static Scenario, UnknownScenario> {
    let found = SCENARIOS.iter().find(|scenario| scenario.id == id);
    found.copied().ok_or_else(|| UnknownScenario {
        id: id.to_owned(),
        nearest: nearest(id, SCENARIOS.iter().map(|scenario| scenario.id)),
    })
}

/// The three of `names` that are most like `word`.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut names: Vec<&str> = names.collect();
    names.sort_by(|a, b| strsim::jaro_winkler(&word, b).total_cmp(&strsim::jaro_winkler(&word, a)));
    names.truncate(3);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_id_is_found_and_is_unique() {
        let ids: BTreeSet<_> = SCENARIOS.iter().map(|scenario| scenario.id).collect();
        assert_eq!(ids.len(), SCENARIOS.len());
        for id in ids {
            assert_eq!(find(id).expect(id).id, id);
        }
    }

    #[test]
    fn an_unknown_id_names_the_nearest() {
        let error = find("semafore").expect_err("there is no such scenario");
        assert_eq!(error.nearest[0], "semaphore");
        assert!(error.to_string().contains("'semafore'"));
    }

    #[test]
    fn every_mark_stands_in_both_languages() {
        for scenario in SCENARIOS {
            let marks = |source: &Source| source.lines().filter_map(|line| line.mark).collect::<BTreeSet<_>>();
            let (rust, python) = (marks(&scenario.rust), marks(&scenario.python));
            assert_eq!(rust, python, "{}", scenario.id);
            assert!(!rust.is_empty(), "{}", scenario.id);
        }
    }

    #[test]
    fn every_await_of_a_lesson_is_marked() {
        for scenario in SCENARIOS {
            for line in scenario.rust.lines().chain(scenario.python.lines()) {
                let waits = line.text.contains(".await") || line.text.contains("await ");
                assert!(!waits || line.mark.is_some(), "{}:{}: {}", scenario.id, line.number, line.text);
            }
        }
    }

    #[test]
    fn a_lesson_is_short() {
        for scenario in SCENARIOS {
            let words = scenario.lesson.split_whitespace().count();
            assert!((30..150).contains(&words), "{}: {words} words", scenario.id);
        }
    }
}
