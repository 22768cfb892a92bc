//! The panel on the right: the Rust that runs and its Python twin, with each task at its current line.

mod places;

use crate::app::Stage;
use crate::app::command::Command;
use crate::app::cursor::Point;
use crate::app::highlight::{LEAST_SIZE, SIZE, highlight};
use crate::app::panels::is_new;
use crate::app::theme::{Palette, bold, mono, text};
use crate::event::{EventKind, TaskId};
use crate::scenarios::{Language, Line, Params, Scenario, SetValue, Source};
use crate::trace::{Languages, Record, State};
use egui::text::LayoutJob;
use egui::{
    Align, Context, Galley, Layout, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use places::{At, Places};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) struct Code<'a> {
    pub(crate) scenario: &'static Scenario,
    /// Of the run that is shown, or of the one that would begin.
    pub(crate) params: &'a Params,
    pub(crate) record: &'a Record,
    pub(crate) state: &'a State,
    pub(crate) languages: Languages,
    pub(crate) selected: Option<TaskId>,
    pub(crate) point: Point,
    /// How many times a lesson was opened: each is read from its top.
    pub(crate) opening: u64,
    /// Before an audience there is the code alone, in one language.
    pub(crate) stage: Stage,
}

/// Height of a row of a line, in points.
const ROW: f32 = 18.0;
/// Rows of a line but the first begin so much further right, in points.
const HANG: f32 = 18.0;
/// More tasks than this at one line are counted.
const MOST_DOTS: usize = 4;
/// Where the text begins, in points: after the number and the dots.
const TEXT: f32 = 66.0;
const TEXT_BESIDE_DOT: f32 = 50.0;
/// What the panel has beside a line, in points: its margins, and a scroll bar.
const MARGINS: f32 = 30.0;
/// How much of a line's colour remains where only a call stands that has not returned.
const PALE: f32 = 0.45;

/// How many events back the task that ran last is looked for.
const NEAR: usize = 32;

/// The tasks at each line of a source.
type Here = BTreeMap<u32, Vec<(TaskId, At)>>;

impl Code<'_> {
    /// The widths that show every line whole, in points, with the margins of the panel: in letters of the usual size, and in
    /// the smallest.
    pub(crate) fn widths(&self, ctx: &Context) -> [f32; 2] {
        let longest = self.longest();
        [SIZE, LEAST_SIZE].map(|size| {
            let letter = ctx.fonts_mut(|fonts| fonts.glyph_width(&mono(size), 'm'));
            (MARGINS + self.text_at() + letter * longest as f32).ceil()
        })
    }

    /// How many letters the longest line has.
    fn longest(&self) -> usize {
        let lines = self.sources().into_iter().flat_map(|source| source.lines_of(self.params));
        lines.map(|line| line.text.chars().count()).max().unwrap_or_default()
    }

    /// The size of letters for a panel of this width: smaller than usual where lines have to be broken otherwise.
    fn size(&self, ui: &Ui) -> f32 {
        let room = ui.available_width() - self.text_at();
        let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&mono(SIZE), 'm'));
        let fits = self.longest() as f32 * letter <= room;
        if fits || self.stage == Stage::Talk { SIZE } else { LEAST_SIZE }
    }

    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let palette = Palette::of(ui);
        let sources = self.sources();
        let size = self.size(ui);
        // A program of one's own has no twin.
        let has_both = !self.scenario.rust.text.is_empty() && !self.scenario.python.text.is_empty();
        if has_both && self.stage == Stage::Desk {
            ui.horizontal(|ui| {
                for choice in Languages::ALL {
                    let is_on = choice == self.languages;
                    let color = if is_on { palette.text } else { palette.weak };
                    let font = if is_on { bold(13.0) } else { text(13.0) };
                    let words = RichText::new(choice.name()).color(color).font(font);
                    if ui.selectable_label(is_on, words).clicked() {
                        commands.push(Command::ShowCode(choice));
                    }
                }
            });
        }
        let sources: Vec<(&Source, Vec<Line>)> =
            sources.into_iter().map(|source| (source, source.lines_of(self.params))).collect();
        let all: usize = sources.iter().map(|(_, lines)| lines.len()).sum();
        let height = ui.available_height();
        for (source, lines) in sources {
            // Each gets its share of the height, so that a short one does not leave room that a long one needs.
            let share = lines.len() as f32 / all.max(1) as f32;
            ui.allocate_ui(vec2(ui.available_width(), height * share), |ui| {
                ui.set_min_height(height * share);
                commands.extend(self.source(ui, source, lines, size));
            });
        }
        commands
    }

    /// Where the text begins, in points: before an audience there is room for one dot.
    fn text_at(&self) -> f32 {
        if self.stage == Stage::Talk { TEXT_BESIDE_DOT } else { TEXT }
    }

    /// How much of its indent a line keeps: before an audience the words need the room.
    fn share_of_indent(&self) -> f32 {
        if self.stage == Stage::Talk { 0.5 } else { 1.0 }
    }

    /// The sources that are shown: those that are chosen, of those that there are.
    fn sources(&self) -> Vec<&'static Source> {
        let Scenario { rust, python, .. } = self.scenario;
        match self.languages {
            _ if rust.text.is_empty() || python.text.is_empty() => {
                [rust, python].into_iter().filter(|source| !source.text.is_empty()).collect()
            }
            Languages::Rust => vec![rust],
            Languages::Both if self.stage == Stage::Talk => vec![python],
            Languages::Python => vec![python],
            Languages::Both => vec![rust, python],
        }
    }

    fn source(&self, ui: &mut Ui, source: &'static Source, lines: Vec<Line>, size: f32) -> Vec<Command> {
        let palette = Palette::of(ui);
        let name = match source.language {
            Language::Rust => "The Rust that runs",
            Language::Python => "The same in Python",
        };
        if self.stage == Stage::Desk {
            ui.horizontal(|ui| {
                ui.label(RichText::new(name).font(text(12.0)).color(palette.weak));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.label(RichText::new(source.file).font(text(12.0)).color(palette.weak));
                });
            });
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let places = Places::of(self.record, self.scenario, source, &lines);
        let mut here = Here::new();
        for task in self.state.tasks() {
            for (line, at) in places.lines(task) {
                here.entry(line).or_default().push((task.task, at));
            }
        }
        let sought = self.sought(ui, source.language, &places);
        let mut commands = Vec::new();
        let mut area = ScrollArea::vertical().id_salt((name, self.scenario.id)).auto_shrink(false);
        if is_new(ui, "opened", (self.opening, source.language)) {
            area = area.vertical_scroll_offset(0.0);
        }
        area.show(ui, |ui| {
            for line in lines {
                let top = ui.cursor().top();
                let tasks = here.get(&line.number).map_or(&[][..], Vec::as_slice);
                commands.extend(self.line(ui, (source.language, size), &line, tasks));
                if sought == Some(line.number) {
                    let left = ui.cursor().left();
                    let shown = Rect::from_x_y_ranges(left..=left, top..=ui.cursor().top());
                    // Before an audience nobody looks elsewhere: what is around the line is seen with it.
                    let align = (self.stage == Stage::Talk).then_some(Align::Center);
                    ui.scroll_to_rect(shown.expand2(vec2(0.0, ROW)), align);
                }
            }
        });
        commands
    }

    /// The line to scroll to: that of the task that runs, else of the selected one, else of the one that ran last. Each is
    /// scrolled into view once and left alone then, so that one may look elsewhere.
    fn sought(&self, ui: &Ui, language: Language, places: &Places<'_>) -> Option<u32> {
        let line_of = |task: TaskId| match self.state.task(task) {
            Some(known) => places.lines(known).first().map(|(line, _)| *line),
            None => self.state.returned.filter(|(of, _)| *of == task).and_then(|(_, site)| places.line(site)),
        };
        let tasks = [self.state.running_task(), self.selected, self.ran_last()];
        let now = tasks.into_iter().flatten().find_map(|task| Some((task, line_of(task)?)));
        let id = ui.scope_id().with(("line in view", language));
        let before = ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default(id), now));
        now.filter(|_| before != now).map(|(_, line)| line)
    }

    /// The task that ran last.
    fn ran_last(&self) -> Option<TaskId> {
        let log = self.record.log();
        (0..self.point.index).rev().take(NEAR).find_map(|index| match log.get(index)?.kind {
            EventKind::PollEnded { task, .. } => Some(task),
            _ => None,
        })
    }

    fn line(
        &self,
        ui: &mut Ui,
        (language, size): (Language, f32),
        line: &Line,
        here: &[(TaskId, At)],
    ) -> Option<Command> {
        let palette = Palette::of(ui);
        let width = ui.available_width();
        let text_at = self.text_at();
        let spaces = indent_of(line);
        let set: Vec<_> = line.values.iter().map(|set| set.place.start - spaces..set.place.end - spaces).collect();
        let highlighted = highlight(language, &line.text[spaces..], &set, size, palette);
        let (indent, galley) = wrapped(ui, highlighted, line, width - text_at, (size, self.share_of_indent()));
        let height = (galley.size().y + ROW - galley.rows.first().map_or(ROW, |row| row.height())).max(ROW);
        let sense = if here.is_empty() { Sense::hover() } else { Sense::click() };
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
        let lit =
            |is_it: &dyn Fn(TaskId) -> bool| here.iter().filter(|(task, _)| is_it(*task)).map(|(_, at)| *at).min();
        let runs = lit(&|task| self.state.running.iter().any(|(_, running)| *running == task));
        let is_selected = lit(&|task| self.selected == Some(task));
        if let Some(at) = runs.into_iter().chain(is_selected).min() {
            let full = palette.selection;
            let color = if at == At::Here { full } else { full.gamma_multiply(PALE) };
            ui.painter().rect_filled(rect, 0.0, color);
        }
        if let Some(at) = runs {
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            let color = if at == At::Here { palette.running } else { palette.running.gamma_multiply(PALE) };
            ui.painter().rect_filled(edge, 0.0, color);
        }
        let middle = |height: f32| rect.top() + (ROW - height) / 2.0;
        let number = ui.painter().layout_no_wrap(line.number.to_string(), mono(11.5), palette.weak);
        ui.painter().galley(pos2(rect.left() + 26.0 - number.size().x, middle(number.size().y)), number, palette.weak);
        self.dots(ui, rect, here);
        let first = galley.rows.first().map_or(0.0, |row| row.height());
        ui.painter().galley(pos2(rect.left() + text_at + indent, middle(first)), galley, palette.text);
        let values = words_of_values(&line.values, &line.text);
        if here.is_empty() {
            if let Some(values) = values {
                let label = || format!("{language:?} line {}: {values}", line.number);
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label()));
                response.on_hover_text(&values);
            }
            return None;
        }
        let words = self.words(here);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("{language:?} line {}: {words}", line.number))
        });
        let tip = format!("Here: {words}") + &values.map_or_else(String::new, |values| format!("\n{values}"));
        let clicked = response.on_hover_text(tip).clicked();
        clicked.then(|| {
            // A further click takes the next one.
            let place = here.iter().position(|(task, _)| Some(*task) == self.selected).map_or(0, |place| place + 1);
            Command::Select(here.get(place % here.len()).map(|(task, _)| *task).into())
        })
    }

    /// A dot for each task at a line: full where it is there itself, a ring where it called from there, a triangle where it
    /// will start.
    fn dots(&self, ui: &Ui, rect: Rect, here: &[(TaskId, At)]) {
        let palette = Palette::of(ui);
        let middle = rect.top() + ROW / 2.0;
        let most = if self.stage == Stage::Talk { 1 } else { MOST_DOTS };
        // Where they are counted, fewer of them are drawn; in no room none.
        let dots = if here.len() > most { most / 2 } else { here.len() };
        if here.len() > dots {
            let sign = if dots == 0 { "×" } else { "+" };
            let words = format!("{sign}{}", here.len() - dots);
            let more = ui.painter().layout_no_wrap(words, text(10.5), palette.weak);
            let left = rect.left() + 32.0 + dots as f32 * 8.5;
            ui.painter().galley(pos2(left, middle - more.size().y / 2.0), more, palette.weak);
        }
        for (place, (task, at)) in here.iter().take(dots).enumerate() {
            let center = pos2(rect.left() + 36.0 + place as f32 * 8.5, middle);
            match at {
                At::Here => ui.painter().circle_filled(center, 3.2, palette.task(*task)),
                At::Calls => ui.painter().circle_stroke(center, 2.7, Stroke::new(1.2, palette.task(*task))),
                At::Starts => {
                    let corners = [vec2(-2.5, -3.4), vec2(3.4, 0.0), vec2(-2.5, 3.4)].map(|by| center + by).to_vec();
                    ui.painter().add(Shape::convex_polygon(corners, palette.task(*task), Stroke::NONE))
                }
            };
        }
    }

    /// Who is at a line: `fetch-1, fetch-2 and 3 more`, `main, in a call`, `fetch-3, which starts here`.
    fn words(&self, here: &[(TaskId, At)]) -> String {
        let name = |(task, at): &(TaskId, At)| {
            let name = self.record.catalog().task_name(*task);
            match at {
                At::Here => name.to_owned(),
                At::Calls => format!("{name}, in a call"),
                At::Starts => format!("{name}, which starts here"),
            }
        };
        let names: Vec<String> = here.iter().take(8).map(name).collect();
        let more = here.len().saturating_sub(names.len());
        names.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
    }
}

/// How far a line is indented, in letters.
fn indent_of(line: &Line) -> usize {
    line.text.len() - line.text.trim_start().len()
}

/// What a line has because of the run: `permits is 5 in this run; it is 3 unless set`.
fn words_of_values(values: &[SetValue], line: &str) -> Option<String> {
    let words = |set: &SetValue| {
        let now = line.get(set.place.clone()).unwrap_or_default();
        format!("{} is {now} in this run; it is {} unless set", set.name, set.default)
    };
    (!values.is_empty()).then(|| values.iter().map(words).collect::<Vec<_>>().join("\n"))
}

/// A line in letters of a size that fits into a width: what does not fit goes on below, a little further right. Where its text
/// begins, and the text. The line keeps a share of its indent.
fn wrapped(ui: &Ui, job: LayoutJob, line: &Line, width: f32, (size, share): (f32, f32)) -> (f32, Arc<Galley>) {
    let spaces = indent_of(line);
    let sign = ui.fonts_mut(|fonts| fonts.glyph_width(&mono(size), ' '));
    // Where there is next to no room, an indent must not take it all.
    let indent = (spaces as f32 * sign * share).min(width / 2.0);
    let laid_out = |hang: f32| {
        let mut job = job.clone();
        job.wrap.max_width = (width - indent - hang).max(sign * 8.0);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let whole = laid_out(0.0);
    if whole.rows.len() <= 1 {
        return (indent, whole);
    }
    let mut galley = laid_out(HANG);
    let hanging = Arc::make_mut(&mut galley);
    for row in hanging.rows.iter_mut().skip(1) {
        row.pos.x += HANG;
    }
    hanging.mesh_bounds.max.x += HANG;
    (indent, galley)
}
