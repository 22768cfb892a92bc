//! The keys, as an overlay: what each is for, group by group in two columns.

use crate::app::bindings::{BINDINGS, Binding, Group};
use crate::app::theme::{Palette, bold, mono, text};
use egui::{Context, Grid, Id, Modal, RichText, ScrollArea, Ui, vec2};

/// The width of both columns, in points.
const WIDTH: f32 = 880.0;

/// Shows the keys; true when it is to be closed.
pub(crate) fn help_ui(ctx: &Context) -> bool {
    let modal = Modal::new(Id::unique("keys")).show(ctx, |ui| {
        let palette = Palette::of(ui);
        let room = ui.ctx().content_rect().size() - vec2(64.0, 150.0);
        ui.set_width(WIDTH.min(room.x));
        ui.label(RichText::new("Keys").font(bold(16.0)));
        // What does not fit a small window is scrolled to.
        ScrollArea::vertical().max_height(room.y.max(120.0)).show(ui, |ui| {
            ui.spacing_mut().interact_size.y = 15.0;
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.columns(2, |sides| {
                for (ui, groups) in sides.iter_mut().zip(columns()) {
                    groups.iter().for_each(|group| group_ui(ui, *group, palette));
                }
            });
        });
        ui.add_space(4.0);
        let mouse = "A step forward at the live edge makes the loop do one poll. With the mouse: click a lane to move the \
                     cursor there and select its task, drag to pan, turn the wheel to scroll, Ctrl+wheel to zoom, drag along \
                     the axis to move the cursor. Double-click a lesson to run it.";
        ui.label(RichText::new(mouse).color(palette.weak));
        ui.add_space(2.0);
        ui.button("Close").clicked()
    });
    modal.inner || modal.should_close()
}

/// Those of a group that have a key.
fn keyed(group: Group) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.group == group && !binding.keys.is_empty())
}

/// The groups of both columns, shared out so that one is about as long as the other.
fn columns() -> [Vec<Group>; 2] {
    // A heading takes the room of two rows.
    let rows = |groups: &[Group]| groups.iter().map(|group| keyed(*group).count() + 2).sum::<usize>();
    let shared = |left: u32| {
        let is_left = |group: &Group| left & (1 << *group as u32) != 0;
        let (left, right): (Vec<_>, Vec<_>) = Group::ALL.into_iter().partition(is_left);
        [left, right]
    };
    // The first group stands at the left: each way to share is an odd number.
    let ways = (1..1 << Group::ALL.len()).step_by(2).map(shared);
    ways.min_by_key(|[left, right]| rows(left).max(rows(right))).unwrap_or_default()
}

fn group_ui(ui: &mut Ui, group: Group, palette: &Palette) {
    ui.add_space(6.0);
    ui.label(RichText::new(group.title()).font(bold(13.0)));
    Grid::new(group.title()).num_columns(2).min_col_width(138.0).spacing([12.0, 1.0]).show(ui, |ui| {
        for binding in keyed(group) {
            ui.label(RichText::new(binding.shown).font(mono(12.0)).color(palette.text));
            ui.label(RichText::new(binding.does).font(text(12.5)).color(palette.weak));
            ui.end_row();
        }
    });
}
