//! The pointer over the lanes: a click moves the cursor and selects, a drag pans, with Shift it measures and with Ctrl it
//! zooms to a range; the wheel scrolls, Ctrl+wheel zooms.

use super::{Rows, Timeline};
use crate::app::command::Command;
use crate::app::theme::Palette;
use crate::app::timeline::ToolCommand;
use crate::app::view::{Axis, Hand};
use crate::event::Nanos;
use egui::{CursorIcon, Pos2, Rect, Response, Role, Stroke, StrokeKind, Ui, WidgetInfo};
use egui_plot::PlotTransform;

/// What a drag does, told by the keys held when it began; with the position where it did.
#[derive(Debug, Clone, Copy, Default)]
enum Gesture {
    #[default]
    Pan,
    Measure(f64),
    Zoom(f64),
}

/// How near to the border of a span, in points, one measures from the border itself.
const SNAP: f32 = 6.0;
/// Of more spans than this that near, the first ones are looked at.
const MOST_NEAR: usize = 64;
/// A shorter drag, in points, zooms nowhere.
const LEAST_ZOOM: f32 = 4.0;

impl Timeline<'_> {
    pub(super) fn navigate(
        &self,
        ui: &Ui,
        response: &Response,
        transform: &PlotTransform,
        rows: Rows,
        commands: &mut Vec<Command>,
    ) {
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Timeline"));
        self.drag(ui, response, transform, rows, commands);
        if response.clicked()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let at = transform.value_from_position(pointer);
            commands.push(Command::MoveCursor(self.scale().cursor_at(at.x)));
            let task = self.order.rows().get(at.y.max(0.0) as usize).copied();
            commands.push(Command::Select(task.into()));
        }
        if let Some(pointer) = response.hover_pos() {
            let hand = Hand::Pointer(ui.input(|input| input.time));
            let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
            if zoom != 1.0 {
                let at = transform.value_from_position(pointer).x;
                commands.push(Command::Zoom(f64::from(zoom), Some(at), hand));
            } else if scroll != egui::Vec2::ZERO {
                if scroll.y != 0.0 {
                    commands.push(Command::ScrollTo(rows.first - scroll.y / rows.height));
                }
                if scroll.x != 0.0 {
                    commands.push(Command::Pan(f64::from(-scroll.x / transform.frame().width()), hand));
                }
            }
            if !response.dragged()
                && let Some(text) = self.tip(transform, pointer)
            {
                response.clone().on_hover_text_at_pointer(text);
            }
        }
    }

    fn drag(&self, ui: &Ui, response: &Response, transform: &PlotTransform, rows: Rows, commands: &mut Vec<Command>) {
        let place = ui.scope_id().with("gesture");
        let (modifiers, pressed, time) = ui.input(|input| (input.modifiers, input.pointer.press_origin(), input.time));
        if response.drag_started() {
            let from = pressed.or(response.interact_pointer_pos());
            let gesture = match from {
                Some(from) if modifiers.shift => Gesture::Measure(self.snapped(transform, from)),
                Some(from) if modifiers.command => Gesture::Zoom(transform.value_from_position(from).x),
                _ => Gesture::Pan,
            };
            ui.data_mut(|data| data.insert_temp(place, gesture));
        }
        if !response.dragged() && !response.drag_stopped() {
            return;
        }
        let gesture: Gesture = ui.data(|data| data.get_temp(place)).unwrap_or_default();
        let pointer = response.interact_pointer_pos();
        match (gesture, pointer) {
            (Gesture::Measure(from), Some(pointer)) => {
                commands.push(ToolCommand::Measure(from, self.snapped(transform, pointer)).into());
                ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            }
            (Gesture::Zoom(from), Some(pointer)) => {
                let start = transform.position_from_point_x(from);
                let frame = *transform.frame();
                let range = Rect::from_x_y_ranges(start.min(pointer.x)..=start.max(pointer.x), frame.y_range());
                let color = Palette::of(ui).running;
                let painter = ui.painter_at(frame);
                painter.rect(range, 0.0, color.gamma_multiply(0.12), Stroke::new(1.0, color), StrokeKind::Inside);
                if response.drag_stopped() && range.width() >= LEAST_ZOOM {
                    let to = transform.value_from_position(pointer).x;
                    commands.push(ToolCommand::ShowRange(from.min(to), from.max(to), Hand::Key).into());
                }
                ui.ctx().set_cursor_icon(CursorIcon::ZoomIn);
            }
            _ => {
                let (delta, hand) = (response.drag_delta(), Hand::Pointer(time));
                if delta.x != 0.0 {
                    commands.push(Command::Pan(f64::from(-delta.x / transform.frame().width()), hand));
                }
                if delta.y != 0.0 {
                    commands.push(Command::ScrollTo(rows.first - delta.y / rows.height));
                }
                ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            }
        }
    }

    /// The position under the pointer or, where one is near, that of the border of a span; on the steps axis that of the
    /// nearest column.
    fn snapped(&self, transform: &PlotTransform, pointer: Pos2) -> f64 {
        let at = transform.value_from_position(pointer);
        let reach = f64::from(SNAP) * transform.dvalue_dpos()[0].abs();
        let (from, to) = (Nanos::from_secs_f64(at.x - reach), Nanos::from_secs_f64(at.x + reach));
        let border = match self.view.axis {
            Axis::Steps => return at.x.round(),
            Axis::Time => {
                let task = self.order.rows().get(at.y.max(0.0) as usize);
                let lane = task.and_then(|task| self.record.lane(*task));
                let spans = lane.into_iter().flat_map(|lane| lane.between(from, to).take(MOST_NEAR));
                let borders = spans.flat_map(|span| [span.start, span.end_or(self.now)]);
                let far = |border: &f64| (border - at.x).abs();
                borders.map(|border| border.as_secs_f64()).min_by(|a, b| far(a).total_cmp(&far(b)))
            }
        };
        border.filter(|border| (border - at.x).abs() <= reach).unwrap_or(at.x)
    }
}
