//! `loopscope render`: pictures of a run.

use super::files::Writer;
use super::lessons::Setup;
use super::{Failure, is_file, output, usage};
use anyhow::Context as _;
use loopscope::event::{Nanos, TaskId};
use loopscope::runtime::Speed;
use loopscope::session::{Session, Start};
use loopscope::trace::{Record, file};
use std::ffi::OsString;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Axis {
    /// A stretch of time.
    Time,
    /// A poll.
    Steps,
}

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Theme {
    /// Dark on white.
    Light,
    /// Light on dark.
    Dark,
    /// Dark on white, farther apart.
    HighContrast,
    /// Light on dark, farther apart.
    HighContrastDark,
}

/// Which part of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum View {
    /// All of it.
    Window,
    /// The lanes of the tasks.
    Timeline,
    /// The ready queue, who runs, who waits, who is done.
    Loop,
}

/// Which language the code is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Language {
    /// Python's asyncio.
    Python,
    /// The Rust that runs.
    Rust,
    /// One above the other.
    Both,
}

/// What is to be drawn, how, and where it is written.
#[derive(Debug, clap::Args)]
pub(super) struct Render {
    /// A lesson's id, or a saved run.
    run: OsString,
    #[command(flatten)]
    setup: Setup,
    /// A second run, as it is by default, drawn below the first on the same axis.
    #[arg(long, value_name = "RUN")]
    compare: Option<OsString>,
    /// The time at the cursor, e.g. 1.5 or 300ms; the end unless given.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// The part of the timeline that is shown, e.g. 1..2.5, ..300ms or 4..; all of it unless given.
    #[arg(long, value_name = "A..B", allow_hyphen_values = true)]
    range: Option<String>,
    /// Selects the task of that name.
    #[arg(long, value_name = "TASK")]
    select: Option<String>,
    /// What a column is.
    #[arg(long, default_value = "time")]
    axis: Axis,
    /// Which part of the window; a part is cropped to what it shows.
    #[arg(long, default_value = "window")]
    view: View,
    /// Which language the code is shown in, and lines are named by.
    #[arg(long, default_value = "python")]
    lang: Language,
    /// Which colours.
    #[arg(long, default_value = "light")]
    theme: Theme,
    /// Presents: large, for an audience.
    #[arg(long)]
    present: bool,
    /// The page of the presentation, from 1; the one about the moment at the cursor unless given.
    #[arg(long, value_name = "NUMBER", requires = "present")]
    page: Option<usize>,
    /// Width and height in points; a part of the window is no higher than it needs.
    #[arg(long, value_name = "WxH", allow_hyphen_values = true)]
    size: Option<String>,
    /// Pixels in a point: 2 makes a sharp picture for slides.
    #[arg(long, default_value = "1", value_name = "N", allow_hyphen_values = true)]
    scale: String,
    /// Where to write it: a .png, or a .svg.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

/// The least and the most points a side.
const SIDES: RangeInclusive<u32> = 200..=8000;
/// Width and height unless given, in points.
const SIZE: [u32; 2] = [1440, 900];
/// The height of a part of the window that is cropped, unless given, in points: all that its lanes need.
const HIGHEST: u32 = 8000;
/// Pixels in a point.
const SCALES: RangeInclusive<f32> = 0.5..=8.0;
/// A picture has no more pixels: it would not fit into memory.
const MOST_PIXELS: f32 = 2e8;

/// What a picture is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Png,
    Svg,
}

impl Format {
    fn of(out: &Path) -> Result<Self, Failure> {
        let extension = out.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_lowercase().as_str() {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            _ => Err(usage(format!("'{}' ends neither in .png nor in .svg", out.display()))),
        }
    }
}

/// What was asked for, read and found to make sense so far as that can be said before the run.
struct Wanted {
    at: Option<Nanos>,
    range: Option<[Option<Nanos>; 2]>,
    size: [u32; 2],
    scale: f32,
    format: Format,
}

impl Render {
    fn read(&self) -> Result<Wanted, Failure> {
        let format = Format::of(&self.output)?;
        let usual = if self.view == View::Window { SIZE } else { [SIZE[0], HIGHEST] };
        let size = self.size.as_deref().map_or(Some(usual), size).ok_or_else(|| {
            let text = self.size.as_deref().unwrap_or_default();
            usage(format!("'{text}' is no size: take two numbers from 200 to 8000, e.g. 1440x900"))
        })?;
        let scale = self.scale.parse().ok().filter(|scale| SCALES.contains(scale));
        let scale: f32 = scale.ok_or_else(|| {
            usage(format!("'{}' is no scale: take a number from {} to {}", self.scale, SCALES.start(), SCALES.end()))
        })?;
        if self.size.is_some() && size.iter().map(|side| *side as f32 * scale).product::<f32>() > MOST_PIXELS {
            return Err(usage("the picture would have more than 200 million pixels: take a smaller --size or --scale"));
        }
        let at = self.at.as_deref().map(time).transpose()?;
        let range = self.range.as_deref().map(range).transpose()?;
        if range.is_some() && self.view == View::Loop {
            return Err(usage("--range is a part of the timeline, and --view loop has none: leave one of them out"));
        }
        if self.compare.is_some() {
            for (name, is_given) in [("--range", range.is_some()), ("--select", self.select.is_some())] {
                if is_given {
                    return Err(usage(format!(
                        "{name} is for one run, and --compare shows two: leave one of them out"
                    )));
                }
            }
        }
        Ok(Wanted { at, range, size, scale, format })
    }
}

pub(super) fn render(wish: &Render) -> Result<ExitCode, Failure> {
    let wanted = wish.read()?;
    for input in [Some(&wish.run), wish.compare.as_ref()].into_iter().flatten() {
        output::is_apart(Path::new(input), Some(&wish.output))?;
    }
    file::can_write(&wish.output).with_context(|| format!("cannot write {}", wish.output.display()))?;
    let session = open(&wish.run, &wish.setup)?;
    let other = wish.compare.as_ref().map(|other| open(other, &Setup::default())).transpose()?;
    let end = session.record().log().end().max(other.as_ref().map_or(Nanos::ZERO, |other| other.record().log().end()));
    if let Some(at) = wanted.at.filter(|at| *at > end) {
        return Err(usage(format!("the run ends at {end}: {at} is after it; take --at from 0 to {end}")));
    }
    let range = wanted.range.map(|range| within(range, end)).transpose()?;
    let selected = wish.select.as_deref().map(|name| task(session.record(), name)).transpose()?;
    draw(wish, &wanted, (session, other), range, selected)
}

/// The run: a saved one where there is such a file, else a lesson's, run to its end.
pub(super) fn open(run: &OsString, setup: &Setup) -> Result<Session, Failure> {
    if is_file(run) {
        setup.is_empty_for(&run.to_string_lossy())?;
        return whole(Path::new(run));
    }
    let mut plan = setup.plan(&run.to_string_lossy())?;
    plan.speed = Speed::MAX;
    let mut session = Session::start(plan, Start::Running, || {}).map_err(anyhow::Error::from)?;
    // Nobody is there to answer what it may ask.
    session.end_input();
    while session.pump_wait() {}
    Ok(session)
}

/// A saved run, all of it.
fn whole(path: &Path) -> Result<Session, Failure> {
    let mut session = Session::open(path).map_err(anyhow::Error::from)?;
    while session.pump_wait() {}
    if let Some(damage) = session.damage() {
        super::complain(format_args!("{}: {damage}", path.display()));
    }
    Ok(session)
}

fn size(text: &str) -> Option<[u32; 2]> {
    let (width, height) = text.split_once('x')?;
    let sides = [width.parse().ok()?, height.parse().ok()?];
    sides.iter().all(|side| SIDES.contains(side)).then_some(sides)
}

fn time(text: &str) -> Result<Nanos, Failure> {
    Nanos::parse(text).ok_or_else(|| usage(format!("'{text}' is no time: take e.g. 1.5 or 300ms")))
}

/// Two times, each of which can be left out.
fn range(text: &str) -> Result<[Option<Nanos>; 2], Failure> {
    let parts = text.split_once("..").filter(|(from, to)| !(from.is_empty() && to.is_empty()));
    let (from, to) =
        parts.ok_or_else(|| usage(format!("'{text}' is no range: take two times, e.g. 1..2.5 or ..300ms")))?;
    let end = |text: &str| if text.is_empty() { Ok(None) } else { time(text).map(Some) };
    Ok([end(from)?, end(to)?])
}

/// A range within a run that ends at `end`.
fn within([from, to]: [Option<Nanos>; 2], end: Nanos) -> Result<Range<Nanos>, Failure> {
    let (from, to) = (from.unwrap_or(Nanos::ZERO), to.unwrap_or(end));
    if let Some(late) = [from, to].into_iter().find(|time| *time > end) {
        return Err(usage(format!("the run ends at {end}: {late} is after it; take --range from 0 to {end}")));
    }
    if from >= to {
        return Err(usage(format!("the range from {from} to {to} is empty: its first time has to be the earlier one")));
    }
    Ok(from..to)
}

/// How many names of tasks are told at once.
const MOST_NAMES: usize = 12;

/// The first task of that name.
fn task(record: &Record, name: &str) -> Result<TaskId, Failure> {
    let catalog = record.catalog();
    let found = catalog.tasks().iter().find(|info| catalog.task_name(info.task) == name);
    found.map(|info| info.task).ok_or_else(|| {
        let names = catalog.tasks().iter().map(|info| catalog.task_name(info.task));
        let mut told: Vec<&str> = names.take(MOST_NAMES).collect();
        if catalog.tasks().len() > MOST_NAMES {
            told.push("…");
        }
        usage(format!("the run has no task '{name}'; it has: {}", told.join(", ")))
    })
}

/// Draws the timeline of a saved run, to be written as SVG.
#[cfg(feature = "gui")]
pub(super) fn svg_of(path: &Path) -> Result<Writer, Failure> {
    use loopscope::app::{Part, Shot, render};
    let shot = Shot { part: Part::Timeline, size: [SIZE[0], HIGHEST], ..Shot::default() };
    let picture = render(whole(path)?, &shot);
    Ok(Box::new(move |out| picture.write_svg(out)))
}

#[cfg(feature = "gui")]
fn draw(
    wish: &Render,
    wanted: &Wanted,
    (session, other): (Session, Option<Session>),
    range: Option<Range<Nanos>>,
    selected: Option<TaskId>,
) -> Result<ExitCode, Failure> {
    use loopscope::app::{self, Look, Part, Shot, Stage};
    let part = match wish.view {
        View::Window => Part::Window,
        View::Timeline => Part::Timeline,
        View::Loop => Part::Loop,
    };
    let look = match wish.theme {
        Theme::Light => Look::Light,
        Theme::Dark => Look::Dark,
        Theme::HighContrast => Look::LightHighContrast,
        Theme::HighContrastDark => Look::DarkHighContrast,
    };
    let axis = match wish.axis {
        Axis::Time => app::Axis::Time,
        Axis::Steps => app::Axis::Steps,
    };
    let stage = if wish.present { Stage::Talk } else { Stage::Desk };
    let Wanted { at, size, scale, format, .. } = *wanted;
    let shot = Shot {
        part,
        axis,
        at,
        range,
        selected,
        languages: wish.lang.into(),
        stage,
        page: wish.page,
        look,
        size,
        scale,
    };
    let picture = match other {
        Some(other) => app::render_compared([session, other], &shot),
        None => app::render(session, &shot),
    };
    let written = file::write_aside(&wish.output, |file| match format {
        Format::Png => picture.write_png(file),
        Format::Svg => picture.write_svg(file),
    });
    written.with_context(|| format!("cannot write {}", wish.output.display()))?;
    Ok(ExitCode::SUCCESS)
}

impl From<Language> for loopscope::trace::Languages {
    fn from(language: Language) -> Self {
        match language {
            Language::Python => Self::Python,
            Language::Rust => Self::Rust,
            Language::Both => Self::Both,
        }
    }
}

/// Why this build draws nothing.
#[cfg(not(feature = "gui"))]
const NO_PICTURES: &str = "this build draws no pictures; build it with the feature gui";

#[cfg(not(feature = "gui"))]
pub(super) fn svg_of(_: &Path) -> Result<Writer, Failure> {
    Err(anyhow::anyhow!(NO_PICTURES).into())
}

#[cfg(not(feature = "gui"))]
fn draw(
    wish: &Render,
    wanted: &Wanted,
    _: (Session, Option<Session>),
    _: Option<Range<Nanos>>,
    _: Option<TaskId>,
) -> Result<ExitCode, Failure> {
    // What was asked for is read all the same, so that what is wrong with it is told by every build.
    let _ = (wish.axis, wish.lang, wish.theme, wish.present, wish.page, wanted.size, wanted.scale, wanted.format);
    Err(anyhow::anyhow!(NO_PICTURES).into())
}
