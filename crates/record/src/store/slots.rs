//! The position of an id's facts in a list, whatever the ids are.
//!
//! In a record from the start of a run ids come one after another, and an id is its own place. A record that begins in
//! the middle of a run, misses events, or merges several threads has ids that jump; a damaged file has any. An id alone
//! never asks for memory: only an event about it does.
//!
//! After 2³² ids the numbers begin again. An id that is reused counts as new once the old one is forgotten.

use std::collections::BTreeMap;

/// The place of each id seen, in the order in which they were seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    /// Ids that came one after another. Counted around from the first of all, each run begins after the one before it.
    runs: Vec<Run>,
    /// Those that came late, by their first id.
    late: BTreeMap<u32, Run>,
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    first: u32,
    len: u32,
    slot: usize,
}

/// The most ids in a run.
const LONGEST: u32 = 1 << 31;

impl Run {
    fn of(id: u32, slot: usize) -> Self {
        Self { first: id, len: 1, slot }
    }

    /// Whether an id and its place come right after its last.
    fn goes_on_with(&self, id: u32, slot: usize) -> bool {
        self.first.wrapping_add(self.len) == id && self.end() == slot && self.len < LONGEST
    }

    fn get(&self, id: u32) -> Option<usize> {
        let offset = id.wrapping_sub(self.first);
        (offset < self.len).then(|| self.slot + offset as usize)
    }

    /// The slot after its last.
    fn end(&self) -> usize {
        self.slot + self.len as usize
    }
}

impl Slots {
    /// The place of an id that was seen.
    #[inline]
    pub(crate) fn get(&self, id: u32) -> Option<usize> {
        match self.runs.as_slice() {
            [] => self.late(id),
            [only] => only.get(id).or_else(|| self.late(id)),
            runs @ [first, ..] => {
                let after =
                    runs.partition_point(|run| run.first.wrapping_sub(first.first) <= id.wrapping_sub(first.first));
                let run = after.checked_sub(1).and_then(|last| runs.get(last));
                run.and_then(|run| run.get(id)).or_else(|| self.late(id))
            }
        }
    }

    fn late(&self, id: u32) -> Option<usize> {
        if self.late.is_empty() { None } else { self.late.range(..=id).next_back()?.1.get(id) }
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.late.len() * (size_of::<Run>() + 8)
    }

    /// Forgets ids whose places are before `slot`, but for those that came late in one run with others.
    pub(super) fn forget_before(&mut self, slot: usize) {
        self.runs.retain(|run| run.end() > slot);
        self.late.retain(|_, run| run.end() > slot);
        for run in &mut self.runs {
            let gone = slot.saturating_sub(run.slot);
            (run.first, run.len, run.slot) =
                (run.first.wrapping_add(gone as u32), run.len - gone as u32, run.slot + gone);
        }
    }

    /// Gives an id the next place; none if it has one.
    #[inline]
    pub(crate) fn add(&mut self, id: u32) -> Option<usize> {
        let slot = self.len;
        let base = self.runs.first().map_or(id, |first| first.first);
        let is_ahead = |run: &Run| {
            // Not where the numbers have come around to the first that is known.
            id.wrapping_sub(base) > run.first.wrapping_sub(base) && id.wrapping_sub(run.first) < LONGEST
        };
        match self.runs.last_mut() {
            Some(run) if is_ahead(run) && run.goes_on_with(id, slot) => run.len += 1,
            last => {
                let is_last = last.is_none_or(|run| is_ahead(run));
                if self.get(id).is_some() {
                    return None;
                }
                if is_last { self.runs.push(Run::of(id, slot)) } else { self.add_late(id, slot) }
            }
        }
        self.len += 1;
        Some(slot)
    }

    fn add_late(&mut self, id: u32, slot: usize) {
        let before = self.late.range_mut(..id).next_back().map(|(_, run)| run);
        match before.filter(|run| run.goes_on_with(id, slot)) {
            Some(run) => run.len += 1,
            None => {
                self.late.insert(id, Run::of(id, slot));
            }
        }
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

    #[test]
    fn when_the_numbers_begin_again_ids_are_new_once_the_old_ones_are_forgotten() {
        // Of an endless run the last thousand are kept.
        let mut slots = Slots::default();
        let first = u32::MAX - 100_000;
        for number in 0..300_000_usize {
            let id = first.wrapping_add(number as u32);
            assert_eq!(slots.add(id), Some(number), "{id}");
            assert_eq!(slots.add(id), None);
            if number.is_multiple_of(1000) {
                slots.forget_before(number.saturating_sub(1000));
            }
            assert_eq!(slots.get(id.wrapping_sub(500)), number.checked_sub(500));
            assert_eq!(slots.get(id.wrapping_add(1)), None);
        }
        assert!(slots.size() < 1000, "{}", slots.size());
    }

    #[test]
    fn what_lives_on_while_the_numbers_begin_again_keeps_its_place() {
        // The first task lives as long as the run; what is kept beside it is made again now and then.
        let mut slots: Slots = [0].into_iter().chain(u32::MAX - 5000..u32::MAX - 1000).collect();
        let mut kept: Vec<u32> = [0].into_iter().chain(u32::MAX - 5000..u32::MAX - 1000).collect();
        let mut next = u32::MAX - 1000;
        for _ in 0..20_000 {
            if next != 0 {
                assert_eq!(slots.add(next), Some(kept.len()), "{next}");
                kept.push(next);
            } else {
                assert_eq!(slots.add(next), None, "it still lives");
            }
            next = next.wrapping_add(1);
            if kept.len() > 6000 {
                kept.drain(1..3000);
                slots = kept.iter().copied().collect();
            }
        }
        for (place, id) in kept.iter().enumerate() {
            assert_eq!(slots.get(*id), Some(place));
        }
        assert!(slots.size() < 1000, "{}", slots.size());
    }

    #[test]
    fn more_ids_than_a_number_can_count_have_places() {
        let mut slots = Slots { len: u32::MAX as usize - 3, ..Slots::default() };
        for number in 0..10 {
            assert_eq!(slots.add(number), Some(u32::MAX as usize - 3 + number as usize));
        }
        assert_eq!(slots.get(9), Some(u32::MAX as usize + 6));
    }
}
