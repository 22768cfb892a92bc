//! Where the keyboard is: a ring around the control that has the focus, whatever it is, and a scroll that brings it into
//! view.
//!
//! Done here once for all controls, so that none is without; it decides nothing about which control comes next.

use super::theme::Palette;
use egui::accesskit::{Action, ActionRequest, TreeId};
use egui::{Event, Id, LayerId, Order, Stroke, StrokeKind, Ui};

/// Before the panels are shown: asks a control that has just got the focus to come into view.
pub(crate) fn follow(ctx: &egui::Context) {
    let focused = ctx.memory(egui::Memory::focused);
    let place = Id::unique("focus seen");
    let before = ctx.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default::<Option<Id>>(place), focused));
    if let Some(id) = focused.filter(|_| focused != before) {
        // As a screen reader asks for it.
        let request = ActionRequest {
            action: Action::ScrollIntoView,
            target_tree: TreeId::ROOT,
            target_node: id.accesskit_id(),
            data: None,
        };
        ctx.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
    }
}

/// After the panels are shown: draws the ring.
pub(crate) fn ring(ui: &Ui) {
    let ctx = ui.ctx();
    let Some(response) = ctx.memory(egui::Memory::focused).and_then(|id| ctx.read_response(id)) else { return };
    let seen = response.interact_rect;
    if seen.is_positive() && !ctx.text_edit_focused() {
        let painter = ctx.layer_painter(LayerId::new(Order::Tooltip, Id::unique("focus ring")));
        let stroke = Stroke::new(2.0, Palette::of(ui).running);
        painter.rect_stroke(seen.expand(1.0), 5.0, stroke, StrokeKind::Outside);
    }
}
