//! The waits of two runs: which are the same, which are gone, and which of them made a task begin or end at another time.
//!
//! A wait is known by what it is for and by its line. It never looks for causes beyond a task and the one that spawned it.

use super::{Pair, Shift, TaskTimes};
use crate::event::{Nanos, TaskId, WaitId};
use crate::model::facts::TaskInfo;
use crate::model::record::Record;
use crate::store::lane::Lane;
use crate::store::log::EventIndex;
use crate::store::span::SpanState;
use crate::words::wait::wait_label;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::Arc;

/// Everything that one task waits for at one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitSum {
    /// The task's name.
    pub task: Arc<str>,
    /// What for, as [`wait_label`] puts it; none for a future that is not ours.
    pub label: Option<String>,
    /// The file's name and the line of the `.await`, where the record knows them.
    pub line: Option<(String, u32)>,
    /// How many times.
    pub count: usize,
    /// How long, all times together.
    pub total: Nanos,
}

/// A difference between the waits of two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitChange {
    /// Only the first run has it.
    Gone(WaitSum),
    /// Only the second has it.
    New(WaitSum),
    /// At the same line the same task waits for something else.
    Changed(WaitSum, WaitSum),
    /// Tasks that did not wait for this in the first run do in the second, and those of the first do not any more.
    Moved {
        /// What for.
        label: String,
        /// Who did in the first run.
        from: Vec<WaitSum>,
        /// Who does in the second.
        to: Vec<WaitSum>,
    },
}

impl WaitChange {
    /// The time that it is about: that of the longer side.
    pub(super) fn weight(&self) -> Nanos {
        let sum = |waits: &[WaitSum]| waits.iter().fold(Nanos::ZERO, |sum, wait| sum + wait.total);
        match self {
            Self::Gone(wait) | Self::New(wait) => wait.total,
            Self::Changed(one, two) => one.total.max(two.total),
            Self::Moved { from, to, .. } => sum(from).max(sum(to)),
        }
    }
}

/// The waits of one task, by label and line.
pub(super) type Ledger = Vec<WaitSum>;

/// The ledger of each task.
pub(super) type Ledgers = BTreeMap<TaskId, Ledger>;

/// The waits of every task.
pub(super) fn ledgers(record: &Record) -> Ledgers {
    let tasks = record.catalog().tasks().iter().zip(record.lanes());
    let ledger = |info: &TaskInfo, lane| ledger(record, &Arc::from(&*info.name), lane, EventIndex::MAX);
    tasks.map(|(info, lane)| (info.task, ledger(info, lane))).collect()
}

/// The waits of a task that began before an event.
fn ledger(record: &Record, task: &Arc<str>, lane: &Lane, before: EventIndex) -> Ledger {
    let (catalog, edge) = (record.catalog(), record.log().end());
    let (mut sums, mut places) = (Ledger::new(), HashMap::new());
    let mut last: Option<WaitId> = None;
    let spans = lane.spans().filter(|span| span.state == SpanState::Waiting);
    for span in spans.take_while(|span| span.first < before) {
        let wait = span.wait.and_then(|wait| record.wait(wait));
        let label = wait.as_ref().map(|wait| wait_label(catalog, &wait.on));
        let key = (label, wait.map(|wait| wait.site));
        let place = *places.entry(key).or_insert_with_key(|(label, site)| {
            let site = site.and_then(|site| catalog.site(site));
            let line = site.map(|site| (site.file_name().to_owned(), site.line));
            sums.push(WaitSum { task: Arc::clone(task), label: label.clone(), line, count: 0, total: Nanos::ZERO });
            sums.len() - 1
        });
        let sum = &mut sums[place];
        // A task may be woken and find that it has to wait on.
        sum.count += usize::from(span.wait.is_none() || span.wait != last);
        sum.total = sum.total + (span.end_or(edge) - span.start);
        last = span.wait;
    }
    sums.retain(|sum| sum.total > Nanos::ZERO);
    sums
}

/// How the waits differ; the longest first.
pub(super) fn changes(ledgers: &[Ledgers; 2], pairs: &[Pair]) -> Vec<WaitChange> {
    let [first, second] = ledgers;
    let of = |ledgers: &Ledgers, times: &TaskTimes| ledgers.get(&times.task).cloned().unwrap_or_default();
    let (mut gone, mut new, mut changes) = (Ledger::new(), Ledger::new(), Vec::new());
    let mut paired: [HashSet<TaskId>; 2] = Default::default();
    for pair in pairs {
        for (paired, times) in paired.iter_mut().zip([&pair.first, &pair.second]) {
            paired.insert(times.task);
        }
        let (mut one, mut two) = (of(first, &pair.first), of(second, &pair.second));
        strike(&mut one, &mut two, |wait| Some((wait.label.clone(), wait.line.clone())));
        strike(&mut one, &mut two, |wait| wait.label.clone());
        let at_line = strike(&mut one, &mut two, |wait| wait.line.clone());
        changes.extend(at_line.into_iter().map(|(one, two)| WaitChange::Changed(one, two)));
        gone.extend(one);
        new.extend(two);
    }
    for ((rest, ledgers), paired) in [&mut gone, &mut new].into_iter().zip(ledgers).zip(&paired) {
        let alone = ledgers.iter().filter(|(task, _)| !paired.contains(task));
        rest.extend(alone.flat_map(|(_, ledger)| ledger.iter().cloned()));
    }
    // What tasks of both runs wait for, only not the same tasks.
    let mut labels: BTreeMap<String, [Vec<WaitSum>; 2]> = BTreeMap::new();
    for (side, rest) in [gone, new].into_iter().enumerate() {
        for wait in rest {
            match &wait.label {
                Some(label) => labels.entry(label.clone()).or_default()[side].push(wait),
                None if side == 0 => changes.push(WaitChange::Gone(wait)),
                None => changes.push(WaitChange::New(wait)),
            }
        }
    }
    for (label, [from, to]) in labels {
        if from.is_empty() || to.is_empty() {
            changes.extend(from.into_iter().map(WaitChange::Gone));
            changes.extend(to.into_iter().map(WaitChange::New));
        } else {
            changes.push(WaitChange::Moved { label, from, to });
        }
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.weight()));
    changes
}

/// Takes out the waits of both that have the same key, each with its partner.
fn strike<K: Eq + Hash>(
    one: &mut Ledger,
    two: &mut Ledger,
    key: impl Fn(&WaitSum) -> Option<K>,
) -> Vec<(WaitSum, WaitSum)> {
    let mut free: HashMap<K, VecDeque<WaitSum>> = HashMap::new();
    let (mut struck, mut rest) = (Vec::new(), Ledger::new());
    for wait in two.drain(..) {
        match key(&wait) {
            Some(key) => free.entry(key).or_default().push_back(wait),
            None => rest.push(wait),
        }
    }
    one.retain(|wait| {
        let partner = key(wait).and_then(|key| free.get_mut(&key)?.pop_front());
        let is_alone = partner.is_none();
        struck.extend(partner.map(|partner| (wait.clone(), partner)));
        is_alone
    });
    rest.extend(free.into_values().flatten());
    rest.sort_by(|one, other| (&one.line, &one.label).cmp(&(&other.line, &other.label)));
    *two = rest;
    struck
}

/// Why a task begins at another time, or takes another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Because {
    /// Of a wait of its own, which is shorter or longer by so much.
    Wait { label: String, shift: Shift, presence: Presence },
    /// It waits for something else at the line where most of the difference is.
    Instead { label: String, before: String },
    /// It runs less, or more.
    Runs(Shift),
    /// It is ready for less, or for longer.
    Ready(Shift),
    /// Of a wait of the task that spawned it, before it did.
    Parent { name: Arc<str>, label: String, shift: Shift, presence: Presence },
}

/// Which of the runs has a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Presence {
    Both,
    First,
    Second,
}

/// The wait that explains most of a shift: the one whose own shift goes the same way and is largest.
fn largest(one: &[WaitSum], two: &[WaitSum], shift: Shift) -> Option<(String, Shift, Presence)> {
    let mut totals: BTreeMap<&str, [Nanos; 2]> = BTreeMap::new();
    for (side, ledger) in [one, two].into_iter().enumerate() {
        for wait in ledger {
            let label = wait.label.as_deref().unwrap_or("something that has no name");
            let total = &mut totals.entry(label).or_default()[side];
            *total = *total + wait.total;
        }
    }
    let shifts = totals.into_iter().map(|(label, [first, second])| {
        let presence = match (first > Nanos::ZERO, second > Nanos::ZERO) {
            (true, false) => Presence::First,
            (false, true) => Presence::Second,
            _ => Presence::Both,
        };
        (label.to_owned(), Shift::between(first, second), presence)
    });
    shifts.filter(|(_, of_wait, _)| same_way(*of_wait, shift)).max_by_key(|(_, of_wait, _)| of_wait.size())
}

fn same_way(one: Shift, two: Shift) -> bool {
    matches!((one, two), (Shift::Less(_), Shift::Less(_)) | (Shift::More(_), Shift::More(_)))
}

/// Why a task takes longer, or less long.
pub(super) fn why_it_takes(ledgers: &[Ledgers; 2], pair: &Pair, shift: Shift) -> Option<Because> {
    let of = |side: usize, times: &TaskTimes| ledgers[side].get(&times.task).map_or(&[][..], |ledger| ledger);
    let (one, two) = (of(0, &pair.first), of(1, &pair.second));
    let wait = largest(one, two, shift).map(|(label, shift, presence)| {
        let instead = instead(one, two, &label, presence);
        (shift.size(), instead.unwrap_or(Because::Wait { label, shift, presence }))
    });
    let [running, ready, _] = pair.states();
    let own = [(running, Because::Runs(running)), (ready, Because::Ready(ready))];
    let own = own.into_iter().filter(|(of_state, _)| same_way(*of_state, shift));
    let own = own.map(|(of_state, because)| (of_state.size(), because));
    let most = wait.into_iter().chain(own).max_by_key(|(size, _)| *size);
    most.map(|(_, because)| because)
}

/// A wait that only one of the runs has, at a line where the task waits for something else in the other.
fn instead(one: &[WaitSum], two: &[WaitSum], label: &str, presence: Presence) -> Option<Because> {
    let partner = |ours: &[WaitSum], others: &[WaitSum]| {
        let line = ours.iter().find(|wait| wait.label.as_deref() == Some(label))?.line.as_ref()?;
        others.iter().find(|wait| wait.line.as_ref() == Some(line))?.label.clone()
    };
    let label = label.to_owned();
    match presence {
        Presence::Both => None,
        Presence::First => partner(one, two).map(|now| Because::Instead { label: now, before: label }),
        Presence::Second => partner(two, one).map(|before| Because::Instead { label, before }),
    }
}

/// Why a task begins earlier or later: the waits of its parent before it spawned it, if there lies the reason.
pub(super) fn why_it_begins(records: [&Record; 2], pair: &Pair, shift: Shift) -> Option<Because> {
    let before = |record: &Record, times: &TaskTimes| {
        let info = record.catalog().task(times.task)?;
        let parent = record.catalog().task(info.parent?)?;
        let lane = record.lane(parent.task)?;
        let name = Arc::from(&*parent.name);
        Some((Arc::clone(&name), ledger(record, &name, lane, info.spawned)))
    };
    let (name, one) = before(records[0], &pair.first)?;
    let (other, two) = before(records[1], &pair.second)?;
    let (label, shift, presence) = largest(&one, &two, shift)?;
    (name == other).then_some(Because::Parent { name, label, shift, presence })
}
