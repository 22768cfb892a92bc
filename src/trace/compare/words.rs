//! A comparison in plain words.
//!
//! It adds nothing to what the comparison found; it chooses what to tell, and leaves out what is the same.

use super::super::host::Host;
use super::super::resource_words::count;
use super::super::state::RunPhase;
use super::super::text::line;
use super::waits::{Because, Presence};
use super::{Comparison, LineDifference, Shift, Side, WaitChange, WaitSum, What};
use crate::event::{Nanos, Outcome};
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
    pub fn sentences(&self) -> Vec<String> {
        let (first, second) = (&self.first, &self.second);
        let mut told = vec![if first.elapsed == second.elapsed {
            format!("both runs take {}", in_seconds(first.elapsed))
        } else {
            format!("the run takes {} instead of {}", in_seconds(second.elapsed), in_seconds(first.elapsed))
        }];
        if first.phase != second.phase {
            told.push(format!("the first run {}, the second {}", ended(first), ended(second)));
        }
        for (which, side) in [("first", first), ("second", second)] {
            if !side.alone.is_empty() {
                told.push(format!("only the {which} run has {}", names(&side.alone)));
            }
        }
        self.tell_shifts(&mut told);
        self.tell_waits(&mut told);
        self.tell_overlap(&mut told);
        self.tell_lines(&mut told);
        told
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
                What::Begins => (verb(one, "begins", "begin"), "earlier", "later"),
                What::Takes => (verb(one, "takes", "take"), "less", "longer"),
            };
            let by = shift.in_words(less, more);
            let why = because.as_ref().map_or_else(String::new, |because| format!(": {}", reason(because, one)));
            told.push(format!("{} {verb} {by}{why}", names(&members)));
        }
        if self.more_shifts > 0 {
            told.push(format!("and {} more such differences, each no larger", self.more_shifts));
        }
    }

    fn tell_waits(&self, told: &mut Vec<String>) {
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
                        "{} waits for {} instead of {}{}",
                        one.task,
                        label(two),
                        label(one),
                        place(one)
                    ));
                    continue;
                }
                WaitChange::Moved { label, from, to } => {
                    let who = |waits: &[WaitSum]| {
                        let total = waits.iter().fold(Nanos::ZERO, |total, wait| total + wait.total);
                        (names(waits.iter().map(|wait| &wait.task)), waits.len() == 1, in_seconds(total))
                    };
                    let ((from, _, before), (to, is_one, now)) = (who(from), who(to));
                    let wait = verb(is_one, "waits", "wait");
                    lines.push(format!("{to} {wait} for {label}, {now} in all, instead of {from}, {before} in all"));
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
            let length =
                if count > 1 { format!("{count} times, {} in all", in_seconds(total)) } else { in_seconds(total) };
            let waits = verb(tasks.len() == 1, "waits", "wait");
            format!("only in the {which} run {} {waits} for {}{}: {length}", names(&tasks), label(wait), place(wait))
        }));
        let unread = self.waits.len().saturating_sub(MOST_READ);
        let more = lines.len().saturating_sub(MOST_WAITS) + unread;
        lines.truncate(MOST_WAITS);
        told.append(&mut lines);
        if more > 0 {
            told.push(format!("and {more} more such differences between waits"));
        }
    }

    fn tell_overlap(&self, told: &mut Vec<String>) {
        let (one, two) = (self.first.overlap, self.second.overlap);
        let (before, now) = (format!("{:.1}", one.concurrency()), format!("{:.1}", two.concurrency()));
        if before != now {
            let several = match Shift::between(one.several, two.several) {
                Shift::Same => String::new(),
                _ => {
                    format!("; two or more are for {} instead of {}", in_seconds(two.several), in_seconds(one.several))
                }
            };
            told.push(format!("while any task is at work, {now} are on the average instead of {before}{several}"));
        }
    }

    fn tell_lines(&self, told: &mut Vec<String>) {
        if let Some(LineDifference { number, first, second }) = &self.text {
            let prints = |printed: &Option<super::OutputLine>| match printed {
                Some(printed) => format!("prints “{}” at {}", line(&printed.text), in_seconds(printed.at)),
                None => "prints no more".to_owned(),
            };
            told.push(format!("from line {number} on: the first run {}, the second {}", prints(first), prints(second)));
        } else if let Some(LineDifference { number, first: Some(first), second: Some(second) }) = &self.line {
            told.push(format!(
                "both print the same {} lines; line {number}, “{}”, is the first at another time: at {} instead of {}",
                self.first.lines,
                line(&first.text),
                in_seconds(second.at),
                in_seconds(first.at)
            ));
        } else if self.first.lines > 0 {
            let within =
                if self.noise == Nanos::ZERO { String::new() } else { format!(", within {}", in_seconds(self.noise)) };
            told.push(format!("both print the same {} lines at the same times{within}", self.first.lines));
        }
    }
}

/// A time with milliseconds, as the timeline shows it; a short one in a unit that suits it.
#[must_use]
pub fn in_seconds(time: Nanos) -> String {
    if time == Nanos::ZERO || time >= Nanos::from_millis(1) {
        format!("{:.3} s", time.as_secs_f64())
    } else {
        time.to_string()
    }
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
            format!("{} and {}", listed.join(", "), count(others.len() as u32, "other", "others"))
        }
    }
}

fn reason(because: &Because, one: bool) -> String {
    let it = verb(one, "it", "they");
    match because {
        Because::Instead { label, before } => {
            format!("{it} {} for {label} instead of {before}", verb(one, "waits", "wait"))
        }
        Because::Wait { label, presence: Presence::First, .. } => {
            format!("{it} no longer {} for {label}", verb(one, "waits", "wait"))
        }
        Because::Wait { label, presence: Presence::Second, shift } => {
            format!("{it} {} for {label} for {} now", verb(one, "waits", "wait"), in_seconds(shift.size()))
        }
        Because::Wait { label, shift, .. } => {
            format!("{it} {} {} for {label}", verb(one, "waits", "wait"), shift.in_words("less", "longer"))
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
            format!("{name} no longer waits for {label} before it spawns {}", verb(one, "it", "them"))
        }
        Because::Parent { name, label, presence: Presence::Second, shift } => {
            format!(
                "{name} waits for {label} for {} before it spawns {}",
                in_seconds(shift.size()),
                verb(one, "it", "them")
            )
        }
        Because::Parent { name, label, shift, .. } => format!(
            "{name} waits {} for {label} before it spawns {}",
            shift.in_words("less", "longer"),
            verb(one, "it", "them")
        ),
    }
}

fn label(wait: &WaitSum) -> &str {
    wait.label.as_deref().unwrap_or("something that has no name")
}

fn place(wait: &WaitSum) -> String {
    wait.line.as_ref().map_or_else(String::new, |(file, line)| format!(" at {file}:{line}"))
}

fn ended(side: &Side) -> &'static str {
    match &side.phase {
        RunPhase::Ended(Outcome::Completed) if side.host == Host::Stock => "was recorded to the end of its recording",
        RunPhase::Ended(Outcome::Completed) => "completed",
        RunPhase::Ended(Outcome::Deadlock) => "ended in a deadlock",
        RunPhase::Ended(Outcome::NeedsRealClock) => "waits on real time",
        RunPhase::Ended(Outcome::Stopped) => "was stopped",
        RunPhase::Ended(Outcome::Panicked(_)) => "panicked",
        RunPhase::Ended(Outcome::Detached) => "was watched for a while",
        RunPhase::NotStarted | RunPhase::Working | RunPhase::Idle(_) | RunPhase::Unattended => "had not ended",
    }
}
