//! What is under the pointer, in words: the span of a lane, why it is as it is, or how many are too close together.

use super::Timeline;
use crate::app::theme::MARK;
use crate::app::view::Axis;
use crate::event::{EventKind, Nanos};
use crate::trace::{Span, SpanState, end_words, wait_label, woken_words};
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
            let (ended, time, _) = lane.end()?;
            let is_behind = match self.view.axis {
                Axis::Time => at.x > time.as_secs_f64(),
                Axis::Steps => self.record.steps().point_at(at.x).0 > ended,
            };
            let end = self.record.end(task)?;
            let is_past = ended < self.point.index || self.point.is_at_end(self.record);
            let verb = if is_past { "" } else { "In the whole run: " };
            return is_behind.then(|| format!("{verb}{name} {} at {time}", end_words(self.record, &end, self.wording)));
        }
        if spans.len() > 4 {
            return Some(format!("{name}: {} changes of state here; zoom in to see them", spans.len()));
        }
        let lines = spans.iter().map(|span| {
            let end = span.end_or(self.now);
            let what = match span.state {
                SpanState::Running => "running".to_owned(),
                SpanState::Ready => match self.record.log().get(span.first).map(|event| event.kind) {
                    Some(EventKind::Enqueued { cause, .. }) => {
                        format!("ready ({})", woken_words(self.record, task, cause))
                    }
                    _ => "ready".to_owned(),
                },
                SpanState::Waiting => match span.wait.and_then(|wait| self.record.wait(wait)) {
                    Some(wait) => format!("waiting: {}", wait_label(catalog, &wait.on)),
                    None => "waiting".to_owned(),
                },
            };
            let (start, length) = (span.start, end - span.start);
            format!("{name}, {what}, from {start} for {length}")
        });
        let text = match spans.as_slice() {
            [span] => self.tools.explained.of(self.record, task, span, self.wording),
            _ => lines.collect::<Vec<_>>().join("\n"),
        };
        // Of what is pale it tells what is still to come at the cursor.
        let is_past = |span: &Span| span.end.is_some_and(|(end, _)| end < self.point.index);
        let looks_back = !self.point.is_at_end(self.record) && !spans.iter().all(is_past);
        let words = if looks_back { format!("In the whole run: {text}") } else { text };
        (!words.is_empty()).then_some(words)
    }
}
