//! Panics of tasks: part of the record, so that nobody has to read them from standard error.

use crate::core::Core;
use std::any::Any;
use std::sync::Arc;

/// Keeps the panic message of tasks off standard error, for programs that show the record instead. Panics elsewhere
/// are reported as before.
pub fn quiet_task_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let is_task = Core::try_with(|core| core.current_task().is_some()).unwrap_or(false);
        if !is_task {
            report(info);
        }
    }));
}

/// What unwinds a task out of [`busy`](crate::busy) when the run is stopped.
pub(crate) struct StopRequest;

/// The text of a panic, as `panic!` was given it.
pub(crate) fn message(payload: &(dyn Any + Send)) -> Arc<str> {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).into()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.as_str().into()
    } else {
        "a panic without a message".into()
    }
}
