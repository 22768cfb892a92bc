//! Runs a lesson at the corners of its parameters, and holds what it says against a reading of the run.

use super::reading::{Events, Reading};
use super::support::{events, run_scenario};
use loopscope::scenarios::{self, Bounds, NOT_HERE, Param, Scenario};
use loopscope::session::{Progress, StepState};
use std::collections::{BTreeMap, BTreeSet};

/// The events of a run at which what a step says happens.
pub(crate) type WhenItHappens = fn(&Reading) -> Events;

/// What a reader makes of a lesson: where each step happens in a run, what the answer is, and which values its
/// texts may name besides those of the parameters.
pub(crate) struct Judge {
    pub(crate) id: &'static str,
    /// For each step how its text begins with the defaults, and the events at which what it says happens.
    pub(crate) steps: &'static [(&'static str, WhenItHappens)],
    pub(crate) answer: fn(&Reading) -> String,
    pub(crate) values: fn(&Reading) -> Vec<String>,
    /// What is set in every run, to keep it short.
    pub(crate) base: &'static [&'static str],
}

/// One way to set a lesson's parameters.
type Set = Vec<String>;

/// Runs of one lesson at most, its tries apart.
const MOST: usize = 60;

impl Judge {
    /// Judges every corner; how many there were, and what was wrong.
    pub(crate) fn judge(&self) -> (usize, Vec<String>) {
        let scenario = scenarios::find(self.id).unwrap_or_else(|_| panic!("no lesson {}", self.id));
        let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let sets = corners(scenario, self.base);
        for set in &sets {
            for fault in self.faults(scenario, set) {
                faults.entry(fault.0).or_default().push(format!("{}: {}", set.join(" "), fault.1));
            }
        }
        let told = faults.into_iter().map(|(fault, examples)| {
            format!(
                "{}: {fault} ({} times)\n    {}",
                self.id,
                examples.len(),
                examples[..examples.len().min(3)].join("\n    ")
            )
        });
        (sets.len(), told.collect())
    }

    /// What is wrong with one run: what kind of fault, and what exactly.
    fn faults(&self, scenario: &'static Scenario, set: &Set) -> Vec<(String, String)> {
        let session = run_scenario(self.id, &set.iter().map(String::as_str).collect::<Vec<_>>());
        let record = session.record();
        let mut progress = Progress::default();
        progress.advance(session.plan(), record);
        let told = scenario.told(progress.facts());
        let reading = Reading::new(scenario, session.plan().params.clone(), set, events(record));
        let mut faults = Vec::new();
        let texts = told.look_for();
        if texts.len() != self.steps.len() || progress.steps().len() != self.steps.len() {
            return vec![("other steps than were judged".into(), format!("{} steps", texts.len()))];
        }
        for (number, (((begins, happens), text), state)) in
            (1..).zip(self.steps.iter().zip(&texts).zip(progress.steps()))
        {
            if set.is_empty() && !text.starts_with(begins) {
                faults.push((format!("step {number} is another text than was judged"), text.clone()));
            }
            reading.judge(text);
            let happens = happens(&reading);
            let fault = match (state, &happens[..]) {
                (StepState::NotYet, _) => Some(("is open after the run", String::new())),
                (StepState::Reached(event), []) => {
                    let at = reading.at(*event);
                    Some(("is ticked and did not happen", format!("{text} [at {at}]")))
                }
                (StepState::Reached(event), all) => {
                    let is_one = all.iter().any(|one| reading.is_one_turn(*one, *event));
                    let (at, first) = (reading.at(*event), reading.at(all[0]));
                    let places = format!("{text} [at {at}, event {event}; it happens at {first}, event {}]", all[0]);
                    (!is_one).then_some(("is ticked at another event", places))
                }
                (StepState::OutOfOrder { event, before, .. }, all) => {
                    let then = progress.steps().get(*before - 1).and_then(StepState::event);
                    let is_before = *before < number && then.is_some_and(|then| *event < then);
                    let happens = all.is_empty() || all.iter().any(|one| reading.is_one_turn(*one, *event));
                    let places = format!("{text} [at {}, event {event}]", reading.at(*event));
                    (!is_before || !happens).then_some(("is said to have happened out of order", places))
                }
                (StepState::NotInThisRun(why), []) => {
                    let is_bare = why == NOT_HERE && scenario.clock == loopscope::event::ClockKind::Virtual;
                    is_bare.then(|| ("says no reason why it is not in this run", text.clone()))
                }
                (StepState::NotInThisRun(why), all) => {
                    let first = reading.at(all[0]);
                    Some(("is denied and happened", format!("{text} [{why}; it happens at {first}, event {}]", all[0])))
                }
            };
            faults.extend(fault.map(|(kind, what)| (format!("step {number} {kind}"), what)));
            if let StepState::NotInThisRun(why) = state {
                faults.extend(
                    faults_of_text(why).map(|fault| (format!("the reason at step {number} {fault}"), why.clone())),
                );
            }
        }
        let answer = progress.answer().map_or_else(String::new, |answer| answer.to_string());
        let expected = (self.answer)(&reading);
        if answer != expected {
            faults.push(("the answer is another".into(), format!("{answer}, not {expected}")));
        }
        let point = told.so_what();
        let known: BTreeSet<String> = (self.values)(&reading)
            .into_iter()
            .chain(scenario_values(&reading))
            .flat_map(|text| values(&text))
            .collect();
        let others = [told.promise(), told.intro(), told.question(), told.misconception()];
        for (name, text) in [("the point", &point), ("what is said before the run", &others.join(" "))] {
            let wrong: Vec<String> = values(text).into_iter().filter(|value| !known.contains(value)).collect();
            if !wrong.is_empty() {
                faults.push((
                    format!("{name} has other values than the run"),
                    format!("{} in: {text}", wrong.join(", ")),
                ));
            }
        }
        let parts = [told.promise(), told.intro(), told.question(), told.misconception(), point, told.notes()];
        for text in parts.iter().chain(&texts) {
            faults.extend(faults_of_text(text).map(|fault| (format!("a text {fault}"), text.clone())));
        }
        faults
    }
}

fn scenario_values(reading: &Reading) -> Vec<String> {
    reading.params.iter().map(|(_, value)| value.to_string()).collect()
}

/// What is wrong with how a text is written.
fn faults_of_text(text: &str) -> impl Iterator<Item = String> {
    let mut faults = Vec::new();
    // What stands between backticks is code.
    let prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join("`");
    for sign in ["…", "{", "}", "  ", " .", " ,", " :", "..", ",,"] {
        if prose.contains(sign) {
            faults.push(format!("has a stray '{sign}'"));
        }
    }
    let words: Vec<&str> = prose.split_whitespace().collect();
    for (place, pair) in words.windows(2).enumerate() {
        let next = pair[1].trim_matches(|sign: char| !sign.is_alphanumeric());
        // `Task 1 takes`: there it says which, not how many.
        let which = place.checked_sub(1).map_or("", |before| words[before]).to_lowercase();
        if WHICH.contains(&which.as_str()) {
            continue;
        }
        // After a word for one there is a verb often enough.
        let is_plural = match pair[0].to_lowercase().as_str() {
            "1" => next.len() > 3 && next.ends_with('s') && !next.ends_with("ss"),
            "one" => {
                next.ends_with('s')
                    && scenarios::all().flat_map(|scenario| scenario.params).any(|param| param.name == next)
            }
            _ => false,
        };
        if is_plural {
            faults.push(format!("has '{} {next}'", pair[0]));
        }
    }
    faults.into_iter()
}

/// Words that stand before the number of one thing.
const WHICH: [&str; 8] = ["fetch", "letter", "mirror", "number", "page", "part", "query", "task"];

/// The numbers of a text with their units, code apart.
fn values(text: &str) -> Vec<String> {
    let prose = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = prose.split_whitespace().collect();
    let mut values = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let word = word.trim_matches(|sign: char| !sign.is_ascii_digit() && sign != '−');
        let which = place.checked_sub(1).map_or("", |before| words[before]).to_lowercase();
        if word.is_empty()
            || WHICH.contains(&which.as_str())
            || !word.chars().all(|sign| sign.is_ascii_digit() || sign == '.' || sign == '−')
        {
            continue;
        }
        let unit = words.get(place + 1).map(|next| next.trim_matches(|sign: char| !sign.is_alphabetic()));
        match unit.filter(|unit| matches!(*unit, "ns" | "µs" | "ms" | "s" | "min" | "h")) {
            Some(unit) => values.push(format!("{word} {unit}")),
            None => values.push(word.to_owned()),
        }
    }
    values
}

/// The corners of a lesson's parameters: the defaults first, then its tries, each parameter by itself, and their products.
fn corners(scenario: &Scenario, base: &[&str]) -> Vec<Set> {
    let tries = scenario.tries().map(|set| set.split(' ').map(str::to_owned).collect::<Set>());
    let tries: Vec<Set> = tries.collect();
    let of_one = |param: &Param| -> Vec<Set> {
        let values = corner_values(scenario.params, param);
        values.into_iter().map(|value| vec![format!("{}={value}", param.name)]).collect()
    };
    let mut sets: Vec<Set> = vec![Vec::new()];
    sets.extend(tries);
    if scenario.clock == loopscope::event::ClockKind::Real {
        // Each choice, and each number: by itself, and where there is the least of everything.
        let is_short = |param: &&Param| !base.iter().any(|set| set.starts_with(&format!("{}=", param.name)));
        let counts =
            || scenario.params.iter().filter(is_short).filter(|param| matches!(param.bounds, Bounds::Count { .. }));
        let least: Set = counts().filter_map(|param| of_one(param).into_iter().next()).flatten().collect();
        let choices = scenario.params.iter().filter(|param| matches!(param.bounds, Bounds::Choice { .. }));
        let choices: Vec<Set> = choices.flat_map(of_one).collect();
        sets.extend(choices.iter().map(|choice| [&least[..], choice].concat()));
        sets.extend(choices.into_iter().chain(counts().flat_map(of_one)).chain([least]));
        // What is set counts before what is set to keep a run short.
        let with_base = sets.into_iter().map(|set| base.iter().map(|set| (*set).to_owned()).chain(set).collect());
        return distinct(with_base);
    }
    sets.extend(scenario.params.iter().flat_map(of_one));
    let mut product: Vec<Set> = vec![Vec::new()];
    for param in scenario.params {
        let values = product_values(param);
        product = product
            .iter()
            .flat_map(|set| values.iter().map(|value| [&set[..], &[format!("{}={value}", param.name)]].concat()))
            .collect();
    }
    // A step that shares no factor with the size goes through all of it, here and there.
    let room = MOST.saturating_sub(sets.len()).max(1);
    let step = if product.len() <= room { 1 } else { (product.len() / room + 1) | 1 };
    sets.extend(product.iter().step_by(step).cloned());
    distinct(sets.into_iter())
}

fn distinct(sets: impl Iterator<Item = Set>) -> Vec<Set> {
    let mut seen = BTreeSet::new();
    sets.filter(|set| seen.insert(set.clone())).collect()
}

/// The least, the default and a larger one; of words each.
fn product_values(param: &Param) -> Vec<String> {
    match param.bounds {
        Bounds::Count { min, max, default } => {
            let larger = (default + default / 2 + 1).min(max);
            vec![min.to_string(), default.to_string(), larger.to_string()]
        }
        Bounds::Millis { max, default } => {
            let larger = (default + default / 2 + 700).min(max);
            vec!["0ms".into(), format!("{default}ms"), format!("{larger}ms")]
        }
        Bounds::Choice { of } => of.iter().map(|word| (*word).to_owned()).collect(),
        Bounds::Text { .. } => Vec::new(),
    }
}

/// What one parameter is set to by itself: those, their neighbours, and times that are those of another.
fn corner_values(params: &[Param], param: &Param) -> Vec<String> {
    let mut values = product_values(param);
    match param.bounds {
        Bounds::Count { min, max, default } => {
            let more = [min + 1, default.saturating_sub(1), default + 1].into_iter();
            values.extend(more.filter(|count| (min..=max).contains(count)).map(|count| count.to_string()));
        }
        Bounds::Millis { max, default } => {
            let others = params.iter().filter_map(|param| match param.bounds {
                Bounds::Millis { default, .. } => Some(default),
                _ => None,
            });
            let more = [1, default / 2].into_iter().chain(others).filter(|time| *time <= max);
            values.extend(more.map(|time| format!("{time}ms")));
        }
        Bounds::Choice { .. } | Bounds::Text { .. } => {}
    }
    values
}
