//! The loaded lesson: what it says, what can be set, its question, and what to look for as the run comes to it.

use super::markdown::{marked_up, paragraphs};
use super::question::Question;
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::theme::{Palette, bold, text};
use crate::scenarios::{self, Bounds, Param, Params, Scenario, Value};
use crate::trace::EventIndex;
use egui::{Align, DragValue, Layout, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};

pub(crate) struct LessonPanel<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) params: &'a Params,
    /// Whether the parameters differ from those of the run that is shown.
    pub(crate) is_changed: bool,
    pub(crate) question: Question<'a>,
    /// The events at which the run reached each step so far.
    pub(crate) reached: &'a [EventIndex],
    /// How many of them come before the cursor.
    pub(crate) so_far: usize,
}

/// The room for a step's number, in points.
const STEP: f32 = 26.0;

impl LessonPanel<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let lesson = &self.scenario.lesson;
        ScrollArea::vertical().id_salt("lesson").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.label(RichText::new(self.scenario.title).font(bold(15.0)).color(palette.text));
            paragraphs(ui, lesson.intro(), palette);
            if !self.params.is_empty() {
                heading(ui, "Parameters", palette);
                self.params(ui, palette, &mut commands);
            }
            if !lesson.question().is_empty() {
                heading(ui, "Predict first", palette);
                paragraphs(ui, lesson.question(), palette);
                commands.extend(self.question.show(ui));
            }
            if lesson.look_for().next().is_some() {
                heading(ui, "Look for", palette);
                self.steps(ui, palette, &mut commands);
            }
            if !lesson.misconception().is_empty() {
                heading(ui, "You may think", palette);
                paragraphs(ui, lesson.misconception(), palette);
            }
            if self.question.is_told() && !lesson.so_what().is_empty() {
                heading(ui, "So what", palette);
                paragraphs(ui, lesson.so_what(), palette);
                commands.extend(self.next_try(ui));
                commands.extend(self.next_lesson(ui));
            }
        });
        commands
    }

    /// What to try next: values under which the question has another answer.
    fn next_try(&self, ui: &mut Ui) -> Option<Command> {
        let set = self.scenario.predict.changed_by;
        let words = set.split(' ').filter_map(|assignment| {
            let (name, value) = assignment.split_once('=')?;
            let param = self.scenario.params.iter().find(|param| param.name == name)?;
            Some(format!("{}: {value}", param.label))
        });
        let words = words.collect::<Vec<_>>().join(", ");
        (!words.is_empty() && ui.button(format!("Try it with {words}")).clicked()).then_some(Command::Try(set))
    }

    /// The lesson that comes next in the course.
    fn next_lesson(&self, ui: &mut Ui) -> Option<Command> {
        let next = scenarios::all().skip_while(|scenario| scenario.id != self.scenario.id).nth(1)?;
        ui.button(format!("Next lesson: {}", next.title)).clicked().then_some(Command::Load(next))
    }

    fn params(&self, ui: &mut Ui, palette: &Palette, commands: &mut Vec<Command>) {
        for (param, value) in self.params.iter() {
            let mut field = |ui: &mut Ui, label: egui::Id| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some(value) = param_ui(ui, param, &value, label) {
                        commands.push(Command::SetParam(param, value));
                    }
                });
            };
            match param.bounds {
                Bounds::Count { .. } | Bounds::Millis { .. } => {
                    ui.horizontal(|ui| {
                        let label = ui.label(param.label).id;
                        field(ui, label);
                    });
                }
                // A word takes more room than a number: it stands below its name.
                Bounds::Choice { .. } | Bounds::Text { .. } => {
                    let label = ui.label(param.label).id;
                    ui.horizontal(|ui| field(ui, label));
                }
            }
        }
        if self.is_changed {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new("The run shown has other values.").color(palette.weak));
                if ui.button("Restart with these").clicked() {
                    commands.push(Command::Restart);
                }
            });
        }
    }

    /// What to look for: what the run has reached before the cursor is ticked, and a click goes there.
    fn steps(&self, ui: &mut Ui, palette: &Palette, commands: &mut Vec<Command>) {
        let so_far = self.so_far;
        for (number, words) in self.scenario.lesson.look_for().enumerate() {
            let is_reached = number < so_far;
            let is_latest = number + 1 == so_far;
            let color = if is_reached { palette.text } else { palette.weak };
            let is_missed = self.question.is_told() && number >= self.reached.len();
            let sign = match (is_reached, is_missed) {
                (true, _) => "✓".to_owned(),
                (false, true) => "–".to_owned(),
                (false, false) => format!("{}.", number + 1),
            };
            let width = ui.available_width();
            let galley = ui.fonts_mut(|fonts| fonts.layout_job(marked_up(words, color, width - STEP, 13.0)));
            let size = vec2(width, galley.size().y + 6.0);
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            if is_latest {
                ui.painter().rect_filled(rect, 4.0, palette.selection);
            }
            let sign = ui.painter().layout_no_wrap(sign, bold(13.0), color);
            ui.painter().galley(rect.min + vec2(4.0, 3.0), sign, color);
            ui.painter().galley(rect.min + vec2(STEP - 4.0, 3.0), galley, color);
            response.widget_info(|| {
                let state = if is_latest {
                    "reached now"
                } else if is_reached {
                    "reached"
                } else if is_missed {
                    "not reached in this run"
                } else {
                    "not reached yet"
                };
                WidgetInfo::labeled(Role::Button, is_reached, format!("Step {}, {state}: {words}", number + 1))
            });
            if let Some(event) = self.reached.get(number).filter(|_| is_reached)
                && response.on_hover_text("Go to this moment").clicked()
            {
                commands.push(Command::MoveCursor(Cursor::After(event + 1)));
            }
        }
        if self.question.is_told() && self.reached.len() < self.scenario.lesson.steps.len() {
            let words = "This run did not come to what has no tick, or came to it in another order.";
            ui.label(RichText::new(words).font(text(12.0)).color(palette.weak));
        }
    }
}

fn heading(ui: &mut Ui, words: &str, palette: &Palette) {
    ui.add_space(6.0);
    ui.label(RichText::new(words).font(bold(12.0)).color(palette.weak));
}

/// A field for a parameter; its new value when it was changed.
fn param_ui(ui: &mut Ui, param: &Param, value: &Value, label: egui::Id) -> Option<Value> {
    match (param.bounds, value) {
        (Bounds::Count { min, max, .. }, Value::Count(count)) => {
            let mut count = *count;
            let field = DragValue::new(&mut count).range(min..=max).speed(0.05);
            ui.add(field).labelled_by(label).changed().then_some(Value::Count(count))
        }
        (Bounds::Millis { max, .. }, Value::Millis(millis)) => {
            let mut seconds = f64::from(*millis) / 1000.0;
            let most = f64::from(max) / 1000.0;
            let field = DragValue::new(&mut seconds).range(0.0..=most).speed(0.01).max_decimals(3).suffix(" s");
            let changed = ui.add(field).labelled_by(label).changed();
            changed.then(|| Value::Millis((seconds * 1000.0).round() as u32))
        }
        (Bounds::Choice { of }, Value::Choice(chosen)) => {
            let mut now = *chosen;
            let list = egui::ComboBox::from_id_salt(param.name).selected_text(now);
            let list = list.show_ui(ui, |ui| {
                for word in of {
                    ui.selectable_value(&mut now, word, *word);
                }
            });
            list.response.labelled_by(label);
            (now != *chosen).then_some(Value::Choice(now))
        }
        (_, Value::Text(text)) => {
            let mut now = text.reveal().to_owned();
            // What holds a secret is shown as dots while it is typed, and cannot be copied from there.
            let field =
                TextEdit::singleline(&mut now).hint_text("none").desired_width(120.0).password(text.has_secret());
            let field = ui.add(field).labelled_by(label);
            let field = if text.has_secret() { field.on_hover_text(text.to_string()) } else { field };
            field.changed().then(|| Value::Text(now.into()))
        }
        (_, Value::Count(_) | Value::Millis(_) | Value::Choice(_)) => None,
    }
}
