//! How lengths of time are distributed: how long tasks were ready before they were polled, and how long polls took.
//!
//! A histogram is computed when it is asked for, from the lanes, in time proportional to their spans; nothing is kept.

use crate::event::{Nanos, TaskId};
use crate::model::record::Record;
use crate::store::lane::Lane;
use crate::store::span::SpanState;

/// Where the buckets begin: at 100 ns, 200 ns, 500 ns, 1 µs and so on to 100 s.
const BOUNDS: [u64; 28] = {
    let mut bounds = [0; 28];
    let (mut index, mut decade) = (0, 100);
    while index < 28 {
        bounds[index] = decade * [1, 2, 5][index % 3];
        index += 1;
        if index.is_multiple_of(3) {
            decade *= 10;
        }
    }
    bounds
};
/// Beside those between the bounds: exactly nothing, less than the first bound, and more than the last.
const BUCKETS: usize = BOUNDS.len() + 2;

/// What a histogram is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How long a task was ready before it was polled. A task that was dropped instead is not counted.
    Latency,
    /// How long a poll took. A poll that goes on is not counted.
    PollTime,
}

/// The lengths of one kind, sorted into buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: [u64; BUCKETS],
    /// How many lengths there are.
    pub count: u64,
    /// Their sum.
    pub total: Nanos,
    /// The shortest.
    pub min: Nanos,
    /// The longest.
    pub max: Nanos,
    /// What half of them do not exceed. This and the next two are exact: each is one of the lengths, the one of the
    /// nearest rank.
    pub p50: Nanos,
    /// What 90 of 100 do not exceed.
    pub p90: Nanos,
    /// What 99 of 100 do not exceed.
    pub p99: Nanos,
}

/// A bucket of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// The shortest length that falls into it.
    pub from: Nanos,
    /// The shortest that is too long for it; none for the last.
    pub to: Option<Nanos>,
    /// How many fell into it.
    pub count: u64,
}

impl Histogram {
    /// Of one task, or of all.
    #[must_use]
    pub fn of(record: &Record, measure: Measure, task: Option<TaskId>) -> Self {
        let lanes = match task {
            Some(task) => record.lane(task).map(std::slice::from_ref).unwrap_or_default(),
            None => record.lanes(),
        };
        Self::from_lengths(lanes.iter().flat_map(|lane| lengths(lane, measure)).collect())
    }

    /// Of these lengths.
    #[must_use]
    pub fn from_lengths(mut lengths: Vec<Nanos>) -> Self {
        let mut counts = [0; BUCKETS];
        let mut total = Nanos::ZERO;
        for length in &lengths {
            counts[bucket_of(*length)] += 1;
            total = total + *length;
        }
        Self {
            counts,
            count: lengths.len() as u64,
            total,
            min: lengths.iter().min().copied().unwrap_or_default(),
            max: lengths.iter().max().copied().unwrap_or_default(),
            p50: percentile(&mut lengths, 50),
            p90: percentile(&mut lengths, 90),
            p99: percentile(&mut lengths, 99),
        }
    }

    /// Every bucket, also the empty ones: the first is of exactly nothing, the second of what is shorter than 100 ns, and
    /// then three to each power of ten (1, 2, 5) until the last, which is of 100 s and more.
    pub fn buckets(&self) -> impl ExactSizeIterator<Item = Bucket> + '_ {
        self.counts.iter().enumerate().map(|(number, count)| {
            let bound = |number: usize| BOUNDS.get(number).copied().map(Nanos);
            let from = match number {
                0 => Nanos::ZERO,
                1 => Nanos(1),
                _ => bound(number - 2).unwrap_or(Nanos::MAX),
            };
            let to = if number == 0 { Some(Nanos(1)) } else { bound(number - 1) };
            Bucket { from, to, count: *count }
        })
    }

    /// The mean, rounded down; nothing where there is none.
    #[must_use]
    pub fn mean(&self) -> Nanos {
        Nanos(self.total.0.checked_div(self.count).unwrap_or_default())
    }
}

fn bucket_of(length: Nanos) -> usize {
    if length == Nanos::ZERO { 0 } else { 1 + BOUNDS.partition_point(|bound| *bound <= length.0) }
}

/// The length of the nearest rank: so that at least `percent` of all do not exceed it.
fn percentile(lengths: &mut [Nanos], percent: usize) -> Nanos {
    let rank = (lengths.len() as u128 * percent as u128).div_ceil(100) as usize;
    match rank.checked_sub(1) {
        Some(place) => *lengths.select_nth_unstable(place).1,
        None => Nanos::ZERO,
    }
}

fn lengths(lane: &Lane, measure: Measure) -> impl Iterator<Item = Nanos> + '_ {
    let mut spans = lane.spans().peekable();
    std::iter::from_fn(move || Some((spans.next()?, spans.peek().copied()))).filter_map(move |(span, next)| {
        let (_, end) = span.end?;
        let counts = match measure {
            Measure::PollTime => span.state == SpanState::Running,
            Measure::Latency => {
                span.state == SpanState::Ready && next.is_some_and(|next| next.state == SpanState::Running)
            }
        };
        counts.then(|| end - span.start)
    })
}
