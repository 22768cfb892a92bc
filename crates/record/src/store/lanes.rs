//! A lane per task: its states as spans, one after another.

use super::ending::Ending;
use super::index_list::IndexList;
use super::lane::Lane;
use super::log::EventIndex;
use super::long_lane::LongLane;
use super::short_lane::{self, Page, ShortLane};
use super::slots::Slots;
use super::span::{SpanState, StateTimes};
use crate::event::{EnqueueCause, Event, EventKind, Nanos, TaskId};

/// Tasks whose lanes share a page.
const PAGE: usize = 64;

/// What is still known of tasks that were given up: sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GivenUp {
    /// How many there were.
    pub tasks: usize,
    /// How many ended how, in the order of [`Ending::ALL`].
    pub ended: [usize; Ending::COUNT],
    /// The time that they spent in each state, together.
    pub times: StateTimes,
    /// Their polls.
    pub polls: usize,
    /// Their spans.
    pub spans: usize,
    /// Lines of output that were given up.
    pub lines: usize,
}

/// The lanes of a record, and the wakes between them.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    /// Those that are kept, in the order of spawning.
    pub(crate) lanes: Vec<Lane>,
    /// Tasks that ended not long ago, whose lanes have not moved to a page.
    ended: Vec<TaskId>,
    slots: Slots,
    /// The events by which one task made another ready.
    pub(crate) wakes: IndexList,
    /// The lane looked for last: most events come in twos and threes of one task.
    last: Option<(TaskId, usize)>,
}

impl Lanes {
    /// Takes in the event number `index`.
    pub(crate) fn learn(&mut self, index: EventIndex, event: &Event) {
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
                if cause.by().is_some() {
                    self.wakes.push(index);
                }
            }
            EventKind::PollStarted { task } => self.with(*task, |lane| lane.run(index, at)),
            EventKind::PollEnded { task, outcome } => match Ending::of_poll(*outcome) {
                None => self.with(*task, |lane| lane.wait(index, at)),
                Some(ending) => self.finish(*task, index, at, ending),
            },
            EventKind::TaskDropped { task, cause } => self.finish(*task, index, at, Ending::of_drop(*cause)),
            _ => {}
        }
    }

    fn finish(&mut self, task: TaskId, index: EventIndex, at: Nanos, ending: Ending) {
        self.with(task, |lane| lane.finish(index, at, ending));
        self.ended.push(task);
        if self.ended.len() >= PAGE {
            self.write_page();
        }
    }

    /// Moves the lanes of tasks that have ended to a page.
    fn write_page(&mut self) {
        let (mut bytes, mut parts) = (Vec::new(), Vec::new());
        for task in std::mem::take(&mut self.ended) {
            let slot = self.slots.get(task.0);
            let lane = slot.and_then(|slot| self.lanes.get_mut(slot)).and_then(Lane::long);
            let part = lane.and_then(|lane| short_lane::write(lane, &mut bytes));
            parts.extend(slot.zip(part));
        }
        let page = Page::new(bytes.into_boxed_slice());
        for (slot, part) in parts {
            if let Some(lane) = self.lanes.get_mut(slot) {
                lane.move_to(ShortLane::new(&page, part));
            }
        }
    }

    /// Gives up the spans that end before the event `index`, the wakes before it, and the lanes of tasks that ended before
    /// it, which it adds up.
    pub(crate) fn give_up_before(&mut self, index: EventIndex, sums: &mut GivenUp) {
        self.write_page();
        let before = self.lanes.len();
        self.lanes.retain_mut(|lane| {
            let Some((_, _, ending)) = lane.end().filter(|(end, _, _)| *end < index) else {
                if let Some(lane) = lane.long() {
                    lane.give_up_before(index);
                }
                return true;
            };
            sums.add(lane, ending);
            false
        });
        if self.lanes.len() < before {
            self.slots = self.lanes.iter().map(|lane| lane.task().0).collect();
            self.last = None;
        }
        self.wakes.give_up_before(index);
    }

    /// Tells what was given up half as finely.
    pub(crate) fn coarsen(&mut self) {
        self.lanes.iter_mut().filter_map(Lane::long).for_each(LongLane::coarsen);
    }

    /// About how many bytes they take: all, and of them those that stand for spans given up.
    pub(crate) fn size(&self) -> (usize, usize) {
        let own = self.lanes.capacity() * size_of::<Lane>() + self.wakes.size();
        let lanes = self.lanes.iter().map(Lane::size);
        lanes.fold((own, 0), |(all, given_up), lane| (all + lane.0, given_up + lane.1))
    }

    /// The lane of a task.
    pub(crate) fn get(&self, task: TaskId) -> Option<&Lane> {
        self.lanes.get(self.slots.get(task.0)?)
    }

    #[inline]
    fn with(&mut self, task: TaskId, f: impl FnOnce(&mut LongLane)) {
        let slot = match self.last {
            Some((last, slot)) if last == task => slot,
            _ => {
                let Some(slot) = self.slots.get(task.0) else { return };
                self.last = Some((task, slot));
                slot
            }
        };
        if let Some(lane) = self.lanes.get_mut(slot).and_then(Lane::long) {
            f(lane);
        }
    }
}

impl GivenUp {
    fn add(&mut self, lane: &Lane, ending: Ending) {
        let totals = lane.totals();
        self.tasks += 1;
        self.ended[ending.place()] += 1;
        for (sum, time) in self.times.iter_mut().zip(totals.times) {
            *sum = *sum + time;
        }
        self.polls += totals.polls;
        self.spans += totals.spans;
    }

    /// The time that they spent in a state, together.
    #[must_use]
    pub fn time(&self, state: SpanState) -> Nanos {
        self.times[state as usize]
    }
}
