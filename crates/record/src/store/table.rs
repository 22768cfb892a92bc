//! Facts by id, and events by id, of which the oldest may be given up.

use super::index_list::IndexList;
use super::log::EventIndex;
use super::slots::Slots;

/// Facts by id.
#[derive(Debug)]
pub(crate) struct Table<T> {
    slots: Slots,
    list: Vec<(u32, T)>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { slots: Slots::default(), list: Vec::new() }
    }
}

impl<T> Table<T> {
    /// Adds what is known of an id, unless something is; whether it did.
    pub(crate) fn add(&mut self, id: u32, value: T) -> bool {
        let is_new = self.slots.add(id).is_some();
        if is_new {
            self.list.push((id, value));
        }
        is_new
    }

    pub(crate) fn get(&self, id: u32) -> Option<&T> {
        self.list.get(self.slots.get(id)?).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        let slot = self.slots.get(id)?;
        self.list.get_mut(slot).map(|(_, value)| value)
    }

    /// All that is known, in the order in which it was added.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (u32, &T)> + DoubleEndedIterator {
        self.list.iter().map(|(id, value)| (*id, value))
    }

    /// Gives up what `is_kept` does not hold of.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(u32, &T) -> bool) {
        let before = self.list.len();
        self.list.retain(|(id, value)| is_kept(*id, value));
        if self.list.len() < before {
            self.slots = self.list.iter().map(|(id, _)| *id).collect();
        }
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.list.capacity() * size_of::<(u32, T)>() + self.slots.size()
    }
}

/// The events that tell of ids.
#[derive(Debug, Default)]
pub(crate) struct Told {
    slots: Slots,
    events: IndexList,
}

impl Told {
    /// The event `index` tells of an id; whether that is new.
    pub(crate) fn add(&mut self, id: u32, index: EventIndex) -> bool {
        let is_new = self.slots.add(id).is_some();
        if is_new {
            self.events.push(index);
        }
        is_new
    }

    /// The number of an id, counted from the first that there was.
    pub(crate) fn number(&self, id: u32) -> Option<usize> {
        self.slots.get(id)
    }

    /// The event that tells of number `number`; none where it is not kept.
    pub(crate) fn event(&self, number: usize) -> Option<EventIndex> {
        self.events.get(number)
    }

    /// The event that tells of an id; none where it is not kept.
    pub(crate) fn get(&self, id: u32) -> Option<EventIndex> {
        self.event(self.number(id)?)
    }

    /// How many there have been.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// The number of the first that is kept.
    pub(crate) fn first(&self) -> usize {
        self.events.first_kept()
    }

    /// Gives up the events before `index`, as far as that makes it smaller.
    pub(crate) fn give_up_before(&mut self, index: EventIndex) {
        self.events.give_up_before(index);
        self.slots.forget_before(self.first());
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.events.size() + self.slots.size()
    }
}
