//! What is drawn over the lanes of two runs: where each ends, how far apart that is, and the cursor through both.

use crate::app::theme::{Palette, bold};
use egui::layers::ShapeIdx;
use egui::{Align2, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// One of the runs.
pub(super) struct Runner {
    /// Where it ends on the axis.
    pub(super) end: f64,
    pub(super) words: String,
    /// Where the words have room on the screen.
    pub(super) title: Rect,
    /// Where its lanes begin and end on the screen.
    pub(super) top: f32,
    pub(super) bottom: f32,
}

pub(super) struct Lines<'a> {
    pub(super) runners: [Runner; 2],
    /// The difference.
    pub(super) words: String,
    /// Where the cursor is on the axis.
    pub(super) cursor: f64,
    pub(super) transform: &'a PlotTransform,
}

/// The length of an arrow's head, and half its width, in points.
const HEAD: [f32; 2] = [9.0, 4.0];

impl Lines<'_> {
    /// Draws them; the difference is told in a band of height `band` below the lanes. What the shorter run has left is shaded in `ground`, which lies below the lanes.
    pub(super) fn show(&self, ui: &Ui, ground: ShapeIdx, band: f32) {
        let palette = Palette::of(ui);
        let painter = ui.painter();
        let [first, second] = &self.runners;
        let inside = self.transform.frame().x_range();
        let x = |position: f64| self.transform.position_from_point_x(position);
        let middle = second.bottom + band / 2.0;
        let (left, right) = (x(first.end.min(second.end)), x(first.end.max(second.end)));
        let shorter = if first.end < second.end { first } else { second };
        let (from, to) = (inside.clamp(left), inside.clamp(right));
        let free = Rect::from_x_y_ranges(from..=to, shorter.top..=shorter.bottom);
        painter.set(ground, Shape::rect_filled(free, 0.0, palette.selection.gamma_multiply(0.55)));
        let cursor = x(self.cursor);
        if inside.contains(cursor) {
            let line = Stroke::new(1.5, palette.running);
            painter.vline(cursor, first.bottom..=second.top, line);
        }
        let in_view = || self.runners.iter().map(|run| (run, x(run.end))).filter(|(_, end)| inside.contains(*end));
        for (runner, end) in in_view() {
            painter.vline(end, runner.top..=middle + HEAD[1] + 3.0, Stroke::new(1.5, palette.text));
        }
        for (runner, end) in in_view() {
            let galley = painter.layout_no_wrap(runner.words.clone(), bold(14.0), palette.text);
            let room = runner.title;
            let place = Align2::CENTER_CENTER.anchor_size(pos2(end, room.center().y), galley.size());
            let into = (room.right() - place.right()).min(0.0) + (room.left() - place.left()).max(0.0);
            let place = place.translate(vec2(into, 0.0));
            painter.rect_filled(place.expand2(vec2(4.0, 0.0)), 0.0, palette.base);
            painter.galley(place.min, galley, palette.text);
        }
        self.bracket(ui, [from, to], [left, right], middle);
    }

    /// An arrow between the ends with the difference on it, or beside it where there is no room.
    fn bracket(&self, ui: &Ui, [from, to]: [f32; 2], [left, right]: [f32; 2], y: f32) {
        let palette = Palette::of(ui);
        let painter = ui.painter();
        let galley = painter.layout_no_wrap(self.words.clone(), bold(18.0), palette.text);
        let size = galley.size();
        let has_arrow = right - left >= 1.0;
        if has_arrow {
            painter.hline(from..=to, y, Stroke::new(1.5, palette.text));
            for (end, way) in [(left, 1.0), (right, -1.0)] {
                if (from..=to).contains(&end) {
                    painter.add(head(pos2(end, y), way * HEAD[0].min((right - left) / 2.0), palette.text));
                }
            }
        }
        let inside = self.transform.frame().x_range();
        let center = if to - from >= size.x + 40.0 {
            (from + to) / 2.0
        } else if from - size.x - 14.0 >= inside.min {
            from - 10.0 - size.x / 2.0
        } else {
            to + 10.0 + size.x / 2.0
        };
        let place = Rect::from_center_size(pos2(center, y), size);
        painter.rect_filled(place.expand2(vec2(8.0, 2.0)), 3.0, palette.base);
        painter.galley(place.min, galley, palette.text);
        let response = ui.interact(place, ui.scope_id().with("difference"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.words));
    }
}

/// The head of an arrow with its tip there.
fn head(tip: Pos2, back: f32, color: egui::Color32) -> Shape {
    let corners = vec![tip, tip + vec2(back, -HEAD[1]), tip + vec2(back, HEAD[1])];
    Shape::convex_polygon(corners, color, Stroke::NONE)
}
