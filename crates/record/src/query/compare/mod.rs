//! Two runs side by side: which tasks are the same, what each spent its time on, which waits are gone, and what that did.
//!
//! It compares what the records tell, by names and lines of the source; that two tasks of the same name do the same it
//! does not check, and which of two runs is the better one it does not say.

mod ends;
mod overlap;
mod waits;
mod words;

pub use ends::EndChange;
pub use overlap::waits_that_overlap;
pub use waits::{WaitChange, WaitSum};

use crate::event::{ClockKind, Nanos, TaskId};
use crate::model::host::Host;
use crate::model::record::{OutputLine, Record};
use crate::model::state::RunPhase;
use crate::store::ending::Ending;
use crate::store::span::{SpanState, StateTimes};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use waits::{Because, Ledgers};

/// Tasks for which it is told why they begin or end at another time: those where the difference is largest.
const MOST_SHIFTS: usize = 24;

/// The difference between two lengths or points of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shift {
    /// None.
    Same,
    /// The second is less, or earlier, by so much.
    Less(Nanos),
    /// The second is more, or later, by so much.
    More(Nanos),
}

impl Shift {
    /// From the first run to the second.
    #[must_use]
    pub fn between(first: Nanos, second: Nanos) -> Self {
        match first.cmp(&second) {
            std::cmp::Ordering::Equal => Self::Same,
            std::cmp::Ordering::Greater => Self::Less(first - second),
            std::cmp::Ordering::Less => Self::More(second - first),
        }
    }

    /// As `3 s sooner`, with the words for less and more.
    #[must_use]
    pub fn in_words(self, less: &str, more: &str) -> String {
        match self {
            Self::Same => "no difference".to_owned(),
            Self::Less(by) => format!("{by} {less}"),
            Self::More(by) => format!("{by} {more}"),
        }
    }

    /// How large it is, whichever way.
    #[must_use]
    pub fn size(self) -> Nanos {
        match self {
            Self::Same => Nanos::ZERO,
            Self::Less(length) | Self::More(length) => length,
        }
    }
}

/// A task of one of the runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskTimes {
    /// Its id in that run.
    pub task: TaskId,
    /// When it was first polled; none if it never was.
    pub begun: Option<Nanos>,
    /// When it ended; none if it had not when the record ended.
    pub ended: Option<Nanos>,
    /// From when it was first ready to its end, or that of the record. The three states add up to it.
    pub elapsed: Nanos,
    /// How much of that it spent in each state, indexed by [`SpanState`](crate::SpanState).
    pub times: StateTimes,
}

/// A task of the first run and the task of the second that is taken for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name of both.
    pub name: Arc<str>,
    /// In the first run.
    pub first: TaskTimes,
    /// In the second.
    pub second: TaskTimes,
}

impl Pair {
    /// By how much it begins at another time; none where it did not begin in both.
    #[must_use]
    pub fn begins(&self) -> Option<Shift> {
        Some(Shift::between(self.first.begun?, self.second.begun?))
    }

    /// By how much it takes another time from its first poll to its end; none where it did not end in both.
    #[must_use]
    pub fn takes(&self) -> Option<Shift> {
        let length = |times: &TaskTimes| Some(times.ended? - times.begun?);
        Some(Shift::between(length(&self.first)?, length(&self.second)?))
    }

    /// The difference of the time in each state, indexed by [`SpanState`](crate::SpanState).
    #[must_use]
    pub fn states(&self) -> [Shift; 3] {
        std::array::from_fn(|state| Shift::between(self.first.times[state], self.second.times[state]))
    }
}

/// The first line that the runs print differently; a run that has ended its output has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineDifference {
    /// Its number, from 1.
    pub number: usize,
    /// In the first run.
    pub first: Option<OutputLine>,
    /// In the second.
    pub second: Option<OutputLine>,
}

/// What a run came to, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// From the first event to the last.
    pub elapsed: Nanos,
    /// How it ended.
    pub phase: RunPhase,
    /// Who ran its tasks.
    pub host: Host,
    /// How long at least two of its tasks waited for the outside at the same time, and no task blocked the loop.
    pub overlap: Nanos,
    /// How many tasks it had.
    pub tasks: usize,
    /// How many of them ended how, in the order of [`Ending::ALL`].
    pub ended: [usize; Ending::COUNT],
    /// The time that they spent in each state, added up, indexed by [`SpanState`](crate::SpanState).
    pub times: StateTimes,
    /// Lines printed.
    pub lines: usize,
    /// The names of the tasks that the other run does not have, in the order of spawning.
    pub alone: Vec<Arc<str>>,
}

/// Of the longer run, the part that two lengths may differ by on the real clock and still be the same: a hundredth.
const NOISE: u64 = 100;
/// On the virtual clock computing takes no time, and on the real one it does: between the two, so much is no difference.
const COMPUTING: Nanos = Nanos::from_millis(10);

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The first.
    pub first: Side,
    /// The second.
    pub second: Side,
    /// The tasks that both have, in the order of spawning in the first run.
    pub pairs: Vec<Pair>,
    /// Waits that only one of them has, that another task has now, or that are for something else; the longest first.
    pub waits: Vec<WaitChange>,
    /// Tasks that ended in another way.
    pub ends: Vec<EndChange>,
    /// The first printed line whose text differs.
    pub text: Option<LineDifference>,
    /// The first printed line whose text or time differs, by more than noise.
    pub line: Option<LineDifference>,
    /// What is no larger is no difference: nothing on the virtual clock, a hundredth of the longer run on the real one;
    /// between the two, 10 ms at least.
    pub noise: Nanos,
    /// Tasks that begin at another time, or take another, by number of the pair and with the reason; the largest shift
    /// first.
    shifts: Vec<(usize, What, Shift, Option<Because>)>,
    /// How many more there are.
    more_shifts: usize,
}

/// What about a task is shifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Begins,
    Takes,
}

impl Comparison {
    /// Compares two runs.
    ///
    /// Tasks are the same that have the same name; where several have, those whose parents have the same name and that
    /// have as many ancestors, in the order of spawning, and then what is left in the order of spawning.
    #[must_use]
    pub fn new(first: &Record, second: &Record) -> Self {
        let (pairs, alone) = align(first, second);
        let ledgers = [first, second].map(waits::ledgers);
        let is_virtual = [first, second].iter().all(|record| record.clock() == Some(ClockKind::Virtual));
        let longer = first.log().end().max(second.log().end());
        let noise = match (is_virtual, first.clock() == second.clock()) {
            (true, _) => Nanos::ZERO,
            (false, true) => Nanos(longer.0 / NOISE),
            (false, false) => Nanos(longer.0 / NOISE).max(COMPUTING),
        };
        let mut waits = waits::changes(&ledgers, &pairs);
        waits.retain(|change| change.weight() > noise);
        let difference = |is_same: &dyn Fn(&OutputLine, &OutputLine) -> bool| {
            let (one, two) = (first.output(), second.output());
            let same = one.iter().zip(two).take_while(|(one, two)| is_same(one, two)).count();
            let line = |lines: &[OutputLine]| lines.get(same).cloned();
            (same < one.len().max(two.len())).then(|| LineDifference {
                number: same + 1,
                first: line(one),
                second: line(two),
            })
        };
        let [alone_first, alone_second] = alone;
        let mut comparison = Self {
            first: side(first, alone_first),
            second: side(second, alone_second),
            waits,
            ends: ends::changes([first, second], &pairs),
            text: difference(&|one, two| one.text == two.text),
            line: difference(&|one, two| one.text == two.text && Shift::between(one.at, two.at).size() <= noise),
            shifts: Vec::new(),
            more_shifts: 0,
            noise,
            pairs,
        };
        comparison.explain_shifts([first, second], &ledgers);
        comparison
    }

    /// How much sooner or later the second run ends.
    #[must_use]
    pub fn shift(&self) -> Shift {
        Shift::between(self.first.elapsed, self.second.elapsed)
    }

    fn explain_shifts(&mut self, records: [&Record; 2], ledgers: &[Ledgers; 2]) {
        let mut shifts: Vec<(usize, What, Shift)> = Vec::new();
        for (number, pair) in self.pairs.iter().enumerate() {
            let both = [(What::Begins, pair.begins()), (What::Takes, pair.takes())];
            shifts.extend(both.into_iter().filter_map(|(what, shift)| Some((number, what, shift?))));
        }
        shifts.retain(|(_, _, shift)| shift.size() > self.noise);
        shifts.sort_by_key(|(number, _, shift)| (std::cmp::Reverse(shift.size()), *number));
        self.more_shifts = shifts.len().saturating_sub(MOST_SHIFTS);
        shifts.truncate(MOST_SHIFTS);
        let explained = shifts.into_iter().map(|(number, what, shift)| {
            let because = match what {
                What::Begins => waits::why_it_begins(records, &self.pairs[number], shift),
                What::Takes => waits::why_it_takes(ledgers, &self.pairs[number], shift),
            };
            (number, what, shift, because)
        });
        self.shifts = explained.collect();
    }
}

fn side(record: &Record, alone: Vec<Arc<str>>) -> Side {
    Side {
        elapsed: record.log().end(),
        phase: record.edge().phase.clone(),
        host: record.host(),
        overlap: waits_that_overlap(record),
        tasks: record.edge().spawned,
        ended: Ending::ALL.map(|ending| record.edge().ended(ending)),
        times: record.catalog().tasks().iter().fold(StateTimes::default(), |sum, info| {
            let times = times(record, info.task).times;
            std::array::from_fn(|state| sum[state] + times[state])
        }),
        lines: record.output().len(),
        alone,
    }
}

/// The tasks that both have, and the names of those that only one has.
fn align(first: &Record, second: &Record) -> (Vec<Pair>, [Vec<Arc<str>>; 2]) {
    let (ones, twos) = (first.catalog().tasks(), second.catalog().tasks());
    let mut partners: Vec<Option<usize>> = vec![None; ones.len()];
    let mut is_taken = vec![false; twos.len()];
    for exactly in [true, false] {
        let key = |record: &Record, task: TaskId| {
            let info = record.catalog().task(task)?;
            let parent = info.parent.and_then(|parent| record.catalog().task(parent));
            let place = exactly.then(|| (parent.map(|parent| parent.name.clone()), info.depth));
            Some((info.name.clone(), place))
        };
        let mut free: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (number, info) in twos.iter().enumerate().filter(|(number, _)| !is_taken[*number]) {
            free.entry(key(second, info.task)).or_default().push_back(number);
        }
        for (partner, info) in partners.iter_mut().zip(ones).filter(|(partner, _)| partner.is_none()) {
            *partner = free.get_mut(&key(first, info.task)).and_then(VecDeque::pop_front);
            if let Some(number) = partner {
                is_taken[*number] = true;
            }
        }
    }
    let both = ones.iter().zip(&partners).filter_map(|(one, partner)| Some((one, twos.get((*partner)?)?)));
    let pairs = both.map(|(one, two)| Pair {
        name: Arc::from(&*one.name),
        first: times(first, one.task),
        second: times(second, two.task),
    });
    let alone_first = ones.iter().zip(&partners).filter(|(_, partner)| partner.is_none());
    let alone_second = twos.iter().zip(&is_taken).filter(|(_, is_taken)| !**is_taken);
    let alone = [
        alone_first.map(|(info, _)| Arc::from(&*info.name)).collect(),
        alone_second.map(|(info, _)| Arc::from(&*info.name)).collect(),
    ];
    (pairs.collect(), alone)
}

fn times(record: &Record, task: TaskId) -> TaskTimes {
    let mut found = TaskTimes { task, begun: None, ended: None, elapsed: Nanos::ZERO, times: StateTimes::default() };
    let Some(lane) = record.lane(task) else { return found };
    let edge = record.log().end();
    for span in lane.spans() {
        let length = span.end_or(edge) - span.start;
        let time = &mut found.times[span.state as usize];
        *time = *time + length;
        found.elapsed = found.elapsed + length;
        if span.state == SpanState::Running {
            found.begun.get_or_insert(span.start);
        }
    }
    found.ended = lane.end().map(|(_, at, _)| at);
    found
}
