//! How far a run has come in its lesson.

use crate::event::{EnqueueCause, EventKind, SiteId, TaskId};
use crate::scenarios::{Moment, Scenario, Seen};
use crate::trace::{EventIndex, Record};

/// The steps of a lesson that a record has reached so far.
#[derive(Debug, Default)]
pub struct Progress {
    reached: Vec<EventIndex>,
    looked_at: EventIndex,
}

impl Progress {
    /// Looks at the events that were added to the record since the last call.
    pub fn advance(&mut self, scenario: &'static Scenario, record: &Record) {
        self.looked_at = self.looked_at.max(record.log().first());
        for event in record.log().iter_from(self.looked_at) {
            let Some(moment) = scenario.lesson.steps.get(self.reached.len()) else { break };
            if is_it(*moment, &event, scenario, record) {
                self.reached.push(self.looked_at);
            }
            self.looked_at += 1;
        }
    }

    /// The event of each step reached, in order.
    #[must_use]
    pub fn reached(&self) -> &[EventIndex] {
        &self.reached
    }
}

fn is_it(moment: Moment, event: &crate::event::Event, scenario: &'static Scenario, record: &Record) -> bool {
    let catalog = record.catalog();
    let facts = Facts::of(&event.kind, record);
    let name = |task: Option<TaskId>| task.map(|task| catalog.task_name(task));
    let place = facts.site.and_then(|site| catalog.site(site));
    let place = place.filter(|place| place.file_name() == scenario.rust.file);
    moment(&Seen {
        at: event.at,
        kind: &event.kind,
        task: name(facts.task),
        by: name(facts.by),
        mark: place.and_then(|place| scenario.rust.mark_of(place.line)),
        thing: facts.thing,
    })
}

/// What an event is about.
#[derive(Default)]
struct Facts<'a> {
    task: Option<TaskId>,
    by: Option<TaskId>,
    site: Option<SiteId>,
    thing: Option<&'a str>,
}

impl<'a> Facts<'a> {
    fn of(kind: &'a EventKind, record: &'a Record) -> Self {
        let catalog = record.catalog();
        let task = |task: TaskId| Self { task: Some(task), ..Self::default() };
        match kind {
            EventKind::TaskSpawned { task: new, parent, site, .. } => {
                Self { by: *parent, site: Some(*site), ..task(*new) }
            }
            EventKind::Enqueued { task: woken, cause } | EventKind::WakeCoalesced { task: woken, cause } => {
                let by = match cause {
                    EnqueueCause::WokenBy(by) | EnqueueCause::Joined(by) | EnqueueCause::Gathered(by) => Some(*by),
                    _ => None,
                };
                Self { by, ..task(*woken) }
            }
            EventKind::PollStarted { task: it }
            | EventKind::PollEnded { task: it, .. }
            | EventKind::TaskPanicked { task: it, .. }
            | EventKind::TaskDropped { task: it, .. } => task(*it),
            EventKind::WaitBegan { task: waits, site, .. } => Self { site: Some(*site), ..task(*waits) },
            EventKind::WaitEnded { task: waited, wait } => {
                Self { site: record.wait(*wait).map(|info| info.site), ..task(*waited) }
            }
            EventKind::TimerArmed { task: set_it, .. } => task(*set_it),
            EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } => {
                Self { task: record.timer(*timer).map(|info| info.task), ..Self::default() }
            }
            EventKind::ResourceCreated { name, .. } => Self { thing: Some(name), ..Self::default() },
            EventKind::ResourceChanged { resource, by, .. } => {
                Self { task: *by, by: *by, thing: Some(catalog.resource_name(*resource)), ..Self::default() }
            }
            EventKind::FrameEntered { task: it, name, site, .. } => {
                Self { thing: Some(name), site: Some(*site), ..task(*it) }
            }
            EventKind::JobQueued { job, .. } | EventKind::JobStarted { job } | EventKind::JobFinished { job } => {
                let info = catalog.job(*job);
                Self { task: info.and_then(|info| info.task), thing: info.map(|info| &*info.name), ..Self::default() }
            }
            EventKind::Printed { task, site, .. } => Self { task: *task, site: *site, ..Self::default() },
            EventKind::RunStarted { .. }
            | EventKind::RunEnded { .. }
            | EventKind::SiteDefined { .. }
            | EventKind::IterationStarted { .. }
            | EventKind::FrameLeft { .. }
            | EventKind::LoopIdle { .. }
            | EventKind::LoopAwake
            | EventKind::Unattended
            | EventKind::EventsLost { .. } => Self::default(),
        }
    }
}
