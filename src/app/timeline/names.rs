//! The names beside the lanes: the state at the cursor as a letter, the task's colour and its name.

use super::{Rows, Timeline};
use crate::app::command::Command;
use crate::app::panels::{badge, describe};
use crate::app::theme::{Palette, text};
use crate::event::TaskId;
use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// How much a child stands to the right of its parent, in points.
const INDENT: f32 = 12.0;

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
            if response.clicked() {
                commands.push(Command::Select(task.into()));
            }
            if self.selected == Some(task) {
                painter.rect_filled(rect, 4.0, palette.selection);
            } else if response.hovered() {
                painter.rect_filled(rect, 4.0, palette.hovered);
            }
            if response.has_focus() {
                painter.rect_stroke(rect, 4.0, Stroke::new(1.5, palette.running), egui::StrokeKind::Inside);
            }
            self.name(&painter, rect, task, palette);
            response.on_hover_text(self.spoken(task));
        }
    }

    fn name(&self, painter: &egui::Painter, rect: Rect, task: TaskId, palette: &Palette) {
        let catalog = self.record.catalog();
        let depth = catalog.task(task).map_or(0, |info| info.depth.min(4));
        let left = rect.left() + 4.0 + f32::from(depth) * INDENT;
        let letter = Rect::from_min_size(pos2(left, rect.center().y - 8.0), vec2(16.0, 16.0));
        badge(painter, letter, self.state.task(task).map(|state| state.status), palette);
        painter.circle_filled(pos2(letter.right() + 9.0, rect.center().y), 3.5, palette.task(task));
        let name = painter.layout_no_wrap(catalog.task_name(task).to_owned(), text(13.0), palette.text);
        let place = pos2(letter.right() + 17.0, rect.center().y - name.size().y / 2.0);
        painter.with_clip_rect(rect.intersect(painter.clip_rect())).galley(place, name, palette.text);
    }

    /// The task's state at the cursor, as a screen reader says it.
    fn spoken(&self, task: TaskId) -> String {
        describe(self.record, self.state, self.point.at, task)
    }
}
