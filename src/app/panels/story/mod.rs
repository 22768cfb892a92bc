//! The panel at the bottom: what happens, a sentence an event; what the run printed; and what its author may not have meant.

mod findings;
mod long_list;

use crate::app::asked::Asked;
use crate::app::command::Command;
use crate::app::cursor::{Cursor, Point};
use crate::app::focus::{self, Landing, Region};
use crate::app::telling::{Telling, Told};
use crate::app::theme::{Palette, bold, mono, text};
use crate::event::{Event, EventKind, Nanos, TaskId};
use crate::trace::text::{count, line as fit};
use crate::trace::{Diagnosis, EventIndex, Limits, OutputLine, Record, RunPhase, Wording, sentence_at};
use egui::text::LayoutJob;
use egui::{Galley, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use long_list::{Tall, long_list};
use std::sync::Arc;

pub(crate) struct Story<'a> {
    pub(crate) record: &'a Record,
    pub(crate) point: Point,
    pub(crate) tab: StoryTab,
    /// The task that is selected.
    pub(crate) selected: Option<TaskId>,
    pub(crate) told: Told,
    pub(crate) telling: &'a Telling,
    /// What the run shows that its author may not have meant; known once it is over.
    pub(crate) findings: &'a Asked<Vec<Diagnosis>>,
    pub(crate) wording: &'a Wording,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum StoryTab {
    #[default]
    Events,
    Output,
    Findings,
}

/// Of more printed lines than this each takes one row: whole ones take time in every frame.
const MOST_WRAPPED: usize = 400;
/// The room for the dot before a printed line, in points.
const DOT: f32 = 14.0;
/// Where a sentence begins after the column of times, in points.
const AFTER_TIME: f32 = 25.0;
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
        let is_beside = area.width() >= ROOM_FOR_OUTPUT;
        // What is printed stands beside the story: a tab for it would say the same.
        let tab = if is_beside && self.tab == StoryTab::Output { StoryTab::Events } else { self.tab };
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
            commands.extend(self.tabs(ui, tab, is_beside));
            if tab != StoryTab::Findings {
                commands.extend(self.banner(ui));
            }
            match tab {
                StoryTab::Events => commands.extend(self.events(ui)),
                StoryTab::Output => commands.extend(self.output(ui)),
                StoryTab::Findings => commands.extend(self.findings(ui)),
            }
        });
        ui.advance_cursor_after_rect(area);
        commands
    }

    fn tabs(&self, ui: &mut Ui, shown: StoryTab, is_output_beside: bool) -> Option<Command> {
        let palette = Palette::of(ui);
        let found = self.findings_so_far().map(|found| found.len());
        let is_all = found == self.findings.known().map(Vec::len);
        let findings = match (self.findings, found) {
            (Asked::Working(_), _) => "Findings…".to_owned(),
            (_, None) => "Findings".to_owned(),
            (_, Some(0)) if is_all => "Findings: none".to_owned(),
            (_, Some(0)) => "Findings: none so far".to_owned(),
            (_, Some(count)) => format!("Findings: {count}"),
        };
        let tabs =
            [(StoryTab::Events, "What happens"), (StoryTab::Output, "Printed"), (StoryTab::Findings, &*findings)];
        let tabs = tabs.into_iter().filter(|(tab, _)| !is_output_beside || *tab != StoryTab::Output);
        let mut command = None;
        ui.horizontal(|ui| {
            for (tab, name) in tabs {
                let is_on = tab == shown;
                let has_any = tab == StoryTab::Findings && found.is_some_and(|found| found > 0);
                let color = match (has_any, is_on) {
                    (true, _) => palette.bad,
                    (false, true) => palette.text,
                    (false, false) => palette.weak,
                };
                let label = ui.selectable_label(is_on, RichText::new(name).font(bold(12.0)).color(color));
                if is_on {
                    focus::land(ui, Landing::Region(Region::Story), label.id);
                }
                if label.clicked() {
                    command = Some(Command::ShowStory(tab));
                }
            }
            if let (StoryTab::Events, Some(task)) = (shown, self.selected) {
                let words = format!("only {}", self.record.catalog().task_name(task));
                let mut is_on = self.told == Told::Selected;
                let checkbox = egui::Checkbox::new(&mut is_on, RichText::new(words).font(text(12.0)));
                if ui.add(checkbox).changed() {
                    command = Some(Command::Tell(if is_on { Told::Selected } else { Told::Everything }));
                }
            } else if is_all && found == Some(0) {
                // What "none" is about, where there is room to say it.
                let words = format!("nothing blocked for {} or more", Limits::default().long_poll);
                let galley = ui.painter().layout_no_wrap(words.clone(), text(12.0), palette.weak);
                if galley.size().x < ui.available_width() {
                    ui.label(RichText::new(words).font(text(12.0)).color(palette.weak));
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
            ui.label(
                RichText::new("Press Run or Space. Step through the run with the arrow keys.").color(palette.weak),
            );
            return None;
        }
        let first = self.record.first();
        if first > 0 {
            ui.label(RichText::new(self.given_up()).color(palette.bad));
        }
        let gone = self.telling.before(first);
        let past = self.telling.before(self.point.index).saturating_sub(gone);
        let has_next = gone + past < self.telling.before(log.len());
        // Time may have passed since the last event.
        let last = log.time_at(self.point.index);
        let is_later = past > 0 && self.point.at > last;
        let count = past + usize::from(is_later) + usize::from(has_next);
        if count == 0 {
            ui.label(RichText::new("Nothing has happened to it yet.").color(palette.weak));
            return None;
        }
        // The times stand right-aligned in a column as wide as the run's last time.
        let widest = log.end().max(self.point.at).to_string();
        let widest = ui.painter().layout_no_wrap(widest, mono(11.5), palette.weak).size().x;
        let times = widest.max(LEAST_TIMES);
        let mut command = None;
        let current = past + usize::from(is_later);
        let followed = if has_next { current.saturating_sub(1) } else { current };
        // The sentence of the moment one is at is there as a whole.
        let here = past.checked_sub(1).filter(|_| !is_later);
        let tall = here.and_then(|row| {
            let index = self.telling.event(gone + row)?;
            let room = long_list::width(ui) - times - AFTER_TIME;
            let galley = ui.painter().layout(self.words(index, &log.get(index)?), bold(13.0), palette.text, room);
            Some(Tall { row, height: galley.size().y + 3.0 })
        });
        long_list(ui, count, followed, tall, |ui, rect, row| {
            if is_later && row == past {
                return self.now(ui, rect, self.point.at - last, times);
            }
            let row = if row > past { row - usize::from(is_later) } else { row };
            let Some(index) = self.telling.event(gone + row) else { return };
            let Some(event) = log.get(index) else { return };
            let is_current = !is_later && index + 1 == self.point.index;
            command = command.take().or(self.event(ui, rect, index, &event, is_current, times));
        });
        command
    }

    /// The row of the cursor, where time has passed since the last event.
    fn now(&self, ui: &Ui, rect: Rect, passed: Nanos, times: f32) {
        let palette = Palette::of(ui);
        let words = format!("here; the last event was {passed} earlier");
        let time = self.point.at.to_string();
        let response = ui.interact(rect, ui.scope_id().with("here"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{time}, {words}")));
        ui.painter().rect_filled(rect, 4.0, palette.selection);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let middle = |height: f32| rect.center().y - height / 2.0;
        let time = painter.layout_no_wrap(time, mono(11.5), palette.text);
        painter.galley(pos2(rect.left() + 4.0 + times - time.size().x, middle(time.size().y)), time, palette.text);
        let words = painter.layout_no_wrap(words, bold(13.0), palette.text);
        painter.galley(pos2(rect.left() + times + AFTER_TIME, middle(words.size().y)), words, palette.text);
    }

    /// What is said of an event at the cursor, before it or after it.
    fn words(&self, index: EventIndex, event: &Event) -> String {
        let words = sentence_at(self.record, index, event, self.wording);
        // What is left at the end is dropped: nothing of that goes on.
        let last = self.record.clean_up().map(|began| began + 1).or(self.record.standstill());
        let is_clean_up = last.is_some_and(|last| index >= last) && !matches!(event.kind, EventKind::RunEnded { .. });
        match (index >= self.point.index, is_clean_up) {
            (true, true) => format!("next, the clean-up: {words}"),
            (true, false) => format!("next: {words}"),
            (false, true) => format!("clean-up: {words}"),
            (false, false) => words,
        }
    }

    fn event(
        &self,
        ui: &Ui,
        rect: Rect,
        index: EventIndex,
        event: &Event,
        is_current: bool,
        times: f32,
    ) -> Option<Command> {
        let palette = Palette::of(ui);
        let is_next = index >= self.point.index;
        let response = ui.interact(rect, ui.scope_id().with(index), Sense::click());
        let words = self.words(index, event);
        let time = event.at.to_string();
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{time}, {words}")));
        if is_current {
            ui.painter().rect_filled(rect, 4.0, palette.selection);
        } else if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 4.0, palette.raised);
        }
        let color = if is_next { palette.weak } else { palette.text };
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let time = painter.layout_no_wrap(time, mono(11.5), palette.weak);
        // The first line stands as high in a tall row as in any other.
        let line = rect.top() + long_list::LINE / 2.0;
        let left = rect.left() + times + AFTER_TIME;
        painter.galley(pos2(rect.left() + 4.0 + times - time.size().x, line - time.size().y / 2.0), time, palette.weak);
        if let Some(task) = self.record.task_of(&event.kind) {
            painter.circle_filled(pos2(rect.left() + times + 16.0, line), 3.0, palette.task(task));
        }
        let font = if is_current { bold(13.0) } else { text(13.0) };
        let mut job = LayoutJob::simple(words.clone(), font, color, rect.right() - left);
        if !is_current {
            job.wrap.max_rows = 1;
            job.wrap.break_anywhere = true;
        }
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
        let is_cut = galley.elided;
        let first = galley.rows.first().map_or(0.0, |row| row.height());
        painter.galley(pos2(left, line - first / 2.0), galley, color);
        let command = response.clicked().then(|| match self.record.task_of(&event.kind) {
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
        let tasks = if tasks > 0 {
            format!(", with {}", count(tasks, "task that had ended", "tasks that had ended"))
        } else {
            String::new()
        };
        format!("earlier events were dropped to save memory: {events}{tasks}")
    }

    /// What was printed up to the cursor, each line with its time; and pale, where the record has it, what is printed next.
    fn output(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let lines = self.record.output();
        let given_up = self.record.given_up().lines;
        if given_up > 0 {
            ui.label(
                RichText::new(count(given_up, "earlier line was dropped", "earlier lines were dropped"))
                    .color(palette.weak),
            );
        }
        let printed = lines.partition_point(|line| line.index < self.point.index);
        let next = lines.get(printed);
        if printed == 0 {
            ui.label(RichText::new("nothing printed yet").color(palette.weak));
        }
        let mut command = None;
        if printed > MOST_WRAPPED {
            let count = printed + usize::from(next.is_some());
            long_list(ui, count, printed - 1, None, |ui, rect, row| {
                let Some(line) = lines.get(row) else { return };
                let galley = self.line(ui, line, f32::INFINITY);
                command = command.take().or(self.printed(ui, rect, line, galley));
            });
            return command;
        }
        ScrollArea::vertical().id_salt("printed").auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for line in lines[..printed].iter().chain(next) {
                let width = ui.available_width();
                let galley = self.line(ui, line, width - DOT);
                let size = vec2(width, (galley.size().y + 4.0).max(long_list::LINE));
                let (_, rect) = ui.allocate_space(size);
                command = command.take().or(self.printed(ui, rect, line, galley));
            }
            if next.is_none() && matches!(self.record.edge().phase, RunPhase::Ended(_)) {
                ui.label(RichText::new("nothing more is printed").font(text(12.0)).color(palette.weak));
            }
        });
        command
    }

    /// A printed line with its time, laid out in rows of that width.
    fn line(&self, ui: &Ui, line: &OutputLine, width: f32) -> Arc<Galley> {
        let palette = Palette::of(ui);
        let is_next = line.index >= self.point.index;
        let color = match (is_next, line.is_panic) {
            (true, _) => palette.weak,
            (false, true) => palette.bad,
            (false, false) => palette.text,
        };
        let who = line.task.filter(|_| line.is_panic).map(|task| self.record.catalog().task_name(task));
        let what = match who {
            Some(name) => {
                let verb = self.wording.say("panicked", "raised an exception", "panicked");
                format!("{name} {verb}: {}", fit(&line.text))
            }
            None => fit(&line.text).into_owned(),
        };
        let words = if is_next { format!("next: “{what}” at {}", line.at) } else { format!("{}  {what}", line.at) };
        ui.fonts_mut(|fonts| fonts.layout(words, mono(12.0), color, width))
    }

    fn printed(&self, ui: &Ui, rect: Rect, line: &OutputLine, galley: Arc<Galley>) -> Option<Command> {
        let palette = Palette::of(ui);
        let response = ui.interact(rect, ui.scope_id().with(line.index), Sense::click());
        let words = galley.text().to_owned();
        let is_next = line.index >= self.point.index;
        let spoken = if is_next { words.clone() } else { format!("printed {words}") };
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, spoken.clone()));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 4.0, palette.raised);
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        if let Some(task) = line.task {
            painter.circle_filled(pos2(rect.left() + 5.0, rect.top() + long_list::LINE / 2.0), 3.0, palette.task(task));
        }
        let is_cut = galley.size().x > rect.width() - DOT;
        painter.galley(rect.left_top() + vec2(DOT, 2.0), galley, palette.text);
        let is_clicked = response.clicked();
        if is_cut {
            response.on_hover_text(words);
        }
        is_clicked.then(|| match line.task {
            Some(task) => Command::Show(task, Cursor::After(line.index + 1)),
            None => Command::MoveCursor(Cursor::After(line.index + 1)),
        })
    }
}
