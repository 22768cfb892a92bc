//! The tasks that have not ended: found by their ids, and told in the order of spawning.
//!
//! It takes as much room as there are tasks at once, however many there have been.

use super::state::TaskState;
use crate::event::TaskId;
use rustc_hash::FxHashMap;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

/// Holes that are no cause for closing ranks.
const FEW_HOLES: usize = 64;

/// Tasks that have not ended.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<TaskState>")]
pub(super) struct Living {
    /// In the order of spawning. Whoever ends leaves a hole; there are hardly more holes than tasks.
    tasks: Vec<Option<TaskState>>,
    places: FxHashMap<TaskId, u32>,
    /// The task that was looked for last, and its place: most events come in twos and threes of one task.
    last: Option<(TaskId, u32)>,
}

impl Living {
    /// Adds a task; false where there is one of this id, or no place for any more.
    pub(super) fn add(&mut self, task: TaskState) -> bool {
        let Ok(place) = u32::try_from(self.tasks.len()) else { return false };
        if self.places.contains_key(&task.task) {
            return false;
        }
        self.places.insert(task.task, place);
        self.tasks.push(Some(task));
        true
    }

    #[inline]
    pub(super) fn get(&self, task: TaskId) -> Option<&TaskState> {
        self.tasks.get(*self.places.get(&task)? as usize)?.as_ref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, task: TaskId) -> Option<&mut TaskState> {
        let place = match self.last {
            Some((last, place)) if last == task => place,
            _ => {
                let place = *self.places.get(&task)?;
                self.last = Some((task, place));
                place
            }
        };
        self.tasks.get_mut(place as usize)?.as_mut()
    }

    /// Takes a task out; whether it was there.
    pub(super) fn remove(&mut self, task: TaskId) -> bool {
        let Some(place) = self.places.remove(&task) else { return false };
        self.last = None;
        if let Some(task) = self.tasks.get_mut(place as usize) {
            *task = None;
        }
        if self.tasks.len() > 2 * self.len() + FEW_HOLES {
            *self = Self::from(std::mem::take(&mut self.tasks).into_iter().flatten().collect::<Vec<_>>());
        }
        true
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// In the order of spawning.
    pub(super) fn iter(&self) -> impl Iterator<Item = &TaskState> + Clone {
        self.tasks.iter().flatten()
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.tasks.capacity() * size_of::<Option<TaskState>>()
            + self.places.capacity() * (size_of::<(TaskId, u32)>() + 1)
    }
}

impl From<Vec<TaskState>> for Living {
    fn from(tasks: Vec<TaskState>) -> Self {
        let mut living = Self::default();
        for task in tasks {
            living.add(task);
        }
        living
    }
}

impl Serialize for Living {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        self.iter().try_for_each(|task| sequence.serialize_element(task))?;
        sequence.end()
    }
}

impl PartialEq for Living {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Living {}
