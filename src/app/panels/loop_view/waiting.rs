//! The box of what waits: timers by deadline, each shared thing with those in line for it, the ends of other tasks, jobs
//! of the threads that may block, input and output.

use super::chip::{BELOW, CHIP, line};
use super::groups::Groups;
use super::moves::Place;
use super::{LoopView, MOST_CHIPS, Scene, grouped};
use crate::app::command::Command;
use crate::app::selection::Selection;
use crate::event::{JobId, ResourceId, TaskId, WaitOn};
use crate::trace::{RunPhase, WaitInfo, wait_label};
use egui::{Align, Layout, Pos2, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Height of a group's title, in points; and with the space below it.
pub(super) const HEAD: f32 = 13.0;
const TITLE: f32 = HEAD + BELOW;
/// With less room than this for all that waits, timers show no deadline, only what is left.
const ROOM_FOR_DEADLINES: f32 = 520.0;
/// Where there is more to show than timers, they take as many columns at most.
const TIMER_COLUMNS: usize = 3;
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
                let blocks = self.blocks(&groups);
                let most = if blocks.is_empty() { MOST_CHIPS } else { MOST_CHIPS.min(rows * TIMER_COLUMNS) };
                self.timers(ui, origin, rows, most, has_room);
                for column in columns_of(blocks, ui.available_height()) {
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
    pub(super) fn group(&mut self, ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Self, &mut Ui)) {
        let palette = self.palette;
        ui.vertical(|ui| {
            let galley = line(ui, title, 12.0, palette.weak, 240.0);
            let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, HEAD), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
            ui.painter().galley(rect.min - vec2(0.0, 1.0), galley, palette.weak);
            contents(self, ui);
        });
    }

    /// Things one below another, in as many columns as it takes; of very many the first.
    pub(super) fn columns<T>(
        &mut self,
        ui: &mut Ui,
        all: &[T],
        rows: usize,
        mut show: impl FnMut(&mut Self, &mut Ui, &T),
    ) {
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
                    WaitOn::FirstOf(tasks) => format!("for the first of {}", tasks.len()),
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
        let (rect, response) = ui.allocate_exact_size(vec2(words.size().x + 12.0, CHIP), Sense::click());
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
