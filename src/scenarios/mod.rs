//! The course: programs that run on the real runtime, each with the lesson it teaches.
//!
//! A scenario is one file in its chapter's folder. What a learner reads in the code panel is that file, up to the line
//! `// --- end of the lesson's code ---`, and it is what runs. Its Python twin is in `assets/python`, its lesson in
//! `assets/lessons`. Lines that belong together end in the same mark, `//~ name` in Rust and `#~ name` in Python; marks
//! are not shown.
//!
//! A scenario knows the runtime it runs on; it never knows the record or the window. What a lesson says of a run it
//! says as moments and facts ([`Told`]), which whoever has the record answers.

mod address;
mod answer;
mod beginnings;
mod elsewhere;
mod head;
mod left_out;
mod lesson;
mod parallel;
mod params;
mod pitfalls;
#[cfg(feature = "real-io")]
mod real_io;
mod source;
mod together;
mod trouble;
mod values;

pub use crate::event::Language;
pub use address::{Address, hide};
pub use answer::Answer;
pub use head::{Hints, StepAxis, Zoom};
pub use left_out::LeftOut;
pub use lesson::{Lesson, NOT_HERE, Told};
pub use params::{Bounds, Param, ParamError, Params, Value};
pub use source::{Line, Source};
pub use values::SetValue;

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
    /// What it teaches.
    pub lesson: Lesson,
    /// What drives its time unless asked otherwise: real I/O needs the real clock.
    pub clock: ClockKind,
    /// What can be set, with its bounds.
    pub params: &'static [Param],
    /// The Rust that runs.
    pub rust: Source,
    /// The same program in Python.
    pub python: Source,
    /// Where it runs.
    pub home: Home,
    /// Makes what runs.
    pub program: fn(&Params) -> Program,
}

/// Where a program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// In this process, started here.
    Here,
    /// Somewhere that it was started; it cannot be started here.
    Elsewhere,
}

impl Scenario {
    /// A program on the virtual clock, without parameters, sources or lesson: what to start from.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, program: fn(&Params) -> Program) -> Self {
        Self {
            id,
            title,
            lesson: Lesson::of(""),
            clock: ClockKind::Virtual,
            params: &[],
            rust: Source::rust("", ""),
            python: Source::python("", ""),
            home: Home::Here,
            program,
        }
    }

    /// The lesson that comes next in the course; none after the last.
    #[must_use]
    pub fn next(&self) -> Option<&'static Self> {
        all().skip_while(|scenario| scenario.id != self.id).nth(1)
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
    /// Those of its lessons that this build lacks.
    pub left_out: &'static [LeftOut],
}

/// The course, in order.
pub static CHAPTERS: &[Chapter] = &[
    Chapter { title: "Beginnings", scenarios: beginnings::SCENARIOS, left_out: &[] },
    Chapter { title: "Working together", scenarios: together::SCENARIOS, left_out: &[] },
    Chapter { title: "When things go wrong", scenarios: trouble::SCENARIOS, left_out: &[] },
    Chapter { title: "Pitfalls", scenarios: pitfalls::SCENARIOS, left_out: &[] },
    REAL_IO,
    Chapter { title: "Concurrency and parallelism", scenarios: parallel::SCENARIOS, left_out: &[] },
];

#[cfg(feature = "real-io")]
const REAL_IO: Chapter = Chapter { title: "Real I/O", scenarios: real_io::SCENARIOS, left_out: &[] };
#[cfg(not(feature = "real-io"))]
const REAL_IO: Chapter = Chapter { title: "Real I/O", scenarios: &[], left_out: left_out::REAL_IO };

/// The lessons of the course that this build lacks.
pub fn left_out() -> impl Iterator<Item = &'static LeftOut> {
    CHAPTERS.iter().flat_map(|chapter| chapter.left_out)
}

/// Every scenario that this build can run, in the order of the course.
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
#[error("{}", no_such_lesson(.id, .nearest))]
pub struct UnknownScenario {
    /// What was asked for.
    pub id: String,
    /// The ids that are much like it, the most alike first.
    pub nearest: Vec<&'static str>,
}

fn no_such_lesson(id: &str, nearest: &[&str]) -> String {
    match left_out().find(|lesson| lesson.id == id) {
        Some(LeftOut { feature, .. }) => {
            format!("the lesson '{id}' is {}; build with the feature `{feature}`", LeftOut::WORDS)
        }
        None => format!("there is no lesson '{id}'; {}", proposal(nearest)),
    }
}

fn proposal(nearest: &[&str]) -> String {
    match nearest {
        [] => "`loopscope list` shows all lessons".to_owned(),
        nearest => format!("did you mean {}?", nearest.join(" or ")),
    }
}

/// The scenario of that id.
///
/// # Errors
/// Names the ids that are much like it.
pub fn find(id: &str) -> Result<&'static Scenario, UnknownScenario> {
    all()
        .find(|scenario| scenario.id == id)
        .ok_or_else(|| UnknownScenario { id: hide(id), nearest: nearest(id, all().map(|scenario| scenario.id)) })
}

/// Names that are less alike than this are not proposed.
const ALIKE: f64 = 0.85;

/// Those of `names` that are much like `word`, at most three, the most alike first.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase().replace(['_', ' '], "-");
    let likeness = |name: &str| {
        // A part of a name is much like it, too: http for http-client.
        let is_part = word.len() > 2 && name.contains(&word);
        strsim::jaro_winkler(&word, name).max(if is_part { ALIKE } else { 0.0 })
    };
    let mut names: Vec<(f64, &str)> = names.map(|name| (likeness(name), name)).collect();
    names.retain(|(likeness, _)| *likeness >= ALIKE);
    names.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    names.into_iter().map(|(_, name)| name).take(3).collect()
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
    fn only_what_is_much_alike_is_proposed() {
        let proposed = |word: &str| find(word).expect_err("there is no such scenario").nearest;
        for word in ["nope", "xyz", "scenario", "42", ""] {
            assert_eq!(proposed(word), Vec::<&str>::new(), "{word}");
        }
        for scenario in all() {
            // One letter too few, two swapped, and Python's way to join words.
            let id = scenario.id;
            let mut swapped: Vec<char> = id.chars().collect();
            let middle = swapped.len() / 2;
            swapped.swap(middle, middle - 1);
            for word in [&id[..id.len() - 1], &swapped.into_iter().collect::<String>(), &id.to_uppercase()] {
                if find(word).is_err() {
                    assert!(proposed(word).contains(&id), "{word}: {:?}", proposed(word));
                }
            }
        }
        assert!(proposed("create_task").contains(&"create-task"));
        assert_eq!(proposed("http").len(), if cfg!(feature = "real-io") { 2 } else { 0 });
    }

    #[test]
    fn no_title_names_a_number_that_a_parameter_may_change() {
        // What has a number for good, and why.
        const FIXED: &[(&str, &str)] = &[
            ("sequential-await", "each `await` comes after another one"),
            ("create-task", "it makes two tasks"),
            ("gather-two", "it gathers two"),
            ("exception-never-retrieved", "\"no one\" counts nobody"),
            ("gather-error", "it gathers three, and one of them fails"),
            ("one-loop-many-threads", "there is one loop"),
            ("cpu-bound-one-thread", "it runs on one thread"),
            ("order-smol-vs-asyncio", "there are two executors"),
        ];
        const NUMBERS: &[&str] = &[
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twice", "both", "hundred",
        ];
        let has_number = |text: &str| {
            let mut words = text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_lowercase);
            words.any(|word| NUMBERS.contains(&&*word) || word.parse::<u32>().is_ok())
        };
        let numbered: BTreeSet<&str> =
            all().filter(|scenario| has_number(scenario.title)).map(|scenario| scenario.id).collect();
        assert_eq!(numbered, FIXED.iter().map(|(id, _)| *id).collect());
        assert!(!CHAPTERS.iter().any(|chapter| has_number(chapter.title)));
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
            let id = scenario.id;
            let facts = scenario.facts(&Params::defaults(scenario.params));
            let told = scenario.told(&facts);
            assert_eq!(told.errors(), Vec::<String>::new(), "{id}");
            let before = [told.intro(), told.question(), told.misconception(), told.look_for().join(" ")].join(" ");
            let words = before.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
            assert!((30..=150).contains(&words), "{id}: {words} words before the run");
            let steps = scenario.step_count();
            assert!((3..=5).contains(&steps), "{id}: {steps} things to look for");
            for part in [told.intro(), told.question(), told.misconception(), told.so_what(), told.promise()] {
                assert!(!part.is_empty(), "{id}: a part is missing");
            }
            assert!(told.question().ends_with('?'), "{id}: {}", told.question());
            assert!(!scenario.params.is_empty() && scenario.tries().next().is_some(), "{id}");
            for set in scenario.tries() {
                let mut params = Params::defaults(scenario.params);
                set.split(' ').for_each(|assignment| params.assign(assignment).expect(id));
                let facts = scenario.facts(&params);
                assert_eq!(scenario.told(&facts).errors(), Vec::<String>::new(), "{id} {set}");
            }
        }
    }

    #[test]
    fn what_only_a_run_tells_stands_in_the_point_alone() {
        for scenario in all() {
            let facts = scenario.facts(&Params::defaults(scenario.params));
            let told = scenario.told(&facts);
            let texts = [told.promise(), told.intro(), told.question(), told.misconception()];
            for text in texts.into_iter().chain(told.look_for()) {
                assert!(!text.contains('…'), "{}: {text}", scenario.id);
            }
        }
    }
}
