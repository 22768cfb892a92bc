//! The loaded lesson: what it says, what can be set, its question, and what to look for as the run comes to it.

use crate::app::command::Command;
use crate::app::cursor::{Cursor, Point};
use crate::app::theme::{Palette, bold, text};
use crate::event::Nanos;
use crate::scenarios::{Answer, Bounds, Param, Params, Scenario, Value};
use crate::trace::EventIndex;
use egui::{
    Align, DragValue, Key, Layout, RichText, Role, ScrollArea, Sense, TextEdit, TextStyle, Ui, WidgetInfo,
    text::LayoutJob, vec2,
};

pub(crate) struct LessonPanel<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) params: &'a Params,
    /// Whether the parameters differ from those of the run that is shown.
    pub(crate) is_changed: bool,
    pub(crate) question: Question<'a>,
    /// The events at which the run reached each step so far.
    pub(crate) reached: &'a [EventIndex],
    pub(crate) point: Point,
}

/// The room for a step's number, in points.
const STEP: f32 = 26.0;

/// Where the lesson's question stands.
pub(crate) struct Question<'a> {
    pub(crate) guess: Option<&'a str>,
    /// The answer, as far as it is known; what kind it is of says what to guess with.
    pub(crate) answer: Option<&'a Answer>,
    /// Whether the answer may be shown: the run is over.
    pub(crate) is_told: bool,
}

impl LessonPanel<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let lesson = &self.scenario.lesson;
        ScrollArea::vertical().id_salt("lesson").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.label(RichText::new(self.scenario.title).font(bold(15.0)).color(palette.text));
            markdown(ui, lesson.intro(), palette);
            if !self.params.is_empty() {
                heading(ui, "Parameters", palette);
                self.params(ui, palette, &mut commands);
            }
            if !lesson.question().is_empty() {
                heading(ui, "Predict first", palette);
                markdown(ui, lesson.question(), palette);
                commands.extend(self.question(ui, palette));
            }
            if lesson.look_for().next().is_some() {
                heading(ui, "Look for", palette);
                self.steps(ui, palette, &mut commands);
            }
            if !lesson.misconception().is_empty() {
                heading(ui, "You may think", palette);
                markdown(ui, lesson.misconception(), palette);
            }
            if self.question.is_told && !lesson.so_what().is_empty() {
                heading(ui, "So what", palette);
                markdown(ui, lesson.so_what(), palette);
                commands.extend(self.next_try(ui));
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

    /// The guess before the run, and what the run says to it.
    fn question(&self, ui: &mut Ui, palette: &Palette) -> Option<Command> {
        let Question { guess, answer, is_told } = self.question;
        match (guess, answer.filter(|_| is_told)) {
            (Some(guess), Some(answer)) => {
                let (words, color) = if is_right(guess, answer) {
                    (format!("Yes: {answer}."), palette.good)
                } else {
                    (format!("The run says: {answer}. You said: {guess}."), palette.bad)
                };
                ui.label(RichText::new(words).font(bold(13.0)).color(color));
                None
            }
            (None, Some(answer)) => {
                ui.label(RichText::new(format!("The run says: {answer}.")).font(bold(13.0)));
                None
            }
            (Some(guess), None) => {
                ui.label(RichText::new(format!("You say: {guess}. Run it to see.")).color(palette.weak));
                None
            }
            (None, None) => guess_ui(ui, self.scenario.id, answer, palette).map(Command::Guess),
        }
    }

    /// What to look for: what the run has reached before the cursor is ticked, and a click goes there.
    fn steps(&self, ui: &mut Ui, palette: &Palette, commands: &mut Vec<Command>) {
        let so_far = self.reached.partition_point(|event| *event < self.point.index);
        for (number, words) in self.scenario.lesson.look_for().enumerate() {
            let is_reached = number < so_far;
            let is_latest = number + 1 == so_far;
            let color = if is_reached { palette.text } else { palette.weak };
            let sign = if is_reached { "✓".to_owned() } else { format!("{}.", number + 1) };
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
    }
}

fn heading(ui: &mut Ui, words: &str, palette: &Palette) {
    ui.add_space(6.0);
    ui.label(RichText::new(words).font(bold(12.0)).color(palette.weak));
}

/// A field or buttons to guess with; the guess when it is made.
pub(super) fn guess_ui(ui: &mut Ui, id: &str, answer: Option<&Answer>, palette: &Palette) -> Option<String> {
    if let Some(Answer::Choice { of, .. }) = answer {
        return ui
            .horizontal_wrapped(|ui| of.iter().find(|choice| ui.button(choice.as_str()).clicked()).cloned())
            .inner;
    }
    let hint = match answer {
        Some(Answer::Time(_)) => "seconds",
        Some(Answer::Count(_)) => "a number",
        _ => "your guess",
    };
    let place = ui.scope_id().with(("guess", id));
    let mut typed: String = ui.data_mut(|data| data.get_temp(place).unwrap_or_default());
    // Room for the hint, however large the words around it are.
    let wide = ui.text_style_height(&TextStyle::Body) * 6.0;
    let made = ui.horizontal(|ui| {
        let field = ui.add(TextEdit::singleline(&mut typed).hint_text(hint).desired_width(wide));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Your guess"));
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let pressed = ui.add_enabled(!typed.trim().is_empty(), egui::Button::new("Guess")).clicked();
        entered || pressed
    });
    let is_made = made.inner && !typed.trim().is_empty();
    let guess = is_made.then(|| typed.trim().to_owned());
    if let Some(Answer::Time(_) | Answer::Count(_)) = answer
        && let Some(guess) = &guess
        && number(guess).is_none()
    {
        ui.label(RichText::new(format!("'{guess}' is no number")).color(palette.bad));
    }
    ui.data_mut(|data| data.insert_temp(place, typed));
    guess.filter(|guess| matches!(answer, Some(Answer::Choice { .. }) | None) || number(guess).is_some())
}

/// The number at the beginning of a guess: `3`, `3.5 s`.
fn number(guess: &str) -> Option<f64> {
    guess.trim_end_matches(|c: char| !c.is_ascii_digit()).trim().parse().ok()
}

/// Whether a guess is what the run says: a time to a hundredth of a second.
pub(super) fn is_right(guess: &str, answer: &Answer) -> bool {
    match answer {
        Answer::Time(time) => number(guess).is_some_and(|guess| {
            let guess = Nanos::from_secs_f64(guess);
            guess.0.abs_diff(time.0) <= Nanos::from_millis(5).0
        }),
        Answer::Count(count) => number(guess).is_some_and(|guess| guess == *count as f64),
        Answer::Choice { .. } => guess == answer.to_string(),
    }
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
            let mut now = text.to_string();
            let field = TextEdit::singleline(&mut now).hint_text("none").desired_width(120.0);
            ui.add(field).labelled_by(label).changed().then(|| Value::Text(now.into()))
        }
        (_, Value::Count(_) | Value::Millis(_) | Value::Choice(_)) => None,
    }
}

/// Paragraphs with bold and italic words.
fn markdown(ui: &mut Ui, words: &str, palette: &Palette) {
    for paragraph in words.split("\n\n") {
        ui.label(marked_up(paragraph.trim(), palette.text, ui.available_width(), 13.0));
    }
}

/// Words of `size` points, in lines of `width`, with bold and italic ones.
pub(super) fn marked_up(words: &str, color: egui::Color32, width: f32, size: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    for (number, part) in words.split("**").enumerate() {
        let is_bold = number % 2 == 1;
        for (number, part) in part.split('*').enumerate() {
            let font = if is_bold { bold(size) } else { text(size) };
            let mut format = egui::TextFormat::simple(font, color);
            format.italics = number % 2 == 1;
            format.line_height = Some(size * 1.42);
            job.append(&part.replace('`', ""), 0.0, format);
        }
    }
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_right_where_it_says_the_same() {
        let time = Answer::Time(Nanos::from_millis(3000));
        for guess in ["3", "3 s", "3.0", "3 seconds", "3.001"] {
            assert!(is_right(guess, &time), "{guess}");
        }
        for guess in ["6", "", "s", "3.1"] {
            assert!(!is_right(guess, &time), "{guess}");
        }
        assert!(is_right("4", &Answer::Count(4)) && !is_right("4.5", &Answer::Count(4)));
        let choice = Answer::choice(&["yes", "no"], "no");
        assert!(is_right("no", &choice) && !is_right("yes", &choice));
    }
}
