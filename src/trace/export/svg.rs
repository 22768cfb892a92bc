//! A record as a picture: a lane for each task, over time.
//!
//! It shows the whole run, or what lies between two times of it. The picture has a fixed width; where a column of it holds more than one span, the column shows the state that took most
//! of its time. So a long run makes no larger a file than a short one.

use crate::event::Nanos;
use crate::trace::text::{line, xml};
use crate::trace::{Lane, Record, Span, SpanState};
use std::io::{self, Write};

const WIDTH: u32 = 1200;
const NAMES: u32 = 150;
const LANE: u32 = 22;
const HEAD: u32 = 34;
/// More lanes than this make no picture that anybody reads.
const MOST_LANES: usize = 1000;

/// How a state is filled, readable on white and on paper: running dark, ready amber, waiting pale and hatched. As
/// attributes, for not every reader knows style sheets.
const fn fill(state: SpanState) -> &'static str {
    match state {
        SpanState::Running => "#0c3866",
        SpanState::Ready => "#c6730c",
        SpanState::Waiting => "url(#hatch)",
    }
}

/// The picture's width in time: its columns, from left to right.
#[derive(Debug, Clone, Copy)]
struct Axis {
    from: Nanos,
    to: Nanos,
    /// The end of the record.
    end: Nanos,
}

/// Its columns: what the names and a margin leave.
const COLUMNS: u32 = WIDTH - NAMES - 20;
/// About so many times are written above the lanes.
const TICKS: u64 = 8;

impl Axis {
    /// The time at the left border of a column.
    fn time_of(self, column: u32) -> Nanos {
        let length = u128::from(self.to.since(self.from).0);
        self.from + Nanos((length * u128::from(column) / u128::from(COLUMNS)) as u64)
    }

    /// Where a time stands in the picture.
    fn x(self, at: Nanos) -> f64 {
        let part = at.since(self.from).0 as f64 / self.to.since(self.from).0.max(1) as f64;
        f64::from(NAMES) + part * f64::from(COLUMNS)
    }

    /// Round times, about as many as there is room for.
    fn ticks(self) -> impl Iterator<Item = Nanos> {
        let length = self.to.since(self.from).0;
        let decade = 10_u64.pow((length / TICKS).max(1).ilog10());
        let step = [1, 2, 5, 10].map(|times| decade.saturating_mul(times));
        let step = step.into_iter().find(|step| length / step <= TICKS).unwrap_or(decade).max(1);
        (self.from.0.div_ceil(step)..=self.to.0 / step).map(move |tick| Nanos(tick.saturating_mul(step)))
    }
}

/// Writes a picture of the whole run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(record: &Record, out: impl Write) -> io::Result<()> {
    let end = record.log().end().max(Nanos(1));
    let lanes: Vec<&Lane> = record.lanes().iter().collect();
    picture(record, &lanes, Axis { from: Nanos::ZERO, to: end, end }, out)
}

/// Writes a picture of what lies between two times, in whichever order: the tasks that there were then.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_part(record: &Record, one: Nanos, other: Nanos, out: impl Write) -> io::Result<()> {
    let end = record.log().end();
    let (from, to) = (one.min(other), one.max(other));
    let axis = Axis { from, to: to.max(from + Nanos(1)), end };
    let touches = |lane: &&Lane| touching(lane, axis.from, axis.to, end).next().is_some();
    let lanes: Vec<&Lane> = record.lanes().iter().filter(touches).collect();
    picture(record, &lanes, axis, out)
}

/// The spans of which something lies between two times; a lane tells also of the one before a time without any.
fn touching(lane: &Lane, from: Nanos, to: Nanos, end: Nanos) -> impl Iterator<Item = Span> {
    lane.between(from, to).filter(move |span| span.end_or(end) >= from)
}

fn picture(record: &Record, all: &[&Lane], axis: Axis, mut out: impl Write) -> io::Result<()> {
    let lanes = &all[..all.len().min(MOST_LANES)];
    let left_out = all.len() - lanes.len();
    let height = HEAD + LANE * (lanes.len() as u32 + u32::from(left_out > 0)) + 8;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\">\n<title>{}</title>\n\
         <defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#e9eef6\"/>\
         <rect width=\"2\" height=\"6\" fill=\"#b9c4d4\"/></pattern></defs>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <g font-family=\"sans-serif\" font-size=\"12\" fill=\"#1f2733\">",
        xml(&line(record.title()))
    )?;
    for at in axis.ticks() {
        let (x, bottom) = (axis.x(at), height - 8);
        writeln!(
            out,
            "<line stroke=\"#d5dbe4\" x1=\"{x:.1}\" y1=\"{HEAD}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
             <text x=\"{x:.1}\" y=\"22\" text-anchor=\"middle\">{at}</text>"
        )?;
    }
    for (number, lane) in lanes.iter().enumerate() {
        let y = HEAD + LANE * number as u32;
        let name = record.catalog().task_name(lane.task());
        writeln!(out, "<text x=\"8\" y=\"{}\">{}</text>", y + 15, xml(&shortened(name)))?;
        write_lane(lane, axis, y + 3, &mut out)?;
    }
    if left_out > 0 {
        let y = HEAD + LANE * lanes.len() as u32 + 15;
        writeln!(out, "<text x=\"8\" y=\"{y}\">and {left_out} more</text>")?;
    }
    out.write_all(b"</g>\n</svg>\n")?;
    out.flush()
}

fn write_lane(lane: &Lane, axis: Axis, y: u32, out: &mut impl Write) -> io::Result<()> {
    let mut run: Option<(SpanState, u32)> = None;
    for column in 0..=COLUMNS {
        let state = (column < COLUMNS).then(|| {
            let (start, stop) = (axis.time_of(column), axis.time_of(column + 1));
            main_state(lane, start, stop, axis.end)
        });
        let state = state.flatten();
        if run.map(|(state, _)| state) == state {
            continue;
        }
        if let Some((state, first)) = run {
            let (x, width, fill) = (NAMES + first, column - first, fill(state));
            writeln!(out, "<rect fill=\"{fill}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"16\"/>")?;
        }
        run = state.map(|state| (state, column));
    }
    Ok(())
}

/// The state in which the task was for most of a column. A poll that took no time shows where it began, for in virtual
/// time most do.
fn main_state(lane: &Lane, start: Nanos, stop: Nanos, end: Nanos) -> Option<SpanState> {
    let mut time = [0_u64; 3];
    for span in lane.between(start, stop) {
        let (from, to) = (span.start.max(start), span.end_or(end).min(stop));
        time[span.state as usize] += to.since(from).0;
        if span.state == SpanState::Running && span.start >= start && span.start < stop {
            return Some(SpanState::Running);
        }
    }
    let states = [SpanState::Running, SpanState::Ready, SpanState::Waiting];
    states.into_iter().filter(|state| time[*state as usize] > 0).max_by_key(|state| time[*state as usize])
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 20 { name.to_owned() } else { name.chars().take(19).chain(['…']).collect() }
}
