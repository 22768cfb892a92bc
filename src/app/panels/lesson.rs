//! The loaded lesson: what it says, what can be set, its question, and what to look for as the run comes to it.
//!
//! Until the run has answered, the question stays in view below the text. What would give the answer away comes once one
//! has guessed or run it. When the run is over, what follows from it comes into view.

use super::is_new;
use super::markdown::{marked_up, paragraphs};
use super::question::Question;
use super::result::ResultPart;
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::focus::{self, Region};
use crate::app::theme::{Palette, bold, text};
use crate::event::Nanos;
use crate::scenarios::{Bounds, Param, Params, Scenario, Told, Value};
use crate::session::StepState;
use egui::{
    Align, DragValue, Frame, Layout, Margin, Panel, Rect, RichText, Role, ScrollArea, Sense, Stroke, TextEdit, Ui,
    WidgetInfo, vec2,
};

pub(crate) struct LessonPanel<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) params: &'a Params,
    /// Whether the parameters differ from those of the run that is shown.
    pub(crate) is_changed: bool,
    pub(crate) question: Question<'a>,
    /// Whether a run has begun.
    pub(crate) has_run: bool,
    /// How many times a lesson was opened: each is read from its top.
    pub(crate) opening: u64,
    /// What the lesson proposes to try, and was not tried yet.
    pub(crate) to_try: Vec<&'static str>,
    /// What the lesson says of the run.
    pub(crate) lesson: Told<'a>,
    /// How each of its steps stands.
    pub(crate) steps: &'a [StepState],
    /// The place after the last of them that comes before the cursor.
    pub(crate) so_far: usize,
}

/// The room for a step's number, in points.
const STEP: f32 = 26.0;
/// With less height than this, in points, the question stands in the text.
const ROOM_FOR_QUESTION: f32 = 260.0;
/// How long what comes into view is kept there, in seconds, if what is around it still moves.
const COMES: f64 = 0.6;

impl LessonPanel<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let asks = !self.question.is_told() && self.scenario.has_question();
        let is_apart = asks && ui.available_height() > ROOM_FOR_QUESTION;
        if is_apart {
            let frame = Frame::new().fill(palette.panel).inner_margin(Margin { top: 4, ..Margin::ZERO });
            let shown = Panel::bottom("question of the lesson").frame(frame).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                commands.extend(self.question(ui, palette));
            });
            focus::region(ui, Region::Question, shown.response.rect);
        }
        let mut area = ScrollArea::vertical().id_salt("lesson").auto_shrink(false);
        if is_new(ui, "opened", self.opening) {
            area = area.vertical_scroll_offset(0.0);
        }
        let comes = self.comes(ui);
        area.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.label(RichText::new(self.scenario.title).font(bold(15.0)).color(palette.text));
            paragraphs(ui, &self.lesson.intro(), palette);
            if !self.params.is_empty() {
                heading(ui, "Parameters", palette);
                self.params(ui, palette, &mut commands);
            }
            if asks && !is_apart {
                commands.extend(self.question(ui, palette));
            }
            self.disclosed(ui, palette, &mut commands);
            if self.question.is_told() {
                let top = ui.cursor().top();
                let result = ResultPart {
                    scenario: self.scenario,
                    lesson: self.lesson,
                    question: self.question,
                    to_try: self.to_try.as_slice(),
                };
                commands.extend(result.show(ui));
                let shown = Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=ui.min_rect().bottom());
                // Once for each place that it gets: a frame later all around it may have found another.
                if comes && is_new(ui, "room of the result", (shown.size(), ui.clip_rect())) {
                    let is_higher = shown.height() > ui.clip_rect().height();
                    ui.scroll_to_rect(shown, Some(if is_higher { Align::Min } else { Align::Max }));
                    ui.ctx().request_repaint();
                }
            }
        });
        commands
    }

    /// Whether what the run said is coming into view: it was told only now.
    fn comes(&self, ui: &Ui) -> bool {
        let now = ui.input(|input| input.time);
        let since = ui.scope_id().with("told since");
        if is_new(ui, "told", (self.opening, self.question.is_told())) {
            ui.data_mut(|data| data.insert_temp(since, now));
        }
        self.question.is_told() && ui.data(|data| data.get_temp(since)).is_some_and(|since: f64| now - since < COMES)
    }

    /// The question, and what to do next: to guess, or to run it.
    fn question(&self, ui: &mut Ui, palette: &Palette) -> Vec<Command> {
        let mut commands = Vec::new();
        heading(ui, "Predict first", palette);
        paragraphs(ui, &self.lesson.question(), palette);
        match self.question.guess {
            Some(guess) => {
                let words = if self.has_run { String::new() } else { " Run it to check.".to_owned() };
                ui.label(RichText::new(format!("Your guess: {guess}.{words}")).color(palette.weak));
            }
            None => commands.extend(self.question.guess_ui(ui)),
        }
        if !self.has_run {
            ui.horizontal_wrapped(|ui| {
                if ui.button("Run it").on_hover_text("Run the lesson (Space)").clicked() {
                    commands.push(Command::RunOrPause);
                }
                if self.question.guess.is_none() {
                    ui.label(RichText::new("shows what to look for.").font(text(12.0)).color(palette.weak));
                }
            });
        }
        commands
    }

    /// What would give the answer away: shown once one has guessed, or a run has begun.
    fn disclosed(&self, ui: &mut Ui, palette: &Palette, commands: &mut Vec<Command>) {
        let lesson = self.lesson;
        let is_shown = self.has_run || self.question.guess.is_some() || !self.scenario.has_question();
        if !is_shown {
            return;
        }
        if self.scenario.step_count() > 0 {
            let top = ui.cursor().top();
            heading(ui, "Look for", palette);
            self.steps(ui, palette, commands);
            let steps = Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=ui.min_rect().bottom());
            focus::region(ui, Region::Steps, steps.intersect(ui.clip_rect()));
        }
        if !lesson.misconception().is_empty() {
            ui.add_space(6.0);
            let frame = Frame::new().inner_margin(Margin { left: 10, ..Margin::ZERO });
            let shown = frame.show(ui, |ui| {
                ui.label(RichText::new("× A common mistake").font(bold(12.0)).color(palette.bad));
                paragraphs(ui, &lesson.misconception(), palette);
            });
            let edge = shown.response.rect;
            ui.painter().vline(edge.left() + 2.0, edge.y_range(), Stroke::new(2.0, palette.bad));
        }
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
                ui.label(RichText::new("The run shown used other values.").color(palette.weak));
                if ui.button("Run with these").clicked() {
                    commands.push(Command::Restart);
                }
            });
        }
    }

    /// What to look for: what the run has reached before the cursor is ticked, and a click goes there.
    fn steps(&self, ui: &mut Ui, palette: &Palette, commands: &mut Vec<Command>) {
        let so_far = self.so_far;
        for (number, words) in self.lesson.look_for().iter().enumerate() {
            let state = self.steps.get(number).unwrap_or(&StepState::NotYet);
            let is_reached = number < so_far && state.event().is_some();
            let is_latest = number + 1 == so_far;
            let color = if is_reached { palette.text } else { palette.weak };
            let is_missed = matches!(state, StepState::NotInThisRun(_));
            let words = match state.remark() {
                Some(remark) => &format!("{words} *{remark}*"),
                None => words,
            };
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
                    "not in this run"
                } else {
                    "not reached yet"
                };
                WidgetInfo::labeled(Role::Button, is_reached, format!("Step {}, {state}: {words}", number + 1))
            });
            if let Some(event) = state.event().filter(|_| is_reached)
                && response.on_hover_text("Go to this moment").clicked()
            {
                commands.push(Command::MoveCursor(Cursor::After(event + 1)));
            }
        }
    }
}

pub(super) fn heading(ui: &mut Ui, words: &str, palette: &Palette) {
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
            let field = DragValue::new(&mut seconds).range(0.0..=most).speed(0.01).max_decimals(3);
            let field = field.custom_formatter(|seconds, _| Nanos::from_secs_f64(seconds).to_string());
            let field = field.custom_parser(|typed| Nanos::parse(typed).map(Nanos::as_secs_f64));
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
