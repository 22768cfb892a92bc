//! The axis above the lanes: the cursor's time on it, and the pointer that scrubs along it.

use super::Timeline;
use super::signs::Sign;
use crate::app::command::Command;
use crate::app::theme::{Palette, bold, text};
use crate::app::view::Axis;
use crate::event::Nanos;
use crate::trace::RunPhase;
use egui::{CursorIcon, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// How far the middle of the cursor's time stands above the lanes, in points: above the numbers of the axis.
const HEAD: f32 = 26.0;

/// Said where the axis went to steps by itself.
const AT_ONCE: &str = "all at 0 s: shown by steps";

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
        self.cursor_head(ui, area, transform, commands);
    }

    /// The time that is in view, however it is laid out: on the axis of steps, no finer than a millisecond.
    fn shown_length(&self, transform: &PlotTransform) -> Nanos {
        match self.view.axis {
            Axis::Time => Nanos::from_secs_f64(transform.bounds().width()),
            Axis::Steps => Nanos::from_millis(500),
        }
    }

    /// The cursor's time, on the axis.
    fn cursor_head(&self, ui: &Ui, area: Rect, transform: &PlotTransform, commands: &mut Vec<Command>) {
        let palette = Palette::of(ui);
        if self.view.axis == Axis::Steps {
            Sign::Step.note(); // the numbers, which the plot draws
        }
        let position = self.scale().point(self.point.index, self.point.at);
        let x = transform.position_from_point_x(position);
        if self.record.log().is_empty() || !area.x_range().contains(x) {
            return;
        }
        let seconds = self.point.at.on_axis(self.shown_length(transform));
        let label = match self.view.axis {
            Axis::Time => seconds,
            Axis::Steps => format!("step {:.0} · {seconds}", position.floor()),
        };
        let galley = ui.painter().layout_no_wrap(label, bold(12.0), palette.on_running);
        let head = Rect::from_center_size(pos2(x, area.bottom() - HEAD), galley.size() + vec2(12.0, 5.0));
        let inside = (area.right() - head.right()).min(0.0) + (area.left() - head.left()).max(0.0);
        let head = head.translate(vec2(inside, 0.0));
        ui.painter().rect_filled(head, 4.0, palette.running);
        ui.painter().galley(head.min + vec2(6.0, 2.5), galley, palette.on_running);
        if self.view.axis == Axis::Time && self.has_several_here() {
            self.offer_steps(ui, area, head, commands);
        }
        self.tell_why_steps(ui, area, head);
        let tip = [pos2(x - 4.0, head.bottom()), pos2(x + 4.0, head.bottom()), pos2(x, head.bottom() + 4.0)];
        ui.painter().add(Shape::convex_polygon(tip.to_vec(), palette.running, Stroke::NONE));
    }

    /// Where a run that is over took no time: why it is shown by steps, on that side of the cursor's time that has more room.
    fn tell_why_steps(&self, ui: &Ui, area: Rect, head: Rect) {
        let is_over = matches!(self.record.edge().phase, RunPhase::Ended(_));
        if self.view.axis != Axis::Steps || !is_over || self.record.log().end() > Nanos::ZERO {
            return;
        }
        let palette = Palette::of(ui);
        let galley = ui.painter().layout_no_wrap(AT_ONCE.to_owned(), text(12.0), palette.weak);
        let [before, after] = [head.left() - area.left(), area.right() - head.right()];
        if galley.size().x + 16.0 > before.max(after) {
            return;
        }
        let left = if after > before { area.right() - galley.size().x - 8.0 } else { area.left() + 8.0 };
        let place = Rect::from_min_size(pos2(left, head.center().y - galley.size().y / 2.0), galley.size());
        let response = ui.interact(place, ui.scope_id().with("why steps"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, AT_ONCE));
        ui.painter().galley(place.min, galley, palette.weak);
        response.on_hover_text("On an axis of time this run would be one line. X switches the axis.");
    }

    /// Whether several events share the cursor's instant: then a step moves nothing on the axis of time.
    fn has_several_here(&self) -> bool {
        let log = self.record.log();
        if self.point.is_live || self.point.at > log.time_at(self.point.index) {
            return false;
        }
        let first = self.point.at.0.checked_sub(1).map_or(0, |before| log.index_after(Nanos(before)));
        log.index_after(self.point.at) - first > 1
    }

    /// Beside the cursor's time: a button that gives each step a column.
    fn offer_steps(&self, ui: &Ui, area: Rect, head: Rect, commands: &mut Vec<Command>) {
        let palette = Palette::of(ui);
        let galley = ui.painter().layout_no_wrap("spread into steps".to_owned(), text(11.0), palette.text);
        let size = vec2(galley.size().x + 10.0, head.height() - 2.0);
        let is_right = head.right() + 4.0 + size.x <= area.right();
        let left = if is_right { head.right() + 4.0 } else { head.left() - 4.0 - size.x };
        let button = Rect::from_min_size(pos2(left, head.top() + 1.0), size);
        let response = ui.interact(button, ui.scope_id().with("offer steps"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show each step"));
        let fill = if response.hovered() || response.has_focus() { palette.hovered } else { palette.raised };
        ui.painter().rect_filled(button, 4.0, fill);
        ui.painter().galley(button.center() - galley.size() / 2.0, galley, palette.text);
        if response.on_hover_text("On the steps axis each step has a column of its own (X)").clicked() {
            commands.push(Command::SwitchAxis);
        }
    }
}
