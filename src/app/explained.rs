//! The causal sentences that were worked out last: a frame that tells the same span again does not read the record again.
//!
//! It belongs to one run and one wording, and is emptied when another is shown or chosen.

use crate::event::TaskId;
use crate::trace::{EventIndex, Record, Span, SpanState, Wording, explain_at};
use std::cell::RefCell;

/// So many are kept: one under the pointer, one of the selected task, and one that was told just before each.
const KEPT: usize = 4;

/// What a sentence is about. What a growing record tells of a span that is over stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct About {
    task: TaskId,
    state: SpanState,
    first: EventIndex,
    /// The event that ended it or, where it goes on, how many have been seen.
    until: Result<EventIndex, EventIndex>,
}

/// Sentences, the latest first.
#[derive(Debug, Default)]
pub(crate) struct Explained(RefCell<Vec<(About, String)>>);

impl Explained {
    /// Why a span was as it was, as it is known after `seen` events.
    pub(crate) fn at(&self, record: &Record, task: TaskId, span: &Span, seen: EventIndex, wording: &Wording) -> String {
        let until = span.end.map(|(end, _)| end).filter(|end| *end < seen).ok_or(seen);
        let about = About { task, state: span.state, first: span.first, until };
        let mut kept = self.0.borrow_mut();
        if let Some((_, words)) = kept.iter().find(|(other, _)| *other == about) {
            return words.clone();
        }
        let words = explain_at(record, task, span, seen, wording);
        kept.insert(0, (about, words.clone()));
        kept.truncate(KEPT);
        words
    }

    /// Why a span was as it was, as far as the record goes.
    pub(crate) fn of(&self, record: &Record, task: TaskId, span: &Span, wording: &Wording) -> String {
        self.at(record, task, span, record.log().len(), wording)
    }
}
