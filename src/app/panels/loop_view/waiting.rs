//! The box of what waits: timers by deadline, each shared thing with those in line for it, the ends of other tasks, jobs
//! of the threads that may block, input and output.

use super::chip::{BELOW, CHIP, chip_width, line};
use super::groups::Groups;
use super::moves::Place;
use super::{LoopView, MOST_CHIPS, Scene, grouped};
use crate::app::command::Command;
use crate::app::panels::level::{Level, kind_name};
use crate::app::panels::short;
use crate::app::selection::Selection;
use crate::app::theme::bold;
use crate::event::{JobId, Nanos, ResourceId, TaskId, TimerId, WaitId, WaitOn, WaitOp};
use crate::trace::{RunPhase, TaskStatus, WaitInfo, wait_label};
use egui::{Align, Layout, Pos2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Height of a group's title, in points.
const TITLE: f32 = 17.0;
/// With less room than this for all that waits, timers show no deadline, only what is left.
const ROOM_FOR_DEADLINES: f32 = 520.0;
/// More shared things than this are counted; those that nobody waits for first.
const MOST_SHARED: usize = 24;
/// Of more jobs than this, the last are looked at.
const MOST_JOBS: usize = 256;

impl Scene<'_> {
    pub(super) fn waiting(&mut self, ui: &mut Ui) {
        let LoopView { state, .. } = *self.view;
        if state.phase == RunPhase::NotStarted {
            self.hint(
                ui,
                "Tasks that have given control back and wait: for a timer, for each other, for something shared.",
            );
            return;
        }
        let room = ui.available_width();
        ScrollArea::horizontal().id_salt("waiting").auto_shrink(false).show(ui, |ui| {
            let groups = Groups::of(self.view);
            let origin = ui.max_rect().min;
            if state.waiting().next().is_none() && state.timers.is_empty() && groups.resources.is_empty() {
                self.hint(ui, "nobody");
            }
            let rows = (((ui.available_height() - TITLE + BELOW) / (CHIP + BELOW)) as usize).max(1);
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                ui.spacing_mut().item_spacing = vec2(10.0, BELOW);
                let has_room = room > ROOM_FOR_DEADLINES;
                self.timers(ui, origin, rows, has_room);
                for column in columns_of(self.blocks(&groups), ui.available_height()) {
                    ui.vertical(|ui| {
                        for block in column {
                            self.block(ui, &groups, block, origin, rows, has_room);
                        }
                    });
                }
                if groups.unread > 0 {
                    self.hint(ui, &format!("+ {} more wait", grouped(groups.unread)));
                }
            });
        });
    }

    /// A title with what belongs to it below.
    fn group(&mut self, ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Self, &mut Ui)) {
        let palette = self.palette;
        ui.vertical(|ui| {
            let galley = line(ui, title, 12.0, palette.weak, 240.0);
            let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, TITLE - BELOW), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
            ui.painter().galley(rect.min - vec2(0.0, 1.0), galley, palette.weak);
            contents(self, ui);
        });
    }

    /// Things one below another, in as many columns as it takes; of very many the first.
    fn columns<T>(&mut self, ui: &mut Ui, all: &[T], rows: usize, mut show: impl FnMut(&mut Self, &mut Ui, &T)) {
        let shown = all.get(..MOST_CHIPS).unwrap_or(all);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            for column in shown.chunks(rows) {
                ui.vertical(|ui| column.iter().for_each(|thing| show(self, ui, thing)));
            }
            if shown.len() < all.len() {
                self.hint(ui, &format!("+ {} more", grouped(all.len() - shown.len())));
            }
        });
    }

    /// Timers, the one that is due first at the top. Beside one that a task sleeps on stands the task.
    fn timers(&mut self, ui: &mut Ui, origin: Pos2, rows: usize, has_room: bool) {
        let LoopView { record, state, .. } = *self.view;
        let sleeps_on = |task: TaskId, timer: TimerId| {
            let wait = state.task(task).and_then(|task| task.waits.last().copied());
            let on = wait.and_then(|wait| record.wait(wait)).map(|wait| wait.on);
            let is_it = matches!(on, Some(WaitOn::Sleep { timer: on, .. }) if on == timer);
            is_it && state.task(task).is_some_and(|task| task.status == TaskStatus::Waiting)
        };
        let total = state.timers.len();
        let shown: Vec<(Nanos, TimerId, TaskId, bool)> = state
            .timers
            .iter()
            .take(MOST_CHIPS)
            .map(|(&(deadline, timer), &task)| (deadline, timer, task, sleeps_on(task, timer)))
            .collect();
        if shown.is_empty() {
            return;
        }
        let width = |task: TaskId| chip_width(ui, record.catalog().task_name(task), None) + 4.0;
        let widest =
            shown.iter().filter(|(.., sleeps)| *sleeps).map(|(_, _, task, _)| width(*task)).fold(0.0, f32::max);
        self.group(ui, if total == 1 { "timer" } else { "timers, next first" }, |scene, ui| {
            scene.columns(ui, &shown, rows, |scene, ui, (deadline, timer, task, sleeps)| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    let left = ui.cursor().left();
                    if *sleeps {
                        scene.chip(ui, *task, None, Place::Waiting, origin);
                    } else {
                        scene.limit_of(ui, *task);
                    }
                    // The bars stand below one another.
                    ui.add_space((widest - (ui.cursor().left() - left)).max(0.0));
                    scene.timer(ui, *timer, *task, *deadline, has_room);
                });
            });
            if total > MOST_CHIPS {
                scene.hint(ui, &format!("+ {} more timers", grouped(total - MOST_CHIPS)));
            }
        });
    }

    /// Whose a timer is that nobody sleeps on: it limits how long something may take.
    fn limit_of(&mut self, ui: &mut Ui, task: TaskId) {
        let words = format!("limit of {}", self.view.record.catalog().task_name(task));
        let galley = line(ui, &words, 11.5, self.palette.weak, 150.0);
        let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, CHIP), Sense::hover());
        ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, self.palette.weak);
    }

    /// What is left of a timer: in words and as a bar that shrinks. A click selects it.
    fn timer(&mut self, ui: &mut Ui, timer: TimerId, task: TaskId, deadline: Nanos, has_room: bool) {
        let palette = self.palette;
        let LoopView { record, point, selected, .. } = *self.view;
        let left = deadline - point.at;
        let words = line(ui, &short(left), 11.5, palette.text, 80.0);
        let due = has_room.then(|| line(ui, &format!("due {}", short(deadline)), 11.5, palette.weak, 90.0));
        let width = words.size().x + due.as_ref().map_or(0.0, |due| due.size().x + 8.0) + 8.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width.max(42.0), CHIP), Sense::click());
        let name = record.catalog().task_name(task);
        let spoken = format!("timer of {name}, {} left", short(left));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.clone()));
        let is_selected = selected == Selection::Timer(timer) || response.has_focus();
        if response.hovered() || is_selected {
            ui.painter().rect_filled(rect, 4.0, if is_selected { palette.selection } else { palette.hovered });
        }
        if is_selected {
            ui.painter().rect_stroke(rect, 4.0, Stroke::new(1.5, palette.running), StrokeKind::Inside);
        }
        let y = rect.top() + 1.5;
        ui.painter().galley(pos2(rect.left() + 4.0, y), words, palette.text);
        if let Some(due) = due {
            ui.painter().galley(pos2(rect.right() - 4.0 - due.size().x, y), due, palette.weak);
        }
        let bar = Rect::from_min_max(pos2(rect.left() + 4.0, rect.bottom() - 5.5), rect.max - vec2(4.0, 2.0));
        ui.painter().rect_filled(bar, 2.0, palette.raised);
        let armed = record.timer(timer).map_or(0, |info| info.armed);
        let whole = deadline - record.log().time_at(armed + 1);
        let share = (left.0 as f32 / whole.0.max(1) as f32).clamp(0.0, 1.0);
        let filled = bar.with_max_x(bar.left() + bar.width() * share);
        ui.painter().rect_filled(filled, 2.0, palette.running);
        let tip = format!("{name}: due at {:.3} s, {left} left of {whole}", deadline.as_secs_f64());
        if response.on_hover_text(tip).clicked() {
            self.commands.push(Command::Select(Selection::Timer(timer)));
        }
    }

    /// What there is to show beside the timers.
    fn blocks(&self, groups: &Groups) -> Vec<Block> {
        let is_crowded = groups.resources.len() > MOST_SHARED;
        let shown = groups.resources.iter().filter(|(_, waiters)| !is_crowded || !waiters.is_empty());
        let shared = shown.take(MOST_SHARED).map(|(resource, waiters)| (BlockKind::Shared(*resource), waiters.len()));
        let mut blocks: Vec<(BlockKind, usize)> = shared.collect();
        if blocks.len() < groups.resources.len() {
            blocks.push((BlockKind::MoreShared(groups.resources.len() - blocks.len()), 0));
        }
        let rest = [
            (BlockKind::Joins, groups.joins.len()),
            (BlockKind::Jobs, self.jobs_of(&groups.jobs).len()),
            (BlockKind::Outside, groups.outside.len()),
            (BlockKind::Others, groups.others.len()),
        ];
        blocks.extend(rest.into_iter().filter(|(_, count)| *count > 0));
        blocks.into_iter().map(|(kind, chips)| Block { kind, chips }).collect()
    }

    fn block(&mut self, ui: &mut Ui, groups: &Groups, block: Block, origin: Pos2, rows: usize, has_room: bool) {
        match block.kind {
            BlockKind::Shared(resource) => {
                let waiters = groups.resources.get(&resource).map_or(&[][..], Vec::as_slice);
                self.shared_thing(ui, resource, waiters, origin, rows);
            }
            BlockKind::MoreShared(count) => self.hint(ui, &format!("+ {} more shared things", grouped(count))),
            BlockKind::Joins => self.joins(ui, &groups.joins, origin, rows, has_room),
            BlockKind::Jobs => self.jobs(ui, &groups.jobs, origin, rows),
            BlockKind::Outside => self.outside(ui, &groups.outside, origin, rows),
            BlockKind::Others => self.group(ui, "something else", |scene, ui| {
                scene.columns(ui, &groups.others, rows, |scene, ui, task| {
                    scene.chip(ui, *task, None, Place::Waiting, origin);
                });
            }),
        }
    }

    fn shared_thing(
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
        let (rect, response) = ui.allocate_exact_size(vec2(width, TITLE - BELOW), Sense::click());
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

    /// Tasks that wait for the end of others, with how many are left, or which one.
    fn joins(&mut self, ui: &mut Ui, joins: &[(TaskId, WaitInfo)], origin: Pos2, rows: usize, has_room: bool) {
        if joins.is_empty() {
            return;
        }
        self.group(ui, "other tasks", |scene, ui| {
            scene.columns(ui, joins, rows, |scene, ui, (task, wait)| {
                let name = |task| scene.view.record.catalog().task_name(task);
                let note = match &wait.on {
                    WaitOn::Join(other) => format!("for {}", name(*other)),
                    WaitOn::Gather(tasks) if has_room => {
                        format!("for {} of {} tasks", Groups::left(scene.view, tasks), tasks.len())
                    }
                    WaitOn::Gather(tasks) => format!("{} left", Groups::left(scene.view, tasks)),
                    _ => String::new(),
                };
                scene.chip(ui, *task, Some(&note), Place::Waiting, origin);
            });
        });
    }

    /// Jobs on the threads that may block, each with the task that waits for it, where one does.
    fn jobs_of(&self, waiting: &[(TaskId, JobId)]) -> Vec<(JobId, Option<TaskId>)> {
        let LoopView { record, point, .. } = *self.view;
        let under_way = record
            .catalog()
            .jobs()
            .rev()
            .take(MOST_JOBS)
            .filter(|job| job.queued < point.index && job.finished.is_none_or(|finished| finished >= point.index));
        let mut all: Vec<(JobId, Option<TaskId>)> = under_way.map(|job| (job.job, None)).collect();
        all.reverse();
        for (task, job) in waiting {
            match all.iter_mut().find(|(other, waiter)| other == job && waiter.is_none()) {
                Some((_, waiter)) => *waiter = Some(*task),
                None => all.push((*job, Some(*task))),
            }
        }
        all
    }

    fn jobs(&mut self, ui: &mut Ui, waiting: &[(TaskId, JobId)], origin: Pos2, rows: usize) {
        let all = self.jobs_of(waiting);
        self.group(ui, "jobs on other threads", |scene, ui| {
            scene.columns(ui, &all, rows, |scene, ui, (job, task)| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    if let Some(task) = task {
                        scene.chip(ui, *task, None, Place::Waiting, origin);
                    }
                    scene.job(ui, *job);
                });
            });
        });
    }

    /// A job: its name, and whether a thread has begun with it. A click selects it.
    fn job(&mut self, ui: &mut Ui, job: JobId) {
        let palette = self.palette;
        let LoopView { record, point, selected, .. } = *self.view;
        let info = record.catalog().job(job);
        let has_begun = info.and_then(|info| info.started).is_some_and(|started| started < point.index);
        let does = if has_begun { "runs" } else { "waits for a thread" };
        let spoken = format!("job {}, {does}", record.catalog().job_name(job));
        let words = line(ui, &spoken, 11.5, palette.text, 200.0);
        let (rect, response) = ui.allocate_exact_size(words.size() + vec2(12.0, 0.0), Sense::click());
        let rect = rect.with_max_y(rect.min.y + CHIP);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.clone()));
        let is_selected = selected == Selection::Job(job) || response.has_focus();
        let color = if is_selected { palette.running } else { palette.border };
        if response.hovered() {
            ui.painter().rect_filled(rect, 4.0, palette.hovered);
        }
        ui.painter().rect_stroke(
            rect,
            4.0,
            Stroke::new(if is_selected { 1.5 } else { 1.0 }, color),
            StrokeKind::Inside,
        );
        ui.painter().galley(pos2(rect.left() + 6.0, rect.center().y - words.size().y / 2.0), words, palette.text);
        if response.clicked() {
            self.commands.push(Command::Select(Selection::Job(job)));
        }
    }

    /// Tasks that wait for what comes from outside the program, with what that is.
    fn outside(&mut self, ui: &mut Ui, outside: &[(TaskId, WaitInfo)], origin: Pos2, rows: usize) {
        if outside.is_empty() {
            return;
        }
        self.group(ui, "input, output, other libraries", |scene, ui| {
            scene.columns(ui, outside, rows, |scene, ui, (task, wait)| {
                let note = wait_label(scene.view.record.catalog(), &wait.on);
                scene.chip(ui, *task, Some(&note), Place::Waiting, origin);
            });
        });
    }
}

/// A title with chips below it.
#[derive(Debug, Clone, Copy)]
struct Block {
    kind: BlockKind,
    chips: usize,
}

#[derive(Debug, Clone, Copy)]
enum BlockKind {
    Shared(ResourceId),
    MoreShared(usize),
    Joins,
    Jobs,
    Outside,
    Others,
}

/// Blocks one below another as long as there is room, then in a further column.
fn columns_of(blocks: Vec<Block>, height: f32) -> Vec<Vec<Block>> {
    let mut columns: Vec<Vec<Block>> = Vec::new();
    let mut left = 0.0;
    for block in blocks {
        let needs = TITLE + BELOW + block.chips as f32 * (CHIP + BELOW);
        match columns.last_mut().filter(|_| needs <= left) {
            Some(column) => column.push(block),
            None => {
                columns.push(vec![block]);
                left = height;
            }
        }
        left -= needs;
    }
    columns
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
