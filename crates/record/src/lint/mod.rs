//! What a run shows that its author may not have meant, each with its evidence.
//!
//! These are facts of the record and not guesses: a poll that took long, a task that was never polled, a circle of tasks
//! that wait for each other. What a record cannot know is not concluded from: a [`Host`](crate::Host) says what that is.
//! Each finding says what happened and what to do about it.
//!
//! To add one: a row in [`Finding`], and a lint in the list below. Every lint takes time in proportion to the record, whatever
//! its shape. `tests/linear.rs` holds it to that.

mod convoy;
mod deadlock;
mod ends;
pub(crate) mod finding;
mod long_spans;
mod self_wake;

use crate::model::record::Record;
use crate::words::wording::Wording;
use finding::{Diagnosis, Finding, Limits, Subject};

/// One pass through a record, and all that it may find.
struct Lint {
    finds: &'static [Finding],
    run: fn(Subject<'_>, &mut Vec<Diagnosis>),
}

/// Every lint. What is seen together is found together, so that the record is read once for it.
const LINTS: &[Lint] = &[
    Lint { finds: &[Finding::LoopBlocked, Finding::ThreadBlocked, Finding::Starved], run: long_spans::long_spans },
    Lint { finds: &[Finding::SelfWakeStorm], run: self_wake::self_wakes },
    Lint { finds: &[Finding::DeadlockCycle, Finding::LostWakeup], run: deadlock::lost_at_the_end },
    Lint {
        finds: &[
            Finding::NeverPolled,
            Finding::ResultNeverTaken,
            Finding::SpawnedWithoutJoin,
            Finding::DroppedHoldingLock,
        ],
        run: ends::ends,
    },
    Lint { finds: &[Finding::Convoy], run: convoy::behind_one_lock },
];

/// The findings of a record, the worst first, and then in the order of their evidence.
#[must_use]
pub fn diagnose(record: &Record, limits: Limits, wording: &Wording) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    for lint in LINTS {
        let before = found.len();
        (lint.run)(Subject { record, limits, wording }, &mut found);
        debug_assert!(found[before..].iter().all(|diagnosis| lint.finds.contains(&diagnosis.finding)));
    }
    found.sort_by_key(|diagnosis| (diagnosis.finding.rank(), diagnosis.evidence));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_finding_has_one_lint_that_looks_for_it_and_an_id_of_its_own() {
        for finding in Finding::ALL {
            let lints = LINTS.iter().filter(|lint| lint.finds.contains(&finding)).count();
            assert_eq!(lints, 1, "{finding:?}");
        }
        let ids: BTreeSet<&str> = Finding::ALL.into_iter().map(Finding::id).collect();
        assert_eq!(ids.len(), Finding::ALL.len());
    }
}
