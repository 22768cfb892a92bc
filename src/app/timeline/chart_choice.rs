//! Which charts are shown below the lanes, and what of them is kept from frame to frame.

use super::charts::{Chart, GAP};
use super::counters::Counter;
use crate::app::asked::{Asked, Patience};
use crate::app::view::Axis;
use crate::event::TaskId;
use crate::trace::{EventIndex, Histogram, Measure, Record};
use egui::Context;
use std::sync::Arc;

/// Which charts are shown, and what is kept of them from frame to frame.
#[derive(Debug)]
pub(crate) struct ChartChoice {
    chosen: Vec<Chart>,
    pub(super) latency: Option<Latencies>,
    pub(super) counters: Vec<Counter>,
}

/// How long it took from ready to polled.
#[derive(Debug)]
pub(super) struct Latencies {
    /// Of which task, or of all.
    pub(super) of: Option<TaskId>,
    /// How long the record was when they were asked for.
    events: EventIndex,
    asked: Asked<Option<Histogram>>,
    /// Those of the same record when it was shorter: shown until the answer is there.
    before: Option<Histogram>,
}

impl Latencies {
    pub(super) fn histogram(&self) -> Option<&Histogram> {
        self.asked.known().map_or(self.before.as_ref(), Option::as_ref)
    }

    /// Whether they will do for a record that grew to so many events: until it is longer by a quarter.
    fn will_do(&self, events: EventIndex, is_whole: bool) -> bool {
        self.events == events || (!is_whole && events / 5 * 4 <= self.events && events > self.events)
    }
}

impl Default for ChartChoice {
    fn default() -> Self {
        Self { chosen: vec![Chart::Ready, Chart::Running], latency: None, counters: Vec::new() }
    }
}

impl ChartChoice {
    /// Whether these are the charts that are shown unless somebody chooses others.
    pub(super) fn is_usual(&self) -> bool {
        self.chosen == Self::default().chosen
    }

    pub(super) fn has(&self, chart: Chart) -> bool {
        self.chosen.contains(&chart)
    }

    /// Shows a chart, or leaves it out.
    pub(crate) fn toggle(&mut self, chart: Chart) {
        let had = self.has(chart);
        self.chosen.retain(|other| *other != chart);
        if let Chart::Counter(resource) = chart {
            self.counters.retain(|counter| counter.resource != resource);
            self.counters.extend((!had).then(|| Counter::new(resource)));
        }
        if !had {
            self.chosen.push(chart);
            // In the order in which they are offered, counters last.
            self.chosen.sort_by_key(|chart| Chart::ALL.iter().position(|other| other == chart).unwrap_or(usize::MAX));
        }
    }

    /// Another run is shown: its shared things are others.
    pub(super) fn forget_run(&mut self) {
        self.latency = None;
        self.counters.clear();
        self.chosen.retain(|chart| !matches!(chart, Chart::Counter(_)));
    }

    /// Reads what counters need; whether there is more to read.
    pub(super) fn count(&mut self, record: &Record) -> bool {
        self.counters.iter_mut().fold(false, |more, counter| counter.look(record) | more)
    }

    /// Asks for the latencies where they are shown: of a record that grows, each time it has grown by a quarter.
    pub(super) fn look(
        &mut self,
        record: &Arc<Record>,
        task: Option<TaskId>,
        is_whole: bool,
        (ctx, patience): (&Context, Patience),
    ) {
        if !self.has(Chart::Latency) {
            return;
        }
        let events = record.log().len();
        let is_asked = |latest: &Latencies| matches!(latest.asked, Asked::Working(_));
        let will_do = |latest: &Latencies| latest.of == task && latest.will_do(events, is_whole);
        if self.latency.as_ref().is_none_or(|latest| !is_asked(latest) && !will_do(latest)) {
            let before = self.latency.take().filter(|latest| latest.of == task && latest.events <= events);
            let before = before.and_then(|latest| latest.histogram().cloned());
            self.latency = Some(Latencies { of: task, events, asked: Asked::NotYet, before });
        }
        let Some(latest) = &mut self.latency else { return };
        let of = latest.of;
        latest.asked.ask(ctx, patience.with([&**record]), || {
            let record = Arc::clone(record);
            move || Some(Histogram::of(&record, Measure::Latency, of))
        });
    }

    /// Those that are shown on an axis.
    pub(super) fn shown(&self, axis: Axis) -> impl Iterator<Item = Chart> {
        self.chosen.iter().copied().filter(move |chart| chart.is_on(axis))
    }

    /// The height of all that are shown on an axis with the gap above, in points; none where there is none.
    pub(super) fn height(&self, axis: Axis) -> f32 {
        let sum: f32 = self.shown(axis).map(|chart| chart.height() + GAP).sum();
        if sum > 0.0 { sum + GAP } else { 0.0 }
    }
}
