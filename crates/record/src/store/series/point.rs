//! The numbers at a point of a run's time and their sums up to there.
//!
//! It makes changes and lets time pass; where the changes are kept it does not know.

use super::super::span::SpanState;
use super::code::Change;

/// A worker, or all of them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    /// Tasks that it runs, one within another.
    running: u32,
    /// The time during which it ran any.
    busy: u64,
}

/// The numbers at a point and their sums up to there. The sums go round at 2⁶⁴, and their differences are right all the
/// same.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    pub(super) at: u64,
    pub(super) counts: [u32; 3],
    pub(super) sums: [u64; 3],
    pub(super) all: u64,
    /// Empty as long as worker 0 alone has run anything: it is then as busy as all.
    pub(super) workers: Vec<Load>,
}

impl Point {
    /// Lets time pass.
    pub(super) fn pass(&mut self, until: u64) {
        let length = until.saturating_sub(self.at);
        self.at += length;
        for (sum, count) in self.sums.iter_mut().zip(self.counts) {
            *sum = sum.wrapping_add(length.wrapping_mul(u64::from(count)));
        }
        self.all += if self.running() > 0 { length } else { 0 };
        for load in &mut self.workers {
            load.busy += if load.running > 0 { length } else { 0 };
        }
    }

    fn running(&self) -> u32 {
        self.counts[SpanState::Running as usize]
    }

    pub(super) fn ready(&self) -> u32 {
        self.counts[SpanState::Ready as usize]
    }

    pub(super) fn make(&mut self, change: Change) {
        self.pass(self.at.saturating_add(change.after));
        let Change { from, to, worker, .. } = change;
        if usize::from(worker) >= self.workers.len().max(1) {
            let first = Load { running: self.running(), busy: self.all };
            let known = self.workers.first().copied().unwrap_or(first);
            self.workers.resize(usize::from(worker) + 1, Load::default());
            self.workers[0] = known;
        }
        if let Some(state) = from {
            let count = &mut self.counts[state as usize];
            *count = count.saturating_sub(1);
        }
        if let Some(state) = to {
            self.counts[state as usize] += 1;
        }
        if let Some(load) = self.workers.get_mut(usize::from(worker)) {
            match (from, to) {
                (Some(SpanState::Running), Some(SpanState::Running)) => {}
                (Some(SpanState::Running), _) => load.running = load.running.saturating_sub(1),
                (_, Some(SpanState::Running)) => load.running += 1,
                _ => {}
            }
        }
    }

    /// The time that a worker, or any, was busy.
    pub(super) fn busy(&self, worker: Option<usize>) -> u64 {
        match worker {
            None => self.all,
            Some(0) if self.workers.is_empty() => self.all,
            Some(worker) => self.workers.get(worker).map_or(0, |load| load.busy),
        }
    }
}

/// The part of a forgotten block that lies before a time, in proportion.
pub(super) fn interpolate(start: &Point, next: &Point, time: u64, point: &mut Point) {
    let (passed, whole) = (time.saturating_sub(start.at), next.at.saturating_sub(start.at).max(1));
    let share = |from: u64, to: u64| {
        from.wrapping_add(
            (u128::from(to.wrapping_sub(from)) * u128::from(passed.min(whole)) / u128::from(whole)) as u64,
        )
    };
    point.at = time.max(point.at);
    point.sums = std::array::from_fn(|state| share(start.sums[state], next.sums[state]));
    point.all = share(start.all, next.all);
    point.workers.clone_from(&next.workers);
    for (worker, load) in point.workers.iter_mut().enumerate() {
        load.busy = share(start.busy(Some(worker)), next.busy(Some(worker)));
    }
    point.counts = if time >= next.at { next.counts } else { start.counts };
}
