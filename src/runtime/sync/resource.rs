//! A shared thing's name in the record.

use crate::event::{EventKind, ResourceId, ResourceKind, ResourceState, WaitOn, WaitOp};
use crate::runtime::core::{Core, RunId};
use std::sync::{Arc, Mutex, PoisonError};

/// Registers a shared thing with the run that first uses it, and records its changes.
#[derive(Debug)]
pub(super) struct Resource {
    kind: ResourceKind,
    name: Arc<str>,
    /// Its id in the run that used it last; another run gives it another.
    id: Mutex<Option<(RunId, ResourceId)>>,
}

impl Resource {
    /// Registered at once inside a run, else on first use there.
    pub(super) fn new(kind: ResourceKind, name: Arc<str>) -> Self {
        let resource = Self { kind, name, id: Mutex::new(None) };
        Core::try_with(|core| resource.id(core));
        resource
    }

    pub(super) fn id(&self, core: &Core) -> ResourceId {
        let mut known = self.id.lock().unwrap_or_else(PoisonError::into_inner);
        match *known {
            Some((run, resource)) if run == core.run => resource,
            _ => {
                let resource = core.ids(|recorder| recorder.resources.issue());
                *known = Some((core.run, resource));
                core.emit(|| EventKind::ResourceCreated { resource, kind: self.kind, name: Arc::clone(&self.name) });
                resource
            }
        }
    }

    /// What a task that waits for it waits on; the caller is inside a run.
    pub(super) fn waiting(&self, op: WaitOp) -> impl FnOnce() -> WaitOn {
        let id = Core::with(|core| self.id(core));
        move || WaitOn::Resource(id, op)
    }

    pub(super) fn changed(&self, state: ResourceState) {
        Core::try_with(|core| {
            let resource = self.id(core);
            core.emit(|| EventKind::ResourceChanged { resource, by: core.current_task(), state });
        });
    }
}
