//! Why a task was in a state: the cause of a span, in plain words and with its numbers.

use super::catalog::TimerEnd;
use super::lane::{Span, SpanState};
use super::log::EventIndex;
use super::record::Record;
use super::sentence::because;
use super::wait_words::await_chain;
use crate::event::{EventKind, Nanos, PollOutcome, TaskId};

/// The causal sentence of a span of a task.
///
/// For a running span it says why the task was ready, and how long it had to wait for its turn because of whom; for a ready
/// one who holds the loop meanwhile; for a waiting one what it waits for, and what ended that.
#[must_use]
pub fn explain(record: &Record, task: TaskId, span: &Span) -> String {
    explain_at(record, task, span, record.log().len())
}

/// The same as it was known after the first `seen` events: nothing is told of what came thereafter.
///
/// Working it out reads the events in which a task was ready, and the state at two of them.
#[must_use]
pub fn explain_at(record: &Record, task: TaskId, span: &Span, seen: EventIndex) -> String {
    let name = record.catalog().task_name(task);
    let span = &Span { end: span.end.filter(|(end, _)| *end < seen), ..*span };
    match span.state {
        SpanState::Running => {
            let ready = ready_before(record, task, span);
            let turn = ready.map_or_else(String::new, |ready| turn(record, task, &ready, seen));
            match span.end {
                Some((_, end)) => format!("{name} ran at {} for {}{turn}", at(span.start), brief(end - span.start)),
                None => format!("{name} has been running since {}{turn}", at(span.start)),
            }
        }
        SpanState::Ready => {
            let turn = turn(record, task, span, seen);
            match span.end {
                Some((_, end)) => format!("{name} was ready at {}, and ran at {}{turn}", at(span.start), at(end)),
                None => format!("{name} has been ready since {}{turn}", at(span.start)),
            }
        }
        SpanState::Waiting => waiting(record, task, span),
    }
}

/// A length to read: of what a real clock measured, no digits that nobody reads.
pub(super) fn brief(length: Nanos) -> Nanos {
    let unit = match length.0 {
        100_000_000.. => 1_000_000,
        1_000_000.. => 1_000,
        _ => 1,
    };
    Nanos(length.0.saturating_add(unit / 2) / unit * unit)
}

/// A time as the timeline shows it.
fn at(time: Nanos) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// The span in which a task was ready before it ran.
fn ready_before(record: &Record, task: TaskId, running: &Span) -> Option<Span> {
    record.lane(task)?.last_before(running.first, |_| true).filter(|span| span.state == SpanState::Ready)
}

/// Why a task was ready, and who ran before its turn came.
fn turn(record: &Record, task: TaskId, ready: &Span, seen: EventIndex) -> String {
    let log = record.log();
    let catalog = record.catalog();
    let mut text = String::new();
    if let Some(EventKind::Enqueued { cause, .. }) = log.get(ready.first).map(|event| event.kind) {
        text = format!(": {}", because(catalog, cause));
    }
    let end = ready.end.map_or(seen.saturating_sub(1), |(index, _)| index);
    let waited = ready.end_or(log.time_at(seen)) - ready.start;
    if waited == Nanos::ZERO {
        let ahead = polls_between(record, ready.first, end).filter(|poll| poll.task != task).count();
        match ahead {
            0 => {}
            1 => text.push_str("; one task ran before its turn came, in no time"),
            _ => text.push_str(&format!("; {ahead} tasks ran before its turn came, in no time")),
        }
        return text;
    }
    let longest =
        polls_between(record, ready.first, end).filter(|poll| poll.task != task).max_by_key(|poll| poll.length);
    if let Some(poll) = longest.filter(|poll| poll.length > Nanos::ZERO) {
        let line = record.state_at(poll.ended).task(poll.task).and_then(|known| catalog.site(known.site?));
        let line = line.map_or_else(String::new, |site| format!(" ({}:{})", site.file_name(), site.line));
        let name = catalog.task_name(poll.task);
        text.push_str(&format!(
            "; it had to wait for {}, for {name} held the loop for {}{line}",
            brief(waited),
            brief(poll.length)
        ));
    } else {
        text.push_str(&format!("; it had to wait for {}", brief(waited)));
    }
    text
}

/// A poll that touches a part of the record.
pub(super) struct Poll {
    task: TaskId,
    /// As far as it lies in that part.
    pub(super) length: Nanos,
    /// The event that ended it, or the last of that part.
    ended: EventIndex,
}

/// The polls that were under way between two events, in the order of their ends.
pub(super) fn polls_between(record: &Record, from: EventIndex, to: EventIndex) -> impl Iterator<Item = Poll> {
    let begun = record.log().time_at(from + 1);
    let mut running: Vec<(TaskId, Nanos)> =
        record.state_at(from).running.iter().map(|(_, task)| (*task, begun)).collect();
    let mut polls = Vec::new();
    for (offset, event) in record.log().iter_from(from).take(to.saturating_sub(from) + 1).enumerate() {
        match &event.kind {
            EventKind::PollStarted { task } => running.push((*task, event.at)),
            EventKind::PollEnded { task, .. } => {
                if let Some(place) = running.iter().rposition(|(running, _)| running == task) {
                    let (task, start) = running.remove(place);
                    polls.push(Poll { task, length: event.at - start, ended: from + offset });
                }
            }
            _ => {}
        }
    }
    let end = record.log().time_at(to + 1);
    polls.extend(running.into_iter().map(|(task, start)| Poll { task, length: end - start, ended: to }));
    polls.into_iter()
}

fn waiting(record: &Record, task: TaskId, span: &Span) -> String {
    let catalog = record.catalog();
    let name = catalog.task_name(task);
    let began = match span.wait.and_then(|wait| record.wait(wait)) {
        Some(wait) => format!("{name} waits since {}: {}", at(span.start), await_chain(catalog, &wait)),
        None => format!("{name} waits since {}, for something that has no name", at(span.start)),
    };
    let Some((end, when)) = span.end else { return began };
    let what = match record.log().get(end).map(|event| event.kind) {
        Some(EventKind::Enqueued { cause, .. }) => because(catalog, cause),
        Some(EventKind::TaskDropped { .. }) => "it was dropped".to_owned(),
        _ => "the record does not say why".to_owned(),
    };
    let late =
        late_timer(record, span).map_or_else(String::new, |late| format!(", {} after its deadline", brief(late)));
    format!("{began}; over at {} after {}: {what}{late}", at(when), brief(when - span.start))
}

/// By how much the timer that a span waits for fired late.
fn late_timer(record: &Record, span: &Span) -> Option<Nanos> {
    let wait = record.wait(span.wait?)?;
    let crate::event::WaitOn::Sleep { timer, .. } = wait.on else { return None };
    let info = record.timer(timer)?;
    let (fired, end) = info.end?;
    let late = record.log().get(fired)?.at.since(info.deadline);
    (end == TimerEnd::Fired && late > Nanos::ZERO).then_some(late)
}

/// Why a task ended, if it has.
#[must_use]
pub fn explain_end(record: &Record, task: TaskId) -> Option<String> {
    let name = record.catalog().task_name(task);
    let (index, when, _) = record.lane(task)?.end()?;
    let knows_why = record.host().knows_why_tasks_are_dropped();
    let how = match &record.log().get(index)?.kind {
        EventKind::PollEnded { outcome: PollOutcome::Panicked, .. } => "panicked",
        EventKind::TaskDropped { .. } if !knows_why => "was dropped unfinished",
        EventKind::TaskDropped { cause: crate::event::DropCause::RunEnded, .. } => {
            "was dropped, because the run was over"
        }
        EventKind::TaskDropped { .. } => "was dropped, because it was cancelled",
        _ => "returned",
    };
    Some(format!("{name} {how} at {}", at(when)))
}
