//! A lane per task: its states as spans, one after another.

use super::index_list::IndexList;
use super::lane::{Block, Lane};
use super::log::EventIndex;
use super::slots::Slots;
use super::state::Ending;
use crate::event::{EnqueueCause, Event, EventKind, PollOutcome, TaskId};

/// The lanes of a record, and the wakes between them.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// In the order of spawning.
    pub(super) lanes: Vec<Lane>,
    slots: Slots,
    /// The events by which one task made another ready.
    pub(super) wakes: IndexList,
    /// The lane looked for last: most events come in twos and threes of one task.
    last: Option<(TaskId, usize)>,
}

impl Lanes {
    /// Takes in the event number `index`.
    pub(super) fn learn(&mut self, index: EventIndex, event: &Event) {
        let at = event.at;
        match &event.kind {
            EventKind::TaskSpawned { task, .. } => {
                let slot = self.slots.add(task.0);
                self.lanes.extend(slot.map(|_| Lane::new(*task)));
            }
            EventKind::WaitBegan { task, wait, .. } => self.with(*task, |lane| lane.begin_wait(*wait)),
            EventKind::WaitEnded { task, wait } => self.with(*task, |lane| lane.end_wait(*wait)),
            EventKind::Enqueued { task, cause } => {
                // A task that yields waits for nothing: it is ready from the end of its poll on.
                let yields = matches!(cause, EnqueueCause::OwnYield(_));
                self.with(*task, |lane| lane.ready(index, at, yields));
                if wakes(*cause) {
                    self.wakes.push(index);
                }
            }
            EventKind::PollStarted { task } => self.with(*task, |lane| lane.run(index, at)),
            EventKind::PollEnded { task, outcome: PollOutcome::Pending } => {
                self.with(*task, |lane| lane.wait(index, at));
            }
            EventKind::PollEnded { task, outcome: PollOutcome::Ready } => {
                self.with(*task, |lane| lane.finish(index, at, Ending::Finished));
            }
            EventKind::PollEnded { task, outcome: PollOutcome::Panicked } => {
                self.with(*task, |lane| lane.finish(index, at, Ending::Panicked));
            }
            EventKind::TaskDropped { task, .. } => {
                self.with(*task, |lane| lane.finish(index, at, Ending::Dropped));
            }
            _ => {}
        }
    }

    /// Gives up the spans that end before the event `index`, and the wakes before it.
    pub(super) fn give_up_before(&mut self, index: EventIndex) {
        self.lanes.iter_mut().for_each(|lane| lane.give_up_before(index));
        self.wakes.give_up_before(index);
    }

    /// Tells what was given up half as finely.
    pub(super) fn coarsen(&mut self) {
        self.lanes.iter_mut().for_each(Lane::coarsen);
    }

    /// About how many bytes they take: all, and of them those that stand for spans given up.
    pub(super) fn size(&self) -> (usize, usize) {
        let lanes = self.lanes.iter().map(|lane| (lane.size(), lane.first_kept() * size_of::<Block>()));
        lanes.fold((self.wakes.size(), 0), |(all, given_up), lane| (all + lane.0, given_up + lane.1))
    }

    /// The lane of a task.
    pub(super) fn get(&self, task: TaskId) -> Option<&Lane> {
        self.lanes.get(self.slots.get(task.0)?)
    }

    fn with(&mut self, task: TaskId, f: impl FnOnce(&mut Lane)) {
        let slot = match self.last {
            Some((last, slot)) if last == task => slot,
            _ => {
                let Some(slot) = self.slots.get(task.0) else { return };
                self.last = Some((task, slot));
                slot
            }
        };
        if let Some(lane) = self.lanes.get_mut(slot) {
            f(lane);
        }
    }
}

/// Whether another task is the cause.
fn wakes(cause: EnqueueCause) -> bool {
    matches!(cause, EnqueueCause::WokenBy(_) | EnqueueCause::Joined(_) | EnqueueCause::Gathered(_))
}
