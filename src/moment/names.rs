//! Which ids a moment's names stand for, learnt from the events in which they first appear. It draws no conclusion.

use super::pattern::Pattern;
use super::sets::{Bits, IdMap};
use crate::event::{Event, EventKind, JobId, ResourceId, ResourceKind, SiteId, TaskId, kinds};
use std::collections::HashMap;

/// The marks of a program's source, by which a moment may name its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    file: String,
    marks: HashMap<u32, String>,
}

impl Marks {
    /// The marks of the lines of `file`, which is named without its folder.
    #[must_use]
    pub fn new<'a>(file: &str, marks: impl IntoIterator<Item = (u32, &'a str)>) -> Self {
        let marks = marks.into_iter().map(|(line, mark)| (line, mark.to_owned())).collect();
        Self { file: file.to_owned(), marks }
    }

    /// The mark of a line.
    pub(super) fn of(&self, file: &str, line: u32) -> Option<&str> {
        (file == self.file).then(|| self.marks.get(&line)).flatten().map(String::as_str)
    }
}

/// The tasks of one name or pattern.
#[derive(Debug)]
struct Named {
    pattern: Pattern,
    ids: Bits,
}

/// A name of a moment, by its place in the table of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameOf {
    /// Whatever it is called.
    Anything,
    At(usize),
}

/// What the names of a moment stand for so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    marks: Marks,
    tasks: Vec<Named>,
    all_tasks: Bits,
    things: Vec<Named>,
    all_things: Bits,
    kinds: IdMap<ResourceId, ResourceKind>,
    jobs: Vec<Named>,
    sites: Vec<Named>,
}

fn place(table: &mut Vec<Named>, pattern: &Pattern) -> NameOf {
    if pattern.is_anything() {
        return NameOf::Anything;
    }
    let known = table.iter().position(|named| named.pattern == *pattern);
    NameOf::At(known.unwrap_or_else(|| {
        table.push(Named { pattern: pattern.clone(), ids: Bits::default() });
        table.len() - 1
    }))
}

fn learn(table: &mut [Named], name: &str, id: u32) {
    for named in table {
        if named.pattern.matches(name) {
            named.ids.add(id);
        }
    }
}

#[inline]
fn is_one(table: &[Named], name: NameOf, id: u32) -> bool {
    match name {
        NameOf::Anything => true,
        NameOf::At(place) => table.get(place).is_some_and(|named| named.ids.has(id)),
    }
}

impl Names {
    pub(super) fn new(marks: Marks) -> Self {
        Self { marks, ..Self::default() }
    }

    pub(super) fn task(&mut self, pattern: &Pattern) -> NameOf {
        place(&mut self.tasks, pattern)
    }

    pub(super) fn thing(&mut self, pattern: &Pattern) -> NameOf {
        place(&mut self.things, pattern)
    }

    pub(super) fn job(&mut self, pattern: &Pattern) -> NameOf {
        place(&mut self.jobs, pattern)
    }

    pub(super) fn site(&mut self, pattern: &Pattern) -> NameOf {
        place(&mut self.sites, pattern)
    }

    /// The kinds of events to learn from.
    pub(super) fn kinds(&self) -> u64 {
        let site = if self.sites.is_empty() { 0 } else { kinds::SITE };
        let job = if self.jobs.is_empty() { 0 } else { kinds::JOB };
        kinds::SPAWNED | kinds::THING | site | job
    }

    pub(super) fn learn(&mut self, event: &Event) {
        match &event.kind {
            EventKind::SiteDefined { site, file, line, .. } => {
                let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
                let (mark, place) = (self.marks.of(file, *line), format!("{file}:{line}"));
                for named in &mut self.sites {
                    if mark.is_some_and(|mark| named.pattern.matches(mark)) || named.pattern.matches(&place) {
                        named.ids.add(site.0);
                    }
                }
            }
            EventKind::TaskSpawned { task, name, .. } => {
                self.all_tasks.add(task.0);
                learn(&mut self.tasks, name, task.0);
            }
            EventKind::ResourceCreated { resource, kind, name } => {
                self.all_things.add(resource.0);
                self.kinds.insert(*resource, *kind);
                learn(&mut self.things, name, resource.0);
            }
            EventKind::JobQueued { job, name, .. } => learn(&mut self.jobs, name, job.0),
            _ => {}
        }
    }

    #[inline]
    pub(super) fn is_task(&self, name: NameOf, task: TaskId) -> bool {
        is_one(&self.tasks, name, task.0)
    }

    /// How many tasks of that name there have been.
    pub(super) fn count_tasks(&self, name: NameOf) -> usize {
        match name {
            NameOf::Anything => self.all_tasks.len(),
            NameOf::At(place) => self.tasks.get(place).map_or(0, |named| named.ids.len()),
        }
    }

    #[inline]
    pub(super) fn is_thing(&self, name: NameOf, thing: ResourceId) -> bool {
        is_one(&self.things, name, thing.0)
    }

    #[inline]
    pub(super) fn is_job(&self, name: NameOf, job: JobId) -> bool {
        is_one(&self.jobs, name, job.0)
    }

    #[inline]
    pub(super) fn is_site(&self, name: NameOf, site: SiteId) -> bool {
        is_one(&self.sites, name, site.0)
    }

    #[inline]
    pub(super) fn kind(&self, thing: ResourceId) -> Option<ResourceKind> {
        self.kinds.get(&thing).copied()
    }
}
