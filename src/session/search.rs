//! Where a moment comes in a record. It reads the record from its first event, since what a moment names was told there.

use crate::moment::{Marks, Moment, Watch};
use crate::trace::{EventIndex, Record};
use std::sync::atomic::{AtomicBool, Ordering};

/// The first event from `from` on at which a moment comes, in a run of a program whose source has these marks.
#[must_use]
pub fn search(record: &Record, moment: &Moment, marks: &Marks, from: EventIndex) -> Option<EventIndex> {
    comings(record, moment, marks).find(|index| *index >= from)
}

/// The last event before `before` at which a moment comes.
#[must_use]
pub fn search_back(record: &Record, moment: &Moment, marks: &Marks, before: EventIndex) -> Option<EventIndex> {
    comings(record, moment, marks).take_while(|index| *index < before).last()
}

/// A search that can be called off from another thread.
#[derive(Debug, Clone, Copy)]
pub struct Recall<'a>(pub &'a AtomicBool);

impl Recall<'_> {
    /// The first event from `from` on at which a moment comes; none where it does not, or the search was called off.
    #[must_use]
    pub fn search(self, record: &Record, moment: &Moment, marks: &Marks, from: EventIndex) -> Option<EventIndex> {
        self.comings(record, moment, marks).find(|index| *index >= from)
    }

    /// The last event before `before` at which a moment comes; none where it does not, or the search was called off.
    #[must_use]
    pub fn search_back(
        self,
        record: &Record,
        moment: &Moment,
        marks: &Marks,
        before: EventIndex,
    ) -> Option<EventIndex> {
        self.comings(record, moment, marks).take_while(|index| *index < before).last()
    }

    fn comings(self, record: &Record, moment: &Moment, marks: &Marks) -> impl Iterator<Item = EventIndex> {
        comings_in(record, moment, marks, move || !self.0.load(Ordering::Relaxed))
    }
}

/// Every event at which a moment comes.
pub fn comings<'r>(record: &'r Record, moment: &Moment, marks: &Marks) -> impl Iterator<Item = EventIndex> + use<'r> {
    comings_in(record, moment, marks, || true)
}

/// The same for as long as `goes_on` says so, which is asked at each event.
fn comings_in<'r, G: Fn() -> bool>(
    record: &'r Record,
    moment: &Moment,
    marks: &Marks,
    goes_on: G,
) -> impl Iterator<Item = EventIndex> + use<'r, G> {
    let mut watch = Watch::new(moment, marks);
    record.prelude().iter().for_each(|event| watch.learn(event));
    let events = record.log().numbered_from(record.first());
    events.take_while(move |_| goes_on()).filter_map(move |(index, event)| watch.push(&event).then_some(index))
}

mod tests;
