//! Places of the record that one marked, to come back to. They are kept while the run is shown.

use super::range::Spot;

/// A marked place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bookmark {
    pub(crate) spot: Spot,
    /// Empty unless it was given one.
    pub(crate) name: String,
}

/// Marked places, in the order of the record.
#[derive(Debug, Default)]
pub(crate) struct Bookmarks {
    list: Vec<Bookmark>,
    /// The place in the list of the one that is being named.
    named: Option<usize>,
}

impl Bookmarks {
    pub(crate) fn list(&self) -> &[Bookmark] {
        &self.list
    }

    /// Marks a place, or takes its mark away.
    pub(crate) fn toggle(&mut self, spot: Spot) {
        self.named = None;
        match self.list.binary_search_by_key(&spot, |bookmark| bookmark.spot) {
            Ok(place) => drop(self.list.remove(place)),
            Err(place) => self.list.insert(place, Bookmark { spot, name: String::new() }),
        }
    }

    /// The next one after a place.
    pub(crate) fn after(&self, spot: Spot) -> Option<Spot> {
        self.list.iter().map(|bookmark| bookmark.spot).find(|other| *other > spot)
    }

    /// The last one before a place.
    pub(crate) fn before(&self, spot: Spot) -> Option<Spot> {
        self.list.iter().rev().map(|bookmark| bookmark.spot).find(|other| *other < spot)
    }

    /// Which one is being named.
    pub(crate) fn named(&self) -> Option<usize> {
        self.named
    }

    /// Begins to name one, or leaves that.
    pub(crate) fn begin_name(&mut self, place: Option<usize>) {
        self.named = place.filter(|place| *place < self.list.len());
    }

    /// Gives one a name, and ends the naming.
    pub(crate) fn name(&mut self, place: usize, name: &str) {
        if let Some(bookmark) = self.list.get_mut(place) {
            name.trim().clone_into(&mut bookmark.name);
        }
        self.named = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Nanos;

    fn spot(index: usize) -> Spot {
        Spot { index, at: Nanos(index as u64) }
    }

    #[test]
    fn marks_stand_in_the_order_of_the_record_and_are_gone_when_set_again() {
        let mut bookmarks = Bookmarks::default();
        [5, 1, 3].into_iter().for_each(|index| bookmarks.toggle(spot(index)));
        let places = |bookmarks: &Bookmarks| bookmarks.list().iter().map(|mark| mark.spot.index).collect::<Vec<_>>();
        assert_eq!(places(&bookmarks), [1, 3, 5]);
        assert_eq!((bookmarks.after(spot(3)), bookmarks.before(spot(3))), (Some(spot(5)), Some(spot(1))));
        assert_eq!((bookmarks.after(spot(5)), bookmarks.before(spot(1))), (None, None));
        bookmarks.toggle(spot(3));
        assert_eq!(places(&bookmarks), [1, 5]);
    }
}
