//! The card of a job of the threads that may block.

use super::card::Row;
use super::{Card, Inspector};
use crate::event::{JobId, Nanos};
use crate::trace::job_end_words;

impl Inspector<'_> {
    pub(super) fn job(&self, job: JobId) -> Option<Card> {
        let info = self.record.catalog().job(job)?;
        let row = Row::new("handed over");
        let row = match info.task {
            Some(task) => row.say("by").task(task).say("at"),
            None => row.say("at"),
        };
        let mut rows = vec![self.at(row, info.queued)];
        let started = info.started.filter(|index| self.is_past(*index));
        let ended = info.finished.as_ref().filter(|(index, _)| self.is_past(*index));
        let finished = ended.map(|(index, _)| *index);
        // Jobs on threads are stamped when they are told of, on the virtual clock.
        let between = |from: usize, to: Option<usize>| {
            let to = to.map_or(self.point.at, |index| self.time_of(index));
            (to - self.time_of(from)).max(Nanos::ZERO)
        };
        match started {
            None => {
                let waited = between(info.queued, None).to_string();
                rows.push(Row::words("started", format!("not yet: it has been waiting for a thread for {waited}")));
            }
            Some(started) => {
                let waited = between(info.queued, Some(started));
                let row = self.at(Row::words("started", "at"), started);
                rows.push(row.say(format!(", {} after it was handed over", waited)));
                let ran = between(started, finished);
                rows.push(match finished {
                    Some(finished) => self.at(Row::words("done", "at"), finished).say(format!("; it took {}", ran)),
                    None => Row::words("done", format!("not yet: it has been running for {}", ran)),
                });
            }
        }
        rows.extend(ended.map(|(_, end)| Row::words("result", job_end_words(end, self.wording))));
        rows.push(Row::words("meanwhile", "the loop goes on: this work is done on another thread"));
        let title = format!("job {}", info.name);
        Some(Card { task: info.task, title, subtitle: "on a thread that may block".to_owned(), rows })
    }
}
