//! The card of a wake: who made a task ready, why, and what came of it.

use super::card::Row;
use super::{Card, Inspector, after};
use crate::app::command::Command;
use crate::app::selection::Selection;
use crate::event::{EnqueueCause, EventKind, Nanos};
use crate::trace::{EventIndex, SpanState, wake_chain, woken_words};

/// Links of the chain that are told.
const MOST_LINKS: usize = 8;
/// Events of the poll after it among which others that it woke are looked for.
const MOST_LED: usize = 2048;

impl Inspector<'_> {
    pub(super) fn wake(&self, wake: EventIndex) -> Option<Card> {
        let Self { record, .. } = *self;
        let event = record.log().get(wake)?;
        let EventKind::Enqueued { task, cause } = event.kind else { return None };
        let name = record.catalog().task_name(task);
        let mut rows = Vec::new();
        let row = Row::new("because").say(woken_words(record, task, cause));
        rows.push(match cause {
            EnqueueCause::Timer(timer) => row.link("the timer", Command::Select(Selection::Timer(timer))),
            EnqueueCause::JobDone(job) => row.link("the job", Command::Select(Selection::Job(job))),
            cause => match cause.by() {
                Some(by) => row.task(by),
                None => row,
            },
        });
        let show = Command::Show(task, after(wake));
        rows.push(Row::new("when").link(event.at.to_string(), show));
        let mut chain = Row::new("came from");
        let links = wake_chain(record, wake);
        for link in links.iter().skip(1).take(MOST_LINKS) {
            let words =
                format!("{}, {}", record.catalog().task_name(link.task), woken_words(record, link.task, link.cause));
            chain = chain.say("←").link(words, Command::Select(Selection::Wake(link.index)));
        }
        if links.len() > 1 {
            rows.push(if links.len() > MOST_LINKS + 1 { chain.say("← …") } else { chain });
        }
        rows.extend(self.led_to(task, wake));
        Some(Card { task: Some(task), title: format!("{name} becomes ready"), subtitle: "a wake".to_owned(), rows })
    }

    /// The poll that followed, what the task did in it, and whom it woke.
    fn led_to(&self, task: crate::event::TaskId, wake: EventIndex) -> Vec<Row> {
        let Self { record, .. } = *self;
        let lane = record.lane(task);
        let poll = lane.and_then(|lane| lane.span_after(wake)).filter(|span| span.state == SpanState::Running);
        let Some(poll) = poll.filter(|poll| self.is_past(poll.first)) else {
            return vec![Row::words("led to", "nothing yet: the task is waiting for its turn")];
        };
        let turn = poll.start - record.log().time_at(wake + 1);
        let turn = if turn == Nanos::ZERO { "at once".to_owned() } else { format!("{} later", turn) };
        let row = Row::new("led to").say(format!("a poll {turn}, at"));
        let mut rows = vec![row.link(poll.start.to_string(), Command::Show(task, after(poll.first)))];
        let Some((end, _)) = poll.end.filter(|(end, _)| self.is_past(*end)) else { return rows };
        let then = lane.and_then(|lane| lane.span_after(poll.first)).filter(|span| span.state == SpanState::Waiting);
        if let Some(span) = then {
            // How it ended is told by the next wake.
            rows.push(Row::words("and then", self.explained.at(record, task, &span, end + 1, self.wording)));
        }
        let mut woken = Row::new("it then woke");
        let mut count = 0;
        for event in record.log().iter_from(poll.first).take((end - poll.first).min(MOST_LED)) {
            if let EventKind::Enqueued { task: other, cause: EnqueueCause::WokenBy(by) } = event.kind
                && by == task
                && count < MOST_LINKS
            {
                count += 1;
                woken = woken.task(other);
            }
        }
        rows.extend((count > 0).then_some(woken));
        rows
    }
}
