//! Places of the record that one marked, to come back to. They are kept while the run is shown, and saved with it.

use super::range::Spot;
use crate::trace::Bookmark;

impl From<&Bookmark> for Spot {
    fn from(bookmark: &Bookmark) -> Self {
        Self { index: bookmark.index, at: bookmark.at }
    }
}

/// There is no room for another bookmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

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

    /// Adds those that were saved with the record.
    pub(crate) fn add(&mut self, saved: Vec<Bookmark>) {
        for bookmark in saved {
            if let Err(place) = self.find((&bookmark).into()) {
                self.list.insert(place, bookmark);
                self.named = None; // places have changed
            }
        }
        self.list.truncate(Bookmark::MOST);
    }

    /// The place of a bookmark in the list, or where it would be.
    fn find(&self, spot: Spot) -> Result<usize, usize> {
        self.list.binary_search_by_key(&spot, Spot::from)
    }

    /// Marks a place, or takes its mark away.
    ///
    /// # Errors
    /// If as many are there as are saved.
    pub(crate) fn toggle(&mut self, spot: Spot) -> Result<(), Full> {
        self.named = None;
        match self.find(spot) {
            Ok(place) => drop(self.list.remove(place)),
            Err(_) if self.list.len() >= Bookmark::MOST => return Err(Full),
            Err(place) => self.list.insert(place, Bookmark { index: spot.index, at: spot.at, name: String::new() }),
        }
        Ok(())
    }

    /// The next one after a place.
    pub(crate) fn after(&self, spot: Spot) -> Option<Spot> {
        self.list.iter().map(Spot::from).find(|other| *other > spot)
    }

    /// The last one before a place.
    pub(crate) fn before(&self, spot: Spot) -> Option<Spot> {
        self.list.iter().rev().map(Spot::from).find(|other| *other < spot)
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
        [5, 1, 3].into_iter().for_each(|index| bookmarks.toggle(spot(index)).unwrap());
        let places = |bookmarks: &Bookmarks| bookmarks.list().iter().map(|mark| mark.index).collect::<Vec<_>>();
        assert_eq!(places(&bookmarks), [1, 3, 5]);
        assert_eq!((bookmarks.after(spot(3)), bookmarks.before(spot(3))), (Some(spot(5)), Some(spot(1))));
        assert_eq!((bookmarks.after(spot(5)), bookmarks.before(spot(1))), (None, None));
        bookmarks.toggle(spot(3)).unwrap();
        assert_eq!(places(&bookmarks), [1, 5]);
        // Those of a file come between, and once.
        let saved = |index: usize| Bookmark { index, at: Nanos(index as u64), name: "saved".into() };
        bookmarks.add(vec![saved(4), saved(5)]);
        assert_eq!(places(&bookmarks), [1, 4, 5]);
        for index in 10..10_000 {
            let _ = bookmarks.toggle(spot(index));
        }
        assert_eq!((bookmarks.list().len(), bookmarks.toggle(spot(0))), (Bookmark::MOST, Err(Full)));
    }
}
