//! The messages, above everything at the bottom right. They are read out as they come, and nothing waits for them.

use crate::app::command::Command;
use crate::app::messages::{Message, Messages, Stay};
use crate::app::theme::Palette;
use egui::accesskit::{Live, Role as Node};
use egui::{
    Align, Align2, Area, Button, Context, Frame, Id, Label, Layout, Margin, Order, Role, Stroke, Ui, WidgetInfo,
};
use egui::{pos2, vec2};

/// The width of a message, in points.
const WIDTH: f32 = 360.0;
/// More than these are counted, not shown: the newest stand below.
const MOST: usize = 5;
/// Room for the line at the bottom of the window.
const ABOVE: f32 = 36.0;

/// Shows the messages.
pub(crate) fn messages_ui(ctx: &Context, messages: &Messages) -> Vec<Command> {
    let mut commands = Vec::new();
    let list = messages.list();
    if list.is_empty() {
        return commands;
    }
    let corner = Area::new(Id::unique("messages")).order(Order::Foreground).interactable(true);
    corner.anchor(Align2::RIGHT_BOTTOM, vec2(-12.0, -ABOVE)).show(ctx, |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 24.0));
        ui.spacing_mut().item_spacing.y = 6.0;
        let earlier = list.len().saturating_sub(MOST);
        if earlier > 0 {
            card(ui, Palette::of(ui).border, |ui| {
                ui.label(format!("and {earlier} earlier ones"));
            });
        }
        for message in &list[earlier..] {
            commands.extend(message_ui(ui, message));
        }
    });
    commands
}

fn message_ui(ui: &mut Ui, message: &Message) -> Option<Command> {
    let palette = Palette::of(ui);
    let (color, role, live) = match message.stay {
        Stay::Problem => (palette.bad, Node::Alert, Live::Assertive),
        Stay::Busy => (palette.running, Node::Status, Live::Polite),
        Stay::News(_) => (palette.good, Node::Status, Live::Polite),
    };
    let mut command = None;
    card(ui, color, |ui| {
        ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
            if message.stay != Stay::Busy {
                let close = ui.add(Button::new("×").frame(false));
                close.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Dismiss"));
                if close.on_hover_text("Dismiss this message").clicked() {
                    command = Some(Command::Dismiss(message.id));
                }
            }
            ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
                let text = ui.add(Label::new(message.text.as_str()).wrap());
                ui.ctx().accesskit_node_builder(text.id, |node| {
                    node.set_role(role);
                    node.set_live(live);
                    node.set_label(message.text.as_str());
                    node.clear_value();
                });
                if let Some((words, does)) = &message.action
                    && ui.button(*words).clicked()
                {
                    command = Some(does.clone());
                }
            });
        });
    });
    command
}

/// A box with a coloured edge.
fn card(ui: &mut Ui, color: egui::Color32, add: impl FnOnce(&mut Ui)) {
    let palette = Palette::of(ui);
    let frame = Frame::new().fill(palette.raised).stroke(Stroke::new(1.0, palette.hatch)).corner_radius(6.0);
    let shown = frame.inner_margin(Margin { left: 14, right: 8, top: 8, bottom: 8 }).show(ui, add);
    let rect = shown.response.rect;
    let edge = egui::Rect::from_min_max(rect.min, pos2(rect.left() + 4.0, rect.bottom()));
    ui.painter().rect_filled(edge.shrink2(vec2(0.0, 1.0)), 2.0, color);
}
