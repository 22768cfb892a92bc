//! What a lesson's step looks for: an event, with the names that its ids stand for.

use crate::event::{EnqueueCause, EventKind, Nanos, Outcome, PollOutcome, ResourceState};

/// An event as a lesson sees it. The names are of the program: of its tasks, its shared things, and the marks of its
/// source.
///
/// Where a question takes a name, `fetch-*` stands for every name that begins with `fetch-`.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// When it happened.
    pub at: Nanos,
    /// What happened.
    pub kind: &'a EventKind,
    /// The task that it happened to; for a timer the task that set it, for a job the task that gave it.
    pub task: Option<&'a str>,
    /// The task that caused it: who woke, who spawned.
    pub by: Option<&'a str>,
    /// The mark of the source line that it happened at; for the end of a wait, of the line that waited.
    pub mark: Option<&'a str>,
    /// The shared thing, the job or the named function that it is about.
    pub thing: Option<&'a str>,
}

/// A step of a lesson: the first event that it is true of, after the event of the step before.
pub type Moment = fn(&Seen<'_>) -> bool;

fn is(name: Option<&str>, pattern: &str) -> bool {
    name.is_some_and(|name| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    })
}

impl Seen<'_> {
    /// The task was made; it has not run yet.
    #[must_use]
    pub fn spawned(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::TaskSpawned { .. }) && is(self.task, task)
    }

    /// The task came into the ready queue, not for the first time.
    #[must_use]
    pub fn ready(&self, task: &str) -> bool {
        let again = matches!(self.kind, EventKind::Enqueued { cause, .. } if *cause != EnqueueCause::Spawned);
        again && is(self.task, task)
    }

    /// The task came into the ready queue because another woke it or ended.
    #[must_use]
    pub fn woken_by(&self, task: &str, by: &str) -> bool {
        self.ready(task) && is(self.by, by)
    }

    /// The task asked to run again, after everyone else that is ready.
    #[must_use]
    pub fn yielded(&self, task: &str) -> bool {
        let own = matches!(self.kind, EventKind::Enqueued { cause: EnqueueCause::OwnYield(_), .. });
        own && is(self.task, task)
    }

    /// The loop began to run the task.
    #[must_use]
    pub fn polled(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::PollStarted { .. }) && is(self.task, task)
    }

    /// The task gave control back unfinished.
    #[must_use]
    pub fn suspended(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::PollEnded { outcome: PollOutcome::Pending, .. }) && is(self.task, task)
    }

    /// The task returned.
    #[must_use]
    pub fn finished(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::PollEnded { outcome: PollOutcome::Ready, .. }) && is(self.task, task)
    }

    /// The task panicked.
    #[must_use]
    pub fn panicked(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::PollEnded { outcome: PollOutcome::Panicked, .. }) && is(self.task, task)
    }

    /// The task was dropped unfinished.
    #[must_use]
    pub fn dropped(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::TaskDropped { .. }) && is(self.task, task)
    }

    /// The task began to wait at the line with this mark.
    #[must_use]
    pub fn waits(&self, task: &str, mark: &str) -> bool {
        matches!(self.kind, EventKind::WaitBegan { .. }) && is(self.task, task) && is(self.mark, mark)
    }

    /// The task's wait at the line with this mark is over.
    #[must_use]
    pub fn goes_on(&self, task: &str, mark: &str) -> bool {
        matches!(self.kind, EventKind::WaitEnded { .. }) && is(self.task, task) && is(self.mark, mark)
    }

    /// A line was printed.
    #[must_use]
    pub fn printed(&self, line: &str) -> bool {
        matches!(self.kind, EventKind::Printed { text, .. } if is(Some(text), line))
    }

    /// A timer of the task was due and the loop saw it.
    #[must_use]
    pub fn timer_fired(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::TimerFired { .. }) && is(self.task, task)
    }

    /// A timer of the task was dropped before it was due.
    #[must_use]
    pub fn timer_cancelled(&self, task: &str) -> bool {
        matches!(self.kind, EventKind::TimerCancelled { .. }) && is(self.task, task)
    }

    /// Nothing is ready: the loop sleeps.
    #[must_use]
    pub fn idle(&self) -> bool {
        matches!(self.kind, EventKind::LoopIdle { .. })
    }

    /// The shared thing changed; what it is now.
    #[must_use]
    pub fn changed(&self, thing: &str) -> Option<ResourceState> {
        match self.kind {
            EventKind::ResourceChanged { state, .. } if is(self.thing, thing) => Some(*state),
            _ => None,
        }
    }

    /// A task entered the named function.
    #[must_use]
    pub fn entered(&self, function: &str) -> bool {
        matches!(self.kind, EventKind::FrameEntered { .. }) && is(self.thing, function)
    }

    /// A thread that may block began with the job.
    #[must_use]
    pub fn job_started(&self, job: &str) -> bool {
        matches!(self.kind, EventKind::JobStarted { .. }) && is(self.thing, job)
    }

    /// The job is done.
    #[must_use]
    pub fn job_finished(&self, job: &str) -> bool {
        matches!(self.kind, EventKind::JobFinished { .. }) && is(self.thing, job)
    }

    /// The run is over.
    #[must_use]
    pub fn run_ended(&self) -> bool {
        matches!(self.kind, EventKind::RunEnded { .. })
    }

    /// The run is over because everyone waits for someone else.
    #[must_use]
    pub fn deadlocked(&self) -> bool {
        matches!(self.kind, EventKind::RunEnded { outcome: Outcome::Deadlock })
    }
}
