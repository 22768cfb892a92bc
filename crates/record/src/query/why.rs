//! Why a task was in a state: the cause of a span, in plain words and with its numbers.

use crate::event::{EventKind, Nanos, TaskId, WorkerId};
use crate::model::facts::TimerEnd;
use crate::model::host::Host;
use crate::model::record::Record;
use crate::store::log::EventIndex;
use crate::store::span::{Span, SpanState};
use crate::words::cause::because;
use crate::words::ending::end_words_in_short;
use crate::words::wait::await_chain;
use crate::words::wording::Wording;

/// The causal sentence of a span of a task.
///
/// For a running span it says why the task was ready, and how long it had to wait for its turn because of whom; for a ready
/// one that blocks the loop; for a waiting one what it waits for, and what ended that.
#[must_use]
pub fn explain(record: &Record, task: TaskId, span: &Span, wording: &Wording) -> String {
    explain_at(record, task, span, record.log().len(), wording)
}

/// The same as it was known after the first `seen` events: nothing that came later is used.
///
/// Working it out reads the events in which a task was ready, and the state at two of them.
#[must_use]
pub fn explain_at(record: &Record, task: TaskId, span: &Span, seen: EventIndex, wording: &Wording) -> String {
    let name = record.catalog().task_name(task);
    let span = &Span { end: span.end.filter(|(end, _)| *end < seen), ..*span };
    let since = span.start;
    match span.state {
        SpanState::Running => {
            let ready = ready_before(record, task, span);
            let turn = ready.map(|ready| turn(record, task, &ready, seen, wording)).unwrap_or_default();
            let ran = match span.end {
                Some((_, end)) if end == since => format!("{name} ran at {since}"),
                Some((_, end)) => format!("{name} ran for {} from {since}", end - since),
                None => format!("{name} has been running since {since}"),
            };
            match ready {
                // It ran at once: what made it ready made it run.
                Some(ready) if ready.start == since => format!("{ran}{}{}", turn.after(), turn.delay),
                Some(ready) => format!("{ran}; it was ready from {}{}{}", ready.start, turn.when(), turn.delay),
                None => ran,
            }
        }
        SpanState::Ready => {
            let turn = turn(record, task, span, seen, wording);
            let (when, delay) = (turn.when(), &turn.delay);
            match span.end {
                Some((_, end)) => format!("{name} was ready from {since}{when}, and ran at {end}{delay}"),
                None => format!("{name} has been ready since {since}{when}{delay}"),
            }
        }
        SpanState::Waiting => waiting(record, task, span, wording),
    }
}

/// The span in which a task was ready before it ran.
fn ready_before(record: &Record, task: TaskId, running: &Span) -> Option<Span> {
    record.lane(task)?.last_before(running.first, |_| true).filter(|span| span.state == SpanState::Ready)
}

/// What is to be said of a task that was ready.
#[derive(Debug, Default)]
struct Turn {
    /// Why it became ready, where the record knows.
    cause: Option<String>,
    /// What it had to wait for then: the rest of a sentence.
    delay: String,
}

impl Turn {
    fn when(&self) -> String {
        self.cause.as_ref().map_or_else(String::new, |cause| format!(", when {cause}"))
    }

    fn after(&self) -> String {
        self.cause.as_ref().map_or_else(String::new, |cause| format!(", after {cause}"))
    }
}

fn turn(record: &Record, task: TaskId, ready: &Span, seen: EventIndex, wording: &Wording) -> Turn {
    let log = record.log();
    let catalog = record.catalog();
    let cause = match log.get(ready.first).map(|event| event.kind) {
        Some(EventKind::Enqueued { cause, .. }) => Some(because(record, task, cause)),
        _ => None,
    };
    let end = ready.end.map_or(seen.saturating_sub(1), |(index, _)| index);
    let waited = ready.end_or(log.time_at(seen)) - ready.start;
    // Of several threads it waited for the one that took it in the end.
    let took = ready.end.and_then(|(end, _)| log.get(end)).map(|event| event.worker);
    let is_threaded = record.host() != Host::Loop;
    let has_kept_it = |poll: &Poll| poll.task != task && took.is_none_or(|took| !is_threaded || poll.worker == took);
    let polls = polls_between(record, ready.first, end).filter(has_kept_it);
    let delay = if is_threaded && took.is_none() && waited > Nanos::ZERO {
        let state = record.state_at(end + 1);
        let busy: Vec<&str> = state.running.iter().map(|(_, task)| catalog.task_name(*task)).collect();
        match &busy[..] {
            [] => format!("; it has waited {waited} so far"),
            [one] => format!("; it has waited {waited} so far, while {one} runs"),
            [all @ .., last] => format!("; it has waited {waited} so far, while {} and {last} run", all.join(", ")),
        }
    } else if waited == Nanos::ZERO {
        match polls.count() {
            0 => String::new(),
            1 => "; one task ran first, in 0 s".to_owned(),
            ahead => format!("; {ahead} tasks ran first, in 0 s"),
        }
    } else if let Some(poll) = polls.max_by_key(|poll| poll.length).filter(|poll| poll.length > Nanos::ZERO) {
        let line = record.state_at(poll.ended).task(poll.task).and_then(|known| catalog.site(known.site?));
        let line = line.map_or_else(String::new, |site| format!(" ({})", wording.line(site)));
        let name = catalog.task_name(poll.task);
        let what = if is_threaded { format!("thread {}", poll.worker.0 + 1) } else { "the loop".to_owned() };
        format!("; it had to wait {waited} because {name} held {what} for {}{line}", poll.length)
    } else {
        format!("; it had to wait {waited}")
    };
    Turn { cause, delay }
}

/// A poll that touches a part of the record.
pub(crate) struct Poll {
    task: TaskId,
    worker: WorkerId,
    /// As far as it lies in that part.
    pub(crate) length: Nanos,
    /// The event that ended it, or the last of that part.
    ended: EventIndex,
}

/// The polls that were under way between two events, in the order of their ends.
pub(super) fn polls_between(record: &Record, from: EventIndex, to: EventIndex) -> impl Iterator<Item = Poll> {
    let begun = record.log().time_at(from + 1);
    let mut running: Vec<(TaskId, WorkerId, Nanos)> =
        record.state_at(from).running.iter().map(|(worker, task)| (*task, *worker, begun)).collect();
    let mut polls = Vec::new();
    for (offset, event) in record.log().iter_from(from).take(to.saturating_sub(from) + 1).enumerate() {
        match &event.kind {
            EventKind::PollStarted { task } => running.push((*task, event.worker, event.at)),
            EventKind::PollEnded { task, .. } => {
                if let Some(place) = running.iter().rposition(|(running, ..)| running == task) {
                    let (task, worker, start) = running.remove(place);
                    polls.push(Poll { task, worker, length: event.at - start, ended: from + offset });
                }
            }
            _ => {}
        }
    }
    let end = record.log().time_at(to + 1);
    polls.extend(running.into_iter().map(|(task, worker, start)| Poll {
        task,
        worker,
        length: end - start,
        ended: to,
    }));
    polls.into_iter()
}

fn waiting(record: &Record, task: TaskId, span: &Span, wording: &Wording) -> String {
    let catalog = record.catalog();
    let name = catalog.task_name(task);
    let what = match span.wait.and_then(|wait| record.wait(wait)) {
        Some(wait) => format!(" ({})", await_chain(catalog, &wait, wording)),
        None => " for something that has no name".to_owned(),
    };
    let since = span.start;
    let Some((end, when)) = span.end else { return format!("{name} has been waiting since {since}{what}") };
    let ended = match record.log().get(end).map(|event| event.kind) {
        Some(EventKind::Enqueued { cause, .. }) => format!(", when {}", because(record, task, cause)),
        Some(EventKind::TaskDropped { .. }) => ", when it was dropped".to_owned(),
        _ => "; the record does not say why".to_owned(),
    };
    let late = late_timer(record, span).map_or_else(String::new, |late| format!(", {late} late"));
    format!("{name} waited {}, from {since} to {when}{ended}{late}{what}", when - since)
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
pub fn explain_end(record: &Record, task: TaskId, wording: &Wording) -> Option<String> {
    let name = record.catalog().task_name(task);
    let end = record.end(task)?;
    Some(format!("{name} {} at {}", end_words_in_short(record, &end, wording), end.at))
}
