//! What is shown of the lesson while one presents: before the run its question, large; then how far the run has come,
//! and what to look for next.
//!
//! What comes next is hidden, so that the lecturer can ask the audience first; it is revealed by a key, or by the run
//! when it comes there. It shows nothing that the lesson does not say.

use super::markdown::marked_up;
use super::question::Question;
use crate::app::command::Command;
use crate::app::theme::{Palette, bold, text};
use crate::scenarios::Scenario;
use crate::trace::EventIndex;
use egui::{Button, FontFamily, FontId, Rect, RichText, TextStyle, Ui, UiBuilder, vec2};

pub(crate) struct Lecture<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) question: Question<'a>,
    /// The events at which the run reached each step so far.
    pub(crate) reached: &'a [EventIndex],
    /// How many of them come before the cursor.
    pub(crate) so_far: usize,
    /// The place of the step that was revealed before the run came to it.
    pub(crate) revealed: Option<usize>,
}

/// The width of the slide's text, in points.
const SLIDE: f32 = 680.0;

impl Lecture<'_> {
    /// Before the run: the question and what to answer it with, in all the room there is.
    pub(crate) fn slide(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let room = ui.available_rect_before_wrap();
        let size = vec2(SLIDE.min(room.width() - 48.0), room.height() * 0.8);
        let column = Rect::from_center_size(room.center(), size);
        let slide = ui.scope_builder(UiBuilder::new().max_rect(column), |ui| {
            large(ui, 19.0);
            ui.label(RichText::new(self.scenario.title).font(bold(28.0)).color(palette.text));
            let question = self.scenario.lesson.question();
            let mut command = None;
            if !question.is_empty() {
                ui.add_space(20.0);
                ui.label(marked_up(question, palette.text, ui.available_width(), 21.0));
                ui.add_space(10.0);
                match self.question.guess {
                    Some(guess) => {
                        ui.label(RichText::new(format!("You say: {guess}.")).font(bold(21.0)));
                    }
                    None => {
                        command = self.question.guess_ui(ui);
                    }
                }
            }
            ui.add_space(20.0);
            let keys = "Space runs it, Page down steps through it, N reveals what to look for next.";
            ui.label(RichText::new(keys).font(text(14.0)).color(palette.weak));
            command
        });
        slide.inner
    }

    /// While it runs, and after: the step that was reached last, and the next one if it may be seen.
    pub(crate) fn strip(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let steps: Vec<&str> = self.scenario.lesson.look_for().collect();
        let so_far = self.so_far.min(steps.len());
        let width = ui.available_width();
        if let Some(words) = so_far.checked_sub(1).and_then(|last| steps.get(last)) {
            ui.label(marked_up(&format!("**{so_far} of {}:** {words}", steps.len()), palette.text, width, 16.0));
        }
        // A run with other values may not come to all of them: then it has the last word.
        let is_over = self.question.is_told() && so_far == self.reached.len();
        match steps.get(so_far).filter(|_| !is_over) {
            Some(words) if self.revealed == Some(so_far) => {
                ui.label(marked_up(&format!("**Next:** {words}"), palette.weak, width, 16.0));
                None
            }
            Some(_) => {
                let ask = Button::new(RichText::new("What comes next? (N)").font(text(14.0)));
                ui.add(ask).clicked().then_some(Command::Reveal)
            }
            None => {
                let (words, color) = self.question.verdict(palette)?;
                ui.label(RichText::new(words).font(bold(16.0)).color(color));
                None
            }
        }
    }
}

/// Makes fields and buttons as large as the words around them.
fn large(ui: &mut Ui, size: f32) {
    let styles = &mut ui.style_mut().text_styles;
    for style in [TextStyle::Body, TextStyle::Button] {
        styles.insert(style, FontId::new(size, FontFamily::Proportional));
    }
    ui.spacing_mut().item_spacing = vec2(12.0, 8.0);
}
