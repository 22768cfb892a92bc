//! The card of a job of the threads that may block.

use super::card::Row;
use super::{Card, Inspector, brief};
use crate::event::{JobId, Nanos};

impl Inspector<'_> {
    pub(super) fn job(&self, job: JobId) -> Option<Card> {
        let info = self.record.catalog().job(job)?;
        let row = Row::new("given");
        let row = match info.task {
            Some(task) => row.say("by").task(task).say("at"),
            None => row.say("at"),
        };
        let mut rows = vec![self.at(row, info.queued)];
        let [started, finished] = [info.started, info.finished].map(|index| index.filter(|index| self.is_past(*index)));
        // Jobs on threads are stamped when they are told of, on the virtual clock.
        let between = |from: usize, to: Option<usize>| {
            let to = to.map_or(self.point.at, |index| self.time_of(index));
            (to - self.time_of(from)).max(Nanos::ZERO)
        };
        match started {
            None => {
                let waited = brief(between(info.queued, None));
                rows.push(Row::words("begun", format!("not yet: it waits for a thread since {waited}")));
            }
            Some(started) => {
                let waited = between(info.queued, Some(started));
                let row = self.at(Row::words("begun", "at"), started);
                rows.push(row.say(format!(", {} after it was given", brief(waited))));
                let ran = between(started, finished);
                rows.push(match finished {
                    Some(finished) => {
                        self.at(Row::words("done", "at"), finished).say(format!("; it took {}", brief(ran)))
                    }
                    None => Row::words("done", format!("not yet: it runs for {}", brief(ran))),
                });
            }
        }
        rows.push(Row::words("meanwhile", "the loop goes on: another thread does this work"));
        let title = format!("job {}", info.name);
        Some(Card { task: info.task, title, subtitle: "on a thread that may block".to_owned(), rows })
    }
}
