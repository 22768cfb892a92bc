//! `loopscope run`: a lesson without a window.

use super::answers::Answers;
use super::lessons::Setup;
use super::{Failure, complain, output, still_read, usage};
use anyhow::{Context as _, anyhow};
use loopscope::event::{ClockKind, Outcome};
use loopscope::runtime::Speed;
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{OutputLine, RunPhase, file, text};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How the lesson is to run, and where its record goes.
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// The lesson's id, as in `loopscope list`.
    lesson: String,
    #[command(flatten)]
    setup: Setup,
    /// What drives time: virtual or real; what the lesson needs unless given.
    #[arg(long)]
    clock: Option<String>,
    /// Virtual seconds a second, 0.01 to 100, or max.
    #[arg(long, default_value = "max", allow_hyphen_values = true)]
    speed: String,
    /// Writes the record to this file.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
}

pub(super) fn run(Run { lesson, setup, clock, speed, trace }: Run) -> Result<ExitCode, Failure> {
    let mut plan = setup.plan(&lesson)?;
    plan.clock = match clock.as_deref() {
        None => plan.clock,
        Some("virtual") => ClockKind::Virtual,
        Some("real") => ClockKind::Real,
        Some(other) => {
            return Err(usage(format!("'{}' is not a clock: take virtual or real", scenarios::hide(other))));
        }
    };
    plan.speed = speed.parse::<Speed>().map_err(usage)?;
    if plan.clock == ClockKind::Real && !plan.speed.is_max() {
        return Err(usage("the real clock has a speed of its own: leave out --speed, or take --clock virtual"));
    }
    // A file that is asked for has all of the run.
    plan.memory = plan.memory.filter(|_| trace.is_none());
    to_the_end(plan, trace)
}

fn to_the_end(plan: Plan, trace: Option<PathBuf>) -> Result<ExitCode, Failure> {
    if let Some(path) = &trace {
        output::is_apart_from_standard_streams(path)?;
        // A run may take long: what is wrong with the file is told before it.
        file::can_write(path).with_context(|| not_written(path))?;
    }
    let mut session = Session::start(plan, Start::Running, || {}).map_err(anyhow::Error::from)?;
    let mut printed: usize = 0;
    // Whoever reads may close the pipe, or the disk may be full: then nothing more is printed, but the run goes on, and its
    // record is written.
    let mut reader = Ok(true);
    let mut answers = Answers::default();
    while session.pump_wait() {
        let (output, given_up) = (session.record().output(), session.record().given_up().lines);
        if let Ok(true) = reader {
            let new = output.get(printed.saturating_sub(given_up)..).unwrap_or_default();
            reader = still_read(print(&session, new));
        }
        printed = given_up + output.len();
        answers.see(&session);
    }
    let record = session.record();
    let RunPhase::Ended(outcome) = &record.edge().phase else {
        return Err(anyhow!("the run's thread ended without saying how; please report this").into());
    };
    let exit = match outcome {
        Outcome::Completed => "ok".to_owned(),
        Outcome::Deadlock => "deadlock".to_owned(),
        Outcome::NeedsRealClock => "it waits on real time; run it with --clock real".to_owned(),
        Outcome::Stopped => "stopped".to_owned(),
        Outcome::Detached => "the record ends, and the program goes on".to_owned(),
        Outcome::Panicked(message) => format!("panicked: {}", text::line(&message.replace('\n', " "))),
    };
    let elapsed = record.log().end().as_secs_f64();
    if let Ok(true) = reader {
        reader = still_read(writeln!(io::stdout(), "# elapsed: {elapsed:.1}\n# exit: {exit}"));
    }
    let written = trace.map_or(Ok(()), |path| file::save(record, &path).with_context(|| not_written(&path)));
    match (reader, written) {
        (Err(unread), Err(unwritten)) => {
            complain(format_args!("{unread:#}"));
            return Err(unwritten.into());
        }
        (reader, written) => reader.and(written)?,
    }
    // A run that waits on a clock which it does not have came to no end.
    let has_failed = matches!(outcome, Outcome::Panicked(_) | Outcome::NeedsRealClock);
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn not_written(path: &Path) -> String {
    format!("cannot write the record to {}", path.display())
}

/// Prints what tasks printed, and on standard error which tasks panicked.
///
/// The lines are the program's own: a pipe or a file gets them byte for byte. On a terminal, control characters in them are
/// made visible.
fn print(session: &Session, lines: &[OutputLine]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let is_terminal = out.is_terminal();
    for line in lines {
        match line.task.filter(|_| line.is_panic) {
            Some(task) => {
                complain(format_args!("{} panicked: {}", session.record().catalog().task_name(task), line.text));
            }
            None => {
                let shown = if is_terminal { text::terminal(&line.text) } else { (&*line.text).into() };
                writeln!(out, "{:.1} {shown}", line.at.as_secs_f64())?;
            }
        }
    }
    out.flush()
}
