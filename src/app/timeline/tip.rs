//! What is under the pointer, in words: the span of a lane, why it is as it is, or how many are too close together.

use super::Timeline;
use crate::app::theme::MARK;
use crate::app::view::Axis;
use crate::event::Nanos;
use crate::trace::{Ending, Span, SpanState, wait_label};
use egui_plot::PlotTransform;

impl Timeline<'_> {
    /// What is under the pointer, in words.
    pub(super) fn tip(&self, transform: &PlotTransform, pointer: egui::Pos2) -> Option<String> {
        let at = transform.value_from_position(pointer);
        let task = *self.order.rows().get(at.y.max(0.0) as usize)?;
        let lane = self.record.lane(task)?;
        let reach = f64::from(MARK) * transform.dvalue_dpos()[0];
        if at.x + reach < 0.0 {
            return None; // left of the run's start
        }
        // A lane tells of the last span before what is asked for, too: behind its task's end that is not what is pointed at.
        let spans: Vec<Span> = match self.view.axis {
            Axis::Time => {
                let [from, to] = [at.x - reach, at.x + reach].map(Nanos::from_secs_f64);
                lane.between(from, to).filter(|span| span.end_or(self.now) >= from).collect()
            }
            Axis::Steps => {
                let steps = self.record.steps();
                let [from, to] = [at.x - reach, at.x + reach].map(|position| steps.point_at(position).0);
                let spans = lane.between_events(from.saturating_sub(1), to.saturating_sub(1));
                spans.filter(|span| span.end.is_none_or(|(end, _)| end + 1 >= from)).collect()
            }
        };
        let catalog = self.record.catalog();
        let name = catalog.task_name(task);
        if spans.is_empty() {
            let (ended, time, ending) = lane.end()?;
            let is_behind = match self.view.axis {
                Axis::Time => at.x > time.as_secs_f64(),
                Axis::Steps => self.record.steps().point_at(at.x).0 > ended,
            };
            let how = match ending {
                Ending::Finished => "finished",
                Ending::Panicked => "panicked",
                Ending::Dropped => "was dropped unfinished",
            };
            return is_behind.then(|| format!("{name} {how} at {:.3} s", time.as_secs_f64()));
        }
        if spans.len() > 4 {
            return Some(format!("{name}: {} changes of state here; zoom in to see them", spans.len()));
        }
        let lines = spans.iter().map(|span| {
            let end = span.end_or(self.now);
            let what = match span.state {
                SpanState::Running => "running".to_owned(),
                SpanState::Ready => "ready".to_owned(),
                SpanState::Waiting => match span.wait.and_then(|wait| self.record.wait(wait)) {
                    Some(wait) => format!("waiting: {}", wait_label(catalog, &wait.on)),
                    None => "waiting".to_owned(),
                },
            };
            let (start, length) = (span.start.as_secs_f64(), rounded(end - span.start));
            format!("{name}, {what}, from {start:.3} s for {length}")
        });
        if let [span] = spans.as_slice() {
            return Some(self.tools.explained.of(self.record, task, span));
        }
        let text = lines.collect::<Vec<_>>().join("\n");
        (!text.is_empty()).then_some(text)
    }
}

/// A length as it is read in passing: from a millisecond on, in whole milliseconds.
fn rounded(length: Nanos) -> Nanos {
    const MILLI: u64 = 1_000_000;
    if length.0 < MILLI { length } else { Nanos(length.0.saturating_add(MILLI / 2) / MILLI * MILLI) }
}
