//! The pairs of runs that teach something side by side.

use crate::runtime::Speed;
use crate::scenarios::{self, Scenario};
use crate::session::Plan;

/// What such a run may keep in memory: enough for any of these with parameters that one would choose.
const MEMORY: usize = 256 << 20;

/// Two runs that teach something side by side.
#[derive(Debug)]
pub(crate) struct Pair {
    /// What is compared.
    pub(crate) name: &'static str,
    /// The scenarios, each with the parameters that are not as they are by default, as on the command line.
    runs: [(&'static str, &'static str); 2],
}

/// Every built-in pair.
pub(crate) static PAIRS: &[Pair] = &[
    Pair { name: "One await after another, or two tasks", runs: [("sequential-await", ""), ("create-task", "")] },
    Pair { name: "Gather, without and with a failure", runs: [("gather", ""), ("gather-error", "stay=3s")] },
    Pair {
        name: "Work on the loop, or on another thread",
        runs: [("blocking-the-loop", "length=1s"), ("blocking-the-loop", "length=1s where=thread")],
    },
    Pair {
        name: "The order of asyncio and that of smol",
        runs: [("order-smol-vs-asyncio", ""), ("order-smol-vs-asyncio", "executor=smol")],
    },
];

impl Pair {
    /// What to run, first and second; none if there is no such scenario, which a test rules out.
    pub(crate) fn plans(&self) -> Option<[Plan; 2]> {
        let plan = |(id, set): (&str, &str)| {
            let mut plan = Plan::new(scenarios::find(id).ok()?);
            set.split_whitespace().try_for_each(|assignment| plan.params.assign(assignment)).ok()?;
            Some(Plan { speed: Speed::MAX, memory: Some(MEMORY), ..plan })
        };
        let [first, second] = self.runs.map(plan);
        Some([first?, second?])
    }

    /// Whether it is about a scenario.
    pub(crate) fn is_about(&self, scenario: &Scenario) -> bool {
        self.runs.iter().any(|(id, _)| *id == scenario.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_can_be_run() {
        for pair in PAIRS {
            assert!(pair.plans().is_some(), "{}", pair.name);
        }
    }
}
