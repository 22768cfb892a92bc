//! Panics of tasks: part of the record, so that nobody has to read them from standard error.

use std::any::Any;
use std::cell::Cell;
use std::sync::Arc;

thread_local! {
    static IN_TASK: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panic message of tasks off standard error, for programs that show the record instead. Panics elsewhere
/// are reported as before.
pub fn quiet_task_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !IN_TASK.get() {
            report(info);
        }
    }));
}

/// Runs a task's code.
pub(super) fn in_task<R>(f: impl FnOnce() -> R) -> R {
    let before = IN_TASK.replace(true);
    let result = f();
    IN_TASK.set(before);
    result
}

/// The text of a panic, as `panic!` was given it.
pub(super) fn message(payload: &(dyn Any + Send)) -> Arc<str> {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).into()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.as_str().into()
    } else {
        "a panic without a message".into()
    }
}
