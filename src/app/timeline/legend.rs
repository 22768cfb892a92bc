//! What the signs mean: the few that are needed always, in a line; and all of them behind a button.

use super::bars::Bars;
use super::signs::{self, Sign};
use crate::app::panels::badge;
use crate::app::patterns::Patterns;
use crate::app::theme::{Palette, TICK, bold, text};
use crate::event::TaskId;
use crate::trace::{Ending, Record, WaitKind};
use egui::{Id, Label, Rect, Response, RichText, Role, ScrollArea, Sense, Shape, Ui, WidgetInfo, vec2};

/// Size of a sample in the line, and in the list of all, in points.
const SMALL: egui::Vec2 = vec2(16.0, 13.0);
const SAMPLE: egui::Vec2 = vec2(24.0, 18.0);
const LARGE: egui::Vec2 = vec2(36.0, 18.0);
/// With less room than this, in points, the line does not tell what is waited for.
const ROOM_FOR_KINDS: f32 = 860.0;
/// The list of all is not higher than this, in points.
const HIGHEST: f32 = 560.0;
/// A column of it is not wider than this, in points: what is longer goes on in the next line.
const WIDEST_COLUMN: f32 = 390.0;

/// The states, what the tasks of this run wait for, and a button that brings all signs.
pub(crate) fn legend_ui(ui: &mut Ui, patterns: &Patterns, record: &Record) {
    legend_line_ui(ui, patterns, record);
    ui.spacing_mut().button_padding.y = 1.0;
    ui.spacing_mut().interact_size.y = 18.0;
    let button = ui.menu_button(RichText::new("All signs").font(text(12.0)), |ui| all_ui(ui, patterns));
    named(button.response, "All signs").on_hover_text("What every sign of the timeline means");
}

/// The states, and what the tasks of this run wait for.
pub(crate) fn legend_line_ui(ui: &mut Ui, patterns: &Patterns, record: &Record) {
    let has_room = ui.available_width() > ROOM_FOR_KINDS;
    let one = |ui: &mut Ui, sign: Sign, words: &str| {
        let palette = Palette::of(ui);
        let (rect, _) = ui.allocate_exact_size(SMALL, Sense::hover());
        sample(sign, ui, patterns, palette, rect.expand2(vec2(0.0, 3.0)));
        ui.label(RichText::new(words).font(text(12.0)));
        ui.add_space(4.0);
    };
    one(ui, Sign::Running, "R running");
    one(ui, Sign::Ready, "Q ready");
    let mut kinds = WaitKind::ALL.into_iter().filter(|kind| record.catalog().has_waits(*kind)).peekable();
    if has_room && kinds.peek().is_some() {
        ui.label(RichText::new("W waiting for:").font(text(12.0)));
        kinds.for_each(|kind| one(ui, Sign::Waiting(kind), kind.name()));
    } else {
        one(ui, Sign::Waiting(WaitKind::Timer), "W waiting");
    }
}

/// The signs of the last frame that need telling, those first that surprise most.
pub(super) const WORTH_TELLING: [Sign; 23] = [
    Sign::Blocks,
    Sign::Late,
    Sign::Cycle,
    Sign::ForEver,
    Sign::Slept,
    Sign::Due,
    Sign::Overdue,
    Sign::Fired,
    Sign::Limit,
    Sign::LimitFired,
    Sign::Wake,
    Sign::End(Ending::Returned),
    Sign::Merged,
    Sign::Thread,
    Sign::UntilDue,
    Sign::LatestMoment,
    Sign::Moment,
    Sign::Taken,
    Sign::Free,
    Sign::Future,
    Sign::Line,
    Sign::Bookmark,
    Sign::Measured,
];

fn in_view_id() -> Id {
    Id::unique("signs in view")
}

/// Remembers for the next frame which signs this one had; it is drawn again when they change.
pub(super) fn remember(ui: &Ui) {
    let now = signs::in_view::take();
    let is_same = ui
        .data(|data| data.get_temp::<Vec<Sign>>(in_view_id()))
        .is_some_and(|before| before.len() == now.len() && before.iter().all(|sign| now.contains(sign)));
    if !is_same {
        ui.data_mut(|data| data.insert_temp(in_view_id(), now));
        ui.ctx().request_repaint();
    }
}

/// The signs that are in view beside the states, as many as there is room for, each with a word or two.
pub(crate) fn in_view_ui(ui: &mut Ui, patterns: &Patterns) {
    let palette = Palette::of(ui);
    let seen: Vec<Sign> = ui.data(|data| data.get_temp(in_view_id())).unwrap_or_default();
    for sign in WORTH_TELLING.into_iter().filter(|sign| seen.contains(sign)) {
        let Some(words) = sign.in_short() else { continue };
        let width = ui.painter().layout_no_wrap(words.to_owned(), text(12.0), palette.text).size().x;
        if SAMPLE.x + width + 24.0 > ui.available_width() {
            break;
        }
        let (rect, response) = ui.allocate_exact_size(SAMPLE, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("sign in view: {}", sign.meaning())));
        sample(sign, ui, patterns, palette, rect);
        response.on_hover_text(sign.meaning());
        ui.add_space(-4.0);
        ui.label(RichText::new(words).font(text(12.0)));
    }
}

/// All signs, with what they mean.
fn all_ui(ui: &mut Ui, patterns: &Patterns) {
    let room = ui.ctx().content_rect().size() - vec2(64.0, 96.0);
    let (first, rest) = signs::ALL.split_at(3);
    let (second, third) = rest.split_at(2);
    let columns = [first, second, third];
    let between = 10.0;
    let wide = (room.x / columns.len() as f32 - between).min(WIDEST_COLUMN);
    ui.set_width((wide + between) * columns.len() as f32);
    ScrollArea::vertical().max_height(room.y.min(HIGHEST)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(between, 1.0);
        ui.spacing_mut().interact_size.y = LARGE.y;
        ui.horizontal_top(|ui| {
            for column in columns {
                ui.vertical(|ui| {
                    ui.set_width(wide);
                    column.iter().for_each(|group| group_ui(ui, group, patterns));
                });
            }
        });
    });
}

fn group_ui(ui: &mut Ui, group: &signs::Group, patterns: &Patterns) {
    let palette = Palette::of(ui);
    ui.label(RichText::new(group.name).font(text(11.0)).color(palette.weak));
    for sign in group.signs {
        let meaning = sign.meaning();
        ui.horizontal(|ui| {
            let (rect, response) = ui.allocate_exact_size(LARGE, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("sign: {meaning}")));
            sample(*sign, ui, patterns, palette, rect);
            ui.add(Label::new(RichText::new(&meaning).font(text(12.0))).wrap());
        });
    }
    ui.add_space(6.0);
}

fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response
}

/// A sample of a sign in a place of the legend: it is not in view for that.
fn sample(sign: Sign, ui: &Ui, patterns: &Patterns, palette: &'static Palette, place: Rect) {
    let in_view = signs::in_view::take();
    paint_sample(sign, ui, patterns, palette, place);
    signs::in_view::put_back(in_view);
}

fn paint_sample(sign: Sign, ui: &Ui, patterns: &Patterns, palette: &'static Palette, place: Rect) {
    let mut shapes = Vec::new();
    let mut bars = Bars::new(patterns, palette);
    let bar = place.shrink2(vec2(0.0, 3.0));
    match sign {
        Sign::Running | Sign::Ready | Sign::Waiting(_) => bars.add(sign, bar),
        Sign::Merged => {
            bars.add(sign, bar);
            let half = bar.center().y;
            bars.add(Sign::Ready, bar.with_max_y(half - 2.0).with_min_x(bar.center().x));
            bars.add(Sign::Running, bar.with_min_y(half + 1.0).with_max_x(bar.center().x));
        }
        Sign::Blocks => {
            bars.add(Sign::Running, bar);
            bars.add(sign, bar);
        }
        Sign::Late => {
            bars.add(Sign::Waiting(WaitKind::Timer), bar);
            sign.paint(palette, bar.with_max_y(bar.top() + 6.0).with_min_x(bar.center().x), &mut shapes);
        }
        Sign::Thread => {
            bars.add(Sign::Running, bar);
            sign.write(ui, bar.left_center() + vec2(TICK + 2.0, 0.0), "", palette, &mut shapes);
        }
        Sign::Line
        | Sign::Step
        | Sign::ForEver
        | Sign::End(Ending::Failed | Ending::Panicked | Ending::Cancelled | Ending::CutOff | Ending::Dropped) => {
            sign.write(ui, bar.left_center() + vec2(8.0, 0.0), "", palette, &mut shapes);
        }
        Sign::Wake | Sign::Cycle => {
            let color = if sign == Sign::Cycle { palette.bad } else { palette.weak };
            let (from, to) = (bar.left_top() + vec2(8.0, 0.0), bar.left_bottom() + vec2(8.0, 0.0));
            sign.curve([from, from + vec2(16.0, 0.0), to + vec2(16.0, 0.0), to], color, 1.4, &mut shapes);
        }
        Sign::Future => {
            bars.add(Sign::Running, bar);
            sign.paint(palette, place.with_min_x(place.center().x), &mut shapes);
        }
        Sign::Moment | Sign::LatestMoment | Sign::Bookmark => {
            let pill = Rect::from_center_size(bar.center(), vec2(15.0, 15.0));
            sign.paint(palette, pill, &mut shapes);
            let color = if sign == Sign::Moment { palette.text } else { palette.base };
            let galley = ui.painter().layout_no_wrap("1".to_owned(), bold(10.0), color);
            shapes.push(Shape::galley(pill.center() - galley.size() / 2.0, galley, color));
        }
        Sign::Dot => {
            shapes.push(Shape::circle_filled(bar.center(), 3.5, palette.task(TaskId(1))));
        }
        Sign::Letter(status) => {
            let letter = Rect::from_center_size(bar.center(), vec2(16.0, 16.0));
            badge(ui.painter(), letter, Some(status), palette);
        }
        _ => sign.paint(palette, bar, &mut shapes),
    }
    ui.painter().extend(bars.shapes());
    ui.painter().extend(shapes);
}
