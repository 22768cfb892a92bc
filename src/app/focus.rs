//! Where the keyboard is: a ring around the control that has the focus, whatever it is, and a scroll that brings it into
//! view.
//!
//! Done here once for all controls, so that none is without. Panels tell where keys may land; which control comes next
//! within a panel it leaves to egui.

use super::theme::Palette;
use egui::accesskit::{Action, ActionRequest, TreeId};
use egui::{Event, Id, LayerId, Order, Rect, Sense, Stroke, StrokeKind, Ui};

/// A control that a key goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Landing {
    /// What to guess with.
    Guess,
    /// What comes first in a part of the window.
    Region(Region),
}

/// A part of the window that a key goes to, from one to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Region {
    Top,
    Course,
    Lesson,
    Loop,
    Timeline,
    Story,
    Code,
    Inspector,
    /// Of the lesson: its question, and what to look for.
    Question,
    Steps,
    /// Of the bar at the top: what runs it, and what compares and presents.
    Transport,
    Compare,
}

impl Region {
    /// Those that are gone through, in order.
    const PANES: [Self; 8] =
        [Self::Top, Self::Course, Self::Lesson, Self::Loop, Self::Timeline, Self::Story, Self::Code, Self::Inspector];
}

/// Which way one goes through the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Forward,
    Back,
}

/// Tells where a part of the window is.
pub(crate) fn region(ui: &Ui, region: Region, rect: Rect) {
    let pass = ui.ctx().cumulative_pass_nr();
    ui.data_mut(|data| data.insert_temp(Id::unique(("region", region)), (rect, pass)));
}

/// Where a part of the window is; none where it is not shown.
pub(crate) fn place(ctx: &egui::Context, region: Region) -> Option<Rect> {
    let told: Option<(Rect, u64)> = ctx.data(|data| data.get_temp(Id::unique(("region", region))));
    told.filter(|(rect, pass)| rect.is_positive() && ctx.cumulative_pass_nr() <= pass + 1).map(|(rect, _)| rect)
}

/// Gives the keyboard to the next part of the window: to what a key lands on there, else to its first control.
pub(crate) fn go_on(ctx: &egui::Context, way: Way) {
    let mut parts: Vec<(Region, Rect)> =
        Region::PANES.into_iter().filter_map(|region| Some((region, place(ctx, region)?))).collect();
    let focused = ctx.memory(egui::Memory::focused).and_then(|id| ctx.read_response(id));
    // Of parts that lie within each other the smaller one is meant.
    let here = focused.and_then(|response| {
        let holds = |(_, rect): &&(Region, Rect)| rect.contains(response.rect.center());
        parts.iter().filter(holds).min_by(|a, b| a.1.area().total_cmp(&b.1.area())).map(|(region, _)| *region)
    });
    if way == Way::Back {
        parts.reverse();
    }
    if let Some(place) = parts.iter().position(|(region, _)| Some(*region) == here) {
        parts.rotate_left(place + 1);
        parts.truncate(parts.len() - 1);
    }
    for (region, rect) in parts {
        if go(ctx, Landing::Region(region)) {
            return;
        }
        if let Some(first) = first_control(ctx, rect) {
            ctx.memory_mut(|memory| memory.request_focus(first));
            return;
        }
    }
}

/// The first control within a part of the window that a key can work.
fn first_control(ctx: &egui::Context, part: Rect) -> Option<Id> {
    ctx.viewport(|viewport| {
        // What can be dragged is a border or a bar to scroll with.
        let works = |sense: Sense| sense.is_focusable() && sense.senses_click() && !sense.senses_drag();
        let mut controls = viewport.this_pass.widgets.get_layer(LayerId::background());
        let is_in = |rect: Rect| rect.is_positive() && part.contains(rect.center());
        let first = controls.find(|it| it.enabled && works(it.sense) && is_in(it.interact_rect));
        first.map(|control| control.id)
    })
}

/// Tells where a key lands that goes there.
pub(crate) fn land(ui: &Ui, landing: Landing, control: Id) {
    let pass = ui.ctx().cumulative_pass_nr();
    ui.data_mut(|data| data.insert_temp(place_of(landing), (control, pass)));
}

/// Gives the keyboard to where a key lands; whether that is shown.
pub(crate) fn go(ctx: &egui::Context, landing: Landing) -> bool {
    let told: Option<(Id, u64)> = ctx.data(|data| data.get_temp(place_of(landing)));
    // What was not told in this frame is not shown any more.
    let shown = told.filter(|(_, pass)| ctx.cumulative_pass_nr() <= pass + 1);
    if let Some((control, _)) = shown {
        ctx.memory_mut(|memory| memory.request_focus(control));
    }
    shown.is_some()
}

fn place_of(landing: Landing) -> Id {
    Id::unique(("landing", landing))
}

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
