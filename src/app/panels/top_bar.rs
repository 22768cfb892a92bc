//! The bar at the top: what is loaded, and the transport.

use super::Menu;
use crate::app::command::{Command, Stride};
use crate::app::compare::{Choices, menu_ui};
use crate::app::focus::{self, Region};
use crate::app::theme::{Palette, bold, mono, text};
use crate::app::view::Axis;
use crate::event::{ClockKind, Nanos};
use crate::runtime::Speed;
use egui::{Align, Button, ComboBox, Label, Layout, Rect, Response, RichText, Role, Ui, WidgetInfo, vec2};

pub(crate) struct TopBar<'a> {
    pub(crate) menu: Menu<'a>,
    /// The scenario's.
    pub(crate) title: &'static str,
    /// What the scenario promises, where that gives nothing away.
    pub(crate) promise: Option<String>,
    pub(crate) at: Nanos,
    /// When the run ends, once it has, and in words how.
    pub(crate) ends: Option<(&'static str, Nanos)>,
    pub(crate) is_started: bool,
    /// What the main button does.
    pub(crate) next: Press,
    pub(crate) is_over: bool,
    pub(crate) speed: Speed,
    pub(crate) clock: ClockKind,
    pub(crate) axis: Axis,
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

/// How much room the bar has: what it leaves out where there is little has a key, and a name in the finder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    /// The transport and the time.
    Least,
    /// And the axis, the clock, the speed and comparisons.
    Tight,
    /// And all buttons of the run.
    Narrow,
    /// All of it, with longer words.
    Wide,
}

impl Breadth {
    /// That of a bar, in points.
    fn of(width: f32) -> Self {
        match width {
            ..710.0 => Self::Least,
            ..900.0 => Self::Tight,
            ..1240.0 => Self::Narrow,
            _ => Self::Wide,
        }
    }
}

impl TopBar<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let breadth = Breadth::of(ui.available_width());
        ui.horizontal_centered(|ui| {
            if breadth < Breadth::Wide {
                ui.spacing_mut().button_padding.x = 6.0;
                ui.spacing_mut().item_spacing.x = 4.0;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                // From right to left.
                if breadth > Breadth::Least {
                    if ui.button("?").named("Keys").on_hover_text("Keys (?)").clicked() {
                        commands.push(Command::ToggleHelp);
                    }
                    let right = ui.cursor().right();
                    commands.extend(menu_ui(ui, self.choices));
                    if ui.button("Present").on_hover_text("Present the lesson, page by page (P)").clicked() {
                        commands.push(Command::Present);
                    }
                    marked(ui, Region::Compare, right);
                    axis_ui(ui, self.axis, &mut commands);
                    // The end of the run is not what the axis is called.
                    ui.add_space(if breadth < Breadth::Wide { 8.0 } else { 16.0 });
                }
                self.time(ui, palette, breadth);
                ui.add_space(4.0);
                if breadth > Breadth::Least {
                    self.clock(ui, breadth, &mut commands);
                    self.speed(ui, breadth, &mut commands);
                }
                let right = ui.cursor().right();
                self.transport(ui, palette, breadth, &mut commands);
                marked(ui, Region::Transport, right);
                // The names get what is left.
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    commands.extend(self.menu.show(ui));
                    if ui.available_width() > 40.0 {
                        ui.add(Label::new(RichText::new(self.title).font(bold(16.0))).truncate());
                    }
                    // What is cut tells nothing: the promise is there as a whole, or in the list of lessons.
                    if let Some(promise) = &self.promise {
                        let words = ui.painter().layout_no_wrap(promise.clone(), text(13.0), palette.weak);
                        if words.size().x < ui.available_width() {
                            ui.label(RichText::new(promise).font(text(13.0)).color(palette.weak));
                        }
                    }
                });
            });
        });
        commands
    }

    /// The time at the cursor and, once it is known, that at which the run ends.
    fn time(&self, ui: &mut Ui, palette: &Palette, breadth: Breadth) {
        if let Some((how, end)) = self.ends.filter(|_| breadth > Breadth::Tight) {
            let words = match breadth {
                Breadth::Wide => format!("{how} at {}", seconds(end)),
                _ => format!("of {}", seconds(end)),
            };
            let tip = "When the run ended, on its own clock";
            ui.label(RichText::new(words).font(text(13.0)).color(palette.weak)).on_hover_text(tip);
        }
        let size = if breadth < Breadth::Wide { 14.0 } else { 18.0 };
        ui.label(RichText::new(seconds(self.at)).font(mono(size))).on_hover_text("The time at the cursor");
    }

    fn transport(&self, ui: &mut Ui, palette: &Palette, breadth: Breadth, commands: &mut Vec<Command>) {
        if ui.button("Step ⏵").on_hover_text("One poll forward (Shift →)").named("Step").clicked() {
            commands.push(Command::StepForward(Stride::Poll));
        }
        let (icon, name, tip) = match self.next {
            Press::Pause => ("⏸", "Pause", "Pause the run (Space)"),
            Press::Halt => ("⏸", "Pause", "Pause the playback (Space)"),
            Press::Play => ("⏵", "Play", "Play the recorded run from here (Space); R runs it again"),
            Press::RunAgain => ("⏵", "Run again", "Run it again (Space)"),
            Press::Run => ("⏵", "Run", "Run the lesson (Space)"),
        };
        let label = RichText::new(format!("{icon} {name}")).color(palette.on_running).font(bold(13.0));
        let width = if breadth < Breadth::Wide { 84.0 } else { 104.0 };
        let run = Button::new(label).fill(palette.running).min_size(vec2(width, 28.0));
        if ui.add(run).named(name).on_hover_text(tip).clicked() {
            commands.push(Command::RunOrPause);
        }
        if ui.button("⏴ Step").named("Step back").on_hover_text("One poll back (Shift ←)").clicked() {
            commands.push(Command::StepBack(Stride::Poll));
        }
        if breadth < Breadth::Narrow {
            return;
        }
        if self.is_started && !self.is_over && ui.button("Stop").on_hover_text("End the run").clicked() {
            commands.push(Command::Stop);
        }
        // Where the main button does the same, one is enough.
        let is_other = !matches!(self.next, Press::RunAgain) && self.is_started;
        if is_other && ui.button("Run again").on_hover_text("Run it from the start (R)").clicked() {
            commands.push(Command::Restart);
        }
    }

    /// How fast the virtual clock goes; the real one has a speed of its own.
    fn speed(&self, ui: &mut Ui, breadth: Breadth, commands: &mut Vec<Command>) {
        if self.clock == ClockKind::Real {
            return;
        }
        let combo = ComboBox::from_id_salt("speed")
            .selected_text(format!("Speed {}", self.speed))
            .width(if breadth < Breadth::Wide { 84.0 } else { 104.0 })
            .height(400.0)
            .show_ui(ui, |ui| {
                for step in Speed::STEPS {
                    if ui.selectable_label(step == self.speed, step.to_string()).clicked() {
                        commands.push(Command::SetSpeed(step));
                    }
                }
            });
        combo.response.named("Speed").on_hover_text("Slower ([), faster (])");
    }

    /// Which clock the run is on: it shows the one that is, and opens to choose the other.
    fn clock(&self, ui: &mut Ui, breadth: Breadth, commands: &mut Vec<Command>) {
        let is_short = breadth < Breadth::Wide;
        let name = |clock| match clock {
            ClockKind::Virtual if is_short => "Virtual",
            ClockKind::Virtual => "Virtual clock",
            ClockKind::Real if is_short => "Real",
            ClockKind::Real => "Real clock",
        };
        let combo = ComboBox::from_id_salt("clock")
            .selected_text(name(self.clock))
            .width(if is_short { 64.0 } else { 108.0 })
            .show_ui(ui, |ui| {
                for (clock, tip) in [
                    (ClockKind::Virtual, "Time is computed: it can be paused, and every run is the same"),
                    (ClockKind::Real, "Time is the machine's: it goes on while the run is paused"),
                ] {
                    let is_on = clock == self.clock;
                    if ui.selectable_label(is_on, name(clock)).on_hover_text(tip).clicked() && !is_on {
                        commands.push(Command::SetClock(clock));
                    }
                }
            });
        combo.response.named(&format!("Clock: {}", name(self.clock))).on_hover_text("Which clock the run is on");
    }
}

/// Tells where buttons are that were added from `right` on, from right to left.
fn marked(ui: &Ui, region: Region, right: f32) {
    let from = ui.cursor().right() + ui.spacing().item_spacing.x;
    focus::region(ui, region, Rect::from_x_y_ranges(from..=right, ui.max_rect().y_range()));
}

/// A time of the run, to the millisecond, as the timeline shows it.
fn seconds(time: Nanos) -> String {
    time.to_string()
}

/// Which axis the timeline has.
pub(crate) fn axis_ui(ui: &mut Ui, now: Axis, commands: &mut Vec<Command>) {
    let palette = Palette::of(ui);
    let mut side = |ui: &mut Ui, axis: Axis, words: &str, tip: &str| {
        let is_on = now == axis;
        let (color, fill) = if is_on { (palette.text, palette.hovered) } else { (palette.weak, palette.raised) };
        let button = ui.add(Button::new(RichText::new(words).color(color)).fill(fill).selected(is_on));
        button.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_on, format!("{words} axis")));
        if button.on_hover_text(tip).clicked() && !is_on {
            commands.push(Command::SwitchAxis);
        }
    };
    ui.spacing_mut().item_spacing.x = 2.0;
    side(ui, Axis::Steps, "Steps", "One column for each poll, in order (X)");
    side(ui, Axis::Time, "Time", "Time to scale (X)");
    ui.add_space(4.0);
    ui.label(RichText::new("Axis").font(text(12.0)).color(palette.weak));
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
