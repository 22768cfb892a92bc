//! What the command line does with saved records: check them, sum them up, compare them, turn them into other formats.

use super::{Failure, output, picture, still_read};
use anyhow::Context as _;
use clap::ValueEnum;
use loopscope::event::{Nanos, WorkerId};
use loopscope::session::{read_record, scenario_of, wording};
use loopscope::trace::export::{chrome, csv};
use loopscope::trace::{
    Comparison, Histogram, Languages, Limits, Measure, Record, Series, SpanState, Stats, check, critical_parts,
    diagnose, file, text,
};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Parts of the critical path that are printed.
const MOST_PARTS: usize = 5;
/// Violations that are printed one by one.
const MOST_VIOLATIONS: usize = 10;

/// A format of other programs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// Chrome's trace format, which Perfetto and speedscope read.
    Chrome,
    /// A picture of the timeline.
    Svg,
    /// A table of the spans.
    Csv,
}

/// Writes an export, once.
pub(super) type Writer = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()>>;

/// Reads a record, unless standard output leads back to it; what is wrong with its end is said, and the rest used.
fn read(path: &Path) -> Result<file::Opened, Failure> {
    read_for(path, None)
}

/// Reads a record, unless the output leads back to it.
fn read_for(path: &Path, out: Option<&Path>) -> Result<file::Opened, Failure> {
    output::is_apart(path, out)?;
    let opened = read_record(path).map_err(anyhow::Error::from)?;
    if let Some(damage) = &opened.damage {
        super::complain(format_args!("{}: {damage}", path.display()));
    }
    Ok(opened)
}

pub(super) fn export(path: &Path, format: Format, out: Option<&Path>) -> Result<ExitCode, Failure> {
    let out = out.filter(|out| *out != Path::new("-"));
    let write: Writer = match format {
        Format::Chrome => {
            let record = read_for(path, out)?.record;
            Box::new(move |out| chrome::write(&record, out))
        }
        Format::Csv => {
            let record = read_for(path, out)?.record;
            Box::new(move |out| csv::write(&record, out))
        }
        Format::Svg => {
            output::is_apart(path, out)?;
            picture::svg_of(path)?
        }
    };
    match out {
        Some(out) => {
            file::write_aside(out, |file| write(file)).with_context(|| format!("cannot write {}", out.display()))?;
        }
        None => {
            let mut out = io::stdout().lock();
            let written = write(&mut out).and_then(|()| out.flush());
            still_read(written)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn stats(path: &Path, languages: Languages) -> Result<ExitCode, Failure> {
    let file::Opened { record, bookmarks, .. } = read(path)?;
    let lines = Stats::of(&record).lines(&record).into_iter().chain(spread(&record));
    let parts = critical_parts(&record).into_iter().take(MOST_PARTS).map(|(task, state, length)| {
        let what = match state {
            SpanState::Running => "running",
            SpanState::Ready => "ready",
            SpanState::Waiting => "waiting",
        };
        ("on the critical path", format!("{length}, {} {what}", record.catalog().task_name(task)))
    });
    let wording = wording(languages, [scenario_of(&record)]);
    let found = diagnose(&record, Limits::default(), &wording).into_iter().map(|found| ("finding", found.cause));
    let mut out = io::stdout().lock();
    let marked = bookmarks
        .iter()
        .map(|bookmark| ("bookmark", format!("{} {}", bookmark.at, text::line(&bookmark.name)).trim_end().to_owned()));
    let mut lines = lines.chain(parts).chain(found).chain(marked);
    still_read(lines.try_for_each(|(name, value)| writeln!(out, "{name:22}{value}")))?;
    Ok(ExitCode::SUCCESS)
}

/// How long tasks were ready and polls took, and how busy the workers were.
fn spread(record: &Record) -> Vec<(&'static str, String)> {
    let percentiles = |measure| {
        let Histogram { p50, p90, p99, max, .. } = Histogram::of(record, measure, None);
        format!("{p50} p50, {p90} p90, {p99} p99, {max} at most")
    };
    let mut lines = vec![
        ("from ready to polled", percentiles(Measure::Latency)),
        ("length of a poll", percentiles(Measure::PollTime)),
    ];
    let (series, edge) = (Series::of(record), record.log().end());
    let share = |busy: Nanos| format!("{:.1} %", 100.0 * busy.0 as f64 / edge.0.max(1) as f64);
    let whole = series.columns(Nanos::ZERO, edge, 1, edge);
    lines.extend(whole.first().map(|whole| ("some task runs", share(whole.busy))));
    if series.workers() > 1 {
        let busy = |worker| series.worker_columns(WorkerId(worker), Nanos::ZERO, edge, 1, edge).first().copied();
        let each = (0..series.workers() as u16).filter_map(busy).map(share).collect::<Vec<_>>();
        lines.push(("each worker is busy", each.join(", ")));
    }
    lines.extend(whole.first().map(|whole| {
        (
            "tasks ready at once",
            format!("{} at most, {:.1} on the average", whole.most_ready, whole.mean(SpanState::Ready)),
        )
    }));
    lines
}

pub(super) fn compare(first: &Path, second: &Path, languages: Languages) -> Result<ExitCode, Failure> {
    let [first, second] = [read(first)?.record, read(second)?.record];
    let wording = wording(languages, [scenario_of(&first), scenario_of(&second)]);
    let runs = [("first run", &first), ("second run", &second)];
    let heads = runs.map(|(which, record)| format!("{which:12}{}", text::line(record.title())));
    let mut out = io::stdout().lock();
    let mut lines = heads.into_iter().chain(Comparison::new(&first, &second).sentences(&wording));
    still_read(lines.try_for_each(|line| writeln!(out, "{line}")))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn check_record(path: &Path) -> Result<ExitCode, Failure> {
    let file::Opened { record, damage, .. } = read(path)?;
    let violations = check(record.log().iter_from(0));
    let mut out = io::stdout().lock();
    let printed = violations.iter().take(MOST_VIOLATIONS).try_for_each(|violation| writeln!(out, "{violation}"));
    let (events, count) = (record.log().len(), violations.len());
    let events = text::count(events, "event", "events");
    let sum = match count {
        0 => format!("{events}, no violation"),
        _ => format!("{events}, {}", text::count(count, "violation", "violations")),
    };
    still_read(printed.and_then(|()| writeln!(out, "{sum}")))?;
    Ok(if violations.is_empty() && damage.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
