//! The line at the bottom: the legend, where the cursor is, and what kind of run this is.

use super::Named as _;
use crate::app::command::Command;
use crate::app::compare::Ask;
use crate::app::cursor::Point;
use crate::app::panes::Pane;
use crate::app::patterns::Patterns;
use crate::app::room::Room;
use crate::app::theme::{Palette, bold, text};
use crate::app::timeline::{in_view_ui, legend_ui};
use crate::event::{ClockKind, Outcome};
use crate::trace::text::line;
use crate::trace::{Host, Record, RunPhase, Shift};
use egui::{Align, Button, Label, Layout, RichText, Ui};

pub(crate) struct StatusBar<'a> {
    pub(crate) record: &'a Record,
    pub(crate) point: Point,
    pub(crate) is_paused: bool,
    pub(crate) clock: ClockKind,
    pub(crate) seed: u64,
    pub(crate) patterns: &'a Patterns,
    /// By how much the run before ended at another time, where it can be compared.
    pub(crate) change: Option<Shift>,
    /// Which panels there is no room for.
    pub(crate) room: &'a Room,
}

/// Narrower than this, in points, there is no room for the legend, or for what kind of run this is.
const ROOM_FOR_LEGEND: f32 = 760.0;
const ROOM_FOR_KIND: f32 = 560.0;

impl StatusBar<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Option<Command> {
        let mut command = None;
        let palette = Palette::of(ui);
        let width = ui.available_width();
        let small = |words: String| RichText::new(words).font(text(12.0));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // From right to left: who runs in which order is always there, the rest gets what is left.
            if width >= ROOM_FOR_KIND {
                // Only one that was asked for is worth a word.
                if self.seed != 0 {
                    ui.label(small(format!("seed {}", self.seed)).color(palette.weak));
                }
                ui.label(small(self.kind()).color(palette.text));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if width >= ROOM_FOR_LEGEND {
                    legend_ui(ui, self.patterns, self.record);
                }
                command = self.folded(ui, palette);
                let status = ui.add(Label::new(small(self.status()).color(palette.weak)).truncate());
                status.on_hover_text(
                    "How the run stands, and how many of its events come before the cursor. End goes to the end",
                );
                if let Some(change) = self.change.filter(|_| ui.available_width() > 120.0) {
                    let words = match change {
                        Shift::Same => "it ends at the same time as the previous run".to_owned(),
                        change => format!("it ends {} than the previous run", change.in_words("sooner", "later")),
                    };
                    ui.spacing_mut().button_padding.y = 1.0;
                    let see = Button::new("See what changed").small();
                    if ui.add(see).on_hover_text("Both runs on one axis (C)").clicked() {
                        command = Some(Command::Compare(Ask::WithLast));
                    }
                    ui.add(Label::new(RichText::new(words).font(bold(12.0))).truncate());
                }
                if width >= ROOM_FOR_LEGEND {
                    in_view_ui(ui, self.patterns);
                }
            });
        });
        command
    }

    /// The panels that there is no room for. A click shows one, and others give way.
    fn folded(&self, ui: &mut Ui, palette: &Palette) -> Option<Command> {
        if self.room.folded.is_empty() {
            return None;
        }
        ui.spacing_mut().button_padding.y = 1.0;
        ui.label(RichText::new("No room for:").font(text(12.0)).color(palette.weak));
        let lanes = self.room.alone.map(|alone| ("Lanes", alone));
        let folded = self.room.folded.iter().map(|pane| (pane.title(), *pane));
        let mut command = None;
        for (title, pane) in lanes.into_iter().chain(folded) {
            let button = ui.add(Button::new(RichText::new(title).font(text(12.0))).small());
            let button = button.named(&format!("Show the {}", title.to_lowercase()));
            if button.on_hover_text(format!("Show it instead ({})", key_of(pane))).clicked() {
                command = Some(Command::TogglePane(pane));
            }
        }
        command
    }

    /// In whose order the tasks ran, as far as the record tells, and on which clock. Only the event loop has iterations.
    fn kind(&self) -> String {
        let clock = match self.clock {
            ClockKind::Virtual => "virtual clock",
            ClockKind::Real => "real clock",
        };
        let edge = self.record.edge();
        match (edge.iterations, edge.polls) {
            (0, 0) => clock.to_owned(),
            (0, _) => format!("smol order · {clock}"),
            _ => format!("first in, first out, as in asyncio · {clock}"),
        }
    }

    fn status(&self) -> String {
        let log = self.record.log();
        if log.is_empty() {
            return "not started; press Space to run".to_owned();
        }
        let run = match (&self.record.edge().phase, self.is_paused, self.clock) {
            (RunPhase::Ended(Outcome::Completed), ..) if self.record.host() == Host::Stock => {
                "the recording is over".to_owned()
            }
            (RunPhase::Ended(Outcome::Completed), ..) => "finished".to_owned(),
            (RunPhase::Ended(Outcome::Deadlock), ..) => "ended in a deadlock".to_owned(),
            (RunPhase::Ended(Outcome::NeedsRealClock), ..) => "ended: a task waits for real time".to_owned(),
            (RunPhase::Ended(Outcome::Stopped), ..) => "stopped".to_owned(),
            (RunPhase::Ended(Outcome::Detached), ..) => "the recording ends here".to_owned(),
            (RunPhase::Ended(Outcome::Panicked(message)), ..) => format!("the main task panicked: {}", line(message)),
            (_, true, ClockKind::Virtual) => "paused".to_owned(),
            (_, true, ClockKind::Real) => "paused; real time goes on".to_owned(),
            (_, false, _) => "running".to_owned(),
        };
        // After a deadlock there is only the clean-up, in which tasks are dropped.
        let last = self.record.standstill().unwrap_or(log.len());
        let (index, all) = (self.point.index, log.len());
        match index {
            _ if self.record.standstill() == Some(index) => {
                format!("{run}, event {index} of {all}; the rest is clean-up")
            }
            _ if index > last => format!("{run}, event {index} of {all}: clean-up"),
            _ if self.point.is_live || index == all => format!("{run}, event {index} of {all}"),
            _ => format!("{run}, looking back: event {index} of {all}"),
        }
    }
}

/// The key that shows a panel.
fn key_of(pane: Pane) -> String {
    let place = Pane::ALL.iter().position(|other| *other == pane).unwrap_or_default();
    format!("Ctrl {}", place + 1)
}
