//! The tasks that wait, sorted by what they wait for.

use super::LoopView;
use crate::event::{JobId, ResourceId, TaskId, TimerId, WaitId, WaitOn};
use crate::trace::WaitInfo;
use std::collections::{BTreeMap, HashSet};

/// Of at most so many waiting tasks it is read what they wait for: the others are counted. Each takes about a microsecond.
const MOST_READ: usize = 2048;

/// Who waits for what, in the order in which they began to wait.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) resources: BTreeMap<ResourceId, Vec<(WaitId, TaskId)>>,
    /// For the end of other tasks.
    pub(super) joins: Vec<(TaskId, WaitInfo)>,
    /// For the threads that may block.
    pub(super) jobs: Vec<(TaskId, JobId)>,
    /// For input, output and what other libraries offer.
    pub(super) outside: Vec<(TaskId, WaitInfo)>,
    /// Their timer has fired, and the loop is about to wake them.
    pub(super) fired: Vec<TaskId>,
    /// For something that has no name.
    pub(super) others: Vec<TaskId>,
    /// How many were not looked at.
    pub(super) unread: usize,
}

impl Groups {
    pub(super) fn of(view: &LoopView<'_>) -> Self {
        let state = view.state;
        let resources = state.resources.keys().map(|resource| (*resource, Vec::new())).collect();
        let mut groups = Self { resources, ..Self::default() };
        // Who sets a timer mostly sleeps, and is found by the timer. So the others come first.
        let with_timer: HashSet<TaskId> = state.timers.values().copied().collect();
        let armed: HashSet<TimerId> = state.timers.keys().map(|(_, timer)| *timer).collect();
        let (mut later, mut read) = (Vec::new(), 0);
        for (task, known) in state.waiting() {
            if with_timer.contains(&task) {
                later.push((task, known));
            } else if read < MOST_READ {
                read += 1;
                groups.add(task, known.waits.back().copied(), view, &armed);
            } else {
                groups.unread += 1;
            }
        }
        let room = MOST_READ - read;
        for (task, known) in later.into_iter().take(room) {
            groups.add(task, known.waits.back().copied(), view, &armed);
        }
        for waiters in groups.resources.values_mut() {
            waiters.sort_unstable();
        }
        groups
    }

    fn add(&mut self, task: TaskId, wait: Option<WaitId>, view: &LoopView<'_>, armed: &HashSet<TimerId>) {
        let info = wait.and_then(|wait| Some((wait, view.record.wait(wait)?)));
        let Some((wait, info)) = info else { return self.others.push(task) };
        match &info.on {
            // It stands by its timer, as long as that is armed.
            WaitOn::Sleep { timer, .. } if armed.contains(timer) => {}
            WaitOn::Sleep { .. } => self.fired.push(task),
            WaitOn::Join(_) | WaitOn::Tasks(..) => self.joins.push((task, info)),
            WaitOn::Resource(resource, _) => match self.resources.get_mut(resource) {
                Some(waiters) => waiters.push((wait, task)),
                None => self.others.push(task),
            },
            WaitOn::Job(job) => self.jobs.push((task, *job)),
            WaitOn::Input(_) | WaitOn::Stream(_) | WaitOn::Io(_) | WaitOn::Foreign(_) => {
                self.outside.push((task, info));
            }
        }
    }

    /// How many of the tasks that a task waits for are not done.
    pub(super) fn not_done(view: &LoopView<'_>, tasks: &[TaskId]) -> usize {
        tasks.iter().filter(|task| view.state.task(**task).is_some()).count()
    }
}
