//! How much went on, over the time of the run: how many tasks ran, were ready and waited, and which workers were busy.
//!
//! [`Series`] keeps every change of these numbers in a few bytes (one, where no time passed), and sums at every 256th. What
//! lies before any instant is then found by a search and the changes of one block, and a column of time is the difference
//! of two such sums: so that columns add up to the exact whole. It grows as events come and never asks the log, so that
//! the log may forget.

mod code;
mod cursor;
mod point;

use super::living::Living;
use super::span::{SpanState, StateTimes};
use crate::event::{Event, EventKind, Nanos, PollOutcome, WorkerId};
use code::{Change, encode};
use cursor::Cursor;
use point::Point;

/// Changes in a block.
const BLOCK: u32 = 256;
/// Blocks, or maxima, under one maximum of the level above.
const FAN: usize = 16;
/// Workers that are told apart; what others do counts in all.
const MOST_WORKERS: usize = 64;
/// Levels of maxima: enough for four thousand million changes.
const LEVELS: usize = 6;
/// Bytes of changes that are kept unless told otherwise: those of some five million polls on the virtual clock.
const KEPT: usize = 16 << 20;
/// Blocks without their changes that are kept: when there are more, every two of them become one.
const MOST_FORGOTTEN: usize = 1 << 15;

/// What lies in one column of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// How long it is.
    pub length: Nanos,
    /// The time that tasks spent in each state, together, indexed by [`SpanState`]: two that wait for a second are two
    /// seconds.
    pub times: StateTimes,
    /// The time during which at least one task ran.
    pub busy: Nanos,
    /// The most tasks that were ready at any moment of it, also where that moment took no time: the number on its left
    /// border, before anything that happens there, is one of them; what happens on its right border counts in the next
    /// column, or in this one where it is the last.
    pub most_ready: u32,
}

impl Amount {
    /// How many tasks were in the state, on the average.
    #[must_use]
    pub fn mean(&self, state: SpanState) -> f64 {
        self.times[state as usize].0 as f64 / self.length.0.max(1) as f64
    }

    /// The share of the time during which at least one task ran, from 0 to 1.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.busy.0 as f64 / self.length.0.max(1) as f64
    }
}

/// Some changes in a row.
#[derive(Debug)]
struct Block {
    /// What is before the first of them.
    start: Point,
    /// They themselves; none where they were forgotten.
    changes: Option<Box<[u8]>>,
    /// The most that were ready at any moment from its start until the next block.
    most_ready: u32,
}

/// What is known of a task: its state, and where it runs.
#[derive(Debug, Clone, Copy, Default)]
struct Now {
    state: Option<SpanState>,
    worker: u8,
}

/// The numbers of a run over its time.
#[derive(Debug)]
pub struct Series {
    /// Bytes of changes that may be kept.
    most_bytes: usize,
    most_forgotten: usize,
    /// The tasks that live.
    tasks: Living<Now>,
    /// What is so after the last change.
    edge: Point,
    blocks: Vec<Block>,
    /// The changes after the last whole block, how many there are, what was before them, and the most that were ready.
    open: Vec<u8>,
    opened: u32,
    before_open: Point,
    most_ready: u32,
    /// Maxima of `most_ready`: of each 16 blocks, of each 16 of those, and so on.
    levels: [Vec<u32>; LEVELS],
    /// Bytes of changes in whole blocks, and how many blocks have lost theirs.
    bytes: usize,
    forgotten: usize,
}

impl Default for Series {
    fn default() -> Self {
        Self::keeping(KEPT)
    }
}

impl Series {
    /// One that keeps at most so many bytes of changes. Of what is older the sums at every 256th change remain, or, in a very
    /// long run, at fewer: a border of a column that falls between two of them divides that time in proportion, and columns
    /// still add up.
    #[must_use]
    pub fn keeping(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            most_forgotten: MOST_FORGOTTEN,
            tasks: Living::default(),
            edge: Point::default(),
            blocks: Vec::new(),
            open: Vec::new(),
            opened: 0,
            before_open: Point::default(),
            most_ready: 0,
            levels: Default::default(),
            bytes: 0,
            forgotten: 0,
        }
    }

    /// Takes in an event.
    pub fn learn(&mut self, event: &Event) {
        let (task, to, worker) = match &event.kind {
            EventKind::TaskSpawned { task, .. } => {
                self.tasks.add(*task, Now::default());
                return;
            }
            EventKind::Enqueued { task, .. } => (*task, Some(SpanState::Ready), None),
            EventKind::PollStarted { task } => (*task, Some(SpanState::Running), Some(event.worker)),
            EventKind::PollEnded { task, outcome: PollOutcome::Pending } => (*task, Some(SpanState::Waiting), None),
            EventKind::PollEnded { task, .. } | EventKind::TaskDropped { task, .. } => (*task, None, None),
            _ => return,
        };
        let Some(now) = self.tasks.get_mut(task) else { return };
        let from = std::mem::replace(&mut now.state, to);
        // Where a task leaves is where it came.
        let left = now.worker;
        if let Some(worker) = worker {
            now.worker = worker.index().min(MOST_WORKERS) as u8;
        }
        let entered = now.worker;
        if to.is_none() {
            self.tasks.remove(task);
        }
        let after = event.at.0.saturating_sub(self.edge.at);
        let runs = [from, to].contains(&Some(SpanState::Running));
        let entered = if runs { entered } else { 0 };
        if from == Some(SpanState::Running) && to == from && left != entered {
            // A poll that begins while another of the same task goes on, elsewhere: no record should say so.
            self.change(Change { after, from, to: None, worker: left });
            self.change(Change { after: 0, from: None, to, worker: entered });
        } else if from != to {
            self.change(Change { after, from, to, worker: entered });
        }
    }

    fn change(&mut self, change: Change) {
        if self.opened == BLOCK {
            self.close_block();
        }
        encode(change, &mut self.open);
        self.edge.make(change);
        self.opened += 1;
        self.most_ready = self.most_ready.max(self.edge.ready());
    }

    fn close_block(&mut self) {
        let changes = std::mem::take(&mut self.open).into_boxed_slice();
        self.bytes += changes.len();
        self.opened = 0;
        let start = std::mem::replace(&mut self.before_open, self.edge.clone());
        let most_ready = std::mem::replace(&mut self.most_ready, self.edge.ready());
        self.blocks.push(Block { start, changes: Some(changes), most_ready });
        raise(&mut self.levels, self.blocks.len() - 1, most_ready);
        while self.bytes > self.most_bytes {
            let Some(block) = self.blocks.get_mut(self.forgotten) else { break };
            self.bytes -= block.changes.take().map_or(0, |changes| changes.len());
            self.forgotten += 1;
        }
        if self.forgotten > self.most_forgotten {
            self.coarsen();
        }
    }

    /// Makes one of every two blocks whose changes are forgotten: what they tell is told half as finely.
    fn coarsen(&mut self) {
        let forgotten = self.forgotten;
        let mut merged: Vec<Block> = Vec::with_capacity(self.blocks.len() - forgotten / 2);
        for (number, block) in std::mem::take(&mut self.blocks).into_iter().enumerate() {
            match merged.last_mut().filter(|_| number < forgotten && number % 2 == 1) {
                Some(last) => last.most_ready = last.most_ready.max(block.most_ready),
                None => merged.push(block),
            }
        }
        self.levels = Default::default();
        for (index, block) in merged.iter().enumerate() {
            raise(&mut self.levels, index, block.most_ready);
        }
        self.blocks = merged;
        self.forgotten = forgotten.div_ceil(2);
    }

    /// How many workers have run a task, so far as they are told apart: those with the numbers below this.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.edge.workers.len().clamp(1, MOST_WORKERS)
    }

    /// The bytes that it takes, about.
    #[must_use]
    pub fn size(&self) -> usize {
        let workers = size_of_val(&self.edge.workers[..]);
        self.bytes + self.open.capacity() + self.blocks.len() * (size_of::<Block>() + workers) + self.tasks.size()
    }

    /// The time from `start` to `end` in `count` columns of equal length (but for a nanosecond), as
    /// [`Lane::columns`](crate::Lane::columns) divides it. `edge` is the time up to which the record goes: after it there
    /// is nothing.
    #[must_use]
    pub fn columns(&self, start: Nanos, end: Nanos, count: usize, edge: Nanos) -> Vec<Amount> {
        let mut columns = Vec::with_capacity(count);
        self.each_column(start, end, count, edge, |before, after, most_ready, length| {
            let mut times = StateTimes::default();
            for (time, (after, before)) in times.iter_mut().zip(after.sums.into_iter().zip(before.sums)) {
                *time = Nanos(after.wrapping_sub(before));
            }
            columns.push(Amount { length, times, busy: Nanos(after.all.saturating_sub(before.all)), most_ready });
        });
        columns
    }

    /// The time during which a worker ran any task, in the same columns.
    #[must_use]
    pub fn worker_columns(&self, worker: WorkerId, start: Nanos, end: Nanos, count: usize, edge: Nanos) -> Vec<Nanos> {
        let mut columns = Vec::with_capacity(count);
        let worker = Some(worker.index()).filter(|worker| *worker < MOST_WORKERS);
        self.each_column(start, end, count, edge, |before, after, _, _| {
            let busy = |point: &Point| worker.map_or(0, |worker| point.busy(Some(worker)));
            columns.push(Nanos(busy(after).saturating_sub(busy(before))));
        });
        columns
    }

    /// Calls `f` for each column with what is before it, what is before its end, the most ready, and its length.
    fn each_column(
        &self,
        start: Nanos,
        end: Nanos,
        count: usize,
        edge: Nanos,
        mut f: impl FnMut(&Point, &Point, u32, Nanos),
    ) {
        let length = u128::from(end.since(start).0);
        let border = |column: usize| Nanos(start.0 + (length * column as u128 / count.max(1) as u128) as u64);
        let mut cursor = Cursor::at(self, start.min(edge).0);
        for column in 0..count {
            let until = border(column + 1);
            let before = cursor.point.clone();
            let mut most_ready = cursor.advance(until.min(edge).0);
            if column + 1 == count {
                // The last column takes what happens at its very end, too.
                most_ready = most_ready.max(cursor.clone().advance(until.min(edge).0.saturating_add(1)));
            }
            f(&before, &cursor.point, most_ready, until - border(column));
        }
    }
}

/// The block `index` was added, with its most.
fn raise(levels: &mut [Vec<u32>; LEVELS], mut index: usize, value: u32) {
    for level in levels {
        index /= FAN;
        match level.get_mut(index) {
            Some(most) => *most = value.max(*most),
            None => level.push(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EnqueueCause, TaskId};

    /// Tasks that come, run for a while and go, one after another.
    fn endless(series: &mut Series, tasks: u32) -> Nanos {
        let (mut now, worker) = (0, WorkerId(0));
        for task in (0..tasks).map(TaskId) {
            let parent = None;
            let spawn = EventKind::TaskSpawned { task, parent, name: "task".into(), site: crate::event::SiteId(0) };
            let mut push = |at: u64, kind| series.learn(&Event { at: Nanos(at), worker, kind });
            push(now, spawn);
            push(now, EventKind::Enqueued { task, cause: EnqueueCause::Spawned });
            push(now + 3, EventKind::PollStarted { task });
            push(now + 10, EventKind::PollEnded { task, outcome: PollOutcome::Ready });
            now += 10 + u64::from(task.0 % 5);
        }
        Nanos(now)
    }

    #[test]
    fn an_endless_run_takes_bounded_memory_and_still_adds_up() {
        let mut bounded = Series { most_forgotten: 100, ..Series::keeping(1 << 12) };
        let mut whole = Series::default();
        let end = endless(&mut bounded, 200_000);
        endless(&mut whole, 200_000);
        assert!(bounded.blocks.len() < 200 && bounded.tasks.len() == 0 && bounded.size() < 1 << 16);
        for count in [1, 10, 97] {
            let (columns, exact) =
                (bounded.columns(Nanos::ZERO, end, count, end), whole.columns(Nanos::ZERO, end, count, end));
            let sum =
                |columns: &[Amount], state: usize| columns.iter().map(|column| column.times[state].0).sum::<u64>();
            (0..3).for_each(|state| assert_eq!(sum(&columns, state), sum(&exact, state)));
            let busy = |columns: &[Amount]| columns.iter().map(|column| column.busy.0).sum::<u64>();
            assert_eq!(busy(&columns), busy(&exact));
            assert!(columns.iter().zip(&exact).all(|(one, other)| one.most_ready == other.most_ready));
        }
    }
}
