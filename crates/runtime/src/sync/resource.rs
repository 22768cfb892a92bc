//! A shared thing's name in the record.

use crate::core::Core;
use crate::core::run::RunId;
use crate::event::{EventKind, Hold, Nanos, ResourceId, ResourceKind, ResourceState, SiteId, TaskId, WaitOn, WaitOp};
use crate::probe::outlet::Epoch;
use crate::probe::place::Place;
use std::sync::{Arc, Mutex, PoisonError};

/// Registers a shared thing with the run that first uses it, and records its changes.
#[derive(Debug)]
pub(super) struct Resource {
    kind: ResourceKind,
    name: Arc<str>,
    /// Its id in the run that used it last; another run gives it another.
    known: Mutex<Option<Known>>,
}

/// A shared thing, or a part of one, which the record shows as the whole.
#[derive(Debug)]
pub(super) enum Shown {
    Itself(Resource),
    Part(Arc<Resource>, WaitOp),
}

impl Shown {
    /// What a task that waits for it waits on; asked inside a run.
    pub(super) fn waiting(&self, op: WaitOp) -> impl FnOnce() -> WaitOn {
        let (resource, op) = match self {
            Self::Itself(resource) => (resource, op),
            Self::Part(whole, op) => (&**whole, *op),
        };
        resource.waiting(op)
    }

    /// Records a change; those of a part are the whole's to tell.
    pub(super) fn changed(&self, at: At, state: ResourceState) {
        if let Self::Itself(resource) = self {
            resource.changed(at, state);
        }
    }

    /// Records what became of it for a task; that of a part is the whole's to tell.
    pub(super) fn hold_changed(&self, task: Option<TaskId>, hold: Hold) {
        if let Self::Itself(resource) = self {
            resource.hold_changed(task, hold);
        }
    }
}

/// The line that changes a shared thing.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// An `.await`, polled from the first place, of a future made at the second.
    Await(Place, Option<Place>),
    /// A call.
    Call(Place),
    /// A destructor, which does not know its line.
    Drop,
}

impl At {
    fn site(self, core: &Core) -> Option<SiteId> {
        match self {
            Self::Await(polled_at, made_at) => Some(core.await_site(polled_at, made_at)),
            Self::Call(place) => Some(core.site(place)),
            Self::Drop => None,
        }
    }
}

/// A shared thing in a run.
#[derive(Debug, Clone, Copy)]
struct Known {
    run: RunId,
    id: ResourceId,
    /// For whom it was announced last, and when.
    announced: (Epoch, Nanos),
}

impl Resource {
    /// Registered at once inside a run, else on first use there.
    pub(super) fn new(kind: ResourceKind, name: Arc<str>) -> Self {
        let resource = Self { kind, name, known: Mutex::new(None) };
        Core::try_with(|core| resource.id(core));
        resource
    }

    pub(super) fn id(&self, core: &Core) -> ResourceId {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = core.epoch();
        let id = match *known {
            Some(known) if known.run == core.run.id => {
                if !epoch.is_on() || known.announced.0 >= epoch {
                    core.not_before(known.announced.1);
                    return known.id;
                }
                known.id
            }
            _ => core.run.ids.resources.issue(),
        };
        core.emit(|| EventKind::ResourceCreated { resource: id, kind: self.kind, name: Arc::clone(&self.name) });
        *known = Some(Known { run: core.run.id, id, announced: (epoch, core.stamp()) });
        id
    }

    /// What a task that waits for it waits on; asked inside a run.
    pub(super) fn waiting(&self, op: WaitOp) -> impl FnOnce() -> WaitOn {
        move || WaitOn::Resource(Core::with(|core| self.id(core)), op)
    }

    /// Records a change.
    pub(super) fn changed(&self, at: At, state: ResourceState) {
        Core::try_with(|core| {
            let resource = self.id(core);
            if core.is_on() {
                let (by, site) = (core.current_task(), at.site(core));
                core.emit(|| EventKind::ResourceChanged { resource, by, state, site });
            }
        });
    }

    /// Records what became of it for a task; nothing where no task runs.
    pub(super) fn hold_changed(&self, task: Option<TaskId>, hold: Hold) {
        let Some(task) = task else { return };
        Core::try_with(|core| {
            let resource = self.id(core);
            core.emit(|| EventKind::HoldChanged { resource, task, hold });
        });
    }
}
