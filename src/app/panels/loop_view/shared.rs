//! What tasks share: a lock, a semaphore, a queue, with how full it is and who is in line for it.

use super::chip::line;
use super::moves::Place;
use super::waiting::HEAD;
use super::{LoopView, Scene};
use crate::app::command::Command;
use crate::app::panels::level::Level;
use crate::app::selection::Selection;
use crate::app::theme::{Palette, bold};
use crate::event::{ResourceId, ResourceKind, TaskId, WaitId, WaitOn, WaitOp};
use crate::trace::{Holder, kind_name};
use egui::{Galley, Pos2, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Height of the line that says who holds it, in points.
const HOLDERS: f32 = 15.0;
/// The greatest width of that line.
const LONGEST: f32 = 260.0;
/// So many holders are named.
const MOST_NAMED: usize = 12;

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
            if let Some(words) = self.held_by(resource) {
                let galley = line(ui, &words, 11.5, self.palette.weak, LONGEST);
                let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, HOLDERS), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.clone()));
                ui.painter().galley(rect.min, galley, self.palette.weak);
                response.on_hover_text(words);
            }
            self.columns(ui, waiters, rows, |scene, ui, (wait, task)| {
                let note = record.wait(*wait).and_then(|wait| what_of_it(&wait.on));
                scene.chip(ui, *task, note, Place::Waiting, origin);
            });
        });
    }

    /// Who holds permits of it, and who was handed one, or a lock, and has yet to run. Of a lock its head says who holds it.
    fn held_by(&self, resource: ResourceId) -> Option<String> {
        let LoopView { record, state, .. } = *self.view;
        let is_lock = record.catalog().resource(resource).is_some_and(|info| info.kind == ResourceKind::Lock);
        let told = |what: &str, of: fn(&Holder) -> u32| {
            let holders = state.holders(resource).filter(|holder| of(holder) > 0).take(MOST_NAMED);
            let names: Vec<String> = holders
                .map(|holder| match of(&holder) {
                    1 => record.catalog().task_name(holder.task).to_owned(),
                    many => format!("{} × {many}", record.catalog().task_name(holder.task)),
                })
                .collect();
            (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
        };
        let held = told("held by", |holder| holder.held).filter(|_| !is_lock);
        let parts = [held, told("handed to", |holder| holder.handed)];
        let words = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        (!words.is_empty()).then_some(words)
    }

    /// How wide it is without those in line for it, in points.
    pub(super) fn shared_width(&self, ui: &Ui, resource: ResourceId) -> f32 {
        let LoopView { record, state, .. } = *self.view;
        let head = Level::of(record, state, resource).zip(record.catalog().resource(resource));
        let head = head.map_or(0.0, |(level, info)| Head::of(ui, &info.name, &level, self.palette).width);
        let holders = self.held_by(resource);
        head.max(holders.map_or(0.0, |words| line(ui, &words, 11.5, self.palette.weak, LONGEST).size().x))
    }

    /// Whether there is a line of holders below the head.
    pub(super) fn has_holders(&self, resource: ResourceId) -> bool {
        self.held_by(resource).is_some()
    }

    /// A shared thing's name and how full it is. A click selects it.
    fn shared_head(&mut self, ui: &mut Ui, resource: ResourceId, level: &Level, waiters: usize) {
        let palette = self.palette;
        let LoopView { record, selected, .. } = *self.view;
        let Some(info) = record.catalog().resource(resource) else { return };
        let Head { name, words, dot, gap, width } = Head::of(ui, &info.name, level, palette);
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEAD), Sense::click());
        let kind = kind_name(info.kind);
        let line_up = match waiters {
            0 => "no one waits".to_owned(),
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

/// The head of a shared thing, laid out.
struct Head {
    name: Arc<Galley>,
    words: Arc<Galley>,
    /// The room for the holder's dot, and before the places.
    dot: f32,
    gap: f32,
    width: f32,
}

impl Head {
    fn of(ui: &Ui, name: &str, level: &Level, palette: &Palette) -> Self {
        let name = ui.painter().layout_no_wrap(name.to_owned(), bold(12.0), palette.text);
        let words = line(ui, &level.words, 12.0, palette.weak, 180.0);
        let dot = if level.holder.is_some() { 12.0 } else { 0.0 };
        let gap = if level.width() > 0.0 { 6.0 } else { 0.0 };
        let width = 6.0 + name.size().x + 6.0 + dot + words.size().x + gap + level.width();
        Self { name, words, dot, gap, width }
    }
}

/// What a task wants of a thing of which one can want several things.
pub(super) fn what_of_it(on: &WaitOn) -> Option<&'static str> {
    match on {
        WaitOn::Resource(_, WaitOp::Get) => Some("for an item"),
        WaitOn::Resource(_, WaitOp::Put) => Some("for a free place"),
        WaitOn::Resource(_, WaitOp::AllDone) => Some("until all items are done"),
        _ => None,
    }
}
