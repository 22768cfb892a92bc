//! The order of the lanes: each task under the one that spawned it, in one of several orders among its siblings; without
//! those that are folded away, or only those whose name is looked for.
//!
//! It is kept from frame to frame. A new task that belongs at the end is added there. For one that belongs elsewhere the order
//! is made again: at once where tasks are few, and else when there are a sixteenth more, or the run comes to rest. An order
//! by time follows as the record grows by a quarter.

use super::tree::Tree;
use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Lane, Record, SpanState};
use egui_plot::PlotTransform;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::iter::successors;

/// What comes first among the tasks that one task spawned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// What was spawned first, in the program's own file and then in others.
    #[default]
    Start,
    /// What ran longest, and of those as long what was polled most.
    Running,
    /// What waited longest.
    Waiting,
}

impl Sort {
    pub(crate) const ALL: [Self; 3] = [Self::Start, Self::Running, Self::Waiting];

    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Start => "by start",
            Self::Running => "by time running",
            Self::Waiting => "by time waiting",
        }
    }

    /// What comes first has the smallest.
    fn key(self, lane: Option<&Lane>, edge: Nanos) -> Reverse<(Nanos, usize)> {
        let Some(lane) = lane else { return Reverse((Nanos::ZERO, 0)) };
        let column = lane.columns(Nanos::ZERO, Nanos::MAX, 1, edge).pop().unwrap_or_default();
        Reverse(match self {
            Self::Start => (Nanos::ZERO, 0),
            Self::Running => (column.times[SpanState::Running as usize], column.polls),
            Self::Waiting => (column.times[SpanState::Waiting as usize], 0),
        })
    }
}

/// The tasks from top to bottom; kept, because with many tasks it is worth it.
#[derive(Debug, Default)]
pub(crate) struct LaneOrder {
    rows: Vec<TaskId>,
    row_of: HashMap<TaskId, usize>,
    /// How many tasks there are below each that spawned any.
    below: HashMap<TaskId, usize>,
    folded: HashSet<TaskId>,
    sort: Sort,
    /// The file that the program stands in.
    file: &'static str,
    /// What is looked for; none while nothing is.
    find: Option<String>,
    /// What it was made of; none when it is to be made again.
    made_of: Option<MadeOf>,
    /// How many events there were in the last frame.
    last: EventIndex,
}

/// What an order was made of.
#[derive(Debug, Clone, Copy)]
struct MadeOf {
    /// How many tasks had come or been evicted.
    changes: usize,
    /// How many of them had been evicted.
    evicted: usize,
    /// How many tasks there were, as far as they were added since.
    tasks: usize,
    /// How many there were when it was made as a whole.
    whole: usize,
    events: EventIndex,
}

/// An order of so few tasks is made in no time.
const FEW: usize = 4096;
/// A task with more ancestors than this, or that belongs under one so far up, is not added at the end.
const MOST_DEEP: usize = 64;

impl LaneOrder {
    /// Brings it up to date; whether some tasks have no lane yet, and will have one in a later frame. Tasks are only ever added,
    /// so their number tells whether it still holds; an order by time holds until the record has grown by a quarter or, as
    /// `is_whole` says, will not grow.
    pub(crate) fn update(&mut self, record: &Record, file: &'static str, is_whole: bool) -> bool {
        self.file = file;
        let (tasks, events) = (record.catalog().tasks(), record.log().len());
        let evicted = record.given_up().tasks;
        let changes = record.edge().spawned + evicted;
        let is_at_rest = is_whole || std::mem::replace(&mut self.last, events) == events;
        if let Some(made) = self.made_of {
            let then = made.events;
            let is_near = events == then || (!is_whole && events / 5 * 4 <= then && events > then);
            let is_by_start = self.sort == Sort::Start;
            if made.changes == changes && (is_by_start || is_near) {
                return false;
            }
            if is_by_start && self.find.is_none() && made.evicted == evicted && self.add(record, made.tasks) {
                self.made_of = Some(MadeOf { changes, tasks: tasks.len(), ..made });
                return false;
            }
            if tasks.len() > FEW && tasks.len() < made.whole + made.whole / 16 && evicted == made.evicted && !is_at_rest
            {
                return true;
            }
        }
        let (sort, edge) = (self.sort, record.log().end());
        let tree = Tree::of(tasks.iter().map(|info| (info.task, info.parent)), |siblings| {
            match sort {
                // What serves the program from another file comes after what it is about.
                Sort::Start => siblings.sort_by_key(|task| !record.catalog().is_spawned_in(*task, file)),
                _ => siblings.sort_by_cached_key(|task| sort.key(record.lane(*task), edge)),
            }
        });
        self.below = tree.below();
        self.rows = match self.find.as_deref().map(str::to_lowercase).filter(|words| !words.is_empty()) {
            Some(words) => {
                let all = tree.rows(&HashSet::new()).into_iter();
                all.filter(|task| record.catalog().task_name(*task).to_lowercase().contains(&words)).collect()
            }
            None => tree.rows(&self.folded),
        };
        self.row_of = self.rows.iter().enumerate().map(|(row, task)| (*task, row)).collect();
        self.made_of = Some(MadeOf { changes, evicted, tasks: tasks.len(), whole: tasks.len(), events });
        false
    }

    /// Adds the tasks from number `from` on, if all of them belong at the end or under a task that is folded; else nothing.
    fn add(&mut self, record: &Record, from: usize) -> bool {
        let catalog = record.catalog();
        let new = catalog.tasks().get(from..).unwrap_or_default();
        // Only who was there before can have spawned it, whatever a damaged record says.
        let parent = |task: TaskId| {
            let info = catalog.task(task)?;
            info.parent.filter(|parent| catalog.task(*parent).is_some_and(|parent| parent.spawned < info.spawned))
        };
        let mut last = self.rows.last().copied();
        let mut rows = Vec::new();
        for info in new {
            let ancestors: Vec<TaskId> = successors(parent(info.task), |task| parent(*task)).take(MOST_DEEP).collect();
            if ancestors.len() == MOST_DEEP {
                return false;
            }
            if ancestors.iter().any(|ancestor| self.folded.contains(ancestor)) {
                continue;
            }
            let under = ancestors.first();
            let mut open = successors(last, |task| parent(*task)).take(MOST_DEEP);
            let mut sibling = None;
            let is_under = loop {
                match open.next() {
                    task if task.as_ref() == under => break true,
                    None => break false,
                    task => sibling = task,
                }
            };
            // What serves the program from another file comes after what it is about.
            let is_of_program = |task: TaskId| catalog.is_spawned_in(task, self.file);
            let is_after = sibling.is_none_or(|sibling| is_of_program(sibling) || !is_of_program(info.task));
            if !is_under || !is_after {
                return false;
            }
            last = Some(info.task);
            rows.push(info.task);
        }
        for info in new {
            for ancestor in successors(parent(info.task), |task| parent(*task)) {
                *self.below.entry(ancestor).or_default() += 1;
            }
        }
        for task in rows {
            self.row_of.insert(task, self.rows.len());
            self.rows.push(task);
        }
        true
    }

    /// Another run is shown: what was folded and looked for in the last one is gone, its order stays.
    pub(crate) fn forget_run(&mut self) {
        *self = Self { sort: self.sort, ..Self::default() };
    }

    /// The tasks from top to bottom.
    pub(crate) fn rows(&self) -> &[TaskId] {
        &self.rows
    }

    /// The task `by` rows below another; the first or last where there is none, or none was given.
    pub(crate) fn beside(&self, task: Option<TaskId>, by: i32) -> Option<TaskId> {
        let last = self.rows.len().checked_sub(1)?;
        let row = match task.and_then(|task| self.row_of(task)) {
            Some(row) => row.saturating_add_signed(by as isize).min(last),
            None if by < 0 => last,
            None => 0,
        };
        Some(self.rows[row])
    }

    /// The task of the lane below another's, and after the last the first.
    pub(crate) fn next(&self, task: Option<TaskId>) -> Option<TaskId> {
        let next = task.and_then(|task| self.row_of(task)).map_or(0, |row| row + 1);
        self.rows.get(next).or(self.rows.first()).copied()
    }

    /// The row of a task; none where its lane is not shown.
    pub(crate) fn row_of(&self, task: TaskId) -> Option<usize> {
        self.row_of.get(&task).copied()
    }

    /// How many tasks there are below one.
    pub(crate) fn below(&self, task: TaskId) -> usize {
        self.below.get(&task).copied().unwrap_or_default()
    }

    /// Whether there is anything to fold.
    pub(crate) fn is_tree(&self) -> bool {
        !self.below.is_empty()
    }

    pub(crate) fn is_folded(&self, task: TaskId) -> bool {
        self.folded.contains(&task) && self.find.is_none()
    }

    /// Whether anything is folded.
    pub(crate) fn is_any_folded(&self) -> bool {
        !self.folded.is_empty()
    }

    /// Folds away what is below a task, or brings it back.
    pub(crate) fn fold(&mut self, task: TaskId) {
        if self.below(task) > 0 && !self.folded.remove(&task) {
            self.folded.insert(task);
        }
        self.made_of = None;
    }

    /// Folds all there is or, where anything is folded, brings all back.
    pub(crate) fn fold_all(&mut self) {
        self.folded = if self.is_any_folded() { HashSet::new() } else { self.below.keys().copied().collect() };
        self.made_of = None;
    }

    /// Brings back what hides the lane of a task.
    pub(crate) fn reveal(&mut self, task: TaskId, record: &Record) {
        if self.row_of.contains_key(&task) || record.catalog().task(task).is_none() {
            return;
        }
        self.find = None;
        let parent = |task: TaskId| record.catalog().task(task).and_then(|info| info.parent);
        // A damaged record may have a circle of parents.
        let ancestors = successors(parent(task), |task| parent(*task)).take(record.catalog().tasks().len());
        for ancestor in ancestors {
            self.folded.remove(&ancestor);
        }
        self.made_of = None;
        self.update(record, self.file, false);
    }

    pub(crate) fn sort(&self) -> Sort {
        self.sort
    }

    pub(crate) fn sort_by(&mut self, sort: Sort) {
        self.sort = sort;
        self.made_of = None;
    }

    /// What is looked for.
    pub(crate) fn sought(&self) -> Option<&str> {
        self.find.as_deref()
    }

    /// Shows only the lanes of tasks with these letters in their name; all again where there are none.
    pub(crate) fn find(&mut self, words: Option<String>) {
        self.find = words;
        self.made_of = None;
    }

    /// The lanes of these tasks alone, in the same order.
    pub(crate) fn only(&self, tasks: &HashSet<TaskId>) -> Self {
        let rows: Vec<TaskId> = self.rows.iter().copied().filter(|task| tasks.contains(task)).collect();
        Self {
            row_of: rows.iter().enumerate().map(|(row, task)| (*task, row)).collect(),
            below: rows.iter().filter_map(|task| Some((*task, *self.below.get(task)?))).collect(),
            folded: self.folded.intersection(tasks).copied().collect(),
            rows,
            sort: self.sort,
            file: self.file,
            find: self.find.clone(),
            made_of: None,
            last: self.last,
        }
    }

    /// The middle of a task's lane on the screen.
    pub(super) fn middle(&self, task: TaskId, transform: &PlotTransform) -> Option<f32> {
        Some(transform.position_from_point_y(self.row_of(task)? as f64 + 0.5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, EventKind, SiteId, WorkerId};

    /// Among these, some are spawned by the library.
    const FOREIGN: std::ops::Range<u32> = 20..50;

    /// A record of tasks that spawn tasks of the program or of a library.
    fn grows(record: &mut Record, tasks: std::ops::Range<u32>, parent: impl Fn(u32) -> Option<u32>) {
        if record.log().is_empty() {
            for (site, file) in [(SiteId(0), "src/program.rs"), (SiteId(1), "src/library.rs")] {
                let kind = EventKind::SiteDefined { site, file: file.into(), line: 1, column: 1 };
                record.push(Event { at: Nanos::ZERO, worker: WorkerId(0), kind });
            }
        }
        for task in tasks {
            let site = SiteId(u32::from(FOREIGN.contains(&task) && task % 3 == 0));
            let (parent, name) = (parent(task).map(TaskId), "task".into());
            let kind = EventKind::TaskSpawned { task: TaskId(task), parent, name, site };
            record.push(Event { at: Nanos(task.into()), worker: WorkerId(0), kind });
        }
    }

    #[test]
    fn what_is_added_at_the_end_is_where_an_order_made_as_a_whole_has_it() {
        for seed in 0..50 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let (mut record, mut order, mut next) = (Record::default(), LaneOrder::default(), 0);
            for _ in 0..40 {
                let parents: Vec<u32> = (0..200).map(|_| rng.u32(..)).collect();
                let near = rng.bool();
                let parent = |task: u32| {
                    let any = parents[task as usize % 200];
                    let of = if near { task.saturating_sub(any % 3) } else { any % (task + 1) };
                    Some(of).filter(|of| *of != task)
                };
                let until = next + rng.u32(0..4);
                grows(&mut record, next..until, parent);
                next = until;
                assert!(!order.update(&record, "program.rs", false));
                if rng.u8(..) < 40 && next > 0 {
                    order.fold(TaskId(rng.u32(0..next)));
                    order.update(&record, "program.rs", false);
                }
                let mut whole = LaneOrder { folded: order.folded.clone(), ..LaneOrder::default() };
                whole.update(&record, "program.rs", false);
                assert_eq!((&order.rows, &order.below), (&whole.rows, &whole.below), "seed {seed}");
                assert_eq!(order.row_of, whole.row_of);
            }
        }
    }

    #[test]
    fn tasks_that_come_one_by_one_are_added_one_by_one() {
        let (mut record, mut order) = (Record::default(), LaneOrder::default());
        for task in FOREIGN.end..20_000 {
            grows(&mut record, task..task + 1, |task| Some(FOREIGN.end).filter(|first| task > *first));
            assert!(!order.update(&record, "program.rs", false));
            assert_eq!((order.rows.len(), order.made_of.unwrap().whole), ((task - FOREIGN.end) as usize + 1, 1));
        }
        assert_eq!(order.below(TaskId(FOREIGN.end)), 19_949);
    }

    #[test]
    fn of_many_tasks_those_that_belong_elsewhere_come_when_there_are_more_or_the_run_rests() {
        let (mut record, mut order) = (Record::default(), LaneOrder::default());
        // By turns the child of one of two.
        let parent = |task: u32| Some(task % 2).filter(|_| task > 1);
        grows(&mut record, 0..10_000, parent);
        assert!(!order.update(&record, "program.rs", false));
        let mut made = 0;
        for task in 10_000..20_000 {
            grows(&mut record, task..task + 1, parent);
            made += usize::from(!order.update(&record, "program.rs", false));
        }
        assert!(made < 20, "{made}");
        assert!(!order.update(&record, "program.rs", false), "nothing has come since");
        assert_eq!(order.rows.len(), 20_000);
    }
}
