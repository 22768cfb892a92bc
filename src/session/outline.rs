//! A record summed up for a lesson's question.

use crate::event::{EventKind, Nanos, TaskId, WaitOn, WorkerId};
use crate::scenarios::{Outline, PrintedLine, TaskOutline};
use crate::trace::{Ending, Lane, Record, RunPhase, SpanState, TaskInfo};
use std::collections::HashMap;

/// Sums up a record.
#[must_use]
pub fn outline(record: &Record) -> Outline {
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
    task.finished = matches!(lane.end(), Some((_, _, Ending::Finished)));
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
