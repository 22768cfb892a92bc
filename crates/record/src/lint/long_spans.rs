//! Findings about spans that took long: polls that held everybody else up, and tasks that were ready for long.
//!
//! The longest span of each task is a candidate. What happened during the candidates is read off the events in one pass,
//! however many there are.

use super::finding::{Diagnosis, Finding, Limits, Subject};
use crate::event::{EventKind, Nanos, SiteId, TaskId};
use crate::model::host::Host;
use crate::model::record::Record;
use crate::model::state::State;
use crate::store::log::EventIndex;
use crate::store::span::{Span, SpanState};
use crate::words::wording::Wording;

/// Polls that are followed at once, to tell their lines. Tasks that run at the same time are as many as there are threads, or
/// executors within one another: of a record with more, not all lines are told.
const MOST_OPEN: usize = 256;

/// What to do about a long poll.
const IN_RUST: &str = "move the long computation or blocking call to a thread (spawn_blocking), or yield inside it";
const IN_PYTHON: &str = "move a blocking call to a thread (asyncio.to_thread), and a long calculation in pure Python to a \
                         process (ProcessPoolExecutor), or yield inside it";
const IN_BOTH: &str = "in Rust move it to a thread (spawn_blocking); in Python a blocking call to a thread \
                       (asyncio.to_thread), a long calculation to a process (ProcessPoolExecutor); or yield inside it";

/// A long span of a task.
#[derive(Debug)]
struct Long {
    task: TaskId,
    span: Span,
    length: Nanos,
}

impl Long {
    /// The event after the span; that after the last where it goes on.
    fn end(&self, record: &Record) -> EventIndex {
        self.span.end.map_or(record.log().len(), |(index, _)| index + 1)
    }
}

/// Polls and waits for a turn that took long: the longest of each task.
pub(super) fn long_spans(Subject { record, limits, wording }: Subject<'_>, found: &mut Vec<Diagnosis>) {
    let (mut polls, mut turns, waiting) = candidates(record, limits);
    polls.sort_by_key(|poll| poll.span.first);
    turns.sort_by_key(|turn| turn.span.first);
    let sweep = Sweep::over(record, &polls, &turns);
    // Where the record has no main task, there may be executors that ran nothing while it was recorded.
    let is_alone = record.host().main().is_some() && !sweep.has_threads;
    // A thread of a pool may compute for long, as long as the others take what is ready.
    let is_pool = record.host() == Host::Threads && sweep.has_threads;
    for (poll, lines) in polls.iter().zip(&sweep.lines) {
        if is_pool && !waiting.during(poll, limits.long_poll) {
            continue;
        }
        let name = record.catalog().task_name(poll.task);
        let (start, length) = (poll.span.start, poll.length);
        let (finding, held, others) = if is_alone {
            (Finding::LoopBlocked, "the loop", "no other task could run")
        } else {
            (Finding::ThreadBlocked, "its thread", "no other task could run on it")
        };
        let place = lines.words(record, wording);
        found.push(Diagnosis {
            finding,
            task: poll.task,
            evidence: poll.span.first,
            since: poll.span.first,
            until: poll.end(record).saturating_sub(1),
            cause: format!("{name} held {held} for {length}, from {start} to {}{place}: {others}", start + length),
            fix: wording.say(IN_RUST, IN_PYTHON, IN_BOTH).into(),
        });
    }
    for (turn, ran) in turns.iter().zip(&sweep.ran) {
        // If the others ran for less, it is not they who kept it from running, but a pause on the real clock, or a machine
        // that is busy with something else.
        if *ran < u128::from(turn.length.0 / 2) {
            continue;
        }
        let name = record.catalog().task_name(turn.task);
        let (start, length) = (turn.span.start, turn.length);
        found.push(Diagnosis {
            finding: Finding::Starved,
            task: turn.task,
            evidence: turn.span.first,
            since: turn.span.first,
            until: turn.end(record).saturating_sub(1),
            cause: format!("{name} was ready at {start} and had to wait {length} for its turn"),
            fix: "make the polls of the other tasks shorter, or let those tasks yield".into(),
        });
    }
}

/// When tasks were ready for long: by their beginnings, each with the latest end of those up to it.
#[derive(Debug)]
struct Waiting(Vec<(Nanos, Nanos)>);

impl Waiting {
    fn new(mut spans: Vec<(Nanos, Nanos)>) -> Self {
        spans.sort_unstable();
        let mut latest = Nanos::ZERO;
        for (_, end) in &mut spans {
            latest = latest.max(*end);
            *end = latest;
        }
        Self(spans)
    }

    /// Whether a task was ready for so long while this poll went on.
    fn during(&self, poll: &Long, length: Nanos) -> bool {
        let (start, end) = (poll.span.start, poll.span.start + poll.length);
        let begun = self.0.partition_point(|(begin, _)| *begin + length <= end);
        begun.checked_sub(1).is_some_and(|last| self.0[last].1 >= start + length)
    }
}

/// The longest poll and the longest turn of each task, where they are longer than the limits; and when tasks were ready for
/// longer than a poll may last.
fn candidates(record: &Record, limits: Limits) -> (Vec<Long>, Vec<Long>, Waiting) {
    let edge = record.log().end();
    let (mut polls, mut turns, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    for lane in record.lanes() {
        let mut longest: [Option<Long>; 2] = [None, None];
        for span in lane.spans() {
            let (place, limit) = match span.state {
                SpanState::Running => (0, limits.long_poll),
                SpanState::Ready => (1, limits.long_ready),
                SpanState::Waiting => continue,
            };
            let length = span.end_or(edge) - span.start;
            if span.state == SpanState::Ready && length >= limits.long_poll {
                waiting.push((span.start, span.start + length));
            }
            let so_far = longest[place].as_ref().map_or(limit, |long| long.length);
            // Of equally long ones the last.
            if length > so_far || (length == so_far && longest[place].is_some()) {
                longest[place] = Some(Long { task: lane.task(), span, length });
            }
        }
        let [poll, turn] = longest;
        polls.extend(poll);
        turns.extend(turn);
    }
    (polls, turns, Waiting::new(waiting))
}

/// Where in the source most of a long poll's time passed: at the line that computed; where the record does not tell, between
/// the last line that the task was seen at before, and the first one after.
#[derive(Debug, Clone, Copy, Default)]
struct Lines {
    from: Option<SiteId>,
    to: Option<SiteId>,
    /// The first is the line that computed.
    is_exact: bool,
}

impl Lines {
    fn words(self, record: &Record, wording: &Wording) -> String {
        let line = |site: Option<SiteId>| site.and_then(|site| record.catalog().site(site));
        match (line(self.from), line(self.to)) {
            (Some(from), _) if self.is_exact => format!(" (at {})", wording.line(from)),
            (Some(from), Some(to)) if from != to => {
                format!(" (between {} and {})", wording.line(from), wording.line(to))
            }
            (Some(from), _) => format!(" (after {})", wording.line(from)),
            (None, Some(to)) => format!(" (before {})", wording.line(to)),
            (None, None) => String::new(),
        }
    }
}

/// A poll that is being read.
#[derive(Debug)]
struct Open {
    /// Its number among the candidates.
    number: usize,
    /// The time of the event before.
    before: Nanos,
    /// The most time that passed between two events.
    most: Option<Nanos>,
    /// The event after that has not said yet at which line it is.
    is_open: bool,
}

/// What one pass over the events tells of the candidates.
#[derive(Debug)]
struct Sweep {
    /// For each poll its lines.
    lines: Vec<Lines>,
    /// For each turn, how long tasks ran during it, in nanoseconds in total.
    ran: Vec<u128>,
    /// More than one thread polled tasks.
    has_threads: bool,
}

impl Sweep {
    /// Both lists are in the order of their beginnings.
    fn over(record: &Record, polls: &[Long], turns: &[Long]) -> Self {
        let mut sweep =
            Self { lines: vec![Lines::default(); polls.len()], ran: vec![0; turns.len()], has_threads: false };
        // A turn asks for the running time at two events; the second comes off the first.
        let mut asked: Vec<(EventIndex, usize, bool)> = Vec::with_capacity(2 * turns.len());
        for (number, turn) in turns.iter().enumerate() {
            asked.push((turn.span.first, number, false));
            asked.push((turn.end(record).saturating_sub(1), number, true));
        }
        asked.sort_unstable();
        let mut asked = asked.into_iter().peekable();
        let first = record.first();
        let mut state = record.state_at(first);
        let (mut next_poll, mut open): (usize, Vec<Open>) = (0, Vec::new());
        let (mut now, mut running, mut ran) = (record.log().time_at(first), state.running.len(), 0_u128);
        let mut worker = None;
        for (index, event) in record.log().numbered_from(first) {
            ran += u128::from(event.at.since(now).0) * running as u128;
            now = now.max(event.at);
            while let Some((_, number, is_end)) = asked.next_if(|(at, ..)| *at <= index) {
                let sum = &mut sweep.ran[number];
                *sum = if is_end { ran.saturating_sub(*sum) } else { ran };
            }
            match event.kind {
                EventKind::PollStarted { .. } => {
                    running += 1;
                    sweep.has_threads |= *worker.get_or_insert(event.worker) != event.worker;
                }
                EventKind::PollEnded { .. } => running = running.saturating_sub(1),
                _ => {}
            }
            while let Some(poll) = polls.get(next_poll).filter(|poll| poll.span.first <= index) {
                if open.len() < MOST_OPEN {
                    open.push(Open { number: next_poll, before: poll.span.start, most: None, is_open: false });
                }
                next_poll += 1;
            }
            if open.is_empty() && next_poll == polls.len() {
                continue; // nobody asks for lines any more
            }
            for open in &mut open {
                let task = polls[open.number].task;
                let passed = event.at.since(std::mem::replace(&mut open.before, event.at));
                if open.most.is_none_or(|most| passed > most) {
                    open.most = Some(passed);
                    open.is_open = true;
                    let is_exact = state.task(task).is_some_and(|known| known.computes().is_some());
                    sweep.lines[open.number] = Lines { from: site_in(&state, task), to: None, is_exact };
                }
            }
            state.apply(index, &event);
            // The first use of a line is told before what happens there.
            if !matches!(event.kind, EventKind::SiteDefined { .. }) {
                for open in open.iter_mut().filter(|open| open.is_open) {
                    sweep.lines[open.number].to = site_in(&state, polls[open.number].task);
                    open.is_open = false;
                }
            }
            open.retain(|open| polls[open.number].end(record) > index + 1);
        }
        // Turns that go on at the end of the record.
        for (_, number, is_end) in asked {
            if is_end {
                sweep.ran[number] = ran.saturating_sub(sweep.ran[number]);
            }
        }
        sweep
    }
}

/// The line that a living task was last seen at.
fn site_in(state: &State, task: TaskId) -> Option<SiteId> {
    state.task(task).and_then(|known| known.site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_ready_for_long_during_a_poll_is_known() {
        let ms = Nanos::from_millis;
        let waiting = Waiting::new([(50, 120), (0, 30), (400, 900)].map(|(from, to)| (ms(from), ms(to))).to_vec());
        let poll = |start: u64, length: u64| Long {
            task: TaskId(0),
            span: Span { state: SpanState::Running, start: ms(start), first: 0, end: None, wait: None },
            length: ms(length),
        };
        assert!(waiting.during(&poll(0, 200), ms(60)));
        assert!(!waiting.during(&poll(0, 100), ms(60)), "it was ready for 50 ms of the poll");
        assert!(!waiting.during(&poll(130, 200), ms(60)));
        assert!(waiting.during(&poll(800, 500), ms(60)));
    }
}
