//! Why the run took as long as it did, and how a wake came about: the chains of cause and effect, read backwards.

use crate::event::{EnqueueCause, EventKind, Nanos, TaskId};
use crate::model::record::Record;
use crate::store::log::EventIndex;
use crate::store::span::{Span, SpanState};
use std::collections::HashMap;

/// A piece of the critical path: while it lasted, the run's end waited for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The task.
    pub task: TaskId,
    /// What it did.
    pub state: SpanState,
    /// The event that began the span that the piece is of.
    pub span: EventIndex,
    /// From when.
    pub start: Nanos,
    /// To when.
    pub end: Nanos,
}

/// The chain of polls and waits that leads to the end of the main task, from the start of the run on: each piece ends where
/// the next begins, so that together they last as long as the run did. Making anything else shorter does not help.
///
/// A record without a main task has none: what its program waits for at its end, the record does not know.
#[must_use]
pub fn critical_path(record: &Record) -> Vec<Segment> {
    let Some(main) = record.host().main() else { return Vec::new() };
    let Some(lane) = record.lane(main) else { return Vec::new() };
    let (mut index, mut now) =
        lane.end().map_or((record.log().len(), record.log().end()), |(index, at, _)| (index, at));
    let (mut task, mut path) = (main, Vec::new());
    // Each step goes back by an event at least; a damaged record ends the chain early.
    while let Some(span) = record.lane(task).and_then(|lane| lane.span_before(index)) {
        path.push(Segment { task, state: span.state, span: span.first, start: span.start.min(now), end: now });
        (index, now) = (span.first, span.start.min(now));
        if span.state == SpanState::Ready {
            match cause_at(record, span.first) {
                Some((_, Some(by))) => task = by,
                Some((EnqueueCause::Spawned, None)) => {
                    let Some(info) = record.catalog().task(task) else { break };
                    let Some(parent) = info.parent else { break };
                    (task, index) = (parent, info.spawned);
                }
                _ => {}
            }
        }
    }
    path.reverse();
    path
}

/// The critical path summed up: for each task and state how much of the run's time went there, the most first.
#[must_use]
pub fn critical_parts(record: &Record) -> Vec<(TaskId, SpanState, Nanos)> {
    let mut parts: Vec<(TaskId, SpanState, Nanos)> = Vec::new();
    let mut places: HashMap<(TaskId, SpanState), usize> = HashMap::new();
    for piece in critical_path(record).iter().filter(|piece| piece.end > piece.start) {
        let place = *places.entry((piece.task, piece.state)).or_insert(parts.len());
        if place == parts.len() {
            parts.push((piece.task, piece.state, Nanos::ZERO));
        }
        if let Some((_, _, sum)) = parts.get_mut(place) {
            *sum = *sum + (piece.end - piece.start);
        }
    }
    parts.sort_by_key(|(task, _, length)| (std::cmp::Reverse(*length), *task));
    parts
}

/// Why a task was enqueued, and the task that did it, if one did.
fn cause_at(record: &Record, index: EventIndex) -> Option<(EnqueueCause, Option<TaskId>)> {
    let EventKind::Enqueued { cause, .. } = record.log().get(index)?.kind else { return None };
    Some((cause, cause.by()))
}

/// A link of a wake chain: this task became ready, because of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The task that became ready.
    pub task: TaskId,
    /// The event.
    pub index: EventIndex,
    /// Why.
    pub cause: EnqueueCause,
}

/// How a task came to be ready at an event, back to the root: it was woken by a task, which was ready because of another,
/// and so on to a timer, a spawn, or something from outside. The event itself comes first.
#[must_use]
pub fn wake_chain(record: &Record, enqueued: EventIndex) -> Vec<Link> {
    let mut chain = Vec::new();
    let mut index = enqueued;
    while let Some(EventKind::Enqueued { task, cause }) = record.log().get(index).map(|event| event.kind) {
        chain.push(Link { task, index, cause });
        let Some((_, Some(by))) = cause_at(record, index) else { break };
        let ready = |span: &Span| span.state == SpanState::Ready;
        match record.lane(by).and_then(|lane| lane.last_before(index, ready)) {
            Some(span) => index = span.first,
            None => break,
        }
    }
    chain
}
