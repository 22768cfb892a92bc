//! The course: programs that run on the real runtime, each with the lesson it teaches.
//!
//! A scenario is one file in its chapter's folder. What a learner reads in the code panel is that file, up to the line
//! `// --- end of the lesson's code ---`, and it is what runs. Its Python twin is in `assets/python`, its lesson in
//! `assets/lessons`. Lines that belong together end in the same mark, `//~ name` in Rust and `#~ name` in Python; marks
//! are not shown.
//!
//! A scenario knows the runtime it runs on; it never knows the record or the window. What a lesson says of a run it
//! says as questions to an event ([`Seen`]) and to a summary ([`Outline`]), which whoever has the record answers.

mod address;
mod beginnings;
mod elsewhere;
mod lesson;
mod parallel;
mod params;
mod pitfalls;
mod predict;
mod real_io;
mod seen;
mod source;
mod together;
mod trouble;

pub use address::{Address, hide};
pub use lesson::Lesson;
pub use params::{Bounds, Param, ParamError, Params, Value};
pub use predict::{Answer, Outline, Predict, PrintedLine, TaskOutline};
pub use seen::{Moment, Seen};
pub use source::{Language, Line, Source};

use crate::event::ClockKind;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;

/// What a scenario runs, and on which executor.
pub enum Program {
    /// On one thread, in asyncio's order.
    EventLoop(Pin<Box<dyn Future<Output = ()>>>),
    /// On smol's own executor; always on the real clock.
    Smol {
        /// How many threads poll tasks.
        threads: NonZeroUsize,
        /// The main task.
        main: Pin<Box<dyn Future<Output = ()> + Send>>,
    },
    /// Nothing here: it was started elsewhere.
    Elsewhere,
}

impl Program {
    /// A main task for the event loop.
    pub fn on_loop(main: impl Future<Output = ()> + 'static) -> Self {
        Self::EventLoop(Box::pin(main))
    }

    /// A main task for smol's executor on that many threads, at least one.
    pub fn on_smol(threads: u32, main: impl Future<Output = ()> + Send + 'static) -> Self {
        let threads = NonZeroUsize::new(threads as usize).unwrap_or(NonZeroUsize::MIN);
        Self::Smol { threads, main: Box::pin(main) }
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::EventLoop(_) => f.write_str("EventLoop"),
            Self::Elsewhere => f.write_str("Elsewhere"),
            Self::Smol { threads, .. } => f.debug_struct("Smol").field("threads", threads).finish(),
        }
    }
}

/// A program with its lesson.
#[derive(Debug)]
pub struct Scenario {
    /// The name on the command line.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it shows, in a few words.
    pub promise: &'static str,
    /// What it teaches.
    pub lesson: Lesson,
    /// What it asks before the run.
    pub predict: Predict,
    /// What drives its time unless asked otherwise: real I/O needs the real clock.
    pub clock: ClockKind,
    /// What can be set, with its bounds.
    pub params: &'static [Param],
    /// The Rust that runs.
    pub rust: Source,
    /// The same program in Python.
    pub python: Source,
    /// Makes what runs.
    pub program: fn(&Params) -> Program,
}

impl Scenario {
    /// A program on the virtual clock, without parameters, sources or lesson: what to start from.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, program: fn(&Params) -> Program) -> Self {
        Self {
            id,
            title,
            promise: "",
            lesson: Lesson { markdown: "", steps: &[] },
            predict: Predict { answer: |run| Answer::Time(run.elapsed), changed_by: "" },
            clock: ClockKind::Virtual,
            params: &[],
            rust: Source::rust("", ""),
            python: Source::python("", ""),
            program,
        }
    }

    /// The chapter that it stands in; none for one that is not of the course.
    #[must_use]
    pub fn chapter(&self) -> Option<&'static Chapter> {
        let has_it = |chapter: &&Chapter| chapter.scenarios.iter().any(|scenario| scenario.id == self.id);
        CHAPTERS.iter().find(has_it)
    }
}

/// A part of the course.
#[derive(Debug)]
pub struct Chapter {
    /// Its name.
    pub title: &'static str,
    /// Its lessons, in order.
    pub scenarios: &'static [&'static Scenario],
}

/// The course, in order.
pub static CHAPTERS: &[Chapter] = &[
    Chapter { title: "Beginnings", scenarios: beginnings::SCENARIOS },
    Chapter { title: "Working together", scenarios: together::SCENARIOS },
    Chapter { title: "When things go wrong", scenarios: trouble::SCENARIOS },
    Chapter { title: "Pitfalls", scenarios: pitfalls::SCENARIOS },
    Chapter { title: "Real I/O", scenarios: real_io::SCENARIOS },
    Chapter { title: "Concurrency and parallelism", scenarios: parallel::SCENARIOS },
];

/// Every scenario, in the order of the course.
pub fn all() -> impl Iterator<Item = &'static Scenario> {
    CHAPTERS.iter().flat_map(|chapter| chapter.scenarios.iter().copied())
}

/// The scenario that the course begins with.
#[must_use]
pub fn first() -> &'static Scenario {
    &beginnings::FIRST
}

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
    all()
        .find(|scenario| scenario.id == id)
        .ok_or_else(|| UnknownScenario { id: hide(id), nearest: nearest(id, all().map(|scenario| scenario.id)) })
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
        let ids: BTreeSet<_> = all().map(|scenario| scenario.id).collect();
        assert_eq!(ids.len(), all().count());
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
        for scenario in all() {
            let marks = |source: &Source| source.lines().filter_map(|line| line.mark).collect::<BTreeSet<_>>();
            let (rust, python) = (marks(&scenario.rust), marks(&scenario.python));
            assert_eq!(rust, python, "{}", scenario.id);
            assert!(!rust.is_empty(), "{}", scenario.id);
        }
    }

    #[test]
    fn every_await_of_a_lesson_is_marked() {
        for scenario in all() {
            for line in scenario.rust.lines().chain(scenario.python.lines()) {
                let waits = line.text.contains(".await") || line.text.contains("await ");
                assert!(!waits || line.mark.is_some(), "{}:{}: {}", scenario.id, line.number, line.text);
            }
        }
    }

    #[test]
    fn a_lesson_has_all_its_parts_and_is_short() {
        for scenario in all() {
            let (id, lesson) = (scenario.id, &scenario.lesson);
            let before = lesson
                .markdown
                .split(
                    "
## So what",
                )
                .next()
                .unwrap_or_default();
            let words = before.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
            assert!((30..=150).contains(&words), "{id}: {words} words before the run");
            let steps = lesson.look_for().count();
            assert!((3..=5).contains(&steps), "{id}: {steps} things to look for");
            assert_eq!(steps, lesson.steps.len(), "{id}: each thing to look for has its moment");
            for part in [lesson.intro(), lesson.question(), lesson.misconception(), lesson.so_what()] {
                assert!(!part.is_empty(), "{id}: a part is missing");
            }
            assert!(lesson.question().ends_with('?'), "{id}: {}", lesson.question());
            assert!(!scenario.params.is_empty() && !scenario.predict.changed_by.is_empty(), "{id}");
        }
    }
}
