//! A list of items of a few bytes each, of which the oldest may go.
//!
//! Items are packed into blocks of so many: each is found by reading its block from the start. What it takes to do so, where the
//! block begins, stands at its head. How an item is written, only its owner knows.

use std::collections::VecDeque;

/// Items in blocks of `N`, each block with a head.
#[derive(Debug)]
pub(super) struct Blocks<Head, const N: usize> {
    /// The last is the one that grows.
    blocks: VecDeque<Block<Head>>,
    /// The items of the last block, and how many they are.
    tail: Vec<u8>,
    tail_items: usize,
    /// How many blocks are gone.
    gone: usize,
    /// Bytes in full blocks.
    packed: usize,
}

#[derive(Debug)]
struct Block<Head> {
    head: Head,
    /// Nothing in the last block, whose items are in the tail.
    bytes: Box<[u8]>,
}

impl<Head, const N: usize> Default for Blocks<Head, N> {
    fn default() -> Self {
        Self { blocks: VecDeque::new(), tail: Vec::new(), tail_items: 0, gone: 0, packed: 0 }
    }
}

impl<Head, const N: usize> Blocks<Head, N> {
    /// Whether the next item begins a block.
    #[inline]
    pub(super) fn begins_block(&self) -> bool {
        self.tail_items == N || self.blocks.is_empty()
    }

    /// Begins a block. The one before is full.
    pub(super) fn begin_block(&mut self, head: Head) {
        if let Some(full) = self.blocks.back_mut() {
            full.bytes = self.tail.as_slice().into();
            self.packed += full.bytes.len();
        }
        self.tail.clear();
        self.tail_items = 0;
        self.blocks.push_back(Block { head, bytes: Box::default() });
    }

    /// Where the next item is to be written. It belongs to the block that was begun last.
    #[inline]
    pub(super) fn next_item(&mut self) -> &mut Vec<u8> {
        self.tail_items += 1;
        &mut self.tail
    }

    /// How many items there have been.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.blocks.len().checked_sub(1).map_or(0, |full| (self.gone + full) * N + self.tail_items)
    }

    /// The number of the first item that is kept.
    #[inline]
    pub(super) fn first(&self) -> usize {
        self.gone * N
    }

    /// How many blocks are kept.
    #[inline]
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// The block that an item is in, counted from the first one kept, and the item's number there; that of the first item kept
    /// where this one is gone.
    pub(super) fn place(&self, item: usize) -> (usize, usize) {
        match (item / N).checked_sub(self.gone) {
            Some(block) => (block, item % N),
            None => (0, 0),
        }
    }

    /// A block, counted from the first one kept: its head, and its items.
    #[inline]
    pub(super) fn block(&self, block: usize) -> Option<(&Head, &[u8])> {
        let found = self.blocks.get(block)?;
        let is_last = block + 1 == self.blocks.len();
        Some((&found.head, if is_last { &self.tail } else { &found.bytes }))
    }

    /// The last block whose head is as asked for, where that is so of some of the first ones; and the number of its first item.
    pub(super) fn last_block(&self, is_before: impl Fn(&Head) -> bool) -> Option<(usize, usize)> {
        let block = self.blocks.partition_point(|block| is_before(&block.head)).checked_sub(1)?;
        Some((block, (self.gone + block) * N))
    }

    /// Lets the oldest blocks go, as long as `is_gone` is so of the one after: it is given the number of that one's first
    /// item, and its head. Afterwards the head of the first one kept.
    pub(super) fn evict(&mut self, is_gone: impl Fn(usize, &Head) -> bool) -> Option<&Head> {
        while let Some(next) = self.blocks.get(1)
            && is_gone((self.gone + 1) * N, &next.head)
            && let Some(block) = self.blocks.pop_front()
        {
            self.packed -= block.bytes.len();
            self.gone += 1;
        }
        self.blocks.front().map(|block| &block.head)
    }

    /// About how many bytes the full blocks take. A block's bytes are a piece of memory of their own, which costs about 16
    /// bytes more.
    pub(super) fn size(&self) -> usize {
        self.packed + self.blocks.len().saturating_sub(1) * (size_of::<Block<Head>>() + 16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_that_is_kept_is_in_its_block() {
        let mut blocks = Blocks::<usize, 8>::default();
        assert_eq!((blocks.len(), blocks.blocks(), blocks.size()), (0, 0, 0));
        for item in 0..100_usize {
            if blocks.begins_block() {
                blocks.begin_block(item);
            }
            blocks.next_item().push(item as u8);
            assert_eq!(blocks.len(), item + 1);
        }
        let whole = blocks.size();
        assert_eq!(blocks.evict(|first, head| first == *head && first <= 43), Some(&40));
        assert_eq!((blocks.first(), blocks.len(), blocks.blocks()), (40, 100, 8));
        assert!(blocks.size() < whole);
        for item in 40..100 {
            let (block, place) = blocks.place(item);
            let (head, items) = blocks.block(block).unwrap();
            assert_eq!((head + place, usize::from(items[place])), (item, item));
            assert_eq!(blocks.last_block(|head| *head <= item), Some((block, *head)));
        }
        assert_eq!((blocks.place(3), blocks.last_block(|head| *head < 40)), ((0, 0), None));
        // The block that grows stays.
        assert_eq!(blocks.evict(|_, _| true), Some(&96));
        assert_eq!((blocks.blocks(), blocks.size(), blocks.len()), (1, 0, 100));
    }
}
