//! The keys, as an overlay.

use crate::app::keys::BINDINGS;
use crate::app::theme::{Palette, bold, mono};
use egui::{Context, Grid, Id, Modal, RichText, ScrollArea};

/// Shows the keys; true when it is to be closed.
pub(crate) fn help_ui(ctx: &Context) -> bool {
    let modal = Modal::new(Id::unique("keys")).show(ctx, |ui| {
        let palette = Palette::of(ui);
        ui.set_width(520.0);
        ui.label(RichText::new("Keys").font(bold(16.0)));
        ui.add_space(6.0);
        // What does not fit a small window is scrolled to.
        let room = (ui.ctx().content_rect().height() - 196.0).max(120.0);
        ui.spacing_mut().interact_size.y = 18.0;
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
        Grid::new("keys").num_columns(2).spacing([18.0, 6.0]).show(ui, |ui| {
            for binding in BINDINGS {
                ui.label(RichText::new(binding.shown).font(mono(12.5)).color(palette.text));
                ui.label(RichText::new(binding.does).color(palette.weak));
                ui.end_row();
            }
        });
        });
        ui.add_space(8.0);
        let mouse = "With the mouse: click a lane to move the cursor and select its task, drag to pan, turn the wheel to \
                     scroll, Ctrl+wheel to zoom, drag along the axis to scrub. Double-click a lesson to run it.";
        ui.label(RichText::new(mouse).color(palette.weak));
        ui.add_space(6.0);
        ui.button("Close").clicked()
    });
    modal.inner || modal.should_close()
}
