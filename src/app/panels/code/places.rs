//! Which tasks are at which line of a source, and which lines a task's functions were called from.
//!
//! A task that is in a file that is not shown is found at the line that called what is in there.

use crate::event::{EnqueueCause, SiteId, TaskId};
use crate::scenarios::{Language, Line, Scenario, Source};
use crate::trace::{Host, Record, Step, TaskState, TaskStatus};
use std::collections::{BTreeMap, HashMap};

/// How a task is at a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// It is there itself.
    Here,
    /// A function that it is in was called from there.
    Calls,
    /// It has not run yet, and will begin there.
    Starts,
}

/// The lines of a source by what a record knows of them.
pub(super) struct Places<'a> {
    record: &'a Record,
    rust_file: &'static str,
    /// The line for each line of the Rust file that has one here; none where this is the Rust file.
    twins: Option<BTreeMap<u32, u32>>,
    /// The lines at which named functions begin.
    functions: HashMap<String, u32>,
    /// All lines, in their order.
    texts: &'a [Line],
}

impl<'a> Places<'a> {
    pub(super) fn of(record: &'a Record, scenario: &'static Scenario, source: &Source, lines: &'a [Line]) -> Self {
        let twins = (source.language == Language::Python).then(|| {
            let by_mark: HashMap<&str, u32> = lines.iter().filter_map(|line| Some((line.mark?, line.number))).collect();
            let rust = scenario.rust.lines();
            rust.filter_map(|line| Some((line.number, *by_mark.get(line.mark?)?))).collect()
        });
        let functions = lines.iter().filter_map(|line| Some((begins(&line.text)?.to_owned(), line.number))).collect();
        Self { record, rust_file: scenario.rust.file, twins, functions, texts: lines }
    }

    /// The lines that a task is at, from the innermost function out.
    pub(super) fn lines(&self, task: &TaskState) -> Vec<(u32, At)> {
        let catalog = self.record.catalog();
        let mut lines: Vec<(u32, At)> = Vec::new();
        if matches!(task.status, TaskStatus::Ready(EnqueueCause::Spawned)) {
            lines.extend(self.start(task.task).map(|line| (line, At::Starts)));
            return lines;
        }
        let mut at = At::Here;
        for step in task.steps(catalog) {
            // One of a stock executor may be at work and have told nothing of where: it is at the code that it was spawned
            // with.
            let has_run = !matches!(task.status, TaskStatus::Ready(_));
            let is_spawned_code = step == Step { function: None, site: None } && has_run;
            let spawned = || catalog.task(task.task).map(|info| info.site);
            let site =
                step.site.or_else(|| (is_spawned_code && self.record.host() == Host::Stock).then(spawned).flatten());
            let line = match (site, step.function) {
                (Some(site), _) => self.line(site),
                (None, Some(function)) => self.functions.get(function).copied(),
                (None, None) => None,
            };
            if let Some(line) = line.filter(|line| lines.iter().all(|(other, _)| other != line)) {
                lines.push((line, at));
            }
            at = At::Calls;
        }
        lines
    }

    /// The line at which a task that was spawned begins: where the function is defined that it was spawned with; where no name
    /// of one is found, where it was spawned.
    fn start(&self, task: TaskId) -> Option<u32> {
        if self.record.host().main() == Some(task) {
            return self.functions.get("main").copied();
        }
        let spawned = self.line(self.record.catalog().task(task)?.site)?;
        let place = self.texts.iter().position(|line| line.number == spawned)?;
        // What it is spawned with stands in that statement, or was made right before it.
        let depth = depth(&self.texts[place].text);
        let is_of_block = |line: &&Line| begins(&line.text).is_none() && depth_or_more(&line.text, depth);
        let statement = self.texts[place..].iter().take(1);
        let deeper = self.texts[place + 1..].iter().take(NEAR).take_while(|line| depth_or_more(&line.text, depth + 1));
        let before = self.texts[..place].iter().rev().take(NEAR).take_while(|line| begins(&line.text).is_none());
        let after = self.texts[place + 1..].iter().take(NEAR).take_while(is_of_block);
        let called = statement.chain(deeper).chain(before).chain(after);
        let found = called.filter_map(|line| self.functions.iter().find(|(name, _)| calls(&line.text, name)));
        Some(found.map(|(_, line)| *line).next().unwrap_or(spawned))
    }

    /// The line that stands for a recorded one.
    pub(super) fn line(&self, site: SiteId) -> Option<u32> {
        let site = self.record.catalog().site(site).filter(|site| site.file_name() == self.rust_file)?;
        match &self.twins {
            Some(twins) => twins.get(&site.line).copied(),
            None => Some(site.line),
        }
    }
}

/// How far a line is indented, in letters.
fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line is not empty and indented at least so far.
fn depth_or_more(line: &str, least: usize) -> bool {
    !line.trim().is_empty() && depth(line) >= least
}

/// How far from where a task is spawned the function is looked for that it is spawned with, in lines.
const NEAR: usize = 4;

/// Whether a line calls the function of that name.
fn calls(line: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    let is_call = |(at, _): (usize, &str)| {
        line[at + name.len()..].starts_with('(') && !line[..at].ends_with(is_part) && begins(line).is_none()
    };
    line.match_indices(name).any(is_call)
}

/// The name of the function that a line begins.
fn begins(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = line.strip_prefix("fn ").or_else(|| line.strip_prefix("def "))?;
    let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_')?;
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::{At, Places, begins, calls};
    use crate::event::EventKind;
    use crate::runtime::Speed;
    use crate::scenarios::{self, Line, Source};
    use crate::session::{Plan, Session, Start};
    use crate::trace::State;

    /// Every task of every lesson that was spawned in the lesson's own file and has not run yet is at a line in both
    /// languages: that of a function, where the line that spawned it names one.
    #[test]
    fn a_task_that_has_not_run_is_where_it_will_start() {
        let (mut seen, mut at_functions) = (0, 0);
        for scenario in scenarios::all().filter(|scenario| scenario.id != "user-input") {
            let plan = Plan { speed: Speed::MAX, ..Plan::new(scenario) };
            let mut session = Session::start(plan, Start::Running, || {}).unwrap();
            while session.pump_wait() {}
            let record = session.record();
            for source in [&scenario.rust, &scenario.python].into_iter().filter(|source| !source.text.is_empty()) {
                let lines: Vec<Line> = Source::lines(source).collect();
                let places = Places::of(record, scenario, source, &lines);
                let mut state = State::default();
                for (index, event) in record.log().iter_from(0).take(20_000).enumerate() {
                    state.apply(index, &event);
                    let EventKind::TaskSpawned { task, site, .. } = event.kind else { continue };
                    let is_main = record.host().main() == Some(task);
                    if !is_main && places.line(site).is_none() {
                        continue; // the other language spawns it in another way, or it is of another file
                    }
                    let told = places.lines(state.task(task).unwrap());
                    let [(line, At::Starts)] = told[..] else {
                        panic!("{} {:?}: task {task:?} starts at {told:?}", scenario.id, source.language)
                    };
                    let text = &lines.iter().find(|found| found.number == line).unwrap().text;
                    let (id, language) = (scenario.id, source.language);
                    assert!(
                        is_main || begins(text) != Some("main"),
                        "{id} {language:?}: {task:?} starts at line {line}"
                    );
                    seen += 1;
                    at_functions += u32::from(begins(text).is_some());
                }
            }
        }
        assert!(seen > 300 && at_functions > seen * 3 / 4, "{at_functions} of {seen}");
    }

    #[test]
    fn a_function_begins_where_it_is_defined_and_not_where_it_is_called() {
        assert_eq!(begins("async fn fetch_data(input: u32) {"), Some("fetch_data"));
        assert_eq!(begins("    async def load(name):"), Some("load"));
        assert_eq!(begins("fn is_prime(number: u32) -> bool {"), Some("is_prime"));
        assert_eq!(begins("    fetch_data(1).await;"), None);
    }

    #[test]
    fn a_function_is_called_by_its_whole_name() {
        assert!(calls("spawn(\"fetch-1\", fetch(1)) //~ spawn", "fetch"));
        assert!(!calls("spawn(\"fetch-1\", prefetch(1))", "fetch") && !calls("session.fetch(1)", "fetch"));
        assert!(!calls("async fn fetch(page: u32) {", "fetch") && !calls("fetch = 1", "fetch"));
    }
}
