//! A record as a picture: a lane for each task, over time.
//!
//! The picture has a fixed width; where a column of it holds more than one span, the column shows the state that took most
//! of its time. So a long run makes no larger a file than a short one.

use crate::event::Nanos;
use crate::trace::{Lane, Record, SpanState};
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

/// Writes a picture of the whole run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(record: &Record, mut out: impl Write) -> io::Result<()> {
    let lanes = &record.lanes()[..record.lanes().len().min(MOST_LANES)];
    let left_out = record.lanes().len() - lanes.len();
    let end = record.log().end().max(Nanos(1));
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
        escaped(record.title())
    )?;
    for tick in 0..=8 {
        let at = Nanos((u128::from(end.0) * tick / 8) as u64);
        let x = NAMES + (WIDTH - NAMES - 20) * tick as u32 / 8;
        let bottom = height - 8;
        writeln!(
            out,
            "<line stroke=\"#d5dbe4\" x1=\"{x}\" y1=\"{HEAD}\" x2=\"{x}\" y2=\"{bottom}\"/>\
             <text x=\"{x}\" y=\"22\" text-anchor=\"middle\">{at}</text>"
        )?;
    }
    for (number, lane) in lanes.iter().enumerate() {
        let y = HEAD + LANE * number as u32;
        let name = record.catalog().task_name(lane.task());
        writeln!(out, "<text x=\"8\" y=\"{}\">{}</text>", y + 15, escaped(&shortened(name)))?;
        write_lane(lane, end, y + 3, &mut out)?;
    }
    if left_out > 0 {
        let y = HEAD + LANE * lanes.len() as u32 + 15;
        writeln!(out, "<text x=\"8\" y=\"{y}\">and {left_out} more</text>")?;
    }
    out.write_all(b"</g>\n</svg>\n")?;
    out.flush()
}

fn write_lane(lane: &Lane, end: Nanos, y: u32, out: &mut impl Write) -> io::Result<()> {
    let columns = WIDTH - NAMES - 20;
    let time_of = |column: u32| Nanos((u128::from(end.0) * u128::from(column) / u128::from(columns)) as u64);
    let mut run: Option<(SpanState, u32)> = None;
    for column in 0..=columns {
        let state = (column < columns).then(|| main_state(lane, time_of(column), time_of(column + 1), end)).flatten();
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
