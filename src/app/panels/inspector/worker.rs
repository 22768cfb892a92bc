//! The card of a thread that polls tasks.

use super::card::Row;
use super::{Card, Inspector, after};
use crate::app::command::Command;
use crate::app::panels::thread_name;
use crate::event::WorkerId;

impl Inspector<'_> {
    pub(super) fn worker(&self, worker: WorkerId) -> Card {
        let Self { record, state, point, dossier, .. } = *self;
        let mut rows = Vec::new();
        let mut now = Row::new("now");
        let mut running = state.running.iter().filter(|(other, _)| *other == worker).peekable();
        if running.peek().is_none() {
            now = now.say("runs no task");
        }
        for (_, task) in running {
            now = now.say("runs").task(*task);
        }
        rows.push(now);
        if let Some(history) = dossier.worker() {
            let share = history.before(record, point.index, point.at);
            let percent = 100.0 * share.busy.0 as f64 / point.at.0.max(1) as f64;
            rows.push(Row::words("polls", share.polls.to_string()));
            rows.push(Row::words("busy", format!("{}, {percent:.0} % of the time", share.busy)));
            if let Some((task, first, length)) = share.longest {
                let show = Command::Show(task, after(first));
                rows.push(Row::new("longest poll").link(length.to_string(), show).say("of").task(task));
            }
        }
        Card { task: None, title: thread_name(worker), subtitle: "polls tasks".to_owned(), rows }
    }
}
