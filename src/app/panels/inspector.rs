//! What is known of the selected task at the cursor.

use super::{badge, describe};
use crate::app::cursor::Point;
use crate::app::theme::{Palette, bold};
use crate::event::{Nanos, TaskId};
use crate::trace::{Record, SpanState, State, TaskStatus, await_chain, blocked_by, explain, explain_end};
use egui::{Grid, RichText, ScrollArea, Sense, Ui, vec2};

pub(crate) fn inspector_ui(ui: &mut Ui, record: &Record, state: &State, point: Point, selected: Option<TaskId>) {
    let palette = Palette::of(ui);
    ui.set_min_height(ui.available_height());
    ui.spacing_mut().interact_size.y = 18.0;
    let Some((task, info)) = selected.and_then(|task| Some((task, record.catalog().task(task)?))) else {
        ui.label(RichText::new("Click a lane, a chip or a marked line to see what a task does.").color(palette.weak));
        return;
    };
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
        badge(ui.painter(), rect, record.status(state, task), palette);
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
        ui.painter().circle_filled(dot.center(), 3.5, palette.task(task));
        ui.label(RichText::new(&*info.name).font(bold(14.0)));
        let parent = info.parent.map_or("main task".to_owned(), |parent| {
            format!("task {}, child of {}", task.0, record.catalog().task_name(parent))
        });
        ui.label(RichText::new(parent).color(palette.weak));
    });
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
        Grid::new("inspector").num_columns(2).spacing([14.0, 5.0]).show(ui, |ui| {
            let row = |ui: &mut Ui, name: &str, value: String| {
                ui.label(RichText::new(name).color(palette.weak));
                ui.add(egui::Label::new(value).wrap());
                ui.end_row();
            };
            let spoken = describe(record, state, point.at, task);
            let doing = spoken.split_once(", ").map_or(spoken.as_str(), |(_, doing)| doing);
            row(ui, "now", doing.to_owned());
            let site = state.task(task).and_then(|task| task.site).and_then(|site| record.catalog().site(site));
            if let Some(site) = site {
                row(ui, "at line", format!("{}:{}", site.file_name(), site.line));
            }
            let waits = state.task(task).map_or(&[][..], |task| &task.waits);
            if let Some(wait) = waits.last().and_then(|wait| record.wait(*wait)) {
                row(ui, "awaits", await_chain(record.catalog(), &wait));
            }
            if let Some(why) = why(record, point, task) {
                row(ui, "why", why);
            }
            let is_held =
                state.task(task).is_some_and(|task| matches!(task.status, TaskStatus::Waiting | TaskStatus::Ready(_)));
            let blocked = blocked_by(record, task, point.index);
            // Of a task that waits for nobody else, the rows above say all.
            if is_held && blocked.links.len() > 1 {
                row(ui, "held up by", blocked.sentence(record));
            }
            let totals = Totals::of(record, task, point);
            row(ui, "polls", format!("{}, longest {}", totals.polls, totals.longest_poll));
            row(ui, "running", totals.time[SpanState::Running as usize].to_string());
            row(ui, "ready", totals.time[SpanState::Ready as usize].to_string());
            row(ui, "waiting", totals.time[SpanState::Waiting as usize].to_string());
        });
    });
}

/// Why the task is in the state that it is in at the cursor.
fn why(record: &Record, point: Point, task: TaskId) -> Option<String> {
    let lane = record.lane(task)?;
    if lane.end().is_some_and(|(index, _, _)| index < point.index) {
        return explain_end(record, task);
    }
    let mut span = lane.last_before(point.index, |_| true)?;
    // What ends a wait after the cursor is not told yet.
    if span.state == SpanState::Waiting && span.end.is_some_and(|(index, _)| index >= point.index) {
        span.end = None;
    }
    Some(explain(record, task, &span))
}

/// Sums over a task's spans up to the cursor.
#[derive(Default)]
struct Totals {
    polls: usize,
    longest_poll: Nanos,
    /// By state.
    time: [Nanos; 3],
}

impl Totals {
    fn of(record: &Record, task: TaskId, point: Point) -> Self {
        let mut totals = Self::default();
        let spans = record.lane(task).into_iter().flat_map(|lane| lane.spans());
        for span in spans.take_while(|span| span.first < point.index) {
            let length = span.end_or(point.at).min(point.at) - span.start;
            let sum = &mut totals.time[span.state as usize];
            *sum = *sum + length;
            if span.state == SpanState::Running {
                totals.polls += 1;
                totals.longest_poll = totals.longest_poll.max(length);
            }
        }
        totals
    }
}
