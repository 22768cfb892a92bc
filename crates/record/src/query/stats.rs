//! The run in numbers.

use crate::event::{EventKind, Nanos, Outcome, TaskId};
use crate::model::record::Record;
use crate::model::state::RunPhase;
use crate::store::ending::Ending;
use crate::store::span::SpanState;
use crate::text::line;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// From the first event to the last.
    pub elapsed: Nanos,
    /// Events in the record.
    pub events: usize,
    /// Events that are missing from it.
    pub lost: u64,
    /// Tasks spawned.
    pub tasks: usize,
    /// Tasks that ended, by how: in the order of [`Ending::ALL`].
    pub ended: [usize; Ending::COUNT],
    /// Polls that began.
    pub polls: usize,
    /// The time that tasks spent in each state, together: running, ready, waiting.
    pub running: Nanos,
    /// In the ready queue.
    pub ready: Nanos,
    /// Waiting.
    pub waiting: Nanos,
    /// The longest poll, and whose it was.
    pub longest_poll: Option<(Nanos, TaskId)>,
    /// The longest time that a task was ready before it ran, and which.
    pub longest_ready: Option<(Nanos, TaskId)>,
    /// Timers that fired.
    pub timers: usize,
    /// How long after its deadline the latest of them fired.
    pub latest_timer: Nanos,
    /// Wakes of tasks that were ready already.
    pub coalesced: usize,
    /// Lines printed.
    pub printed: usize,
}

impl Stats {
    /// Reads them from a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let edge = record.edge();
        let mut stats = Self {
            elapsed: record.log().end(),
            events: record.log().len(),
            tasks: edge.spawned,
            ended: Ending::ALL.map(|ending| edge.ended(ending)),
            polls: edge.polls,
            printed: edge.printed,
            ..Self::default()
        };
        let mut times = record.given_up().times;
        for lane in record.lanes() {
            let task = lane.task();
            for (sum, time) in times.iter_mut().zip(lane.times(stats.elapsed)) {
                *sum = *sum + time;
            }
            for span in lane.spans() {
                let length = span.end_or(stats.elapsed) - span.start;
                let longest = match span.state {
                    SpanState::Running => Some(&mut stats.longest_poll),
                    SpanState::Ready => Some(&mut stats.longest_ready),
                    SpanState::Waiting => None,
                };
                if let Some(longest) = longest
                    && longest.is_none_or(|(so_far, _)| length > so_far)
                {
                    *longest = Some((length, task));
                }
            }
        }
        [stats.running, stats.ready, stats.waiting] = times;
        for event in record.log().iter_from(0) {
            match &event.kind {
                EventKind::TimerFired { timer } => {
                    stats.timers += 1;
                    let deadline = record.timer(*timer).map_or(event.at, |info| info.deadline);
                    stats.latest_timer = stats.latest_timer.max(event.at.since(deadline));
                }
                EventKind::WakeCoalesced { .. } => stats.coalesced += 1,
                EventKind::EventsLost { count } => stats.lost += count,
                _ => {}
            }
        }
        stats
    }

    /// Tasks that ended so.
    #[must_use]
    pub fn ended(&self, ending: Ending) -> usize {
        self.ended[ending.place()]
    }

    /// The numbers line by line, each with its name; [fit](crate::text::line()) to be shown.
    #[must_use]
    pub fn lines(&self, record: &Record) -> Vec<(&'static str, String)> {
        let of_whom = |longest: Option<(Nanos, TaskId)>| match longest {
            Some((length, task)) => format!("{length}, of {}", record.catalog().task_name(task)),
            None => "none".to_owned(),
        };
        let phase = match &record.edge().phase {
            RunPhase::Ended(Outcome::Completed) if record.host().main().is_none() => "with the recording".to_owned(),
            RunPhase::Ended(Outcome::Panicked(message)) => format!("Panicked: {}", line(message)),
            RunPhase::Ended(outcome) => format!("{outcome:?}"),
            _ => "the record ends before the run".to_owned(),
        };
        let mut lines = vec![
            ("run", line(record.title()).into_owned()),
            ("ended", phase),
            ("elapsed", self.elapsed.to_string()),
            ("events", self.events.to_string()),
            ("events lost", self.lost.to_string()),
            ("tasks", self.tasks.to_string()),
        ];
        lines.extend(Ending::ALL.map(|ending| (ending.word(), self.ended(ending).to_string())));
        lines.extend([
            ("polls", self.polls.to_string()),
            ("running", self.running.to_string()),
            ("ready", self.ready.to_string()),
            ("waiting", self.waiting.to_string()),
            ("longest poll", of_whom(self.longest_poll)),
            ("longest ready", of_whom(self.longest_ready)),
            ("timers fired", self.timers.to_string()),
            ("latest timer", self.latest_timer.to_string()),
            ("wakes of ready tasks", self.coalesced.to_string()),
            ("lines printed", self.printed.to_string()),
        ]);
        lines
    }
}
