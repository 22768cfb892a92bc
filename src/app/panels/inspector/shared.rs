//! The card of what tasks share: a lock, a semaphore, a queue, an event.

use super::card::{Piece, Row};
use super::{Card, Inspector, after};
use crate::app::command::Command;
use crate::app::dossier::WaitFor;
use crate::app::panels::level::Level;
use crate::event::{ResourceId, ResourceKind, WaitOn};
use crate::trace::text::count;
use crate::trace::{Holder, TaskStatus, kind_name, level_name};

/// More tasks in line than this are counted.
const MOST: usize = 40;
/// Of at most so many waiting tasks it is read what they wait for.
const MOST_READ: usize = 2048;
/// Columns of the drawing of its level.
const COLUMNS: usize = 150;

impl Inspector<'_> {
    pub(super) fn shared(&self, resource: ResourceId) -> Option<Card> {
        let Self { record, state, point, dossier, .. } = *self;
        let info = record.catalog().resource(resource)?;
        let level = Level::of(record, state, resource)?;
        let mut rows = Vec::new();
        let row = Row::new("now");
        rows.push(match level.holder {
            Some(holder) => row.say("held by").task(holder),
            None => row.say(level.words.clone()),
        });
        rows.extend(self.holders(resource, info.kind));
        rows.push(self.in_line(resource));
        if let Some(history) = dossier.resource() {
            let begins = Level::read(record, info.kind, None).count.map_or(0, |count| count.now);
            let most = level.count.and_then(|count| count.of).unwrap_or(0);
            let levels = history.levels(point.index, point.at, COLUMNS, begins);
            let changes = history.changes_before(point.index);
            let changes = count(changes, "change", "changes");
            let words = format!("{}, {changes}", level_name(info.kind));
            rows.push(Row::new("so far").with(Piece::Line(levels, most)).say(words));
            let (waits, longest) = history.waits_before(point.index);
            rows.push(told("completed waits", waits, longest));
            if info.kind == ResourceKind::Lock {
                let (holds, longest) = history.holds_before(point.index);
                rows.push(told("completed holds", holds, longest));
            }
        }
        Some(Card { task: None, title: info.name.to_string(), subtitle: kind_name(info.kind).to_owned(), rows })
    }

    /// Who holds its permits, and who was handed one or the lock and has yet to run.
    fn holders(&self, resource: ResourceId, kind: ResourceKind) -> Vec<Row> {
        let row = |title: &'static str, of: fn(&Holder) -> u32| {
            let holders = || self.state.holders(resource).filter(|holder| of(holder) > 0);
            let mut row = holders().take(MOST).fold(Row::new(title), |row, holder| {
                let row = row.task(holder.task);
                if of(&holder) > 1 { row.say(format!("× {}", of(&holder))) } else { row }
            });
            let count = holders().count();
            if count > MOST {
                row = row.say(format!("and {} more", count - MOST));
            }
            (count > 0).then_some(row)
        };
        // A lock's own line says who holds it.
        let held = matches!(kind, ResourceKind::Semaphore { .. }).then(|| row("held by", |holder| holder.held));
        let handed = row("handed to", |holder| holder.handed).map(|row| row.say("which has yet to run"));
        held.flatten().into_iter().chain(handed).collect()
    }

    /// Who waits for it, in the order of coming.
    fn in_line(&self, resource: ResourceId) -> Row {
        let Self { record, state, .. } = *self;
        let waiting = state.tasks().filter(|task| task.status == TaskStatus::Waiting).take(MOST_READ);
        let of_it = waiting.filter_map(|task| {
            let wait = *task.waits.back()?;
            matches!(record.wait(wait)?.on, WaitOn::Resource(other, _) if other == resource)
                .then_some((wait, task.task))
        });
        let mut line: Vec<_> = of_it.collect();
        line.sort_unstable();
        let mut row = Row::new("in line");
        if line.is_empty() {
            return row.say("no one");
        }
        for (_, task) in line.iter().take(MOST) {
            row = row.task(*task);
        }
        if line.len() > MOST { row.say(format!("and {} more", line.len() - MOST)) } else { row }
    }
}

/// A number of waits, with a way to the longest.
fn told(name: &'static str, count: usize, longest: Option<WaitFor>) -> Row {
    let row = Row::words(name, count.to_string());
    match longest {
        Some(longest) => {
            let show = Command::Show(longest.task, after(longest.first));
            row.say(", longest").link(longest.length().to_string(), show).say("of").task(longest.task)
        }
        None => row,
    }
}
