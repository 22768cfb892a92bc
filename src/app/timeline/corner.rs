//! The corner above the names: finding lanes by name, folding them, and what the timeline shows.

use super::charts::Chart;
use super::order::Sort;
use super::tools::Arrows;
use super::{Timeline, ToolCommand};
use crate::app::command::Command;
use crate::app::theme::{Palette, text};
use egui::{
    Align, Button, Id, Key, Layout, Rect, Response, RichText, Role, ScrollArea, TextEdit, Ui, UiBuilder, WidgetInfo,
    vec2,
};

/// Counters are offered in a list that is not higher than this, in points; and no more than so many.
const HIGHEST: f32 = 200.0;
const MOST_COUNTERS: usize = 100;

/// The field in which one types what to find.
pub(crate) fn find_field() -> Id {
    Id::unique("find lanes")
}

impl Timeline<'_> {
    pub(super) fn corner(&self, ui: &mut Ui, area: Rect, commands: &mut Vec<Command>) {
        if self.record.catalog().tasks().len() < 2 {
            return; // one lane is found without
        }
        let builder = UiBuilder::new().max_rect(area).layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().button_padding = vec2(6.0, 1.0);
            ui.spacing_mut().item_spacing.x = 3.0;
            ui.spacing_mut().interact_size.y = 18.0;
            match self.order.sought() {
                Some(words) => self.find(ui, words, commands),
                None => self.controls(ui, commands),
            }
        });
    }

    fn controls(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let small = |words: &str| RichText::new(words).font(text(11.0)).color(Palette::of(ui).weak);
        let (find, show) = (small("Find"), small("Show"));
        let fold = small(if self.order.is_any_folded() { "Unfold" } else { "Fold" });
        if named(ui.button(find), "Find lanes")
            .on_hover_text("Show only lanes whose name has these letters (/)")
            .clicked()
        {
            commands.push(ToolCommand::Find(Some(String::new())).into());
        }
        let menu = ui.menu_button(show, |ui| self.choices(ui, commands));
        named(menu.response, "What is shown").on_hover_text("The order of the lanes, the arrows and the charts");
        let button = ui.add_enabled(self.order.is_tree(), Button::new(fold));
        let name = if self.order.is_any_folded() { "Unfold all lanes" } else { "Fold all lanes" };
        if named(button, name).on_hover_text("Fold or unfold what tasks spawned (Shift O)").clicked() {
            commands.push(ToolCommand::FoldAll.into());
        }
    }

    fn choices(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let heading = |ui: &mut Ui, words: &str| {
            ui.label(RichText::new(words).font(text(11.0)).color(Palette::of(ui).weak));
        };
        let mut choose = |ui: &mut Ui, is_on: bool, name: &str, command: ToolCommand| {
            if ui.radio(is_on, name).clicked() {
                commands.push(command.into());
                ui.close();
            }
        };
        heading(ui, "Lanes under the task that spawned them");
        for sort in Sort::ALL {
            choose(ui, self.order.sort() == sort, sort.name(), ToolCommand::Sort(sort));
        }
        ui.separator();
        heading(ui, "Arrows from a waker to the task it woke (V)");
        for arrows in Arrows::ALL {
            choose(ui, self.tools.arrows == arrows, arrows.name(), ToolCommand::Arrows(arrows));
        }
        ui.separator();
        let mut chart = |ui: &mut Ui, chart: Chart| {
            let mut is_on = self.tools.charts.has(chart);
            if ui.checkbox(&mut is_on, chart.name(self.record)).changed() {
                commands.push(ToolCommand::Chart(chart).into());
            }
        };
        heading(ui, "Below the lanes, on the time axis");
        Chart::ALL.into_iter().for_each(|each| chart(ui, each));
        if self.state.resources.is_empty() {
            return;
        }
        heading(ui, "Counters, on both axes");
        ScrollArea::vertical().max_height(HIGHEST).show(ui, |ui| {
            let counters = self.state.resources.keys().take(MOST_COUNTERS);
            counters.for_each(|resource| chart(ui, Chart::Counter(*resource)));
        });
    }

    fn find(&self, ui: &mut Ui, words: &str, commands: &mut Vec<Command>) {
        let mut typed = words.to_owned();
        let (count, all) = (self.order.rows().len(), self.record.catalog().tasks().len());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(format!("{count} of {all}")).font(text(11.0)).color(Palette::of(ui).weak));
            let width = ui.available_width() - 6.0;
            let edit = TextEdit::singleline(&mut typed).id(find_field()).hint_text("name").desired_width(width);
            let field = ui.add(edit.font(text(12.0)).margin(vec2(4.0, 2.0)));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Find lanes"));
            if field.changed() {
                commands.push(ToolCommand::Find(Some(typed)).into());
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                commands.push(ToolCommand::FindNext.into());
            } else if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
                commands.push(ToolCommand::Find(None).into());
            }
        });
    }
}

/// A name for screen readers and tests that says more than the word on the button.
fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), name));
    response
}
