//! Who spawned whom, as the tree in which the lanes stand.

use crate::event::TaskId;
use std::collections::{HashMap, HashSet};

/// Who spawned whom.
pub(super) struct Tree {
    roots: Vec<TaskId>,
    children: HashMap<TaskId, Vec<TaskId>>,
}

impl Tree {
    pub(super) fn of(tasks: impl Iterator<Item = (TaskId, Option<TaskId>)>, sort: impl Fn(&mut Vec<TaskId>)) -> Self {
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
    pub(super) fn rows(&self, folded: &HashSet<TaskId>) -> Vec<TaskId> {
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
    pub(super) fn below(&self) -> HashMap<TaskId, usize> {
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
