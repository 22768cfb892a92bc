//! What is known of the selected thing at the cursor: a card for each kind. Nothing that lies after the cursor is told.

mod card;
mod job;
mod shared;
mod task;
mod timer;
mod wake;
mod worker;

use super::badge;
use crate::app::command::Command;
use crate::app::cursor::{Cursor, Point};
use crate::app::dossier::Dossier;
use crate::app::explained::Explained;
use crate::app::selection::Selection;
use crate::app::theme::{Palette, bold};
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Record, State, Wording};
use card::Row;
use egui::{Id, RichText, ScrollArea, Sense, Ui, vec2};

pub(crate) struct Inspector<'a> {
    pub(crate) record: &'a Record,
    pub(crate) state: &'a State,
    pub(crate) point: Point,
    pub(crate) selected: Selection,
    pub(crate) dossier: &'a Dossier,
    pub(crate) explained: &'a Explained,
    pub(crate) wording: &'a Wording,
}

/// Under this name the height that was filled last is kept.
const FILLED: &str = "height of the inspector";
/// The margins above and below it, in points.
const MARGINS: f32 = 18.0;

/// What is said of a thing.
#[derive(Debug)]
struct Card {
    /// The task that it is, or belongs to.
    task: Option<TaskId>,
    title: String,
    subtitle: String,
    rows: Vec<Row>,
}

impl Inspector<'_> {
    /// Whether there is something to tell; else there is only a hint.
    pub(crate) fn has_card(&self) -> bool {
        self.selected != Selection::Nothing
    }

    /// The height that what it told last would fill, in points, where that is known.
    pub(crate) fn height(&self, ui: &Ui) -> Option<f32> {
        ui.data(|data| data.get_temp(Id::unique(FILLED)))
    }

    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let palette = Palette::of(ui);
        ui.set_min_height(ui.available_height());
        ui.spacing_mut().interact_size.y = 18.0;
        let card = match self.selected {
            Selection::Nothing => None,
            Selection::Task(task) => self.task(task),
            Selection::Timer(timer) => self.timer(timer),
            Selection::Resource(resource) => self.shared(resource),
            Selection::Worker(worker) => Some(self.worker(worker)),
            Selection::Job(job) => self.job(job),
            Selection::Wake(wake) => self.wake(wake),
        };
        let Some(card) = card else {
            let words = "Click a lane, a chip, a timer, a shared thing or a marked line to see what is known about it.";
            ui.label(RichText::new(words).color(palette.weak));
            return Vec::new();
        };
        let Card { task, title, subtitle, rows } = card;
        ui.horizontal(|ui| {
            if let Some(task) = task {
                let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
                badge(ui.painter(), rect, self.record.status(self.state, task), palette);
                let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
                ui.painter().circle_filled(dot.center(), 3.5, palette.task(task));
            }
            ui.label(RichText::new(title).font(bold(14.0)));
            ui.add(egui::Label::new(RichText::new(subtitle).color(palette.weak)).truncate());
        });
        let mut commands = Vec::new();
        let top = ui.cursor().top() - ui.max_rect().top();
        let told = ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            rows.into_iter().for_each(|row| commands.extend(row.show(ui, self.record)));
        });
        ui.data_mut(|data| data.insert_temp(Id::unique(FILLED), top + told.content_size.y + MARGINS));
        commands
    }

    /// Whether something has happened at the cursor.
    fn is_past(&self, index: EventIndex) -> bool {
        index < self.point.index
    }

    /// The time of an event.
    fn time_of(&self, index: EventIndex) -> Nanos {
        self.record.log().time_at(index + 1)
    }

    /// A link to the moment of an event, with its time.
    fn at(&self, row: Row, index: EventIndex) -> Row {
        row.link(self.time_of(index).to_string(), Command::MoveCursor(after(index)))
    }
}

/// The moment right after an event.
fn after(index: EventIndex) -> Cursor {
    Cursor::After(index + 1)
}
