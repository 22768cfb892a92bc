//! The loop at the cursor: ready queue, running, waiting, done.

use super::{badge, short};
use crate::app::command::Command;
use crate::app::cursor::Point;
use crate::app::theme::{Palette, bold, text};
use crate::event::{EnqueueCause, EventKind, ResourceId, ResourceState, TaskId, WaitOn};
use crate::trace::{Record, RunPhase, State, TaskStatus, wait_label};
use egui::{Align, Frame, Layout, Margin, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeMap;

pub(crate) struct LoopView<'a> {
    pub(crate) record: &'a Record,
    pub(crate) state: &'a State,
    pub(crate) point: Point,
    pub(crate) selected: Option<TaskId>,
}

/// More chips than this in one place are counted, not drawn.
const MOST_CHIPS: usize = 60;
/// Space between the boxes, in points.
const GAP: f32 = 8.0;

impl LoopView<'_> {
    pub(crate) fn show(&self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
        let area = ui.available_rect_before_wrap();
        let width = area.width() - 3.0 * GAP;
        let side = (width * 0.165).clamp(116.0, 170.0);
        let widths = [side, side, width - 3.0 * side, side];
        let mut left = area.left();
        for (place, width) in widths.into_iter().enumerate() {
            let rect = Rect::from_min_size(pos2(left, area.top()), vec2(width, area.height()));
            left += width + GAP;
            let selected = match place {
                0 => self.boxed(ui, rect, false, "Ready queue", |ui| self.ready(ui)),
                1 => self.boxed(ui, rect, !self.state.running.is_empty(), "Running", |ui| self.running(ui)),
                2 => self.boxed(ui, rect, false, "Waiting", |ui| self.waiting(ui)),
                _ => self.boxed(ui, rect, false, "Done", |ui| self.done(ui)),
            };
            commands.extend(selected.map(|task| Command::Select(task.into())));
        }
        ui.advance_cursor_after_rect(area);
        commands
    }

    fn boxed(
        &self,
        ui: &mut Ui,
        rect: Rect,
        is_active: bool,
        title: &str,
        contents: impl FnOnce(&mut Ui) -> Option<TaskId>,
    ) -> Option<TaskId> {
        let palette = Palette::of(ui);
        let stroke = if is_active { Stroke::new(2.0, palette.running) } else { Stroke::new(1.0, palette.border) };
        let frame = Frame::new().stroke(stroke).corner_radius(6).inner_margin(Margin::same(8));
        let builder = egui::UiBuilder::new().max_rect(rect);
        ui.scope_builder(builder, |ui| {
            frame
                .show(ui, |ui| {
                    ui.set_min_size(ui.available_size());
                    ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
                    let count = match title {
                        "Ready queue" => self.state.ready.len(),
                        "Waiting" => self.state.waiting().count(),
                        "Done" => self.state.ended_in_all(),
                        _ => 0,
                    };
                    let heading = if count > 0 { format!("{title} · {count}") } else { title.to_owned() };
                    ui.label(RichText::new(heading).font(bold(12.0)).color(palette.weak));
                    ScrollArea::both().id_salt(title).auto_shrink(false).show(ui, contents).inner
                })
                .inner
        })
        .inner
    }

    fn ready(&self, ui: &mut Ui) -> Option<TaskId> {
        if self.state.ready.is_empty() {
            let text = match self.state.phase {
                RunPhase::NotStarted => "Tasks that can go on stand here, in order, until the loop runs them.",
                _ => "empty",
            };
            hint(ui, text);
        }
        self.chips(ui, self.state.ready.iter().copied(), |_| None)
    }

    fn running(&self, ui: &mut Ui) -> Option<TaskId> {
        let Some(task) = self.state.running_task() else {
            let text = match self.state.phase {
                RunPhase::NotStarted => "One task at a time runs here.",
                RunPhase::Ended(_) => "the run is over",
                RunPhase::Idle(_) => "nothing: the loop sleeps",
                RunPhase::Working => "nothing",
            };
            hint(ui, text);
            return None;
        };
        let selected = self.chips(ui, self.state.running.iter().map(|(_, task)| *task), |_| None);
        if let Some(by) = self.woken_by(task) {
            hint(ui, &by);
        }
        selected
    }

    /// Why the running task was made ready.
    fn woken_by(&self, task: TaskId) -> Option<String> {
        let log = self.record.log();
        let lane = self.record.lane(task)?;
        let ready = lane.last_before(self.point.index, |span| span.state == crate::trace::SpanState::Ready)?;
        let EventKind::Enqueued { cause, .. } = &log.get(ready.first)?.kind else { return None };
        let name = |task: TaskId| self.record.catalog().task_name(task);
        Some(match cause {
            EnqueueCause::Spawned => "just spawned".to_owned(),
            EnqueueCause::WokenBy(by) => format!("woken by {}", name(*by)),
            EnqueueCause::Timer(_) => "woken by its timer".to_owned(),
            EnqueueCause::Joined(ended) => format!("{} has ended", name(*ended)),
            EnqueueCause::Gathered(last) => format!("{} was the last to end", name(*last)),
            EnqueueCause::OwnYield(_) => "it yielded before".to_owned(),
            EnqueueCause::Cancelled => "cancelled".to_owned(),
            EnqueueCause::Io => "woken by input or output".to_owned(),
            EnqueueCause::OtherThread => "woken by another thread".to_owned(),
            EnqueueCause::JobDone(job) => format!("the job {} is done", self.record.catalog().job_name(*job)),
            EnqueueCause::Answered => "the user answered".to_owned(),
            EnqueueCause::BeforeRecord => "ready before the record began".to_owned(),
        })
    }

    fn done(&self, ui: &mut Ui) -> Option<TaskId> {
        if self.state.ended_in_all() == 0 {
            hint(ui, if self.state.phase == RunPhase::NotStarted { "Tasks that have ended." } else { "none yet" });
        }
        self.chips(ui, self.record.ended(self.state).map(|(task, _)| task), |_| None)
    }

    /// What waits, by what it waits for: timers, each shared thing, other tasks.
    fn waiting(&self, ui: &mut Ui) -> Option<TaskId> {
        let (mut joins, mut outside, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let mut resources: BTreeMap<ResourceId, Vec<TaskId>> =
            self.state.resources.keys().map(|resource| (*resource, Vec::new())).collect();
        for (task, known) in self.state.waiting() {
            match known.waits.last().and_then(|wait| self.record.wait(*wait)).map(|wait| wait.on) {
                Some(WaitOn::Sleep { .. }) => {}
                Some(WaitOn::Join(_) | WaitOn::Gather(_)) => joins.push(task),
                Some(WaitOn::Resource(resource, _)) => match resources.get_mut(&resource) {
                    Some(waiters) => waiters.push(task),
                    None => others.push(task),
                },
                Some(WaitOn::Job(_) | WaitOn::Input(_) | WaitOn::Stream(_) | WaitOn::Io(_) | WaitOn::Foreign(_)) => {
                    outside.push(task)
                }
                None => others.push(task),
            }
        }
        let mut selected = None;
        if self.state.phase == RunPhase::NotStarted {
            hint(ui, "Tasks that have given control back and wait: for a timer, for each other, for something shared.");
        }
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            if !self.state.timers.is_empty() {
                selected = selected.or(column(ui, "timers, next first", |ui| self.timers(ui)));
            }
            for (resource, waiters) in resources {
                let contents = |ui: &mut Ui| self.chips(ui, waiters.iter().copied(), |_| None);
                selected = selected.or(column(ui, &self.resource_title(resource), contents));
            }
            if !joins.is_empty() {
                let contents = |ui: &mut Ui| self.chips(ui, joins.iter().copied(), |task| self.left_to_join(task));
                selected = selected.or(column(ui, "other tasks", contents));
            }
            if !outside.is_empty() {
                let contents = |ui: &mut Ui| self.chips(ui, outside.iter().copied(), |task| self.awaited(task));
                selected = selected.or(column(ui, "the world outside", contents));
            }
            if !others.is_empty() {
                let contents = |ui: &mut Ui| self.chips(ui, others.iter().copied(), |_| None);
                selected = selected.or(column(ui, "something else", contents));
            }
        });
        selected
    }

    fn resource_title(&self, resource: ResourceId) -> String {
        let name = self.record.catalog().resource_name(resource);
        match self.state.resources.get(&resource).copied().flatten() {
            Some(ResourceState::Queue { length }) => format!("{name}, {length} in it"),
            Some(ResourceState::Semaphore { free }) => format!("{name}, {free} free"),
            Some(ResourceState::Lock { holder: Some(holder) }) => {
                format!("{name}, held by {}", self.record.catalog().task_name(holder))
            }
            Some(ResourceState::Lock { holder: None }) => format!("{name}, free"),
            Some(ResourceState::Event { is_set: true }) => format!("{name}, set"),
            Some(ResourceState::Event { is_set: false }) => format!("{name}, not set"),
            Some(ResourceState::OneShot { is_sent: true }) => format!("{name}, sent"),
            Some(ResourceState::Broadcast { length }) => format!("{name}, {length} in it"),
            Some(ResourceState::Held { is_open: true }) => format!("{name}, open"),
            Some(ResourceState::Held { is_open: false }) => format!("{name}, closed"),
            Some(ResourceState::Condition { .. } | ResourceState::Barrier { .. } | ResourceState::OneShot { .. })
            | None => name.to_owned(),
        }
    }

    /// What a task waits for, in a few words.
    fn awaited(&self, task: TaskId) -> Option<String> {
        let catalog = self.record.catalog();
        let wait = self.state.task(task)?.waits.last().and_then(|wait| self.record.wait(*wait))?;
        Some(wait_label(catalog, &wait.on))
    }

    /// How many tasks a gathering task still waits for.
    fn left_to_join(&self, task: TaskId) -> Option<String> {
        let catalog = self.record.catalog();
        let wait = self.state.task(task)?.waits.last().and_then(|wait| self.record.wait(*wait))?;
        let is_open = |task: &TaskId| self.state.task(*task).is_some();
        match &wait.on {
            WaitOn::Gather(tasks) => Some(format!("{} left", tasks.iter().filter(|task| is_open(task)).count())),
            WaitOn::Join(other) => Some(catalog.task_name(*other).to_owned()),
            _ => None,
        }
    }

    fn timers(&self, ui: &mut Ui) -> Option<TaskId> {
        let palette = Palette::of(ui);
        let mut selected = None;
        // A task that has set its timer and still runs does not wait yet.
        let waits = |task: TaskId| self.state.task(task).is_some_and(|task| task.status == TaskStatus::Waiting);
        let waiting = || self.state.timers.iter().filter(|(_, task)| waits(**task));
        for (&(deadline, timer), &task) in waiting().take(MOST_CHIPS) {
            let left = deadline - self.point.at;
            if self.chip(ui, task, Some(&short(left))).clicked() {
                selected = Some(task);
            }
            let armed = self.record.timer(timer).map_or(0, |info| info.armed);
            let whole = deadline - self.record.log().time_at(armed + 1);
            let share = left.0 as f32 / whole.0.max(1) as f32;
            let (bar, _) = ui.allocate_exact_size(vec2(120.0, 4.0), Sense::hover());
            ui.painter().rect_filled(bar, 2.0, palette.raised);
            let filled = Rect::from_min_size(bar.min, vec2(bar.width() * share.clamp(0.0, 1.0), bar.height()));
            ui.painter().rect_filled(filled, 2.0, palette.running);
        }
        more(ui, waiting().count());
        selected
    }

    fn chips(
        &self,
        ui: &mut Ui,
        tasks: impl Iterator<Item = TaskId>,
        note: impl Fn(TaskId) -> Option<String>,
    ) -> Option<TaskId> {
        let mut selected = None;
        let mut count = 0;
        for task in tasks {
            count += 1;
            if count <= MOST_CHIPS && self.chip(ui, task, note(task).as_deref()).clicked() {
                selected = Some(task);
            }
        }
        more(ui, count);
        selected
    }

    /// A task as a thing: its state's letter, its colour, its name.
    fn chip(&self, ui: &mut Ui, task: TaskId, note: Option<&str>) -> egui::Response {
        let palette = Palette::of(ui);
        let name = self.record.catalog().task_name(task);
        let layout = |ui: &Ui, text: &str, size, color| {
            ui.painter().layout_no_wrap(text.to_owned(), crate::app::theme::text(size), color)
        };
        let name_text = layout(ui, name, 12.5, palette.text);
        let note_text = note.map(|note| layout(ui, note, 11.5, palette.weak));
        let width = 44.0 + name_text.size().x + note_text.as_ref().map_or(0.0, |note| note.size().x + 8.0);
        let (rect, response) = ui.allocate_exact_size(vec2(width, 22.0), Sense::click());
        let spoken = super::describe(self.record, self.state, self.point.at, task);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("chip {spoken}")));
        let fill = if response.hovered() { palette.hovered } else { palette.raised };
        ui.painter().rect_filled(rect, 5.0, fill);
        if self.selected == Some(task) || response.has_focus() {
            let stroke = Stroke::new(1.5, palette.running);
            ui.painter().rect_stroke(rect, 5.0, stroke, egui::StrokeKind::Inside);
        }
        let letter = Rect::from_min_size(rect.min + vec2(3.0, 3.0), vec2(16.0, 16.0));
        badge(ui.painter(), letter, self.record.status(self.state, task), palette);
        ui.painter().circle_filled(pos2(letter.right() + 8.0, rect.center().y), 3.5, palette.task(task));
        let mut x = letter.right() + 16.0;
        for part in [Some(name_text), note_text].into_iter().flatten() {
            let place = pos2(x, rect.center().y - part.size().y / 2.0);
            x += part.size().x + 8.0;
            ui.painter().galley(place, part, palette.text);
        }
        response.on_hover_text(spoken)
    }
}

fn column(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui) -> Option<TaskId>) -> Option<TaskId> {
    ui.vertical(|ui| {
        let color = Palette::of(ui).weak;
        ui.label(RichText::new(title).font(text(12.0)).color(color));
        contents(ui)
    })
    .inner
}

fn hint(ui: &mut Ui, words: &str) {
    let color = Palette::of(ui).weak;
    ui.label(RichText::new(words).font(text(12.0)).color(color));
}

/// Says how many were not drawn.
fn more(ui: &mut Ui, count: usize) {
    if count > MOST_CHIPS {
        hint(ui, &format!("and {} more", count - MOST_CHIPS));
    }
}
