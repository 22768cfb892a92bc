//! A list of event indices that takes a byte or two for each.

use super::blocks::Blocks;
use super::bytes::{Reader, put_step};
use super::log::EventIndex;

/// Indices in a block: one is found by reading its block from the start.
const BLOCK: usize = 64;

/// An append-only list of event indices. They may come in any order; in rising order they take least, and can be searched.
/// The oldest may be given up.
#[derive(Debug, Default)]
pub(crate) struct IndexList {
    /// At the head of each block its first index; then the steps to the others.
    blocks: Blocks<EventIndex, BLOCK>,
    last: EventIndex,
}

impl IndexList {
    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The number of the first that is kept.
    pub(super) fn first_kept(&self) -> usize {
        self.blocks.first()
    }

    #[inline]
    pub(crate) fn push(&mut self, index: EventIndex) {
        if self.blocks.begins_block() {
            self.blocks.begin_block(index);
            self.blocks.next_item();
        } else {
            put_step(self.blocks.next_item(), self.last as u64, index as u64);
        }
        self.last = index;
    }

    /// The index number `place`; none where it was given up, or is not there yet.
    pub(crate) fn get(&self, place: usize) -> Option<EventIndex> {
        if place < self.first_kept() || place >= self.len() {
            return None;
        }
        let (block, place) = self.blocks.place(place);
        self.block(block).nth(place)
    }

    /// How many of the indices are less than `index`, where they are in rising order.
    pub(crate) fn count_before(&self, index: EventIndex) -> usize {
        let Some((last, first)) = self.blocks.last_block(|head| *head < index) else { return self.first_kept() };
        first + self.block(last).take_while(|other| *other < index).count()
    }

    /// The indices from number `place` on, or from the first one kept.
    pub(crate) fn iter_from(&self, place: usize) -> impl Iterator<Item = EventIndex> {
        let (block, skip) = self.blocks.place(place);
        (block..self.blocks.blocks()).flat_map(|block| self.block(block)).skip(skip)
    }

    fn block(&self, block: usize) -> impl Iterator<Item = EventIndex> {
        let found = self.blocks.block(block);
        let mut reader = Reader::new(found.map_or(&[], |(_, steps)| steps));
        let mut next = found.map(|(first, _)| *first);
        std::iter::from_fn(move || {
            let index = next?;
            next = (!reader.is_empty()).then(|| reader.step(index as u64) as usize);
            Some(index)
        })
    }

    /// Gives up what is less than `index`, as far as whole blocks go.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) {
        self.blocks.evict(|_, head| *head < index);
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.blocks.size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_found_by_their_number_and_by_their_value() {
        let mut list = IndexList::default();
        let indices: Vec<EventIndex> = (0..1000).map(|number| number * 7 + number % 5).collect();
        indices.iter().for_each(|index| list.push(*index));
        for (place, index) in indices.iter().enumerate() {
            assert_eq!(list.get(place), Some(*index));
            assert_eq!(list.count_before(*index), place);
            assert_eq!(list.count_before(index + 1), place + 1);
        }
        assert_eq!(list.iter_from(500).collect::<Vec<_>>(), indices[500..]);
        list.give_up_before(3500);
        assert_eq!(list.get(0), None);
        assert_eq!(list.get(499), Some(indices[499]));
        assert_eq!(list.iter_from(700).collect::<Vec<_>>(), indices[700..]);
        assert_eq!((list.len(), list.get(1000)), (1000, None));
    }
}
