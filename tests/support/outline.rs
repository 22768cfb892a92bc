//! A record summed up: what tasks did, what was printed, how long it took.

use loopscope::event::{EventKind, Nanos, Outcome, TaskId, WaitOn, WorkerId};
use loopscope::trace::{Ending, Lane, Record, RunPhase, SpanState, TaskInfo};
use std::collections::HashMap;

/// What a run was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outline {
    /// How long it took.
    pub(crate) elapsed: Nanos,
    /// How it ended; none while it goes on.
    pub(crate) outcome: Option<Outcome>,
    /// The lines printed, in order.
    pub(crate) lines: Vec<PrintedLine>,
    /// The tasks, in the order of spawning.
    pub(crate) tasks: Vec<TaskOutline>,
    /// How many times the loop began an iteration.
    pub(crate) iterations: usize,
    /// The most threads that ran a task at the same instant.
    pub(crate) at_once: usize,
}

/// A printed line.
#[derive(Debug, Clone)]
pub(crate) struct PrintedLine {
    /// When.
    pub(crate) at: Nanos,
    /// Who printed it.
    pub(crate) task: String,
    /// The line.
    pub(crate) text: String,
}

/// What a task did.
#[derive(Debug, Clone, Default)]
pub(crate) struct TaskOutline {
    /// Its name.
    pub(crate) name: String,
    /// When it was spawned.
    pub(crate) spawned: Nanos,
    /// When it first ran; none if it never did.
    pub(crate) first_polled: Option<Nanos>,
    /// When it ended; none if it did not.
    pub(crate) ended: Option<Nanos>,
    /// Whether it ended by returning.
    pub(crate) finished: bool,
    /// How many times it was polled.
    pub(crate) polls: usize,
    /// Time spent running.
    pub(crate) running: Nanos,
    /// Time spent ready.
    pub(crate) ready: Nanos,
    /// Time spent waiting.
    pub(crate) waiting: Nanos,
    /// How many times it waited for something shared: a permit, an item, a lock.
    pub(crate) shared_waits: usize,
    /// The longest it was ready before it ran.
    pub(crate) longest_ready: Nanos,
    /// The longest it ran without giving control back.
    pub(crate) longest_poll: Nanos,
}

impl Outline {
    /// The first task of that name.
    pub(crate) fn task(&self, name: &str) -> Option<&TaskOutline> {
        self.tasks.iter().find(|task| task.name == name)
    }

    /// When the first line that begins so was printed; the start if none was.
    pub(crate) fn printed_at(&self, start: &str) -> Nanos {
        self.lines.iter().find(|line| line.text.starts_with(start)).map_or(Nanos::ZERO, |line| line.at)
    }

    /// How many lines that begin so were printed.
    pub(crate) fn count_lines(&self, start: &str) -> u64 {
        self.lines.iter().filter(|line| line.text.starts_with(start)).count() as u64
    }
}

/// Sums up a record.
pub(crate) fn outline(record: &Record) -> Outline {
    let catalog = record.catalog();
    let lines = record.output().iter().filter(|line| !line.is_panic);
    let lanes = record.lanes().iter().zip(catalog.tasks());
    let mut shared_waits: HashMap<TaskId, usize> = HashMap::new();
    for event in record.log().iter_from(0) {
        if let EventKind::WaitBegan { task, on: WaitOn::Resource(..), .. } = event.kind {
            *shared_waits.entry(task).or_default() += 1;
        }
    }
    let tasks = lanes.map(|(lane, info)| TaskOutline {
        shared_waits: shared_waits.get(&info.task).copied().unwrap_or_default(),
        ..task(record, lane, info)
    });
    Outline {
        elapsed: record.log().end(),
        outcome: match &record.edge().phase {
            RunPhase::Ended(outcome) => Some(outcome.clone()),
            _ => None,
        },
        lines: lines
            .map(|line| PrintedLine {
                at: line.at,
                task: line.task.map_or("", |task| catalog.task_name(task)).to_owned(),
                text: line.text.to_string(),
            })
            .collect(),
        tasks: tasks.collect(),
        iterations: record.edge().iterations,
        at_once: at_once(record),
    }
}

/// The most threads that ran a task at the same instant.
fn at_once(record: &Record) -> usize {
    // How deep each is in polls: an executor may run within a task.
    let mut depths: HashMap<WorkerId, usize> = HashMap::new();
    let (mut at_work, mut most) = (0_usize, 0);
    for event in record.log().iter_from(0) {
        match event.kind {
            EventKind::PollStarted { .. } => {
                let depth = depths.entry(event.worker).or_default();
                *depth += 1;
                at_work += usize::from(*depth == 1);
                most = most.max(at_work);
            }
            EventKind::PollEnded { .. } => {
                if let Some(depth) = depths.get_mut(&event.worker).filter(|depth| **depth > 0) {
                    *depth -= 1;
                    at_work -= usize::from(*depth == 0);
                }
            }
            _ => {}
        }
    }
    most
}

fn task(record: &Record, lane: &Lane, info: &TaskInfo) -> TaskOutline {
    let edge = record.log().end();
    let mut task = TaskOutline { name: info.name.to_string(), ..TaskOutline::default() };
    task.spawned = record.log().get(info.spawned).map_or(Nanos::ZERO, |event| event.at);
    task.ended = lane.end().map(|(_, at, _)| at);
    task.finished = matches!(lane.end(), Some((_, _, Ending::Returned | Ending::Failed)));
    for span in lane.spans() {
        let length = span.end_or(edge).since(span.start);
        match span.state {
            SpanState::Running => {
                task.polls += 1;
                task.first_polled.get_or_insert(span.start);
                task.running = task.running + length;
                task.longest_poll = task.longest_poll.max(length);
            }
            SpanState::Ready => {
                task.ready = task.ready + length;
                task.longest_ready = task.longest_ready.max(length);
            }
            SpanState::Waiting => task.waiting = task.waiting + length,
        }
    }
    task
}
