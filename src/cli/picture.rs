//! `loopscope render`: pictures of a run.

use super::{Failure, output, usage};
use anyhow::Context as _;
use loopscope::event::Nanos;
use loopscope::runtime::Speed;
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{export, file};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Axis {
    /// A stretch of time.
    Time,
    /// A poll.
    Steps,
}

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Theme {
    Light,
    Dark,
}

/// Which part of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum View {
    Window,
    Timeline,
    Loop,
}

/// How the picture is to be.
pub(super) struct Wish {
    /// A second run to compare with.
    pub(super) compare: Option<OsString>,
    pub(super) at: Option<String>,
    pub(super) axis: Axis,
    pub(super) theme: Theme,
    pub(super) view: View,
    pub(super) size: String,
}

/// The least and the most pixels a side.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;

pub(super) fn render(run: &OsStr, wish: &Wish, out: &Path) -> Result<ExitCode, Failure> {
    let size = size(&wish.size).ok_or_else(|| {
        usage(format!("'{}' is no size: take two numbers from 200 to 8000, e.g. 1440x900", wish.size))
    })?;
    let at = wish
        .at
        .as_deref()
        .map(|text| Nanos::parse(text).ok_or_else(|| usage(format!("'{text}' is no time: take e.g. 1.5 or 300ms"))));
    let at = at.transpose()?;
    let extension = out.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    for input in [Some(run), wish.compare.as_deref()].into_iter().flatten() {
        output::is_apart(Path::new(input), Some(out))?;
    }
    let not_written = || format!("cannot write {}", out.display());
    let can_write = || file::can_write(out).with_context(not_written);
    match extension.as_str() {
        "png" => {
            can_write()?;
            png(open(run)?, wish, at, size, out)
        }
        "svg" if wish.compare.is_some() => Err(usage("two runs are compared in a .png")),
        "svg" if wish.view == View::Timeline && at.is_none() && wish.axis == Axis::Time => {
            can_write()?;
            let mut session = open(run)?;
            while session.pump_wait() {}
            file::write_aside(out, |file| export::svg::write(session.record(), file)).with_context(not_written)?;
            Ok(ExitCode::SUCCESS)
        }
        "svg" => {
            Err(usage("an SVG shows the whole timeline on the axis of time: add --view timeline, or write a .png"))
        }
        _ => Err(usage(format!("'{}' ends neither in .png nor in .svg", out.display()))),
    }
}

/// The run: a saved one where there is such a file, else a scenario's, run to its end.
fn open(run: &OsStr) -> Result<Session, Failure> {
    let path = Path::new(run);
    if path.exists() {
        return Ok(Session::open(path).map_err(anyhow::Error::from)?);
    }
    let plan = Plan { speed: Speed::MAX, ..Plan::new(scenarios::find(&run.to_string_lossy()).map_err(usage)?) };
    let mut session = Session::start(plan, Start::Running, || {}).map_err(anyhow::Error::from)?;
    // Nobody is there to answer what it may ask.
    session.end_input();
    while session.pump_wait() {}
    Ok(session)
}

fn size(text: &str) -> Option<[u32; 2]> {
    let (width, height) = text.split_once('x')?;
    let sides = [width.parse().ok()?, height.parse().ok()?];
    sides.iter().all(|side| SIDES.contains(side)).then_some(sides)
}

#[cfg(feature = "gui")]
fn png(session: Session, wish: &Wish, at: Option<Nanos>, size: [u32; 2], out: &Path) -> Result<ExitCode, Failure> {
    use loopscope::app::{Part, Shot};
    let part = match wish.view {
        View::Window => Part::Window,
        View::Timeline => Part::Timeline,
        View::Loop => Part::Loop,
    };
    let shot = Shot { at, by_steps: wish.axis == Axis::Steps, is_dark: wish.theme == Theme::Dark, part, size };
    let picture = match &wish.compare {
        Some(other) => loopscope::app::render_compared([session, open(other)?], shot),
        None => loopscope::app::render(session, shot),
    };
    let written =
        file::write_aside(out, |file| picture.write_to(file, image::ImageFormat::Png).map_err(std::io::Error::other));
    written.with_context(|| format!("cannot write {}", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(feature = "gui"))]
fn png(_: Session, wish: &Wish, _: Option<Nanos>, size: [u32; 2], _: &Path) -> Result<ExitCode, Failure> {
    let Wish { theme, .. } = wish;
    Err(anyhow::anyhow!(
        "this build draws no {size:?} {theme:?} pictures; build it with the feature gui, or write a .svg"
    )
    .into())
}
