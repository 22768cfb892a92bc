//! The ready queue of a state. Tasks leave it from the front in constant time, and from anywhere else in logarithmic time.
//!
//! A loop takes its tasks in order. A stock executor takes them in some other order, and a cancelled task leaves from wherever
//! it is. The others keep their order: a task that leaves from the middle leaves a hole.

use crate::event::TaskId;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::{BTreeSet, VecDeque};

/// This many entries at the front are searched one by one.
const NEAR: usize = 16;
/// This many holes are always allowed.
const FEW_HOLES: usize = 64;

/// The tasks that are ready, first to run first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "VecDeque<TaskId>")]
pub struct ReadyQueue {
    /// Neither the first nor the last is a hole.
    line: VecDeque<Option<TaskId>>,
    /// The number of the first entry. Numbers are not reused while the queue holds a task.
    first: usize,
    len: usize,
    /// The number of each entry; made when a task first leaves from the middle.
    numbers: Option<BTreeSet<(TaskId, usize)>>,
}

impl ReadyQueue {
    /// The number of ready tasks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no task is ready.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The tasks in order, first to run first.
    pub fn iter(&self) -> impl Iterator<Item = TaskId> + Clone + '_ {
        self.line.iter().copied().flatten()
    }

    /// How many tasks are ahead of this one; `None` if it is not in the queue.
    #[must_use]
    pub fn place(&self, task: TaskId) -> Option<usize> {
        self.iter().position(|ready| ready == task)
    }

    /// Adds a task at the end.
    #[inline]
    pub(crate) fn push(&mut self, task: TaskId) {
        if let Some(numbers) = &mut self.numbers {
            numbers.insert((task, self.first + self.line.len()));
        }
        self.line.push_back(Some(task));
        self.len += 1;
    }

    /// Removes a task from wherever it is. In a damaged record it may be in the queue twice: then its first entry is removed.
    #[inline]
    pub(super) fn leave(&mut self, task: TaskId) {
        if self.line.front() == Some(&Some(task)) {
            self.leave_from(0, task);
        } else {
            self.leave_from_within(task);
        }
    }

    fn leave_from_within(&mut self, task: TaskId) {
        let near = self.line.iter().take(NEAR).position(|ready| *ready == Some(task));
        if let Some(place) = near.or_else(|| self.far(task)) {
            self.leave_from(place, task);
        }
    }

    /// The position of the task's first entry, where that is not near the front.
    fn far(&mut self, task: TaskId) -> Option<usize> {
        let (first, line) = (self.first, &self.line);
        if line.len() <= NEAR {
            return None;
        }
        let numbers = self.numbers.get_or_insert_with(|| {
            let numbered = line.iter().zip(first..);
            numbered.filter_map(|(task, number)| Some(((*task)?, number))).collect()
        });
        let (_, number) = numbers.range((task, 0)..=(task, usize::MAX)).next()?;
        Some(number - first)
    }

    fn leave_from(&mut self, place: usize, task: TaskId) {
        if let Some(numbers) = &mut self.numbers {
            numbers.remove(&(task, self.first + place));
        }
        if let Some(left) = self.line.get_mut(place) {
            *left = None;
            self.len -= 1;
        }
        while let Some(None) = self.line.front() {
            self.line.pop_front();
            self.first += 1;
        }
        while let Some(None) = self.line.back() {
            self.line.pop_back();
        }
        if self.line.len() > 2 * self.len + FEW_HOLES {
            self.line.retain(Option::is_some);
            self.numbers = None;
        }
        if self.len == 0 {
            (self.first, self.numbers) = (0, None);
        }
    }
}

impl From<VecDeque<TaskId>> for ReadyQueue {
    fn from(tasks: VecDeque<TaskId>) -> Self {
        let len = tasks.len();
        Self { line: tasks.into_iter().map(Some).collect(), first: 0, len, numbers: None }
    }
}

impl Serialize for ReadyQueue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len))?;
        self.iter().try_for_each(|task| sequence.serialize_element(&task))?;
        sequence.end()
    }
}

impl PartialEq for ReadyQueue {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Eq for ReadyQueue {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leaves_from_wherever_the_others_keep_their_order() {
        for seed in 0..20 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let (mut queue, mut plain) = (ReadyQueue::default(), Vec::<TaskId>::new());
            // Of few tasks some are in line twice.
            let (tasks, most) = ([50, 100_000][rng.usize(0..2)], [5, 100, 3000][rng.usize(0..3)]);
            for _ in 0..5_000 {
                if plain.len() < most && rng.u8(..) < 140 {
                    let task = TaskId(rng.u32(0..tasks));
                    queue.push(task);
                    plain.push(task);
                } else {
                    let last = plain.len().saturating_sub(1);
                    let place = [0, last, rng.usize(0..=last)][rng.usize(0..3)];
                    let task = plain.get(place).copied().filter(|_| rng.u8(..) > 5).unwrap_or(TaskId(u32::MAX));
                    queue.leave(task);
                    if let Some(place) = plain.iter().position(|ready| *ready == task) {
                        assert_eq!(queue.place(task).is_some(), plain[place + 1..].contains(&task));
                        plain.remove(place);
                    }
                }
                assert_eq!((queue.len(), queue.is_empty()), (plain.len(), plain.is_empty()));
            }
            assert!(queue.iter().eq(plain.iter().copied()), "seed {seed}");
            let bytes = postcard::to_allocvec(&queue).unwrap();
            assert_eq!(bytes, postcard::to_allocvec(&plain).unwrap(), "a checkpoint has the tasks alone");
            assert_eq!(postcard::from_bytes::<ReadyQueue>(&bytes).unwrap(), queue);
        }
    }
}
