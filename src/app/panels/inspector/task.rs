//! The card of a task.

use super::card::{Piece, Row};
use super::{Card, Inspector, after};
use crate::app::command::Command;
use crate::app::panels::describe;
use crate::app::selection::Selection;
use crate::event::{EnqueueCause, EventKind, Nanos, TaskId, WaitOn};
use crate::trace::{
    Histogram, SpanState, TaskInfo, TaskState, TaskStatus, blocked_by, chain, end_words, wait_label, woken_words,
};

impl Inspector<'_> {
    pub(super) fn task(&self, task: TaskId) -> Option<Card> {
        let Self { record, state, point, .. } = *self;
        let info = record.catalog().task(task)?;
        let is_main = record.host().main() == Some(task);
        let subtitle = if is_main { "main task".to_owned() } else { format!("task {}", task.0) };
        let mut rows = Vec::new();
        let spoken = describe(record, state, point.at, task, self.wording);
        let doing = spoken.split_once(", ").map_or(spoken.as_str(), |(_, doing)| doing);
        rows.push(Row::words("now", doing));
        rows.extend(self.result(task));
        let known = state.task(task);
        rows.extend(known.and_then(|known| self.stands(known)));
        rows.extend(self.woken(task));
        rows.extend(self.why(task).map(|why| Row::words("why", why)));
        let is_held = known.is_some_and(|task| matches!(task.status, TaskStatus::Waiting | TaskStatus::Ready(_)));
        if is_held {
            let blocked = blocked_by(record, task, point.index);
            // Of a task that waits for nobody else, the rows above say all.
            if blocked.links.len() > 1 {
                rows.push(Row::words("blocked by", blocked.sentence(record)));
            }
        }
        rows.push(self.spawned(info));
        rows.extend(self.figures(task));
        Some(Card { task: Some(task), title: info.name.to_string(), subtitle, rows })
    }

    /// The functions that it is in, each at its line, and what it awaits there.
    fn stands(&self, known: &TaskState) -> Option<Row> {
        let catalog = self.record.catalog();
        let wait = known.waits.back().filter(|_| known.status != TaskStatus::Running);
        let wait = wait.and_then(|wait| self.record.wait(*wait));
        let stack = chain(catalog, known.task, known.steps(catalog), self.wording);
        let Some(wait) = wait else {
            // The task alone, without a line, says nothing.
            let is_told = known.steps(catalog).any(|step| step.site.is_some());
            let what = match known.computes() {
                Some(_) => "computes at",
                None if known.status == TaskStatus::Running => "last seen at",
                None => "at",
            };
            let row = is_told.then(|| Row::words(what, stack.join(" › ")))?;
            return Some(match known.computes() {
                Some(computing) => self.at(row.say("since"), computing.since.1),
                None => row,
            });
        };
        let row = stack.into_iter().fold(Row::new("awaits"), |row, entry| row.say(format!("{entry} ›")));
        let words = wait_label(catalog, &wait.on);
        Some(match &wait.on {
            WaitOn::Sleep { timer, .. } => row.link(words, Command::Select(Selection::Timer(*timer))),
            WaitOn::Join(task) => row.say("the end of").task(*task),
            WaitOn::Resource(resource, _) => row.link(words, Command::Select(Selection::Resource(*resource))),
            WaitOn::Job(job) => row.link(words, Command::Select(Selection::Job(*job))),
            _ => row.say(words),
        })
    }

    /// Who or what made it ready last.
    fn woken(&self, task: TaskId) -> Option<Row> {
        let Self { record, point, .. } = *self;
        let ready = record.lane(task)?.last_before(point.index, |span| span.state == SpanState::Ready)?;
        let EventKind::Enqueued { cause, .. } = record.log().get(ready.first)?.kind else { return None };
        let wake = Command::Select(Selection::Wake(ready.first));
        let row = self.at(Row::new("last woken").link(woken_words(record, task, cause), wake).say("at"), ready.first);
        Some(match cause {
            EnqueueCause::Timer(timer) => row.say("· see").link("the timer", Command::Select(Selection::Timer(timer))),
            cause => match cause.by() {
                Some(by) => row.say("· see").task(by),
                None => row,
            },
        })
    }

    fn spawned(&self, info: &TaskInfo) -> Row {
        let TaskInfo { task, parent, spawned: index, site, .. } = *info;
        let row = Row::new("spawned");
        let row = match parent {
            Some(parent) => row.say("by").task(parent).say("at"),
            None => row.say("at"),
        };
        let row = row.link(self.time_of(index).to_string(), Command::Show(task, after(index)));
        match self.record.catalog().site(site).filter(|_| parent.is_some()) {
            Some(site) => row.say(format!("({})", self.wording.line(site))),
            None => row,
        }
    }

    /// How it ended, if it has.
    fn result(&self, task: TaskId) -> Option<Row> {
        let Self { record, .. } = *self;
        let end = record.end(task).filter(|end| self.is_past(end.index))?;
        let show = Command::Show(task, after(end.index));
        Some(Row::words("result", end_words(record, &end, self.wording)).say("at").link(end.at.to_string(), show))
    }

    /// Polls, and the time in each state, each with a way to the longest.
    fn figures(&self, task: TaskId) -> Vec<Row> {
        let Self { record, point, dossier, .. } = *self;
        let Some(lane) = record.lane(task) else { return Vec::new() };
        let edge = record.log().end().max(point.at);
        let times = lane.columns(Nanos::ZERO, point.at, 1, edge).first().map_or_else(Default::default, |all| all.times);
        let polls = lane.event_columns(&[0, point.index]).first().map_or(0, |all| all.polls);
        let history = dossier.task();
        // A figure, and where it has one, a way to the longest span that it sums up.
        let row = |name: &'static str, figure: String, state: SpanState| {
            let span = history.and_then(|history| history.longest(state));
            let longest = span.map(|span| (span.first, span.end_or(point.at) - span.start));
            match longest.filter(|(_, length)| *length > Nanos::ZERO) {
                Some((first, length)) => {
                    let show = Command::Show(task, after(first));
                    Row::words(name, format!("{figure}, longest")).link(length.to_string(), show)
                }
                None => Row::words(name, figure),
            }
        };
        let [running, ready, waiting] = [SpanState::Running, SpanState::Ready, SpanState::Waiting];
        let time = |state: SpanState| (times[state as usize]).to_string();
        let mut rows = vec![
            row("polls", polls.to_string(), running),
            Row::words("running", time(running)),
            row("ready", time(ready), ready),
            row("waiting", time(waiting), waiting),
        ];
        if let Some(turns) = history.and_then(|history| history.turns()).filter(|turns| turns.max > Nanos::ZERO) {
            rows.extend(latency(turns));
        }
        rows
    }
}

/// How long it was ready before its polls, as a small drawing and in words.
fn latency(turns: &Histogram) -> [Row; 2] {
    let mut counts: Vec<u64> = turns.buckets().map(|bucket| bucket.count).collect();
    while counts.last() == Some(&0) {
        counts.pop();
    }
    let words = format!("half ran within {}, 99 of 100 within {}", turns.p50, turns.p99);
    [Row::new("ready before running").with(Piece::Columns(counts)), Row::words("", words)]
}

impl Inspector<'_> {
    /// Why the task is in the state that it is in at the cursor.
    fn why(&self, task: TaskId) -> Option<String> {
        let lane = self.record.lane(task)?;
        if lane.end().is_some_and(|(index, _, _)| index < self.point.index) {
            return None; // its end says it
        }
        let span = lane.last_before(self.point.index, |_| true)?;
        Some(self.explained.at(self.record, task, &span, self.point.index, self.wording))
    }
}
