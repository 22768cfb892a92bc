//! Lessons on the command line: which there are, what can be set in them, and how one is to run.

use super::{Failure, still_read, usage};
use loopscope::scenarios::{self, CHAPTERS, Chapter, LeftOut, Param, Scenario};
use loopscope::session::Plan;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// How a lesson is to run.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Setup {
    /// Sets a parameter of the lesson; can be given several times. `loopscope list --params` shows what can be set.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// The seed of the run, for lessons that draw random numbers; 0 unless given.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    seed: Option<String>,
}

impl Setup {
    /// The lesson of that id, set up so.
    pub(super) fn plan(&self, id: &str) -> Result<Plan, Failure> {
        let mut plan = Plan::new(scenarios::find(id).map_err(usage)?);
        self.set.iter().try_for_each(|assignment| plan.params.assign(assignment)).map_err(usage)?;
        if let Some(seed) = &self.seed {
            plan.seed = seed
                .parse()
                .map_err(|_| usage(format!("'{seed}' is not a seed: take a whole number from 0 to {}", u64::MAX)))?;
        }
        Ok(plan)
    }

    /// Refuses to set up what is not run any more.
    pub(super) fn is_empty_for(&self, record: &str) -> Result<(), Failure> {
        if self.set.is_empty() && self.seed.is_none() {
            return Ok(());
        }
        Err(usage(format!("{record} is a saved run, in which nothing can be set: leave out --set and --seed")))
    }

    /// Refuses to set up a lesson that is not named.
    pub(super) fn is_empty(&self) -> Result<(), Failure> {
        if self.set.is_empty() && self.seed.is_none() {
            return Ok(());
        }
        Err(usage("--set and --seed are for a lesson: name it first, e.g. loopscope queue --set items=3"))
    }
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    /// The lessons.
    Lessons,
    /// What can be set in them.
    Params,
}

/// Prints the lessons, or what can be set in them: all, or one.
pub(super) fn list(lesson: Option<&str>, listing: Listing) -> Result<ExitCode, Failure> {
    let only = lesson.map(scenarios::find).transpose().map_err(usage)?;
    let is_listed = |scenario: &Scenario| only.is_none_or(|only| only.id == scenario.id);
    let mut out = io::stdout().lock();
    let mut write = |Chapter { title: chapter, scenarios, left_out }: &Chapter| {
        let mut rows = scenarios.iter().filter(|scenario| is_listed(scenario));
        rows.try_for_each(|Scenario { id, title, params, .. }| match listing {
            Listing::Lessons => writeln!(out, "{id}\t{title}\t{chapter}"),
            Listing::Params => params.iter().try_for_each(|Param { name, label, bounds }| {
                writeln!(out, "{id}\t{name}\t{label}\t{bounds}\t{}", bounds.default())
            }),
        })?;
        // Those that cannot run have nothing to set.
        let mut lacking = left_out.iter().filter(|_| only.is_none() && listing == Listing::Lessons);
        lacking.try_for_each(|LeftOut { id, title, .. }| writeln!(out, "{id}\t{title}\t{chapter}\t{}", LeftOut::WORDS))
    };
    still_read(CHAPTERS.iter().try_for_each(&mut write))?;
    Ok(ExitCode::SUCCESS)
}
