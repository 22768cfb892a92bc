//! The order of the lanes: each task under the one that spawned it.

use crate::event::TaskId;
use crate::trace::Record;
use egui_plot::PlotTransform;

/// The tasks from top to bottom; kept, because with many tasks it is worth it.
#[derive(Debug, Default)]
pub(crate) struct LaneOrder {
    rows: Vec<TaskId>,
    /// The row of each task, by its number.
    row_of: Vec<usize>,
}

impl LaneOrder {
    /// Brings it up to date. Tasks are only ever added, so their number tells whether it still holds.
    pub(crate) fn update(&mut self, record: &Record) {
        let tasks = record.catalog().tasks();
        if self.rows.len() == tasks.len() {
            return;
        }
        self.rows = tree_order(tasks.iter().map(|info| (info.task, info.parent)));
        self.row_of = vec![0; self.rows.len()];
        for (row, task) in self.rows.iter().enumerate() {
            self.row_of[task.index()] = row;
        }
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

    /// The row of a task.
    pub(crate) fn row_of(&self, task: TaskId) -> Option<usize> {
        self.row_of.get(task.index()).copied()
    }

    /// The middle of a task's lane on the screen.
    pub(super) fn middle(&self, task: TaskId, transform: &PlotTransform) -> Option<f32> {
        Some(transform.position_from_point_y(self.row_of(task)? as f64 + 0.5))
    }
}

fn tree_order(tasks: impl Iterator<Item = (TaskId, Option<TaskId>)>) -> Vec<TaskId> {
    let mut children: Vec<Vec<TaskId>> = Vec::new();
    let mut roots = Vec::new();
    for (task, parent) in tasks {
        children.push(Vec::new());
        match parent.and_then(|parent| children.get_mut(parent.index())) {
            Some(siblings) if parent != Some(task) => siblings.push(task),
            _ => roots.push(task),
        }
    }
    let mut rows = Vec::with_capacity(children.len());
    let mut open: Vec<TaskId> = roots.into_iter().rev().collect();
    while let Some(task) = open.pop() {
        rows.push(task);
        open.extend(children[task.index()].iter().rev());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_stands_under_the_one_that_spawned_it() {
        let parents = [None, Some(0), Some(0), Some(1), None];
        let tasks = parents.into_iter().zip(0..).map(|(parent, task)| (TaskId(task), parent.map(TaskId)));
        let rows: Vec<u32> = tree_order(tasks).iter().map(|task| task.0).collect();
        assert_eq!(rows, [0, 1, 3, 2, 4]);
    }
}
