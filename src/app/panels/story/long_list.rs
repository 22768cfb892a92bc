//! A list of any length, of which only the lines in view are laid out.
//!
//! It counts in lines, not in points: a list of millions of lines is farther than a point can be told from the next.

use crate::app::theme::Palette;
use egui::{Rect, Sense, Ui, UiBuilder, pos2, vec2};

/// Height of a line, in points.
pub(super) const LINE: f32 = 19.0;
/// Width of the mark that shows where one is, in points.
const THUMB: f32 = 5.0;

/// A line that takes more room than the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tall {
    pub(super) row: usize,
    /// In points.
    pub(super) height: f32,
}

/// The width that a line has in a list that is longer than its room, in points.
pub(super) fn width(ui: &Ui) -> f32 {
    ui.available_width() - THUMB - 4.0
}

/// Where one has scrolled to, away from the line that is followed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Scrolled {
    /// The line that was followed then.
    followed: usize,
    /// Lines up from there.
    up: f32,
}

/// Shows the lines around number `followed`, which is the last but one in view, or those that one has scrolled to; until
/// another is followed. One line may be taller: no more than all the room that there is.
pub(super) fn long_list(
    ui: &mut Ui,
    count: usize,
    followed: usize,
    tall: Option<Tall>,
    mut show: impl FnMut(&mut Ui, Rect, usize),
) {
    let area = ui.available_rect_before_wrap();
    let all = (area.height() / LINE).floor().max(1.0) as usize;
    let tall = tall.map(|tall| (tall.row, ((tall.height / LINE).ceil().max(1.0) as usize).min(all)));
    // Where it is in view, fewer others are.
    let room = all - tall.map_or(0, |(_, lines)| lines - 1).min(all - 1);
    let id = ui.scope_id().with("scrolled");
    let before: Scrolled = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut now = if before.followed == followed { before } else { Scrolled { followed, up: 0.0 } };
    let bottom = (followed + 2).min(count).max(room.min(count));
    let most_up = bottom.saturating_sub(room) as f32;
    let least_up = -((count - bottom) as f32);
    if ui.rect_contains_pointer(area) {
        let wheel = ui.input(|input| input.smooth_scroll_delta().y);
        now.up += wheel / LINE;
    }
    let has_more = count > room;
    if has_more {
        let track = Rect::from_min_max(pos2(area.right() - THUMB - 2.0, area.top()), area.max);
        // The wheel and the cursor lead everywhere, too: it needs no keyboard focus.
        let response = ui.interact(track, id, Sense::DRAG);
        if let Some(pointer) = response.interact_pointer_pos() {
            let share = ((pointer.y - track.top()) / track.height().max(1.0)).clamp(0.0, 1.0);
            let first = f64::from(share) * (count - room) as f64;
            now.up = (bottom - room) as f32 - first as f32;
        }
    }
    now.up = now.up.clamp(least_up, most_up);
    if now != before {
        ui.data_mut(|data| data.insert_temp(id, now));
    }
    let first = bottom.saturating_sub(room).saturating_add_signed(-(now.up.round() as isize));
    let width = area.width() - if has_more { THUMB + 4.0 } else { 0.0 };
    let mut taken = 0;
    for line in first..count {
        let lines = tall.filter(|(row, _)| *row == line).map_or(1, |(_, lines)| lines);
        if taken + lines > all {
            break;
        }
        let corner = area.min + vec2(0.0, taken as f32 * LINE);
        taken += lines;
        let rect = Rect::from_min_size(corner, vec2(width, lines as f32 * LINE));
        ui.scope_builder(UiBuilder::new().id_salt(line).max_rect(rect), |ui| show(ui, rect, line));
    }
    if has_more {
        let palette = Palette::of(ui);
        let height = (area.height() * room as f32 / count as f32).max(14.0);
        let share = first as f32 / (count - room).max(1) as f32;
        let top = area.top() + (area.height() - height) * share.min(1.0);
        let thumb = Rect::from_min_size(pos2(area.right() - THUMB, top), vec2(THUMB, height));
        ui.painter().rect_filled(thumb, 2.5, palette.hovered);
    }
    ui.advance_cursor_after_rect(area);
}
