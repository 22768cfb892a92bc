//! How far one is in the course: the lessons that were run to their end, and what was tried in them.
//!
//! It is kept from one start to the next, and can be forgotten. It knows nothing of a run but its lesson and its values.

use crate::scenarios::{Params, Scenario};
use std::collections::BTreeSet;

/// What one has done of the course.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Course {
    /// The lessons that were run to their end, by id.
    pub(crate) finished: BTreeSet<String>,
    /// What was tried, each as the lesson's id and the values that it proposed: `semaphore permits=5`.
    pub(crate) tried: BTreeSet<String>,
}

impl Course {
    /// A lesson was run to its end with these values.
    pub(crate) fn finish(&mut self, scenario: &'static Scenario, params: &Params) {
        if !self.finished.contains(scenario.id) {
            self.finished.insert(scenario.id.to_owned());
        }
        for set in scenario.tries().filter(|set| has(params, set)) {
            self.tried.insert(trial(scenario, set));
        }
    }

    /// What a lesson proposes to try that was not tried yet.
    pub(crate) fn to_try(&self, scenario: &'static Scenario) -> impl Iterator<Item = &'static str> {
        scenario.tries().filter(|set| !self.tried.contains(&trial(scenario, set)))
    }

    /// Whether nothing was done yet.
    pub(crate) fn is_new(&self) -> bool {
        self.finished.is_empty() && self.tried.is_empty()
    }
}

/// Whether parameters have the values of a proposal.
fn has(params: &Params, set: &str) -> bool {
    let mut proposed = params.clone();
    set.split(' ').all(|assignment| proposed.assign(assignment).is_ok()) && proposed == *params
}

fn trial(scenario: &Scenario, set: &str) -> String {
    format!("{} {set}", scenario.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;

    #[test]
    fn what_was_tried_of_any_lesson_is_not_proposed_again() {
        for scenario in scenarios::all() {
            let mut course = Course::default();
            let usual = Params::defaults(scenario.params);
            course.finish(scenario, &usual);
            let proposals: Vec<_> = scenario.tries().collect();
            assert_eq!(course.to_try(scenario).collect::<Vec<_>>(), proposals, "{}", scenario.id);
            for set in &proposals {
                let mut params = usual.clone();
                set.split(' ').for_each(|assignment| params.assign(assignment).unwrap());
                course.finish(scenario, &params);
                assert!(course.to_try(scenario).all(|left| left != *set), "{}: {set}", scenario.id);
            }
            assert_eq!(course.to_try(scenario).count(), 0, "{}", scenario.id);
            assert_eq!(course.finished.len(), 1);
        }
    }
}
