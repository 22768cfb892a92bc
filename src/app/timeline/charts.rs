//! Under the lanes, on the same axis: how many tasks are ready, how much of the time some task runs, what all tasks do, how
//! long they were ready before they were polled, what each thread ran, and what can be counted. One chooses which; the
//! pointer tells the value. Figures go up to the cursor, and what comes after it is pale.
//!
//! On the steps axis only counters are shown: a column there has no length.

use super::chart_choice::ChartChoice;
use super::counters;
use super::signs::Sign;
use super::{NAMES, Timeline};
use crate::app::cursor::Point;
use crate::app::patterns::{Patterns, add_tiled};
use crate::app::theme::{Palette, text};
use crate::app::view::{Axis, Scale};
use crate::event::{Event, Nanos, ResourceId};
use crate::trace::{Amount, EventIndex, Record, RunPhase, Series, SpanState, WaitKind};
use egui::{Align2, Color32, Mesh, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;
use std::borrow::Cow;

/// What goes on over the time of the run that is shown.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    series: Series,
    looked_at: EventIndex,
}

/// Events taken in at each frame: a few milliseconds' worth.
const AT_ONCE: usize = 100_000;

impl Activity {
    pub(crate) fn series(&self) -> &Series {
        &self.series
    }

    /// Takes in what was added to the record; whether there is more.
    pub(crate) fn look(&mut self, record: &Record) -> bool {
        let new = record.log().iter_from(self.looked_at).take(AT_ONCE);
        let count = new.inspect(|event: &Event| self.series.learn(event)).count();
        self.looked_at = self.looked_at.max(record.log().first()) + count;
        self.looked_at < record.log().len()
    }
}

/// A chart that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chart {
    /// The most tasks that are ready.
    Ready,
    /// The share of the time during which a task runs.
    Running,
    /// How many tasks are in each state, one upon the other.
    States,
    /// How long tasks were ready before they were polled.
    Latency,
    /// What each thread ran.
    Threads,
    /// What can be counted of a shared thing.
    Counter(ResourceId),
}

impl Chart {
    /// Those that every run has.
    pub(crate) const ALL: [Self; 5] = [Self::Ready, Self::Running, Self::States, Self::Latency, Self::Threads];

    /// Its name for people.
    pub(crate) fn name(self, record: &Record) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Ready => "ready tasks",
            Self::Running => "loop busy",
            Self::States => "tasks by state",
            Self::Latency => "time from ready to polled",
            Self::Threads => "lanes of threads",
            Self::Counter(resource) => return Cow::Owned(counters::name(record, resource)),
        })
    }

    /// Whether it can be shown on an axis.
    pub(super) fn is_on(self, axis: Axis) -> bool {
        axis == Axis::Time || matches!(self, Self::Counter(_))
    }

    /// In points.
    pub(super) fn height(self) -> f32 {
        match self {
            Self::Ready | Self::Running => 28.0,
            Self::States | Self::Counter(_) => 34.0,
            Self::Latency => 44.0,
            Self::Threads => 66.0,
        }
    }
}

/// Between two charts, in points.
pub(super) const GAP: f32 = 4.0;
/// The width of a column, in points.
const COLUMN: f32 = 2.0;

/// The time in view, in columns.
pub(super) struct Columns {
    pub(super) amounts: Vec<Amount>,
    pub(super) from: Nanos,
    /// Where they are on the screen.
    pub(super) left: f32,
    right: f32,
}

impl Columns {
    pub(super) fn width(&self) -> f32 {
        (self.right - self.left) / self.amounts.len().max(1) as f32
    }

    /// The column under the pointer, with when it begins.
    fn under(&self, pointer: Pos2) -> Option<(Nanos, &Amount)> {
        let number = ((pointer.x - self.left) / self.width()).floor();
        let number = (number >= 0.0).then_some(number as usize)?;
        let amount = self.amounts.get(number)?;
        let before = self.amounts.iter().take(number).fold(self.from, |sum, amount| sum + amount.length);
        Some((before, amount))
    }
}

pub(super) struct Charts<'a> {
    pub(super) activity: &'a Activity,
    choice: &'a ChartChoice,
    pub(super) record: &'a Record,
    patterns: &'a Patterns,
    pub(super) palette: &'static Palette,
    pub(super) now: Nanos,
    pub(super) scale: Scale<'a>,
    /// The cursor.
    pub(super) point: Point,
}

impl<'a> Charts<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, palette: &'static Palette) -> Self {
        let Timeline { activity, tools, record, patterns, now, point, view, .. } = *timeline;
        let scale = Scale { axis: view.axis, record, now };
        Self { activity, choice: &tools.charts, record, patterns, palette, now, scale, point }
    }

    pub(super) fn show(&self, ui: &mut Ui, area: Rect, transform: &PlotTransform) {
        let frame = transform.frame().x_range();
        let columns = self.columns(transform);
        let mut top = area.top() + GAP;
        let cursor = transform.position_from_point_x(self.scale.point(self.point.index, self.point.at));
        for chart in self.choice.shown(self.scale.axis) {
            let row = Rect::from_x_y_ranges(area.x_range(), top..=top + chart.height());
            top = row.bottom() + GAP;
            match chart {
                Chart::Ready => self.ready(ui, row, &columns),
                Chart::Running => self.running(ui, row, &columns),
                Chart::States => self.states(ui, row, &columns),
                Chart::Latency => self.latency(ui, row.with_min_x(frame.min), row.left()),
                Chart::Threads => self.threads(ui, row, transform),
                Chart::Counter(resource) => {
                    if let Some(counter) = self.choice.counters.iter().find(|counter| counter.resource == resource) {
                        self.counter(ui, row, counter, transform);
                    }
                }
            }
            let bottom = if chart == Chart::Latency { row.bottom() - LABEL } else { row.bottom() };
            ui.painter().hline(frame, bottom, Stroke::new(1.0, self.palette.border));
            if chart == Chart::Latency {
                continue; // it has an axis of its own
            }
            let all = row.expand2(vec2(0.0, GAP / 2.0)).y_range();
            let mut shapes = Vec::new();
            if !self.point.is_live && cursor < frame.max {
                let after = Rect::from_x_y_ranges(frame.clamp(cursor)..=frame.max, all);
                Sign::Future.paint(self.palette, after, &mut shapes);
            }
            if frame.contains(cursor) {
                Sign::Cursor.paint(self.palette, Rect::from_x_y_ranges(cursor..=cursor, all), &mut shapes);
            }
            ui.painter().extend(shapes);
        }
    }

    pub(super) fn columns(&self, transform: &PlotTransform) -> Columns {
        let frame = transform.frame().x_range();
        let (start, end) = transform.bounds().range_x().into_inner();
        // A view may begin before the run; there is nothing there.
        let from = Nanos::from_secs_f64(start.max(0.0));
        let left = frame.clamp(transform.position_from_point_x(from.as_secs_f64()));
        let until = Nanos::from_secs_f64(end).min(self.now);
        let right = frame.clamp(transform.position_from_point_x(until.as_secs_f64()));
        let count = ((right - left) / COLUMN).ceil().max(1.0) as usize;
        Columns { amounts: self.activity.series.columns(from, until, count, self.now), from, left, right }
    }

    /// Where names end.
    pub(super) fn names_end(&self, row: Rect) -> f32 {
        row.left() + NAMES - 8.0
    }

    /// The name at the left of a chart and the figures below it, for the eye and for screen readers.
    fn named(&self, ui: &Ui, row: Rect, chart: Chart, name: &str, figures: &str) -> Response {
        let response = ui.interact(row, ui.scope_id().with(("chart", chart.name(self.record))), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("chart: {name}, {figures}")));
        self.two_lines(ui, row, name, figures);
        response
    }

    /// A name and figures in the room beside a chart.
    pub(super) fn two_lines(&self, ui: &Ui, row: Rect, name: &str, figures: &str) {
        let place = pos2(self.names_end(row), row.center().y);
        let painter = ui.painter().with_clip_rect(row.with_max_x(place.x));
        painter.text(place, Align2::RIGHT_BOTTOM, name, text(11.0), self.palette.text);
        painter.text(place, Align2::RIGHT_TOP, figures, text(10.5), self.palette.weak);
    }

    /// Whether the run goes on at the cursor: figures change while one looks.
    pub(super) fn goes_on(&self) -> bool {
        self.point.is_live && !matches!(self.record.edge().phase, RunPhase::Ended(_))
    }

    /// The columns up to the cursor, and of what time their figures are: at the live edge, of all up to now.
    fn so_far<'c>(&self, columns: &'c Columns) -> (&'c [Amount], String) {
        let mut until = columns.from;
        let is_before = |amount: &&Amount| {
            let is_before = until < self.point.at;
            until = until + amount.length;
            is_before
        };
        let count = columns.amounts.iter().take_while(is_before).count().max(1);
        let until = self.point.at.min(until);
        let words = match columns.from {
            // It is the same at each frame, and so costs little.
            _ if self.goes_on() => "so far".to_owned(),
            Nanos::ZERO => format!("until {until}"),
            from => format!("{from} to {until}"),
        };
        (columns.amounts.get(..count).unwrap_or_default(), words)
    }

    fn ready(&self, ui: &Ui, row: Rect, columns: &Columns) {
        let most = columns.amounts.iter().map(|amount| amount.most_ready).max().unwrap_or(0);
        let (so_far, when) = self.so_far(columns);
        let peak = so_far.iter().map(|amount| amount.most_ready).max().unwrap_or(0);
        let response = self.named(ui, row, Chart::Ready, "ready tasks", &format!("peak {peak}, {when}"));
        let parts = columns.amounts.iter().map(|amount| f64::from(amount.most_ready) / f64::from(most.max(1)));
        self.bars(ui, row, columns, self.palette.ready, parts);
        tell(response, columns, |amount| format!("peak: {} ready", amount.most_ready));
    }

    fn running(&self, ui: &Ui, row: Rect, columns: &Columns) {
        let (so_far, when) = self.so_far(columns);
        let whole = so_far.iter().fold(Nanos::ZERO, |sum, amount| sum + amount.busy);
        let length = so_far.iter().fold(Nanos::ZERO, |sum, amount| sum + amount.length);
        let share = whole.0 as f64 / length.0.max(1) as f64 * 100.0;
        let response = self.named(ui, row, Chart::Running, "loop busy", &format!("{share:.0} %, {when}"));
        self.bars(ui, row, columns, self.palette.running, columns.amounts.iter().map(Amount::utilisation));
        tell(response, columns, |amount| format!("a task runs {:.0} % of the time", amount.utilisation() * 100.0));
    }

    fn bars(&self, ui: &Ui, row: Rect, columns: &Columns, color: Color32, parts: impl Iterator<Item = f64>) {
        let (mut mesh, width) = (Mesh::default(), columns.width());
        for (number, part) in parts.enumerate().filter(|(_, part)| *part > 0.0) {
            // What is there at all is seen.
            let height = (part as f32 * row.height()).max(1.0);
            let x = columns.left + number as f32 * width;
            mesh.add_colored_rect(Rect::from_min_size(pos2(x, row.bottom() - height), vec2(width, height)), color);
        }
        ui.painter().add(Shape::mesh(mesh));
    }

    /// Running at the bottom, ready upon it, waiting on top.
    fn states(&self, ui: &Ui, row: Rect, columns: &Columns) {
        let all = |amount: &Amount| {
            amount.times.iter().map(|time| time.0 as f64).sum::<f64>() / amount.length.0.max(1) as f64
        };
        let most = columns.amounts.iter().map(all).fold(0.0, f64::max);
        let (so_far, when) = self.so_far(columns);
        let peak = so_far.iter().map(all).fold(0.0, f64::max).round();
        let response = self.named(ui, row, Chart::States, "tasks by state", &format!("peak {peak}, {when}"));
        let mut plain = Mesh::default();
        let mut hatch = Mesh::with_texture(self.patterns.wait(WaitKind::Other));
        let mut dots = Mesh::with_texture(self.patterns.dots.id());
        let width = columns.width();
        for (number, amount) in columns.amounts.iter().enumerate() {
            let x = columns.left + number as f32 * width;
            let mut bottom = row.bottom();
            for (state, color) in [
                (SpanState::Running, self.palette.running),
                (SpanState::Ready, self.palette.ready),
                (SpanState::Waiting, self.palette.waiting),
            ] {
                let height = (amount.mean(state) / most.max(1.0)) as f32 * row.height();
                let rect = Rect::from_min_max(pos2(x, bottom - height), pos2(x + width, bottom));
                bottom = rect.top();
                if height <= 0.0 {
                    continue;
                }
                plain.add_colored_rect(rect, color);
                match state {
                    SpanState::Running => {}
                    SpanState::Ready => add_tiled(&mut dots, rect, self.palette.on_ready),
                    SpanState::Waiting => add_tiled(&mut hatch, rect, self.palette.hatch),
                }
            }
        }
        ui.painter().extend([plain, hatch, dots].map(Shape::mesh));
        tell(response, columns, |amount| {
            let [running, ready, waiting] =
                [SpanState::Running, SpanState::Ready, SpanState::Waiting].map(|state| round(amount.mean(state)));
            format!("{running} running, {ready} ready, {waiting} waiting")
        });
    }
}

/// Room for the lengths below the bars of latencies, in points.
const LABEL: f32 = 14.0;
/// Of latencies a bar is not wider than this, in points.
const WIDEST: f32 = 84.0;

impl Charts<'_> {
    /// How many polls came how long after the task was ready; its own axis.
    fn latency(&self, ui: &Ui, plot: Rect, left: f32) {
        let Some((latest, histogram)) = self.choice.latency.as_ref().and_then(|it| Some((it, it.histogram()?))) else {
            return;
        };
        let palette = self.palette;
        let whose = latest.of.map_or("all tasks", |task| self.record.catalog().task_name(task));
        let (half, most) = (histogram.p50, histogram.max);
        for (line, words) in [(0.0, format!("ready to polled, {whose}")), (14.0, format!("half ≤ {half}, most {most}"))]
        {
            let galley = ui.painter().layout_no_wrap(words, text(11.0), palette.weak);
            let place = pos2((plot.left() - 8.0 - galley.size().x).max(left), plot.top() + 4.0 + line);
            let clip = Rect::from_x_y_ranges(left..=plot.left() - 8.0, plot.y_range());
            ui.painter_at(clip).galley(place, galley, palette.weak);
        }
        let buckets: Vec<_> = histogram.buckets().collect();
        let first = buckets.iter().position(|bucket| bucket.count > 0).unwrap_or(0);
        let last = buckets.iter().rposition(|bucket| bucket.count > 0).unwrap_or(0);
        let shown = buckets.get(first..=last).unwrap_or_default();
        let highest = shown.iter().map(|bucket| bucket.count).max().unwrap_or(0).max(1);
        let width = (plot.width() / shown.len().max(1) as f32).min(WIDEST);
        for (number, bucket) in shown.iter().enumerate() {
            let x = plot.left() + number as f32 * width;
            let column = Rect::from_x_y_ranges(x..=x + width, plot.y_range());
            let length = match bucket.to {
                Some(Nanos(1)) => "at once".to_owned(),
                Some(to) => format!("{} to {to}", bucket.from),
                None => format!("{} and more", bucket.from),
            };
            let words = format!("{length}: {} of {}", bucket.count, histogram.count);
            let response = ui.interact(column, ui.scope_id().with(("latency", number)), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("chart: ready to polled, {words}")));
            if bucket.count > 0 {
                let height = (bucket.count as f32 / highest as f32 * (plot.height() - LABEL)).max(1.0);
                let bottom = plot.bottom() - LABEL;
                let bar = Rect::from_min_max(pos2(x + 1.0, bottom - height), pos2(x + width - 1.0, bottom));
                ui.painter().rect_filled(bar, 0.0, palette.ready);
            }
            let label = if bucket.to == Some(Nanos(1)) { "0".to_owned() } else { bucket.from.to_string() };
            let galley = ui.painter().layout_no_wrap(label, text(10.0), palette.weak);
            if galley.size().x < width - 2.0 {
                ui.painter().galley(pos2(x + 1.0, plot.bottom() - LABEL + 1.0), galley, palette.weak);
            }
            response.on_hover_text(words);
        }
    }
}

/// Tells what is under the pointer.
fn tell(response: Response, columns: &Columns, words: impl Fn(&Amount) -> String) {
    if let Some((at, amount)) = response.hover_pos().and_then(|pointer| columns.under(pointer)) {
        response.on_hover_text_at_pointer(format!("{at}: {}", words(amount)));
    }
}

/// A mean, without a fraction where it has none.
fn round(mean: f64) -> String {
    if (mean - mean.round()).abs() < 0.05 { format!("{mean:.0}") } else { format!("{mean:.1}") }
}
