//! A list of event indices that takes a byte or two for each.

use super::bytes::{Reader, put_step};
use super::log::EventIndex;
use std::collections::VecDeque;

/// Indices in a block: one is found by reading its block from the start.
const BLOCK: usize = 64;

/// An append-only list of event indices. They may come in any order; in rising order they take least, and can be searched.
/// The oldest may be given up.
#[derive(Debug, Default)]
pub(super) struct IndexList {
    blocks: VecDeque<Block>,
    /// How many blocks were given up.
    first: usize,
    len: usize,
    last: EventIndex,
    tail: Vec<u8>,
    size: usize,
}

#[derive(Debug)]
struct Block {
    first: EventIndex,
    /// Of all but the last block, which is in the tail.
    bytes: Box<[u8]>,
}

impl IndexList {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number of the first that is kept.
    pub(super) fn first_kept(&self) -> usize {
        self.first * BLOCK
    }

    #[inline]
    pub(crate) fn push(&mut self, index: EventIndex) {
        if self.len.is_multiple_of(BLOCK) {
            if let Some(full) = self.blocks.back_mut() {
                full.bytes = self.tail.as_slice().into();
                self.size += size_of::<Block>() + 16 + full.bytes.len();
            }
            self.tail.clear();
            self.blocks.push_back(Block { first: index, bytes: Box::default() });
        } else {
            put_step(&mut self.tail, self.last as u64, index as u64);
        }
        self.last = index;
        self.len += 1;
    }

    /// The index number `place`; none where it was given up, or is not there yet.
    pub(crate) fn get(&self, place: usize) -> Option<EventIndex> {
        if place >= self.len { None } else { self.block((place / BLOCK).checked_sub(self.first)?).nth(place % BLOCK) }
    }

    /// How many of the indices are less than `index`, where they are in rising order.
    pub(crate) fn count_before(&self, index: EventIndex) -> usize {
        let blocks = self.blocks.partition_point(|block| block.first < index);
        let Some(last) = blocks.checked_sub(1) else { return self.first * BLOCK };
        (self.first + last) * BLOCK + self.block(last).take_while(|other| *other < index).count()
    }

    /// The indices from number `place` on, or from the first one kept.
    pub(crate) fn iter_from(&self, place: usize) -> impl Iterator<Item = EventIndex> {
        let block = (place / BLOCK).saturating_sub(self.first);
        let skip = place.saturating_sub((self.first + block) * BLOCK);
        (block..self.blocks.len()).flat_map(|block| self.block(block)).skip(skip)
    }

    fn block(&self, block: usize) -> impl Iterator<Item = EventIndex> {
        let is_last = block + 1 == self.blocks.len();
        let found = self.blocks.get(block);
        let bytes = if is_last { &*self.tail } else { found.map_or(&[][..], |block| &*block.bytes) };
        let mut reader = Reader::new(bytes);
        let mut next = found.map(|block| block.first);
        std::iter::from_fn(move || {
            let index = next?;
            next = (!reader.is_empty()).then(|| reader.step(index as u64) as usize);
            Some(index)
        })
    }

    /// Gives up what is less than `index`, as far as whole blocks go.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) {
        while self.blocks.get(1).is_some_and(|next| next.first < index) {
            let Some(block) = self.blocks.pop_front() else { break };
            self.size -= size_of::<Block>() + 16 + block.bytes.len();
            self.first += 1;
        }
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.size
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
