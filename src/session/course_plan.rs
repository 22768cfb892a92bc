//! A course plan: which lessons are presented, in which order and with which parameters, as a small file.
//!
//! ```toml
//! loopscope-plan = 1
//! title = "Async in two hours"
//!
//! [[lesson]]
//! id = "semaphore"
//! set = ["permits=5", "delay=1s"]
//! ```
//!
//! A plan outlives the program that wrote it. If this version does not know a name in it, it says so and leaves it out of
//! the talk. The file keeps the name, and the comments and layout that a person gave it. Nothing of a plan is run here.

mod written;

use super::Plan;
use crate::scenarios;
use crate::trace::file::write_aside;
use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_edit::DocumentMut;

/// The version of the file that this program writes.
const VERSION: i64 = 1;
/// The name of the key that tells a plan from other files, and its version.
const MARK: &str = "loopscope-plan";
/// A file longer than this, in bytes, is no plan.
const LONGEST: u64 = 1 << 20;

/// Lessons to present, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoursePlan {
    /// What the talk is called.
    pub title: String,
    /// The lessons.
    pub lessons: Vec<PlannedLesson>,
    /// The text that it was read from; empty where it is new.
    text: String,
}

/// A lesson of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedLesson {
    /// Its id. There may be no such lesson in this version.
    pub id: String,
    /// What is set in it, each as on the command line: `permits=5`.
    pub set: Vec<String>,
    /// The line of the file that it begins in; none where it was not read from one.
    pub line: Option<usize>,
    /// Its place among the lessons of that file, from 0.
    place: Option<usize>,
}

/// A plan that was read, and what is to be said about it.
type Read = (CoursePlan, Vec<String>);

/// Why a file is no course plan.
#[derive(Debug, thiserror::Error)]
pub enum CoursePlanError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It makes no sense.
    #[error("{}:{line}: {message}", .path.display())]
    Senseless {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
}

impl PlannedLesson {
    /// A lesson as it is set up now. What is as usual is not named.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let usual = Plan::new(plan.scenario).params;
        let changed = plan.params.iter().zip(usual.iter()).filter(|((_, now), (_, usual))| now != usual);
        let set = changed.map(|((param, value), _)| format!("{}={}", param.name, value.to_string().replace(' ', "")));
        Self { id: plan.scenario.id.to_owned(), set: set.collect(), ..Self::default() }
    }

    /// How it is run, and what of it this version does not know; none where there is no such lesson.
    #[must_use]
    pub fn plan(&self) -> (Option<Plan>, Vec<String>) {
        let mut words = Vec::new();
        let scenario = match scenarios::find(&self.id) {
            Ok(scenario) => scenario,
            Err(error) => {
                let said = error.to_string();
                let stop = if said.ends_with('?') { "" } else { "." };
                words.push(format!("{said}{stop} It is left out, and stays in the plan."));
                return (None, words);
            }
        };
        let mut plan = Plan::new(scenario);
        for assignment in &self.set {
            if let Err(error) = plan.params.assign(assignment) {
                words.push(format!("{}: {error}. The usual value is taken, and the plan keeps its own.", self.id));
            }
        }
        (Some(plan), words)
    }
}

impl CoursePlan {
    /// Reads a plan, with what is to be said about it: what it names that this version does not know.
    ///
    /// # Errors
    /// If the file cannot be read or is no plan, with the line at which it makes no sense.
    pub fn read(path: &Path) -> Result<(Self, Vec<String>), CoursePlanError> {
        let unreadable = |error| CoursePlanError::Unreadable { path: path.to_owned(), error };
        let length = fs::metadata(path).map_err(unreadable)?.len();
        if length > LONGEST {
            return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, "it is too long to be a course plan")));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(&text).map_err(|Wrong { line, message }| CoursePlanError::Senseless {
            path: path.to_owned(),
            line,
            message,
        })
    }

    fn parse(text: &str) -> Result<Read, Wrong> {
        let source = Text(text);
        let senseless = |span: Option<Range<usize>>, message: &str| {
            let line = span.map_or(1, |span| source.line(span.start));
            Wrong { line, message: message.lines().collect::<Vec<_>>().join(" ") }
        };
        let table = DeTable::parse(text).map_err(|error| senseless(error.span(), error.message()))?;
        // It is written again from this text.
        text.parse::<DocumentMut>().map_err(|error| senseless(error.span(), error.message()))?;
        let (mut plan, mut words) = (Self { text: text.to_owned(), ..Self::default() }, Vec::new());
        let (mut version, mut unknown) = (None, Vec::new());
        for (key, value) in table.into_inner() {
            let line = source.line(value.span().start);
            match (key.get_ref().as_ref(), value.into_inner()) {
                (MARK, DeValue::Integer(number)) => {
                    let number = number.to_string();
                    version = Some(number.parse::<i64>().map_err(|_| Wrong {
                        line,
                        message: format!("{number} is no version of a plan: this is version {VERSION}"),
                    })?);
                }
                (MARK, _) => return Err(Wrong::at(line, format!("{MARK} is a number: {MARK} = {VERSION}"))),
                ("title", DeValue::String(title)) => plan.title = title.into_owned(),
                ("title", _) => return Err(Wrong::at(line, "title is a text: title = \"My course\"")),
                ("lesson", DeValue::Array(lessons)) => {
                    for (place, lesson) in lessons.into_iter().enumerate() {
                        let lesson = source.lesson(lesson, &mut unknown)?;
                        plan.lessons.push(PlannedLesson { place: Some(place), ..lesson });
                    }
                }
                ("lesson", _) => return Err(Wrong::at(line, "each lesson begins with the line [[lesson]]")),
                (key, _) => unknown.push(key.to_owned()),
            }
        }
        match version {
            None if plan.lessons.is_empty() => {
                return Err(Wrong::at(1, format!("this is no course plan: it begins with {MARK} = {VERSION}")));
            }
            Some(VERSION) => {}
            None => words.push("It has no version: it is read as one of an older Loopscope.".to_owned()),
            Some(older) if older < VERSION => {
                words.push(format!("It is of version {older}, from an older Loopscope."));
            }
            Some(newer) => words.push(format!(
                "It is of version {newer}, from a newer Loopscope. What this one does not know is kept in the file."
            )),
        }
        words.extend(unknown.iter().map(|key| format!("'{key}' is not known here. It stays in the plan.")));
        for lesson in &plan.lessons {
            let line = lesson.line.map_or_else(String::new, |line| format!("line {line}: "));
            words.extend(lesson.plan().1.into_iter().map(|word| format!("{line}{word}")));
        }
        Ok((plan, words))
    }

    /// The lessons that this version has, as they are to be run.
    #[must_use]
    pub fn plans(&self) -> Vec<Plan> {
        self.lessons.iter().filter_map(|lesson| lesson.plan().0).collect()
    }

    /// Writes it, aside first and then into place.
    ///
    /// # Errors
    /// If the file cannot be written; what was there before is there still.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_aside(path, |out| out.write_all(self.to_string().as_bytes()))
    }
}

/// What makes no sense, and where.
#[derive(Debug, PartialEq)]
struct Wrong {
    line: usize,
    message: String,
}

impl Wrong {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// The text of a file.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    /// What stands there.
    fn part(self, place: Range<usize>) -> &'a str {
        self.0.get(place).unwrap_or_default()
    }

    /// The line of a place, from 1.
    fn line(self, place: usize) -> usize {
        let before = &self.0.as_bytes()[..place.min(self.0.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// A lesson. The keys that are not known are added to those.
    fn lesson(self, value: Spanned<DeValue<'_>>, unknown: &mut Vec<String>) -> Result<PlannedLesson, Wrong> {
        let start = self.line(value.span().start);
        let DeValue::Table(table) = value.into_inner() else {
            return Err(Wrong::at(start, "each lesson begins with the line [[lesson]]"));
        };
        let mut lesson = PlannedLesson { line: Some(start), ..PlannedLesson::default() };
        for (key, value) in table {
            let line = self.line(value.span().start);
            match (key.get_ref().as_ref(), value.into_inner()) {
                ("id", DeValue::String(id)) => {
                    lesson.id = id.into_owned();
                    lesson.line = Some(line);
                }
                ("id", _) => return Err(Wrong::at(line, "id is a text: id = \"semaphore\"")),
                ("set", DeValue::Array(set)) => {
                    for assignment in set {
                        let line = self.line(assignment.span().start);
                        let DeValue::String(assignment) = assignment.into_inner() else {
                            return Err(Wrong::at(line, "what is set is a text: set = [\"permits=5\"]"));
                        };
                        lesson.set.push(assignment.into_owned());
                    }
                }
                ("set", DeValue::Table(set)) => {
                    lesson.set.extend(set.into_iter().map(|(name, value)| {
                        let place = value.span();
                        let value = match value.into_inner() {
                            DeValue::String(text) => text.into_owned(),
                            _ => self.part(place).to_owned(),
                        };
                        format!("{}={value}", name.get_ref())
                    }));
                }
                ("set", _) => return Err(Wrong::at(line, "set is a list: set = [\"permits=5\"]")),
                (key, _) => unknown.push(key.to_owned()),
            }
        }
        if lesson.id.is_empty() {
            return Err(Wrong::at(start, "this lesson has no id: add id = \"semaphore\", say"));
        }
        Ok(lesson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Read {
        CoursePlan::parse(text).unwrap_or_else(|wrong| panic!("{wrong:?}"))
    }

    #[test]
    fn a_plan_reads_as_it_was_written_for_every_lesson_and_proposal() {
        let mut plan = CoursePlan { title: "A \"course\"\\ \u{1} in\ntwo lines".into(), ..CoursePlan::default() };
        for scenario in scenarios::all() {
            let mut run = Plan::new(scenario);
            plan.lessons.push(PlannedLesson::of(&run));
            for set in scenario.tries() {
                set.split(' ').for_each(|assignment| run.params.assign(assignment).unwrap());
                plan.lessons.push(PlannedLesson::of(&run));
            }
        }
        let (mut read, words) = parse(&plan.to_string());
        assert_eq!(words, Vec::<String>::new());
        for (read, written) in read.lessons.iter().zip(&plan.lessons) {
            let [read, written] = [read, written].map(|lesson| lesson.plan().0.unwrap());
            assert_eq!((read.scenario.id, read.params), (written.scenario.id, written.params));
        }
        for lesson in &mut read.lessons {
            (lesson.line, lesson.place) = (None, None);
        }
        assert_eq!((read.title, read.lessons), (plan.title, plan.lessons));
    }

    #[test]
    fn what_is_gone_is_told_left_out_and_kept_in_the_file() {
        let text = "loopscope-plan = 1\ntitle = \"T\"\nroom = { name = \"A\", seats = 30 }\n\n[[lesson]]\nid = \"semafore\"\n\
                    minutes = 1.5\n\n[[lesson]]\nid = \"semaphore\"\nset = { permits = 5, hats = 3 }\n";
        let (plan, words) = parse(text);
        let words = words.join("\n");
        for part in [
            "'room' is not known",
            "'minutes'",
            "line 6: there is no lesson 'semafore'",
            "did you mean semaphore",
            "'hats'",
            "it has: ",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let runs = plan.plans();
        assert_eq!((runs.len(), runs[0].params.count("permits")), (1, 5));
        assert_eq!(plan.to_string(), text, "nothing was changed, so nothing is");
        let mut changed = plan.clone();
        changed.lessons.swap(0, 1);
        let again = changed.to_string();
        for part in ["room = { name = \"A\", seats = 30 }", "id = \"semafore\"\nminutes = 1.5", "permits = 5, hats = 3"]
        {
            assert!(again.contains(part), "{part}: {again}");
        }
        assert_eq!(parse(&again).0.lessons[0].set, plan.lessons[1].set, "what it sets and nobody knows stays, too");
    }

    /// A plan as a person writes one.
    const BY_HAND: &str = "\
# For the course in spring.
loopscope-plan = 1 # the first
title    =   'Async'  # short

# --- before the break ---
[[lesson]]   # they know this one
id = \"queue\"
set = [
    \"items=3\", # three are enough
    # the hall is small
    \"seed=4\",
]

[room]
name = \"A\" # upstairs

# --- after the break ---
[[lesson]]
id = 'semaphore' # the point of the day
[lesson.set]
permits = 5 # five!
# see you next week
";

    #[test]
    fn what_a_person_wrote_stays_when_a_plan_is_changed_and_saved() {
        let (plan, _) = parse(BY_HAND);
        assert_eq!(plan.to_string(), BY_HAND);
        let comments = |text: &str| {
            let mut comments: Vec<String> =
                text.lines().filter_map(|line| Some(line.split_once('#')?.1.to_owned())).collect();
            comments.sort();
            comments
        };
        type Change = fn(&mut CoursePlan);
        let changes: [(&str, Change); 6] = [
            ("another title", |plan| plan.title = "Async in two hours".into()),
            ("another order", |plan| plan.lessons.swap(0, 1)),
            ("one more lesson", |plan| {
                plan.lessons.insert(1, PlannedLesson { id: "gather".into(), ..PlannedLesson::default() });
            }),
            ("another value in a list", |plan| plan.lessons[0].set[0] = "items=9".into()),
            ("another value in a table", |plan| plan.lessons[1].set[0] = "permits=2".into()),
            ("one more value", |plan| plan.lessons[1].set.push("delay=2s".into())),
        ];
        for (name, change) in changes {
            let mut changed = plan.clone();
            change(&mut changed);
            let text = changed.to_string();
            assert_eq!(comments(&text), comments(BY_HAND), "{name}: {text}");
            let again = parse(&text).0;
            let told = |plan: &CoursePlan| {
                let sorted = |set: &[String]| set.iter().cloned().collect::<std::collections::BTreeSet<_>>();
                let lessons = plan.lessons.iter().map(|lesson| (lesson.id.clone(), sorted(&lesson.set)));
                (plan.title.clone(), lessons.collect::<Vec<_>>())
            };
            assert_eq!(told(&again), told(&changed), "{name}: {text}");
        }
        let mut shorter = plan.clone();
        shorter.lessons.remove(0);
        let text = shorter.to_string();
        assert!(text.contains("# five!") && text.contains("# upstairs") && !text.contains("queue"), "{text}");
    }

    #[test]
    fn a_plan_in_one_line_stays_one() {
        let text = "loopscope-plan = 1\nlesson = [{ id = \"queue\" }, { id = \"gather\", set = [\"seed=1\"] }] # all\n";
        let mut plan = parse(text).0;
        plan.lessons.remove(0);
        plan.lessons.push(PlannedLesson { id: "lock".into(), ..PlannedLesson::default() });
        let text = plan.to_string();
        assert!(text.ends_with("# all\n") && !text.contains("queue"), "{text}");
        let ids: Vec<String> = parse(&text).0.lessons.into_iter().map(|lesson| lesson.id).collect();
        assert_eq!(ids, ["gather", "lock"]);
    }

    #[test]
    fn parameters_that_are_gone_or_out_of_range_are_told_and_kept_and_the_others_count() {
        for (set, told) in [
            ("hats=3", "'hats'"),
            ("permits=0", "permits"),
            ("permits=4000000000", "permits"),
            ("permits=many", "permits"),
            ("delay=-1s", "delay"),
            ("permits", "permits"),
            ("=3", ""),
            ("", ""),
        ] {
            let text =
                format!("loopscope-plan = 1\n\n[[lesson]]\nid = \"semaphore\"\nset = [\"{set}\", \"requests=7\"]\n");
            let (plan, words) = parse(&text);
            assert_eq!(words.len(), 1, "{set}: {words:?}");
            let is_told = words[0].starts_with("line 4: semaphore: ") && words[0].contains("The usual value is taken");
            assert!(is_told && words[0].contains(told), "{set}: {words:?}");
            let run = &plan.plans()[0].params;
            let usual = Plan::new(scenarios::find("semaphore").unwrap()).params;
            assert_eq!((run.count("permits"), run.count("requests")), (usual.count("permits"), 7), "{set}");
            assert_eq!(plan.to_string(), text, "it stays in the file");
        }
    }

    #[test]
    fn plans_of_other_versions_open_with_a_word() {
        let lesson = "[[lesson]]\nid = \"queue\"\n";
        for (head, part) in [("", "no version"), ("loopscope-plan = 0\n", "older"), ("loopscope-plan = 7\n", "newer")] {
            let (plan, words) = parse(&format!("{head}{lesson}"));
            assert_eq!(plan.plans().len(), 1);
            let again = plan.to_string();
            assert!(again.contains("id = \"queue\"") && again.contains(MARK), "{again}");
            assert!(words.iter().any(|word| word.contains(part)), "{head}: {words:?}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_line() {
        let cases = [
            ("", 1, "no course plan"),
            ("hello", 1, ""),
            ("loopscope-plan = 1\n[[lesson]]\nid = 3\n", 3, "id is a text"),
            ("loopscope-plan = 1\n[[lesson]]\nset = []\n", 2, "has no id"),
            ("loopscope-plan = 1\nlesson = 3\n", 2, "[[lesson]]"),
            ("loopscope-plan = \"x\"\n", 1, "is a number"),
            ("loopscope-plan = 99999999999999999999\n", 1, ""),
            ("loopscope-plan = 1\ntitle = 3\n", 2, "title is a text"),
            ("loopscope-plan = 1\n\n[[lesson]]\nid = \"queue\"\nset = [3]\n", 5, "is a text"),
            ("loopscope-plan = 1\n\n[[lesson]\n", 3, ""),
        ];
        for (text, line, part) in cases {
            let wrong = CoursePlan::parse(text).expect_err(text);
            assert_eq!(wrong.line, line, "{text}: {wrong:?}");
            assert!(wrong.message.contains(part) && !wrong.message.contains('\n'), "{text}: {wrong:?}");
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        let plan = "loopscope-plan = 1\ntitle = \"T\"\n[[lesson]]\nid = \"queue\"\nset = [\"items=3\"]\n";
        // Each prefix, and each with a sign that does not belong there.
        for end in 0..plan.len() {
            if let Ok((plan, _)) = CoursePlan::parse(&plan[..end]) {
                drop(plan.to_string());
            }
            for sign in ["\"", "[", "=", "\u{0}", "ä", "\n"] {
                drop(CoursePlan::parse(&format!("{}{sign}{}", &plan[..end], &plan[end..])));
            }
        }
    }
}
