//! A stop of the tour: a frame around what it is about, and a card beside it. Everything else can be used meanwhile.

use super::badge;
use crate::app::command::Command;
use crate::app::theme::{Palette, bold};
use crate::app::tour::{Stop, TourCommand};
use crate::event::EnqueueCause;
use crate::trace::TaskStatus;
use egui::accesskit::{Live, Role as Node};
use egui::{
    Align, Align2, Area, Button, Frame, Id, Key, Layout, Margin, Order, Pos2, Rect, RichText, Sense, Stroke, Ui,
};
use egui::{StrokeKind, vec2};

/// The width of a card, in points.
const WIDTH: f32 = 330.0;

/// What is said of each state.
const STATES: [(TaskStatus, &str); 3] = [
    (TaskStatus::Running, "solid: it runs"),
    (TaskStatus::Ready(EnqueueCause::Spawned), "dotted: it is ready, and waits for its turn"),
    (TaskStatus::Waiting, "pale, with lines: it waits for something"),
];

/// Shows a stop of the tour that is about `target`.
pub(crate) fn tour_ui(ui: &Ui, stop: Stop, target: Rect) -> Option<Command> {
    let palette = Palette::of(ui);
    let ctx = ui.ctx();
    let above = ctx.layer_painter(egui::LayerId::new(Order::Foreground, Id::unique("tour frame")));
    above.rect_stroke(target.shrink(2.0), 6.0, Stroke::new(3.0, palette.running), StrokeKind::Inside);
    let (pivot, pos) = beside(stop, target);
    let card = Area::new(Id::unique("tour")).order(Order::Foreground).pivot(pivot).fixed_pos(pos).constrain(true);
    card.show(ctx, |ui| {
        let frame = Frame::new().fill(palette.panel).stroke(Stroke::new(2.0, palette.running)).corner_radius(8.0);
        frame.inner_margin(Margin::same(16)).show(ui, |ui| card_ui(ui, stop, palette)).inner
    })
    .inner
    .map(Command::Tour)
}

/// Where the card stands: the corner of it that is given, and where that is.
fn beside(stop: Stop, target: Rect) -> (Align2, Pos2) {
    match stop {
        Stop::Lessons | Stop::Predict | Stop::LookFor => (Align2::LEFT_CENTER, target.right_center() + vec2(14.0, 0.0)),
        Stop::Transport | Stop::Compare => (Align2::CENTER_TOP, target.center_bottom() + vec2(0.0, 14.0)),
        Stop::Timeline => (Align2::CENTER_BOTTOM, target.center_bottom() - vec2(0.0, 20.0)), // below the first lanes
        Stop::Why => (Align2::RIGHT_BOTTOM, target.left_bottom() + vec2(-14.0, 0.0)),
    }
}

fn card_ui(ui: &mut Ui, stop: Stop, palette: &Palette) -> Option<TourCommand> {
    ui.set_width(WIDTH);
    let number = format!("{} of {}", stop.number() + 1, Stop::ALL.len());
    ui.label(RichText::new(number).color(palette.weak));
    let title = ui.label(RichText::new(stop.title()).font(bold(16.0)));
    ui.ctx().accesskit_node_builder(title.id, |node| {
        node.set_role(Node::Heading);
        node.set_live(Live::Polite);
        node.set_label(stop.title());
        node.clear_value();
    });
    ui.add_space(4.0);
    ui.label(stop.text());
    if stop == Stop::Timeline {
        for (status, words) in STATES {
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
                badge(ui.painter(), rect, Some(status), palette);
                ui.label(words);
            });
        }
        ui.label("Ready is not running. Seeing the difference is what this program is for.");
    }
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let skip = ui.button("Skip the tour").clicked();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let words = RichText::new(if stop.next().is_some() { "Next" } else { "Begin" });
            let next = ui.add(Button::new(words.color(palette.on_running).font(bold(13.0))).fill(palette.running));
            let back = ui.add_enabled(stop.previous().is_some(), Button::new("Back"));
            // Enter goes on, as long as it is not meant for something that has the focus.
            let has_focus = ui.memory(|memory| memory.focused().is_some());
            let enter = !has_focus && ui.input(|input| input.key_pressed(Key::Enter));
            match (skip, next.clicked() || enter, back.clicked()) {
                (true, ..) => Some(TourCommand::End),
                (_, true, _) => Some(stop.next().map_or(TourCommand::End, TourCommand::GoTo)),
                (.., true) => stop.previous().map(TourCommand::GoTo),
                _ => None,
            }
        })
        .inner
    })
    .inner
}
