//! The window in which a course plan is made: its lessons, their order, and what is set in each.

use super::top_bar::Named as _;
use crate::app::command::Command;
use crate::app::files::{FileCommand, Purpose};
use crate::app::planned::{PlanCommand, Planned};
use crate::app::theme::{Palette, bold, text};
use crate::scenarios::{self, CHAPTERS, Scenario};
use crate::session::{CoursePlan, Plan, PlannedLesson};
use egui::{
    Align, Align2, Button, Context, Label, Layout, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo, Window, vec2,
};

pub(crate) struct PlanPanel<'a> {
    pub(crate) planned: &'a Planned,
    /// The lesson that is loaded, where it is one of the course.
    pub(crate) loaded: Option<&'static Scenario>,
}

/// What is done with a lesson of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Up,
    Down,
    Away,
}

/// The width of the window and of a lesson's name in it, and the greatest height of its list, in points.
const WIDTH: f32 = 560.0;
const NAME: f32 = 250.0;
const LIST: f32 = 360.0;

impl PlanPanel<'_> {
    pub(crate) fn show(&self, ctx: &Context) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut is_open = true;
        let window = Window::new("Course plan").open(&mut is_open).collapsible(false).resizable(false);
        window.pivot(Align2::CENTER_CENTER).default_pos(ctx.content_rect().center()).show(ctx, |ui| {
            let palette = Palette::of(ui);
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 48.0));
            let mut plan = self.planned.plan.clone();
            self.bar(ui, &mut plan, &mut commands);
            for word in &self.planned.words {
                ui.label(RichText::new(word).color(palette.bad));
            }
            ui.separator();
            let height = LIST.min(ui.ctx().content_rect().height() - 220.0).max(80.0);
            ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                lessons_ui(ui, &mut plan, palette);
            });
            ui.separator();
            self.add(ui, &mut plan, &mut commands);
            if plan != self.planned.plan {
                commands.push(PlanCommand::Change(plan).into());
            }
        });
        if !is_open {
            commands.push(PlanCommand::Toggle.into());
        }
        commands
    }

    fn bar(&self, ui: &mut Ui, plan: &mut CoursePlan, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            let field =
                ui.add(TextEdit::singleline(&mut plan.title).hint_text("Title of the course").desired_width(230.0));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Title of the course"));
            let has_any = !plan.lessons.is_empty();
            if ui.button("Open…").named("Open a course plan").clicked() {
                commands.push(Command::File(FileCommand::Choose(Purpose::OpenPlan)));
            }
            if ui.add_enabled(has_any, Button::new("Save…")).named("Save the course plan").clicked() {
                commands.push(Command::File(FileCommand::Choose(Purpose::SavePlan)));
            }
            let present = ui.add_enabled(has_any, Button::new("Present")).named("Present the course");
            if present.on_hover_text("One lesson after another, page by page").clicked() {
                commands.push(PlanCommand::Present.into());
            }
        });
    }

    fn add(&self, ui: &mut Ui, plan: &mut CoursePlan, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            ui.menu_button("Add a lesson", |ui| {
                for chapter in CHAPTERS {
                    ui.menu_button(chapter.title, |ui| {
                        for scenario in chapter.scenarios {
                            if ui.button(scenario.title).clicked() {
                                plan.lessons.push(PlannedLesson::of(&Plan::new(scenario)));
                            }
                        }
                    });
                }
            });
            if let Some(loaded) = self.loaded {
                let tip = "With its parameters as they are set now";
                if ui.button(format!("Add this one: {}", loaded.title)).on_hover_text(tip).clicked() {
                    commands.push(PlanCommand::AddLoaded.into());
                }
            }
        });
    }
}

fn lessons_ui(ui: &mut Ui, plan: &mut CoursePlan, palette: &Palette) {
    if plan.lessons.is_empty() {
        ui.label(
            RichText::new("No lesson yet. Add those that you want to present, in their order.").color(palette.weak),
        );
    }
    let count = plan.lessons.len();
    let mut moved = None;
    for (place, lesson) in plan.lessons.iter_mut().enumerate() {
        ui.push_id(place, |ui| {
            moved = moved.or(lesson_ui(ui, place, count, lesson, palette).map(|to| (place, to)));
        });
    }
    match moved {
        Some((place, Move::Up)) if place > 0 => plan.lessons.swap(place, place - 1),
        Some((place, Move::Down)) if place + 1 < count => plan.lessons.swap(place, place + 1),
        Some((place, Move::Away)) => drop(plan.lessons.remove(place)),
        _ => {}
    }
}

fn lesson_ui(ui: &mut Ui, place: usize, count: usize, lesson: &mut PlannedLesson, palette: &Palette) -> Option<Move> {
    let number = place + 1;
    let scenario = scenarios::find(&lesson.id).ok();
    let title = scenario.map_or_else(|| format!("{} (not in this version)", lesson.id), |known| known.title.to_owned());
    let moved = ui.horizontal(|ui| {
        let color = if scenario.is_some() { palette.text } else { palette.bad };
        let words = RichText::new(format!("{number}. {title}")).font(bold(13.0)).color(color);
        ui.allocate_ui_with_layout(vec2(NAME, 20.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(NAME);
            ui.add(Label::new(words).truncate());
        });
        let mut set = lesson.set.join(" ");
        let hint = scenario.and_then(|known| known.params.first()).map_or_else(String::new, |param| {
            format!("{}={}", param.name, param.bounds.default().to_string().replace(' ', ""))
        });
        let field = ui.add(TextEdit::singleline(&mut set).hint_text(hint).desired_width(150.0));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("What is set in lesson {number}")));
        if field.changed() {
            lesson.set = set.split(' ').map(str::to_owned).collect();
            if set.trim().is_empty() {
                lesson.set.clear();
            }
        }
        let mut moved = None;
        for (sign, to, can, name) in [
            ("⏶", Move::Up, place > 0, "up"),
            ("⏷", Move::Down, number < count, "down"),
            ("×", Move::Away, true, "out of the plan"),
        ] {
            let button = ui.add_enabled(can, Button::new(RichText::new(sign).font(text(13.0))));
            if button.named(&format!("Move lesson {number} {name}")).clicked() {
                moved = Some(to);
            }
        }
        moved
    });
    for problem in lesson.plan().1 {
        ui.label(RichText::new(problem).font(text(12.0)).color(palette.bad));
    }
    moved.inner
}
