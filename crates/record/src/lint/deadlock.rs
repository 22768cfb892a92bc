//! Finds why a run that ended in a deadlock stands still: the circles, and who waits for nobody.

use super::finding::{Diagnosis, Finding, Subject};
use crate::event::TaskId;
use crate::model::record::Record;
use crate::model::state::State;
use crate::query::blocked::{Hold, Holds};
use crate::words::wait::waits;

/// A run that ended in a deadlock: the circles, and who waits for nobody.
pub(super) fn lost_at_the_end(Subject { record, .. }: Subject<'_>, found: &mut Vec<Diagnosis>) {
    let Some(standstill) = record.standstill() else { return };
    let state = record.state_at(standstill);
    let holds = Holds::at(record, &state);
    for circle in holds.circles() {
        found.extend(deadlock(record, &state, &circle));
    }
    let catalog = record.catalog();
    for (task, known) in state.waiting() {
        if holds.of(task).is_none() {
            let wait = known.waits.back().and_then(|wait| record.wait(*wait));
            let what = wait.map_or_else(|| "waits for something".to_owned(), |wait| waits(catalog, &wait.on));
            found.push(Diagnosis {
                finding: Finding::LostWakeup,
                task,
                evidence: known.since.1,
                since: standstill.saturating_sub(1),
                until: standstill.saturating_sub(1),
                cause: format!("{} {what}, and no task is left that could wake it", catalog.task_name(task)),
                fix: "make sure that the wakeup comes after the wait begins, or is remembered until then".into(),
            });
        }
    }
}

/// Tasks of a circle that are told one by one.
const MOST_STEPS: usize = 8;

fn deadlock(record: &Record, state: &State, circle: &[(TaskId, Hold)]) -> Option<Diagnosis> {
    let catalog = record.catalog();
    let (first, _) = *circle.first()?;
    let step =
        |(task, hold): &(TaskId, Hold)| format!("{} waits for {}", catalog.task_name(*task), hold.words(catalog));
    let steps: Vec<String> = match circle {
        [told @ .., last] if circle.len() > MOST_STEPS => {
            let (told, left_out) = told.split_at(MOST_STEPS - 2);
            let mut steps: Vec<String> = told.iter().map(step).collect();
            steps.push(format!("{} more wait likewise", left_out.len()));
            steps.push(step(last));
            steps
        }
        _ => circle.iter().map(step).collect(),
    };
    // The last of them closes the circle.
    let closed = circle.iter().filter_map(|(task, _)| Some(state.task(*task)?.since.1)).max().unwrap_or_default();
    Some(Diagnosis {
        finding: Finding::DeadlockCycle,
        task: first,
        evidence: state.task(first).map_or(0, |task| task.since.1),
        since: closed,
        until: closed,
        cause: format!("{}: none of them can continue", steps.join("; ")),
        fix: match circle {
            [_] => "release the lock before you wait for it, or do one of the two in a task of its own",
            _ => "take the locks in the same order in every task, or hold only one at a time",
        }
        .into(),
    })
}
