//! Tasks that ended in another way in the other run.

use super::Pair;
use crate::model::ending::How;
use crate::model::record::Record;
use std::sync::Arc;

/// Tasks that ended in the same way in one run, and in the same other way in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndChange {
    /// Their names, in the order of spawning.
    pub names: Vec<Arc<str>>,
    /// How they ended in the first run, with no more than belongs to it: with what they failed; none where they have not ended.
    pub first: Option<How>,
    /// How they ended in the second.
    pub second: Option<How>,
}

/// Of a run with more of them, so many kinds of changes are told.
const MOST: usize = 8;

/// What became of the tasks that both have, where it is not the same. Errors come first.
pub(super) fn changes(records: [&Record; 2], pairs: &[Pair]) -> Vec<EndChange> {
    let ending = |which: usize, pair: &Pair| {
        let task = if which == 0 { pair.first.task } else { pair.second.task };
        let (_, _, ending) = records[which].lane(task)?.end()?;
        Some((task, ending))
    };
    type Ends = [Option<How>; 2];
    let mut changes: Vec<(Ends, Vec<Arc<str>>)> = Vec::new();
    for pair in pairs {
        let ends = [0, 1].map(|which| ending(which, pair));
        if ends[0].map(|(_, ending)| ending) == ends[1].map(|(_, ending)| ending) {
            continue;
        }
        // With what it failed belongs to how it ended; what it returned does not.
        let ends = [0, 1].map(|which| {
            ends[which].map(|(task, ending)| {
                let end = records[which].end(task).filter(|_| ending.is_error());
                end.map_or_else(|| How::plain(ending), |end| end.how)
            })
        });
        let has_room = changes.len() < MOST;
        match changes.iter_mut().find(|(of, _)| *of == ends) {
            Some((_, names)) => names.push(Arc::clone(&pair.name)),
            None if has_room => changes.push((ends, vec![Arc::clone(&pair.name)])),
            None => {}
        }
    }
    let is_error = |ends: &Ends| ends.iter().flatten().any(|how| how.ending().is_error());
    changes.sort_by_key(|(ends, _)| !is_error(ends));
    changes.into_iter().map(|([first, second], names)| EndChange { names, first, second }).collect()
}
