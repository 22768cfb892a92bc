//! The command line. Scripts depend on what it prints and on its exit status: 0 for a run that ended, 1 for a failure,
//! 2 for a request that makes no sense.

mod answers;
mod files;
mod output;
mod picture;

use answers::Answers;
use anyhow::{Context as _, anyhow};
use clap::{Parser, Subcommand};
use loopscope::event::{ClockKind, Outcome};
use loopscope::runtime::Speed;
use loopscope::scenarios::{self, CHAPTERS};
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{OutputLine, RunPhase, file, text};
use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// See an event loop at work.
#[derive(Debug, Parser)]
#[command(name = "loopscope", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Args {
    /// Opens the window with this scenario loaded, which Space runs; or with this saved record.
    scenario: Option<OsString>,
    #[command(subcommand)]
    command: Option<Request>,
}

#[derive(Debug, Subcommand)]
enum Request {
    /// Lists the scenarios: id, title and chapter, with tabs between.
    List,
    /// Runs a scenario without a window and prints its lines with their times in seconds. Where it asks something, a
    /// line of standard input is the answer.
    Run {
        /// The scenario's id, as in `loopscope list`.
        scenario: String,
        /// Sets a parameter.
        #[arg(long = "set", value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// What drives time: virtual or real; what the scenario needs unless given.
        #[arg(long)]
        clock: Option<String>,
        /// The seed of the run, for scenarios that draw numbers.
        #[arg(long, default_value = "0")]
        seed: String,
        /// Virtual seconds a second, 0.01 to 100, or max.
        #[arg(long, default_value = "max", allow_hyphen_values = true)]
        speed: String,
        /// Writes the record to this file.
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
    },
    /// Opens a saved record in the window.
    Open {
        /// The record.
        file: PathBuf,
    },
    /// Checks that a saved record makes sense; exits with 1 and the first violations if not.
    Check {
        /// The record.
        file: PathBuf,
    },
    /// Prints a saved record in numbers.
    Stats {
        /// The record.
        file: PathBuf,
    },
    /// Tells what is different between two saved records, in sentences.
    Compare {
        /// The first record.
        first: PathBuf,
        /// The second.
        second: PathBuf,
    },
    /// Draws a picture of a run, for slides: a scenario's, run to its end, or a saved one.
    Render {
        /// A scenario's id, or a saved record.
        run: OsString,
        /// A second run, drawn below the first on the same axis.
        #[arg(long, value_name = "RUN")]
        compare: Option<OsString>,
        /// The time at the cursor, e.g. 1.5 or 300ms; the end unless given.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// What a column is.
        #[arg(long, default_value = "time")]
        axis: picture::Axis,
        /// Which colours.
        #[arg(long, default_value = "light")]
        theme: picture::Theme,
        /// Which part of the window.
        #[arg(long, default_value = "window")]
        view: picture::View,
        /// Width and height in pixels.
        #[arg(long, default_value = "1440x900", value_name = "WxH")]
        size: String,
        /// Where to write it: a .png, or a .svg of the timeline.
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
    },
    /// Turns a saved record into another format.
    Export {
        /// The record.
        file: PathBuf,
        /// Which format.
        #[arg(long)]
        format: files::Format,
        /// Where to write it; standard output unless given.
        #[arg(short, long, value_name = "OUT")]
        output: Option<PathBuf>,
    },
}

/// Why nothing, or not all, was done.
enum Failure {
    /// The request makes no sense.
    Usage(String),
    /// It made sense and failed.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// Does what the command line asks for.
pub(crate) fn run() -> ExitCode {
    let done = match Args::try_parse() {
        Ok(args) => obey(args),
        // Help and version are errors to clap; they are printed whole and are a success.
        Err(error) if !error.use_stderr() => {
            let printed = error.print().and_then(|()| io::stdout().flush());
            still_read(printed).map(|_| ExitCode::SUCCESS).map_err(Failure::from)
        }
        Err(error) => {
            // It repeats what it does not understand.
            let text = std::env::args().fold(error.to_string(), |text, arg| match scenarios::hide(&arg) {
                hidden if hidden == arg => text,
                hidden => text.replace(&arg, &hidden),
            });
            // Its first paragraph says what is wrong; usage and hints follow.
            let what: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
            let what = what.join(" ").trim_start_matches("error: ").to_owned();
            Err(Failure::Usage(format!("{what}; see loopscope --help")))
        }
    };
    match done {
        Ok(code) => code,
        Err(Failure::Usage(message)) => {
            complain(message);
            ExitCode::from(2)
        }
        Err(Failure::Failed(error)) => {
            complain(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether the reader of what was written is still there.
fn still_read(written: io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error).context("cannot print"),
    }
}

/// Says something on standard error, if anybody listens there. A name of a file or a message of a program steers no terminal.
fn complain(message: impl std::fmt::Display) {
    drop(writeln!(io::stderr(), "loopscope: {}", text::terminal(&message.to_string())));
}

fn obey(args: Args) -> Result<ExitCode, Failure> {
    match args.command {
        None => {
            // As a desktop asks for a file that was clicked.
            let file = args.scenario.as_deref().map(Path::new).filter(|name| name.is_file());
            if let Some(file) = file {
                let session = Session::open(file).map_err(anyhow::Error::from)?;
                return open_window(Show::Run(Box::new(session)));
            }
            let scenario = args.scenario.as_deref().map(|id| scenarios::find(&id.to_string_lossy()));
            let scenario = scenario.transpose().map_err(usage)?;
            open_window(scenario.map_or(Show::Nothing, Show::Scenario))
        }
        Some(Request::Open { file }) => {
            // It is read on while the window is there, which says what is wrong with its end.
            let session = Session::open(&file).map_err(anyhow::Error::from)?;
            open_window(Show::Run(Box::new(session)))
        }
        Some(Request::Check { file }) => files::check_record(&file),
        Some(Request::Stats { file }) => files::stats(&file),
        Some(Request::Compare { first, second }) => files::compare(&first, &second),
        Some(Request::Render { run, compare, at, axis, theme, view, size, output }) => {
            let wish = picture::Wish { compare, at, axis, theme, view, size };
            picture::render(&run, &wish, &output)
        }
        Some(Request::Export { file, format, output }) => files::export(&file, format, output.as_deref()),
        Some(Request::List) => {
            let mut out = io::stdout().lock();
            let mut rows =
                CHAPTERS.iter().flat_map(|chapter| chapter.scenarios.iter().map(move |row| (row, chapter.title)));
            still_read(rows.try_for_each(|(row, chapter)| writeln!(out, "{}\t{}\t{chapter}", row.id, row.title)))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Request::Run { scenario, set, clock, seed, speed, trace }) => {
            let mut plan = Plan::new(scenarios::find(&scenario).map_err(usage)?);
            set.iter().try_for_each(|assignment| plan.params.assign(assignment)).map_err(usage)?;
            plan.clock = match clock.as_deref() {
                None => plan.clock,
                Some("virtual") => ClockKind::Virtual,
                Some("real") => ClockKind::Real,
                Some(other) => {
                    return Err(usage(format!("'{}' is not a clock: take virtual or real", scenarios::hide(other))));
                }
            };
            plan.seed =
                seed.parse().map_err(|_| usage(format!("'{seed}' is not a seed: take a whole number from 0")))?;
            plan.speed = speed.parse::<Speed>().map_err(usage)?;
            // A file that is asked for has all of the run.
            plan.memory = plan.memory.filter(|_| trace.is_none());
            run_headless(plan, trace)
        }
    }
}

fn usage(message: impl ToString) -> Failure {
    Failure::Usage(message.to_string())
}

fn run_headless(plan: Plan, trace: Option<PathBuf>) -> Result<ExitCode, Failure> {
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
    Ok(if matches!(outcome, Outcome::Panicked(_)) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
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

#[cfg(feature = "gui")]
use loopscope::app::Show;

#[cfg(feature = "gui")]
fn open_window(show: Show) -> Result<ExitCode, Failure> {
    loopscope::app::run(show).map_err(anyhow::Error::from)?;
    Ok(ExitCode::SUCCESS)
}

/// What a window would show.
#[cfg(not(feature = "gui"))]
#[expect(dead_code, reason = "there is no window to show it")]
enum Show {
    Nothing,
    Scenario(&'static scenarios::Scenario),
    Run(Box<Session>),
}

#[cfg(not(feature = "gui"))]
fn open_window(_: Show) -> Result<ExitCode, Failure> {
    Err(anyhow!("this build has no window; build it with the feature gui, or see loopscope --help").into())
}
