//! What the run asks the user: the question, and a field for the answer. Only there while it waits for one.

use crate::app::command::Command;
use crate::app::theme::{Palette, bold};
use crate::trace::text::line;
use egui::{Button, Key, RichText, Role, TextEdit, Ui, WidgetInfo};

pub(crate) fn ask_ui(ui: &mut Ui, question: &str) -> Option<Command> {
    let palette = Palette::of(ui);
    let place = ui.scope_id().with("answer");
    let mut typed: String = ui.data_mut(|data| data.get_temp(place).unwrap_or_default());
    let command = ui.horizontal(|ui| {
        ui.label(RichText::new(line(question)).font(bold(14.0)).color(palette.text));
        let field = ui.add(TextEdit::singleline(&mut typed).hint_text("your answer").desired_width(220.0));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Your answer"));
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let answered = ui.add(Button::new("Answer")).clicked() || entered;
        let left = ui.button("Send no answer").on_hover_text("The program goes on without an answer").clicked();
        match (answered, left) {
            (true, _) => Some(Command::Answer(std::mem::take(&mut typed))),
            (_, true) => Some(Command::EndInput),
            _ => None,
        }
    });
    ui.data_mut(|data| data.insert_temp(place, typed));
    command.inner
}
