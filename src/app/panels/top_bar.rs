//! The bar at the top: what is loaded, and the transport.

use super::Menu;
use crate::app::command::{Command, Stride};
use crate::app::compare::{Choices, menu_ui};
use crate::app::theme::{Palette, bold, mono};
use crate::app::view::Axis;
use crate::event::{ClockKind, Nanos};
use crate::runtime::Speed;
use egui::{Align, Button, ComboBox, Label, Layout, Response, RichText, Role, Ui, WidgetInfo, vec2};

pub(crate) struct TopBar<'a> {
    pub(crate) menu: Menu<'a>,
    /// The scenario's.
    pub(crate) title: &'static str,
    /// What the scenario promises, where that gives nothing away.
    pub(crate) promise: Option<&'static str>,
    pub(crate) at: Nanos,
    pub(crate) is_started: bool,
    /// What the main button does.
    pub(crate) next: Press,
    pub(crate) is_over: bool,
    pub(crate) speed: Speed,
    pub(crate) clock: ClockKind,
    pub(crate) axis: Axis,
    /// Whether an audience looks on: what a lecturer needs while talking stays, for the rest there are keys.
    pub(crate) is_presented: bool,
    pub(crate) choices: Choices,
}

/// What a press of the main button or of Space does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Press {
    /// Begin the run, or go on with it.
    Run,
    /// Hold the run.
    Pause,
    /// Play the record of a run that is over from the cursor on.
    Play,
    /// Hold the cursor that plays it.
    Halt,
    /// Begin anew a run that is over.
    RunAgain,
}

/// Narrower than this, in points, the bar has room for what there is no other way to than it.
const TIGHT: f32 = 900.0;

impl TopBar<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let is_narrow = ui.available_width() < 1240.0;
        let is_tight = ui.available_width() < TIGHT;
        ui.horizontal_centered(|ui| {
            if is_narrow {
                ui.spacing_mut().button_padding.x = 6.0;
                ui.spacing_mut().item_spacing.x = 4.0;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                // From right to left.
                if ui.button("?").named("Keys").on_hover_text("Keys (?)").clicked() {
                    commands.push(Command::ToggleHelp);
                }
                let theme = if ui.visuals().dark_mode { "Light" } else { "Dark" };
                // What is left out where there is no room has a key.
                if !is_tight
                    && !self.is_presented
                    && ui.button(theme).on_hover_text("Switch to the other theme (T)").clicked()
                {
                    commands.push(Command::SwitchTheme);
                }
                if !self.is_presented {
                    commands.extend(menu_ui(ui, self.choices));
                }
                axis_ui(ui, self.axis, &mut commands);
                if !self.is_presented {
                    self.clock(ui, is_narrow, &mut commands);
                }
                ui.add_space(4.0);
                let time = format!("{:.3} s", self.at.as_secs_f64());
                ui.label(RichText::new(time).font(mono(if is_narrow { 14.0 } else { 18.0 })))
                    .on_hover_text("The time at the cursor");
                ui.add_space(4.0);
                self.speed(ui, is_narrow, &mut commands);
                self.transport(ui, palette, is_narrow, &mut commands);
                // The names get what is left.
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    commands.extend(self.menu.show(ui));
                    if ui.available_width() > 40.0 {
                        ui.add(Label::new(RichText::new(self.title).font(bold(16.0))).truncate());
                    }
                    if let Some(promise) = self.promise.filter(|_| ui.available_width() > 60.0) {
                        ui.add(Label::new(RichText::new(promise).color(palette.weak)).truncate());
                    }
                });
            });
        });
        commands
    }

    fn transport(&self, ui: &mut Ui, palette: &Palette, is_narrow: bool, commands: &mut Vec<Command>) {
        if ui.button("Step ⏵").on_hover_text("One poll forward (Shift →)").named("Step").clicked() {
            commands.push(Command::StepForward(Stride::Poll));
        }
        let (icon, name, tip) = match self.next {
            Press::Pause => ("⏸", "Pause", "Hold the run (Space)"),
            Press::Halt => ("⏸", "Pause", "Hold the cursor (Space)"),
            Press::Play => ("⏵", "Play", "Play the record from here; R runs it once more (Space)"),
            Press::RunAgain => ("⏵", "Run again", "Run it once more (Space)"),
            Press::Run => ("⏵", "Run", "Run the scenario (Space)"),
        };
        let text = RichText::new(format!("{icon} {name}")).color(palette.on_running).font(bold(13.0));
        let run = Button::new(text).fill(palette.running).min_size(vec2(if is_narrow { 84.0 } else { 104.0 }, 28.0));
        if ui.add(run).named(name).on_hover_text(tip).clicked() {
            commands.push(Command::RunOrPause);
        }
        if ui.button("⏴ Step").named("Step back").on_hover_text("One poll back (Shift ←)").clicked() {
            commands.push(Command::StepBack(Stride::Poll));
        }
        if self.is_presented || is_narrow && ui.available_width() < 200.0 {
            return;
        }
        let can_stop = self.is_started && !self.is_over;
        if ui.add_enabled(can_stop, Button::new("Stop")).on_hover_text("End the run").clicked() {
            commands.push(Command::Stop);
        }
        if ui.button("Restart").on_hover_text("Begin anew (R)").clicked() {
            commands.push(Command::Restart);
        }
    }

    fn speed(&self, ui: &mut Ui, is_narrow: bool, commands: &mut Vec<Command>) {
        let is_real = self.clock == ClockKind::Real;
        let shown = if is_real { "real time".to_owned() } else { format!("Speed {}", self.speed) };
        let combo = ui.add_enabled_ui(!is_real, |ui| {
            ComboBox::from_id_salt("speed")
                .selected_text(shown)
                .width(if is_narrow { 84.0 } else { 104.0 })
                .height(400.0)
                .show_ui(ui, |ui| {
                    for step in Speed::STEPS {
                        if ui.selectable_label(step == self.speed, step.to_string()).clicked() {
                            commands.push(Command::SetSpeed(step));
                        }
                    }
                })
        });
        let tip = if is_real { "On the real clock a second takes a second" } else { "Slower ([), faster (])" };
        combo.inner.response.named("Speed").on_hover_text(tip);
    }

    fn clock(&self, ui: &mut Ui, is_narrow: bool, commands: &mut Vec<Command>) {
        let (text, other, tip) = match self.clock {
            ClockKind::Virtual => (
                if is_narrow { "Virtual" } else { "Virtual clock" },
                ClockKind::Real,
                "Time is computed, so it can be paused and every run is the same. Click for the real clock.",
            ),
            ClockKind::Real => (
                if is_narrow { "Real" } else { "Real clock" },
                ClockKind::Virtual,
                "Time is the machine's: it goes on while the run is paused. Click for the virtual clock.",
            ),
        };
        if ui.button(text).on_hover_text(tip).clicked() {
            commands.push(Command::SetClock(other));
        }
    }
}

/// Which axis the timeline has.
pub(crate) fn axis_ui(ui: &mut Ui, now: Axis, commands: &mut Vec<Command>) {
    let palette = Palette::of(ui);
    let mut side = |ui: &mut Ui, axis: Axis, text: &str, tip: &str| {
        let is_on = now == axis;
        let (color, fill) = if is_on { (palette.text, palette.hovered) } else { (palette.weak, palette.raised) };
        let button = ui.add(Button::new(RichText::new(text).color(color)).fill(fill));
        button.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_on, format!("{text} axis")));
        if button.on_hover_text(tip).clicked() && !is_on {
            commands.push(Command::SwitchAxis);
        }
    };
    ui.spacing_mut().item_spacing.x = 2.0;
    side(ui, Axis::Steps, "Steps", "Every poll one column, in order (X)");
    side(ui, Axis::Time, "Time", "Exact time (X)");
    ui.spacing_mut().item_spacing.x = 8.0;
}

/// A name without symbols, for screen readers and tests.
pub(crate) trait Named {
    fn named(self, name: &str) -> Self;
}

impl Named for Response {
    fn named(self, name: &str) -> Self {
        self.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled(), name));
        self
    }
}
