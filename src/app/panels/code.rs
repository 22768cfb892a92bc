//! The panel on the right: the Rust that runs and its Python twin, with each task at its current line.

use crate::app::command::Command;
use crate::app::cursor::Point;
use crate::app::highlight::highlight;
use crate::app::theme::{Palette, bold, mono, text};
use crate::event::{EventKind, SiteId, TaskId};
use crate::scenarios::{Language, Line, Scenario, Source};
use crate::trace::{Host, Record, State, TaskState, TaskStatus};
use egui::{Align, Layout, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeMap;

/// Which sources are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CodeTab {
    Rust,
    Python,
    #[default]
    Both,
}

pub(crate) struct Code<'a> {
    pub(crate) scenario: &'static Scenario,
    pub(crate) record: &'a Record,
    pub(crate) state: &'a State,
    pub(crate) tab: CodeTab,
    pub(crate) selected: Option<TaskId>,
    pub(crate) point: Point,
}

/// Height of a line, in points.
const LINE: f32 = 18.0;
/// More tasks than this at one line are counted.
const MOST_DOTS: usize = 4;
/// Where the text begins, in points: after the number and the dots.
const TEXT: f32 = 66.0;

/// How many events back the task that ran last is looked for.
const NEAR: usize = 32;

/// The tasks at each line, by its number in the Rust file.
type Places = BTreeMap<u32, Vec<TaskId>>;

impl Code<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        // A program of one's own has no twin.
        let has_both = !self.scenario.rust.text.is_empty() && !self.scenario.python.text.is_empty();
        ui.horizontal(|ui| {
            let tabs = [(CodeTab::Rust, "Rust"), (CodeTab::Python, "Python"), (CodeTab::Both, "Both")];
            for (tab, name) in tabs.into_iter().filter(|_| has_both) {
                let is_on = tab == self.tab;
                let color = if is_on { palette.text } else { palette.weak };
                let text = RichText::new(name).color(color).font(if is_on { bold(13.0) } else { text(13.0) });
                if ui.selectable_label(is_on, text).clicked() {
                    commands.push(Command::ShowCode(tab));
                }
            }
        });
        let places = self.places();
        let sought = self.sought(ui);
        let sources = match self.tab {
            _ if !has_both => [&self.scenario.rust, &self.scenario.python]
                .into_iter()
                .filter(|source| !source.text.is_empty())
                .collect(),
            CodeTab::Rust => vec![&self.scenario.rust],
            CodeTab::Python => vec![&self.scenario.python],
            CodeTab::Both => vec![&self.scenario.rust, &self.scenario.python],
        };
        let lines: usize = sources.iter().map(|source| source.lines().count()).sum();
        let height = ui.available_height();
        for source in sources {
            // Each gets its share of the height, so that a short one does not leave room that a long one needs.
            let share = source.lines().count() as f32 / lines.max(1) as f32;
            ui.allocate_ui(vec2(ui.available_width(), height * share), |ui| {
                ui.set_min_height(height * share);
                let name = match source.language {
                    Language::Rust => "The Rust that runs",
                    Language::Python => "The same in Python",
                };
                ui.horizontal(|ui| {
                    ui.label(RichText::new(name).font(text(12.0)).color(palette.weak));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.label(RichText::new(source.file).font(text(12.0)).color(palette.weak));
                    });
                });
                ui.spacing_mut().item_spacing.y = 0.0;
                ScrollArea::both().id_salt(name).auto_shrink(false).show(ui, |ui| {
                    for line in source.lines() {
                        let rust_line = self.rust_line(source, line);
                        let here = rust_line.and_then(|line| places.get(&line));
                        let top = ui.cursor().top();
                        commands.extend(self.line(ui, source.language, line, here.map_or(&[], Vec::as_slice)));
                        if sought.is_some() && sought == rust_line {
                            let shown =
                                Rect::from_x_y_ranges(ui.cursor().left()..=ui.cursor().left(), top..=top + LINE);
                            ui.scroll_to_rect(shown.expand2(vec2(0.0, LINE)), None);
                        }
                    }
                });
            });
        }
        commands
    }

    /// The Rust line to scroll to: that of the selected task, when another one was selected or it went on; else the one
    /// that was reached last. Each is scrolled into view once and left alone then, so that one may look elsewhere.
    fn sought(&self, ui: &Ui) -> Option<u32> {
        let selected = self.selected.and_then(|task| Some((task, self.line_of(task)?)));
        let is_new = |salt: &str, now: Option<(Option<TaskId>, u32)>| {
            let id = ui.scope_id().with(salt);
            let before = ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default(id), now));
            now.filter(|_| before != now).map(|(_, line)| line)
        };
        let reached = is_new("line reached", self.reached().map(|line| (None, line)));
        let chosen = is_new("line of the selected task", selected.map(|(task, line)| (Some(task), line)));
        chosen.or(reached.filter(|_| selected.is_none()))
    }

    /// The Rust line that a task was last seen at.
    fn line_of(&self, task: TaskId) -> Option<u32> {
        let returned = || self.state.returned.filter(|(returned, _)| *returned == task).map(|(_, site)| site);
        let site = self.state.task(task).map_or_else(returned, |task| self.site_of(task));
        let site = site.and_then(|site| self.record.catalog().site(site))?;
        (site.file_name() == self.scenario.rust.file).then_some(site.line)
    }

    /// Where a task was last seen. One of a stock executor may be at work and have told nothing of where: it is at the code
    /// that it was spawned with.
    fn site_of(&self, task: &TaskState) -> Option<SiteId> {
        let has_run = !matches!(task.status, TaskStatus::Ready(_));
        let spawned_at = || self.record.catalog().task(task.task).map(|info| info.site);
        task.site.or_else(|| (has_run && self.record.host() == Host::Stock).then(spawned_at).flatten())
    }

    /// The Rust line that was reached last.
    fn reached(&self) -> Option<u32> {
        let log = self.record.log();
        let ran = (0..self.point.index).rev().take(NEAR).find_map(|index| match log.get(index)?.kind {
            EventKind::PollEnded { task, .. } => Some(task),
            _ => None,
        });
        self.line_of(self.state.running_task().or(ran)?)
    }

    /// Where each task is, for those that have run and not ended.
    fn places(&self) -> Places {
        let mut places = Places::new();
        for task in self.state.tasks() {
            let site = self.site_of(task).and_then(|site| self.record.catalog().site(site));
            if let Some(site) = site
                && site.file_name() == self.scenario.rust.file
            {
                places.entry(site.line).or_default().push(task.task);
            }
        }
        places
    }

    /// The number of the Rust line that a line belongs to.
    fn rust_line(&self, source: &Source, line: Line) -> Option<u32> {
        match source.language {
            Language::Rust => Some(line.number),
            Language::Python => line.mark.and_then(|mark| self.scenario.rust.marked(mark)).map(|line| line.number),
        }
    }

    fn line(&self, ui: &mut Ui, language: Language, line: Line, here: &[TaskId]) -> Option<Command> {
        let palette = Palette::of(ui);
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(highlight(language, line.text, palette)));
        let width = ui.available_width().max(TEXT + galley.size().x + 8.0);
        let sense = if here.is_empty() { Sense::hover() } else { Sense::click() };
        let (rect, response) = ui.allocate_exact_size(vec2(width, LINE), sense);
        let running = here.iter().any(|task| self.state.running_task() == Some(*task));
        let is_selected = self.selected.is_some_and(|task| here.contains(&task));
        if running || is_selected {
            ui.painter().rect_filled(rect, 0.0, palette.selection);
        }
        if running {
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            ui.painter().rect_filled(edge, 0.0, palette.running);
        }
        let number = ui.painter().layout_no_wrap(line.number.to_string(), mono(11.5), palette.weak);
        let middle = |height: f32| rect.center().y - height / 2.0;
        ui.painter().galley(pos2(rect.left() + 26.0 - number.size().x, middle(number.size().y)), number, palette.weak);
        let dots = if here.len() > MOST_DOTS { MOST_DOTS / 2 } else { here.len() };
        if here.len() > dots {
            let more = ui.painter().layout_no_wrap(format!("+{}", here.len() - dots), text(10.0), palette.weak);
            let left = rect.left() + 32.0 + dots as f32 * 8.5;
            ui.painter().galley(pos2(left, middle(more.size().y)), more, palette.weak);
        }
        for (place, task) in here.iter().take(dots).enumerate() {
            let center = pos2(rect.left() + 36.0 + place as f32 * 8.5, rect.center().y);
            ui.painter().circle_filled(center, 3.2, palette.task(*task));
        }
        let y = middle(galley.size().y);
        ui.painter().galley(pos2(rect.left() + TEXT, y), galley, palette.text);
        if here.is_empty() {
            return None;
        }
        let names: Vec<&str> = here.iter().take(8).map(|task| self.record.catalog().task_name(*task)).collect();
        let more = here.len().saturating_sub(names.len());
        let names = names.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("{language:?} line {}: {names}", line.number))
        });
        let clicked = response.on_hover_text(format!("Here: {names}")).clicked();
        clicked.then(|| {
            // A further click takes the next one.
            let place = here.iter().position(|task| Some(*task) == self.selected).map_or(0, |place| place + 1);
            Command::Select(here.get(place % here.len()).copied().into())
        })
    }
}
