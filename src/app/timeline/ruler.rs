//! The axis above the lanes: the cursor's time on it, and the pointer that scrubs along it.

use super::Timeline;
use crate::app::command::Command;
use crate::app::theme::{Palette, bold};
use egui::{CursorIcon, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// How far the middle of the cursor's time stands above the lanes, in points.
const HEAD: f32 = 10.0;

impl Timeline<'_> {
    /// Pointer over the axis: press or drag moves the cursor.
    pub(super) fn ruler(&self, ui: &Ui, area: Rect, transform: &PlotTransform, commands: &mut Vec<Command>) {
        let response = ui.interact(area, ui.scope_id().with("ruler"), Sense::click_and_drag());
        let seconds = self.point.at.as_secs_f64();
        response.widget_info(|| WidgetInfo::slider(true, seconds, "Time cursor"));
        if (response.dragged() || response.clicked())
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let position = transform.value_from_position(pointer).x;
            commands.push(Command::MoveCursor(self.scale().cursor_at(position.max(0.0))));
        }
        response.on_hover_cursor(CursorIcon::ResizeHorizontal);
        self.cursor_head(ui, area, transform);
    }

    /// The cursor's time, on the axis.
    fn cursor_head(&self, ui: &Ui, area: Rect, transform: &PlotTransform) {
        let palette = Palette::of(ui);
        let x = transform.position_from_point_x(self.scale().point(self.point.index, self.point.at));
        if self.record.log().is_empty() || !area.x_range().contains(x) {
            return;
        }
        let label = format!("{:.3} s", self.point.at.as_secs_f64());
        let galley = ui.painter().layout_no_wrap(label, bold(12.0), palette.on_running);
        let head = Rect::from_center_size(pos2(x, area.bottom() - HEAD), galley.size() + vec2(12.0, 5.0));
        let inside = (area.right() - head.right()).min(0.0) + (area.left() - head.left()).max(0.0);
        let head = head.translate(vec2(inside, 0.0));
        ui.painter().rect_filled(head, 4.0, palette.running);
        ui.painter().galley(head.min + vec2(6.0, 2.5), galley, palette.on_running);
    }
}
