//! Shared things and timers in few bytes: their states, and what tasks want of them.
//!
//! A state is a tag in four bits and a number: of items, of permits, a task, or whether something is so.

use super::bytes::{Reader, put};
use crate::event::{Hold, ResourceId, ResourceState, SiteId, TaskId, TimerPurpose, WaitOp};

/// The operations, each at the place of its number.
const OPS: [WaitOp; 9] = [
    WaitOp::Acquire,
    WaitOp::Get,
    WaitOp::Put,
    WaitOp::Lock,
    WaitOp::Set,
    WaitOp::Notified,
    WaitOp::AllDone,
    WaitOp::Arrival,
    WaitOp::Receive,
];

/// What becomes of permits, each at the place of its number.
const HOLDS: [Hold; 5] = [Hold::Taken, Hold::Handed, Hold::Accepted, Hold::Released, Hold::Declined];

/// What timers are for, each at the place of its number.
const PURPOSES: [TimerPurpose; 5] =
    [TimerPurpose::Sleep, TimerPurpose::Limit, TimerPurpose::Interval, TimerPurpose::Library, TimerPurpose::Untold];

/// What becomes of a permit, from the last three bits.
pub(crate) fn hold(bits: u64) -> Option<Hold> {
    HOLDS.get(bits as usize & 7).copied()
}

/// What a timer is for.
pub(crate) fn purpose(reader: &mut Reader<'_>) -> Option<TimerPurpose> {
    PURPOSES.get(reader.get() as usize).copied()
}

/// Bits of a tag.
const TAG: u32 = 4;

/// Appends what a task wants, and of what.
pub(super) fn put_wanted(bytes: &mut Vec<u8>, resource: ResourceId, op: WaitOp) {
    put(bytes, u64::from(resource.0) << TAG | op as u64);
}

/// What [`put_wanted`] put.
pub(super) fn wanted(reader: &mut Reader<'_>) -> Option<(ResourceId, WaitOp)> {
    let number = reader.get();
    Some((ResourceId((number >> TAG) as u32), *OPS.get(number as usize & ((1 << TAG) - 1))?))
}

/// Appends a state.
pub(super) fn put_state(bytes: &mut Vec<u8>, state: ResourceState) {
    let (tag, number) = match state {
        ResourceState::Queue { length } => (0, u64::from(length)),
        ResourceState::Semaphore { free } => (1, u64::from(free)),
        ResourceState::Lock { holder } => (2, optional(holder)),
        ResourceState::Event { is_set } => (3, u64::from(is_set)),
        ResourceState::Condition { waiting } => (4, u64::from(waiting)),
        ResourceState::Barrier { waiting } => (5, u64::from(waiting)),
        ResourceState::OneShot { is_sent } => (6, u64::from(is_sent)),
        ResourceState::Broadcast { length } => (7, u64::from(length)),
        ResourceState::Held { is_open } => (8, u64::from(is_open)),
    };
    put(bytes, number << TAG | tag);
}

/// What [`put_state`] put.
pub(crate) fn state(reader: &mut Reader<'_>) -> Option<ResourceState> {
    let coded = reader.get();
    let number = coded >> TAG;
    let (count, is_so) = (number as u32, number != 0);
    Some(match coded & ((1 << TAG) - 1) {
        0 => ResourceState::Queue { length: count },
        1 => ResourceState::Semaphore { free: count },
        2 => ResourceState::Lock { holder: from_optional(number) },
        3 => ResourceState::Event { is_set: is_so },
        4 => ResourceState::Condition { waiting: count },
        5 => ResourceState::Barrier { waiting: count },
        6 => ResourceState::OneShot { is_sent: is_so },
        7 => ResourceState::Broadcast { length: count },
        8 => ResourceState::Held { is_open: is_so },
        _ => return None,
    })
}

/// A task that there may be as a number.
pub(super) fn optional(task: Option<TaskId>) -> u64 {
    task.map_or(0, |task| u64::from(task.0) + 1)
}

/// What [`optional`] made a number of.
pub(super) fn from_optional(number: u64) -> Option<TaskId> {
    number.checked_sub(1).map(|task| TaskId(task as u32))
}

/// A place that there may be as a number.
pub(super) fn optional_site(site: Option<SiteId>) -> u64 {
    site.map_or(0, |site| u64::from(site.0) + 1)
}

/// What [`optional_site`] made a number of.
pub(super) fn from_optional_site(number: u64) -> Option<SiteId> {
    number.checked_sub(1).map(|site| SiteId(site as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_every_wish_is_read_as_it_was_put() {
        let tasks = [None, Some(TaskId(0)), Some(TaskId(u32::MAX))];
        let mut states: Vec<_> = tasks.into_iter().map(|holder| ResourceState::Lock { holder }).collect();
        for count in [0, 1, 300, u32::MAX] {
            states.extend([
                ResourceState::Queue { length: count },
                ResourceState::Semaphore { free: count },
                ResourceState::Condition { waiting: count },
                ResourceState::Barrier { waiting: count },
                ResourceState::Broadcast { length: count },
            ]);
        }
        for is_so in [false, true] {
            states.extend([
                ResourceState::Event { is_set: is_so },
                ResourceState::OneShot { is_sent: is_so },
                ResourceState::Held { is_open: is_so },
            ]);
        }
        let mut bytes = Vec::new();
        states.iter().for_each(|state| put_state(&mut bytes, *state));
        for (place, op) in OPS.into_iter().enumerate() {
            assert_eq!(op as usize, place);
            put_wanted(&mut bytes, ResourceId(u32::MAX - place as u32), op);
        }
        let mut reader = Reader::new(&bytes);
        for expected in states {
            assert_eq!(state(&mut reader), Some(expected));
        }
        for (place, op) in OPS.into_iter().enumerate() {
            assert_eq!(wanted(&mut reader), Some((ResourceId(u32::MAX - place as u32), op)));
        }
        assert!(reader.is_empty());
        for (place, hold) in HOLDS.into_iter().enumerate() {
            assert_eq!(hold as usize, place);
        }
        for (place, purpose) in PURPOSES.into_iter().enumerate() {
            assert_eq!(purpose as usize, place);
        }
    }
}
