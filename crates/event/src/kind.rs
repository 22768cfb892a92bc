//! What can happen in a run.

use super::{
    CancelCause, DropCause, Failure, FrameId, Hold, JobEnd, JobId, Nanos, Origin, PollOutcome, ResourceId,
    ResourceKind, ResourceState, SiteId, TaskId, TimerId, TimerPurpose, WaitId, WaitOn,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What happened. The life of a task reads
/// `TaskSpawned (Enqueued PollStarted … PollEnded)* [TaskDropped]`: it ends with a `PollEnded` that is
/// [`Ready`](PollOutcome::Ready), [`Failed`](PollOutcome::Failed) or [`Panicked`](PollOutcome::Panicked), or with a
/// `TaskDropped`.
///
/// New kinds are added at the end: a file names a kind by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// The first event of every record.
    RunStarted {
        /// What drives time.
        clock: ClockKind,
        /// The seed given to the run.
        seed: u64,
        /// Where the record comes from.
        origin: Arc<Origin>,
    },
    /// The last event of every record.
    RunEnded {
        /// How it ended.
        outcome: Outcome,
    },
    /// A source place is used for the first time; later events name it by its id.
    SiteDefined {
        /// The id from now on.
        site: SiteId,
        /// The file as the compiler names it, e.g. `src/scenarios/queue.rs`.
        file: Arc<str>,
        /// Line, counted from 1.
        line: u32,
        /// Column, counted from 1.
        column: u32,
    },
    /// A task exists; it has not run yet.
    TaskSpawned {
        /// The new task.
        task: TaskId,
        /// The task that spawned it; none for the main task.
        parent: Option<TaskId>,
        /// Its name for people.
        name: Arc<str>,
        /// Where it was spawned.
        site: SiteId,
    },
    /// A task was put at the end of the ready queue. Ready is not running: that begins with `PollStarted`.
    Enqueued {
        /// The task that is ready now.
        task: TaskId,
        /// Why.
        cause: EnqueueCause,
    },
    /// A task that is in the ready queue was woken once more: it will run once all the same.
    WakeCoalesced {
        /// The task.
        task: TaskId,
        /// Why it was woken.
        cause: EnqueueCause,
    },
    /// The loop begins an iteration: it will run exactly the callbacks and tasks that are in the queue now.
    IterationStarted {
        /// How many entries (task polls and loop callbacks) the batch holds.
        batch: u32,
    },
    /// The executor took the task from the queue and runs it.
    PollStarted {
        /// The running task.
        task: TaskId,
    },
    /// The task gave control back.
    PollEnded {
        /// The task that ran.
        task: TaskId,
        /// Whether it waits, finished or panicked.
        outcome: PollOutcome,
    },
    /// A task's message on panicking; follows its `PollEnded`. The executor that caught the panic knows it.
    TaskPanicked {
        /// The task.
        task: TaskId,
        /// The panic's message.
        message: Arc<str>,
    },
    /// An unfinished task was dropped and will not run again.
    TaskDropped {
        /// The task.
        task: TaskId,
        /// Why.
        cause: DropCause,
    },
    /// A task reached an `.await` that could not go on.
    WaitBegan {
        /// The task that waits.
        task: TaskId,
        /// This wait.
        wait: WaitId,
        /// What for.
        on: WaitOn,
        /// The `.await`.
        site: SiteId,
        /// The innermost frame that the `.await` stands in.
        frame: FrameId,
    },
    /// The wait is over: the task went on from that `.await`, or dropped it.
    WaitEnded {
        /// The task that waited.
        task: TaskId,
        /// Which wait.
        wait: WaitId,
    },
    /// A task entered a named async function: what it awaits in there has this frame around it.
    FrameEntered {
        /// The task.
        task: TaskId,
        /// The frame.
        frame: FrameId,
        /// The frame around it.
        parent: FrameId,
        /// The function's name.
        name: Arc<str>,
        /// The `.await` that entered it, in the function around it.
        site: SiteId,
    },
    /// The function returned, or was dropped.
    FrameLeft {
        /// The frame.
        frame: FrameId,
    },
    /// A job was given to the threads that may block.
    JobQueued {
        /// The job.
        job: JobId,
        /// The task that gave it.
        task: Option<TaskId>,
        /// Its name for people.
        name: Arc<str>,
    },
    /// A thread began with the job.
    JobStarted {
        /// The job.
        job: JobId,
    },
    /// The job is done.
    JobFinished {
        /// The job.
        job: JobId,
        /// How it ended. Its thread knows.
        end: JobEnd,
    },
    /// A timer was set.
    TimerArmed {
        /// The timer.
        timer: TimerId,
        /// The task that set it.
        task: TaskId,
        /// When it is due.
        deadline: Nanos,
        /// What for. The future that sets it knows.
        purpose: TimerPurpose,
        /// The `.await` that set it; none in a file of format 4 or older.
        site: Option<SiteId>,
    },
    /// The loop ran the timer's callback, at or after its deadline.
    TimerFired {
        /// The timer.
        timer: TimerId,
    },
    /// The timer was dropped before it fired.
    TimerCancelled {
        /// The timer.
        timer: TimerId,
    },
    /// Something that tasks share came into being.
    ResourceCreated {
        /// Its id.
        resource: ResourceId,
        /// What it is.
        kind: ResourceKind,
        /// Its name for people.
        name: Arc<str>,
    },
    /// A shared thing changed.
    ResourceChanged {
        /// Which.
        resource: ResourceId,
        /// The task that changed it, where one did.
        by: Option<TaskId>,
        /// What it is now.
        state: ResourceState,
        /// Where in the source. None where a destructor changed it, and in a file of format 4 or older.
        site: Option<SiteId>,
    },
    /// A task printed a line.
    Printed {
        /// The task; none when the loop itself reports.
        task: Option<TaskId>,
        /// Where in the source, for a task.
        site: Option<SiteId>,
        /// The line, without its end.
        text: Arc<str>,
    },
    /// Nothing is ready: the loop sleeps.
    LoopIdle {
        /// When the next timer is due.
        until: Option<Nanos>,
    },
    /// The loop goes on after `LoopIdle`.
    LoopAwake,
    /// This many events are missing here: the sink was too slow.
    EventsLost {
        /// How many.
        count: u64,
    },
    /// No thread runs an executor of the program, and none has for a while: none looks at one, or waits in one's `run`. A task
    /// that is ready stays so. The next poll ends it.
    Unattended,
    /// What a task returned, in short; follows its `PollEnded`. Only for outputs that are a plain value: a number, a text.
    /// The wrapper around the task's future sees the output before anybody takes it.
    TaskReturned {
        /// The task.
        task: TaskId,
        /// The value.
        value: Arc<str>,
    },
    /// A task returned an `Err`; follows its `PollEnded`. The wrapper around the task's future sees the output before anybody
    /// takes it, so that this is known also of a task that nobody awaits.
    TaskFailed {
        /// The task.
        task: TaskId,
        /// The error.
        failure: Arc<Failure>,
    },
    /// A task was asked to end. It ends at its `.await`, when its turn comes; if it is at none any more, it ends by itself.
    /// A stock executor's own handles do not tell of this.
    CancelRequested {
        /// The task that is to end.
        task: TaskId,
        /// The task that ran and asked for it. None where the loop did, for a timer or after the end of another task.
        by: Option<TaskId>,
        /// Why.
        cause: CancelCause,
        /// Where in the source it was asked for; none where a handle was dropped.
        site: Option<SiteId>,
    },
    /// A task begins to compute: it keeps its thread until `BusyEnded`.
    BusyBegan {
        /// The task.
        task: TaskId,
        /// The line that computes.
        site: SiteId,
        /// How long it is going to take, where the program says so beforehand.
        length: Option<Nanos>,
    },
    /// A task is done with computing, and goes on in the same poll.
    BusyEnded {
        /// The task.
        task: TaskId,
    },
    /// A task came to hold a permit or a lock, was handed one, or let it go. The semaphore and the lock know.
    HoldChanged {
        /// Of what.
        resource: ResourceId,
        /// The task.
        task: TaskId,
        /// What became of it.
        hold: Hold,
    },
    /// The run has come to its end, and how is certain. What follows is clean-up: tasks that are left are dropped, and
    /// jobs are waited for. A record of stock executors has no such end.
    CleanUpBegan {
        /// How it ended; `RunEnded` says the same.
        outcome: Outcome,
    },
}

impl EventKind {
    /// The task that it is about, where the event itself says so. For a timer or a job that only goes on, what made it says so.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskSpawned { task, .. }
            | Self::Enqueued { task, .. }
            | Self::WakeCoalesced { task, .. }
            | Self::PollStarted { task }
            | Self::PollEnded { task, .. }
            | Self::TaskReturned { task, .. }
            | Self::TaskFailed { task, .. }
            | Self::TaskPanicked { task, .. }
            | Self::TaskDropped { task, .. }
            | Self::WaitBegan { task, .. }
            | Self::WaitEnded { task, .. }
            | Self::FrameEntered { task, .. }
            | Self::TimerArmed { task, .. }
            | Self::CancelRequested { task, .. }
            | Self::BusyBegan { task, .. }
            | Self::BusyEnded { task }
            | Self::HoldChanged { task, .. } => Some(*task),
            Self::Printed { task, .. } | Self::JobQueued { task, .. } | Self::ResourceChanged { by: task, .. } => *task,
            Self::RunStarted { .. }
            | Self::RunEnded { .. }
            | Self::CleanUpBegan { .. }
            | Self::SiteDefined { .. }
            | Self::IterationStarted { .. }
            | Self::FrameLeft { .. }
            | Self::JobStarted { .. }
            | Self::JobFinished { .. }
            | Self::TimerFired { .. }
            | Self::TimerCancelled { .. }
            | Self::ResourceCreated { .. }
            | Self::LoopIdle { .. }
            | Self::LoopAwake
            | Self::Unattended
            | Self::EventsLost { .. } => None,
        }
    }
}

/// What drives a run's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockKind {
    /// Time moves only when the loop is idle or a task is `busy`; every run is the same.
    Virtual,
    /// The machine's monotonic clock.
    Real,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The main task returned.
    Completed,
    /// Nothing was ready and no timer was set, and yet the main task had not returned.
    Deadlock,
    /// On the virtual clock, nothing was ready and no timer was set, and a task waited for something that this clock
    /// does not know: a timer or socket of another library, or another thread.
    NeedsRealClock,
    /// It was asked to stop.
    Stopped,
    /// The main task panicked with this message.
    Panicked(Arc<str>),
    /// The record ends here. The program goes on, as far as the record knows.
    Detached,
}

/// Why a task became ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnqueueCause {
    /// It was spawned.
    Spawned,
    /// The running task woke it: put into its queue, released its permit, …
    WokenBy(TaskId),
    /// Its timer fired.
    Timer(TimerId),
    /// The task it joins has ended, or one of several, and it waits for no more of them.
    Joined(TaskId),
    /// The last task of the group it gathers has ended.
    Gathered(TaskId),
    /// It asked to run again, after everyone else that is ready; without a place where a future that is not ours did, or
    /// where it was woken while it ran.
    OwnYield(Option<SiteId>),
    /// It was cancelled and comes to be dropped.
    Cancelled,
    /// The reactor woke it: input or output that it waits for is ready, or a timer of a library that is not recorded.
    Io,
    /// Another thread woke it.
    OtherThread,
    /// The job that it waits for is done.
    JobDone(JobId),
    /// The user answered.
    Answered,
    /// It was ready before the record began, or was woken by a poll that had begun before.
    BeforeRecord,
    /// The main future woke it: the one that an executor's `run` or a `block_on` was given, which is no task.
    MainFuture,
    /// A thread that runs an executor woke it between two looks at it: code outside of all tasks, or the reactor of a
    /// `block_on` that is not recorded.
    Outside,
}

impl EnqueueCause {
    /// The task that made the other one ready, by waking it or by its end; none where no task did.
    #[must_use]
    pub const fn by(self) -> Option<TaskId> {
        match self {
            Self::WokenBy(by) | Self::Joined(by) | Self::Gathered(by) => Some(by),
            Self::Spawned
            | Self::Timer(_)
            | Self::OwnYield(_)
            | Self::Cancelled
            | Self::Io
            | Self::OtherThread
            | Self::JobDone(_)
            | Self::Answered
            | Self::BeforeRecord
            | Self::MainFuture
            | Self::Outside => None,
        }
    }
}
