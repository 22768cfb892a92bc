//! The order of the lanes: each task under the one that spawned it, in one of several orders among its siblings; without
//! those that are folded away, or only those whose name is looked for.
//!
//! It is made anew when it changes, not at each frame: while a run goes on, an order by time follows as the record grows
//! by a quarter.

use crate::event::{Nanos, TaskId};
use crate::trace::{EventIndex, Lane, Record, SpanState};
use egui_plot::PlotTransform;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// What comes first among the tasks that one task spawned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// What was spawned first.
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
    /// What is looked for; none while nothing is.
    find: Option<String>,
    /// How many tasks had come or been given up, and how many events there were, when it was made; none when it is to be made anew.
    made_of: Option<(usize, EventIndex)>,
}

impl LaneOrder {
    /// Brings it up to date. Tasks are only ever added, so their number tells whether it still holds; an order by time
    /// holds until the record has grown by a quarter or, as `is_whole` says, will not grow.
    pub(crate) fn update(&mut self, record: &Record, is_whole: bool) {
        let (tasks, events) = (record.catalog().tasks(), record.log().len());
        let changes = record.edge().spawned + record.given_up().tasks;
        let holds = self.made_of.is_some_and(|(count, then)| {
            let is_near = events == then || (!is_whole && events / 5 * 4 <= then && events > then);
            count == changes && (self.sort == Sort::Start || is_near)
        });
        if holds {
            return;
        }
        let (sort, edge) = (self.sort, record.log().end());
        let tree = Tree::of(tasks.iter().map(|info| (info.task, info.parent)), |siblings| {
            if sort != Sort::Start {
                siblings.sort_by_cached_key(|task| sort.key(record.lane(*task), edge));
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
        self.made_of = Some((changes, events));
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
        let ancestors = std::iter::successors(parent(task), |task| parent(*task)).take(record.catalog().tasks().len());
        for ancestor in ancestors {
            self.folded.remove(&ancestor);
        }
        self.made_of = None;
        self.update(record, false);
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

    /// The middle of a task's lane on the screen.
    pub(super) fn middle(&self, task: TaskId, transform: &PlotTransform) -> Option<f32> {
        Some(transform.position_from_point_y(self.row_of(task)? as f64 + 0.5))
    }
}

/// Who spawned whom.
struct Tree {
    roots: Vec<TaskId>,
    children: HashMap<TaskId, Vec<TaskId>>,
}

impl Tree {
    fn of(tasks: impl Iterator<Item = (TaskId, Option<TaskId>)>, sort: impl Fn(&mut Vec<TaskId>)) -> Self {
        let mut known = HashSet::new();
        let (mut roots, mut children) = (Vec::new(), HashMap::<_, Vec<_>>::new());
        for (task, parent) in tasks {
            // Only who was there before can have spawned it, whatever a damaged record says.
            match parent.filter(|parent| known.contains(parent)) {
                Some(parent) => children.entry(parent).or_default().push(task),
                None => roots.push(task),
            }
            known.insert(task);
        }
        sort(&mut roots);
        children.values_mut().for_each(sort);
        Self { roots, children }
    }

    /// The tasks from top to bottom, each under the one that spawned it, but for those below one that is folded.
    fn rows(&self, folded: &HashSet<TaskId>) -> Vec<TaskId> {
        let mut rows = Vec::new();
        let mut open: Vec<TaskId> = self.roots.iter().rev().copied().collect();
        while let Some(task) = open.pop() {
            rows.push(task);
            if !folded.contains(&task) {
                open.extend(self.children.get(&task).into_iter().flatten().rev());
            }
        }
        rows
    }

    /// How many tasks there are below each that has any.
    fn below(&self) -> HashMap<TaskId, usize> {
        let mut below: HashMap<TaskId, usize> = HashMap::new();
        // From the last row up: what is below a task has been counted when it is its turn.
        for task in self.rows(&HashSet::new()).into_iter().rev() {
            if let Some(children) = self.children.get(&task) {
                let count = children.iter().map(|child| 1 + below.get(child).copied().unwrap_or_default()).sum();
                below.insert(task, count);
            }
        }
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let parents = [None, Some(0), Some(0), Some(1), None];
        let tasks = parents.into_iter().zip(0..).map(|(parent, task)| (TaskId(task), parent.map(TaskId)));
        Tree::of(tasks, |_| {})
    }

    fn rows(folded: &[u32]) -> Vec<u32> {
        tree().rows(&folded.iter().copied().map(TaskId).collect()).iter().map(|task| task.0).collect()
    }

    #[test]
    fn a_task_stands_under_the_one_that_spawned_it() {
        assert_eq!(rows(&[]), [0, 1, 3, 2, 4]);
    }

    #[test]
    fn what_is_below_a_folded_task_is_left_out() {
        assert_eq!(rows(&[1]), [0, 1, 2, 4]);
        assert_eq!(rows(&[0]), [0, 4]);
        let below = tree().below();
        assert_eq!((below.get(&TaskId(0)), below.get(&TaskId(1)), below.get(&TaskId(4))), (Some(&3), Some(&1), None));
    }

    #[test]
    fn a_task_whose_parent_was_given_up_stands_for_itself() {
        let tasks = [(900, Some(7)), (901, Some(900)), (4_000_000_000, Some(8))];
        let tree = Tree::of(tasks.into_iter().map(|(task, parent)| (TaskId(task), parent.map(TaskId))), |_| {});
        assert_eq!(tree.rows(&HashSet::new()), [900, 901, 4_000_000_000].map(TaskId));
    }
}
