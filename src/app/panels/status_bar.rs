//! The line at the bottom: the legend, where the cursor is, and what kind of run this is.

use crate::app::command::Command;
use crate::app::compare::Ask;
use crate::app::cursor::Point;
use crate::app::patterns::{Patterns, add_tiled};
use crate::app::theme::{Palette, bold, text};
use crate::event::{ClockKind, Outcome};
use crate::trace::text::line;
use crate::trace::{Host, Record, RunPhase, Shift};
use egui::{Align, Layout, Mesh, RichText, Sense, Ui, vec2};

pub(crate) struct StatusBar<'a> {
    pub(crate) record: &'a Record,
    pub(crate) point: Point,
    pub(crate) is_paused: bool,
    pub(crate) clock: ClockKind,
    pub(crate) seed: u64,
    pub(crate) patterns: &'a Patterns,
    /// By how much the run before ended at another time, where it can be compared.
    pub(crate) change: Option<Shift>,
}

impl StatusBar<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Option<Command> {
        let mut command = None;
        let palette = Palette::of(ui);
        ui.horizontal_centered(|ui| {
            legend_ui(ui, self.patterns);
            let weak = |words: String| RichText::new(words).font(text(12.0)).color(palette.weak);
            ui.label(weak(self.status()));
            if let Some(change) = self.change {
                let words = match change {
                    Shift::Same => "it ends when the run before did".to_owned(),
                    change => format!("it ends {} than the run before", change.in_words("sooner", "later")),
                };
                ui.label(RichText::new(words).font(bold(12.0)));
                ui.spacing_mut().button_padding.y = 1.0;
                if ui.small_button("See what changed").on_hover_text("Both runs on one axis (C)").clicked() {
                    command = Some(Command::Compare(Ask::WithLast));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let about = format!("seed {} · {} events", self.seed, self.record.log().len());
                ui.label(weak(self.order().map_or(about.clone(), |order| format!("{order} · {about}"))));
            });
        });
        command
    }

    /// In whose order the tasks ran, as far as the record tells: only the event loop has iterations.
    fn order(&self) -> Option<&'static str> {
        let edge = self.record.edge();
        match (edge.iterations, edge.polls) {
            (0, 0) => None,
            (0, _) => Some("smol order"),
            _ => Some("asyncio order"),
        }
    }

    fn status(&self) -> String {
        let log = self.record.log();
        if log.is_empty() {
            return "not started: Space runs it".to_owned();
        }
        let run = match (&self.record.edge().phase, self.is_paused, self.clock) {
            (RunPhase::Ended(Outcome::Completed), ..) if self.record.host() == Host::Stock => {
                "the record is complete".to_owned()
            }
            (RunPhase::Ended(Outcome::Completed), ..) => "finished".to_owned(),
            (RunPhase::Ended(Outcome::Deadlock), ..) => "ended in a deadlock".to_owned(),
            (RunPhase::Ended(Outcome::NeedsRealClock), ..) => "ended: it waits on real time".to_owned(),
            (RunPhase::Ended(Outcome::Stopped), ..) => "stopped".to_owned(),
            (RunPhase::Ended(Outcome::Detached), ..) => "the record ends here".to_owned(),
            (RunPhase::Ended(Outcome::Panicked(message)), ..) => format!("the main task panicked: {}", line(message)),
            (_, true, ClockKind::Virtual) => "paused".to_owned(),
            (_, true, ClockKind::Real) => "paused, while real time goes on".to_owned(),
            (_, false, _) => "running".to_owned(),
        };
        if self.point.is_live || self.point.index == log.len() || self.point.is_at_end(self.record) {
            format!("{run}, event {} of {}", self.point.index, log.len())
        } else {
            format!("{run}, looking back: event {} of {}; End returns", self.point.index, log.len())
        }
    }
}

/// How the states of a task are drawn.
pub(crate) fn legend_ui(ui: &mut Ui, patterns: &Patterns) {
    let palette = Palette::of(ui);
    for (name, fill, pattern) in [
        ("R running", palette.running, None),
        ("Q ready", palette.ready, Some((patterns.dots.id(), palette.dots))),
        ("W waiting", palette.waiting, Some((patterns.hatch.id(), palette.hatch))),
    ] {
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 11.0), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, fill);
        if let Some((texture, color)) = pattern {
            let mut mesh = Mesh::with_texture(texture);
            add_tiled(&mut mesh, rect, color);
            ui.painter().add(mesh);
        }
        ui.label(RichText::new(name).font(text(12.0)));
        ui.add_space(6.0);
    }
}
