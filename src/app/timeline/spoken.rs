//! What a lane shows, in words, for those who do not see it: its spans in view.

use super::Timeline;
use crate::app::view::Axis;
use crate::event::{Nanos, TaskId};
use crate::trace::{SpanState, wait_label};
use egui_plot::PlotTransform;

/// More spans than this are counted.
const MOST: usize = 12;

impl Timeline<'_> {
    /// The spans of a lane that are in view: "in view: running from 0.000 s, waiting on sleep 3 s from 0.000 s for 3 s".
    pub(super) fn spans_spoken(&self, task: TaskId, transform: &PlotTransform) -> String {
        let Some(lane) = self.record.lane(task) else { return String::new() };
        let (start, end) = transform.bounds().range_x().into_inner();
        let mut spans = match self.view.axis {
            Axis::Time => lane.between(Nanos::from_secs_f64(start), Nanos::from_secs_f64(end)),
            Axis::Steps => {
                let steps = self.record.steps();
                lane.between_events(steps.point_at(start).0, steps.point_at(end).0)
            }
        };
        let catalog = self.record.catalog();
        let first = spans.by_ref().take(MOST).map(|span| {
            let what = match span.state {
                SpanState::Running => "running".to_owned(),
                SpanState::Ready => "ready".to_owned(),
                SpanState::Waiting => match span.wait.and_then(|wait| self.record.wait(wait)) {
                    Some(wait) => format!("waiting on {}", wait_label(catalog, &wait.on)),
                    None => "waiting".to_owned(),
                },
            };
            let length = span.end_or(self.now).since(span.start);
            let from = span.start;
            if length == Nanos::ZERO { format!("{what} at {from}") } else { format!("{what} from {from} for {length}") }
        });
        let first: Vec<String> = first.collect();
        let more = spans.count();
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        if first.is_empty() { "nothing in view".to_owned() } else { format!("in view: {}{more}", first.join(", ")) }
    }
}
