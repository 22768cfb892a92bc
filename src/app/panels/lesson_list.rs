//! The panel on the left: the course, and the loaded lesson with its parameters.

use crate::app::command::Command;
use crate::app::theme::{Palette, bold};
use crate::scenarios::{Bounds, CHAPTERS, Param, Params, Scenario, Value};
use egui::{Align, Color32, DragValue, Layout, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, text::LayoutJob, vec2};

pub(crate) struct LessonList<'a> {
    pub(crate) loaded: &'static Scenario,
    pub(crate) params: &'a Params,
    /// Whether the parameters differ from those of the run that is shown.
    pub(crate) is_changed: bool,
}

impl LessonList<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for chapter in CHAPTERS {
                ui.add_space(8.0);
                ui.label(egui::RichText::new(chapter.title).font(bold(12.0)).color(palette.weak));
                for scenario in chapter.scenarios {
                    self.row(ui, scenario, palette, &mut commands);
                }
            }
            ui.add_space(10.0);
            ui.separator();
            self.params(ui, palette, &mut commands);
            ui.add_space(6.0);
            ui.separator();
            ui.add_space(4.0);
            lesson(ui, self.loaded.lesson.markdown, palette);
        });
        commands
    }

    fn row(&self, ui: &mut Ui, scenario: &'static Scenario, palette: &Palette, commands: &mut Vec<Command>) {
        let is_loaded = scenario.id == self.loaded.id;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 25.0), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_loaded, scenario.title));
        let fill = match (is_loaded, response.hovered()) {
            (true, _) => palette.selection,
            (false, true) => palette.hovered,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 5.0, fill);
        if response.has_focus() {
            let stroke = egui::Stroke::new(1.5, palette.running);
            ui.painter().rect_stroke(rect, 5.0, stroke, egui::StrokeKind::Inside);
        }
        let font = if is_loaded { bold(13.0) } else { crate::app::theme::text(13.0) };
        let galley = ui.painter().layout_no_wrap(scenario.title.to_owned(), font, palette.text);
        ui.painter().galley(pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0), galley, palette.text);
        let enter = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if response.double_clicked() || enter {
            commands.push(Command::LoadAndRun(scenario));
        } else if response.clicked() && !is_loaded {
            commands.push(Command::Load(scenario));
        }
        response.on_hover_text(format!("{}; double-click to run", scenario.promise));
    }

    fn params(&self, ui: &mut Ui, palette: &Palette, commands: &mut Vec<Command>) {
        ui.add_space(4.0);
        ui.label(egui::RichText::new("Parameters").font(bold(12.0)).color(palette.weak));
        for (param, value) in self.params.iter() {
            ui.horizontal(|ui| {
                let label = ui.label(param.label);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some(value) = param_ui(ui, param, value, label.id) {
                        commands.push(Command::SetParam(param, value));
                    }
                });
            });
        }
        if self.is_changed {
            ui.horizontal_wrapped(|ui| {
                ui.label(egui::RichText::new("The run shown has other values.").color(palette.weak));
                if ui.button("Restart with these").clicked() {
                    commands.push(Command::Restart);
                }
            });
        }
    }
}

/// A field for a parameter; its new value when it was changed.
fn param_ui(ui: &mut Ui, param: &Param, value: Value, label: egui::Id) -> Option<Value> {
    match (param.bounds, value) {
        (Bounds::Count { min, max, .. }, Value::Count(mut count)) => {
            let field = DragValue::new(&mut count).range(min..=max).speed(0.05);
            ui.add(field).labelled_by(label).changed().then_some(Value::Count(count))
        }
        (Bounds::Millis { max, .. }, Value::Millis(millis)) => {
            let mut seconds = f64::from(millis) / 1000.0;
            let field = DragValue::new(&mut seconds)
                .range(0.0..=f64::from(max) / 1000.0)
                .speed(0.01)
                .max_decimals(3)
                .suffix(" s");
            let changed = ui.add(field).labelled_by(label).changed();
            changed.then(|| Value::Millis((seconds * 1000.0).round() as u32))
        }
        (Bounds::Choice { of }, Value::Choice(chosen)) => {
            let mut now = chosen;
            let list = egui::ComboBox::from_id_salt(param.name).selected_text(chosen);
            let list = list.show_ui(ui, |ui| {
                for word in of {
                    ui.selectable_value(&mut now, word, *word);
                }
            });
            list.response.labelled_by(label);
            (now != chosen).then_some(Value::Choice(now))
        }
        (_, Value::Text(text)) => {
            let mut now = text.to_string();
            let field = egui::TextEdit::singleline(&mut now).hint_text("none").desired_width(140.0);
            ui.add(field).labelled_by(label).changed().then(|| Value::Text(now.into()))
        }
        (_, Value::Count(_) | Value::Millis(_) | Value::Choice(_)) => None,
    }
}

/// A lesson's text: paragraphs with bold and italic words.
fn lesson(ui: &mut Ui, text: &str, palette: &Palette) {
    ui.spacing_mut().item_spacing.y = 8.0;
    for paragraph in text.split("\n\n") {
        let mut job = LayoutJob::default();
        job.wrap.max_width = ui.available_width();
        for (number, part) in paragraph.trim().split("**").enumerate() {
            let is_bold = number % 2 == 1;
            for (number, part) in part.split('*').enumerate() {
                let font = if is_bold { bold(13.0) } else { crate::app::theme::text(13.0) };
                let mut format = egui::TextFormat::simple(font, palette.text);
                format.italics = number % 2 == 1;
                format.line_height = Some(18.5);
                job.append(&part.replace('`', ""), 0.0, format);
            }
        }
        ui.label(job);
    }
}
