//! The names beside the lanes: the state at the cursor as a letter, the task's colour and its name; before one that spawned
//! others a triangle that folds them away.

use super::signs::Sign;
use super::{Rows, Timeline, ToolCommand};
use crate::app::command::Command;
use crate::app::panels::{badge, describe};
use crate::app::theme::{Palette, text};
use crate::event::TaskId;
use egui::{Key, Painter, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// How much a child stands to the right of its parent, in points.
const INDENT: f32 = 12.0;
/// Width of the triangle that folds, in points.
const FOLD: f32 = 13.0;

impl Timeline<'_> {
    pub(super) fn names(
        &self,
        ui: &Ui,
        area: Rect,
        transform: &PlotTransform,
        row_size: Rows,
        commands: &mut Vec<Command>,
    ) {
        let palette = Palette::of(ui);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let (top, bottom) = transform.bounds().range_y().into_inner();
        let rows = top.floor().max(0.0) as usize..(bottom.ceil().max(0.0) as usize).min(self.order.rows().len());
        for row in rows {
            let task = self.order.rows()[row];
            let y = transform.position_from_point_y(row as f64 + 0.5);
            let rect =
                Rect::from_center_size(pos2(area.center().x, y), vec2(area.width() - 6.0, row_size.height - 4.0));
            if !area.expand(row_size.height).contains_rect(rect) {
                continue;
            }
            let response = ui.interact(rect.intersect(area), ui.scope_id().with(("lane", task)), Sense::click());
            response.widget_info(|| {
                let label = format!("lane {}", self.spoken(task));
                WidgetInfo::selected(Role::ListBoxOption, true, self.selected == Some(task), label)
            });
            if ui.ctx().has_accesskit_node(response.id) {
                let spans = self.spans_spoken(task, transform);
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(spans));
            }
            if response.clicked() {
                commands.push(Command::Select(task.into()));
            }
            if response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                commands.push(ToolCommand::Fold(task).into());
            }
            if self.selected == Some(task) {
                painter.rect_filled(rect, 4.0, palette.selection);
            } else if response.hovered() {
                painter.rect_filled(rect, 4.0, palette.hovered);
            }
            if response.has_focus() {
                painter.rect_stroke(rect, 4.0, Stroke::new(1.5, palette.running), egui::StrokeKind::Inside);
            }
            let left = rect.left() + self.indent(task);
            self.fold(ui, &painter, pos2(left, rect.center().y), task, commands);
            self.name(&painter, rect.with_min_x(left + FOLD), task, palette);
            response.on_hover_text(self.spoken(task));
        }
    }

    /// By how many points its name is indented.
    pub(super) fn indent(&self, task: TaskId) -> f32 {
        f32::from(self.depth(task)) * INDENT
    }

    /// How far its name is indented; what is found stands without those around it.
    fn depth(&self, task: TaskId) -> u16 {
        let depth = self.record.catalog().task(task).map_or(0, |info| info.depth.min(4));
        if self.order.sought().is_some() { 0 } else { depth }
    }

    /// The triangle before a task that spawned others.
    fn fold(&self, ui: &Ui, painter: &Painter, left: Pos2, task: TaskId, commands: &mut Vec<Command>) {
        let below = self.order.below(task);
        if below == 0 || self.order.sought().is_some() {
            return;
        }
        let palette = Palette::of(ui);
        let rect = Rect::from_center_size(left + vec2(FOLD / 2.0, 0.0), vec2(FOLD + 2.0, 20.0));
        let response =
            ui.interact(rect.intersect(painter.clip_rect()), ui.scope_id().with(("fold", task)), Sense::click());
        let is_folded = self.order.is_folded(task);
        response.widget_info(|| {
            let (verb, name) = (if is_folded { "Unfold" } else { "Fold" }, self.record.catalog().task_name(task));
            WidgetInfo::labeled(Role::Button, true, format!("{verb} {name}, {below} below"))
        });
        if response.hovered() || response.has_focus() {
            painter.rect_filled(rect.shrink(2.0), 3.0, palette.hovered);
        }
        let mut shapes = Vec::new();
        Sign::Fold { is_folded }.paint(palette, rect, &mut shapes);
        painter.extend(shapes);
        if response.clicked() {
            commands.push(ToolCommand::Fold(task).into());
        }
    }

    fn name(&self, painter: &Painter, rect: Rect, task: TaskId, palette: &Palette) {
        let catalog = self.record.catalog();
        let letter = Rect::from_min_size(pos2(rect.left(), rect.center().y - 8.0), vec2(16.0, 16.0));
        let status = self.record.status(self.state, task);
        if let Some(status) = status {
            Sign::Letter(status).note();
        }
        badge(painter, letter, status, palette);
        Sign::Dot.note();
        painter.circle_filled(pos2(letter.right() + 9.0, rect.center().y), 3.5, palette.task(task));
        let mut right = rect.right() - 2.0;
        if self.order.is_folded(task) {
            let count = painter.layout_no_wrap(format!("+{}", self.order.below(task)), text(11.0), palette.weak);
            right -= count.size().x + 2.0;
            painter.galley(pos2(right, rect.center().y - count.size().y / 2.0), count, palette.weak);
        }
        let name = painter.layout_no_wrap(catalog.task_name(task).to_owned(), text(13.0), palette.text);
        let place = pos2(letter.right() + 17.0, rect.center().y - name.size().y / 2.0);
        painter.with_clip_rect(rect.with_max_x(right).intersect(painter.clip_rect())).galley(place, name, palette.text);
    }

    /// The task's state at the cursor, as a screen reader says it.
    fn spoken(&self, task: TaskId) -> String {
        describe(self.record, self.state, self.point.at, task, self.wording)
    }
}
