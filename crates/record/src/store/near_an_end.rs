//! Taking something out of the middle of a queue.

use std::collections::VecDeque;

/// Takes out the one that is sought, which is likely to be near one of the ends: then it is not far for what has to move up.
pub(crate) fn remove_near_an_end<T>(list: &mut VecDeque<T>, is_it: impl Fn(&T) -> bool) -> Option<T> {
    let (mut before, mut after) = (0, list.len());
    while before < after {
        after -= 1;
        let found = [after, before].into_iter().find(|place| list.get(*place).is_some_and(&is_it));
        if let Some(place) = found {
            return list.remove(place);
        }
        before += 1;
    }
    None
}
