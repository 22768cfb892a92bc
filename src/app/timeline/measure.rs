//! A measured range: how long it is and what happened in it, as a shade over the lanes and a label at their foot.

use super::layer::Paint;
use super::range::{Figures, Range};
use super::signs::Sign;
use super::{Timeline, ToolCommand};
use crate::app::command::Command;
use crate::app::theme::{Palette, bold, text};
use crate::app::view::{Axis, Scale};
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Record};
use egui::{Align, Frame, Label, Layout, Margin, Rect, RichText, Shape, Stroke, Ui, UiBuilder, pos2, vec2};
use egui_plot::PlotTransform;

/// A range and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measure {
    pub(crate) range: Range,
    /// The figures, with what they were read from: whose they are, and how long the record was if the range goes that far.
    figures: Option<(Option<TaskId>, EventIndex, Figures)>,
}

impl Measure {
    pub(crate) fn of(range: Range) -> Self {
        Self { range, figures: None }
    }

    /// Reads what is in it, if that is not known.
    pub(super) fn look(&mut self, record: &Record, task: Option<TaskId>, now: Nanos) {
        let length = record.log().len().min(self.range.to.index.saturating_add(1));
        if self.figures.is_none_or(|(of, then, _)| (of, then) != (task, length)) {
            self.figures = Some((task, length, self.range.figures(record, task, now)));
        }
    }

    /// How long it is, in words.
    fn length(&self, scale: &Scale<'_>) -> String {
        let length = self.range.length();
        match scale.axis {
            Axis::Time => length.to_string(),
            Axis::Steps => {
                let (from, to) = self.range.on(scale);
                let steps = (to - from).round();
                format!("{steps} {}, {length}", if steps == 1.0 { "step" } else { "steps" })
            }
        }
    }

    /// What is in it, in words.
    fn words(&self, record: &Record) -> String {
        let (of, figures) = self.figures.map_or((None, Figures::default()), |(of, _, figures)| (of, figures));
        let whose = of.map_or("all tasks", |task| record.catalog().task_name(task));
        let Figures { polls, running, ready } = figures;
        format!("{whose}: {polls} {}, running {running}, ready {ready}", if polls == 1 { "poll" } else { "polls" })
    }
}

/// The shade over the lanes.
pub(super) struct Shade<'a> {
    scale: Scale<'a>,
    range: Option<Range>,
    palette: &'static Palette,
}

impl<'a> Shade<'a> {
    pub(super) fn new(timeline: &Timeline<'a>, palette: &'static Palette) -> Self {
        let Timeline { record, view, now, tools, .. } = *timeline;
        let range = tools.measure.as_ref().map(|measure| measure.range);
        Self { scale: Scale { axis: view.axis, record, now }, range, palette }
    }
}

impl Paint for Shade<'_> {
    fn paint(&self, _ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let Some(range) = self.range else { return };
        let frame = *transform.frame();
        let (from, to) = range.on(&self.scale);
        let [left, right] = [from, to].map(|end| transform.position_from_point_x(end));
        let seen = frame.x_range();
        let shade = Rect::from_x_y_ranges(seen.clamp(left)..=seen.clamp(right), frame.y_range());
        Sign::Measured.paint(self.palette, shade, shapes);
        for end in [left, right].into_iter().filter(|end| seen.contains(*end)) {
            shapes.push(Shape::vline(end, frame.y_range(), Stroke::new(1.0, self.palette.text)));
        }
    }
}

/// The label's size, in points.
const LABEL: egui::Vec2 = vec2(330.0, 54.0);
/// Of its width, what the length has beside the buttons.
const LENGTH: f32 = 110.0;

impl Timeline<'_> {
    fn loop_tip(&self) -> &'static str {
        let is_loop = self.tools.playback.as_ref().is_some_and(super::Playback::is_loop);
        if is_loop { "Stop looping this range (L)" } else { "Loop this range (L)" }
    }

    /// The label of what is measured, at the foot of the lanes: where there is room, in the middle of the range.
    pub(super) fn measure_label(&self, ui: &mut Ui, transform: &PlotTransform, commands: &mut Vec<Command>) {
        let Some(measure) = &self.tools.measure else { return };
        let palette = Palette::of(ui);
        let frame = *transform.frame();
        let (from, to) = measure.range.on(&self.scale());
        // A long length makes the label wider, or it would lie under the buttons.
        let length = measure.length(&self.scale());
        let room = ui.painter().layout_no_wrap(length.clone(), bold(14.0), palette.text).size().x;
        let size = LABEL + vec2((room - LENGTH).max(0.0), 0.0);
        let middle = frame.x_range().clamp(transform.position_from_point_x((from + to) / 2.0));
        let half = (size.x / 2.0).min(frame.width() / 2.0);
        let center = middle.clamp(frame.left() + half, (frame.right() - half).max(frame.left() + half));
        let place = Rect::from_center_size(pos2(center, frame.bottom() - size.y / 2.0 - 4.0), size);
        let builder = UiBuilder::new().max_rect(place.intersect(frame)).layout(Layout::bottom_up(Align::Center));
        ui.scope_builder(builder, |ui| {
            let look = Frame::new().fill(palette.panel).stroke(Stroke::new(1.0, palette.border)).corner_radius(6.0);
            look.inner_margin(Margin::symmetric(10, 6)).show(ui, |ui| {
                ui.set_max_width(size.x - 20.0);
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing = vec2(5.0, 3.0);
                    ui.spacing_mut().button_padding = vec2(7.0, 1.0);
                    ui.spacing_mut().interact_size.y = 19.0;
                    ui.horizontal(|ui| {
                        ui.label(RichText::new(length).font(bold(14.0)));
                        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                            let mut offer = |words: &str, tip: &str, command: ToolCommand| {
                                if ui.button(RichText::new(words).font(text(12.0))).on_hover_text(tip).clicked() {
                                    commands.push(command.into());
                                }
                            };
                            offer("Clear", "Clear the measured range (Esc)", ToolCommand::ForgetMeasure);
                            offer("Loop", self.loop_tip(), ToolCommand::Loop);
                            offer("Zoom to it", "Show this range (F)", ToolCommand::ShowMeasure);
                        });
                    });
                    let words = RichText::new(measure.words(self.record)).font(text(12.0)).color(palette.weak);
                    ui.add(Label::new(words).truncate());
                });
            });
        });
    }
}
