//! `loopscope find`: the events of a run at which a moment comes.

use super::lessons::Setup;
use super::{Failure, complain, picture, still_read};
use loopscope::moment::{Moment, MomentError};
use loopscope::session::comings;
use loopscope::trace::{Wording, sentence, text};
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Where to look, and for what.
#[derive(Debug, clap::Args)]
pub(super) struct Find {
    /// A lesson's id, or a saved run.
    run: OsString,
    /// What to look for, e.g. 'any task waits for gate' or 'late by > 0'.
    moment: String,
    #[command(flatten)]
    setup: Setup,
}

/// Prints every event at which the moment comes: its number from 1, its time, and what happens, with tabs between. Fails where it
/// never comes.
pub(super) fn find(wish: &Find) -> Result<ExitCode, Failure> {
    let moment: Moment = match wish.moment.parse() {
        Ok(moment) => moment,
        Err(error) => return Ok(explain(&error)),
    };
    let session = picture::open(&wish.run, &wish.setup)?;
    let (record, scenario) = (session.record(), session.plan().scenario);
    let wording = Wording::default();
    let mut out = io::stdout().lock();
    let mut count = 0_usize;
    let written = comings(record, &moment, &scenario.rust.marks()).try_for_each(|index| {
        let Some(event) = record.log().get(index) else { return Ok(()) };
        count += 1;
        // As the window counts them: the first is event 1.
        writeln!(out, "{}\t{}\t{}", index + 1, event.at, text::line(&sentence(record, &event, &wording)))
    });
    still_read(written.and_then(|()| out.flush()))?;
    if count > 0 {
        return Ok(ExitCode::SUCCESS);
    }
    complain(format_args!("'{}' comes at no event of this run", wish.moment));
    Ok(ExitCode::FAILURE)
}

/// Says what is wrong, and shows the place below it.
fn explain(error: &MomentError) -> ExitCode {
    let shown = error.to_string();
    let mut lines = shown.lines();
    lines.next().into_iter().for_each(complain);
    // If nobody listens there, nobody is told.
    drop(lines.try_for_each(|line| writeln!(io::stderr(), "{}", text::terminal(line))));
    ExitCode::from(2)
}
