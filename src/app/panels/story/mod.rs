//! The panel at the bottom: what happens, a sentence an event; what the run printed; and what its author may not have meant.

mod findings;
mod long_list;

use crate::app::command::Command;
use crate::app::cursor::{Cursor, Point};
use crate::app::findings::Findings;
use crate::app::telling::{Telling, Told};
use crate::app::theme::{Palette, bold, mono, text};
use crate::event::{Event, EventKind, TaskId};
use crate::trace::text::line as fit;
use crate::trace::{EventIndex, OutputLine, Record, sentence};
use egui::{Align2, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2};
use long_list::long_list;

pub(crate) struct Story<'a> {
    pub(crate) record: &'a Record,
    pub(crate) point: Point,
    pub(crate) tab: StoryTab,
    /// The task that is selected.
    pub(crate) selected: Option<TaskId>,
    pub(crate) told: Told,
    pub(crate) telling: &'a Telling,
    /// What the run shows that its author may not have meant; known once it is over.
    pub(crate) findings: &'a Findings,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum StoryTab {
    #[default]
    Events,
    Output,
    Findings,
}

/// The least width of the column of times.
const LEAST_TIMES: f32 = 62.0;
/// Share of the width that the printed output gets beside the story.
const OUTPUT: f32 = 0.36;
/// With less width than this there is no room beside the story.
const ROOM_FOR_OUTPUT: f32 = 520.0;

impl Story<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let area = ui.available_rect_before_wrap();
        let is_beside = area.width() >= ROOM_FOR_OUTPUT && self.tab != StoryTab::Output;
        let mut story = area;
        if is_beside {
            let border = area.left() + area.width() * (1.0 - OUTPUT);
            let output = area.with_min_x(border + 8.0);
            story.max.x = border - 8.0;
            ui.painter().vline(border, area.y_range(), egui::Stroke::new(1.0, Palette::of(ui).border));
            ui.scope_builder(UiBuilder::new().id_salt("output").max_rect(output), |ui| {
                let color = Palette::of(ui).weak;
                ui.label(RichText::new("Printed").font(bold(12.0)).color(color));
                commands.extend(self.output(ui));
            });
        }
        ui.scope_builder(UiBuilder::new().id_salt("story").max_rect(story), |ui| {
            commands.extend(self.tabs(ui));
            match self.tab {
                StoryTab::Events => commands.extend(self.events(ui)),
                StoryTab::Output => commands.extend(self.output(ui)),
                StoryTab::Findings => commands.extend(self.findings(ui)),
            }
        });
        ui.advance_cursor_after_rect(area);
        commands
    }

    fn tabs(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let findings = match self.findings {
            Findings::Looking(_) => "Findings…".to_owned(),
            Findings::Found(found) if !found.is_empty() => format!("Findings: {}", found.len()),
            Findings::NotYet | Findings::Found(_) => "Findings".to_owned(),
        };
        let tabs = [(StoryTab::Events, "What happens"), (StoryTab::Output, "Output"), (StoryTab::Findings, &*findings)];
        let mut command = None;
        ui.horizontal(|ui| {
            for (tab, name) in tabs {
                let is_on = tab == self.tab;
                let has_any = tab == StoryTab::Findings && self.findings.found().is_some_and(|found| !found.is_empty());
                let color = match (has_any, is_on) {
                    (true, _) => palette.bad,
                    (false, true) => palette.text,
                    (false, false) => palette.weak,
                };
                if ui.selectable_label(is_on, RichText::new(name).font(bold(12.0)).color(color)).clicked() {
                    command = Some(Command::ShowStory(tab));
                }
            }
            if let (StoryTab::Events, Some(task)) = (self.tab, self.selected) {
                let words = format!("only {}", self.record.catalog().task_name(task));
                let mut is_on = self.told == Told::Selected;
                let checkbox = egui::Checkbox::new(&mut is_on, RichText::new(words).font(text(12.0)));
                if ui.add(checkbox).changed() {
                    command = Some(Command::Tell(if is_on { Told::Selected } else { Told::Everything }));
                }
            }
        });
        command
    }

    /// The sentences up to the cursor, and the next one.
    fn events(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let log = self.record.log();
        if log.is_empty() {
            ui.label(RichText::new("Press Run, or Space. Step through it with the arrow keys.").color(palette.weak));
            return None;
        }
        let first = self.record.first();
        if first > 0 {
            ui.label(RichText::new(self.given_up()).color(palette.bad));
        }
        let gone = self.telling.before(first);
        let past = self.telling.before(self.point.index).saturating_sub(gone);
        let has_next = gone + past < self.telling.before(log.len());
        let count = past + usize::from(has_next);
        if count == 0 {
            ui.label(RichText::new("Nothing has happened to it yet.").color(palette.weak));
            return None;
        }
        // The times stand right-aligned in a column as wide as the run's last time.
        let widest = format!("{:.3} s", log.end().as_secs_f64());
        let widest = ui.painter().layout_no_wrap(widest, mono(11.5), palette.weak).size().x;
        let times = widest.max(LEAST_TIMES);
        let mut command = None;
        let followed = if has_next { past.saturating_sub(1) } else { past };
        long_list(ui, count, followed, |ui, rect, row| {
            let Some(index) = self.telling.event(gone + row) else { return };
            let Some(event) = log.get(index) else { return };
            command = command.take().or(self.event(ui, rect, index, &event, times));
        });
        command
    }

    fn event(&self, ui: &Ui, rect: Rect, index: EventIndex, event: &Event, times: f32) -> Option<Command> {
        let palette = Palette::of(ui);
        let is_current = index + 1 == self.point.index;
        let is_next = index >= self.point.index;
        let response = ui.interact(rect, ui.scope_id().with(index), Sense::click());
        let words = sentence(self.record, event);
        let time = format!("{:.3} s", event.at.as_secs_f64());
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{time}, {words}")));
        if is_current {
            ui.painter().rect_filled(rect, 4.0, palette.selection);
        } else if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 4.0, palette.raised);
        }
        let color = if is_next { palette.weak } else { palette.text };
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let time = painter.layout_no_wrap(if is_next { "next".to_owned() } else { time }, mono(11.5), palette.weak);
        let middle = |height: f32| rect.center().y - height / 2.0;
        painter.galley(pos2(rect.left() + 4.0 + times - time.size().x, middle(time.size().y)), time, palette.weak);
        if let Some(task) = task_of(self.record, &event.kind) {
            painter.circle_filled(pos2(rect.left() + times + 16.0, rect.center().y), 3.0, palette.task(task));
        }
        let font = if is_current { bold(13.0) } else { text(13.0) };
        let galley = painter.layout_no_wrap(words.clone(), font, color);
        let left = rect.left() + times + 25.0;
        let is_cut = galley.size().x > rect.right() - left;
        painter.galley(pos2(left, middle(galley.size().y)), galley, color);
        let command = response.clicked().then(|| match task_of(self.record, &event.kind) {
            // In the story of one task the others are told of only as far as they concern it.
            Some(task) if self.told == Told::Everything => Command::Show(task, Cursor::After(index + 1)),
            _ => Command::MoveCursor(Cursor::After(index + 1)),
        });
        if is_cut {
            response.on_hover_text(words);
        }
        command
    }

    /// What is not told any more.
    fn given_up(&self) -> String {
        let (events, tasks) = (self.record.first(), self.record.given_up().tasks);
        let tasks = if tasks > 0 { format!(", with {tasks} tasks that ended then") } else { String::new() };
        format!("what came before was given up to save memory: {events} events{tasks}")
    }

    /// What was printed up to the cursor, each line with its time.
    fn output(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let lines = self.record.output();
        let given_up = self.record.given_up().lines;
        if given_up > 0 {
            ui.label(RichText::new(format!("{given_up} earlier lines were given up")).color(palette.weak));
        }
        let printed = lines.partition_point(|line| line.index < self.point.index);
        if printed == 0 {
            ui.label(RichText::new("nothing printed yet").color(palette.weak));
            return None;
        }
        let mut command = None;
        long_list(ui, printed, printed, |ui, rect, row| {
            let Some(line) = lines.get(row) else { return };
            command = command.take().or(self.printed(ui, rect, line));
        });
        command
    }

    fn printed(&self, ui: &Ui, rect: Rect, line: &OutputLine) -> Option<Command> {
        let palette = Palette::of(ui);
        let color = if line.is_panic { palette.bad } else { palette.text };
        let who = line.task.filter(|_| line.is_panic).map(|task| self.record.catalog().task_name(task));
        let words = match who {
            Some(name) => format!("{:.1} {name} panicked: {}", line.at.as_secs_f64(), fit(&line.text)),
            None => format!("{:.1} {}", line.at.as_secs_f64(), fit(&line.text)),
        };
        let response = ui.interact(rect, ui.scope_id().with(line.index), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("printed {words}")));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 4.0, palette.raised);
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        if let Some(task) = line.task {
            painter.circle_filled(pos2(rect.left() + 5.0, rect.center().y), 3.0, palette.task(task));
        }
        let left = pos2(rect.left() + 14.0, rect.center().y);
        let drawn = painter.text(left, Align2::LEFT_CENTER, &words, mono(12.0), color);
        let is_clicked = response.clicked();
        if drawn.right() > rect.right() {
            response.on_hover_text(words);
        }
        is_clicked.then(|| match line.task {
            Some(task) => Command::Show(task, Cursor::After(line.index + 1)),
            None => Command::MoveCursor(Cursor::After(line.index + 1)),
        })
    }
}

/// The task that an event tells of first.
fn task_of(record: &Record, kind: &EventKind) -> Option<TaskId> {
    match kind {
        EventKind::TaskSpawned { task, .. }
        | EventKind::Enqueued { task, .. }
        | EventKind::WakeCoalesced { task, .. }
        | EventKind::PollStarted { task }
        | EventKind::PollEnded { task, .. }
        | EventKind::TaskPanicked { task, .. }
        | EventKind::TaskDropped { task, .. }
        | EventKind::WaitBegan { task, .. }
        | EventKind::WaitEnded { task, .. }
        | EventKind::FrameEntered { task, .. }
        | EventKind::TimerArmed { task, .. } => Some(*task),
        EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => {
            record.timer(*timer).map(|info| info.task)
        }
        EventKind::JobQueued { task, .. }
        | EventKind::Printed { task, .. }
        | EventKind::ResourceChanged { by: task, .. } => *task,
        EventKind::JobStarted { job } | EventKind::JobFinished { job } => record.catalog().job(*job)?.task,
        _ => None,
    }
}
