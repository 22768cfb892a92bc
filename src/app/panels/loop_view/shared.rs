//! What tasks share: a lock, a semaphore, a queue, with how full it is and who is in line for it.

use super::chip::line;
use super::moves::Place;
use super::waiting::HEAD;
use super::{LoopView, Scene};
use crate::app::command::Command;
use crate::app::panels::level::{Level, kind_name};
use crate::app::selection::Selection;
use crate::app::theme::bold;
use crate::event::{ResourceId, TaskId, WaitId, WaitOn, WaitOp};
use egui::{Pos2, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

impl Scene<'_> {
    pub(super) fn shared_thing(
        &mut self,
        ui: &mut Ui,
        resource: ResourceId,
        waiters: &[(WaitId, TaskId)],
        origin: Pos2,
        rows: usize,
    ) {
        let LoopView { record, state, .. } = *self.view;
        let Some(level) = Level::of(record, state, resource) else { return };
        ui.vertical(|ui| {
            self.shared_head(ui, resource, &level, waiters.len());
            self.columns(ui, waiters, rows, |scene, ui, (wait, task)| {
                let note = record.wait(*wait).and_then(|wait| what_of_it(&wait.on));
                scene.chip(ui, *task, note, Place::Waiting, origin);
            });
        });
    }

    /// A shared thing's name and how full it is. A click selects it.
    fn shared_head(&mut self, ui: &mut Ui, resource: ResourceId, level: &Level, waiters: usize) {
        let palette = self.palette;
        let LoopView { record, selected, .. } = *self.view;
        let Some(info) = record.catalog().resource(resource) else { return };
        let name = ui.painter().layout_no_wrap(info.name.to_string(), bold(12.0), palette.text);
        let words = line(ui, &level.words, 12.0, palette.weak, 180.0);
        let dot = if level.holder.is_some() { 12.0 } else { 0.0 };
        let gap = if level.width() > 0.0 { 6.0 } else { 0.0 };
        let width = 6.0 + name.size().x + 6.0 + dot + words.size().x + gap + level.width();
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEAD), Sense::click());
        let kind = kind_name(info.kind);
        let line_up = match waiters {
            0 => "nobody waits".to_owned(),
            1 => "1 waits".to_owned(),
            more => format!("{more} wait"),
        };
        let spoken = format!("{}, {kind}, {}, {line_up}", info.name, level.words);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.clone()));
        let around = rect.with_max_y(rect.bottom() + 2.0);
        if selected == Selection::Resource(resource) || response.has_focus() {
            ui.painter().rect_filled(around, 4.0, palette.selection);
            ui.painter().rect_stroke(around, 4.0, Stroke::new(1.5, palette.running), StrokeKind::Inside);
        } else if response.hovered() {
            ui.painter().rect_filled(around, 4.0, palette.hovered);
        }
        let middle = rect.center().y;
        let mut x = rect.left() + 3.0;
        ui.painter().galley(pos2(x, middle - name.size().y / 2.0), name.clone(), palette.text);
        x += name.size().x + 6.0;
        if let Some(holder) = level.holder {
            ui.painter().circle_filled(pos2(x + 4.0, middle), 3.5, palette.task(holder));
            x += dot;
        }
        ui.painter().galley(pos2(x, middle - words.size().y / 2.0), words.clone(), palette.weak);
        level.paint(ui.painter(), x + words.size().x + gap, middle, palette);
        if response.on_hover_text(spoken).clicked() {
            self.commands.push(Command::Select(Selection::Resource(resource)));
        }
    }
}

/// What a task wants of a thing of which one can want several things.
fn what_of_it(on: &WaitOn) -> Option<&'static str> {
    match on {
        WaitOn::Resource(_, WaitOp::Get) => Some("for an item"),
        WaitOn::Resource(_, WaitOp::Put) => Some("for a free place"),
        WaitOn::Resource(_, WaitOp::AllDone) => Some("until all is done"),
        _ => None,
    }
}
