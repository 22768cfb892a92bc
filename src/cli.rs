//! The command line. Scripts depend on what it prints and on its exit status: 0 for a run that ended, 1 for a failure,
//! 2 for a request that makes no sense.

mod answers;
mod files;
mod find;
mod headless;
mod lessons;
mod output;
mod picture;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser, Subcommand};
use lessons::{Listing, Setup};
use loopscope::scenarios;
use loopscope::session::{CoursePlan, Plan, Session};
use loopscope::trace::text;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// See an event loop at work.
#[derive(Debug, Parser)]
#[command(name = "loopscope", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Args {
    /// Opens the window with this lesson loaded, which Space runs; or with this saved run.
    #[arg(value_name = "LESSON")]
    lesson: Option<OsString>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    looks: Looks,
    #[command(subcommand)]
    command: Option<Request>,
}

/// How the window looks.
#[derive(Debug, clap::Args)]
struct Looks {
    /// Which language the code is shown in; as it was left unless given.
    #[arg(long)]
    lang: Option<picture::Language>,
    /// Presents: large and in light colours, for an audience.
    #[arg(long)]
    present: bool,
}

#[derive(Debug, Subcommand)]
enum Request {
    /// Lists the lessons: id, title and chapter, with tabs between.
    List {
        /// Lists this lesson only.
        lesson: Option<String>,
        /// Lists what can be set instead: lesson, name, meaning, values and default, with tabs between.
        #[arg(long)]
        params: bool,
    },
    /// Runs a lesson without a window and prints its lines with their times in seconds. Where it asks something, a line of
    /// standard input is the answer.
    Run(headless::Run),
    /// Opens a saved run in the window.
    Open {
        /// The saved run.
        file: PathBuf,
        #[command(flatten)]
        looks: Looks,
    },
    /// Presents the lessons of a course plan, one after another. The window makes such plans: see its menu.
    Present {
        /// The course plan.
        plan: PathBuf,
        /// Which language the code is shown in; as it was left unless given.
        #[arg(long)]
        lang: Option<picture::Language>,
    },
    /// Checks that a saved run makes sense; exits with 1 and the first violations if not.
    Check {
        /// The saved run.
        file: PathBuf,
    },
    /// Prints a saved run in numbers.
    Stats {
        /// The saved run.
        file: PathBuf,
        /// Which language lines are named by, and errors are told in.
        #[arg(long, default_value = "python")]
        lang: picture::Language,
    },
    /// Tells what is different between two saved runs, in sentences.
    Compare {
        /// The first saved run.
        first: PathBuf,
        /// The second.
        second: PathBuf,
        /// Which language lines are named by, and errors are told in.
        #[arg(long, default_value = "python")]
        lang: picture::Language,
    },
    /// Prints the events of a run at which a moment comes; exits with 1 where it never does. docs/MOMENTS.md tells how to write
    /// one.
    Find(find::Find),
    /// Draws a picture of a run, for slides: a lesson's, run to its end, or a saved one.
    Render(picture::Render),
    /// Turns a saved run into another format.
    Export {
        /// The saved run.
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
            Err(Failure::Usage(format!("{what}; see {}", help_of(std::env::args().nth(1)))))
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

/// The command that says what can be asked of a command, where its name comes first.
fn help_of(first: Option<String>) -> String {
    let known = Args::command();
    let command = first.and_then(|first| known.find_subcommand(&first).map(|found| found.get_name().to_owned()));
    match command {
        Some(command) => format!("loopscope {command} --help"),
        None => "loopscope --help".to_owned(),
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
        None => open(args.lesson, &args.setup, &args.looks),
        Some(Request::Open { file, looks }) => {
            // It is read on while the window is there, which says what is wrong with its end.
            let session = Session::open(&file).map_err(anyhow::Error::from)?;
            open_window(Shown::Run(Box::new(session)), &looks)
        }
        Some(Request::Present { plan, lang }) => present(&plan, lang),
        Some(Request::Check { file }) => files::check_record(&file),
        Some(Request::Stats { file, lang }) => files::stats(&file, lang.into()),
        Some(Request::Compare { first, second, lang }) => files::compare(&first, &second, lang.into()),
        Some(Request::Find(wish)) => find::find(&wish),
        Some(Request::Render(wish)) => picture::render(&wish),
        Some(Request::Export { file, format, output }) => files::export(&file, format, output.as_deref()),
        Some(Request::List { lesson, params }) => {
            lessons::list(lesson.as_deref(), if params { Listing::Params } else { Listing::Lessons })
        }
        Some(Request::Run(run)) => headless::run(run),
    }
}

fn usage(message: impl ToString) -> Failure {
    Failure::Usage(message.to_string())
}

/// Presents a course plan. What it names and is not known here is said, and left out.
fn present(path: &Path, lang: Option<picture::Language>) -> Result<ExitCode, Failure> {
    let (plan, words) = CoursePlan::read(path).map_err(anyhow::Error::from)?;
    for word in &words {
        complain(format_args!("{}: {word}", path.display()));
    }
    if plan.plans().is_empty() {
        return Err(anyhow::anyhow!("{} has no lesson to present", path.display()).into());
    }
    open_window(Shown::Course(Box::new((plan, words))), &Looks { lang, present: true })
}

/// Opens the window: with a lesson, with a saved run, as a desktop asks for a file that was clicked, or with neither.
fn open(named: Option<OsString>, setup: &Setup, looks: &Looks) -> Result<ExitCode, Failure> {
    let shown = match named {
        None => {
            setup.is_empty()?;
            Shown::Nothing
        }
        Some(name) if is_file(&name) => {
            setup.is_empty_for(&name.to_string_lossy())?;
            Shown::Run(Box::new(Session::open(Path::new(&name)).map_err(anyhow::Error::from)?))
        }
        Some(id) => Shown::Plan(Box::new(setup.plan(&id.to_string_lossy())?)),
    };
    open_window(shown, looks)
}

/// Whether a name is that of a file. One that looks like it is one, even if it is not there: then the message names the file.
fn is_file(name: &OsStr) -> bool {
    let path = Path::new(name);
    let starts_so =
        matches!(path.components().next(), Some(Component::RootDir | Component::CurDir | Component::ParentDir));
    let looks_so = starts_so || path.extension().is_some_and(|ending| ending == "loopscope");
    // A message names no address: it may hold a password.
    let is_address = |name: &str| scenarios::hide(name) != name;
    path.is_file() || (looks_so && !is_address(&name.to_string_lossy()))
}

/// What the window shows first.
#[cfg_attr(not(feature = "gui"), expect(dead_code, reason = "there is no window that would show it"))]
enum Shown {
    /// The lesson that was shown last, or the first.
    Nothing,
    /// This lesson.
    Plan(Box<Plan>),
    /// This run.
    Run(Box<Session>),
    /// This course, presented; with what is to be said about its plan.
    Course(Box<(CoursePlan, Vec<String>)>),
}

#[cfg(feature = "gui")]
fn open_window(shown: Shown, looks: &Looks) -> Result<ExitCode, Failure> {
    use loopscope::app::{self, Opening, Show, Stage};
    let (show, course) = match shown {
        Shown::Nothing => (Show::Nothing, None),
        Shown::Plan(plan) => (Show::Plan(plan), None),
        Shown::Run(session) => (Show::Run(session), None),
        Shown::Course(course) => (Show::Nothing, Some(*course)),
    };
    let stage = if looks.present { Stage::Talk } else { Stage::Desk };
    app::run(Opening { show, languages: looks.lang.map(Into::into), stage, course }).map_err(anyhow::Error::from)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(feature = "gui"))]
fn open_window(_: Shown, _: &Looks) -> Result<ExitCode, Failure> {
    Err(anyhow::anyhow!("this build has no window; build it with the feature gui, or see loopscope --help").into())
}
