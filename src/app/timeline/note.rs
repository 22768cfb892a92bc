//! On the lanes: a note at the moment of the lesson that the run has come to last, with what there is to see.
//!
//! It stands below the lanes, where it covers none, with a line to its event. The room for it is there from the beginning of
//! the run: it comes and goes at once, and nothing moves. It stays until it is dismissed or the next moment comes.

use super::signs::Sign;
use super::{Timeline, ToolCommand};
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::panels::marked_up;
use crate::app::theme::{BAR, Palette, bold};
use crate::app::view::Axis;
use crate::scenarios::Told;
use crate::trace::EventIndex;
use egui::{
    Button, Color32, Context, CornerRadius, CursorIcon, Galley, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    Vec2, WidgetInfo, pos2, vec2,
};
use egui_plot::PlotTransform;
use std::sync::Arc;

/// The greatest width of a note, and its share of the lanes' width.
const WIDEST: f32 = 300.0;
const SHARE: f32 = 0.55;
/// The share of it that a low one takes.
const WIDE: f32 = 0.94;
/// The room between a note and the lanes above it, and what is below it, in points.
const BELOW: f32 = 3.0;
const MARGIN: f32 = 3.0;
/// The room within a note, between it and its event, and for the button that takes it away, in points.
const PADDING: f32 = 6.0;
const AWAY: f32 = 12.0;
const BUTTON: f32 = 18.0;
/// The size of its letters, in points.
const LETTERS: f32 = 12.5;

impl Timeline<'_> {
    /// The last moment of the lesson before the cursor: its place among them, and its event.
    pub(super) fn latest_moment(&self) -> Option<(usize, EventIndex)> {
        let is_before = |event: &EventIndex| *event < self.point.index;
        let mut latest = self.steps.iter().enumerate().rev().filter_map(|(place, step)| Some((place, step.event()?)));
        latest.find(|(_, event)| is_before(event))
    }

    /// The height in which each note of the lesson has room below lanes of this width, in points; none where there are none.
    pub(super) fn notes_height(&self, ctx: &Context, width: f32) -> f32 {
        if self.record.log().is_empty() {
            return 0.0;
        }
        let notes = self.told.iter().flat_map(Told::look_for);
        let inks = [Color32::PLACEHOLDER; 2];
        let heights = notes.map(|words| Note::of(ctx, inks, &words, "9", width * WIDE).size.y + BELOW + MARGIN);
        heights.fold(0.0, f32::max)
    }

    /// Shows the note, unless it was dismissed. What is below the lanes is there for it.
    pub(super) fn note(&self, ui: &mut Ui, transform: &PlotTransform, below: Rect, commands: &mut Vec<Command>) {
        let Some((latest, index)) = self.latest_moment() else { return };
        if self.tools.dismissed == Some(latest) {
            return;
        }
        let (Some(words), Some(event)) =
            (self.told.iter().flat_map(Told::look_for).nth(latest), self.record.log().get(index))
        else {
            return;
        };
        let (palette, frame) = (Palette::of(ui), *transform.frame());
        let x = transform.position_from_point_x(self.scale().event(index, event.at));
        if !frame.x_range().expand(1.0).contains(x) {
            return; // one has gone to another part of the run
        }
        // What is of no task is told at the lane of the main one.
        let task = self.record.task_of(&event.kind).or_else(|| self.record.host().main());
        let row = task.and_then(|task| self.order.row_of(task));
        let y_of = |row: f32| transform.position_from_point_y(f64::from(row));
        // A lane that is scrolled out has its event at the edge, and so has one that is folded away.
        let lane = row.map_or(frame.top(), |row| frame.y_range().clamp(y_of(row as f32 + 0.5)));
        let half = (y_of(1.0) - y_of(0.0)) * BAR / 2.0;
        let below_all = y_of(self.order.rows().len() as f32 - 0.5) + half;
        // On the steps axis the lengths of sleeps stand below the lanes.
        let highest = if self.view.axis == Axis::Steps { below.top() } else { below_all };
        let top = (highest + BELOW).min(below.top() + BELOW).max(frame.top());
        let number = (latest + 1).to_string();
        let inks = [palette.text, palette.on_running];
        // A narrow one stands nearer to its event, if there is room for it.
        let narrow = Note::of(ui.ctx(), inks, &words, &number, WIDEST.min(frame.width() * SHARE));
        let is_low = top + narrow.size.y <= below.bottom() - MARGIN;
        let note = if is_low { narrow } else { Note::of(ui.ctx(), inks, &words, &number, frame.width() * WIDE) };
        let Note { number, galley, pill, size } = note;
        let card = Rect::from_min_size(pos2(left_of(size.x, frame, x), top), size);
        self.pointer(ui, palette, frame, pos2(x, lane), card);
        let response = ui.interact(card, ui.scope_id().with("note"), Sense::click());
        let name = format!("Step {}, here: {words}", latest + 1);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        ui.painter().rect(card, 6.0, palette.panel, Stroke::new(1.5, palette.running), StrokeKind::Inside);
        if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to this moment").clicked() {
            commands.push(Command::MoveCursor(Cursor::After(index + 1)));
        }
        let pill = Rect::from_min_size(card.min + vec2(PADDING, PADDING + 1.0), pill);
        let mut shapes = Vec::new();
        Sign::LatestMoment.paint(palette, pill, &mut shapes);
        ui.painter().extend(shapes);
        ui.painter().galley(pill.center() - number.size() / 2.0, number, palette.on_running);
        ui.painter().galley(pos2(pill.right() + 6.0, card.top() + PADDING), galley, palette.text);
        let place = Rect::from_min_size(card.right_top() + vec2(-BUTTON - 4.0, 4.0), Vec2::splat(BUTTON));
        ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
            ui.spacing_mut().button_padding = Vec2::ZERO;
            let close = ui.put(place, Button::new("×").frame(false).corner_radius(CornerRadius::same(4)));
            close.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Dismiss this note"));
            if close.on_hover_text("Dismiss this note").clicked() {
                commands.push(ToolCommand::Dismiss(latest).into());
            }
        });
    }

    /// From the event to its note.
    fn pointer(&self, ui: &Ui, palette: &Palette, frame: Rect, event: egui::Pos2, card: Rect) {
        let painter = ui.painter().with_clip_rect(frame.union(card).intersect(ui.clip_rect()));
        let end = pos2(card.x_range().shrink(8.0).clamp(event.x), card.y_range().clamp(event.y));
        // Other lanes are seen through it.
        painter.line_segment([event, end], Stroke::new(1.0, palette.running.gamma_multiply(0.6)));
        painter.circle(event, 3.5, palette.running, Stroke::new(1.0, palette.panel));
    }
}

/// The words of a note, laid out.
struct Note {
    number: Arc<Galley>,
    galley: Arc<Galley>,
    /// The size of what its number stands on.
    pill: Vec2,
    size: Vec2,
}

impl Note {
    /// In a width of so many points; the words and the number in these colours.
    fn of(ctx: &Context, [ink, on_pill]: [Color32; 2], words: &str, number: &str, width: f32) -> Self {
        let number = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(number.to_owned(), bold(10.0), on_pill));
        let pill = vec2((number.size().x + 8.0).max(15.0), 15.0);
        let beside = pill.x + 6.0 + BUTTON + 2.0 * PADDING;
        let job = marked_up(words, ink, width.max(beside + 60.0) - beside, LETTERS);
        let galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        let size = vec2(galley.size().x + beside, galley.size().y.max(BUTTON) + 2.0 * PADDING);
        Self { number, galley, pill, size }
    }
}

/// The left edge of a note of this width, for an event at `x`. What comes after the event is empty while a run goes on: it
/// stands at that side, if it can.
fn left_of(width: f32, frame: Rect, x: f32) -> f32 {
    let after = x + AWAY;
    let left = if after + width <= frame.right() { after } else { x - AWAY - width };
    left.clamp(frame.left() + 2.0, (frame.right() - width - 2.0).max(frame.left() + 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_stays_within_the_width_of_the_lanes() {
        let frame = Rect::from_min_max(pos2(100.0, 50.0), pos2(700.0, 350.0));
        for (x, width) in [(100.0, 260.0), (690.0, 260.0), (400.0, 560.0), (400.0, 260.0), (250.0, 596.0)] {
            let left = left_of(width, frame, x);
            assert!(left >= frame.left() && left + width <= frame.right(), "{left} for {width} at {x}");
        }
        assert_eq!(left_of(260.0, frame, 200.0), 212.0, "after its event");
        assert_eq!(left_of(260.0, frame, 600.0), 328.0, "before it, where there is no room after it");
    }
}
