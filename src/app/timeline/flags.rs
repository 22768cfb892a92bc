//! On the axis: the moments that the lesson tells to look for, as small numbered marks, and bookmarks as numbered flags. A
//! click goes there; marks that would cover each other are one.

use super::signs::Sign;
use super::{Timeline, ToolCommand};
use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::theme::{Palette, bold, text};
use crate::scenarios::Told;
use crate::session::StepState;
use crate::trace::{Bookmark, EventIndex};
use egui::{CursorIcon, Id, Key, Rect, Role, Sense, Shape, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;
use std::ops::Range;
use std::sync::Arc;

/// The height of a mark, in points.
const HEIGHT: f32 = 15.0;
/// Moments nearer than this on the screen, in points, are one mark.
const NEAR: f32 = 18.0;
/// A mark that would have to be moved farther than this, in points, to be seen beside the others is left out.
const FARTHEST: f32 = 60.0;
/// A name that is longer, in letters, is cut.
const LONGEST: usize = 24;
/// No name gets longer, in letters: it is shorter than what is saved of it.
const MOST_LETTERS: usize = Bookmark::LONGEST_NAME / 4;
/// Width of the field for a name, in points.
const FIELD: f32 = 130.0;

/// The field in which one types the name of a bookmark.
pub(crate) fn name_field() -> Id {
    Id::unique("name of the bookmark")
}

/// What a mark stands for.
enum Mark<'a> {
    /// Moments of the lesson, by their places.
    Moments(Range<usize>),
    /// A bookmark, by its place.
    Bookmark(usize, &'a Bookmark),
}

impl Timeline<'_> {
    pub(super) fn flags(&self, ui: &mut Ui, area: Rect, transform: &PlotTransform, commands: &mut Vec<Command>) {
        let row = Rect::from_min_size(area.min + vec2(0.0, 1.0), vec2(area.width(), HEIGHT));
        let seen = area.x_range().expand(1.0);
        let mut marks = self.moments(transform);
        marks.extend(self.tools.bookmarks.list().iter().enumerate().map(|(place, bookmark)| {
            let position = self.scale().point(bookmark.index, bookmark.at);
            (transform.position_from_point_x(position), Mark::Bookmark(place, bookmark))
        }));
        marks.retain(|(x, _)| seen.contains(*x));
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut taken = f32::NEG_INFINITY;
        for (x, mark) in marks {
            taken = match mark {
                Mark::Moments(which) => self.moment(ui, row, (x, taken), which, commands),
                Mark::Bookmark(place, bookmark) => {
                    let bottom = transform.frame().bottom();
                    let stem = [pos2(x, row.top()), pos2(x, bottom)];
                    ui.painter().extend(Shape::dashed_line(&stem, Stroke::new(1.0, Palette::of(ui).weak), 3.0, 3.0));
                    self.bookmark(ui, row, (x, taken), place, bookmark, commands)
                }
            };
        }
    }

    /// The moments that the run has come to, each with its place on the screen; near ones together.
    fn moments(&self, transform: &PlotTransform) -> Vec<(f32, Mark<'static>)> {
        let mut marks: Vec<(f32, Range<usize>)> = Vec::new();
        let reached = self.steps.iter().enumerate().filter_map(|(place, step)| Some((place, step.event()?)));
        for (place, event) in reached {
            let at = self.record.log().time_at(event + 1);
            let x = transform.position_from_point_x(self.scale().event(event, at));
            match marks.last_mut() {
                Some((first, places)) if x - *first < NEAR => places.end = place + 1,
                _ => marks.push((x, place..place + 1)),
            }
        }
        marks.into_iter().map(|(x, places)| (x, Mark::Moments(places))).collect()
    }

    /// One or several moments of the lesson; how far to the right it reaches.
    fn moment(
        &self,
        ui: &Ui,
        row: Rect,
        (x, taken): (f32, f32),
        which: Range<usize>,
        commands: &mut Vec<Command>,
    ) -> f32 {
        let palette = Palette::of(ui);
        let (first, last) = (which.start + 1, which.end);
        let numbers = if first == last { first.to_string() } else { format!("{first}–{last}") };
        let is_latest = self.latest_moment().is_some_and(|(latest, _)| which.contains(&latest));
        let sign = if is_latest { Sign::LatestMoment } else { Sign::Moment };
        let color = if is_latest { palette.on_running } else { palette.text };
        let galley = ui.painter().layout_no_wrap(numbers.clone(), bold(10.5), color);
        let width = (galley.size().x + 8.0).max(HEIGHT);
        let left = (x - width / 2.0).max(taken + 2.0).max(row.left() - width / 2.0);
        if left - x > FARTHEST {
            return taken;
        }
        let pill = Rect::from_min_size(pos2(left, row.top()), vec2(width, HEIGHT));
        let response = ui.interact(pill, ui.scope_id().with(("moment", which.start)), Sense::click());
        let words: Vec<String> =
            self.told.iter().flat_map(Told::look_for).skip(which.start).take(which.len()).collect();
        let is_one = first == last;
        response.widget_info(|| {
            let what = if is_one { "Moment" } else { "Moments" };
            WidgetInfo::labeled(Role::Button, true, format!("{what} {numbers}: {}", words.join(" ")))
        });
        let mut shapes = Vec::new();
        sign.paint(palette, pill, &mut shapes);
        ui.painter().extend(shapes);
        if response.hovered() || response.has_focus() {
            ui.painter().rect_stroke(pill, HEIGHT / 2.0, Stroke::new(1.0, palette.text), StrokeKind::Inside);
        }
        ui.painter().galley(pill.center() - galley.size() / 2.0, galley, color);
        if response.clicked() {
            // From one of them to the next.
            let steps = self.steps.get(which).unwrap_or_default();
            let events: Vec<EventIndex> = steps.iter().filter_map(StepState::event).collect();
            let next = events.iter().find(|event| **event >= self.point.index).or(events.first());
            commands.extend(next.map(|event| Command::MoveCursor(Cursor::After(event + 1))));
        }
        let tip =
            words.iter().zip(first..).map(|(words, number)| format!("{number}. {}", words.replace(['*', '`'], "")));
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tip.collect::<Vec<_>>().join("\n"));
        pill.right()
    }

    /// A bookmark; how far to the right it reaches.
    fn bookmark(
        &self,
        ui: &mut Ui,
        row: Rect,
        (x, taken): (f32, f32),
        place: usize,
        bookmark: &Bookmark,
        commands: &mut Vec<Command>,
    ) -> f32 {
        let palette = Palette::of(ui);
        let left = x.max(taken + 2.0);
        if left - x > FARTHEST {
            return taken;
        }
        if self.tools.bookmarks.named() == Some(place) {
            let field = Rect::from_min_size(pos2(left.min(row.right() - FIELD), row.top()), vec2(FIELD, HEIGHT + 3.0));
            commands.extend(name_ui(ui, field, place, bookmark));
            return field.right();
        }
        let name: String = bookmark.name.chars().take(LONGEST).collect();
        let label = format!("B{} {name}", place + 1);
        let galley = ui.painter().layout_no_wrap(label.trim_end().to_owned(), bold(10.5), palette.base);
        let width = galley.size().x + 9.0;
        // At the right end it waves to the left.
        let left = if left + width > row.right() { left - width } else { left };
        let flag = Rect::from_min_size(pos2(left, row.top()), vec2(width, HEIGHT));
        let response = ui.interact(flag, ui.scope_id().with(("bookmark", place)), Sense::click());
        response.widget_info(|| {
            let name = if name.is_empty() { String::new() } else { format!(", {name}") };
            let at = bookmark.at;
            WidgetInfo::labeled(Role::Button, true, format!("Bookmark {}{name}, at {at}", place + 1))
        });
        let mut shapes = Vec::new();
        Sign::Bookmark.paint(palette, flag, &mut shapes);
        ui.painter().extend(shapes);
        if response.hovered() {
            ui.painter().rect_filled(flag, 2.0, palette.running);
        }
        ui.painter().galley(flag.center() - galley.size() / 2.0, galley, palette.base);
        if response.double_clicked() {
            commands.push(ToolCommand::BeginName(Some(place)).into());
        } else if response.clicked() {
            commands.push(ToolCommand::GoTo(bookmark.into()).into());
        }
        let tip = format!("{}. Double-click to name it; B on it removes it", bookmark.at);
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tip);
        flag.right()
    }
}

/// The field in which a bookmark is named.
fn name_ui(ui: &mut Ui, rect: Rect, place: usize, bookmark: &Bookmark) -> Option<Command> {
    let kept = ui.scope_id().with(("name", place));
    let typed: Arc<str> = ui.data(|data| data.get_temp(kept)).unwrap_or_else(|| bookmark.name.as_str().into());
    let mut typed = typed.to_string();
    let edit = TextEdit::singleline(&mut typed).id(name_field()).hint_text("name").font(text(11.0));
    let edit = edit.char_limit(MOST_LETTERS);
    let field = ui.put(rect, edit.margin(vec2(4.0, 1.0)));
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the bookmark"));
    if !field.lost_focus() {
        ui.data_mut(|data| data.insert_temp(kept, Arc::<str>::from(typed)));
        return None;
    }
    ui.data_mut(|data| data.remove::<Arc<str>>(kept));
    let is_left = ui.input(|input| input.key_pressed(Key::Escape));
    let command = if is_left { ToolCommand::BeginName(None) } else { ToolCommand::Name(place, typed) };
    Some(command.into())
}
