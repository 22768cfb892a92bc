//! One statement on shared things, followed event by event.

use super::names::{NameOf, Names};
use super::pattern::Pattern;
use super::sets::{Bits, IdMap};
use super::tree::{Measure, ThingIs};
use crate::event::{Event, EventKind, Hold, ResourceId, ResourceKind, ResourceState, TaskId, kinds};
use std::collections::hash_map::Entry;

/// A statement on shared things with what it has seen.
#[derive(Debug)]
pub(super) struct ThingWatch {
    name: NameOf,
    is: Is,
    /// The things of which it holds.
    holding: Bits,
    /// How many permits a task holds, and how many tasks a thing is held by; for `held`. Tasks that are not asked for, and
    /// locks, which say themselves who holds them, are left out.
    permits: IdMap<(ResourceId, TaskId), u32>,
    holders: IdMap<ResourceId, u32>,
}

#[derive(Debug)]
enum Is {
    Plain(ThingIs),
    Held(Option<NameOf>),
}

impl ThingWatch {
    pub(super) fn new(name: &Pattern, is: &ThingIs, names: &mut Names) -> Self {
        let is = match is {
            ThingIs::Held(by) => Is::Held(by.as_ref().map(|by| names.task(by))),
            is => Is::Plain(is.clone()),
        };
        let (permits, holders) = (IdMap::default(), IdMap::default());
        Self { name: names.thing(name), is, holding: Bits::default(), permits, holders }
    }

    pub(super) fn kinds(&self) -> u64 {
        match self.is {
            Is::Plain(ThingIs::Changing) => kinds::CHANGED,
            Is::Plain(_) => kinds::THING | kinds::CHANGED,
            Is::Held(_) => kinds::THING | kinds::CHANGED | kinds::HOLD,
        }
    }

    #[inline]
    pub(super) fn holds(&self) -> bool {
        self.holding.len() > 0
    }

    /// Looks at an event; whether one of the things changes at it.
    pub(super) fn look(&mut self, event: &Event, names: &Names) -> bool {
        match &event.kind {
            EventKind::ResourceCreated { resource, kind, .. } if names.is_thing(self.name, *resource) => {
                self.see(*resource, Some(*kind), at_first(*kind), names);
                false
            }
            EventKind::ResourceChanged { resource, state, .. } if names.is_thing(self.name, *resource) => {
                self.see(*resource, names.kind(*resource), *state, names);
                matches!(self.is, Is::Plain(ThingIs::Changing))
            }
            EventKind::HoldChanged { resource, task, hold } if names.is_thing(self.name, *resource) => {
                let is_lock = matches!(names.kind(*resource), Some(ResourceKind::Lock));
                if let (Is::Held(by), false) = (&self.is, is_lock)
                    && by.is_none_or(|by| names.is_task(by, *task))
                {
                    self.count(*resource, *task, *hold);
                }
                false
            }
            _ => false,
        }
    }

    /// Counts what a task takes and gives back.
    fn count(&mut self, thing: ResourceId, task: TaskId, hold: Hold) {
        let (permits, holders) = (self.permits.entry((thing, task)), self.holders.entry(thing).or_default());
        match (hold, permits) {
            (Hold::Taken | Hold::Handed, Entry::Occupied(mut permits)) => *permits.get_mut() += 1,
            (Hold::Taken | Hold::Handed, Entry::Vacant(permits)) => {
                permits.insert(1);
                *holders += 1;
            }
            (Hold::Released | Hold::Declined, Entry::Occupied(mut permits)) if *permits.get() > 1 => {
                *permits.get_mut() -= 1;
            }
            (Hold::Released | Hold::Declined, Entry::Occupied(permits)) => {
                permits.remove();
                *holders = holders.saturating_sub(1);
            }
            (Hold::Released | Hold::Declined, Entry::Vacant(_)) | (Hold::Accepted, _) => {}
        }
        let is_held = *holders > 0;
        self.note(thing, is_held);
    }

    fn see(&mut self, thing: ResourceId, kind: Option<ResourceKind>, state: ResourceState, names: &Names) {
        let holds = match (&self.is, state) {
            (Is::Held(by), ResourceState::Lock { holder }) => {
                holder.is_some_and(|holder| by.is_none_or(|by| names.is_task(by, holder)))
            }
            (Is::Held(_), _) => return,
            (Is::Plain(is), state) => is_so(is, kind, state),
        };
        self.note(thing, holds);
    }

    fn note(&mut self, thing: ResourceId, holds: bool) {
        if holds {
            self.holding.add(thing.0);
        } else {
            self.holding.remove(thing.0);
        }
    }
}

/// What a shared thing is as it comes into being.
pub(super) fn at_first(kind: ResourceKind) -> ResourceState {
    match kind {
        ResourceKind::Queue { .. } => ResourceState::Queue { length: 0 },
        ResourceKind::Semaphore { permits } => ResourceState::Semaphore { free: permits },
        ResourceKind::Lock => ResourceState::Lock { holder: None },
        ResourceKind::Event => ResourceState::Event { is_set: false },
        ResourceKind::Condition => ResourceState::Condition { waiting: 0 },
        ResourceKind::Barrier { .. } => ResourceState::Barrier { waiting: 0 },
        ResourceKind::OneShot => ResourceState::OneShot { is_sent: false },
        ResourceKind::Broadcast { .. } => ResourceState::Broadcast { length: 0 },
        ResourceKind::Held => ResourceState::Held { is_open: false },
    }
}

/// How many more go into it, where that is bounded.
fn free(kind: Option<ResourceKind>, state: ResourceState) -> Option<u32> {
    let room = |capacity: u32, length: u32| Some(capacity.saturating_sub(length));
    match (state, kind) {
        (ResourceState::Semaphore { free }, _) => Some(free),
        (ResourceState::Lock { holder }, _) => Some(u32::from(holder.is_none())),
        (ResourceState::Queue { length }, Some(ResourceKind::Queue { capacity: Some(capacity), .. })) => {
            room(capacity, length)
        }
        (ResourceState::Broadcast { length }, Some(ResourceKind::Broadcast { capacity })) => room(capacity, length),
        (ResourceState::Barrier { waiting }, Some(ResourceKind::Barrier { parties })) => room(parties, waiting),
        _ => None,
    }
}

pub(super) fn is_so(is: &ThingIs, kind: Option<ResourceKind>, state: ResourceState) -> bool {
    match is {
        ThingIs::Full => free(kind, state) == Some(0),
        ThingIs::Free => match state {
            ResourceState::Queue { .. } => free(kind, state).is_none_or(|free| free > 0),
            _ => free(kind, state).is_some_and(|free| free > 0),
        },
        ThingIs::Empty => match state {
            ResourceState::Queue { length } | ResourceState::Broadcast { length } => length == 0,
            ResourceState::Semaphore { free } => free == 0,
            ResourceState::Condition { waiting } | ResourceState::Barrier { waiting } => waiting == 0,
            _ => false,
        },
        ThingIs::Set => match state {
            ResourceState::Event { is_set } => is_set,
            ResourceState::OneShot { is_sent } => is_sent,
            _ => false,
        },
        ThingIs::Open => state == ResourceState::Held { is_open: true },
        ThingIs::Closed => state == ResourceState::Held { is_open: false },
        ThingIs::Measure(measure, compare, number) => {
            let value = match (measure, state) {
                (Measure::Length, ResourceState::Queue { length } | ResourceState::Broadcast { length }) => {
                    Some(length)
                }
                (Measure::Waiting, ResourceState::Condition { waiting } | ResourceState::Barrier { waiting }) => {
                    Some(waiting)
                }
                (Measure::Free, _) => free(kind, state),
                (Measure::Value, _) => Some(state.level()),
                _ => None,
            };
            value.is_some_and(|value| compare.holds(f64::from(value), *number))
        }
        ThingIs::Held(_) | ThingIs::Changing => false,
    }
}
