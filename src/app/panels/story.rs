//! The panel at the bottom: what happens, a sentence an event, and what the run printed.

use crate::app::command::Command;
use crate::app::cursor::{Cursor, Point};
use crate::app::theme::{Palette, bold, mono, text};
use crate::event::EventKind;
use crate::trace::{Diagnosis, EventIndex, Record, sentence};
use egui::{Align2, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

pub(crate) struct Story<'a> {
    pub(crate) record: &'a Record,
    pub(crate) point: Point,
    pub(crate) tab: StoryTab,
    /// What the run shows that its author may not have meant; known once it is over.
    pub(crate) findings: Option<&'a [Diagnosis]>,
}

/// What is told beside the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum StoryTab {
    #[default]
    Events,
    Findings,
}

/// Height of a line, in points.
const LINE: f32 = 19.0;
/// The least width of the column of times.
const LEAST_TIMES: f32 = 62.0;
/// Share of the width that the printed output gets.
const OUTPUT: f32 = 0.36;

impl Story<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let area = ui.available_rect_before_wrap();
        let border = area.left() + area.width() * (1.0 - OUTPUT);
        let (mut story, mut output) = (area, area);
        story.max.x = border - 8.0;
        output.min.x = border + 8.0;
        let palette = Palette::of(ui);
        ui.painter().vline(border, area.y_range(), egui::Stroke::new(1.0, palette.border));
        ui.scope_builder(UiBuilder::new().max_rect(story), |ui| commands.extend(self.story(ui)));
        ui.scope_builder(UiBuilder::new().max_rect(output), |ui| commands.extend(self.output(ui)));
        ui.advance_cursor_after_rect(area);
        commands
    }

    /// The sentences around the cursor: as many before it as there is room, and the next one.
    fn story(&self, ui: &mut Ui) -> Option<Command> {
        let chosen = self.tabs(ui);
        let told = match self.tab {
            StoryTab::Events => self.events(ui),
            StoryTab::Findings => self.findings(ui),
        };
        chosen.or(told)
    }

    fn tabs(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let findings = match self.findings.map(<[Diagnosis]>::len) {
            None | Some(0) => "Findings".to_owned(),
            Some(count) => format!("Findings: {count}"),
        };
        let mut command = None;
        ui.horizontal(|ui| {
            for (tab, name) in [(StoryTab::Events, "What happens"), (StoryTab::Findings, &*findings)] {
                let is_on = tab == self.tab;
                let has_any = tab == StoryTab::Findings && self.findings.is_some_and(|found| !found.is_empty());
                let color = match (has_any, is_on) {
                    (true, _) => palette.bad,
                    (false, true) => palette.text,
                    (false, false) => palette.weak,
                };
                if ui.selectable_label(is_on, RichText::new(name).font(bold(12.0)).color(color)).clicked() {
                    command = Some(Command::ShowStory(tab));
                }
            }
        });
        command
    }

    /// What the run shows that its author may not have meant: what happened, and what to do. A click goes there.
    fn findings(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let hint = match self.findings {
            None => "Once the run is over: what its author may not have meant, and what to do about it.",
            Some([]) => "Nothing was found: no task held the loop for long, starved, got stuck or was forgotten.",
            Some(_) => "",
        };
        if !hint.is_empty() {
            ui.label(RichText::new(hint).color(palette.weak));
        }
        let mut command = None;
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            for found in self.findings.unwrap_or_default() {
                let what = format!("{}: {}", found.finding.title(), found.cause);
                let mut words = egui::text::LayoutJob::default();
                words.wrap.max_width = ui.available_width() - 8.0;
                words.append(&what, 0.0, egui::TextFormat::simple(bold(13.0), palette.text));
                words.append(&format!("\n{}", found.fix), 0.0, egui::TextFormat::simple(text(13.0), palette.weak));
                let galley = ui.fonts_mut(|fonts| fonts.layout_job(words));
                let size = vec2(ui.available_width(), galley.size().y + 8.0);
                let (rect, response) = ui.allocate_exact_size(size, Sense::click());
                response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{what}; {}", found.fix)));
                if response.hovered() || response.has_focus() {
                    ui.painter().rect_filled(rect, 4.0, palette.raised);
                }
                ui.painter().galley(rect.min + vec2(4.0, 4.0), galley, palette.text);
                if response.on_hover_text("Go to where it shows").clicked() {
                    command = Some(Command::Show(found.task, Cursor::After(found.evidence + 1)));
                }
            }
        });
        command
    }

    fn events(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        let log = self.record.log();
        if log.is_empty() {
            ui.label(RichText::new("Press Run, or Space. Step through it with the arrow keys.").color(palette.weak));
            return None;
        }
        let room = (ui.available_height() / LINE).floor().max(2.0) as usize;
        let told = |index: &EventIndex| log.get(*index).is_some_and(|event| is_told(&event.kind));
        let before: Vec<EventIndex> =
            (self.record.first()..self.point.index).rev().filter(told).take(room - 1).collect();
        let after = (self.point.index..log.len()).find(told);
        let mut command = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        // The times stand right-aligned in a column as wide as the run's last time.
        let widest = format!("{:.3} s", log.end().as_secs_f64());
        let widest = ui.painter().layout_no_wrap(widest, mono(11.5), palette.weak).size().x;
        let times = widest.max(LEAST_TIMES);
        if before.len() + 1 < room && self.record.first() > 0 {
            ui.label(RichText::new(self.given_up()).color(palette.bad));
        }
        for index in before.into_iter().rev().chain(after) {
            let Some(event) = log.get(index) else { continue };
            let is_current = index + 1 == self.point.index;
            let is_next = index >= self.point.index;
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
            let words = sentence(self.record, &event);
            let time = format!("{:.3} s", event.at.as_secs_f64());
            response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{time}, {words}")));
            if is_current {
                ui.painter().rect_filled(rect, 4.0, palette.selection);
            } else if response.hovered() {
                ui.painter().rect_filled(rect, 4.0, palette.raised);
            }
            let color = if is_next { palette.weak } else { palette.text };
            let painter = ui.painter().with_clip_rect(rect);
            let time = painter.layout_no_wrap(if is_next { "next".to_owned() } else { time }, mono(11.5), palette.weak);
            let middle = |height: f32| rect.center().y - height / 2.0;
            painter.galley(pos2(rect.left() + 4.0 + times - time.size().x, middle(time.size().y)), time, palette.weak);
            let font = if is_current { bold(13.0) } else { text(13.0) };
            let galley = painter.layout_no_wrap(words.clone(), font, color);
            let is_cut = galley.size().x > rect.width() - times - 14.0;
            painter.galley(pos2(rect.left() + times + 14.0, middle(galley.size().y)), galley, color);
            if response.clicked() {
                command = Some(Command::MoveCursor(Cursor::After(index + 1)));
            }
            if is_cut {
                response.on_hover_text(words);
            }
        }
        command
    }

    /// What is not told any more.
    fn given_up(&self) -> String {
        let (events, tasks) = (self.record.first(), self.record.given_up().tasks);
        let tasks = if tasks > 0 { format!(", with {tasks} tasks that ended then") } else { String::new() };
        format!("what came before was given up to save memory: {events} events{tasks}")
    }

    fn output(&self, ui: &mut Ui) -> Option<Command> {
        let palette = Palette::of(ui);
        ui.label(RichText::new("Output").font(bold(12.0)).color(palette.weak));
        let lines = self.record.output();
        let given_up = self.record.given_up().lines;
        if given_up > 0 {
            ui.label(RichText::new(format!("{given_up} earlier lines were given up")).color(palette.weak));
        }
        let printed = lines.partition_point(|line| line.index < self.point.index);
        if printed == 0 {
            ui.label(RichText::new("nothing printed yet").color(palette.weak));
        }
        let mut command = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let scroll = ScrollArea::vertical().id_salt("output").auto_shrink(false).stick_to_bottom(true);
        scroll.show_rows(ui, LINE, printed, |ui, rows| {
            for line in &lines[rows] {
                let color = if line.is_panic { palette.bad } else { palette.text };
                let who = line.task.filter(|_| line.is_panic).map(|task| self.record.catalog().task_name(task));
                let words = match who {
                    Some(name) => format!("{:.1} {name} panicked: {}", line.at.as_secs_f64(), line.text),
                    None => format!("{:.1} {}", line.at.as_secs_f64(), line.text),
                };
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
                response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("printed {words}")));
                if response.hovered() {
                    ui.painter().rect_filled(rect, 4.0, palette.raised);
                }
                let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
                painter.text(rect.left_center(), Align2::LEFT_CENTER, words, mono(12.0), color);
                if response.clicked() {
                    command = Some(Command::MoveCursor(Cursor::After(line.index + 1)));
                }
            }
        });
        command
    }
}

/// Whether an event is worth a sentence in the story.
fn is_told(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::SiteDefined { .. })
}
