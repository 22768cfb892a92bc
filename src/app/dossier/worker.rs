//! What a thread that polls tasks did: how many polls, and how much of the time.

use crate::event::{EventKind, Nanos, TaskId, WorkerId};
use crate::trace::{EventIndex, Record};

/// Polls between two marks.
const MARK: usize = 64;

/// What a thread did up to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Share {
    pub(crate) polls: usize,
    /// How long a task ran on it.
    pub(crate) busy: Nanos,
    /// The longest poll that is over: whose, when it began, how long it took.
    pub(crate) longest: Option<(TaskId, EventIndex, Nanos)>,
    /// The tasks that run on it now, one within another, count from the outermost on.
    since: Option<(Nanos, TaskId, EventIndex)>,
    depth: usize,
}

impl Share {
    fn take(&mut self, index: EventIndex, at: Nanos, kind: &EventKind) {
        match kind {
            EventKind::PollStarted { task } => {
                self.polls += 1;
                self.depth += 1;
                self.since = self.since.or(Some((at, *task, index)));
            }
            EventKind::PollEnded { .. } => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0
                    && let Some((start, task, first)) = self.since.take()
                {
                    let length = at - start;
                    self.busy = self.busy + length;
                    if self.longest.is_none_or(|(.., longest)| length > longest) {
                        self.longest = Some((task, first, length));
                    }
                }
            }
            _ => {}
        }
    }
}

#[derive(Debug)]
pub(crate) struct WorkerHistory {
    worker: WorkerId,
    read: EventIndex,
    now: Share,
    /// What was so before some events, so that it is found again for a cursor that goes back.
    marks: Vec<(EventIndex, Share)>,
}

impl WorkerHistory {
    pub(super) fn new(worker: WorkerId) -> Self {
        Self { worker, read: 0, now: Share::default(), marks: Vec::new() }
    }

    pub(super) fn read(&mut self, record: &Record, most: usize) -> bool {
        let start = self.read.max(record.first());
        for (offset, event) in record.log().iter_from(start).take(most).enumerate() {
            let index = start + offset;
            if event.worker == self.worker {
                if matches!(event.kind, EventKind::PollStarted { .. }) && self.now.polls.is_multiple_of(MARK) {
                    self.marks.push((index, self.now));
                }
                self.now.take(index, event.at, &event.kind);
            }
            self.read = index + 1;
        }
        self.read < record.log().len()
    }

    /// What it had done up to a point.
    pub(crate) fn before(&self, record: &Record, index: EventIndex, at: Nanos) -> Share {
        let mut share = self.now;
        if index < self.read {
            let mark = self.marks.partition_point(|(mark, _)| *mark < index).checked_sub(1);
            let (start, before) = mark.and_then(|mark| self.marks.get(mark).copied()).unwrap_or_default();
            share = before;
            for (offset, event) in record.log().iter_from(start).take(index.saturating_sub(start)).enumerate() {
                if event.worker == self.worker {
                    share.take(start + offset, event.at, &event.kind);
                }
            }
        }
        if let Some((since, ..)) = share.since {
            share.busy = share.busy + (at - since);
        }
        share
    }
}
