//! What is known of the tasks that have not ended: found by their ids, and told in the order of spawning.
//!
//! It takes as much room as there are tasks at once, however many there have been.

use super::slots::Slots;
use crate::event::TaskId;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

/// Holes that are no cause for closing ranks.
const FEW_HOLES: usize = 64;

/// Facts about tasks that have not ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Vec<T>", bound = "T: Deserialize<'de>, Self: From<Vec<T>>")]
pub(crate) struct Living<T> {
    /// In the order of spawning. A task that ends leaves a hole; there are hardly more holes than tasks.
    tasks: Vec<(TaskId, Option<T>)>,
    places: Slots,
    len: usize,
    /// The task that was looked for last, and its place: most events come in twos and threes of one task.
    last: Option<(TaskId, usize)>,
}

impl<T> Default for Living<T> {
    fn default() -> Self {
        Self { tasks: Vec::new(), places: Slots::default(), len: 0, last: None }
    }
}

impl<T> Living<T> {
    /// Adds a task; false where there is one of this id, or was one not long ago.
    pub(crate) fn add(&mut self, task: TaskId, known: T) -> bool {
        let is_new = self.places.add(task.0).is_some();
        if is_new {
            self.tasks.push((task, Some(known)));
            self.len += 1;
        }
        is_new
    }

    #[inline]
    pub(crate) fn get(&self, task: TaskId) -> Option<&T> {
        self.tasks.get(self.places.get(task.0)?)?.1.as_ref()
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, task: TaskId) -> Option<&mut T> {
        let place = match self.last {
            Some((last, place)) if last == task => place,
            _ => {
                let place = self.places.get(task.0)?;
                self.last = Some((task, place));
                place
            }
        };
        self.tasks.get_mut(place)?.1.as_mut()
    }

    /// Takes a task out; whether it was there.
    pub(crate) fn remove(&mut self, task: TaskId) -> bool {
        let place = self.places.get(task.0).and_then(|place| self.tasks.get_mut(place));
        let was_there = place.is_some_and(|(_, known)| known.take().is_some());
        self.len -= usize::from(was_there);
        if self.tasks.len() > 2 * self.len + FEW_HOLES {
            self.tasks.retain(|(_, known)| known.is_some());
            self.places = self.tasks.iter().map(|(task, _)| task.0).collect();
            self.last = None;
        }
        was_there
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// In the order of spawning.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.tasks.iter().filter_map(|(_, known)| known.as_ref())
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.tasks.capacity() * size_of::<(TaskId, Option<T>)>() + self.places.size()
    }
}

impl<T: Serialize> Serialize for Living<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len))?;
        self.iter().try_for_each(|task| sequence.serialize_element(task))?;
        sequence.end()
    }
}

impl<T: PartialEq> PartialEq for Living<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for Living<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_come_and_go_and_those_that_are_there_are_found_in_their_order() {
        let mut rng = fastrand::Rng::with_seed(3);
        let (mut living, mut plain) = (Living::default(), Vec::new());
        for number in 0..20_000_u32 {
            assert!(living.add(TaskId(number), number * 2));
            plain.push(number);
            while plain.len() > 100 || (!plain.is_empty() && rng.u8(..) < 100) {
                let gone = plain.remove(rng.usize(0..plain.len()));
                assert!(living.remove(TaskId(gone)) && !living.remove(TaskId(gone)));
                assert_eq!(living.get_mut(TaskId(gone)), None);
            }
            assert_eq!(living.len(), plain.len());
            if let Some(last) = plain.last() {
                assert_eq!(living.get_mut(TaskId(*last)), Some(&mut (last * 2)));
                assert_eq!(living.get(TaskId(*last)), Some(&(last * 2)));
            }
        }
        assert!(living.iter().copied().eq(plain.iter().map(|number| number * 2)));
        assert!(living.size() < 20_000, "{}", living.size());
    }
}
