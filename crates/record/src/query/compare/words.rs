//! A comparison in plain words.
//!
//! It adds nothing to what the comparison found; it chooses what to tell, and leaves out what is the same.

use super::waits::{Because, Presence};
use super::{Comparison, LineDifference, Shift, Side, WaitChange, WaitSum, What};
use crate::event::{Nanos, Outcome};
use crate::model::ending::How;
use crate::model::host::Host;
use crate::model::state::RunPhase;
use crate::text::count;
use crate::text::line;
use crate::words::ending::how_words;
use crate::words::wording::Wording;
use std::collections::HashSet;
use std::sync::Arc;

/// Changed waits that are told.
const MOST_WAITS: usize = 12;
/// Changed waits that are read for that, of those that differ, the longest first.
const MOST_READ: usize = 500;
/// Names that are listed before "and 7 others".
const MOST_NAMES: usize = 3;

impl Comparison {
    /// What is different, sentence by sentence: the whole first, then the tasks, the waits, and the lines.
    #[must_use]
    pub fn sentences(&self, wording: &Wording) -> Vec<String> {
        let (first, second) = (&self.first, &self.second);
        let mut told = vec![if self.shift().size() <= self.noise {
            format!("both runs take {}{}", first.elapsed, self.within())
        } else {
            let [before, now] = first.elapsed.apart(second.elapsed);
            format!("the run takes {now} instead of {before}")
        }];
        if first.phase != second.phase {
            told.push(format!("the first run {}, the second {}", ended(first), ended(second)));
        }
        for (which, side) in [("first", first), ("second", second)] {
            if !side.alone.is_empty() {
                told.push(format!("only the {which} run has {}", names(&side.alone)));
            }
        }
        self.tell_ends(&mut told, wording);
        self.tell_shifts(&mut told);
        self.tell_waits(&mut told, wording);
        self.tell_lines(&mut told);
        // Where neither time nor ends make a difference, what they print is the one that is looked for.
        if self.text.is_some() && self.ends.is_empty() && self.shift().size() <= self.noise {
            told.rotate_right(1);
        }
        told
    }

    fn tell_ends(&self, told: &mut Vec<String>, wording: &Wording) {
        for change in &self.ends {
            let how = |end: &Option<How>| {
                end.as_ref().map_or_else(|| "had not ended".to_owned(), |how| how_words(how, wording))
            };
            let (first, second) = (how(&change.first), how(&change.second));
            told.push(format!("{} {second} in the second run; in the first: {first}", names(&change.names)));
        }
    }

    fn tell_shifts(&self, told: &mut Vec<String>) {
        // Tasks of which the same is to be told are told together.
        type Group<'a> = (What, Shift, &'a Option<Because>, Vec<Arc<str>>);
        let mut groups: Vec<Group> = Vec::new();
        for (number, what, shift, because) in &self.shifts {
            let Some(pair) = self.pairs.get(*number) else { continue };
            let same = groups.iter_mut().find(|(of, by, why, _)| (of, by, *why) == (what, shift, because));
            match same {
                Some((.., members)) => members.push(Arc::clone(&pair.name)),
                None => groups.push((*what, *shift, because, vec![Arc::clone(&pair.name)])),
            }
        }
        for (what, shift, because, members) in groups {
            let one = members.len() == 1;
            let (verb, less, more) = match what {
                What::Begins => (verb(one, "starts", "start"), "earlier", "later"),
                What::Takes => (verb(one, "takes", "take"), "less", "longer"),
            };
            let by = shift.in_words(less, more);
            let why = because.as_ref().map_or_else(String::new, |because| format!(": {}", reason(because, one)));
            told.push(format!("{} {verb} {by}{why}", names(&members)));
        }
        if self.more_shifts > 0 {
            told.push(format!("{} more such differences, none of them larger", self.more_shifts));
        }
    }

    fn tell_waits(&self, told: &mut Vec<String>, wording: &Wording) {
        // What only one run has, of tasks that both have, by what it is for and its line.
        type Lone<'a> = (&'static str, &'a WaitSum, Vec<Arc<str>>, usize, Nanos);
        let mut lone: Vec<Lone> = Vec::new();
        let mut lines = Vec::new();
        let sides = [("first", &self.first), ("second", &self.second)];
        let alone: HashSet<(&str, &str)> =
            sides.iter().flat_map(|(which, side)| side.alone.iter().map(|name| (*which, &**name))).collect();
        for change in self.waits.iter().take(MOST_READ) {
            let (which, wait) = match change {
                WaitChange::Gone(wait) => ("first", wait),
                WaitChange::New(wait) => ("second", wait),
                WaitChange::Changed(one, two) => {
                    lines.push(format!(
                        "{} {}{}",
                        one.task,
                        instead(label(two), label(one), true),
                        place(one, wording)
                    ));
                    continue;
                }
                WaitChange::Moved { label, from, to } => {
                    let who = |waits: &[WaitSum]| {
                        let total = waits.iter().fold(Nanos::ZERO, |total, wait| total + wait.total);
                        (names(waits.iter().map(|wait| &wait.task)), waits.len() == 1, total)
                    };
                    let ((from, was_one, before), (to, is_one, now)) = (who(from), who(to));
                    let (waits, did) = (waits(label, is_one), verb(was_one, "did", "did so"));
                    lines.push(match before == now {
                        true => format!("{to} now {waits} ({now} in all), not {from}"),
                        false => format!("{to} now {waits} ({now} in all); before, {from} {did} ({before} in all)"),
                    });
                    continue;
                }
            };
            if alone.contains(&(which, &*wait.task)) {
                continue;
            }
            let is_same =
                |(other, of, ..): &&mut Lone| (*other, &of.label, &of.line) == (which, &wait.label, &wait.line);
            match lone.iter_mut().find(is_same) {
                Some((_, _, tasks, count, total)) => {
                    tasks.push(Arc::clone(&wait.task));
                    (*count, *total) = (*count + wait.count, *total + wait.total);
                }
                None => lone.push((which, wait, vec![Arc::clone(&wait.task)], wait.count, wait.total)),
            }
        }
        lines.extend(lone.into_iter().map(|(which, wait, tasks, count, total)| {
            let length = if count > 1 { format!("{count} times, {total} in all") } else { total.to_string() };
            let waits = waits(label(wait), tasks.len() == 1);
            // A single sleep says how long it is.
            let length = if waits.ends_with(&format!(" {length}")) { String::new() } else { format!(" ({length})") };
            format!("only in the {which} run, {} {waits}{}{length}", names(&tasks), place(wait, wording))
        }));
        let unread = self.waits.len().saturating_sub(MOST_READ);
        let more = lines.len().saturating_sub(MOST_WAITS) + unread;
        lines.truncate(MOST_WAITS);
        told.append(&mut lines);
        if more > 0 {
            told.push(format!("{more} more such differences between waits"));
        }
    }

    fn tell_lines(&self, told: &mut Vec<String>) {
        if let Some(LineDifference { number, first, second }) = &self.text {
            let prints = |printed: &Option<super::OutputLine>| match printed {
                Some(printed) => format!("prints “{}” at {}", line(&printed.text), printed.at),
                None => "prints nothing more".to_owned(),
            };
            told.push(format!(
                "the output differs from line {number} on: the first run {}, the second {}",
                prints(first),
                prints(second)
            ));
        } else if let Some(LineDifference { number, first: Some(first), second: Some(second) }) = &self.line {
            let [before, now] = first.at.apart(second.at);
            told.push(format!(
                "both print the same {}; line {number}, “{}”, is the first to come at another time: at {now} instead of \
                 {before}",
                lines(self.first.lines),
                line(&first.text)
            ));
        } else if self.first.lines > 0 {
            told.push(format!("both print the same {} at the same times{}", lines(self.first.lines), self.within()));
        }
    }

    /// What is taken for the same, where that is not all the same.
    fn within(&self) -> String {
        if self.noise == Nanos::ZERO { String::new() } else { format!(", to within {}", self.noise) }
    }
}

/// What a task does about a wait: `sleeps 3 s`, `waits for the lock disk`.
fn waits(label: &str, is_one: bool) -> String {
    match label.strip_prefix("sleep ") {
        Some(length) => format!("{} {length}", verb(is_one, "sleeps", "sleep")),
        None => format!("{} for {label}", verb(is_one, "waits", "wait")),
    }
}

/// The same where it was another wait before: `sleeps 1 s instead of 3 s`.
fn instead(now: &str, before: &str, is_one: bool) -> String {
    let before = match (now.strip_prefix("sleep "), before.strip_prefix("sleep ")) {
        (Some(_), Some(length)) => length.to_owned(),
        (None, None) => before.to_owned(),
        // Two different verbs.
        (_, _) if before.starts_with("sleep ") => format!("a {before}"),
        _ => format!("waiting for {before}"),
    };
    format!("{} instead of {before}", waits(now, is_one))
}

fn lines(number: usize) -> String {
    if number == 1 { "line".to_owned() } else { format!("{number} lines") }
}

fn verb<'a>(is_one: bool, one: &'a str, many: &'a str) -> &'a str {
    if is_one { one } else { many }
}

fn names<'a>(tasks: impl IntoIterator<Item = &'a Arc<str>>) -> String {
    let tasks: Vec<&str> = tasks.into_iter().map(|name| &**name).collect();
    match &tasks[..] {
        [one] => (*one).to_owned(),
        [listed @ .., last] if tasks.len() <= MOST_NAMES => format!("{} and {last}", listed.join(", ")),
        _ => {
            let (listed, others) = tasks.split_at(MOST_NAMES.min(tasks.len()));
            format!("{} and {}", listed.join(", "), count(others.len(), "other", "others"))
        }
    }
}

fn reason(because: &Because, one: bool) -> String {
    let it = verb(one, "it", "they");
    match because {
        Because::Instead { label, before } => {
            format!("{it} {}", instead(label, before, one))
        }
        Because::Wait { label, presence: Presence::First, .. } => {
            format!("{it} no longer {}", waits(label, one))
        }
        Because::Wait { label, presence: Presence::Second, shift } => {
            let (waits, size) = (waits(label, one), shift.size().to_string());
            // A single sleep says how long it is.
            let in_all = if waits.ends_with(&format!(" {size}")) { String::new() } else { format!(", {size} in all") };
            format!("{it} now {waits}{in_all}")
        }
        Because::Wait { label, shift, .. } => {
            format!("{it} {}, {}", waits(label, one), shift.in_words("less", "longer"))
        }
        Because::Runs(shift) => format!("{it} {} {}", verb(one, "runs", "run"), shift.in_words("less", "longer")),
        Because::Ready(shift) => {
            format!(
                "{it} {} for {} turn {}",
                verb(one, "waits", "wait"),
                verb(one, "its", "their"),
                shift.in_words("less", "longer")
            )
        }
        Because::Parent { name, label, presence: Presence::First, .. } => {
            format!("{name} no longer {} before it spawns {}", waits(label, true), verb(one, "it", "them"))
        }
        Because::Parent { name, label, presence: Presence::Second, shift } => {
            format!(
                "{name} now {}, {} in all, before it spawns {}",
                waits(label, true),
                shift.size(),
                verb(one, "it", "them")
            )
        }
        Because::Parent { name, label, shift, .. } => format!(
            "{name} {}, {}, before it spawns {}",
            waits(label, true),
            shift.in_words("less", "longer"),
            verb(one, "it", "them")
        ),
    }
}

fn label(wait: &WaitSum) -> &str {
    wait.label.as_deref().unwrap_or("something that has no name")
}

fn place(wait: &WaitSum, wording: &Wording) -> String {
    wait.line.as_ref().map_or_else(String::new, |(file, line)| format!(" at {}", wording.line_of(file, *line)))
}

fn ended(side: &Side) -> &'static str {
    match &side.phase {
        RunPhase::Ended(Outcome::Completed) if side.host == Host::Stock => "was recorded until the recording ended",
        RunPhase::Ended(Outcome::Completed) => "completed",
        RunPhase::Ended(Outcome::Deadlock) => "ended in a deadlock",
        RunPhase::Ended(Outcome::NeedsRealClock) => "stopped because a task waits for real time",
        RunPhase::Ended(Outcome::Stopped) => "was stopped",
        RunPhase::Ended(Outcome::Panicked(_)) => "panicked",
        RunPhase::Ended(Outcome::Detached) => "was watched for a while",
        RunPhase::NotStarted | RunPhase::Working | RunPhase::Idle(_) | RunPhase::Unattended => "had not ended",
    }
}
