//! The words on the bars: what tasks wait for, where and for how long; how long they ran and were ready; on which thread; and
//! the signs of how they ended.

use super::bars::STRIP;
use super::lanes::Lanes;
use super::layer::Paint;
use super::signs::{Sign, note_label};
use crate::app::theme::{TICK, text};
use crate::event::{Nanos, WorkerId};
use crate::trace::text::name;
use crate::trace::{Ending, Lane, Span, SpanState, Spans, TaskStatus, WaitKind, end_words_in_short, wait_labels};
use egui::{Align2, Color32, Rangef, Rect, Shape, Ui, pos2, vec2};
use egui_plot::PlotTransform;

/// The least width at which a bar is given a label, in points; and the least for the mark of a thread.
const LABELLED: f32 = 34.0;
const MARKED: f32 = 16.0;
/// No letter of a label is wider on the average, in points.
const WIDEST: f32 = 9.0;
/// Words are not nearer than this to the end of a bar.
const MARGIN: f32 = 4.0;

/// Height of a line of words, in points.
const LINE: f32 = 15.0;

/// What is waited for where the record does not know.
const NAMELESS: &str = "something without a name";

/// What is written on a bar.
struct Words {
    /// The longest first: the first that fits is taken.
    choices: Vec<String>,
    color: Color32,
    /// Over a pattern words cannot be read: they stand on this.
    plate: Option<Color32>,
}

impl<'a> Lanes<'a> {
    /// What waiting tasks wait for, and polls that take long, in words where they fit.
    fn labels(
        &self,
        ui: &Ui,
        lane: &Lane,
        spans: Spans<'_>,
        bar: Rangef,
        transform: &PlotTransform,
        shapes: &mut Vec<Shape>,
    ) {
        let frame = transform.frame();
        if spans.most() as f32 > frame.width() || self.near.is_far {
            return; // not one of them is wide enough on the whole; zooming in brings the words
        }
        let least = if self.workers > 1 { MARKED } else { LABELLED };
        for span in spans {
            let (left, right) = self.ends(&span, transform);
            if right - left < least {
                continue;
            }
            let Words { choices, color, plate } = self.words(&span);
            let after_tick = left + TICK + if span.state == SpanState::Running { 1.0 } else { 5.0 };
            let room = right - after_tick - MARGIN;
            // A strip at the foot of the bar leaves less of it to words.
            let middle = bar.center() - if self.blocks(&span) { bar.span() * STRIP / 2.0 } else { 0.0 };
            for choice in choices {
                let galley = ui.painter().layout_no_wrap(choice, text(12.0), color);
                let place = Align2::LEFT_CENTER.anchor_size(pos2(after_tick, middle), galley.size());
                if galley.size().x <= room && self.places.take_if_free(lane.task(), place) {
                    if let Some(plate) = plate {
                        shapes.push(Shape::rect_filled(place.expand2(vec2(3.0, 1.0)), 2.0, plate));
                    }
                    shapes.push(Shape::galley(place.min, galley, color));
                    if span.state == SpanState::Waiting && self.is_at_cursor(&span) {
                        note_label(lane.task());
                    }
                    break;
                }
            }
        }
    }

    /// The ends of a bar as far as it is in view. What lies after the cursor is veiled and not labelled: timers are drawn there.
    fn ends(&self, span: &Span, transform: &PlotTransform) -> (f32, f32) {
        let frame = transform.frame();
        let place = |index, at| transform.position_from_point_x(self.place(index, at));
        let end =
            span.end.map_or_else(|| transform.position_from_point_x(self.scale.edge()), |(index, at)| place(index, at));
        let cursor = self.looks_back_from.map_or(f32::INFINITY, |at| transform.position_from_point_x(at));
        (place(span.first, span.start).max(frame.left()), end.min(frame.right()).min(cursor))
    }

    /// What is to be said of a span.
    fn words(&self, span: &Span) -> Words {
        match span.state {
            SpanState::Waiting => {
                let plate = Some(self.palette.wait(self.kind(span)).fill);
                Words { choices: self.wait_texts(span), color: self.palette.text, plate }
            }
            SpanState::Running => {
                let does = if self.blocks(span) && self.record.host().has_one_queue() {
                    self.lasting(span, "blocks the loop", "blocks")
                } else {
                    self.lasting(span, "runs", "runs")
                };
                let choices = match self.worker(span) {
                    None => does,
                    Some(worker) => {
                        let mark = format!("T{}", worker.0 + 1);
                        does.iter().map(|does| format!("{mark} · {does}")).chain([mark.clone()]).collect()
                    }
                };
                Words { choices, color: self.palette.on_running, plate: None }
            }
            SpanState::Ready => {
                let choices = self.lasting(span, "ready", "ready");
                Words { choices, color: self.palette.on_plate, plate: Some(self.palette.plate) }
            }
        }
    }

    /// The thread that a poll ran on, where there are several.
    fn worker(&self, span: &Span) -> Option<WorkerId> {
        let event = self.record.log().get(span.first).filter(|_| self.workers > 1)?;
        Sign::Thread.note();
        Some(event.worker).filter(|worker| *worker != WorkerId::OUTSIDE)
    }

    /// What a task does in a span and for how long, the longest first; nothing where that takes no time. At the cursor it is
    /// told how long it has so far and, where the record knows, of how much.
    fn lasting(&self, span: &Span, does: &str, in_short: &str) -> Vec<String> {
        let whole = span.end_or(self.scale.now) - span.start;
        if !self.is_at_cursor(span) {
            return match whole {
                Nanos::ZERO => Vec::new(),
                length => vec![format!("{does} for {length}"), format!("{in_short} {length}"), length.to_string()],
            };
        }
        let lasted = self.point.since(span.start);
        match (lasted, span.end) {
            (Nanos::ZERO, _) => Vec::new(),
            (lasted, Some(_)) if lasted < whole => {
                let of = format!("{lasted} of {whole}");
                vec![format!("{does} for {lasted} so far, {whole} in all"), format!("{in_short} {of}"), of]
            }
            (lasted, Some(_)) => {
                vec![format!("{does} for {lasted}"), format!("{in_short} {lasted}"), lasted.to_string()]
            }
            (lasted, None) => {
                vec![
                    format!("{does} for {lasted} so far"),
                    format!("{in_short} {lasted} so far"),
                    format!("{lasted} so far"),
                ]
            }
        }
    }

    /// Whether it is the span at the cursor.
    fn is_at_cursor(&self, span: &Span) -> bool {
        span.first < self.point.index && span.end.is_none_or(|(end, _)| end >= self.point.index)
    }

    /// The label of a wait, the longest first. At the cursor it says for how long.
    fn wait_texts(&self, span: &Span) -> Vec<String> {
        let catalog = self.record.catalog();
        let wait = span.wait.and_then(|wait| self.record.wait(wait));
        if wait.is_none() && !self.is_at_cursor(span) {
            return Vec::new();
        }
        let nameless = || vec![NAMELESS.to_owned()];
        let labels = wait.as_ref().map_or_else(nameless, |wait| wait_labels(catalog, wait, self.wording));
        if wait.is_some_and(|wait| catalog.site(wait.site).is_some()) {
            Sign::Line.note();
        }
        if !self.is_at_cursor(span) {
            return labels;
        }
        let lasted = self.point.since(span.start);
        let shortest = labels.last().map(|label| format!("{label} · {lasted} so far"));
        labels.into_iter().map(|label| format!("{label} · for {lasted} so far")).chain(shortest).collect()
    }

    /// What the task of a lane waits for at the cursor, where its bar has no room to say so; with where that bar ends.
    pub(super) fn callout(&self, ui: &Ui, lane: &Lane, transform: &PlotTransform) -> Option<(WaitKind, Vec<String>)> {
        self.state.task(lane.task()).filter(|known| known.status == TaskStatus::Waiting)?;
        let span = lane.span_at(self.point.index).filter(|span| span.state == SpanState::Waiting)?;
        let texts = self.wait_texts(&span);
        let shortest = texts.last()?;
        let (left, right) = self.ends(&span, transform);
        let room = right - left - TICK - 5.0 - MARGIN;
        let width = |words: String| ui.painter().layout_no_wrap(words, text(12.0), self.palette.text).size().x;
        let is_merged = self.near.is_far || self.is_dense(&self.visible(lane, transform.bounds()), transform);
        // Where there is plenty of room it need not be measured.
        let fits = || room >= shortest.len() as f32 * WIDEST || width(shortest.clone()) <= room;
        if !is_merged && right - left >= LABELLED && fits() {
            return None;
        }
        Some((self.kind(&span), texts))
    }

    /// How the task ended, as a sign behind its last bar: a ring for finished, and what went wrong otherwise.
    fn ending(&self, ui: &Ui, lane: &Lane, middle: f32, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Some((index, at, ending)) = lane.end() else { return };
        let end = self.scale.event(index, at);
        let x = transform.position_from_point_x(end) + TICK + 9.0;
        if index >= self.point.index || !transform.frame().expand(9.0).x_range().contains(x) {
            return;
        }
        let sign = Sign::End(ending);
        let word = match ending {
            Ending::Returned => {
                sign.paint(self.palette, Rect::from_center_size(pos2(x, middle), vec2(7.0, 7.0)), shapes);
                return;
            }
            Ending::Panicked => self.wording.say("panicked", "raised", "panicked"),
            _ => ending.word(),
        };
        let left = pos2(x - 5.0, middle);
        let before = shapes.len();
        let task = lane.task();
        // As much as there is room for: with what it failed, by whom it was cancelled; in a word; a sign.
        let whole =
            self.record.end(task).map(|end| end_words_in_short(self.record, &end, self.wording)).unwrap_or_default();
        for words in [&*name(&whole), word, ""] {
            shapes.truncate(before);
            let right = sign.write(ui, left, words, self.palette, shapes);
            let place = Rect::from_x_y_ranges(left.x..=right, Rangef::point(middle).expand(LINE / 2.0));
            if right <= transform.frame().right() && self.places.take_if_free(task, place) {
                break;
            }
        }
    }
}

/// The words on the bars, over the arrows.
pub(super) struct Labels<'a>(pub(super) Lanes<'a>);

impl Paint for Labels<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Self(lanes) = self;
        for (lane, middle) in lanes.in_view(transform) {
            let bar = Rangef::point(middle).expand(lanes.rows.half_bar());
            lanes.labels(ui, lane, lanes.visible(lane, transform.bounds()), bar, transform, shapes);
        }
    }
}

/// The signs of how tasks ended, over what is pale: at the instant of an end they stand where that begins.
pub(super) struct Ends<'a>(pub(super) Lanes<'a>);

impl Paint for Ends<'_> {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Self(lanes) = self;
        for (lane, middle) in lanes.in_view(transform) {
            lanes.ending(ui, lane, middle, transform, shapes);
        }
    }
}
