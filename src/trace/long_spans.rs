//! Findings about spans that took long: polls that held everybody else up, and tasks that were ready for long.
//!
//! The longest span of each task is a candidate. What happened during the candidates is read off the events in one pass,
//! however many there are.

use super::diagnose::{Diagnosis, Finding, Limits};
use super::lane::{Span, SpanState};
use super::log::EventIndex;
use super::record::Record;
use super::state::State;
use super::why::brief;
use crate::event::{EventKind, Nanos, SiteId, TaskId};

/// Polls that are followed at once, to tell their lines. Tasks that run at the same time are as many as there are threads, or
/// executors within one another: of a record with more, not all lines are told.
const MOST_OPEN: usize = 256;

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
pub(super) fn long_spans(record: &Record, limits: Limits, found: &mut Vec<Diagnosis>) {
    let (mut polls, mut turns) = candidates(record, limits);
    polls.sort_by_key(|poll| poll.span.first);
    turns.sort_by_key(|turn| turn.span.first);
    let sweep = Sweep::over(record, &polls, &turns);
    // Where the record has no main task, there may be executors that ran nothing while it was recorded.
    let is_alone = record.host().main().is_some() && !sweep.has_threads;
    for (poll, lines) in polls.iter().zip(&sweep.lines) {
        let name = record.catalog().task_name(poll.task);
        let (start, length) = (poll.span.start.as_secs_f64(), brief(poll.length));
        let (held, others) = match is_alone {
            true => ("the loop", "nobody else could run"),
            false => ("its thread", "nobody else could run on it"),
        };
        let place = lines.words(record);
        found.push(Diagnosis {
            finding: Finding::LoopBlocked,
            task: poll.task,
            evidence: poll.span.first,
            cause: format!("{name} held {held} for {length} from {start:.3} s on{place}: {others}"),
            fix: "give the long computation to spawn_blocking, or await something within it",
        });
    }
    for (turn, ran) in turns.iter().zip(&sweep.ran) {
        // If the others ran for less, it is not they who kept it from running, but a pause on the real clock, or a machine
        // that is busy with something else.
        if *ran < u128::from(turn.length.0 / 2) {
            continue;
        }
        let name = record.catalog().task_name(turn.task);
        let (start, length) = (turn.span.start.as_secs_f64(), brief(turn.length));
        found.push(Diagnosis {
            finding: Finding::Starved,
            task: turn.task,
            evidence: turn.span.first,
            cause: format!("{name} was ready at {start:.3} s and had to wait {length} for its turn"),
            fix: "make the tasks that run meanwhile shorter, or let them yield",
        });
    }
}

/// The longest poll and the longest turn of each task, where they are longer than the limits.
fn candidates(record: &Record, limits: Limits) -> (Vec<Long>, Vec<Long>) {
    let edge = record.log().end();
    let (mut polls, mut turns) = (Vec::new(), Vec::new());
    for lane in record.lanes() {
        let mut longest: [Option<Long>; 2] = [None, None];
        for span in lane.spans() {
            let (place, limit) = match span.state {
                SpanState::Running => (0, limits.long_poll),
                SpanState::Ready => (1, limits.long_ready),
                SpanState::Waiting => continue,
            };
            let length = span.end_or(edge) - span.start;
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
    (polls, turns)
}

/// Where in the source most of a long poll's time passed: between the last line that the task was seen at before, and the
/// first one after.
#[derive(Debug, Clone, Copy, Default)]
struct Lines {
    from: Option<SiteId>,
    to: Option<SiteId>,
}

impl Lines {
    fn words(self, record: &Record) -> String {
        let line = |site: Option<SiteId>| site.and_then(|site| record.catalog().site(site));
        match (line(self.from), line(self.to)) {
            (Some(from), Some(to)) if from != to => {
                format!(", between {}:{} and line {}", from.file_name(), from.line, to.line)
            }
            (Some(from), _) => format!(", after {}:{}", from.file_name(), from.line),
            (None, Some(to)) => format!(", before {}:{}", to.file_name(), to.line),
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
    /// For each turn how long tasks ran meanwhile, together, in nanoseconds.
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
                    sweep.lines[open.number] = Lines { from: site_in(&state, task), to: None };
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
