//! Where the facts about an id are kept: a place in a list, whatever the ids are.
//!
//! In a record from the start of a run ids come one after another, and an id is its own place. A record that begins in
//! the midst of a run, misses events, or merges several threads has ids that jump; a damaged file has any. An id alone
//! never asks for memory: only an event that tells of it does.

use std::collections::BTreeMap;

/// The place of each id seen, in the order in which they were seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    /// Ids that came one after another.
    runs: Vec<Run>,
    /// Those that came late.
    odd: BTreeMap<u32, u32>,
    len: u32,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    first: u32,
    len: u32,
    slot: u32,
}

impl Slots {
    /// The place of an id that was seen.
    #[inline]
    pub(super) fn get(&self, id: u32) -> Option<usize> {
        let within = |run: &Run| {
            let offset = id.checked_sub(run.first)?;
            (offset < run.len).then(|| (run.slot + offset) as usize)
        };
        match self.runs.as_slice() {
            [] => None,
            [only] => within(only).or_else(|| self.odd(id)),
            runs => {
                let after = runs.partition_point(|run| run.first <= id);
                let run = after.checked_sub(1).and_then(|last| runs.get(last));
                run.and_then(within).or_else(|| self.odd(id))
            }
        }
    }

    fn odd(&self, id: u32) -> Option<usize> {
        if self.odd.is_empty() { None } else { self.odd.get(&id).map(|slot| *slot as usize) }
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.odd.len() * 16
    }

    /// Forgets ids whose places are before `slot`, as far as that makes it smaller.
    pub(super) fn forget_before(&mut self, slot: usize) {
        self.runs.retain(|run| (run.slot + run.len) as usize > slot);
        self.odd.retain(|_, odd| *odd as usize >= slot);
    }

    /// Gives an id the next place; none if it has one.
    #[inline]
    pub(super) fn add(&mut self, id: u32) -> Option<usize> {
        let slot = self.len;
        let next = slot.checked_add(1)?;
        match self.runs.last_mut() {
            Some(run) if run.first.checked_add(run.len) == Some(id) && run.slot + run.len == slot => run.len += 1,
            Some(run) if id >= run.first => {
                if id - run.first < run.len || self.odd.contains_key(&id) {
                    return None;
                }
                self.runs.push(Run { first: id, len: 1, slot });
            }
            None => self.runs.push(Run { first: id, len: 1, slot }),
            Some(_) => {
                if self.get(id).is_some() {
                    return None;
                }
                self.odd.insert(id, slot);
            }
        }
        self.len = next;
        Some(slot as usize)
    }
}

impl FromIterator<u32> for Slots {
    fn from_iter<I: IntoIterator<Item = u32>>(ids: I) -> Self {
        let mut slots = Self::default();
        for id in ids {
            slots.add(id);
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_the_place_it_was_given_and_no_other() {
        let seed = std::env::var("LOOPSCOPE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
        println!("seed {seed}");
        let mut rng = fastrand::Rng::with_seed(seed);
        for _ in 0..200 {
            let (mut slots, mut places) = (Slots::default(), std::collections::HashMap::new());
            let mut id = rng.u32(0..100);
            for _ in 0..300 {
                id = match rng.u32(0..10) {
                    0 => rng.u32(..),
                    1 => id.wrapping_sub(rng.u32(0..5)),
                    2 => id.saturating_add(rng.u32(0..5)),
                    _ => id.saturating_add(1),
                };
                let is_new = !places.contains_key(&id);
                let slot = slots.add(id);
                assert_eq!(slot.is_some(), is_new, "{id}");
                if let Some(slot) = slot {
                    assert_eq!(slot, places.len());
                    places.insert(id, slot);
                }
            }
            for (id, slot) in &places {
                assert_eq!(slots.get(*id), Some(*slot), "{id}");
                let other = id.wrapping_add(rng.u32(1..10));
                assert_eq!(slots.get(other), places.get(&other).copied());
            }
        }
    }
}
