//! The box of what waits: timers by deadline, each shared thing with those in line for it, the ends of other tasks, jobs
//! of the threads that may block, input and output.

use super::chip::{BELOW, CHIP, chip_width, line};
use super::groups::Groups;
use super::moves::Place;
use super::shared::what_of_it;
use super::timers::Armed;
use super::{LoopView, MOST_CHIPS, Scene, grouped};
use crate::app::command::Command;
use crate::app::selection::Selection;
use crate::event::{JobId, ResourceId, TaskId, WaitId, WaitOn};
use crate::trace::{RunPhase, WaitInfo, tasks_label, wait_label};
use egui::{Align, Layout, Pos2, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::collections::HashMap;

/// Height of a group's title, in points; and with the space below it.
pub(super) const HEAD: f32 = 13.0;
const TITLE: f32 = HEAD + BELOW;
/// With less room than this for all that waits, it is told in short.
const ROOM_FOR_DETAIL: f32 = 400.0;
/// Where there is more to show than timers, they take as many columns at most.
const TIMER_COLUMNS: usize = 3;
/// More shared things than this are counted; those that nobody waits for first.
const MOST_SHARED: usize = 24;
/// Space between columns of blocks, and of chips within one, in points.
const COLUMN_GAP: f32 = 10.0;
const APART: f32 = 6.0;
/// The width of the line that counts shared things, and the greatest of a job, in points.
const SHARED: f32 = 120.0;
const JOB: f32 = 200.0;
/// The room for the words that tell of more below, in points.
pub(super) const MORE: f32 = 48.0;
/// With less room than this, in points, the chips of what waits have the bare numbers.
const ROOM_FOR_WORDS: f32 = 180.0;
/// The width of its arrow alone, with the space around it.
pub(super) const ARROW: f32 = 24.0;
/// What the box has beside its contents, in points.
const MARGINS: f32 = 14.0;
/// Of more jobs than this, the last are looked at.
const MOST_JOBS: usize = 256;

/// What waits, sorted into blocks.
#[derive(Default)]
pub(super) struct Held {
    groups: Groups,
    timers: [Vec<Armed>; 2],
    more_timers: usize,
    blocks: Vec<Block>,
}

/// How much is said about each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Also when timers are due, and in full for which tasks one waits.
    Full,
    Short,
    /// Of timers the time alone: their bars tell that it is what is left.
    Least,
}

impl Scene<'_> {
    /// Looks once in a frame for what waits, to be shown in this height.
    pub(super) fn find_waiting(&mut self, height: f32) {
        if self.view.state.phase == RunPhase::NotStarted {
            return;
        }
        let groups = Groups::of(self.view);
        let mut blocks = self.blocks(&groups);
        let most = if blocks.is_empty() { MOST_CHIPS } else { MOST_CHIPS.min(rows_in(height) * TIMER_COLUMNS) };
        let (timers, more_timers) = self.armed(most);
        let of_timers =
            [(BlockKind::Sleeps, timers[0].len()), (BlockKind::Limits, timers[1].len() + more_timers.min(1))];
        let of_timers = of_timers.into_iter().filter(|(_, chips)| *chips > 0);
        blocks.splice(0..0, of_timers.map(|(kind, chips)| Block { kind, chips }));
        self.held = Held { groups, timers, more_timers, blocks };
    }

    /// How wide the box would have to be to show all that waits in this height, in points.
    pub(super) fn waiting_width(&self, ui: &Ui, height: f32) -> f32 {
        let widths = self.widths(ui, &self.held, Detail::Least);
        Arrangement::of(&self.held.blocks, &widths, height).width + MARGINS
    }

    pub(super) fn waiting(&mut self, ui: &mut Ui) {
        let LoopView { state, .. } = *self.view;
        if state.phase == RunPhase::NotStarted {
            self.hint(ui, "Tasks that gave control back and wait: for a timer, for each other, for something shared.");
            return;
        }
        let room = ui.available_size();
        self.is_terse = room.x < ROOM_FOR_WORDS;
        let heading = ui.min_rect();
        let shown = ScrollArea::vertical().id_salt("waiting").auto_shrink(false).show(ui, |ui| {
            let held = std::mem::take(&mut self.held);
            let origin = ui.max_rect().min;
            if state.waiting().next().is_none() && state.timers.is_empty() && held.groups.resources.is_empty() {
                self.hint(ui, "no task");
            }
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                ui.spacing_mut().item_spacing = vec2(COLUMN_GAP, BELOW);
                let (Arrangement { columns, rows, .. }, detail) = self.arranged(ui, &held, room);
                for column in columns {
                    ui.vertical(|ui| {
                        for block in column {
                            self.block(ui, (&held, detail), block, origin, rows);
                        }
                    });
                }
                if held.groups.unread > 0 {
                    self.hint(ui, &format!("+ {} more wait", grouped(held.groups.unread)));
                }
            });
        });
        // What lies below the border is told, and scrolled to.
        let beyond = shown.content_size.y - shown.state.clamped_offset().y - shown.inner_rect.height();
        if beyond > CHIP / 2.0 {
            let palette = self.palette;
            let left = shown.inner_rect.right() - heading.right() - 8.0;
            let words = if left < MORE { "↓" } else { "more ↓" };
            let words = line(ui, words, 12.0, palette.text, MORE);
            let corner = shown.inner_rect.right_top() - vec2(words.size().x + 4.0, HEAD + 6.0);
            ui.painter().with_clip_rect(shown.inner_rect.expand(30.0)).galley(corner, words, palette.text);
        }
    }

    /// In as much detail as all of it has room for; where it has none, one scrolls.
    fn arranged(&self, ui: &Ui, held: &Held, room: Vec2) -> (Arrangement, Detail) {
        let least = if room.x > ROOM_FOR_DETAIL { 0 } else { 1 };
        for detail in [Detail::Full, Detail::Short, Detail::Least].into_iter().skip(least) {
            let all = Arrangement::of(&held.blocks, &self.widths(ui, held, detail), room.y);
            if all.width <= room.x {
                return (all, detail);
            }
        }
        (Arrangement::fitting(&held.blocks, &self.widths(ui, held, Detail::Short), room), Detail::Short)
    }

    /// How wide each block is with its chips in one column, in points.
    fn widths(&self, ui: &Ui, held: &Held, detail: Detail) -> HashMap<BlockKind, f32> {
        held.blocks.iter().map(|block| (block.kind, self.width_of_block(ui, held, *block, detail))).collect()
    }

    fn width_of_block(&self, ui: &Ui, held: &Held, block: Block, detail: Detail) -> f32 {
        let Held { groups, timers: [sleeps, others], .. } = held;
        let record = self.view.record;
        let chip = |task: TaskId, note: Option<&str>| {
            let note = self.note(task, note, Place::Waiting);
            chip_width(ui, record.catalog().task_name(task), note.as_deref())
        };
        let widest = |widths: &mut dyn Iterator<Item = f32>| widths.take(MOST_CHIPS).fold(0.0, f32::max);
        let chips = match block.kind {
            BlockKind::Sleeps => {
                let timers = widest(&mut sleeps.iter().map(|armed| self.timer_width(ui, armed, detail)));
                widest(&mut sleeps.iter().map(|armed| chip(armed.task, None))) + 8.0 + timers
            }
            BlockKind::Limits => widest(&mut others.iter().map(|armed| self.limit_width(ui, armed, detail))),
            BlockKind::Shared(resource) => {
                let waiters = groups.resources.get(&resource).map_or(&[][..], Vec::as_slice);
                let note = |wait: &WaitId| record.wait(*wait).and_then(|wait| what_of_it(&wait.on));
                let chips = widest(&mut waiters.iter().map(|(wait, task)| chip(*task, note(wait))));
                chips.max(self.shared_width(ui, resource))
            }
            BlockKind::MoreShared(_) => SHARED,
            BlockKind::Joins => widest(
                &mut groups.joins.iter().map(|(task, wait)| chip(*task, Some(&self.join_words(&wait.on, detail)))),
            ),
            BlockKind::Jobs => {
                let waiting = groups.jobs.iter().map(|(task, _)| chip(*task, None) + 4.0);
                let jobs = self.jobs_of(&groups.jobs).into_iter();
                let job =
                    |(job, _): (JobId, Option<TaskId>)| line(ui, &self.job_words(job), 11.5, self.palette.text, JOB);
                widest(&mut jobs.map(|of| job(of).size().x + 12.0)) + widest(&mut waiting.into_iter())
            }
            BlockKind::Outside => widest(
                &mut groups
                    .outside
                    .iter()
                    .map(|(task, wait)| chip(*task, Some(&wait_label(record.catalog(), &wait.on)))),
            ),
            BlockKind::Fired => widest(&mut groups.fired.iter().map(|task| chip(*task, None))),
            BlockKind::Others => widest(&mut groups.others.iter().map(|task| chip(*task, None))),
        };
        let title =
            held.title(block.kind).map_or(0.0, |title| line(ui, title, 12.0, self.palette.weak, 240.0).size().x);
        chips.max(title)
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
            ui.spacing_mut().item_spacing.x = APART;
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
        let shared = shown.take(MOST_SHARED).map(|(resource, waiters)| {
            let rows = waiters.len() + usize::from(self.has_holders(*resource));
            (BlockKind::Shared(*resource), rows)
        });
        let mut blocks: Vec<(BlockKind, usize)> = shared.collect();
        if blocks.len() < groups.resources.len() {
            blocks.push((BlockKind::MoreShared(groups.resources.len() - blocks.len()), 0));
        }
        let rest = [
            (BlockKind::Fired, groups.fired.len()),
            (BlockKind::Joins, groups.joins.len()),
            (BlockKind::Jobs, self.jobs_of(&groups.jobs).len()),
            (BlockKind::Outside, groups.outside.len()),
            (BlockKind::Others, groups.others.len()),
        ];
        blocks.extend(rest.into_iter().filter(|(_, count)| *count > 0));
        blocks.into_iter().map(|(kind, chips)| Block { kind, chips }).collect()
    }

    fn block(&mut self, ui: &mut Ui, (held, detail): (&Held, Detail), block: Block, origin: Pos2, rows: usize) {
        let Held { groups, timers: [sleeps, others], more_timers, .. } = held;
        let title = held.title(block.kind).unwrap_or_default();
        let chips = |scene: &mut Self, ui: &mut Ui, tasks: &[TaskId]| {
            scene.group(ui, title, |scene, ui| {
                scene.columns(ui, tasks, rows, |scene, ui, task| {
                    scene.chip(ui, *task, None, Place::Waiting, origin);
                });
            });
        };
        match block.kind {
            BlockKind::Sleeps => self.sleeps(ui, origin, rows, (title, sleeps), detail),
            BlockKind::Limits => self.limits(ui, rows, (title, others), *more_timers, detail),
            BlockKind::Shared(resource) => {
                let waiters = groups.resources.get(&resource).map_or(&[][..], Vec::as_slice);
                self.shared_thing(ui, resource, waiters, origin, rows);
            }
            BlockKind::MoreShared(count) => self.hint(ui, &format!("+ {} more shared things", grouped(count))),
            BlockKind::Joins => self.joins(ui, (title, &groups.joins), origin, rows, detail),
            BlockKind::Jobs => self.jobs(ui, (title, &groups.jobs), origin, rows),
            BlockKind::Outside => self.outside(ui, (title, &groups.outside), origin, rows),
            BlockKind::Fired => chips(self, ui, &groups.fired),
            BlockKind::Others => chips(self, ui, &groups.others),
        }
    }

    /// Tasks that wait for the end of others, with how many of them are not done, or which one.
    fn joins(
        &mut self,
        ui: &mut Ui,
        (title, joins): (&str, &[(TaskId, WaitInfo)]),
        origin: Pos2,
        rows: usize,
        detail: Detail,
    ) {
        self.group(ui, title, |scene, ui| {
            scene.columns(ui, joins, rows, |scene, ui, (task, wait)| {
                let note = scene.join_words(&wait.on, detail);
                scene.chip(ui, *task, Some(&note), Place::Waiting, origin);
            });
        });
    }

    /// Which tasks a task waits for the end of, in a few words.
    fn join_words(&self, on: &WaitOn, detail: Detail) -> String {
        match on {
            WaitOn::Join(other) => format!("for {}", self.view.record.catalog().task_name(*other)),
            WaitOn::Tasks(how, tasks) if how.is_for_one() => format!("for the first of {}", tasks.len()),
            WaitOn::Tasks(how, tasks) => {
                let not_done = Groups::not_done(self.view, tasks);
                match detail {
                    Detail::Full => format!("{}: {not_done} not done", tasks_label(*how, tasks.len())),
                    Detail::Short | Detail::Least => {
                        format!("{} of {} done", tasks.len().saturating_sub(not_done), tasks.len())
                    }
                }
            }
            _ => String::new(),
        }
    }

    /// Jobs on the threads that may block, each with the task that waits for it, where one does.
    fn jobs_of(&self, waiting: &[(TaskId, JobId)]) -> Vec<(JobId, Option<TaskId>)> {
        let LoopView { record, point, .. } = *self.view;
        let under_way = record.catalog().jobs().rev().take(MOST_JOBS).filter(|job| {
            job.queued < point.index && job.finished.as_ref().is_none_or(|(finished, _)| *finished >= point.index)
        });
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

    fn jobs(&mut self, ui: &mut Ui, (title, waiting): (&str, &[(TaskId, JobId)]), origin: Pos2, rows: usize) {
        let all = self.jobs_of(waiting);
        self.group(ui, title, |scene, ui| {
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

    /// A job's name, and whether a thread has begun with it.
    fn job_words(&self, job: JobId) -> String {
        let LoopView { record, point, .. } = *self.view;
        let info = record.catalog().job(job);
        let has_begun = info.and_then(|info| info.started).is_some_and(|started| started < point.index);
        let does = if has_begun { "runs" } else { "waits for a thread" };
        format!("job {}, {does}", record.catalog().job_name(job))
    }

    /// A job. A click selects it.
    fn job(&mut self, ui: &mut Ui, job: JobId) {
        let palette = self.palette;
        let LoopView { selected, .. } = *self.view;
        let spoken = self.job_words(job);
        let room = ui.clip_rect().right() - ui.cursor().left() - 14.0;
        let words = line(ui, &spoken, 11.5, palette.text, room.clamp(40.0, JOB));
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
        if response.on_hover_text(spoken).clicked() {
            self.commands.push(Command::Select(Selection::Job(job)));
        }
    }

    /// Tasks that wait for what comes from outside the program, with what that is.
    fn outside(&mut self, ui: &mut Ui, (title, outside): (&str, &[(TaskId, WaitInfo)]), origin: Pos2, rows: usize) {
        self.group(ui, title, |scene, ui| {
            scene.columns(ui, outside, rows, |scene, ui, (task, wait)| {
                let note = wait_label(scene.view.record.catalog(), &wait.on);
                scene.chip(ui, *task, Some(&note), Place::Waiting, origin);
            });
        });
    }
}

impl Held {
    /// What stands above a block; none where a shared thing has a head of its own.
    fn title(&self, kind: BlockKind) -> Option<&'static str> {
        Some(match kind {
            BlockKind::Sleeps if self.timers[0].len() == 1 => "timer",
            BlockKind::Sleeps => "timers, soonest first",
            BlockKind::Limits if self.timers[1].is_empty() => return None,
            BlockKind::Limits => "other timers",
            BlockKind::Fired => "timer has fired",
            BlockKind::Joins => "other tasks",
            BlockKind::Jobs => "jobs on other threads",
            BlockKind::Outside => "I/O and other libraries",
            BlockKind::Others => "something else",
            BlockKind::Shared(_) | BlockKind::MoreShared(_) => return None,
        })
    }
}

/// A title with chips below it.
#[derive(Debug, Clone, Copy)]
struct Block {
    kind: BlockKind,
    chips: usize,
}

impl Block {
    /// How high it is with its chips in one column, in points.
    fn height(self) -> f32 {
        TITLE + BELOW + self.chips.min(MOST_CHIPS) as f32 * (CHIP + BELOW)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum BlockKind {
    /// Timers that tasks sleep on.
    Sleeps,
    /// Other timers.
    Limits,
    /// Tasks whose timer has fired.
    Fired,
    Shared(ResourceId),
    MoreShared(usize),
    Joins,
    Jobs,
    Outside,
    Others,
}

/// Where blocks stand.
struct Arrangement {
    columns: Vec<Vec<Block>>,
    /// How many chips stand below one another.
    rows: usize,
    /// How wide it is, in points.
    width: f32,
}

impl Arrangement {
    /// As many columns as it takes to stay within this height; `widths` are those of blocks with their chips in one column.
    fn of(blocks: &[Block], widths: &HashMap<BlockKind, f32>, height: f32) -> Self {
        let rows = rows_in(height);
        let columns = columns_of(blocks, height);
        let width = |block: &Block| {
            let chips_across = block.chips.min(MOST_CHIPS).div_ceil(rows).max(1) as f32;
            widths.get(&block.kind).copied().unwrap_or_default() * chips_across + APART * (chips_across - 1.0)
        };
        let all = columns.iter().map(|column| column.iter().map(width).fold(0.0, f32::max));
        let width = all.sum::<f32>() + COLUMN_GAP * columns.len().saturating_sub(1) as f32;
        Self { columns, rows, width }
    }

    /// As low as there is width for. What is higher than the room is scrolled to, and nothing lies beside it.
    fn fitting(blocks: &[Block], widths: &HashMap<BlockKind, f32>, room: Vec2) -> Self {
        let all: f32 = blocks.iter().map(|block| block.height()).sum();
        let mut height = room.y;
        loop {
            let arranged = Self::of(blocks, widths, height);
            if arranged.width <= room.x || height > all {
                return arranged;
            }
            height += (CHIP + BELOW) / 2.0;
        }
    }
}

/// How many chips stand below a title in this height.
fn rows_in(height: f32) -> usize {
    (((height - TITLE + BELOW) / (CHIP + BELOW)) as usize).max(1)
}

/// Blocks one below another, each in the first column that has room for it, then in a further one.
fn columns_of(blocks: &[Block], height: f32) -> Vec<Vec<Block>> {
    let mut columns: Vec<(f32, Vec<Block>)> = Vec::new();
    for block in blocks {
        let needs = block.height();
        match columns.iter_mut().find(|(left, _)| needs <= *left) {
            Some((left, column)) => {
                *left -= needs;
                column.push(*block);
            }
            None => columns.push((height - needs, vec![*block])),
        }
    }
    columns.into_iter().map(|(_, column)| column).collect()
}
